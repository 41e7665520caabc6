"""`sql`: read the database, or, with the right to, write it; triggers capture the writes like any others."""

from __future__ import annotations

import contextlib
import csv
import io
import sqlite3
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import msgspec

from app.cli.console import Console
from app.cli.plain import table
from app.cli.session import actor_or_system, add_actor, named_actor, opened
from app.cli.verbs import Verb
from app.core.errors import PermissionDenied, RuleViolation, StaleRecord, UsageError
from app.core.i18n import N_, _

if TYPE_CHECKING:
    from app.cli.sql_guard import Guard
    from app.core.permissions import Permission
    from app.journal.queries import Actor
    from app.journal.workplace import Workplace

Row = dict[str, Any]
_ADOPTED: Final = """
SELECT o.n, o.id, o.grp AS "group", o.origin, o.actor, count(*) AS changes, group_concat(DISTINCT c.tbl) AS tables
FROM operation o JOIN change c ON c.operation = o.n WHERE o.n > ? AND o.origin = 'raw' GROUP BY o.n ORDER BY o.n"""


def statements(text: str) -> list[str]:
    """The statements of a text; a semicolon inside a text, a comment or a trigger body ends none."""
    found, current = [], ""
    for piece in text.split(";"):
        current += piece + ";"
        if sqlite3.complete_statement(current):
            found.append(current.strip())
            current = ""
    if current.strip(" \t\r\n;"):
        found.append(current.strip())
    return [statement for statement in found if statement.strip(" \t\r\n;")]


