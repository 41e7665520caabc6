"""The range of a file that a request asks for (RFC 9110 §14.1.2), one range of bytes with its begin."""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request

from sync.server.http.refusals import Refused

_RANGE: Final = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")


def asked_range(request: Request, size: int, longest: int) -> tuple[int, int]:
    """(start, length), at most `longest` bytes; `Refused` 416 for what begins at or after the end.

    Without a range, it is the beginning: an answer is never longer than `longest`.
    """
    given = request.headers.get("range", "bytes=0-").strip()
    found = _RANGE.fullmatch(given)
    if found is None:
        raise Refused(416, "range", {"Content-Range": f"bytes */{size}"})
    start = int(found[1])
    end = min(int(found[2]) if found[2] else size - 1, size - 1)
    if start >= size or end < start:
        raise Refused(416, "range", {"Content-Range": f"bytes */{size}"})
    return start, min(end - start + 1, longest)
