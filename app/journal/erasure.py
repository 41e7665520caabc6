"""Erasing a person (Law 25, s. 28.1): payload and salt go, commitments stay, and the chain tells that it was done.

Every captured row of the subject is blanked under an operation of origin `erasure`, for which the triggers write
kind `era` without the old values; the subject's deltas and the texts of the operations that touched them are set to
NULL; sealed files that only this subject used are removed; projections are re-computed; the log file is truncated.

An erasure that arrives from another machine does the same here (`erase_arrived`), whatever this machine knows of the
person beyond what the other one knew, its own operations that wait included.

Some rows exist before anybody knows whose they are (an X-ray that waits for its patient): their subject is then not
the patient but something that belongs to one, and stays the same for good. Slices name these with `erased_with`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import msgspec

from app.core.errors import NotFound, PermissionDenied
from app.core.i18n import N_
from app.core.permissions import Permission, Role
from app.journal.changes import ChangeSet
from app.journal.copies import FILE_COLUMN
from app.journal.operations import MAXIMUM_CHANGES, Draft, set_state, state
from app.journal.projections import PROJECTIONS
from app.journal.queries import Actor
from app.journal.records import REGISTRY, Day, Json, Merge, Registered

if TYPE_CHECKING:
    from app.journal.runner import Runner, Step
    from app.journal.transaction import Transaction

ERASE = Permission("erase_person", N_("Erase a person’s data"), (Role.PRACTICE_MANAGER,))
ERASE_COMMAND = "erase_subject"
COMPANIONS: list[Callable[[Any, str], Iterable[str]]] = []
FORGETTING: list[Callable[[Any, str], None]] = []
_ERASED: Final = "erased "
"""Before a subject: the key of `journal_state` for the newest operation that erased it here."""
_TOLD: Final = "(SELECT o.id FROM operation o JOIN change c ON c.operation = o.n WHERE c.subject = ?)"


def erased_with(find: Callable[[Any, str], Iterable[str]]) -> Callable[[Any, str], Iterable[str]]:
    """Declare `find(connection, subject)`: the further subjects that an erasure of this one erases too."""
    COMPANIONS.append(find)
    return find


def forgets(forget: Callable[[Any, str], None]) -> Callable[[Any, str], None]:
    """Declare `forget(connection, subject)`: what a machine keeps of a person outside its journal and its records."""
    FORGETTING.append(forget)
    return forget


class _Erased(msgspec.Struct):
    """The arguments of an erasure."""

    subject: str


def subject_erased(arguments: str | None) -> str | None:
    """Whom an erasure is about, from its arguments; None when they cannot be read."""
    try:
        return msgspec.json.decode(arguments or "", type=_Erased).subject
    except msgspec.DecodeError:
        return None


def erased_here(run: Any) -> dict[str, int]:
    """{subject: the row number of the newest operation that erased them here}."""
    rows = run.execute("SELECT k, v FROM journal_state WHERE k > ? AND k < ?", (_ERASED, _ERASED[:-1] + "!"))
    return {key.removeprefix(_ERASED): int(n) for key, n in rows}


def erase_subject(runner: Runner, actor: Actor, subject: str) -> int:
    """Erase every payload about a subject (a patient's id); returns how many rows were blanked.

    Raises `NotFound` when neither a captured row nor the journal is about this subject.
    """
    if not actor.may(ERASE):
        runner.access(actor, "refused", subject=subject, detail=ERASE_COMMAND)
        raise PermissionDenied(ERASE.name, ERASE.label)
    count = 0

    def work(step: Step) -> ChangeSet:
        nonlocal count
        subjects = dict.fromkeys((subject, *(other for find in COMPANIONS for other in find(step.raw, subject))))
        found = {one: rows_about(step.raw, one) for one in subjects}
        if not any(found.values()) and not _told_of(step.raw, subject):
            raise NotFound(N_("person"), subject)
        step.unsealed |= _files_only_of(step.raw, frozenset(subjects))
        changes = ChangeSet()
        for one, rows in found.items():
            arguments = msgspec.json.encode(_Erased(one)).decode()
            for start in range(0, max(1, len(rows)), MAXIMUM_CHANGES):
                part = rows[start : start + MAXIMUM_CHANGES]
                draft = Draft(ERASE_COMMAND, actor.id, arguments, actor.session, origin="erasure")
                done, made, _changes = step.operation(actor, draft, partial(_blank_here, part, one))
                count += done
                changes = changes.followed_by(made)
            _drop_local(step.raw, one)
        step.erased = True
        return changes

    changes = runner.transact(work)
    runner.access(actor, "erased", subject=subject)
    return count if changes else 0


def erase_arrived(step: Step, subject: str, echo_of: int = 0) -> None:
    """Inside an open operation of origin `erasure` of another machine: erase what is here of its subject.

    `echo_of`: the number under which this device itself has erased the subject. What came of others since goes too;
    what was written here since was written by somebody who knew, and stays.
    """
    run = step.raw
    if not echo_of:
        step.unsealed |= _files_only_of(run, frozenset({subject}))
        _blank(run, rows_about(run, subject))
        _drop_local(run, subject)
    _empty_journal(run, subject, echo_of)
    step.erased = True


def rows_about(run: Any, subject: str) -> list[tuple[Registered, str]]:
    """Every captured row of a subject, by its key."""
    return [(row, key) for row in _tables() for key in _keys(run, row, subject)]


def _tables() -> list[Registered]:
    return [row for row in REGISTRY.captured() if row.subject]


def _told_of(run: Any, subject: str) -> bool:
    """Whether the journal still holds something about a person whose rows are gone."""
    query = "SELECT 1 FROM change WHERE subject = ? AND delta IS NOT NULL AND kind <> 'era' LIMIT 1"
    return run.execute(query, (subject,)).fetchone() is not None


def _keys(run: Any, row: Registered, subject: str) -> list[str]:
    found = run.execute(f'SELECT id FROM "{row.table}" WHERE "{row.subject}" = ? ORDER BY id', (subject,)).fetchall()
    return [item[0] for item in found]


def _blank_here(rows: list[tuple[Registered, str]], subject: str, tx: Transaction) -> int:
    _blank(tx.raw, rows)
    _empty_journal(tx.raw, subject)
    return len(rows)


def _blank(run: Any, rows: list[tuple[Registered, str]]) -> None:
    for row, key in rows:
        blanks = {name: _blank_value(row, name) for name in row.columns if name not in row.kept_at_erasure}
        if blanks:
            places = ", ".join(f'"{name}" = ?' for name in blanks)
            run.execute(f'UPDATE "{row.table}" SET {places} WHERE id = ?', (*blanks.values(), key))


def _empty_journal(run: Any, subject: str, echo_of: int = 0) -> None:
    """Take the contents of what was written before out of the journal; the commitments stay."""
    (here,) = run.execute("SELECT n FROM operation WHERE hash IS NULL").fetchone()
    since = "SELECT n FROM operation WHERE device = ? AND number > ?"
    own = run.execute(since, (state(run, "device"), echo_of)).fetchall() if echo_of else []
    kept = msgspec.json.encode([here, *(n for (n,) in own)]).decode()
    run.execute(
        "UPDATE operation SET arguments = NULL, reason = NULL, salt = NULL"
        " WHERE hash IS NOT NULL AND origin <> 'erasure'"
        " AND n IN (SELECT operation FROM change WHERE subject = ?) AND n NOT IN (SELECT value FROM json_each(?))",
        (subject, kept),
    )
    run.execute(
        "UPDATE change SET delta = NULL, salt = NULL WHERE subject = ? AND kind <> 'era'"
        " AND operation NOT IN (SELECT value FROM json_each(?))",
        (subject, kept),
    )
    for row in _tables():  # what passed to another person: the change that tells of both goes too
        run.execute(
            "UPDATE change SET delta = NULL, salt = NULL WHERE tbl = ? AND kind <> 'era'"
            " AND operation NOT IN (SELECT value FROM json_each(?))"
            " AND pk IN (SELECT pk FROM change WHERE tbl = ? AND subject = ?) AND json_extract(delta, ?) = ?",
            (row.table, kept, row.table, subject, f"$.{row.subject}[0]", subject),
        )
    run.execute(
        "UPDATE inbox_item SET content = json_object('why', code, 'changes', json('[]'))"
        f" WHERE operation IN {_TOLD}", (subject,)
    )  # fmt: skip
    run.execute(
        f"DELETE FROM parked_change WHERE operation IN {_TOLD} OR json_extract(content, '$.subject') = ?",
        (subject, subject),
    )
    for forget in FORGETTING:
        forget(run, subject)
    set_state(run, _ERASED + subject, str(here))


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


def purge_projections(run: Any) -> None:
    """Take the words of the erased out of what is derived; inside a transaction, once projections are computed."""
    for item in PROJECTIONS.values():
        for statement in item.purge:
            run.execute(statement)
