"""The audit trail and the access log as files for an inspection. Each export is itself an entry of the access log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from app.access.audit import (
    ORIGIN_LABELS,
    PAGE_MAXIMUM,
    AccessFilter,
    AuditFilter,
    read_access,
    read_audit,
)
from app.access.permissions import EXPORT_AUDIT
from app.core.i18n import N_, translate
from app.core.spreadsheet import spreadsheet
from app.journal.commands import Query
from app.journal.queries import Actor, Reading
from app.journal.runner import Runner

AUDIT_COLUMNS: Final = (
    N_("Date and time"), N_("Person"), N_("Action"), N_("Patients"), N_("Tables"), N_("Added"), N_("Changed"),
    N_("Deleted"), N_("Erased rows"), N_("Origin"), N_("Workstation"), N_("Session"), N_("Undone"), N_("Operation"),
)  # fmt: skip
ACCESS_COLUMNS: Final = (
    N_("Date and time"), N_("Person"), N_("Action"), N_("Patient"), N_("Detail"), N_("Workstation"), N_("Session"),
)  # fmt: skip


def export_audit(runner: Runner, actor: Actor, chosen: AuditFilter) -> bytes:
    """The audit trail as CSV; needs “Export the audit trail and the access log”."""
    data, count = runner.ask(actor, Query(_audit_csv, EXPORT_AUDIT, N_("Export the audit trail")), chosen)
    _note(runner, actor, "audit", count)
    return data


def export_access_log(runner: Runner, actor: Actor, chosen: AccessFilter) -> bytes:
    """The access log as CSV; needs “Export the audit trail and the access log”."""
    data, count = runner.ask(actor, Query(_access_csv, EXPORT_AUDIT, N_("Export the access log")), chosen)
    _note(runner, actor, "access_log", count)
    return data


def _note(runner: Runner, actor: Actor, what: str, count: int) -> None:
    """Written before the file is handed over."""
    runner.access(actor, "export", detail=f"{what}: {count}")
    runner.flush()


def _audit_csv(read: Reading, chosen: AuditFilter) -> tuple[bytes, int]:
    return spreadsheet(AUDIT_COLUMNS, _audit_rows(read, chosen))


def _audit_rows(read: Reading, chosen: AuditFilter) -> Iterator[Sequence[str]]:
    before: int | None = None
    while True:
        page = read_audit(read, chosen, before, PAGE_MAXIMUM)
        for line in page.lines:
            counts = (str(number) for number in (line.inserted, line.updated, line.deleted, line.erased))
            yield (
                _instant(read, line.at), line.actor_name, translate(line.label), " ".join(line.subjects),
                " ".join(line.tables), *counts, translate(ORIGIN_LABELS[line.origin]), line.device, line.session,
                translate(N_("yes")) if line.is_undone else "", line.operation_id,
            )  # fmt: skip
        before = page.next_before
        if before is None:
            return


def _access_csv(read: Reading, chosen: AccessFilter) -> tuple[bytes, int]:
    return spreadsheet(ACCESS_COLUMNS, _access_rows(read, chosen))


def _access_rows(read: Reading, chosen: AccessFilter) -> Iterator[Sequence[str]]:
    before: int | None = None
    while True:
        page = read_access(read, chosen, before, PAGE_MAXIMUM)
        for line in page.lines:
            yield (
                _instant(read, line.at), line.actor_name, translate(line.label), line.subject, line.detail,
                line.device, line.session,
            )  # fmt: skip
        before = page.next_before
        if before is None:
            return


def _instant(read: Reading, at: datetime) -> str:
    return f"{at.astimezone(read.clock.zone):%Y-%m-%d %H:%M:%S}"
