"""Who sent this: the signature of a device that the practice has let in, not too old, not seen before.

The practice stands in the path. A stranger and a practice that is not here get the same answer.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from starlette.requests import Request

from sync.protocol.signing import DATE, DEVICE, NONCE, SIGNATURE, WINDOW_MILLIS, signed_text
from sync.server.devices import DeviceStanding
from sync.server.http.refusals import Refused, unauthenticated
from sync.server.practices import PracticeStores

LONGEST_NONCE: Final = 64
_BEARER: Final = "bearer "


class Replays:
    """The nonces of the last minutes, by the minute of their date: a minute that has passed out of the window goes."""

    def __init__(self) -> None:
        self._minutes: dict[int, set[bytes]] = {}

    def is_new(self, device: str, nonce: str, millis: int, now: int) -> bool:
        """Remember a nonce; False when it was here before. `millis` is the date that was signed with it."""
        for minute in [it for it in self._minutes if it * 60_000 + 60_000 + WINDOW_MILLIS < now]:
            del self._minutes[minute]
        seen = self._minutes.setdefault(millis // 60_000, set())
        mark = f"{device} {nonce}".encode()
        if mark in seen:
            return False
        seen.add(mark)
        return True


def device_of(
    practices: PracticeStores,
    replays: Replays,
    request: Request,
    body: bytes,
    now: int | None = None,
    *,
    for_revoked: bool = False,
) -> DeviceStanding:
    """The device whose signature the request carries, over the body as it was sent.

    `Refused` 401: a stranger, a signature that does not fit, a date outside the window (`clock`), a nonce that was
    here before (`replayed`); 403: a device that was shut out (`revoked`), unless the route is for it too.
    """
    now = round(time.time() * 1000) if now is None else now
    given = [request.headers.get(name, "") for name in (DEVICE, DATE, NONCE, SIGNATURE)]
    device, date, nonce, signature = given
    if not all(given) or len(nonce) > LONGEST_NONCE or not (date.isascii() and date.isdigit() and len(date) < 20):
        raise unauthenticated()
    practice = practices.find(request.path_params.get("practice", ""))
    known = practice.devices.standing(device) if practice is not None else None
    if known is None or not known.public_key:
        raise unauthenticated()
    text = signed_text(request.method, target_of(request), date, nonce, body)
    if not _is_signed(known.public_key, signature, text):
        raise unauthenticated()
    if abs(int(date) - now) > WINDOW_MILLIS:
        raise unauthenticated("clock")
    if not replays.is_new(device, nonce, int(date), now):
        raise unauthenticated("replayed")
    if known.is_revoked and not for_revoked:
        raise Refused(403, "revoked")
    return known


def target_of(request: Request) -> str:
    """The path as it was sent, with its query."""
    path = request.scope.get("raw_path") or request.scope["path"].encode()
    query = request.scope.get("query_string", b"")
    return str((path.split(b"?")[0] + (b"?" + query if query else b"")).decode("latin-1"))


def is_operator(request: Request, token: str) -> bool:
    """Whether the request carries the token of whoever watches the server."""
    given = request.headers.get("authorization", "")
    if not token or not given.lower().startswith(_BEARER):
        return False
    return hmac.compare_digest(given[len(_BEARER) :].strip().encode(), token.encode())


def _is_signed(public_key: str, signature: str, text: bytes) -> bool:
    try:
        _key(public_key).verify(base64.b64decode(signature, validate=True), text)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


@lru_cache(maxsize=512)
def _key(text: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(text))
