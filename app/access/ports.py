"""What another machine does for this slice."""

from __future__ import annotations

from typing import Protocol

from app.core.secret import Secret


class PasswordCheck(Protocol):
    """The practice’s server, which knows passwords that were set on another workstation."""

    def confirms(self, username: str, password: Secret) -> bool:
        """Whether this is the person’s present password; raises `Unreachable` when the server does not answer."""
        ...
