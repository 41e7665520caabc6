"""Recalls: who is to be called back, overdue, due soon or later."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox

from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.scheduling.commands import add_recall, change_recall, complete_recall, drop_recall, note_contact
from app.scheduling.queries import RECALL_LABELS, RECALL_STATE_LABELS, RecallKind, RecallLine, RecallState, recalls
from ui.following.forms import ContactForm, RecallForm
from ui.following.list_panel import ListPanel, is_offered
from ui.patients.words import plain_name
from ui.shell.formats import counted, day, phone
from ui.shell.screen import Screen
from ui.widgets.buttons import Button
from ui.widgets.fields import Choice
from ui.widgets.paged_model import Column, Row

SOON_DAYS = 30
WHEN = (
    ("overdue", N_("Overdue")), ("due", N_("Due today or in the next 30 days")), ("upcoming", N_("Later")),
    ("", N_("All recalls")),
)  # fmt: skip


def when_of(line: RecallLine) -> str:
    """Overdue, due within a month, or upcoming."""
    if line.overdue_days > 0:
        return "overdue"
    return "due" if line.overdue_days >= -SOON_DAYS else "upcoming"


class RecallPanel(ListPanel[RecallLine]):
    """Filters, table, verbs of the recalls."""

    def __init__(self, screen: Screen) -> None:
        self.people: dict[str, str] = {}
        nothing = (N_("No recall stands here."), N_("Choose another kind or another time."))
        super().__init__(screen, N_("Recalls"), nothing)
        self._when, self._kind = Choice(), Choice()
        self._export, self._new = Button("", "secondary", "download-simple"), Button("", "primary", "plus")
        for part in (self._when, self._kind, self._new, self._export):
            self.filters.add(part)
        self._when.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._when.changed.connect(lambda _value: self.filter_rows())
        self._kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._kind.changed.connect(lambda _value: self.filter_rows())
        self._new.clicked.connect(self._add)
        self._export.clicked.connect(self.save)
        words = screen.words
        words.put(self._when.setAccessibleName, N_("When"))
        words.put(self._kind.setAccessibleName, N_("Kind"))
        words.put(self._new.setText, add_recall.label)
        words.put(self._export.setText, N_("Export"))
        self.add_act(N_("Note a contact"), "phone", self._note, note_contact, key="C")
        if is_offered("appointment"):
            self.add_act(N_("Book"), "calendar-plus", self.book, key="B")
        self.add_act(complete_recall.label, "check", self._complete, complete_recall, key="X")
        self.add_act(N_("Change…"), "pencil-simple", self._change, change_recall, key="E")
        self.add_act(drop_recall.label, "x-circle", self._drop, drop_recall)
        self.add_act(N_("Open the file"), "user", self.open_chart, key="O")

    def show_list(self, people: dict[str, str]) -> None:
        """Read the recalls."""
        self.people = people
        self._when.set_options([(value, _(word)) for value, word in WHEN])
        kinds = [(key.value, _(word)) for key, word in RECALL_LABELS.items()]
        self._kind.set_options([("", _(N_("All kinds"))), *kinds])
        self._new.set_available(self.bench.may(add_recall), self.bench.reason(add_recall))
        self.screen_of.ask(recalls, self.show_lines)

    def show_lines(self, lines: tuple[RecallLine, ...]) -> None:
        """Show them."""
        self.show_rows(lines)
        self.screen_of.show_body()

    def wanted(self, item: RecallLine) -> bool:
        """By kind and by time."""
        when, kind = self._when.value(), self._kind.value()
        return (not when or when_of(item) == when) and (not kind or item.kind is RecallKind(str(kind)))

    def columns(self) -> list[Column]:
        """Heads; in a narrow window those that one calls by."""
        found = [
            Column("name", _(N_("Patient")), strong=True),
            Column("kind", _(N_("Kind")), width=176),
            Column("due", _(N_("Due on")), lambda value: day(value, short=True), 132),
            Column("late", _(N_("Overdue")), _late, 98, right=True),
            Column("every", _(N_("Rhythm")), _rhythm, 84),
            Column("state", _(N_("State")), width=84),
            Column("owner", _(N_("Owner")), width=116),
            Column("phone", _(N_("Phone")), width=126, sortable=False),
        ]
        return found[:4] if self.narrow else found

    def cells(self, item: RecallLine) -> Row:
        """A recall as it is read."""
        booked = _(RECALL_STATE_LABELS[item.state]) if item.state is RecallState.BOOKED else ""
        row = (
            plain_name(item), _(RECALL_LABELS[item.kind]), item.due_on, item.overdue_days, item.every_weeks,
            booked, self.people.get(item.owner_id or "", ""),
            phone(item.phone) if item.phone else "",
        )  # fmt: skip
        return row[:4] if self.narrow else row

    def patient_of(self, item: RecallLine) -> PatientId:
        """Whose recall it is."""
        return item.patient_id

    def key_of(self, item: RecallLine) -> object:
        """A patient may be called back for several reasons."""
        return item.id

    def sort_value(self, item: RecallLine, key: str) -> Any:
        """Names by family name."""
        return (item.family_name, item.given_name) if key == "name" else super().sort_value(item, key)

    def export_name(self) -> str:
        """Recalls."""
        return "list recalls"

    def _note(self) -> None:
        item = self.current()
        if item is not None:
            title = _(N_("Contact with the family of {name}"), name=plain_name(item))
            self.show_form(title, ContactForm(self.screen_of, item.patient_id))

    def _add(self) -> None:
        self.show_form(_(add_recall.label), RecallForm(self.screen_of, self.people))

    def _change(self) -> None:
        item = self.current()
        if item is not None:
            title = _(N_("{kind}: {text}"), kind=_(RECALL_LABELS[item.kind]), text=plain_name(item))
            self.show_form(title, RecallForm(self.screen_of, self.people, item))

    def _complete(self) -> None:
        item = self.current()
        if item is not None:
            self.bench.run(complete_recall, item.id)

    def _drop(self) -> None:
        item = self.current()
        if item is not None:
            self.bench.run(drop_recall, item.id)


def _late(value: Any) -> str:
    return counted(N_("{n} day"), N_("{n} days"), value) if value > 0 else "–"


def _rhythm(value: Any) -> str:
    return _(N_("{n} wk"), n=value) if value else "–"
