"""The records of conversions.

The rows that a conversion makes have ids that follow from the old system’s own numbers, so that no row can be made
twice, on one workstation or on two. `LegacyRow` remembers each number with a digest of what was given.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Mapped

from app.conversion.vocabulary import (
    ConversionBatchId,
    ConversionReportId,
    ConversionRunId,
    LegacyRowId,
    MappingId,
    OldNoteId,
    RowKind,
    Weight,
)
from app.core.i18n import N_
from app.core.ids import PatientId
from app.journal.records import Merge, Record, choice, day, flag, instant, integer, json, key, link, reference, text

STREAM = "conversion"


class ConversionMapping(Record, merge=Merge.CONFIG, stream=STREAM):
    """How the files of one old system are read; `body` is a `mapping.Mapping`."""

    __tablename__ = "conversion_mapping"
    __noun__ = N_("mapping of a conversion")

    id: Mapped[MappingId] = key()
    name: Mapped[str] = text(index=True)
    body: Mapped[Any] = json()
    withdrawn_at: Mapped[datetime | None] = instant()


class ConversionRun(Record, merge=Merge.FIELD, stream=STREAM):
    """One conversion. Its id is that of the group of its operations; `withdrawn_at`: it was undone."""

    __tablename__ = "conversion_run"
    __noun__ = N_("conversion")

    id: Mapped[ConversionRunId] = key()
    system: Mapped[str] = text()
    begun_at: Mapped[datetime] = instant()
    begun_by: Mapped[str] = link(index=False)
    withdrawn_at: Mapped[datetime | None] = instant()


class ConversionBatch(Record, merge=Merge.EVENT, stream=STREAM):
    """Rows that were taken in by one operation; the journal knows which."""

    __tablename__ = "conversion_batch"
    __noun__ = N_("part of a conversion")

    id: Mapped[ConversionBatchId] = key()
    run_id: Mapped[ConversionRunId] = reference("conversion_run")
    kind: Mapped[RowKind] = choice(RowKind)
    file: Mapped[str] = text()
    first_line: Mapped[int] = integer()
    last_line: Mapped[int] = integer()


class ConversionReport(Record, merge=Merge.EVENT, stream=STREAM):
    """What became of a run, file by file; a run without one was interrupted and is taken up again."""

    __tablename__ = "conversion_report"
    __noun__ = N_("report of a conversion")

    id: Mapped[ConversionReportId] = key()
    run_id: Mapped[ConversionRunId] = reference("conversion_run")
    finished_at: Mapped[datetime] = instant()
    cancelled: Mapped[bool] = flag()
    files: Mapped[Any] = json()
    images: Mapped[Any | None] = json()


class LegacyRow(Record, merge=Merge.FIELD, stream=STREAM, subject="subject_id", sensitive=("legacy_number",)):
    """A row of the old system and the row that it became here. `id` follows from system, kind and number."""

    __tablename__ = "legacy_row"
    __noun__ = N_("row of the old system")

    id: Mapped[LegacyRowId] = key()
    system: Mapped[str] = text()
    kind: Mapped[RowKind] = choice(RowKind)
    legacy_number: Mapped[str] = text()
    household: Mapped[str | None] = text(index=True)
    target_id: Mapped[str] = link()
    subject_id: Mapped[str | None] = link()
    digest: Mapped[str] = text()
    run_id: Mapped[ConversionRunId] = reference("conversion_run")
    withdrawn_at: Mapped[datetime | None] = instant()


class OldNote(Record, merge=Merge.FIELD, stream=STREAM, subject="patient_id", sensitive=("text",)):
    """A note of the old system, as it was written there."""

    __tablename__ = "old_note"
    __noun__ = N_("note of the old system")

    id: Mapped[OldNoteId] = key()
    patient_id: Mapped[PatientId] = reference("patient")
    written_on: Mapped[date | None] = day()
    author: Mapped[str | None] = text()
    text: Mapped[str] = text()
    withdrawn_at: Mapped[datetime | None] = instant()


class RejectedRow(Record, merge=Merge.LOCAL):
    """A remark on one row of a run, on this workstation only and for some weeks: its values may name a person."""

    __tablename__ = "rejected_row"
    __noun__ = N_("row that was refused")

    id: Mapped[str] = key()
    run_id: Mapped[ConversionRunId] = link()
    file: Mapped[str] = text()
    line: Mapped[int] = integer()
    column: Mapped[str] = text()
    weight: Mapped[Weight] = choice(Weight)
    message: Mapped[str] = text()
    values: Mapped[Any] = json()
    noted_at: Mapped[datetime] = instant()
