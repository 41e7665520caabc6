"""Judging a password that another workstation has set, and taking in the hashes that the judging needs."""

from __future__ import annotations

import asyncio
from typing import Final

from app.access.sign_in import TooManyTries
from sync.protocol.passwords import Claim, Judged, Verifiers
from sync.server.http.endpoint import Call, Endpoint
from sync.server.http.refusals import Refused, busy

BASE: Final = "/v1/practices/{practice}/passwords"
LONGEST: Final = 256
MOST: Final = 500


async def judge(call: Call) -> Judged:
    """Whether this is the person's present password; wrong tries are slowed down for each person, not each device."""
    claim = call.read(Claim)
    if len(claim.username) > LONGEST or len(claim.password) > LONGEST:
        raise Refused(422, "not_understood")
    try:
        return Judged(await asyncio.to_thread(call.practice.passwords.judge, claim))
    except TooManyTries as error:
        raise busy(max(1, round(error.wait.total_seconds()))) from error


async def known(call: Call) -> Verifiers:
    """Whose passwords can be judged here, and since when they are so."""
    return Verifiers(await asyncio.to_thread(call.practice.passwords.known))


async def take(call: Call) -> Verifiers:
    """Take hashes in that belong to a change of password of which the journal knows."""
    given = call.read(Verifiers)
    if len(given.verifiers) > MOST:
        raise Refused(422, "not_understood")
    return Verifiers(await asyncio.to_thread(call.practice.passwords.take, given.verifiers))


ROUTES: Final = (
    Endpoint("POST", f"{BASE}/judgement", judge, "Judge a password", Claim, Judged, limit=4096),
    Endpoint("GET", BASE, known, "Whose passwords can be judged", gives=Verifiers),
    Endpoint("PUT", BASE, take, "Hand hashes on", Verifiers, Verifiers, limit=1 << 19),
)
