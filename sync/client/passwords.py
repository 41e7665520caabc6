"""A workstation's side of passwords: the server judges those set elsewhere, and gets those that were set here.

What a person's password is judged by stays on each workstation where they have signed in, so that they can do so with
the cable pulled; it counts for some days after the last contact with the server.
"""

from __future__ import annotations

import contextlib
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.core.errors import RuleViolation, Unreachable
from app.core.i18n import N_
from app.core.secret import Secret
from app.journal.queries import SYSTEM
from app.journal.runner import Runner
from sync.client.channel import Channel, ServerClock, Unanswered
from sync.client.connection import Connection, read_connection
from sync.protocol.packing import run_of
from sync.protocol.passwords import Claim, Judged, Verifier, Verifiers
from sync.protocol.signing import Signer

STALL_SECONDS: Final = 8.0
"""How long somebody who signs in waits for a server that says nothing."""
_MINE: Final = (
    "SELECT c.id, c.password_set_at, c.password_hash, c.must_change FROM credential c JOIN staff s ON s.id = c.id"
    " WHERE c.password_hash IS NOT NULL AND c.password_set_at = s.credential_changed_at"
)


class ServerPasswords:
    """A `PasswordCheck`: asks the practice's server. Any thread may call."""

    def __init__(self, runner: Runner, connection: Connection, key: Ed25519PrivateKey) -> None:
        self._runner, self._connection = runner, connection
        self._written = read_connection(runner.place.folder)
        self._signer, self._clock = Signer(connection.device, key), ServerClock()
        self._base = f"/v1/practices/{connection.practice}/passwords"

    def confirms(self, username: str, password: Secret) -> bool:
        """See `app.access.ports.PasswordCheck.confirms`."""
        body = msgspec.json.encode(Claim(username, password.reveal()))
        now = read_connection(self._runner.place.folder)
        if now is not None and now != self._written:  # the server was found elsewhere meanwhile
            self._written, self._connection = now, msgspec.structs.replace(self._connection, url=now.url)
        channel = Channel(self._connection, self._signer, self._clock)
        with contextlib.closing(channel):
            try:
                plain = {"Content-Encoding": "identity"}
                answer = channel.ask("POST", f"{self._base}/judgement", body, plain, STALL_SECONDS)
            except Unanswered as error:
                raise Unreachable(N_("Only the server knows this password, and it does not answer.")) from error
        if answer.status == 429:
            wait = answer.headers.get("retry-after", "60")
            raise RuleViolation(N_("Too many tries. Try again in {seconds} s."), field="password", seconds=int(wait))
        try:
            return msgspec.json.decode(answer.body, type=Judged).confirmed
        except msgspec.DecodeError as error:
            raise Unreachable(N_("Only the server knows this password, and it does not answer.")) from error

    def hand_on(self, channel: Channel) -> bool:
        """Give the server the hashes of passwords that were set here; whether it has all of them then.

        One whose change has not reached the server yet is not taken: it is handed on again. Raises `Unanswered`.
        """
        with self._runner.read(SYSTEM) as read:
            mine = [
                Verifier(staff, set_at, phc, bool(must_change))
                for staff, set_at, phc, must_change in run_of(read).execute(_MINE)
            ]
        there = _decoded(channel.ask("GET", self._base).body)
        missing = tuple(one for one in mine if there.get(one.staff_id, -1) < one.set_at)
        if not missing:
            return True
        answer = channel.ask("PUT", self._base, msgspec.json.encode(Verifiers(missing)))
        there = _decoded(answer.body)
        return all(there.get(one.staff_id, -1) >= one.set_at for one in missing)


def _decoded(body: bytes) -> dict[str, int]:
    try:
        return {one.staff_id: one.set_at for one in msgspec.json.decode(body, type=Verifiers).verifiers}
    except msgspec.DecodeError as error:
        raise Unanswered("refused") from error
