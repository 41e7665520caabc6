"""Printers of this computer, and sending pages to one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtGui import QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from app.core.errors import RuleViolation, Unreachable
from app.core.i18n import N_
from ui.printing.marks import Composition
from ui.printing.painting import POINTS_PER_INCH, layout_of, paint_page

DUPLEX: Final = {
    "one": QPrinter.DuplexMode.DuplexNone,
    "long": QPrinter.DuplexMode.DuplexLongSide,
    "short": QPrinter.DuplexMode.DuplexShortSide,
}


@dataclass(frozen=True, slots=True)
class Route:
    """Where pages go, how often, and on which sides (`one`, `long` or `short` edge)."""

    printer: str
    copies: int = 1
    duplex: str = "one"


def printer_names() -> list[str]:
    """The printers set up on this computer, the usual one first."""
    usual = QPrinterInfo.defaultPrinterName()
    return sorted(QPrinterInfo.availablePrinterNames(), key=lambda name: (name != usual, name.casefold()))


def send(composition: Composition, route: Route) -> None:
    """Print; `Unreachable` when the printer is not there or refuses."""
    if route.printer not in printer_names():
        raise Unreachable(N_("The printer “{name}” is not set up on this computer."), name=route.printer)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPrinterName(route.printer)
    printer.setDocName(composition.document)  # the title names a patient, and the queue is for all eyes
    paint_on(printer, composition, route)


def paint_on(printer: QPrinter, composition: Composition, route: Route) -> None:
    """Set the printer up for a document and paint its pages."""
    printer.setPageLayout(layout_of(composition))
    printer.setFullPage(True)
    printer.setCopyCount(route.copies)
    printer.setDuplex(DUPLEX[route.duplex])
    painter = QPainter()
    if not painter.begin(printer):
        raise Unreachable(N_("The printer “{name}” does not take the document."), name=route.printer)
    for number, page in enumerate(composition.pages):
        if number and not printer.newPage():  # out of paper, switched off, taken away
            painter.end()
            raise Unreachable(N_("The printer “{name}” does not take the document."), name=route.printer)
        paint_page(painter, page, printer.resolution() / POINTS_PER_INCH)
    painter.end()


def picked(composition: Composition, pages: str) -> Composition:
    """Only some pages: `1-3, 5`; all when nothing is typed. `RuleViolation` for what is no page."""
    wanted = [part.strip() for part in pages.replace("–", "-").split(",") if part.strip()]
    if not wanted:
        return composition
    chosen = []
    for part in wanted:
        first, _dash, last = part.partition("-")
        if not (first.strip().isdigit() and (last.strip() or first.strip()).isdigit()):
            raise _no_page(composition)
        chosen += list(range(int(first), int(last or first) + 1))
    if not chosen or min(chosen) < 1 or max(chosen) > len(composition.pages):
        raise _no_page(composition)
    return replace(composition, pages=tuple(composition.pages[number - 1] for number in chosen))


def _no_page(composition: Composition) -> RuleViolation:
    return RuleViolation(N_("The pages are 1 to {n}. Write them like 1-3, 5."), field="pages", n=len(composition.pages))
