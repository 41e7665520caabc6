"""Sending what waits: planned by queries, done by a few threads, noted by commands.

Nothing of it is kept in memory: after a restart the same objects wait, and a large one goes on with the pieces that the
service has. A trouble of the bucket itself (no network, credentials that have expired) ends the run; nothing is tried
object after object.
"""

from __future__ import annotations

import hashlib
import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import BinaryIO, Final

from app.core.errors import IntegrityFailure, NotFound, RuleViolation
from app.core.i18n import N_
from app.core.sealed import SealedStore
from app.imaging.ports import ObjectDamaged
from app.journal.queries import SYSTEM
from app.journal.runner import Runner
from app.storage.packing import CODEC, MEDIA_TYPE, packed, unpacked
from app.storage.queries import TargetLine, ToSend, due_transfers, storage_targets
from app.storage.settings import PACK_AFTER_DAYS
from app.storage.uploading import (
    AT_ONCE,
    Outcome,
    Packable,
    Wanted,
    leaving_objects,
    note_transfers,
    note_unpackable,
    packable_originals,
    plan_transfers,
    wanted_objects,
)
from app.storage.vocabulary import PASSING, ObjectKind, ObjectState, StoredObjectId, Trouble
from sync.objects.bucket import Bucket, send
from sync.objects.troubles import StorageTrouble

AT_A_TIME: Final = 4
"""Objects under way at once: small copies wait for the network, not for the line."""
BATCH: Final = 16
"""Objects after which it is asked anew what goes next: a new thumbnail passes the originals that wait."""


@dataclass(slots=True)
class Sent:
    """What a run did. `trouble` is why it ended early."""

    stored: int = 0
    stored_bytes: int = 0
    removed: int = 0
    failed: int = 0
    trouble: Trouble | None = None


def targets_in_use(runner: Runner) -> tuple[TargetLine, ...]:
    """The buckets to which images go."""
    return tuple(target for target in runner.ask(SYSTEM, storage_targets) if target.in_use)


def plan(runner: Runner, target: TargetLine) -> int:
    """Queue everything that is not in the bucket yet; returns how many objects were queued."""
    planned = 0
    while True:
        with runner.read(SYSTEM) as read:
            wanted = wanted_objects(read, target.id)
            leaving = leaving_objects(read, target.id)[: AT_ONCE - min(len(wanted), AT_ONCE // 2)]
        wanted = wanted[: AT_ONCE - len(leaving)]
        touched = runner.run(SYSTEM, plan_transfers, target.id, wanted, leaving) if wanted or leaving else 0
        planned += touched
        if not touched:
            return planned


def send_waiting(runner: Runner, bucket: Bucket, target: TargetLine, seconds: float) -> Sent:
    """Send what is due, the small copies first, for so long; what is under way then is finished."""
    sent, end = Sent(), time.monotonic() + seconds
    with ThreadPoolExecutor(AT_A_TIME, "bucket") as pool:
        while sent.trouble is None and time.monotonic() < end:
            with runner.read(SYSTEM) as read:
                batch = due_transfers(read, target.id, BATCH)
            if not batch:
                break
            transfer = partial(_transfer, runner.files, bucket, threading.Event())
            done = list(pool.map(transfer, batch))
            outcomes = [outcome for outcome in done if outcome is not None]
            runner.run(SYSTEM, note_transfers, outcomes)
            _count(sent, batch, done)
    return sent


def _transfer(files: SealedStore, bucket: Bucket, stop: threading.Event, item: ToSend) -> Outcome | None:
    """One object brought into the bucket, or taken out of it; None when another has met a trouble of the bucket."""
    if stop.is_set():
        return None
    trouble = None
    try:
        if item.state is ObjectState.LEAVING:
            if not item.is_shared:
                bucket.delete(item.object_key)
        else:
            with _content(files, item) as source:
                length = source.seek(0, io.SEEK_END)
                source.seek(0)
                send(bucket, item.object_key, source, length, item.content_hash, item.media_type)
    except StorageTrouble as error:
        trouble = error.trouble
        if trouble in PASSING:
            stop.set()
    except ObjectDamaged:
        trouble = Trouble.DAMAGED
    except (NotFound, IntegrityFailure):
        trouble = Trouble.MISSING
    except RuleViolation:
        trouble = Trouble.TAKEN
    return Outcome(item.id, trouble)


def _content(files: SealedStore, item: ToSend) -> BinaryIO:
    """What is to be sent. A packed form is kept nowhere here: it is made again from the original, byte for byte."""
    if item.kind is not ObjectKind.PACKED:
        return files.open(item.content_hash)
    made = packed(files.read(item.original_hash))
    if made is None:
        raise NotFound(N_("file"), item.original_hash[:12])
    return io.BytesIO(made)


def pack_old_originals(runner: Runner, target: TargetLine, seconds: float) -> int:
    """Queue packed forms of old radiographs, for so long; returns how many. Their originals leave when these are in."""
    days = runner.setting(SYSTEM, PACK_AFTER_DAYS)
    end, queued = time.monotonic() + seconds, 0
    before = runner.clock.now() - timedelta(days=days)
    while days and time.monotonic() < end:
        with runner.read(SYSTEM) as read:
            batch = packable_originals(read, target.id, before, BATCH)
        wanted = [_packed_form(runner, target, item) for item in batch if runner.files.exists(item.sha256)]
        fit = [item for item in wanted if item is not None]
        if fit:
            queued += runner.run(SYSTEM, plan_transfers, target.id, fit, [])
        if not wanted:
            break
    return queued


def _packed_form(runner: Runner, target: TargetLine, item: Packable) -> Wanted | None:
    made = packed(runner.files.read(item.sha256))
    if made is None:
        runner.run(SYSTEM, note_unpackable, target.id, item.instance_id, item.study_id)
        return None
    name = hashlib.sha256(made).hexdigest()
    return Wanted(
        item.instance_id, item.study_id, ObjectKind.PACKED, MEDIA_TYPE, name, item.raw_bytes, len(made), CODEC, True
    )


def bring_back(runner: Runner, bucket: Bucket, object_id: StoredObjectId) -> str:
    """Have an original here again from the bucket, unpacked where it is packed; returns its SHA-256.

    `NotFound` for what is no original in the bucket, `IntegrityFailure` when it is not what was sent.
    """
    with runner.read(SYSTEM) as read:
        found = read.sql(
            "SELECT o.object_key, o.kind, i.sha256 FROM stored_object o JOIN instance i ON i.id = o.instance_id"
            " WHERE o.id = :object AND o.state = 'stored' AND o.kind IN ('original', 'packed')",
            object=object_id,
        )  # fmt: skip
    if not found:
        raise NotFound(N_("object"), object_id)
    key, kind, sha256 = found[0]
    content = bucket.get(key)
    if kind == ObjectKind.PACKED:
        try:
            content = unpacked(content)
        except ValueError:
            raise ObjectDamaged() from None
    runner.files.put_as(sha256, io.BytesIO(content), len(content))
    return str(sha256)


def _count(sent: Sent, batch: list[ToSend], done: list[Outcome | None]) -> None:
    for item, outcome in zip(batch, done, strict=True):
        if outcome is None:
            continue
        if outcome.trouble is not None:
            sent.failed += 1
            if outcome.trouble in PASSING:
                sent.trouble = outcome.trouble
        elif item.state is ObjectState.LEAVING:
            sent.removed += 1
        else:
            sent.stored += 1
            sent.stored_bytes += item.stored_bytes
