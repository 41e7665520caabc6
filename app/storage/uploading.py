"""What is to be sent, and what became of it. The machine that holds the lease of the jobs plans and sends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from app.core.clock import to_millis
from app.core.i18n import N_
from app.core.ids import derived_id
from app.imaging.vocabulary import InstanceId, StudyId
from app.journal.commands import command
from app.journal.queries import Reading
from app.journal.transaction import Transaction
from app.storage.model import StorageTarget, StoredObject
from app.storage.permissions import MANAGE_STORAGE
from app.storage.vocabulary import PASSING, ObjectKind, ObjectState, StorageTargetId, StoredObjectId, Trouble

PRIORITY: Final = {kind: number for number, kind in enumerate(ObjectKind)}
AT_ONCE: Final = 200
"""Objects that one operation plans; an operation holds at most 400 changes."""
TRIES: Final = 12
"""Failures of the object itself after which a person must look."""
FIRST_WAIT: Final = timedelta(seconds=5)
BUCKET_WAIT: Final = timedelta(seconds=30)
"""How long an object waits that could not go because of its bucket: that is no fault of the object."""
LONGEST_WAIT: Final = timedelta(hours=1)
_chance = Random()
_SYNTAX: Final = "1.2.840.10008.1.2"
_NAMES: Final = {
    "": "Implicit VR LE", ".1": "Explicit VR LE", ".2": "Explicit VR BE", ".1.99": "deflate", ".5": "RLE",
    ".4.50": "JPEG", ".4.51": "JPEG extended", ".4.57": "JPEG lossless", ".4.70": "JPEG lossless",
    ".4.80": "JPEG-LS", ".4.81": "JPEG-LS near", ".4.90": "JPEG 2000", ".4.91": "JPEG 2000 lossy",
    ".4.201": "HTJ2K", ".4.202": "HTJ2K RPCL", ".4.203": "HTJ2K lossy",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """An object that is to be in the bucket."""

    instance_id: InstanceId
    study_id: StudyId
    kind: ObjectKind
    media_type: str
    content_hash: str
    raw_bytes: int
    stored_bytes: int
    codec: str
    is_lossless: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one transfer; without a trouble it is stored and verified, or gone where it had to go."""

    object_id: StoredObjectId
    trouble: Trouble | None = None


_PIXELS: Final = (
    "CASE WHEN i.image_rows > 0 THEN i.image_rows * i.image_columns * coalesce(i.frames, 1)"
    " * ((coalesce(i.bits_stored, 8) + 7) / 8) * (CASE WHEN i.photometric IN"
    " ('RGB', 'YBR_FULL', 'YBR_FULL_422', 'YBR_RCT', 'YBR_ICT') THEN 3 ELSE 1 END) ELSE i.size_bytes END"
)
_LIVING: Final = "JOIN image_state s ON s.id = i.id WHERE s.withdrawn_at IS NULL AND i.sha256 > ''"


def wanted_objects(read: Reading, target_id: StorageTargetId, limit: int = AT_ONCE) -> list[Wanted]:
    """What is not in the bucket yet: small copies that are here, then originals, the newest first."""
    absent = (
        "NOT EXISTS(SELECT 1 FROM stored_object o WHERE o.instance_id = i.id AND o.target_id = :target"
        " AND o.kind = {kind} AND o.content_hash = {hash} AND o.state NOT IN ('removed', 'leaving'))"
    )
    absent_original = absent.format(kind="'original'", hash="i.sha256")
    small = read.sql(
        f"SELECT i.id, i.study_id, r.kind, r.media_type, r.sha256, {_PIXELS}, r.size_bytes, r.media_type, 0"
        f" FROM rendition r JOIN instance i ON i.id = r.instance_id {_LIVING} AND r.quarter_turns = s.quarter_turns"
        f" AND r.mirrored = s.mirrored AND {absent.format(kind='r.kind', hash='r.sha256')}"
        " ORDER BY s.received_at DESC, i.id LIMIT :most",
        target=target_id, most=limit,
    )  # fmt: skip
    originals = read.sql(
        f"SELECT i.id, i.study_id, 'original', i.original_kind, i.sha256, {_PIXELS}, i.size_bytes,"
        f" i.transfer_syntax_uid, 1 FROM instance i {_LIVING} AND {absent_original}"
        " AND NOT EXISTS(SELECT 1 FROM stored_object p WHERE p.instance_id = i.id AND p.target_id = :target"
        " AND p.kind = 'packed' AND p.state = 'stored')"
        " ORDER BY s.received_at DESC, i.id LIMIT :most",
        target=target_id, most=limit - len(small),
    )  # fmt: skip
    return [_wanted(row) for row in (*small, *originals)]


