"""The columns of the patient list: which exist, which are shown and in which order, and the menu that chooses them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QMenu, QWidget

from app.core.clock import Clock
from app.core.i18n import N_, _
from app.core.money import Money
from app.patients.queries import STATUS_LABELS, ColumnChoice, PatientLine, PatientSort, SearchHit
from ui.patients.words import STATUS_ICONS, born, full_name
from ui.shell.formats import amount, day, moment, phone
from ui.shell.growing import GrowingModel
from ui.widgets.paged_model import Column, Row

SORTS: Final = {
    "name": PatientSort.NAME, "number": PatientSort.FILE_NUMBER, "born": PatientSort.BORN_ON,
    "opened": PatientSort.OPENED_AT,
}  # fmt: skip
CHART: Final = {
    "born": (N_("Birth and age"), 190), "number": (N_("File no."), 96), "phone": (N_("Phone"), 130),
    "responsible": (N_("Responsible person"), 190), "status": (N_("File"), 160),
}  # fmt: skip
"""What the chart itself says, which search shows too."""
STANDARD: Final = tuple(CHART)
EXTRA_WIDTH: Final = 170
NARROW_COUNT: Final = 3


class PatientRows(GrowingModel[PatientLine | SearchHit]):
    """The patients shown. `names` are the columns after the name, in their order; `brought` what each line holds."""

    def __init__(self, clock: Callable[[], Clock]) -> None:
        self.names: tuple[str, ...] = STANDARD
        self.brought: tuple[str, ...] = ()
        self.offered: dict[str, ColumnChoice] = {}
        self._clock = clock
        super().__init__(self.heads())

    def extras(self) -> list[str]:
        """The columns that the query must bring."""
        return [name for name in self.names if name in self.offered]

    def heads(self, *, searching: bool = False, narrow: bool = False) -> list[Column]:
        """Heads, in the language in force; while searching those of the chart, in a narrow window the first."""
        shown = STANDARD if searching else self.names
        found = [Column("name", _(N_("Name")), strong=True)]
        found += [column for name in shown if (column := self._head(name)) is not None]
        return found[: 1 + NARROW_COUNT] if narrow else found

    def _head(self, name: str) -> Column | None:
        if name == "status":
            return Column(
                name, _(N_("File")), lambda value: _(STATUS_LABELS[value]), CHART[name][1], sortable=False,
                icon=lambda value: (STATUS_ICONS[value], "muted"),
            )  # fmt: skip
        if name in CHART:
            return Column(name, _(CHART[name][0]), width=CHART[name][1], sortable=name in SORTS)
        choice = self.offered.get(name)
        if choice is None:
            return None
        labels = dict(choice.labels)
        return Column(name, _(choice.label), partial(self._words, labels), EXTRA_WIDTH, sortable=name in SORTS)

    def _words(self, labels: dict[str, str], value: Any) -> str:
        if isinstance(value, datetime):
            return moment(value, self._clock())
        if isinstance(value, date):
            return day(value, short=True)
        if isinstance(value, Money):
            return amount(value)
        return _(labels.get(value, value)) if value else "–"

    def row_of(self, item: PatientLine | SearchHit) -> Row:
        """The cells of a patient, by the heads in force."""
        values: dict[str, Any] = {
            "name": full_name(item), "born": born(item.born_on, self._clock().today()), "number": item.file_number,
            "phone": phone(item.phone) if item.phone else None, "responsible": item.responsible, "status": item.status,
        }  # fmt: skip
        if isinstance(item, PatientLine):
            values |= dict(zip(self.brought, item.extra, strict=False))
        return tuple(values.get(column.key) for column in self.columns)


def columns_menu(
    parent: QWidget, shown: Sequence[str], offered: dict[str, ColumnChoice], choose: Callable[[tuple[str, ...]], None]
) -> QMenu:
    """Tick to show, at the right end; a shown column moves to the left by the second part of the menu."""
    menu = QMenu(parent)
    menu.setAccessibleName(_(N_("Columns")))
    labels = {name: label for name, (label, _width) in CHART.items()} | {k: c.label for k, c in offered.items()}
    for name, label in labels.items():
        action = menu.addAction(_(label))
        action.setCheckable(True)
        action.setChecked(name in shown)
        kept = tuple(one for one in shown if one != name)
        action.triggered.connect(partial(_call, choose, kept if name in shown else (*kept, name)))
    menu.addSeparator()
    for place, name in enumerate(shown):
        if place and name in labels:
            action = menu.addAction(_(N_("Move “{column}” to the left"), column=_(labels[name])))
            order = [*shown[: place - 1], name, shown[place - 1], *shown[place + 1 :]]
            action.triggered.connect(partial(_call, choose, tuple(order)))
    menu.addSeparator()
    standard = menu.addAction(_(N_("Standard columns")))
    standard.triggered.connect(partial(_call, choose, STANDARD))
    return menu


def _call(choose: Callable[[tuple[str, ...]], None], names: tuple[str, ...], *_checked: object) -> None:
    choose(names)
