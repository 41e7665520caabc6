"""The words of a conversion: ids, kinds of rows, what became of them."""

from __future__ import annotations

import enum
from typing import Final, NewType

from app.core.i18n import N_

ConversionRunId = NewType("ConversionRunId", str)
ConversionBatchId = NewType("ConversionBatchId", str)
ConversionReportId = NewType("ConversionReportId", str)
MappingId = NewType("MappingId", str)
LegacyRowId = NewType("LegacyRowId", str)
OldNoteId = NewType("OldNoteId", str)


class RowKind(enum.StrEnum):
    """What a file holds; files are taken in in this order, because later ones name patients of earlier ones."""

    PATIENTS = "patients"
    RESPONSIBLE = "responsible"
    APPOINTMENTS = "appointments"
    RECALLS = "recalls"
    NOTES = "notes"
    BALANCES = "balances"


class Outcome(enum.StrEnum):
    """What became of a row, or would become of it."""

    IN = "in"
    ALREADY = "already"
    CHANGED = "changed"
    REJECTED = "rejected"


class DateOrder(enum.StrEnum):
    """How the numbers of a date follow each other in a file."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"
    YEAR_FIRST = "ymd"


class Weight(enum.StrEnum):
    """Whether a remark keeps a row out."""

    ERROR = "error"
    WARNING = "warning"


KIND_LABELS: Final = {
    RowKind.PATIENTS: N_("Patients"),
    RowKind.RESPONSIBLE: N_("Responsible persons"),
    RowKind.APPOINTMENTS: N_("Appointments"),
    RowKind.RECALLS: N_("Recalls"),
    RowKind.NOTES: N_("Notes"),
    RowKind.BALANCES: N_("Opening balances"),
}
ORDER_LABELS: Final = {
    DateOrder.DAY_FIRST: N_("Day first (31/12/2026)"),
    DateOrder.MONTH_FIRST: N_("Month first (12/31/2026)"),
    DateOrder.YEAR_FIRST: N_("Year first (2026-12-31)"),
}
