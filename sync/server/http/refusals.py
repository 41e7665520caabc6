"""What the door answers when it does not open: a status, a code for programs, never a word about patients."""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """A request is not served. `code` goes into the answer, with `headers`."""

    def __init__(self, status: int, code: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.headers = status, code, dict(headers or {})


def unauthenticated(code: str = "credentials") -> Refused:
    """401: nobody that we know has signed this."""
    return Refused(401, code, {"WWW-Authenticate": "Archwire"})


def busy(seconds: int = 1) -> Refused:
    """429: come back later."""
    return Refused(429, "busy", {"Retry-After": str(seconds)})
