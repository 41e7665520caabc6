"""What an older version could not take in, taken in once this version knows it: after an update, in the old order."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from app.core.ids import new_id
from app.journal.changes import ChangeSet
from app.journal.operations import state
from app.journal.records import REGISTRY
from app.journal.remote import RemoteChange, RemoteOperation, apply_one
from app.journal.runner import Runner, Step

AUTHOR: Final = "parked:"
COMMAND: Final = "take_in_parked"
AT_ONCE: Final = 400


def replay_parked(runner: Runner) -> int:
    """Take in what was parked and is known now; returns how many changes. What is still unknown stays parked.

    On the server each becomes an operation that every workstation gets: nobody has seen it before.
    """
    done = 0

    def work(step: Step) -> ChangeSet:
        nonlocal done
        changes = ChangeSet()
        rows = step.raw.execute(
            "SELECT id, operation, table_name, content, hlc FROM parked_change ORDER BY rowid"
        ).fetchall()
        for identity, operation, table, content, hlc in rows:
            change = _known(step.raw, table, msgspec.json.decode(content))
            if change is None:
                continue
            changes = changes.followed_by(_take_in(step, operation, change, hlc))
            step.raw.execute("DELETE FROM parked_change WHERE id = ?", (identity,))
            step.wrote = True
            done += 1
        return changes

    if _waits(runner):
        runner.transact(work, foreign_keys=False)
    return done


def _waits(runner: Runner) -> bool:
    with runner.database.readers.connect() as connection:
        run = connection.connection.driver_connection
        assert run is not None, "a connection that is open has its driver"
        return run.execute("SELECT 1 FROM parked_change LIMIT 1").fetchone() is not None


def _known(run: Any, table: str, content: dict[str, Any]) -> RemoteChange | None:
    """The change, when this version knows its table and columns and the row that it changes is here."""
    row = REGISTRY.get(table)
    if row is None or not row.captured or not set(content["values"]) <= set(row.columns):
        return None
    here = run.execute(f'SELECT 1 FROM "{table}" WHERE id = ?', (content["key"],)).fetchone() is not None
    if not here and content["kind"] != "ins":
        return None
    return RemoteChange(table, content["key"], content["kind"], content["values"])


def _take_in(step: Step, operation: str, change: RemoteChange, hlc: int) -> ChangeSet:
    run = step.raw
    author = AUTHOR + (state(run, "device") or "")
    judges = state(run, "epoch") is not None  # the server numbers anew; a workstation keeps the place that it was given
    found = run.execute("SELECT sequence, actor FROM operation WHERE id = ?", (operation,)).fetchone()
    (last,) = run.execute("SELECT coalesce(max(number), 0) FROM operation WHERE device = ?", (author,)).fetchone()
    sequence = None if judges else (found[0] if found else None)
    made = apply_one(
        step,
        RemoteOperation(
            new_id(), author, last + 1, COMMAND, found[1] if found else None, hlc, step.runner.place.schema, (change,),
            sequence=sequence,
        ),
    )  # fmt: skip
    if judges and made:
        run.execute("UPDATE operation SET sequence = n WHERE device = ? AND number = ?", (author, last + 1))
    return made
