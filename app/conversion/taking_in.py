"""Taking in rows: one command for a batch of a conversion, which is one undo step with the others.

Undoing withdraws every row that the batch inserted or brought back: charts and persons leave lists and search,
visits the schedule, balances are voided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import select

from app.billing.model import OpeningBalance
from app.conversion.drafts import Change, Plan, Work, full_row
from app.conversion.model import ConversionBatch, ConversionRun, LegacyRow
from app.conversion.permissions import CONVERT
from app.conversion.planning import plan_rows
from app.conversion.rows import GivenRow, Problem
from app.conversion.vocabulary import ConversionBatchId, ConversionRunId, Outcome, RowKind
from app.core.clock import to_millis
from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import new_id
from app.core.money import ZERO
from app.journal.commands import command
from app.journal.records import REGISTRY
from app.journal.transaction import Transaction
from app.patients.settings import DEFAULT_AREA_CODE

WORKED_ON: Final = N_(
    "Work has been done since in charts of this conversion (visits, documents, merges): it can no longer be undone "
    "as a whole."
)
_SINCE: Final = (
    "SELECT 1 FROM appointment WHERE withdrawn_at IS NULL AND patient_id IN (SELECT value FROM json_each(?1))",
    "SELECT 1 FROM document WHERE withdrawn_at IS NULL AND patient_id IN (SELECT value FROM json_each(?1))",
    "SELECT 1 FROM patient WHERE withdrawn_at IS NULL AND merged_into_id IN (SELECT value FROM json_each(?1))",
    "SELECT 1 FROM patient WHERE merged_into_id IS NOT NULL AND id IN (SELECT value FROM json_each(?1))",
)
_HAPPENED: Final = (
    "SELECT 1 FROM appointment_event e WHERE e.appointment_id IN (SELECT value FROM json_each(?1)) AND NOT EXISTS("
    "SELECT 1 FROM change c JOIN operation o ON o.n = c.operation WHERE c.tbl = 'appointment_event' AND c.pk = e.id"
    " AND o.command = 'take_in_rows')"
)


@dataclass(frozen=True, slots=True)
class TakenRow:
    """What became of a row."""

    outcome: Outcome
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


@command(permission=CONVERT, label=N_("Withdraw the conversion"), hidden=True)
def withdraw_conversion_run(tx: Transaction, run_id: ConversionRunId) -> None:
    """Mark a conversion as undone; its rows are withdrawn by the undo of its group."""
    tx.get(ConversionRun, run_id).withdrawn_at = tx.now


@command(
    permission=CONVERT,
    label=N_("Take in the old system"),
    undo=(withdraw_conversion_run, ConversionRun),
    hidden=True,
)
def begin_conversion(tx: Transaction, run_id: ConversionRunId, system: str) -> None:
    """Begin to take in an old system. The id is that of the group of all its operations."""
    tx.add(ConversionRun(id=run_id, system=system, begun_at=tx.now, begun_by=tx.actor.id))


@command(permission=CONVERT, label=N_("Withdraw the rows taken in"), hidden=True)
def withdraw_rows(tx: Transaction, batch_id: ConversionBatchId) -> None:
    """Take rows of the old system out of every list; refused when work was done in their charts since."""
    tx.get(ConversionBatch, batch_id)
    rows = tx.raw.execute(
        "SELECT tbl, pk, kind FROM change WHERE operation = (SELECT operation FROM change WHERE"
        " tbl = 'conversion_batch' AND pk = ? AND kind = 'ins')",
        (batch_id,),
    ).fetchall()
    written: dict[str, dict[str, str]] = defaultdict(dict)
    for table, key, kind in rows:
        written[table].setdefault(key, kind)
    _refuse_worked_on(tx, written)
    balances = _balances_of(tx, written)
    for table, keys in written.items():
        if "withdrawn_at" in REGISTRY[table].columns:
            tx.raw.execute(
                f'UPDATE "{table}" SET withdrawn_at = ? WHERE withdrawn_at IS NULL'
                " AND id IN (SELECT value FROM json_each(?))",
                (to_millis(tx.now), _json(keys)),
            )
    _void_balances(tx, balances)


def _balances_of(tx: Transaction, written: dict[str, dict[str, str]]) -> list[str]:
    """The balances that the batch inserted, and those that stand today for its rows."""
    remembered = select(LegacyRow.target_id).where(
        LegacyRow.kind == RowKind.BALANCES, LegacyRow.id.in_(list(written.get("legacy_row", {})))
    )
    return sorted({*written.get("opening_balance", {}), *tx.all(remembered)})


def _json(keys: Any) -> str:
    return msgspec.json.encode(list(keys)).decode()


def _refuse_worked_on(tx: Transaction, written: dict[str, dict[str, str]]) -> None:
    patients, visits = _json(written.get("patient", {})), _json(written.get("appointment", {}))
    asked = [*((statement, patients) for statement in _SINCE), (_HAPPENED, visits)]
    if any(tx.raw.execute(f"{statement} LIMIT 1", (keys,)).fetchone() for statement, keys in asked):
        raise RuleViolation(WORKED_ON)


def _void_balances(tx: Transaction, keys: list[str]) -> None:
    """Void the balances of the batch; those that it voided stand again, as new rows."""
    rows = tx.all(select(OpeningBalance).where(OpeningBalance.id.in_(keys)).order_by(OpeningBalance.id))
    voided = set(tx.all(select(OpeningBalance.corrects_id).where(OpeningBalance.corrects_id.in_(keys))))
    for row in rows:
        if row.corrects_id is not None:
            _stand_again(tx, tx.get(OpeningBalance, row.corrects_id))
        elif row.id not in voided:
            tx.add(
                OpeningBalance(
                    patient_id=row.patient_id, as_of_on=tx.today, contract_total=ZERO, paid_to_date=ZERO, balance=ZERO,
                    recorded_at=tx.now, recorded_by=tx.actor.id, corrects_id=row.id,
                )
            )  # fmt: skip


def _stand_again(tx: Transaction, before: OpeningBalance) -> None:
    copied = {name: getattr(before, name) for name in REGISTRY["opening_balance"].columns if name != "id"}
    again = tx.add(OpeningBalance(**copied))
    remembered = tx.first(
        select(LegacyRow).where(
            LegacyRow.kind == RowKind.BALANCES,
            LegacyRow.system == before.system,
            LegacyRow.legacy_number == before.legacy_number,
        )
    )
    if remembered is not None:
        remembered.target_id, remembered.withdrawn_at = again.id, None
        remembered.digest = ""  # what the old system says of it now is not what stands: the next run sees a change


@command(
    permission=CONVERT, label=N_("Take in rows of the old system"), undo=(withdraw_rows, ConversionBatch), hidden=True
)
def take_in_rows(
    tx: Transaction, run_id: ConversionRunId, file: str, kind: RowKind, rows: list[GivenRow]
) -> list[TakenRow]:
    """Insert what rows ask for and is not here, and bring back what an undone conversion withdrew.

    Rows that differ from what is here are only answered as changed: `change_rows` writes those.
    """
    plans = _plans(tx, run_id, kind, rows)
    inserts = [change for plan in plans for change in plan.inserts]
    returns = [change for plan in plans for change in plan.returns]
    if inserts or returns:
        batch = {
            "run_id": run_id, "kind": kind, "file": file, "first_line": rows[0].line, "last_line": rows[-1].line
        }  # fmt: skip
        key = new_id()
        _insert(tx, [Change(ConversionBatch, key, full_row(ConversionBatch, key, batch)), *inserts])
        _update(tx, returns)
    return [_taken(plan) for plan in plans]


@command(permission=CONVERT, label=N_("Change rows of the old system"), hidden=True)
def change_rows(tx: Transaction, run_id: ConversionRunId, kind: RowKind, rows: list[GivenRow]) -> list[TakenRow]:
    """Change what rows that are here say otherwise now; what was edited here since is kept."""
    plans = _plans(tx, run_id, kind, rows)
    _update(tx, [change for plan in plans for change in plan.changes])
    return [_taken(plan) for plan in plans]


def _plans(tx: Transaction, run_id: ConversionRunId, kind: RowKind, rows: Sequence[GivenRow]) -> list[Plan]:
    run = tx.get(ConversionRun, run_id)
    if run.withdrawn_at is not None:
        raise RuleViolation(N_("This conversion has been undone: begin a new one."), field="run_id")
    return plan_rows(Work(tx.reading(), run.system, run_id, kind, tx.now, tx.setting(DEFAULT_AREA_CODE)), rows)


def _taken(plan: Plan) -> TakenRow:
    return TakenRow(plan.outcome, plan.problems, plan.warnings)


def _insert(tx: Transaction, changes: Sequence[Change]) -> None:
    """Through sqlite-utils, table by table in the order in which they are asked for."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for change in changes:
        tables.setdefault(change.record.__tablename__, []).append(change.values)
    database = tx.database()
    for table, rows in tables.items():
        database.table(table).insert_all(rows)


def _update(tx: Transaction, changes: Sequence[Change]) -> None:
    run: Callable[..., Any] = tx.raw.execute
    for change in changes:
        places = ", ".join(f'"{name}" = ?' for name in change.values)
        values = (*change.values.values(), change.id)
        run(f'UPDATE "{change.record.__tablename__}" SET {places} WHERE id = ?', values)
