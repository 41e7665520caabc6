"""The passwords of the practice at its server, so that each opens every workstation: hashes that workstations hand on.

A hash is taken only for the moment that an accepted operation (`set_password`) has noted for the person: a device alone
changes nobody's password.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from argon2 import extract_parameters
from argon2.exceptions import InvalidHashError

from app.access.sign_in import Gatekeeper
from app.core.secret import Secret
from app.journal.changes import ChangeSet
from app.journal.queries import SYSTEM
from app.journal.runner import Runner, Step
from sync.protocol.packing import run_of
from sync.protocol.passwords import Claim, Verifier

LONGEST_PHC: Final = 512
_TAKE: Final = (
    "INSERT INTO credential(id, password_hash, password_set_at, must_change, pin_failures)"
    " SELECT id, ?, ?, ?, 0 FROM staff WHERE id = ? AND credential_changed_at = ?"
    " ON CONFLICT(id) DO UPDATE SET password_hash = excluded.password_hash, must_change = excluded.must_change,"
    " password_set_at = excluded.password_set_at"
    " WHERE credential.password_set_at IS NULL OR credential.password_set_at < excluded.password_set_at"
)


class Passwords:
    """The judge of one practice. Any thread may call; a judgement costs 0.1 s of one processor."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._gate = Gatekeeper(runner)

    def judge(self, claim: Claim) -> bool:
        """Whether it is the person's present password. Raises `TooManyTries`, for strangers too."""
        return self._gate.confirms(claim.username, Secret(claim.password))

    def known(self) -> tuple[Verifier, ...]:
        """Which ones are here, without their hashes."""
        with self._runner.read(SYSTEM) as read:
            rows = run_of(read).execute(
                "SELECT id, coalesce(password_set_at, 0) FROM credential WHERE password_hash IS NOT NULL"
            )
            return tuple(Verifier(staff, set_at) for staff, set_at in rows)

    def take(self, given: Sequence[Verifier]) -> tuple[Verifier, ...]:
        """Take in those that the journal speaks of; returns which ones are here then."""
        good = [one for one in given if _is_hash(one.phc)]

        def work(step: Step) -> ChangeSet:
            for one in good:
                step.raw.execute(_TAKE, (one.phc, one.set_at, int(one.must_change), one.staff_id, one.set_at))
            step.wrote = True
            return ChangeSet()

        self._runner.transact(work)
        return self.known()


def _is_hash(text: str) -> bool:
    if len(text) > LONGEST_PHC:
        return False
    try:
        extract_parameters(text)
    except InvalidHashError:
        return False
    return True
