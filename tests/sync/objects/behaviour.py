"""What every bucket must do, whoever keeps it."""

from __future__ import annotations

import hashlib
import io
import os
import time
import urllib.error
import urllib.request
from datetime import timedelta
from typing import Any

import pytest

from app.core.errors import RuleViolation, UsageError
from app.imaging.ports import ObjectDamaged
from sync.objects.bucket import CACHE_CONTROL, PIECE, send


def stored(bucket: Any, content: bytes, kind: str = "thumbnail", media_type: str = "image/jpeg") -> tuple[str, str]:
    """Send bytes; gives key and SHA-256."""
    sha256 = hashlib.sha256(content).hexdigest()
    key = f"{kind}/{sha256[:2]}/{sha256}"
    head = send(bucket, key, io.BytesIO(content), len(content), sha256, media_type)
    assert (head.key, head.size_bytes, head.sha256) == (key, len(content), sha256)
    return key, sha256


def keeps_objects(bucket: Any) -> None:
    """Put, read, list, refuse another content under a key, remove."""
    content = os.urandom(5000)
    key, sha256 = stored(bucket, content)
    assert stored(bucket, content) == (key, sha256)
    assert bucket.get(key) == content
    assert bucket.get(key, 10, 5) == content[10:15]
    assert [head.sha256 for head in bucket.list("thumbnail/")] == [sha256]
    with pytest.raises(RuleViolation):
        send(bucket, key, io.BytesIO(b"other"), 5, hashlib.sha256(b"other").hexdigest(), "image/jpeg")
    with pytest.raises(ObjectDamaged):
        bucket.put("full/aa/one", io.BytesIO(b"other"), sha256)
    for bad in ("../up", "a//b", "/a", "a/\x00", "a" * 200):
        with pytest.raises(UsageError):
            bucket.head(bad)
    assert bucket.delete(key)
    assert not bucket.delete(key)
    assert bucket.head(key) is None


def goes_on_where_it_was_cut_off(bucket: Any, again: Any, *, expected: int = PIECE) -> None:
    """A large object in pieces, the first of them sent by a process that is gone."""
    content = os.urandom(2 * PIECE + 12345)
    sha256 = hashlib.sha256(content).hexdigest()
    key = f"original/{sha256[:2]}/{sha256}"
    bucket.begin(key, sha256, "application/dicom")
    assert bucket.received(key) == 0
    assert bucket.append(key, 0, content[:PIECE]) == PIECE
    assert again.received(key) == expected
    sent: list[int] = []
    head = send(again, key, io.BytesIO(content), len(content), sha256, "application/dicom", sent.append)
    assert head.size_bytes == len(content)
    assert sent[0] == expected
    assert sent[-1] == len(content)
    assert again.get(key) == content


def refuses_what_is_not_what_was_sent(bucket: Any) -> None:
    """Pieces that do not make the content of the SHA-256: nothing is left of them."""
    content = os.urandom(PIECE + 10)
    wrong = hashlib.sha256(b"something else").hexdigest()
    key = f"original/{wrong[:2]}/{wrong}"
    bucket.begin(key, wrong, "application/dicom")
    bucket.append(key, 0, content[:PIECE])
    bucket.append(key, PIECE, content[PIECE:])
    with pytest.raises(ObjectDamaged):
        bucket.complete(key, wrong)
    assert bucket.head(key) is None


def gives_links(bucket: Any, *, end: bool) -> None:
    """A link opens the object with its type and the rules for caches; where the service looks, it ends."""
    content = os.urandom(300)
    key, _sha = stored(bucket, content)
    link = bucket.link(key, timedelta(seconds=5 if end else 60))
    with urllib.request.urlopen(link) as answer:
        assert answer.read() == content
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Cache-Control"] == CACHE_CONTROL
    if end:
        time.sleep(6)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(link)
        assert refused.value.code == 403
