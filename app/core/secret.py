"""A value that is never stored, logged, shown or synced."""

from __future__ import annotations

from typing import Final

MASK: Final = "***"


class Secret:
    """Wraps a password, PIN or key. Only `reveal()` gives it back; text, repr and pickling give the mask."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for hashing or sending only."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self._value)

    def __reduce__(self) -> tuple[type[Secret], tuple[str]]:
        return Secret, (MASK,)
