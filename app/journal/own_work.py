"""What the reader did, newest first: the undo history, and the panel of recent work. No right is needed to see one's
own work; what colleagues did is the audit trail, which needs one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.core.clock import hlc_instant
from app.core.i18n import N_
from app.journal.commands import COMMANDS, query
from app.journal.queries import Reading
from app.journal.undo import UNDO_COMMAND, is_undone

MOST: Final = 20
ROWS: Final = 200
RECENT: Final = 50_000
"""How far back one looks: the journal is read from its end, and stops here for somebody who never did anything."""
NOT_WORK: Final = frozenset({"change_setting", "reset_setting"})
"""Looks and layouts are no work to be found again."""


@dataclass(frozen=True, slots=True)
class OwnWork:
    """One operation, or one group of them. `label` is a msgid; `undoes` the operation that it takes back.

    `patient_id` is its only subject, empty when it has none or several; `times` counts the operations of the group.
    """

    operation_id: str
    group_id: str
    at: datetime
    command: str
    label: str
    undoes: str
    is_undone: bool
    patient_id: str
    times: int


@query(permission=None, label=N_("My recent work"))
def own_work(read: Reading, subject: str = "", limit: int = MOST) -> tuple[OwnWork, ...]:
    """List what the reader did last, all of it or about one patient; a group is one line."""
    about = " AND n IN (SELECT operation FROM change WHERE subject = :subject)" if subject else ""
    skipped = ", ".join(f"'{name}'" for name in sorted(NOT_WORK))
    rows = read.sql(
        "SELECT n, id, grp, hlc, command, undoes, reason FROM operation"
        " WHERE n > (SELECT max(n) FROM operation) - :recent AND actor = :who AND hash IS NOT NULL AND origin = 'here'"
        f" AND command NOT IN ({skipped}){about} ORDER BY n DESC LIMIT :most",
        recent=RECENT,
        who=read.actor.id,
        most=ROWS,
        **({"subject": subject} if subject else {}),
    )
    steps: dict[str, list[Any]] = {}
    for row in rows:
        steps.setdefault(row.grp or row.id, []).append(row)
    return tuple(_line(read, step) for step in list(steps.values())[: max(1, min(limit, ROWS))])


def _line(read: Reading, step: list[Any]) -> OwnWork:
    row, last = step[0], step[-1]
    subjects = read.sql(
        "SELECT DISTINCT subject FROM change WHERE operation BETWEEN :first AND :last AND subject IS NOT NULL"
        " AND operation IN (SELECT value FROM json_each(:numbers)) LIMIT 2",
        first=last.n,
        last=row.n,
        numbers=json.dumps([entry.n for entry in step]),
    )
    command = COMMANDS.get(row.command)
    label = row.reason if row.grp and row.reason else command.label if command else row.command
    if row.command == UNDO_COMMAND:
        label = N_("Undo")
    raw = read.connection.connection.driver_connection
    return OwnWork(
        row.id, row.grp or "", hlc_instant(row.hlc), row.command, label, row.undoes or "", is_undone(raw, row.id),
        subjects[0][0] if len(subjects) == 1 else "", len(step),
    )  # fmt: skip
