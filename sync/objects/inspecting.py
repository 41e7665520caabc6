"""Trying a bucket out, step by step, in words that a manager understands."""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Callable, Iterator
from typing import Final

from app.core.errors import ClinicError
from app.core.i18n import N_
from app.imaging.ports import ObjectDamaged
from app.storage.queries import Finding, TargetLine
from app.storage.vocabulary import Place
from sync.objects.bucket import Bucket, Standing

_SIZE: Final = 4096


def inspect(bucket: Bucket, target: TargetLine) -> Iterator[Finding]:
    """Try a bucket out: reach, write, read back, remove; then region, encryption, closed to the public, lifecycle.

    Ends at the first of the four that fails. Each finding is given as soon as it is known.
    """
    key = f"{target.prefix}test/{secrets.token_hex(8)}"
    content = secrets.token_bytes(_SIZE)
    standing: list[Standing] = []
    for step, action, words in (
        (
            N_("Reach the bucket"),
            lambda: standing.append(bucket.standing()),
            N_("It answers and knows the credentials."),
        ),
        (N_("Write an object"), lambda: _write(bucket, key, content), N_("A test object was written and verified.")),
        (N_("Read it back"), lambda: _read(bucket, key, content), N_("Every byte came back.")),
        (N_("Remove it"), lambda: bucket.delete(key), N_("The test object is gone.")),
    ):
        failure = _tried(action)
        if failure is not None:
            yield Finding(step, False, failure.message_id, {name: str(value) for name, value in failure.values.items()})
            return
        yield Finding(step, True, words, {})
    yield from _told(standing[0], target)


def _tried(action: Callable[[], object]) -> ClinicError | None:
    try:
        action()
    except ClinicError as error:
        return error
    return None


def _write(bucket: Bucket, key: str, content: bytes) -> None:
    bucket.put(key, io.BytesIO(content), hashlib.sha256(content).hexdigest())


def _read(bucket: Bucket, key: str, content: bytes) -> None:
    if bucket.get(key) != content:
        raise ObjectDamaged()


def _told(standing: Standing, target: TargetLine) -> Iterator[Finding]:
    region, values = N_("Region"), {"region": standing.region or target.region}
    if standing.region is not None and standing.region != target.region:
        yield Finding(region, False, N_("The bucket is in {region}, not in the region that was entered."), values)
    elif standing.region is None:
        yield Finding(region, target.place is not Place.ELSEWHERE, N_("The service does not tell its region."), values)
    else:
        yield Finding(region, True, N_("The bucket is in {region}."), values)
    encryption = N_("Encryption at rest")
    if standing.encryption:
        found = {"algorithm": standing.encryption}
        yield Finding(encryption, True, N_("Everything is encrypted on the disks of the service ({algorithm})."), found)
    else:
        yield Finding(encryption, False, N_("The bucket does not say that it encrypts. Turn its encryption on."), {})
    closed = N_("Closed to the public")
    if standing.is_private is False:
        yield Finding(closed, False, N_("The bucket can be opened to the public. Block public access."), {})
    elif standing.is_private is None:
        yield Finding(closed, False, N_("The bucket does not say that public access is blocked. Block it."), {})
    else:
        yield Finding(closed, True, N_("Nobody reads it without credentials or a link."), {})
    stale = standing.drops_stale_pieces_after
    step = N_("Unfinished uploads")
    if stale is None:
        yield Finding(step, False, N_("The bucket keeps them for ever. Write the lifecycle rules."), {})
    else:
        yield Finding(step, True, N_("The bucket drops them after {days} days."), {"days": str(stale)})
