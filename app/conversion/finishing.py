"""The end of a conversion: its report, and the remarks on rows, which stay on this workstation for some weeks."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from app.conversion.model import ConversionReport, ConversionRun, RejectedRow
from app.conversion.permissions import CONVERT
from app.conversion.report import FileCount, ImageCount, Remark
from app.conversion.settings import REMARK_DAYS
from app.conversion.vocabulary import ConversionReportId, ConversionRunId
from app.core.i18n import N_
from app.core.ids import derived_id
from app.journal.commands import command
from app.journal.transaction import Transaction


@command(permission=CONVERT, label=N_("Note what is wrong with rows"), hidden=True)
def note_remarks(tx: Transaction, run_id: ConversionRunId, remarks: list[Remark]) -> None:
    """Keep the problems and warnings of rows on this workstation, each once."""
    rows: list[dict[str, Any]] = [
        {
            "id": derived_id("remark", run_id, one.file, str(one.line), one.column, one.message), "run_id": run_id,
            "noted_at": tx.now, **dataclasses.asdict(one),
        }
        for one in remarks
    ]  # fmt: skip
    known = set(tx.all(select(RejectedRow.id).where(RejectedRow.id.in_([row["id"] for row in rows]))))
    fresh = {row["id"]: row for row in rows if row["id"] not in known}
    tx.session.add_all([RejectedRow(**row) for row in fresh.values()])
    for key in fresh:
        tx.touch_local(RejectedRow, key)


@command(permission=CONVERT, label=N_("Finish the conversion"), hidden=True)
def finish_conversion(
    tx: Transaction, run_id: ConversionRunId, files: list[FileCount], images: ImageCount | None, cancelled: bool
) -> ConversionReportId:
    """Keep what became of every file. A run without a report was interrupted and is taken up again by the next."""
    tx.get(ConversionRun, run_id)
    row = ConversionReport(
        run_id=run_id, finished_at=tx.now, cancelled=cancelled,
        files=[dataclasses.asdict(one) | {"kind": one.kind.value} for one in files],
        images=dataclasses.asdict(images) if images else None,
    )  # fmt: skip
    return tx.add(row).id


@command(permission=CONVERT, label=N_("Forget old remarks on rows"), hidden=True)
def forget_old_remarks(tx: Transaction) -> int:
    """Delete the remarks of conversions that ended weeks ago: their values may name a person. Tells how many went."""
    limit = tx.now - timedelta(days=tx.setting(REMARK_DAYS))
    old = list(tx.all(select(RejectedRow.id).where(RejectedRow.noted_at < limit)))
    tx.session.execute(delete(RejectedRow).where(RejectedRow.noted_at < limit))
    for key in old:
        tx.touch_local(RejectedRow, key)
    return len(old)
