"""In a worker process: read one file, seal it, and say what it is.

File first, row second: what is sealed here has neither its name nor a row yet; the import gives it both, for many
files together, and a sweep takes away what is left if it never does.
"""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path
from typing import TypeAlias

from app.core.errors import IntegrityFailure
from app.core.sealed import Openable, SealedBatch
from app.imaging import dicom_files, sources
from app.imaging.found import Found, Index, Refused, RefusedFile, Task
from app.imaging.kinds import HEAD_BYTES, PHOTOGRAPHS, Kind, kind_of
from app.imaging.receiving import ReceivedObject
from app.imaging.vocabulary import DicomForm, Reason

Read: TypeAlias = Found | Refused | Index


def read_source(task: Task) -> Read:
    """What a file is. Never raises for what a file may hold; a bug in this program is not caught here."""
    number, name = task.source.number, task.source.name
    batch = SealedBatch(task.store)
    try:
        found = _read(task, batch)
        return dataclasses.replace(found, unfinished=batch.unfinished) if isinstance(found, Found) else found
    except RefusedFile as error:
        refused = error
    except OSError as error:
        refused = sources.refused_by_system(error)
    except MemoryError:
        refused = RefusedFile(Reason.TOO_LARGE, limit=task.limits.file_mb)
    batch.discard()
    return Refused(number, name, refused.reason, refused.details)


def _read(task: Task, batch: SealedBatch) -> Read:
    source, limits = task.source, task.limits
    if source.received:
        try:
            received = ReceivedObject(source.path, task.store)
        except IntegrityFailure:
            raise RefusedFile(Reason.DAMAGED) from None
        return _dicom(task, batch, received, received.size)
    if source.member is None:
        size = sources.size_of(source.path)
        sources.check_limits(size, limits)
        kind = kind_of(sources.head_of(source.path), size, source.path.name)
        if kind is Kind.DICOM:  # read piece by piece: a volume may be larger than the memory that is free
            return _dicom(task, batch, source.path, size)
        content = sources.read_bytes(source, limits) if kind else b""
    else:
        content = sources.read_bytes(source, limits)
        kind = kind_of(content[:HEAD_BYTES], len(content), source.member)
        if kind is Kind.DICOM:
            return _dicom(task, batch, content, len(content))
        if kind is Kind.ZIP:
            raise RefusedFile(Reason.ARCHIVE_NESTED)
    if kind is None or kind is Kind.ZIP:
        raise RefusedFile(Reason.NOT_SUPPORTED if kind is None else Reason.ARCHIVE_DAMAGED)
    return (_photograph if kind in PHOTOGRAPHS else _document)(task, batch, kind, content)


def _dicom(task: Task, batch: SealedBatch, content: Path | bytes | Openable, size: int) -> Read:
    received = dicom_files.read(content, batch)
    if isinstance(received, tuple):
        folder = None if task.source.member else task.source.path.parent
        return Index(task.source.number, task.source.name, folder, received)
    return Found(
        source_number=task.source.number,
        name=task.source.name,
        sha256=batch.put(content),
        size_bytes=size,
        original_kind=Kind.DICOM.value,
        form=DicomForm.RECEIVED,
        study=received.study,
        series=received.series,
        instance=received.instance,
        renditions=received.renditions,
        stated_view=received.stated_view,
        upright=received.upright,
    )


def _photograph(task: Task, batch: SealedBatch, kind: Kind, content: bytes) -> Found:
    from app.imaging.photographs import photograph
    from app.imaging.pictures import make_renditions
    from viewer.pixels import PixelError, open_image

    sha256 = hashlib.sha256(content).hexdigest()
    taken = photograph(kind, content, sha256, task.identity, task.owner, task.today, task.limits.pixel_millions)
    whole = taken.envelope.around(content) if taken.envelope else taken.converted or b""
    try:
        with open_image(whole) as source:
            renditions = make_renditions(source, taken.upright, batch)
    except PixelError:
        raise RefusedFile(Reason.DAMAGED_PIXELS) from None
    sealed = taken.envelope.head + taken.envelope.tail if taken.envelope else whole
    return Found(
        source_number=task.source.number,
        name=task.source.name,
        sha256=batch.put(content),
        size_bytes=len(content),
        original_kind=kind.value,
        form=DicomForm.ENVELOPE if taken.envelope else DicomForm.CONVERTED,
        study=taken.made.study,
        series=taken.made.series,
        instance=taken.made.instance,
        dicom_sha256=batch.put(sealed),
        dicom_split=len(taken.envelope.head) if taken.envelope else None,
        upright=taken.upright,
        renditions=renditions,
    )


def _document(task: Task, batch: SealedBatch, kind: Kind, content: bytes) -> Found:
    from app.imaging.documents import document

    sha256 = hashlib.sha256(content).hexdigest()
    title = Path(task.source.member or task.source.path.name).stem
    made = document(kind, content, sha256, title, task.identity, task.owner, task.today)
    sealed = made.envelope.head + made.envelope.tail if made.envelope else made.converted or b""
    return Found(
        source_number=task.source.number,
        name=task.source.name,
        sha256=batch.put(content),
        size_bytes=len(content),
        original_kind=kind.value,
        form=DicomForm.ENVELOPE if made.envelope else DicomForm.CONVERTED,
        study=made.made.study,
        series=made.made.series,
        instance=made.made.instance,
        dicom_sha256=batch.put(sealed),
        dicom_split=len(made.envelope.head) if made.envelope else None,
    )
