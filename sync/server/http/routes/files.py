"""Sealed files and small copies: which are held, their pieces on the way in, their ranges on the way out."""

from __future__ import annotations

import asyncio
import re
from typing import Final

import msgspec
from starlette.responses import Response

from app.core.errors import ClinicError, IntegrityFailure, NotFound, RuleViolation
from app.imaging.found import MadeRendition
from app.imaging.renditions import keep_renditions, kept_rendition
from app.imaging.vocabulary import InstanceId, RenditionKind
from app.journal.queries import SYSTEM
from sync.protocol.files import MOST_NAMES, PIECE, RENDITION, Asked, FileStanding, SmallCopyHead, Standings
from sync.server.files import Unwanted
from sync.server.http.endpoint import Call, Endpoint
from sync.server.http.ranges import asked_range
from sync.server.http.refusals import Refused
from sync.server.practices import Practice

BASE: Final = "/v1/practices/{practice}/files"
SMALL: Final = "/v1/practices/{practice}/images/{image}/{kind}"
LARGEST_SMALL: Final = 4 << 20
BYTES: Final = "application/octet-stream"
_NAME: Final = re.compile(r"[0-9a-f]{64}")


async def standings(call: Call) -> Standings:
    """Which of these files are held, and how much of the others has arrived."""
    asked = call.read(Asked)
    if len(asked.names) > MOST_NAMES or not all(_NAME.fullmatch(name) for name in asked.names):
        raise Refused(422, "not_understood")
    return Standings(await asyncio.to_thread(call.practice.files.standings, asked.names))


async def take(call: Call) -> FileStanding:
    """The next piece of a file."""
    name, offset, size = _name(call), _number(call, "offset"), _number(call, "size")
    try:
        return await asyncio.to_thread(call.practice.files.take, name, offset, size, call.body)
    except Unwanted as error:
        raise Refused(409, "no_row") from error
    except IntegrityFailure as error:
        raise Refused(422, "other_bytes") from error
    except RuleViolation as error:
        raise Refused(422, "no_piece") from error


async def give(call: Call) -> Response:
    """A range of a file (RFC 9110 §14). One that is still on its way: 404, with what has arrived of it."""
    name, files = _name(call), call.practice.files
    known = (await asyncio.to_thread(files.standings, [name]))[0]
    if not known.is_held and not await asyncio.to_thread(files.hold_if_shared, name):
        return Response(msgspec.json.encode(known), 404, media_type="application/json")
    try:
        size = (await asyncio.to_thread(files.read, name, 0, 0))[1]
        if size == 0:
            return Response(b"", 206, {"Content-Range": "bytes */0"}, BYTES)
        start, length = asked_range(call.request, size, PIECE)
        piece, size = await asyncio.to_thread(files.read, name, start, length)
    except NotFound as error:
        raise Refused(404, "no_such_file") from error
    headers = {"Content-Range": f"bytes {start}-{start + len(piece) - 1}/{size}", "Accept-Ranges": "bytes"}
    return Response(piece, 206, headers, BYTES)


async def take_small(call: Call) -> Response:
    """A small copy that a workstation has made: it is here before the image itself."""
    image, kind = _image(call)
    head = _head(call)
    if not 0 < len(call.body) <= LARGEST_SMALL or head.kind != kind:
        raise Refused(422, "not_understood")
    try:
        await asyncio.to_thread(_keep_small, call.practice, image, head, call.body)
    except NotFound as error:
        raise Refused(409, "no_row") from error
    except ClinicError as error:
        raise Refused(422, "not_understood") from error
    return Response(status_code=204)


async def give_small(call: Call) -> Response:
    """A small copy of an image, made here when the image is."""
    image, kind = _image(call)
    practice = call.practice
    try:
        made = await asyncio.to_thread(kept_rendition, practice.workplace.runner, image, kind)
        if made is None:
            raise Refused(404, "no_such_copy")
        content = await asyncio.to_thread(practice.workplace.files.read, made.sha256)
    except NotFound as error:
        raise Refused(404, "no_such_copy") from error
    head = SmallCopyHead(
        made.kind.value, made.quarter_turns, made.mirrored, made.media_type, made.width, made.height
    )  # fmt: skip
    return Response(content, 200, {RENDITION: msgspec.json.encode(head).decode()}, made.media_type)


def _keep_small(practice: Practice, image: InstanceId, head: SmallCopyHead, content: bytes) -> None:
    runner = practice.workplace.runner
    made = MadeRendition(
        RenditionKind(head.kind), runner.files.put(content), head.quarter_turns, head.mirrored, head.media_type,
        head.width, head.height, len(content),
    )  # fmt: skip
    runner.run(SYSTEM, keep_renditions, image, [made])


def _name(call: Call) -> str:
    name = str(call.request.path_params["name"])
    if not _NAME.fullmatch(name):
        raise Refused(404, "no_such_file")
    return name


def _image(call: Call) -> tuple[InstanceId, RenditionKind]:
    try:
        kind = RenditionKind(call.request.path_params["kind"])
    except ValueError as error:
        raise Refused(404, "no_such_copy") from error
    return InstanceId(call.request.path_params["image"]), kind


def _head(call: Call) -> SmallCopyHead:
    try:
        return msgspec.json.decode(call.request.headers.get(RENDITION, ""), type=SmallCopyHead)
    except msgspec.DecodeError as error:
        raise Refused(422, "not_understood") from error


def _number(call: Call, name: str) -> int:
    text = call.request.query_params.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Refused(422, "not_understood")
    return int(text)


ROUTES: Final = (
    Endpoint("POST", BASE, standings, "Which files are held", Asked, Standings),
    Endpoint(
        "PUT", f"{BASE}/{{name}}", take, "Send the next piece of a file", gives=FileStanding, limit=PIECE + 4096,
        queries=(("offset", "where the piece begins, bytes"), ("size", "the length of the whole file, bytes")),
    ),
    Endpoint("GET", f"{BASE}/{{name}}", give, "A range of a file", media=BYTES, status=206),
    Endpoint("PUT", SMALL, take_small, "Send a small copy of an image", limit=LARGEST_SMALL, media=BYTES, status=204),
    Endpoint("GET", SMALL, give_small, "A small copy of an image", media=BYTES),
)  # fmt: skip
