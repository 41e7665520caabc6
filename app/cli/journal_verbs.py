"""`journal` and `undo`: what was done, by whom, and taking it back."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Any, Final

import msgspec

from app.cli.console import Console
from app.cli.do_ask import done_row, done_text
from app.cli.plain import table
from app.cli.session import add_actor, add_instant, named_actor, opened
from app.cli.verbs import Verb
from app.core.clock import hlc_instant
from app.core.i18n import N_, _

_OPERATIONS: Final = """
SELECT n, id, origin, device, number, command, arguments, actor, reason, hlc, undoes, grp, sequence FROM operation
WHERE n > :since AND hash IS NOT NULL ORDER BY n DESC LIMIT :limit"""
_CHANGES: Final = """
SELECT c.operation, c.tbl, c.pk, c.subject, c.kind, c.delta FROM change c
WHERE c.operation >= :first AND c.operation <= :last ORDER BY c.n"""


def operations(read: Any, since: int, limit: int, name_of: Callable[[str], str]) -> list[dict[str, Any]]:
    """Operations after number `since`, oldest first, at most the `limit` newest; each with its changes.

    Every value is given, as `dump` and `sql` do to whoever holds the key; erased values are absent.
    """
    rows = [dict(row._mapping) for row in read.sql(_OPERATIONS, since=since, limit=limit)][::-1]
    named = {actor: name_of(actor) for actor in {row["actor"] for row in rows} if actor}
    for row in rows:
        row["actor_name"] = named.get(row["actor"], "")
        row["at"] = hlc_instant(row.pop("hlc"))
        row["group"] = row.pop("grp")
        row["arguments"] = msgspec.json.decode(row["arguments"]) if row["arguments"] else None
        row["changes"] = []
    by_number = {row["n"]: row for row in rows}
    if rows:
        for change in read.sql(_CHANGES, first=rows[0]["n"], last=rows[-1]["n"]):
            by_number[change.operation]["changes"].append(_change(change))
    return rows


def _change(row: Any) -> dict[str, Any]:
    delta = msgspec.json.decode(row.delta, type=dict[str, list[Any]]) if row.delta else None
    return {"table": row.tbl, "id": row.pk, "subject": row.subject, "kind": row.kind, "delta": delta}


def _journal(arguments: Namespace, console: Console) -> int:
    from app.journal.queries import SYSTEM

    with opened(arguments, console) as workplace:
        with workplace.runner.read(SYSTEM) as read:
            known = workplace.runner.authority
            rows = operations(
                read, arguments.since, arguments.limit, lambda actor: known.name(read, actor) if known else actor
            )
        workplace.runner.access(SYSTEM, "export", detail="command line: journal")
        console.emit(rows, lambda: _text(rows, workplace.clock.zone))
    return 0


def _text(rows: list[dict[str, Any]], zone: Any) -> str:
    shown = [
        row
        | {
            "at": row["at"].astimezone(zone).isoformat(sep=" ", timespec="seconds"),
            "changes": " ".join(_brief(change) for change in row["changes"]),
        }
        for row in rows
    ]
    titles = {
        "n": N_("No."),
        "at": N_("When"),
        "origin": N_("Origin"),
        "command": N_("Command"),
        "actor_name": N_("Who"),
        "id": N_("Operation"),
        "changes": N_("Changes"),
    }
    return table(shown, {name: _(title) for name, title in titles.items()})


def _brief(change: dict[str, Any]) -> str:
    """A change in a table cell; what was updated with its values before and after."""
    head = f"{change['kind']}:{change['table']}"
    if change["kind"] != "upd" or not change["delta"]:
        return head
    return f"{head} " + ", ".join(f"{name} {old} → {new}" for name, (old, new) in change["delta"].items())


def _undo(arguments: Namespace, console: Console) -> int:
    with opened(arguments, console) as workplace:
        actor = named_actor(workplace, arguments)
        runner = workplace.runner
        done = runner.undo_group(actor, arguments.group) if arguments.group else runner.undo(actor, arguments.operation)
        console.emit(done_row(done), lambda: done_text(N_("Undo"), done))
    return 0


def _journal_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--since", type=int, default=0, metavar="N", help=_(N_("only operations after this number of the journal"))
    )
    parser.add_argument("--limit", type=int, default=-1, metavar="N", help=_(N_("only the newest N operations")))


def _undo_arguments(parser: ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--operation", metavar="ID", help=_(N_("the operation to undo")))
    which.add_argument("--group", metavar="ID", help=_(N_("the group of operations to undo as one")))
    add_actor(parser)
    add_instant(parser)


VERBS: Final = [
    Verb("journal", N_("Show what was done, by whom and what it changed."), _journal_arguments, _journal),
    Verb("undo", N_("Undo an operation or a group of operations."), _undo_arguments, _undo),
]
