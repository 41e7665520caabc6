"""`verify`, `rebuild`, `digest`, `dump`: whether the data is what was written, and what the synced state is."""

from __future__ import annotations

import contextlib
from argparse import Namespace
from typing import Any, Final

import msgspec

from app.cli.console import Console
from app.cli.plain import listing, plain, table
from app.cli.session import opened
from app.cli.verbs import Verb, no_arguments
from app.core.errors import IntegrityFailure
from app.core.i18n import N_, _

FIGURES: Final = {
    "operations": N_("operations"),
    "changes": N_("changes"),
    "raw_operations": N_("operations of direct writes"),
    "unadopted": N_("direct writes not taken in yet"),
    "erased": N_("erased changes"),
    "rows": N_("rows compared with the journal"),
    "accesses": N_("entries of the access log"),
    "anchored": N_("compared with the anchor file"),
}


def _verify(arguments: Namespace, console: Console) -> int:
    """Nothing is repaired on the way: what is missing must be seen."""
    with opened(arguments, console, repair=False) as workplace:
        report = workplace.verify()
    payload = {"sound": report.sound} | plain(report)
    console.emit(payload, lambda: _report_text(payload))
    return 0 if report.sound else IntegrityFailure.exit_code


def _report_text(payload: dict[str, Any]) -> str:
    figures = listing({_(title): payload[name] for name, title in FIGURES.items()})
    if payload["sound"]:
        return f"{_(N_('Everything is as it was written.'))}\n{figures}"
    titles = {"kind": N_("Kind"), "where": N_("Where"), "detail": N_("What")}
    found = table(payload["problems"], {name: _(title) for name, title in titles.items()})
    return f"{_(N_('This is not what was written:'))}\n{found}\n\n{figures}"


def _rebuild(arguments: Namespace, console: Console) -> int:
    with opened(arguments, console) as workplace:
        built = workplace.rebuild()
    console.emit({"projections": built}, lambda: listing(built) or _(N_("Nothing to show.")))
    return 0


def _digest(arguments: Namespace, console: Console) -> int:
    from app.journal.digest import counts, digest
    from app.journal.records import REGISTRY

    with opened(arguments, console) as workplace, contextlib.closing(workplace.database.raw(read_only=True)) as run:
        run.execute("BEGIN")
        found = digest(run)
        rows = counts(run)
    captured = {row.table: rows[row.table] for row in REGISTRY.captured()}
    console.emit({"digest": found, "rows": captured}, found)
    return 0


def _dump(arguments: Namespace, console: Console) -> int:
    from app.journal.digest import dump
    from app.journal.queries import SYSTEM

    with opened(arguments, console) as workplace:
        workplace.runner.access(SYSTEM, "export", detail="command line: dump")
        with contextlib.closing(workplace.database.raw(read_only=True)) as run:
            run.execute("BEGIN")
            lines = list(dump(run))
    tables: dict[str, list[Any]] = {}
    for line in lines:
        tables.setdefault(line["table"], []).append(line["row"])
    console.emit(tables, lambda: "\n".join(msgspec.json.encode(line).decode() for line in lines))
    return 0


VERBS: Final = [
    Verb("verify", N_("Check that everything is as it was written, without changing anything."), no_arguments, _verify),
    Verb("rebuild", N_("Compute the derived tables again."), no_arguments, _rebuild),
    Verb("digest", N_("Show the hash of the synced state; equal on two workstations in step."), no_arguments, _digest),
    Verb("dump", N_("Print the synced state, row by row."), no_arguments, _dump),
]
