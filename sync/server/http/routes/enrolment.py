"""Joining: a one-time code lets a device in; then it fetches the copy that was sealed for it, in ranges."""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec
from starlette.responses import Response

from app.core.errors import NotFound, RuleViolation
from sync.protocol.enrolment import ENROLMENT, Copy, Enrol, Enrolled
from sync.server.enrolment import CodeRefused, DeviceKnown, let_in_by_code
from sync.server.http.endpoint import Access, Call, Endpoint
from sync.server.http.limits import Buckets
from sync.server.http.ranges import asked_range
from sync.server.http.refusals import Refused, busy, unauthenticated

BASE: Final = "/v1/practices/{practice}/copies"
TRIES_A_SECOND: Final = 1 / 12
TRIES_AT_ONCE: Final = 5
LONGEST_RANGE: Final = 8 << 20
_tries = Buckets(TRIES_A_SECOND, TRIES_AT_ONCE)
"""Wrong codes of one address: five, then one each twelve seconds."""


async def enrol(call: Call) -> Enrolled:
    """Let a device in by its code. Wrong, used and expired codes are refused alike, and may not be tried for long."""
    address = call.request.client.host if call.request.client else ""
    if _tries.is_empty(address):
        raise busy(12)
    try:
        asked = msgspec.json.decode(call.body, type=Enrol)
    except msgspec.DecodeError as error:
        raise unauthenticated() from error
    for practice in call.server.practices:
        try:
            name, _changes = await asyncio.to_thread(let_in_by_code, practice.workplace.runner, asked)
        except CodeRefused:
            continue
        except DeviceKnown as error:
            raise Refused(409, "known_device") from error
        except RuleViolation as error:
            raise Refused(422, "not_understood") from error
        practice.devices.forget()
        return Enrolled(practice.id, practice.workplace.kind, name)
    _tries.take(address)
    raise Refused(403, "code")


async def begin(call: Call) -> Copy:
    """Have a copy made for this device, or hear of the one that is being made."""
    practice, device = call.practice, call.device
    try:
        return await asyncio.to_thread(practice.copies.begin, device.id, device.opening_key)
    except RuleViolation as error:
        raise Refused(409, "no_opening_key") from error


async def status(call: Call) -> Copy:
    """How far the copy has come."""
    try:
        return call.practice.copies.status(call.device.id, call.request.path_params["copy"])
    except NotFound as error:
        raise Refused(404, "no_such_copy") from error


async def content(call: Call) -> Response:
    """A range of the sealed bytes (RFC 9110 §14); what is not made yet is not there yet."""
    copies, copy = call.practice.copies, call.request.path_params["copy"]
    try:
        known = copies.status(call.device.id, copy)
        start, length = asked_range(call.request, known.size, LONGEST_RANGE)
        piece = await asyncio.to_thread(copies.read, call.device.id, copy, start, length)
    except NotFound as error:
        raise Refused(404, "no_such_copy") from error
    total = str(known.size) if known.is_whole else "*"
    headers = {"Content-Range": f"bytes {start}-{start + len(piece) - 1}/{total}", "Accept-Ranges": "bytes"}
    return Response(piece, 206, headers, "application/octet-stream")


async def drop(call: Call) -> Response:
    """The device has it: remove the copy."""
    try:
        await asyncio.to_thread(call.practice.copies.drop, call.device.id, call.request.path_params["copy"])
    except NotFound as error:
        raise Refused(404, "no_such_copy") from error
    return Response(status_code=204)


ROUTES: Final = (
    Endpoint("POST", ENROLMENT, enrol, "Join by a one-time code", Enrol, Enrolled, access=Access.OWN, limit=8192),
    Endpoint("POST", BASE, begin, "Have a copy of the practice made", gives=Copy),
    Endpoint("GET", f"{BASE}/{{copy}}", status, "How far the copy has come", gives=Copy),
    Endpoint(
        "GET", f"{BASE}/{{copy}}/content", content, "A range of the copy’s sealed bytes",
        media="application/octet-stream", status=206,
    ),
    Endpoint("DELETE", f"{BASE}/{{copy}}", drop, "Remove the copy", media="application/octet-stream", status=204),
)  # fmt: skip
