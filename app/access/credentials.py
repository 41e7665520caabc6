"""Argon2 hashes of passwords and PINs. A hash costs about 110 ms: never on the writer thread nor the Qt thread.

`prepared` hashes ahead of a command; a command that is given a plain secret (the command line, a process of its own)
hashes it itself.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final, Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.access.passwords import normal
from app.core.secret import MASK, Secret

FREE_FAILURES: Final = 3
FIRST_WAIT: Final = timedelta(seconds=5)
DECOY: Final = "$argon2id$v=19$m=65536,t=3,p=4$5ZQQRdUHSWhvZo7Y3dq3Ag$TV6zYqeW3I7LZPFULmNvOkUga19UvEP9IFDv3toWNJo"
"""A hash, with the default parameters, of 32 random bytes that nobody kept."""
LONGEST_WAIT: Final = timedelta(minutes=5)
FORGOTTEN_AFTER: Final = timedelta(hours=24)


class Hasher(Protocol):
    """How secrets are hashed; tests give a cheaper one."""

    @property
    def decoy(self) -> str:
        """A hash of nothing known, verified for an unknown name so that both answers take the same time."""
        ...

    def hash(self, secret: str) -> str:
        """The PHC text of a secret."""
        ...

    def verify(self, phc: str, secret: str) -> bool:
        """Whether the secret gives this hash."""
        ...

    def needs_rehash(self, phc: str) -> bool:
        """Whether the hash was made with other parameters than today’s."""
        ...


class Argon2Hasher:
    """Argon2id with the defaults of argon2-cffi (RFC 9106 §4, second recommended option: 64 MiB, t=3, p=4)."""

    def __init__(self, argon2: PasswordHasher | None = None) -> None:
        self._argon2 = argon2 or PasswordHasher()
        self.decoy = DECOY if argon2 is None else argon2.hash(secrets.token_hex(32))

    def hash(self, secret: str) -> str:
        """The PHC text of a secret, with a fresh salt."""
        return self._argon2.hash(normal(secret))

    def verify(self, phc: str, secret: str) -> bool:
        """Whether the secret gives this hash; a text that is no Argon2 hash verifies nothing."""
        try:
            return self._argon2.verify(phc, normal(secret))
        except (VerificationError, InvalidHashError):
            return False

    def needs_rehash(self, phc: str) -> bool:
        """Whether the parameters have changed since this hash."""
        return self._argon2.check_needs_rehash(phc)


_hasher: Hasher = Argon2Hasher()


def hasher() -> Hasher:
    """The hasher in force."""
    return _hasher


def use_hasher(replacement: Hasher | None = None) -> None:
    """Replace the hasher (tests, a demo folder); no argument restores Argon2 with its defaults."""
    global _hasher
    _hasher = replacement or Argon2Hasher()


class HashedSecret(Secret):
    """A secret with its hash, computed ahead of the command that keeps it."""

    __slots__ = ("phc",)

    def __init__(self, value: str, phc: str) -> None:
        super().__init__(value)
        self.phc = phc

    def __reduce__(self) -> tuple[type[Secret], tuple[str]]:
        return Secret, (MASK,)


def prepared(secret: Secret) -> HashedSecret:
    """The secret with its hash; call it in a worker thread before `runner.submit(set_password, …)`."""
    return HashedSecret(secret.reveal(), _hasher.hash(secret.reveal()))


def hash_of(secret: Secret) -> str:
    """The hash computed ahead, or computed now."""
    return secret.phc if isinstance(secret, HashedSecret) else _hasher.hash(secret.reveal())


def wait_after(failures: int) -> timedelta:
    """How long the next try must wait: nothing for three failures, then 5 s doubling to 5 min."""
    if failures < FREE_FAILURES:
        return timedelta()
    doublings = min(failures - FREE_FAILURES, 10)  # 5 s doubled ten times is already past the longest wait
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
