"""Mappings, conversions and their reports, previews, and the notes of the old system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import func, select

from app.conversion.fields import FIELDS, FieldSpec, Form, guess_columns
from app.conversion.mapping import (
    FileMapping,
    GivenFile,
    Mapping,
    files_of,
    given_files,
    guess_mapping,
    read_mapping,
    with_words,
)
from app.conversion.model import ConversionMapping, ConversionReport, ConversionRun, OldNote, RejectedRow
from app.conversion.permissions import CONVERT
from app.conversion.previewing import Preview, PreviewRow, Word, labels_of, preview
from app.conversion.report import (
    FileCount,
    ImageCount,
    Remark,
    Report,
    reconciliation_csv,
    remarks_csv,
)
from app.conversion.sheets import ENCODING_NAMES
from app.conversion.vocabulary import (
    KIND_LABELS,
    ORDER_LABELS,
    ConversionRunId,
    DateOrder,
    MappingId,
    OldNoteId,
    RowKind,
    Weight,
)
from app.core.i18n import N_
from app.core.ids import PatientId
from app.journal.commands import query
from app.journal.queries import Reading
from app.patients.charts import chart_ids
from app.patients.permissions import VIEW_PATIENTS
from app.practice.model import Operatory, Provider
from app.scheduling.model import AppointmentType

__all__ = [
    "ENCODING_NAMES",
    "FIELDS",
    "KIND_LABELS",
    "ORDER_LABELS",
    "ConversionRunId",
    "DateOrder",
    "FieldSpec",
    "FileCount",
    "FileMapping",
    "Form",
    "GivenFile",
    "ImageCount",
    "Mapping",
    "MappingId",
    "MappingLine",
    "OldNoteId",
    "OldNoteLine",
    "Preview",
    "PreviewRow",
    "Remark",
    "Report",
    "RowKind",
    "RunLine",
    "Weight",
    "Word",
    "conversion_mappings",
    "conversion_names",
    "conversion_remarks",
    "conversion_runs",
    "files_of",
    "given_files",
    "guess_columns",
    "guess_mapping",
    "labels_of",
    "old_notes",
    "preview",
    "reconciliation_csv",
    "remarks_csv",
    "with_words",
]


@dataclass(frozen=True, slots=True)
class MappingLine:
    """A mapping that can be used."""

    id: MappingId
    name: str
    mapping: Mapping


@dataclass(frozen=True, slots=True)
class RunLine:
    """A conversion, and what became of it; `finished_at` is empty for one that was interrupted."""

    id: ConversionRunId
    system: str
    begun_at: datetime
    undone_at: datetime | None
    finished_at: datetime | None
    files: tuple[FileCount, ...]
    images: ImageCount | None
    remarks: int

    @property
    def wrote(self) -> bool:
        """Whether there is anything to withdraw; one that was interrupted may have brought some."""
        images = self.images is not None and self.images.imported > 0
        return self.finished_at is None or images or any(one.taken_in or one.changed for one in self.files)


@dataclass(frozen=True, slots=True)
class OldNoteLine:
    """A note of the old system."""

    id: OldNoteId
    written_on: date | None
    author: str | None
    text: str


@query(permission=CONVERT, label=N_("Mappings of old systems"))
def conversion_mappings(read: Reading) -> tuple[MappingLine, ...]:
    """The mappings that were saved, by name."""
    statement = select(ConversionMapping.id, ConversionMapping.name, ConversionMapping.body)
    rows = read.execute(statement.where(ConversionMapping.withdrawn_at.is_(None)).order_by(ConversionMapping.name))
    return tuple(MappingLine(row.id, row.name, read_mapping(row.body)) for row in rows)


@query(permission=CONVERT, label=N_("Names of the practice"))
def conversion_names(read: Reading) -> dict[str, tuple[str, ...]]:
    """What words of an old system may stand for: codes of appointment types, names of chairs and of providers."""
    types = select(AppointmentType.code).where(AppointmentType.withdrawn_at.is_(None)).order_by(AppointmentType.code)
    chairs = select(Operatory.name).where(Operatory.withdrawn_at.is_(None)).order_by(Operatory.position, Operatory.name)
    people = select(Provider.name).where(Provider.withdrawn_at.is_(None)).order_by(Provider.position, Provider.name)
    named = tuple(read.execute(people).scalars())
    return {
        "type": tuple(read.execute(types).scalars()), "chair": tuple(read.execute(chairs).scalars()), "doctor": named,
        "assistant": named,
    }  # fmt: skip


@query(permission=CONVERT, label=N_("Conversions"))
def conversion_runs(read: Reading, limit: int = 20) -> tuple[RunLine, ...]:
    """The conversions, the newest first, with the figures of each file."""
    columns = (ConversionRun.id, ConversionRun.system, ConversionRun.begun_at, ConversionRun.withdrawn_at)
    statement = select(*columns).order_by(ConversionRun.begun_at.desc(), ConversionRun.id.desc()).limit(limit)
    runs = read.execute(statement).all()
    ids = [row.id for row in runs]
    reports = {row.run_id: row for row in read.execute(_reports(ids))}
    counted = select(RejectedRow.run_id, func.count()).where(RejectedRow.run_id.in_(ids)).group_by(RejectedRow.run_id)
    remarks = {str(row[0]): int(list(row)[1]) for row in read.execute(counted)}
    return tuple(_run(row, reports.get(row.id), remarks.get(row.id, 0)) for row in runs)


def _reports(ids: list[Any]) -> Any:
    columns = (ConversionReport.run_id, ConversionReport.finished_at, ConversionReport.files, ConversionReport.images)
    return select(*columns).where(ConversionReport.run_id.in_(ids)).order_by(ConversionReport.finished_at)


def _run(row: Any, report: Any, remarks: int) -> RunLine:
    files = tuple(msgspec.convert(one, FileCount) for one in report.files) if report is not None else ()
    images = msgspec.convert(report.images, ImageCount) if report is not None and report.images else None
    finished_at = report.finished_at if report is not None else None
    return RunLine(row.id, row.system, row.begun_at, row.withdrawn_at, finished_at, files, images, remarks)


@query(permission=CONVERT, label=N_("Remarks on rows"))
def conversion_remarks(
    read: Reading, run_id: ConversionRunId, weight: Weight | None = None, limit: int = 20_000
) -> tuple[Remark, ...]:
    """What is wrong with rows of a conversion, by file and line, as far as it is kept on this workstation."""
    columns = tuple(getattr(RejectedRow, name) for name in Remark.__dataclass_fields__)
    statement = select(*columns).where(RejectedRow.run_id == run_id)
    if weight is not None:
        statement = statement.where(RejectedRow.weight == weight)
    rows = read.execute(statement.order_by(RejectedRow.file, RejectedRow.line, RejectedRow.id).limit(limit))
    return tuple(Remark(*list(row)) for row in rows)


@query(permission=VIEW_PATIENTS, label=N_("Notes of the old system"))
def old_notes(read: Reading, patient_id: PatientId) -> tuple[OldNoteLine, ...]:
    """The notes of a patient that came from an old system, merged charts included, the newest first."""
    columns = tuple(getattr(OldNote, name) for name in OldNoteLine.__dataclass_fields__)
    statement = (
        select(*columns)
        .where(OldNote.patient_id.in_(chart_ids(read, patient_id)), OldNote.withdrawn_at.is_(None), OldNote.text > "")
        .order_by(OldNote.written_on.desc(), OldNote.id)
    )
    return tuple(OldNoteLine(*list(row)) for row in read.execute(statement))
