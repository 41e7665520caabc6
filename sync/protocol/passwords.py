"""Passwords between machines: asked as they were typed, inside TLS; handed on as Argon2 hashes, never as operations."""

from __future__ import annotations

import msgspec


class Claim(msgspec.Struct, frozen=True):
    """Is this the person's present password?"""

    username: str
    password: str


class Judged(msgspec.Struct, frozen=True):
    """The answer."""

    confirmed: bool


class Verifier(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the server needs to judge a person's password: the PHC text of its Argon2 hash.

    `set_at` are the milliseconds of the moment when it was set, as the journal says in `staff.credential_changed_at`:
    the server takes no other.
    """

    staff_id: str
    set_at: int
    phc: str = ""
    must_change: bool = False


class Verifiers(msgspec.Struct, frozen=True):
    """Several. Without their hashes: which ones the server has."""

    verifiers: tuple[Verifier, ...]
