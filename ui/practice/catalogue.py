"""The procedure catalogue: searched, sorted and paged in SQL; versions by day; import from CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from app.core.i18n import N_, _, language
from app.practice.commands import add_procedure, end_procedure, withdraw_procedure
from app.practice.queries import ProcedureLine, ProcedurePage, ProcedureSort, procedure_page
from ui.practice.catalogue_import import ImportBox
from ui.practice.editors import Checks, CodesField
from ui.practice.entry_form import Item, Values
from ui.practice.list_pane import NARROW_COLUMNS, ListPane
from ui.practice.words import in_language, texts, whole_number
from ui.shell.formats import amount, counted, day
from ui.theme.style import theme
from ui.widgets.buttons import Button
from ui.widgets.paged_model import Column
from ui.widgets.typed_fields import DateField, NumberField

LIMIT = 100


class CataloguePane(ListPane[ProcedureLine]):
    """A change is a new version from a day on; the one before ends the day before."""

    title = N_("Procedure catalogue")
    add = add_procedure
    others = (end_procedure, withdraw_procedure)
    icon = "receipt"
    nothing = (N_("The catalogue is empty."), N_("Archwire ships no code list: import yours from a CSV file."))

    def __init__(self, screen: Any) -> None:
        self._sort, self._falling, self._total = ProcedureSort.CODE, False, 0
        super().__init__(screen)
        self._versions = Checks(lambda: [("all", _(N_("Every version")))])
        self._versions.changed.connect(lambda _value: self.reload())
        self._import = Button("", "secondary", "upload-simple")
        self.bar.insertWidget(1, self._versions)
        self.bar.addWidget(self._import)
        self.box: ImportBox = ImportBox(self)
        self._import.clicked.connect(self.box.open)
        self.left.insertWidget(1, self.box)
        self.table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.words.put(self._import.setText, N_("Import from CSV"))
        self.words.put(self._versions.setAccessibleName, N_("Versions"))

    def items(self) -> Sequence[Item]:
        """Code, names, fee, minutes, skills, days."""
        today = self.bench.runner.clock.today
        return (
            Item("code", N_("Code"), help=N_("Code of your fee guide.")),
            Item("fee", N_("Expected fee"), example=N_("E.g. 1250.00")),
            Item("name_fr", N_("French name")),
            Item("name_en", N_("English name"), help=N_("Empty: as in French.")),
            Item("doctor_minutes", N_("Minutes of the doctor"), lambda: NumberField(least=0, most=600, step=5)),
            Item("chair_minutes", N_("Minutes at the chair"), lambda: NumberField(least=0, most=600, step=5)),
            Item("from_on", N_("Holds from"), lambda: DateField(today=today, written=day),
                 help=N_("A later day makes a new version; the one before ends the day before.")),
            Item("to_on", N_("Until, included"), lambda: DateField(today=today, written=day),
                 help=N_("Empty: without an end.")),
            Item("skills", N_("Skills needed"), CodesField, example=N_("E.g. RADIO BOND"), whole=True),
        )  # fmt: skip

    def columns(self) -> list[Column]:
        """Code, name, fee, chair minutes, days."""
        name = "name_fr" if language() == "fr" else "name_en"
        return [
            Column("code", _(N_("Code")), width=96, strong=True),
            Column(name, _(N_("Name"))),
            Column("fee", _(N_("Fee")), width=96, right=True, sortable=False),
            Column("chair_minutes", _(N_("Chair")), width=70, right=True),
            Column("from_on", _(N_("From")), width=136),
        ]

    def title_of(self, line: ProcedureLine) -> str:
        """Code and name."""
        return f"{line.code} · {in_language(line)}"

    def cells(self, line: ProcedureLine) -> Sequence[Any]:
        """The words of a version."""
        fee = amount(line.fee) if line.fee is not None else ""
        return line.code, in_language(line), fee, line.chair_minutes, day(line.from_on, short=True)

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """The first page for what is typed; as many lines as are on show, so that the place is kept."""
        self._import.set_available(self.bench.may(add_procedure), self.bench.reason(add_procedure))
        shown = min(max(len(self.model.items), LIMIT), 500)
        self.view.ask(procedure_page, self.show_page, *self._wanted_page(), 0, shown)

    def _wanted_page(self) -> tuple[str, ProcedureSort, bool, bool]:
        return self.search.text().strip(), self._sort, self._falling, bool(self._versions.value())

    def show_page(self, page: ProcedurePage) -> None:
        """The page, and how many there are."""
        self.lines, self._total = page.rows, page.total
        self.fill(page.rows, page.total)

    def refilter(self) -> None:
        """The database filters."""
        if hasattr(self, "box"):
            self.reload()

    def sort_by(self, key: str, falling: bool) -> None:
        """The database sorts."""
        self._sort, self._falling = ProcedureSort(key), falling
        self.reload()

    def _scrolled(self, value: int) -> None:
        near = value >= self.table.verticalScrollBar().maximum() - 5 * theme.row_height
        if near and len(self.model.items) < self._total:
            offset = len(self.model.items)
            self.view.ask(procedure_page, self._more, *self._wanted_page(), offset, LIMIT)

    def _more(self, page: ProcedurePage) -> None:
        if len(self.model.items) < self._total:
            self.model.add(page.rows)
            self.lines = (*self.lines, *page.rows)

    def fold_room(self, narrow: bool) -> None:
        """Fewer columns when narrow."""
        super().fold_room(narrow)
        heads = self.columns()
        self.model.start(self.model.items, heads[:NARROW_COLUMNS] if narrow else heads)

    # -- the form -------------------------------------------------------------------------------------------
    def values_of(self, line: ProcedureLine) -> Values:
        """The fee as it is typed."""
        fee = "" if line.fee is None else f"{line.fee.cents // 100}.{line.fee.cents % 100:02d}"
        return super().values_of(line) | {"fee": fee}

    def fresh_values(self) -> Values:
        """From today."""
        return {"from_on": self.bench.runner.clock.today(), "doctor_minutes": 0, "chair_minutes": 0}

    def send(self, values: Values, line: ProcedureLine | None, seen: str) -> tuple[Any, tuple[Any, ...], Values]:
        """Put a version in the catalogue."""
        given: Values = {
            "fee": values["fee"] or "0", "doctor_minutes": whole_number(values["doctor_minutes"]),
            "chair_minutes": whole_number(values["chair_minutes"]), "skills": texts(values["skills"]),
            "from_on": values["from_on"] or None, "to_on": values["to_on"] or None,
        }  # fmt: skip
        return add_procedure, (values["code"], values["name_fr"], values["name_en"]), given

    def _saved(self, key: str, made: Any) -> None:
        """A change has made another version: that one is chosen."""
        self.form.forget(key)
        self._wanted, self.fresh, self._asked_new = str(made), False, False
        self.view.freshen()

    def count_words(self) -> str:
        """How many procedures."""
        return counted(N_("{n} entry"), N_("{n} entries"), self._total)

    def filter_field(self) -> QWidget:
        """The search."""
        return self.search

    def retranslate(self) -> None:
        """The box too."""
        super().retranslate()
        self._versions.renew()
        self.box.retranslate()
