"""History: what was done in the chart, the latest first, with the values before and after."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from app.access.queries import StaffLine, staff_list, titled
from app.core.i18n import N_, _
from app.patients.queries import FieldChange, HistoryLine, patient_history
from ui.patients.facts import Facts, empty
from ui.patients.patient_view import PatientTab
from ui.patients.words import value_words
from ui.shell.columns import COLUMNS, column_words
from ui.shell.formats import moment
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, EmptyState
from ui.widgets.labels import ElidedLabel, Label, WrapLabel

PAGE = 50
EVENTS = "appointment_event"


class HistoryTab(PatientTab):
    """Operations on this chart."""

    def build(self) -> None:
        """One column of cards."""
        self._names: dict[str, str] = {}
        self._shown: list[HistoryLine] = []
        self._column = self.page()

    def reload(self) -> None:
        """Ask for the first page, and for the names."""
        self.ask(staff_list, self._take_names, include_inactive=True)
        self.ask(patient_history, self.show_history, self.patient_id, limit=PAGE)

    def _take_names(self, staff: tuple[StaffLine, ...]) -> None:
        self._names = {line.staff_id: titled(line.title, line.display_name) for line in staff}
        if self._shown:
            self._draw(len(self._shown) % PAGE == 0)

    def show_history(self, lines: tuple[HistoryLine, ...]) -> None:
        """The newest page."""
        self._shown = list(lines)
        self._draw(len(lines) == PAGE)
        self.show_body()

    def _go_on(self) -> None:
        self.ask(patient_history, self._more, self.patient_id, limit=PAGE, before=self._shown[-1].operation_id)

    def _more(self, lines: tuple[HistoryLine, ...]) -> None:
        self._shown += lines
        self._draw(len(lines) == PAGE)

    def _draw(self, more: bool) -> None:
        empty(self._column)
        if not self._shown:
            self._column.addWidget(
                EmptyState("clock-counter-clockwise", _(N_("Nothing was done in this file yet.")), "")
            )
        for line in self._shown:
            self._column.addWidget(self._card(line))
        if more:
            go_on = Button(_(N_("Show earlier")), "quiet")
            go_on.clicked.connect(self._go_on)
            self._column.addWidget(go_on)
        self._column.addStretch(1)

    def _card(self, line: HistoryLine) -> Card:
        card = Card()
        head = QHBoxLayout()
        head.addWidget(ElidedLabel(_(line.label), "name"), 1)
        who = self._names.get(line.actor or "", "Archwire" if line.actor == "system" else "")
        head.addWidget(
            Label(" · ".join(p for p in (who, moment(line.at, self.bench.runner.clock)) if p), "small", "muted")
        )
        card.add(head)
        if line.erased:
            card.add(WrapLabel(_(N_("These values have been erased.")), "small", "muted"))
        told = self._told([change for change in line.changes if _is_told(change)])
        if told:
            facts = Facts()
            facts.show_facts(told)
            card.add(facts)
        return card

    def _told(self, changes: list[FieldChange]) -> list[tuple[str, str]]:
        """Column and value; of what happened to a visit, the event and its moment as one line."""
        told = []
        happened = {(c.row_id, c.column): c for c in changes if c.table == EVENTS and c.before is None}
        for change in changes:
            moment_of = happened.get((change.row_id, "recorded_at"))
            if change is moment_of and (change.row_id, "kind") in happened:
                continue
            if change.table == EVENTS and change.column == "kind" and moment_of is not None:
                told.append((self._values(change), self._values(moment_of)))
            else:
                told.append((column_words(change.column), self._values(change)))
        return told

    def _values(self, change: FieldChange) -> str:
        before, after = (self._shown_value(change, value) for value in (change.before, change.after))
        return after if change.before is None else f"{before} → {after}"

    def _shown_value(self, change: FieldChange, value: str | int | None) -> str:
        if value is None or value == "":
            return "–"
        return value_words(self.bench.runner.clock, change.column, value, self._names)


def _is_told(change: FieldChange) -> bool:
    """Whether a column says something to who reads a chart: identifiers are for the journal."""
    return change.table != "event" and change.column in COLUMNS