def parameter_sets(path: Path) -> list[Any]:
    """The rows of a CSV file with a header, or of a JSON list of objects or lists, for `:name` or `?` places.

    An empty CSV field is NULL.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(N_("The file {path} cannot be read."), field="many", path=str(path)) from error
    if path.suffix.lower() == ".json":
        try:
            return msgspec.json.decode(text, type=list[dict[str, Any] | list[Any]])
        except msgspec.MsgspecError as error:
            raise UsageError(
                N_("The file {path} is not a JSON list of objects or lists."), field="many", path=str(path)
            ) from error
    return [{name: value or None for name, value in row.items()} for row in csv.DictReader(io.StringIO(text))]


def _sql(arguments: Namespace, console: Console) -> int:
    wanted = statements(arguments.statement)
    if not wanted:
        raise UsageError(N_("There is no statement to run."))
    if arguments.many and (not arguments.write or len(wanted) != 1):
        raise UsageError(N_("“--many” goes with “--write” and one statement."), field="many")
    many = parameter_sets(arguments.many) if arguments.many else None
    with opened(arguments, console) as workplace:
        if arguments.write:
            return _write(workplace, arguments, wanted, many, console)
        return _read(workplace, arguments, wanted, console)


def _require(workplace: Workplace, actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        workplace.runner.access(actor, "refused", detail="command line: sql")
        raise PermissionDenied(permission.name, permission.label)


def _read(workplace: Workplace, arguments: Namespace, wanted: Sequence[str], console: Console) -> int:
    from app.cli.sql_guard import Guard
    from app.journal.raw import READ_RAW

    actor = actor_or_system(workplace, arguments)
    _require(workplace, actor, READ_RAW)
    guard = Guard(write=False)
    with contextlib.closing(workplace.database.raw(read_only=True)) as connection:
        connection.set_authorizer(guard)
        with _sentences(guard):
            columns, rows, _count = _execute(connection, wanted)
    workplace.runner.access(actor, "export", detail="command line: sql")
    console.emit(
        {"columns": columns, "rows": rows, "count": len(rows)}, lambda: table(rows, {name: name for name in columns})
    )
    return 0


def _execute(connection: Any, wanted: Sequence[str], many: list[Any] | None = None) -> tuple[list[str], list[Row], int]:
    """Run the statements in order; the columns and rows of the last that gives any, and how many rows were written."""
    columns: list[str] = []
    rows: list[Row] = []
    written = 0
    for statement in wanted:
        cursor = connection.execute(statement) if many is None else connection.executemany(statement, many)
        if cursor.description:
            columns = _distinct([item[0] for item in cursor.description])
            rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
        written += max(cursor.rowcount, 0)
    return columns, rows, written


def _distinct(names: Sequence[str]) -> list[str]:
    """Column names made different, so that none hides another: `id`, `id_2`."""
    seen: list[str] = []
    for name in names:
        count = 2
        candidate = name
        while candidate in seen:
            candidate, count = f"{name}_{count}", count + 1
        seen.append(candidate)
    return seen


def _write(
    workplace: Workplace, arguments: Namespace, wanted: Sequence[str], many: list[Any] | None, console: Console
) -> int:
    from app.journal.raw import WRITE_RAW

    actor = named_actor(workplace, arguments)
    _require(workplace, actor, WRITE_RAW)
    workplace.runner.access(actor, "raw_write", detail="command line: sql")
    with contextlib.closing(workplace.database.raw()) as connection:
        before = connection.execute("SELECT coalesce(max(n), 0) FROM operation").fetchone()[0]
        columns, rows, written = _write_rows(connection, wanted, many)
        workplace.runner.adopt_raw()
        names = ("n", "id", "group", "origin", "actor", "changes", "tables")
        adopted = [dict(zip(names, row, strict=True)) for row in connection.execute(_ADOPTED, (before,)).fetchall()]
    for row in adopted:
        row["tables"] = sorted(row["tables"].split(","))
    answer = {"written": written, "operations": adopted, "columns": columns, "rows": rows}
    console.emit(answer, lambda: _written_text(written, adopted))
    return 0


def _write_rows(connection: Any, wanted: Sequence[str], many: list[Any] | None) -> tuple[list[str], list[Row], int]:
    """Run the statements in one transaction of their own: all of them, or none."""
    from app.cli.sql_guard import Guard

    guard = Guard(write=True)
    with _sentences(guard):
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.set_authorizer(guard)
            done = _execute(connection, wanted, many)
            connection.set_authorizer(None)
            connection.execute("COMMIT")
        except BaseException:
            connection.set_authorizer(None)
            connection.execute("ROLLBACK")
            raise
    return done


def _written_text(written: int, adopted: Sequence[Row]) -> str:
    titles = {"id": N_("Operation"), "actor": N_("Who"), "changes": N_("Changes"), "tables": N_("Tables")}
    head = _(N_("Rows written: {count}."), count=written)
    return f"{head}\n{table(adopted, {name: _(title) for name, title in titles.items()})}" if adopted else head


@contextlib.contextmanager
def _sentences(guard: Guard) -> Iterator[None]:
    """Turn the database's refusals into sentences with an exit code."""
    import sqlcipher3.dbapi2 as sqlcipher

    try:
        yield
    except (sqlcipher.Error, sqlcipher.Warning) as error:
        _refuse(guard, error, integrity=isinstance(error, sqlcipher.IntegrityError))


def _refuse(guard: Guard, error: Exception, *, integrity: bool) -> NoReturn:
    if "locked" in str(error):
        raise StaleRecord(N_("Another program holds the database. Try again.")) from None
    if guard.denied and not guard.write:
        raise UsageError(N_("This statement does not only read. Add --write --as USER to write rows.")) from None
    if guard.denied and guard.denied[-1]:
        raise RuleViolation(N_("The table “{table}” is not written directly."), table=guard.denied[-1]) from None
    if guard.denied or "may not be modified" in str(error):
        raise RuleViolation(N_("Only rows are written directly: INSERT, UPDATE and DELETE.")) from None
    if "immutable" in str(error):
        raise RuleViolation(N_("What has been recorded does not change; add a correction.")) from None
    if integrity:
        raise RuleViolation(N_("The database refuses it: {detail}"), detail=str(error)) from None
    raise UsageError(N_("The statement cannot be run: {detail}"), detail=str(error)) from None


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("statement", metavar="SQL", help=_(N_("one or several statements, separated by semicolons")))
    parser.add_argument(
        "--write", action="store_true", help=_(N_("write rows; needs --as and the permission to write directly"))
    )
    parser.add_argument(
        "--many", type=Path, metavar="FILE", help=_(N_("run the statement once for each row of a CSV or JSON file"))
    )
    add_actor(parser)


VERBS: Final = [Verb("sql", N_("Read the database, or write rows of it directly."), _arguments, _sql)]
