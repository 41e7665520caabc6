"""Erasing a person (Law 25, s. 28.1): payload and salt go, commitments stay, and the chain tells that it was done.

Every captured row of the subject is blanked under an operation of origin `erasure`, for which the triggers write
kind `era` without the old values; the subject's deltas and the texts of the operations that touched them are set to
NULL; sealed files that only this subject used are removed; projections are re-computed; the log file is truncated.

Some rows exist before anybody knows whose they are (an X-ray that waits for its patient): their subject is then not
the patient but something that belongs to one, and stays the same for good. Slices name these with `erased_with`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from app.core.errors import NotFound, PermissionDenied
from app.core.i18n import N_
from app.core.permissions import Permission, Role
from app.journal.changes import ChangeSet
from app.journal.copies import FILE_COLUMN
from app.journal.operations import MAXIMUM_CHANGES, Draft
from app.journal.projections import PROJECTIONS
from app.journal.queries import Actor
from app.journal.records import REGISTRY, Day, Json, Merge, Registered
from app.journal.transaction import Transaction

if TYPE_CHECKING:
    from app.journal.runner import Runner, Step

ERASE = Permission("erase_person", N_("Erase a person’s data"), (Role.PRACTICE_MANAGER,))
ERASE_COMMAND = "erase_subject"
COMPANIONS: list[Callable[[Any, str], Iterable[str]]] = []


def erased_with(find: Callable[[Any, str], Iterable[str]]) -> Callable[[Any, str], Iterable[str]]:
    """Declare `find(connection, subject)`: the further subjects that an erasure of this one erases too."""
    COMPANIONS.append(find)
    return find


def erase_subject(runner: Runner, actor: Actor, subject: str) -> int:
    """Erase every payload about a subject (a patient's id); returns how many rows were blanked.

    Raises `NotFound` when neither a captured row nor the journal is about this subject.
    """
    if not actor.may(ERASE):
        runner.access(actor, "refused", subject=subject, detail=ERASE_COMMAND)
        raise PermissionDenied(ERASE.name, ERASE.label)
    files: set[str] = set()
    count = 0

    def work(step: Step) -> ChangeSet:
        nonlocal count
        subjects = dict.fromkeys((subject, *(other for find in COMPANIONS for other in find(step.raw, subject))))
        found = {one: [(row, key) for row in _tables() for key in _keys(step.raw, row, one)] for one in subjects}
        if not any(found.values()) and not _told_of(step.raw, subject):
            raise NotFound(N_("person"), subject)
        files.update(_files_only_of(step.raw, frozenset(subjects)))
        changes = ChangeSet()
        for one, rows in found.items():
            arguments = msgspec.json.encode({"subject": one}).decode()
            for start in range(0, max(1, len(rows)), MAXIMUM_CHANGES):
                part = rows[start : start + MAXIMUM_CHANGES]
                draft = Draft(ERASE_COMMAND, actor.id, arguments, actor.session, origin="erasure")
                done, made, _changes = step.operation(actor, draft, partial(_blank, part, one))
                count += done
                changes = changes.followed_by(made)
            _drop_local(step.raw, one)
        _purge_projections(step.raw)
        return changes

    changes = runner.transact(work)
    for name in sorted(files):
        runner.files.remove(name)
    runner.empty_log()
    runner.access(actor, "erased", subject=subject)
    return count if changes else 0


def _tables() -> list[Registered]:
    return [row for row in REGISTRY.captured() if row.subject]


def _told_of(run: Any, subject: str) -> bool:
    """Whether the journal still holds something about a person whose rows are gone."""
    query = "SELECT 1 FROM change WHERE subject = ? AND delta IS NOT NULL AND kind <> 'era' LIMIT 1"
    return run.execute(query, (subject,)).fetchone() is not None


def _keys(run: Any, row: Registered, subject: str) -> list[str]:
    found = run.execute(f'SELECT id FROM "{row.table}" WHERE "{row.subject}" = ? ORDER BY id', (subject,)).fetchall()
    return [item[0] for item in found]


def _blank(rows: list[tuple[Registered, str]], subject: str, tx: Transaction) -> int:
    raw = tx.raw
    for row, key in rows:
        blanks = {name: _blank_value(row, name) for name in row.columns if name not in row.kept_at_erasure}
        if blanks:
            places = ", ".join(f'"{name}" = ?' for name in blanks)
            raw.execute(f'UPDATE "{row.table}" SET {places} WHERE id = ?', (*blanks.values(), key))
    here = "(SELECT n FROM operation WHERE hash IS NULL)"
    raw.execute(
        "UPDATE operation SET arguments = NULL, reason = NULL, salt = NULL"
        " WHERE hash IS NOT NULL AND origin <> 'erasure'"
        " AND n IN (SELECT operation FROM change WHERE subject = ?)",
        (subject,),
    )
    raw.execute(
        f"UPDATE change SET delta = NULL, salt = NULL WHERE subject = ? AND operation <> {here} AND kind <> 'era'",
        (subject,),
    )
    for row in _tables():  # what passed to another person: the change that tells of both goes too
        raw.execute(
            "UPDATE change SET delta = NULL, salt = NULL WHERE tbl = ? AND kind <> 'era'"
            " AND pk IN (SELECT pk FROM change WHERE tbl = ? AND subject = ?) AND json_extract(delta, ?) = ?",
            (row.table, row.table, subject, f"$.{row.subject}[0]", subject),
        )
    return len(rows)


def _drop_local(run: Any, subject: str) -> None:
    """Rows that never left this workstation and that no journal explains: they go, with the files that they name."""
    for row in REGISTRY:
        if row.merge is Merge.LOCAL and row.subject:
            run.execute(f'DELETE FROM "{row.table}" WHERE "{row.subject}" = ?', (subject,))


def _blank_value(row: Registered, name: str) -> str | None:
    column = row.record.__table__.c[name]
    if column.nullable:
        return None
    if isinstance(column.type, Day):
        return "0001-01-01"
    return "null" if isinstance(column.type, Json) else ""


def _files_only_of(run: Any, subjects: frozenset[str]) -> set[str]:
    """Sealed files that rows of these subjects name and no other row does."""
    mine: set[str] = set()
    others: set[str] = set()
    for row in REGISTRY:
        for name in (name for name in row.columns if name.endswith(FILE_COLUMN)):
            owner = f'"{row.subject}"' if row.subject else "NULL"
            for value, whose in run.execute(f'SELECT "{name}", {owner} FROM "{row.table}" WHERE "{name}" > \'\''):
                (mine if whose in subjects else others).add(value)
    return mine - others


def _purge_projections(run: Any) -> None:
    for item in PROJECTIONS.values():
        for statement in item.purge:
            run.execute(statement)
