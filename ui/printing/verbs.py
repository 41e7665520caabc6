"""The verb `print`: any document as a PDF file, without a window."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.cli.console import Console
from app.cli.session import add_actor, add_instant, named_actor, opened
from app.cli.verbs import Verb
from app.core.errors import NotFound, UsageError
from app.core.i18n import LANGUAGES, N_, _

if TYPE_CHECKING:
    from app.core.ids import PatientId
    from ui.printing.orders import Order, Sources


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("document", help=_(N_("the name of a document; “list” lists them")))
    parser.add_argument("--output", type=Path, help=_(N_("the PDF file to write")))
    parser.add_argument("--patient", help=_(N_("the patient’s file number or identifier")))
    parser.add_argument("--visit", help=_(N_("the identifier of a visit")))
    parser.add_argument("--on", type=_day, help=_(N_("the day, like 2026-11-24")))
    parser.add_argument("--days", type=int, default=1, help=_(N_("how many open days the schedule on paper holds")))
    parser.add_argument("--paper", default="", choices=["", "letter", "a4"], help=_(N_("the paper: letter or a4")))
    parser.add_argument("--sheet", default="", help=_(N_("the label sheet, like 5160")))
    parser.add_argument("--first", type=int, default=1, help=_(N_("the first free label, from 1")))
    parser.add_argument("--count", type=int, default=1, help=_(N_("how many labels")))
    parser.add_argument(
        "--speak", choices=list(LANGUAGES), default="", help=_(N_("the language of the document; else the usual one"))
    )
    add_actor(parser)
    add_instant(parser)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _print(arguments: Namespace, console: Console) -> int:
    """Compose as the person named, write the file, note it in the access log."""
    from ui.printing.documents import PRINTS, compose, note_print
    from ui.printing.orders import Sources
    from ui.printing.painting import write_pdf
    from ui.shell.bootstrap import application

    if arguments.document == "list":
        rows = [{"name": spec.name, "title": _(spec.title), "needs": spec.needs} for spec in PRINTS.values()]
        console.emit(rows, lambda: "\n".join(f"{row['name']:<16}{row['title']}" for row in rows))
        return 0
    if arguments.output is None:
        raise UsageError(N_("Say where the PDF goes: --output FILE."), field="output")
    application()
    with opened(arguments, console) as workplace:
        sources = Sources(workplace.runner, named_actor(workplace, arguments))
        composition = compose(sources, _order(arguments, sources))
        write_pdf(composition, arguments.output)
        note_print(sources, composition, "export")
    made = {"document": composition.document, "pages": len(composition.pages), "file": str(arguments.output)}
    console.emit(made, lambda: _(N_("{n} pages in {file}"), n=len(composition.pages), file=str(arguments.output)))
    return 0


def _order(arguments: Namespace, sources: Sources) -> Order:
    from app.scheduling.queries import AppointmentId
    from ui.printing.orders import Order

    return Order(
        arguments.document, _patient(sources, arguments.patient) if arguments.patient else None,
        AppointmentId(arguments.visit) if arguments.visit else None, on=arguments.on, paper=arguments.paper,
        sheet=arguments.sheet, first=arguments.first - 1, count=arguments.count, days=arguments.days,
        language=arguments.speak,
    )  # fmt: skip


def _patient(sources: Sources, given: str) -> PatientId:
    """The id of a file number; an id stands for itself."""
    from app.core.ids import PatientId
    from app.patients.queries import patient_names, search_patients

    for hit in sources.ask(search_patients, given).rows:
        if given in {hit.file_number, hit.through_number}:
            return hit.id
    if not sources.ask(patient_names, [PatientId(given)]):
        raise NotFound(N_("patient"), given)
    return PatientId(given)


VERBS: Final = (Verb("print", N_("Write a document as a PDF file, without a window."), _arguments, _print),)