def _wanted(row: Sequence[Any]) -> Wanted:
    instance, study, kind, form, sha256, raw, size, coding, lossless = row
    media = form if "/" in form else {"dicom": "application/dicom", "pdf": "application/pdf"}.get(form, f"image/{form}")
    if form in {"stl", "ply", "obj"}:
        media = f"model/{form}"
    codec = coding.rpartition("/")[2] if "/" in coding else _NAMES.get(coding.removeprefix(_SYNTAX), form)
    return Wanted(instance, study, ObjectKind(kind), media, sha256, raw, size, codec, bool(lossless))


def leaving_objects(read: Reading, target_id: StorageTargetId, limit: int = AT_ONCE) -> list[StoredObjectId]:
    """What has to leave the bucket: of images that were erased, and copies that show an image as it no longer is."""
    rows = read.sql(
        "SELECT o.id FROM stored_object o LEFT JOIN instance i ON i.id = o.instance_id"
        " LEFT JOIN image_state s ON s.id = i.id"
        " WHERE o.target_id = :target AND o.state IN ('waiting', 'stored', 'stuck')"
        " AND (i.id IS NULL OR i.sha256 IS NULL OR i.sha256 = ''"
        " OR (o.kind IN ('thumbnail', 'preview', 'full') AND EXISTS(SELECT 1 FROM rendition r"
        " WHERE r.instance_id = i.id AND r.kind = o.kind AND r.sha256 <> o.content_hash"
        " AND r.quarter_turns = s.quarter_turns AND r.mirrored = s.mirrored))"
        " OR (o.kind = 'original' AND EXISTS(SELECT 1 FROM stored_object p WHERE p.instance_id = o.instance_id"
        " AND p.target_id = o.target_id AND p.kind = 'packed' AND p.state = 'stored'))) ORDER BY o.id LIMIT :most",
        target=target_id, most=limit,
    )  # fmt: skip
    return [row[0] for row in rows]


@dataclass(frozen=True, slots=True)
class Packable:
    """An original in the bucket that may be packed."""

    instance_id: InstanceId
    study_id: StudyId
    sha256: str
    raw_bytes: int


def packable_originals(read: Reading, target_id: StorageTargetId, before: datetime, limit: int) -> list[Packable]:
    """Uncompressed grey originals in the bucket that came before a moment and were not tried yet, the oldest first."""
    rows = read.sql(
        f"SELECT i.id, i.study_id, i.sha256, {_PIXELS} FROM instance i JOIN image_state s ON s.id = i.id"
        " JOIN stored_object o ON o.instance_id = i.id AND o.target_id = :target AND o.kind = 'original'"
        " AND o.state = 'stored' WHERE s.withdrawn_at IS NULL AND i.sha256 > '' AND s.received_at < :before"
        " AND i.transfer_syntax_uid IN ('1.2.840.10008.1.2', '1.2.840.10008.1.2.1') AND i.dicom_form = 'received'"
        " AND i.photometric LIKE 'MONOCHROME%' AND NOT EXISTS(SELECT 1 FROM stored_object p"
        " WHERE p.instance_id = i.id AND p.target_id = :target AND p.kind = 'packed')"
        " ORDER BY s.received_at, i.id LIMIT :most",
        target=target_id, before=to_millis(before), most=limit,
    )  # fmt: skip
    return [Packable(*row) for row in rows]


