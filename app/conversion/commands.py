"""Everything that staff can do with an old system."""

from __future__ import annotations

from app.conversion.finishing import finish_conversion, forget_old_remarks, note_remarks
from app.conversion.importing import Prepared, Source, convert, prepare, undo_conversion
from app.conversion.mappings import change_mapping, save_mapping, withdraw_mapping
from app.conversion.mending import save_rejected_rows
from app.conversion.taking_in import (
    begin_conversion,
    change_rows,
    take_in_rows,
    withdraw_conversion_run,
    withdraw_rows,
)

__all__ = [
    "Prepared",
    "Source",
    "begin_conversion",
    "change_mapping",
    "change_rows",
    "convert",
    "finish_conversion",
    "forget_old_remarks",
    "note_remarks",
    "prepare",
    "save_mapping",
    "save_rejected_rows",
    "take_in_rows",
    "undo_conversion",
    "withdraw_conversion_run",
    "withdraw_mapping",
    "withdraw_rows",
]
