"""The procedure catalogue: versions with effective days, and its import from CSV."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, ParamSpec, Protocol, TypeVar

from sqlalchemy import or_, select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.journal.commands import Command, command
from app.journal.transaction import Transaction
from app.practice.catalogue import ProcedureRow, RowError, read_catalogue, read_fee
from app.practice.entry import bounded, clean_code, clean_codes, clean_name
from app.practice.living import living
from app.practice.model import Procedure
from app.practice.permissions import EDIT_CATALOGUE
from app.practice.vocabulary import ProcedureId

P = ParamSpec("P")
R = TypeVar("R")
ROWS_AT_ONCE: Final = 150


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do, and which lines it left out."""

    added: int
    replaced: int
    unchanged: int
    errors: tuple[RowError, ...]


@command(permission=EDIT_CATALOGUE, label=N_("Withdraw the procedure"))
def withdraw_procedure(tx: Transaction, procedure_id: ProcedureId) -> None:
    """Take a version out of the catalogue; the one that it replaced holds again."""
    procedure = living(tx, Procedure, procedure_id, "procedure_id")
    procedure.withdrawn_at = tx.now
    if procedure.replaces_id is not None:
        replaced = tx.get(Procedure, procedure.replaces_id)
        replaced.withdrawn_at = None
        replaced.to_on = procedure.replaced_to_on


@command(permission=EDIT_CATALOGUE, label=N_("Add a procedure"), undo=(withdraw_procedure, Procedure), icon="list-plus")
def add_procedure(
    tx: Transaction,
    code: str,
    name_fr: str,
    name_en: str = "",
    fee: str = "0",
    doctor_minutes: int = 0,
    chair_minutes: int = 0,
    skills: list[str] | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
) -> ProcedureId:
    """Put a procedure in the catalogue from a day on; an earlier version of the code ends the day before."""
    row = ProcedureRow(
        code=clean_code(code),
        name_fr=clean_name(name_fr, "name_fr"),
        name_en=clean_name(name_en or name_fr, "name_en"),
        fee=read_fee(fee),
        doctor_minutes=bounded(doctor_minutes, 0, 600, "doctor_minutes"),
        chair_minutes=bounded(chair_minutes, 0, 600, "chair_minutes"),
        skills=tuple(clean_codes(skills)),
        from_on=from_on or tx.today,
        to_on=to_on,
    )
    return _put(tx, row, _in_force(tx, row.code, row.from_on)).id


@command(permission=EDIT_CATALOGUE, label=N_("End the procedure"))
def end_procedure(tx: Transaction, procedure_id: ProcedureId, on: date | None = None) -> None:
    """The procedure is offered until this day, included."""
    procedure = living(tx, Procedure, procedure_id, "procedure_id")
    last = on or tx.today
    if last < procedure.from_on:
        raise RuleViolation(N_("The last day is before the first."), field="on")
    procedure.to_on = last


@command(
    permission=EDIT_CATALOGUE,
    label=N_("Import the catalogue"),
    undo=(withdraw_procedure, Procedure),
    icon="file-csv",
)
def import_procedures(tx: Transaction, csv: str, from_on: date | None = None, dry_run: bool = False) -> ImportReport:
    """Take in CSV text; bad lines are named and the others are in. At most 150 lines change in one step."""
    read = read_catalogue(csv, from_on or tx.today)
    errors = list(read.errors)
    added = replaced = unchanged = 0
    for line, row in read.rows:
        old = _in_force(tx, row.code, row.from_on)
        if old is not None and _same(old, row):
            unchanged += 1
            continue
        if added + replaced == ROWS_AT_ONCE and not dry_run:
            raise RuleViolation(N_("Import at most {count} lines at once."), field="csv", count=ROWS_AT_ONCE)
        clash = _clash(tx, row)
        if clash is not None:
            values = {"day": clash.isoformat()}
            errors.append(RowError(line, "to_on", N_("A later version of this code begins on {day}."), values))
            continue
        added, replaced = added + (old is None), replaced + (old is not None)
        if not dry_run:
            _put(tx, row, old)
            tx.session.flush()
    return ImportReport(added, replaced, unchanged, tuple(sorted(errors, key=lambda error: error.line)))


class Runs(Protocol):
    """What runs commands: a group of a runner, whose operations are one undo step."""

    def run(self, command: Command[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run one command and wait."""


def _in_force(tx: Transaction, code: str, on: date) -> Procedure | None:
    found: Procedure | None = tx.first(
        select(Procedure).where(
            Procedure.code == code,
            Procedure.withdrawn_at.is_(None),
            Procedure.from_on <= on,
            or_(Procedure.to_on.is_(None), Procedure.to_on >= on),
        )
    )
    return found


def _clash(tx: Transaction, row: ProcedureRow) -> date | None:
    """The day of a later version, when this row says that it would reach into it."""
    later = tx.first(
        select(Procedure.from_on)
        .where(Procedure.code == row.code, Procedure.withdrawn_at.is_(None), Procedure.from_on > row.from_on)
        .order_by(Procedure.from_on)
    )
    return later if later is not None and row.to_on is not None and row.to_on >= later else None


def _same(old: Procedure, row: ProcedureRow) -> bool:
    return (
        (old.name_fr, old.name_en, old.fee_cents, old.doctor_minutes, old.chair_minutes)
        == (row.name_fr, row.name_en, row.fee, row.doctor_minutes, row.chair_minutes)
        and tuple(old.skills) == row.skills
        and (row.to_on is None or row.to_on == old.to_on)
    )


def _put(tx: Transaction, row: ProcedureRow, old: Procedure | None) -> Procedure:
    later = tx.first(
        select(Procedure.from_on)
        .where(Procedure.code == row.code, Procedure.withdrawn_at.is_(None), Procedure.from_on > row.from_on)
        .order_by(Procedure.from_on)
    )
    until = row.to_on or (later - timedelta(days=1) if later is not None else None)
    made = Procedure(
        code=row.code, name_fr=row.name_fr, name_en=row.name_en, fee_cents=row.fee,
        doctor_minutes=row.doctor_minutes, chair_minutes=row.chair_minutes, skills=list(row.skills),
        from_on=row.from_on, to_on=until,
    )  # fmt: skip
    if old is not None:
        made.replaces_id, made.replaced_to_on = old.id, old.to_on
        if old.from_on < row.from_on:
            old.to_on = row.from_on - timedelta(days=1)
        else:
            old.withdrawn_at = tx.now
    return tx.add(made)


def import_catalogue(group: Runs, csv: str, from_on: date) -> ImportReport:
    """Import a file of any length as one undo step: its lines in steps of 150, through a group of the runner."""
    lines = csv.removeprefix("\ufeff").splitlines()
    reports = [
        group.run(import_procedures, "\n".join([lines[0], *lines[at : at + ROWS_AT_ONCE]]), from_on)
        for at in range(1, max(len(lines), 2), ROWS_AT_ONCE)
    ]
    errors = [
        RowError(error.line + number * ROWS_AT_ONCE, error.column, error.message, error.values)
        for number, report in enumerate(reports)
        for error in report.errors
    ]
    counts = ((report.added, report.replaced, report.unchanged) for report in reports)
    added, replaced, unchanged = (sum(column) for column in zip(*counts, strict=True))
    return ImportReport(added, replaced, unchanged, tuple(errors))
