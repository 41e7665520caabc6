"""Bodies in and out: read no more than a route allows, unpack no more than memory allows, pack what is worth it."""

from __future__ import annotations

import zlib
from functools import cache
from typing import Final

import zstandard
from starlette.requests import Request

from sync.server.http.refusals import Refused

WORTH_PACKING: Final = 1024
_PIECE: Final = 1 << 16


async def received(request: Request, limit: int) -> bytes:
    """The body as it was sent; `Refused` 413 as soon as it is longer than `limit` bytes."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise Refused(413, "too_large", {"Connection": "close"})
    pieces: list[bytes] = []
    length = 0
    async for piece in request.stream():
        length += len(piece)
        if length > limit:
            raise Refused(413, "too_large", {"Connection": "close"})
        pieces.append(piece)
    return b"".join(pieces)


def unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    """The body without its content encoding (RFC 9110 §8.4); 413 beyond `limit` bytes, 400 when it is damaged."""
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return _checked(body, limit)
    try:
        if name == "zstd":
            return _unpacked_zstd(body, limit)
        if name in {"gzip", "deflate"}:
            return _unpacked_zlib(body, limit)
    except (zlib.error, zstandard.ZstdError) as error:
        raise Refused(400, "damaged_body") from error
    raise Refused(415, "unknown_encoding", {"Accept-Encoding": "zstd, gzip"})


def _unpacked_zlib(body: bytes, limit: int) -> bytes:
    stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    text = stream.decompress(body, limit + 1)
    if len(text) <= limit and not stream.eof:
        raise Refused(400, "damaged_body")
    return _checked(text, limit)


def _unpacked_zstd(body: bytes, limit: int) -> bytes:
    pieces: list[bytes] = []
    length = 0
    with _decompressor().stream_reader(body) as reader:
        while piece := reader.read(_PIECE):
            length += len(piece)
            if length > limit:
                raise Refused(413, "too_large")
            pieces.append(piece)
    return b"".join(pieces)


def _checked(text: bytes, limit: int) -> bytes:
    if len(text) > limit:
        raise Refused(413, "too_large")
    return text


@cache
def _compressor() -> zstandard.ZstdCompressor:
    """One for the event loop's thread, which alone packs and unpacks: to make one costs more than to use it."""
    return zstandard.ZstdCompressor(level=3)


@cache
def _decompressor() -> zstandard.ZstdDecompressor:
    return zstandard.ZstdDecompressor(max_window_size=1 << 24)


def packed(body: bytes, accepted: str) -> tuple[bytes, str]:
    """The body in an encoding that the other side takes, and its name; empty when it travels as it is."""
    if len(body) < WORTH_PACKING:
        return body, ""
    offered = {name.split(";")[0].strip().lower() for name in accepted.split(",")}
    if "zstd" in offered:
        return _compressor().compress(body), "zstd"
    if "gzip" in offered:
        stream = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS | 16)
        return stream.compress(body) + stream.flush(), "gzip"
    return body, ""
