"""`do COMMAND` and `ask QUERY`: whatever the registry holds, run with arguments given as text."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar
from zoneinfo import ZoneInfo

from app.cli.arguments import secret_line
from app.cli.console import Console
from app.cli.plain import answer, cell, listing
from app.cli.session import actor_of, add_actor, add_instant, opened
from app.cli.verbs import Verb
from app.core.errors import UsageError
from app.core.i18n import N_, _

if TYPE_CHECKING:
    from app.journal.commands import Command, Parameter, Query
    from app.journal.queries import Actor
    from app.journal.runner import Done
    from app.journal.workplace import Workplace

_WITHOUT_SECONDS: Final = re.compile(r"(\dT\d\d:\d\d)(?![:\d])")
"""ISO 8601 lets the seconds be left out; the decoder of arguments does not."""

NO_COMMAND: Final = N_("There is no command “{name}”.")
NEAR_COMMAND: Final = N_("There is no command “{name}”. Did you mean “{near}”?")
NO_QUERY: Final = N_("There is no query “{name}”.")
NEAR_QUERY: Final = N_("There is no query “{name}”. Did you mean “{near}”?")

C = TypeVar("C", bound="Command[..., Any] | Query[..., Any]")


def given_arguments(words: Sequence[str], item: Command[..., Any] | Query[..., Any]) -> dict[str, Any]:
    """`key=value` words by key. `@FILE` reads a text file, `-` a line of standard input, `@@…` stands for `@…`.

    A word without `=` is refused by its place and not shown: it may be a secret.
    """
    known = {parameter.name: parameter for parameter in item.parameters}
    given: dict[str, Any] = {}
    for place, word in enumerate(words, 1):
        name, equals, value = word.partition("=")
        if not equals:
            raise UsageError(N_("Argument {place} is not written name=value."), place=place)
        if name in given:
            raise UsageError(N_("The argument “{name}” is given twice."), field=name, name=name)
        given[name] = _value(value, name, known.get(name))
    return given


def _value(value: str, name: str, parameter: Parameter | None) -> Any:
    from app.cli.annotations import holds_instants, is_optional

    if value == "-":
        return secret_line("-", name)
    if value.startswith("@@"):
        return value[1:]
    if value.startswith("@"):
        return _text_of(Path(value[1:]), name)
    if parameter is not None and value == "" and is_optional(parameter.annotation):
        return None
    if parameter is not None and holds_instants(parameter.annotation):
        return _WITHOUT_SECONDS.sub(r"\1:00", value)
    return value


def _text_of(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(N_("The file {path} cannot be read."), field=name, path=str(path)) from error


def known(table: Mapping[str, C], name: str, absent: str, near: str) -> C:
    """The command or query of this name; otherwise `UsageError` with one sentence, or the other for a near name."""
    if name in table:
        return table[name]
    import difflib

    close = difflib.get_close_matches(name, table, n=1)
    raise UsageError(near, name=name, near=close[0]) if close else UsageError(absent, name=name)


def typed(item: Command[..., Any] | Query[..., Any], words: Sequence[str], zone: ZoneInfo) -> dict[str, Any]:
    """The words as typed arguments; an instant without an offset is the clinic’s."""
    from app.practice.local_time import localised

    parsed = item.parse(given_arguments(words, item))
    return {name: localised(value, zone, name) for name, value in parsed.items()}


def _do(arguments: Namespace, console: Console) -> int:
    from app.journal.commands import COMMANDS

    with opened(arguments, console) as workplace:
        item = known(COMMANDS, arguments.command, NO_COMMAND, NEAR_COMMAND)
        actor = actor_of(workplace, arguments, item.permission)
        values = typed(item, arguments.words, workplace.clock.zone)
        done = workplace.runner.submit_bound(actor, item, values, reason=arguments.reason).result()
        console.emit(done_row(done), lambda: done_text(item.label, done))
    return 0


def done_row(done: Done[Any]) -> dict[str, Any]:
    """What a command did, for programs."""
    return {
        "result": done.result,
        "operation": done.operation_id or None,
        "group": done.group_id,
        "undoable": done.undoable,
        "changes": {table: sorted(done.changes.tables[table]) for table in sorted(done.changes.tables)},
    }


def done_text(label: str, done: Done[Any]) -> str:
    """What a command did, for people."""
    if not done.operation_id and not done.changes:
        return _(N_("{label}: done, nothing was changed."), label=label)
    lines = {
        _(N_("Operation")): done.operation_id or "—",
        _(N_("Can be undone")): done.undoable,
        _(N_("Changes")): ", ".join(f"{table} {len(ids)}" for table, ids in sorted(done.changes.tables.items())),
    }
    if done.result is not None:
        lines = {_(N_("Result")): cell(done.result)} | lines
    return _(N_("{label}: done."), label=label) + "\n" + listing(lines)


def _ask(arguments: Namespace, console: Console) -> int:
    from app.journal.commands import QUERIES

    with opened(arguments, console) as workplace:
        item = known(QUERIES, arguments.query, NO_QUERY, NEAR_QUERY)
        actor = actor_of(workplace, arguments, item.permission)
        values = typed(item, arguments.words, workplace.clock.zone)
        result = workplace.runner.ask(actor, item, **values)
        _note_chart(workplace, actor, item, values)
        console.emit(result, lambda: answer(result))
    return 0


def _note_chart(workplace: Workplace, actor: Actor, item: Query[..., Any], values: Mapping[str, Any]) -> None:
    """A question about one patient is a reading of that chart, and stands in the access log."""
    from app.cli.annotations import without_none
    from app.core.ids import PatientId

    for parameter in item.parameters:
        subject = values.get(parameter.name)
        if subject is not None and without_none(parameter.annotation) is PatientId:
            workplace.runner.access(actor, "open", str(subject), item.name)


def _do_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("command", metavar="COMMAND", help=_(N_("a name from “commands”")))
    _add_words(parser)
    add_actor(parser)
    add_instant(parser)
    parser.add_argument("--reason", metavar="TEXT", help=_(N_("why, kept in the journal with the operation")))


def _ask_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("query", metavar="QUERY", help=_(N_("a name from “queries”")))
    _add_words(parser)
    add_actor(parser)
    add_instant(parser)


def _add_words(parser: ArgumentParser) -> None:
    parser.add_argument(
        "words",
        metavar=_(N_("name=value")),
        nargs="*",
        help=_(N_("an argument; lists by comma or as JSON, “@FILE” reads a file, “-” a line of the standard input")),
    )


VERBS: Final = [
    Verb("do", N_("Do something: run a command as a person."), _do_arguments, _do),
    Verb("ask", N_("Ask something: run a query as a person."), _ask_arguments, _ask),
]
