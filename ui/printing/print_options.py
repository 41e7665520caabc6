"""The form beside the preview: where pages go, on what, in which language, from which label on."""

from __future__ import annotations

from datetime import date
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.clock import Clock
from app.core.i18n import N_, _
from ui.printing.choices import Chosen
from ui.printing.documents import PrintSpec
from ui.printing.papers import PAPERS, SHEETS
from ui.shell.formats import day
from ui.widgets.fields import Choice, TextField
from ui.widgets.form import Field
from ui.widgets.typed_fields import DateField, NumberField

LANGUAGE_WORDS: Final = (("", N_("As usual for this document")), ("fr", N_("French")), ("en", N_("English")))
DUPLEX_WORDS: Final = (
    ("one", N_("One side")),
    ("long", N_("Both sides, turn the long edge")),
    ("short", N_("Both sides, turn the short edge")),
)
MOST_COPIES: Final = 99


class PrintOptions(QWidget):
    """`changed` when the pages would be others; what only concerns the printer does not make them anew."""

    changed = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.on = DateField(today=clock.today, written=lambda value: day(value, short=True))
        self.printer, self.duplex, self.paper, self.sheet, self.speak = (Choice() for _field in range(5))
        self.copies = NumberField(least=1, most=MOST_COPIES)
        self.first = NumberField(least=1, most=30)
        self.count = NumberField(least=1, most=300)
        self.pages = TextField()
        self._fields = {
            "on": Field("", self.on), "printer": Field("", self.printer), "copies": Field("", self.copies),
            "duplex": Field("", self.duplex), "pages": Field("", self.pages), "paper": Field("", self.paper),
            "sheet": Field("", self.sheet), "first": Field("", self.first), "count": Field("", self.count),
            "speak": Field("", self.speak),
        }  # fmt: skip
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for field in self._fields.values():
            column.addWidget(field)
        column.addStretch(1)
        for choice in (self.paper, self.sheet, self.speak):
            choice.changed.connect(lambda _value: self.changed.emit())
        for number in (self.first, self.count):
            number.number_changed.connect(lambda _value: self.changed.emit())
        self.on.date_changed.connect(lambda _value: self.changed.emit())
        for number in (self.copies, self.first, self.count):
            number.set_value(1)
        self.retranslate()

    def retranslate(self) -> None:
        """Say labels and choices in the language in force."""
        for name, label in (
            ("on", N_("Day")), ("printer", N_("Printer")), ("copies", N_("Copies")), ("duplex", N_("Sides")),
            ("pages", N_("Pages")), ("paper", N_("Paper")), ("sheet", N_("Label sheet")),
            ("first", N_("First free label")), ("count", N_("How many")), ("speak", N_("Language of the document")),
        ):  # fmt: skip
            self._fields[name].set_label(_(label))
        self.pages.setPlaceholderText(_(N_("All, or 1-3, 5")))
        self._fields["first"].set_help(_(N_("Or point at it on the sheet.")))
        self.duplex.set_options([(code, _(words)) for code, words in DUPLEX_WORDS])
        self.speak.set_options([(code, _(words)) for code, words in LANGUAGE_WORDS])
        self.paper.set_options([(paper.code, _(paper.title)) for paper in PAPERS.values()])

    def show_spec(self, spec: PrintSpec, chosen: Chosen, paper: str) -> None:
        """Show the fields that a document has, with what was chosen last."""
        self.sheet.set_options([(code, _(SHEETS[code].title)) for code in spec.sheets])
        self.sheet.set_value(chosen.sheet)
        self.paper.set_value(chosen.paper or paper)
        self.duplex.set_value(chosen.duplex)
        self.printer.set_value(chosen.printer)
        self.pages.setText("")
        labels = bool(spec.sheets)
        for name, shown in (
            ("on", spec.needs == "day"), ("paper", not labels), ("duplex", not labels), ("pages", not labels),
            ("copies", not labels), ("sheet", labels), ("first", labels), ("count", labels),
        ):  # fmt: skip
            self._fields[name].setVisible(shown)

    def show_printers(self, names: list[str]) -> None:
        """Offer the printers of this computer."""
        self.printer.set_options([(name, name) for name in names] or [("", _(N_("No printer is set up")))])
        self.printer.setEnabled(bool(names))

    def show_day(self, on: date) -> None:
        """The day of a day sheet."""
        self.on.set_value(on)

    def chosen(self) -> Chosen:
        """What is remembered for the document."""
        sheet = self.sheet.value() if self.sheet.count() else ""
        printer, paper = str(self.printer.value() or ""), str(self.paper.value() or "")
        return Chosen(printer, paper, str(sheet or ""), self.sides())

    def sides(self) -> str:
        """The code of the sides."""
        return str(self.duplex.value() or "one")

    def number(self, field: NumberField) -> int:
        """The number typed, 1 when it cannot be read."""
        return int(field.value() or 1)

    def refuse_pages(self, problem: str) -> None:
        """Say under the field why these pages cannot be printed; nothing when they can."""
        self._fields["pages"].set_error(problem)
