"""What the bucket holds and what it saves: stored, moved and cost apart, because they are not the same.

*Stored* compares the originals with their unpacked pixels: lossless packing saves 50 to 80 % of a radiograph and
nothing of a camera's JPEG. *Moved* compares what has to travel before an image can be looked at with the original.
*Cost* compares the months in the ordinary class with the class that the bucket moves old objects to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.core.clock import to_millis
from app.core.i18n import N_
from app.journal.commands import query
from app.journal.queries import Reading
from app.journal.settings_store import value_of
from app.storage.permissions import SEE_STORAGE
from app.storage.settings import COLD_PRICE, STANDARD_PRICE
from app.storage.vocabulary import ObjectKind

GIGABYTE = 1_000_000_000


@dataclass(frozen=True, slots=True)
class KindShare:
    """Objects of one kind in the bucket; `raw_bytes` is what their pixels take unpacked."""

    kind: ObjectKind
    objects: int
    stored_bytes: int
    raw_bytes: int


@dataclass(frozen=True, slots=True)
class SourceShare:
    """Originals (packed ones too) by what they are: radiographs, photographs, anything else.

    `saved_per_mille` is the median of what each saves of its unpacked pixels; a camera's JPEG as received counts as 0,
    because nobody here made it smaller.
    """

    source: str
    images: int
    stored_bytes: int
    raw_bytes: int
    saved_per_mille: int


@dataclass(frozen=True, slots=True)
class StorageReport:
    """Bytes, per mille and cents. `view_bytes` is what travels to look at every image once, `original_bytes` what it
    would be with the originals; `cost_cents` is a month as the objects lie now, `flat_cents` all in the ordinary class
    as unpacked pixels would cost."""

    kinds: tuple[KindShare, ...]
    sources: tuple[SourceShare, ...]
    view_bytes: int
    original_bytes: int
    cold_bytes: int
    cost_cents: int
    flat_cents: int
    months: tuple[tuple[str, int], ...]


@query(permission=SEE_STORAGE, label=N_("Storage report"))
def storage_report(read: Reading) -> StorageReport:
    """Show what is in the bucket by kind, and what that saves in bytes stored, bytes moved and money."""
    kinds = tuple(
        KindShare(ObjectKind(kind), count, stored, raw)
        for kind, count, stored, raw in read.sql(
            "SELECT kind, count(*), sum(stored_bytes), sum(raw_bytes) FROM stored_object WHERE state = 'stored'"
            " GROUP BY kind ORDER BY min(priority)"
        )
    )
    view, original = _moved(read)
    cold = _cold(read)
    total = sum(share.stored_bytes for share in kinds)
    unpacked = sum(share.raw_bytes for share in kinds if share.kind in {ObjectKind.ORIGINAL, ObjectKind.PACKED})
    standard, cheap = value_of(read, STANDARD_PRICE), value_of(read, COLD_PRICE)
    return StorageReport(
        kinds, _sources(read), view, original, cold,
        cents(total - cold, standard) + cents(cold, cheap), cents(unpacked, standard), _months(read),
    )  # fmt: skip


def cents(size: int, dollars: int) -> int:
    """A month of so many bytes, at so many dollars for 1,000 GB, in cents."""
    return round(size * dollars * 100 / (1000 * GIGABYTE))


def _moved(read: Reading) -> tuple[int, int]:
    rows = read.sql(
        "SELECT sum(v.stored_bytes), sum(o.stored_bytes) FROM stored_object o JOIN stored_object v"
        " ON v.instance_id = o.instance_id AND v.target_id = o.target_id AND v.kind = 'preview' AND v.state = 'stored'"
        " WHERE o.kind IN ('original', 'packed') AND o.state = 'stored'"
    )
    return rows[0][0] or 0, rows[0][1] or 0


def _cold(read: Reading) -> int:
    """Bytes that have lain longer than their bucket's rule says."""
    size = 0
    for target, days in read.sql("SELECT id, cold_after_days FROM storage_target WHERE cold_after_days > 0"):
        before = to_millis(read.now - timedelta(days=days))
        rows = read.sql(
            "SELECT coalesce(sum(stored_bytes), 0) FROM stored_object"
            " WHERE target_id = :target AND state = 'stored' AND stored_at < :before",
            target=target, before=before,
        )  # fmt: skip
        size += rows[0][0]
    return size


def _sources(read: Reading) -> tuple[SourceShare, ...]:
    rows = read.sql(
        "SELECT CASE WHEN s.modality IN ('XC', 'ES', 'GM', 'OP') OR o.media_type = 'image/jpeg' THEN 'photographs'"
        " WHEN s.modality IN ('DX', 'CR', 'IO', 'PX', 'RG', 'CT') THEN 'radiographs' ELSE 'others' END,"
        " o.stored_bytes, o.raw_bytes, o.codec, o.kind FROM stored_object o JOIN instance i ON i.id = o.instance_id"
        " JOIN series s ON s.id = i.series_id WHERE o.state = 'stored' AND o.kind IN ('original', 'packed')"
    )
    found: dict[str, list[tuple[int, int, int]]] = {}
    for source, stored, raw, codec, kind in rows:
        made_smaller = kind == ObjectKind.PACKED or codec not in {"JPEG", "jpeg"}
        saved = max(0, 1000 - 1000 * stored // max(1, raw)) if made_smaller else 0
        found.setdefault(source, []).append((stored, raw, saved))
    return tuple(
        SourceShare(
            source, len(lines), sum(line[0] for line in lines), sum(line[1] for line in lines),
            sorted(line[2] for line in lines)[len(lines) // 2],
        )
        for source, lines in sorted(found.items())
    )  # fmt: skip


def _months(read: Reading) -> tuple[tuple[str, int], ...]:
    """Bytes in the bucket at the end of each of the last twelve months in which something was stored."""
    rows = read.sql(
        "SELECT strftime('%Y-%m', stored_at / 1000, 'unixepoch') AS month, sum(stored_bytes) FROM stored_object"
        " WHERE state = 'stored' GROUP BY month ORDER BY month"
    )
    total, months = 0, []
    for month, size in rows:
        total += size
        months.append((str(month), total))
    return tuple(months[-12:])