@command(permission=MANAGE_STORAGE, label=N_("Note what cannot be packed"), hidden=True)
def note_unpackable(tx: Transaction, target_id: StorageTargetId, instance_id: InstanceId, study_id: StudyId) -> None:
    """Remember that packing an original would not give every byte back, or save nothing: it is not tried again."""
    target = tx.get(StorageTarget, target_id)
    nothing = Wanted(instance_id, study_id, ObjectKind.PACKED, "", "0" * 64, 0, 0, "", True)
    key = StoredObjectId(derived_id(target_id, instance_id, ObjectKind.PACKED, nothing.content_hash))
    if tx.find(StoredObject, key) is None:
        made = _planned(tx, target, key, nothing)
        made.state = ObjectState.REMOVED
        tx.add(made)


@command(permission=MANAGE_STORAGE, label=N_("Plan the transfers"), hidden=True)
def plan_transfers(
    tx: Transaction, target_id: StorageTargetId, wanted: list[Wanted], leaving: list[StoredObjectId]
) -> int:
    """Queue images for the bucket, and note what must leave it; returns how many objects were touched."""
    target = tx.get(StorageTarget, target_id)
    touched = 0
    for item in wanted:
        key = StoredObjectId(derived_id(target_id, item.instance_id, item.kind, item.content_hash))
        found = tx.find(StoredObject, key)
        if found is None:
            tx.add(_planned(tx, target, key, item))
        elif found.state in {ObjectState.REMOVED, ObjectState.LEAVING}:
            found.state, found.tries, found.trouble, found.next_try_at = ObjectState.WAITING, 0, None, None
        else:
            continue
        touched += 1
    for key in leaving:
        found = tx.get(StoredObject, key)
        found.state, found.tries, found.trouble, found.next_try_at = ObjectState.LEAVING, 0, None, None
    return touched + len(leaving)


def _planned(tx: Transaction, target: StorageTarget, key: StoredObjectId, item: Wanted) -> StoredObject:
    folder = f"{target.prefix}{item.kind}/{item.content_hash[:2]}/{item.content_hash}"
    return StoredObject(
        id=key, target_id=target.id, instance_id=item.instance_id, study_id=item.study_id, provider=target.provider,
        bucket=target.bucket, object_key=folder, kind=item.kind, media_type=item.media_type,
        content_hash=item.content_hash, raw_bytes=item.raw_bytes, stored_bytes=item.stored_bytes, codec=item.codec,
        is_lossless=item.is_lossless, state=ObjectState.WAITING, priority=PRIORITY[item.kind], queued_at=tx.now,
    )  # fmt: skip


@command(permission=MANAGE_STORAGE, label=N_("Note the transfers"), hidden=True)
def note_transfers(tx: Transaction, outcomes: list[Outcome]) -> None:
    """Note what became of transfers: stored and verified, gone, or when they are tried again."""
    for outcome in outcomes:
        found = tx.get(StoredObject, outcome.object_id)
        if outcome.trouble is None:
            gone = found.state is ObjectState.LEAVING
            found.state = ObjectState.REMOVED if gone else ObjectState.STORED
            found.trouble, found.next_try_at, found.stored_at = None, None, None if gone else tx.now
            continue
        found.trouble = outcome.trouble
        if outcome.trouble in PASSING:
            found.next_try_at = tx.now + BUCKET_WAIT
            continue
        found.tries += 1
        found.next_try_at = tx.now + wait_after(found.tries)
        if found.tries >= TRIES and found.state is ObjectState.WAITING:
            found.state = ObjectState.STUCK


def wait_after(tries: int) -> timedelta:
    """How long an object waits after so many failures: any time up to a bound that doubles (full jitter)."""
    bound: timedelta = min(FIRST_WAIT * 2 ** min(tries - 1, 20), LONGEST_WAIT)
    return FIRST_WAIT / 2 + timedelta(seconds=bound.total_seconds() * _chance.random())
