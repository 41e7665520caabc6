"""Visits of a patient: the next one, how appointments are kept, recalls, the family's visits, and all of the past."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.patients.queries import family_of
from app.practice.queries import OperatoryLine, operatories
from app.scheduling.commands import add_short_notice, book_appointment, complete_recall
from app.scheduling.queries import (
    RECALL_LABELS,
    Attendance,
    RecallId,
    RecallLine,
    VisitLine,
    attendance,
    family_visits,
    patient_visits,
    recalls,
)
from ui.patients.facts import Facts, empty
from ui.patients.patient_view import PatientTab
from ui.patients.words import plain_name
from ui.scheduling.today_room import side_width
from ui.scheduling.today_words import minutes_words, type_name
from ui.scheduling.visits_rows import VisitRows, next_of, stage_of, visit_columns
from ui.shell.command_button import CommandButton
from ui.shell.formats import counted, day, hour
from ui.shell.table_card import TableCard
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, EmptyState
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.layout import VScroll, effective_width
from ui.widgets.pills import SeverityChip, StatusPill
from ui.widgets.tables import Table

STACKED_BELOW = 1000
SIDE = 322
LEAST_ROWS = 5


class VisitsTab(PatientTab):
    """The table at the left, cards at the right."""

    def build(self) -> None:
        """Table and cards."""
        self._narrow = False
        self._lines: tuple[VisitLine, ...] = ()
        self._family: tuple[VisitLine, ...] = ()
        self._model = VisitRows(self.bench)
        self._model.setParent(self)
        self._table = Table("", self._model)
        self._table.opened.connect(self._open)
        self._table.keep_rows(LEAST_ROWS)
        self._none = EmptyState("calendar-blank", "", "")
        self._count = Label("", "small", "muted")
        card = TableCard()
        card.add(self._table, 1)
        card.add(self._none, 1)
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addWidget(card, 1)
        left.addWidget(self._count)
        self._next, self._keeps = Card(" ", icon="calendar-check"), Card(" ", icon="chart-bar")
        self._recalls, self._same_day = Card(" ", icon="bell-ringing"), Card(" ", icon="users-three")
        self._book = Button("", "primary", "calendar-plus")
        self._book.clicked.connect(self._book_next)
        self._next_list, self._recall_list, self._family_list = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        self._facts = Facts()
        self._next.add(self._next_list)
        self._next.add(self._book)
        self._keeps.add(self._facts)
        self._recalls.add(self._recall_list)
        self._same_day.add(self._family_list)
        inner = QWidget()
        side = QVBoxLayout(inner)
        side.setContentsMargins(0, 0, 2, 0)
        side.setSpacing(10)
        for each in (self._next, self._keeps, self._recalls, self._same_day):
            side.addWidget(each)
        side.addStretch(1)
        self._side = VScroll(inner)
        page = QWidget()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, page)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(12)
        self._row.addLayout(left, 1)
        self._row.addWidget(self._side)
        whole = QVBoxLayout(self.body)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(VScroll(page))
        for card_, title in (
            (self._next, N_("Next visit")), (self._keeps, N_("Attendance")),
            (self._recalls, N_("Recalls")), (self._same_day, N_("Visits of the family")),
        ):  # fmt: skip
            self.words.put(card_.set_title, title)
        self.words.put(self._book.setText, N_("Book the next visit"))
        self.words.put(self._table.setAccessibleName, N_("Visits of the patient"))

    def focus_first(self) -> None:
        """The table."""
        self._table.setFocus(self.focus_reason)

    def reload(self) -> None:
        """Ask for everything that the cards show."""
        self._book.set_available(self.bench.may(book_appointment), self.bench.reason(book_appointment))
        self.ask(operatories, self._take_chairs, retired=True)
        self.ask(patient_visits, self.show_visits, self.patient_id)
        self.ask(attendance, self._show_keeping, self.patient_id)
        if self.bench.may(recalls):
            self.ask(recalls, self._show_recalls, patient_id=self.patient_id)
        if self.bench.may(family_of):
            self.ask(family_visits, self._show_family, self.patient_id)

    def _take_chairs(self, chairs: tuple[OperatoryLine, ...]) -> None:
        self._model.chairs = {chair.id: chair.name for chair in chairs}
        self._fill()

    def show_visits(self, lines: tuple[VisitLine, ...]) -> None:
        """The table and the next visit."""
        self._lines = lines
        self._fill()
        self._show_next()
        self._say_family()
        self.show_body()

    def _fill(self) -> None:
        held = self._model.item(self._table.currentIndex().row())
        self._model.start(self._lines, visit_columns(self._model, self._narrow))
        self._table.setVisible(bool(self._lines))
        self._none.setVisible(not self._lines)
        self._none.tell(_(N_("No visit yet.")), _(N_("What is booked and what was done stands here.")), "")
        ids = [line.id for line in self._lines]
        if self._lines:
            self._table.choose(ids.index(held.id) if held is not None and held.id in ids else 0)
        self._count.setText(counted(N_("{n} visit"), N_("{n} visits"), len(self._lines)))

    def _show_next(self) -> None:
        empty(self._next_list)
        coming = next_of(self._lines, self.bench.runner.clock.now())
        if coming is None:
            self._next_list.addWidget(SeverityChip("warn", _(N_("to book"))))
            self._next_list.addWidget(WrapLabel(_(N_("No visit is booked for this patient.")), "small", "muted"))
            return
        clock = self.bench.runner.clock
        assert coming.starts_at is not None, "the next visit has a time"
        on = clock.day_of(coming.starts_at)
        self._next_list.addWidget(WrapLabel(f"{day(on, weekday=True)}, {hour(coming.starts_at, clock)}", "name"))
        words = f"{type_name(coming)} · {minutes_words(coming.minutes)}"
        self._next_list.addWidget(WrapLabel(words, "small", "muted"))
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(StatusPill(stage_of(coming)))
        row.addStretch(1)
        self._next_list.addLayout(row)
        acts = QHBoxLayout()
        acts.setSpacing(6)
        change = Button(_(N_("Change")), "secondary", "pencil-simple", size="compact")
        change.clicked.connect(lambda *_args: self._edit(coming))
        sooner = Button(_(N_("Sooner if possible")), "secondary", "lightning", size="compact")
        sooner.set_available(self.bench.may(add_short_notice), self.bench.reason(add_short_notice))
        sooner.clicked.connect(lambda *_args: self.bench.run(add_short_notice, coming.patient_id, coming.id))
        acts.addWidget(change)
        acts.addWidget(sooner)
        acts.addStretch(1)
        self._next_list.addLayout(acts)

    def _show_keeping(self, found: Attendance) -> None:
        late = _(N_("{n}, typically by {minutes} min"), n=found.late_arrivals, minutes=found.typical_late_minutes)
        self._facts.show_facts(
            [
                (_(N_("Since")), day(found.since_on, short=True)),
                (_(N_("Kept")), str(found.kept)),
                (_(N_("No-show")), str(found.missed)),
                (_(N_("Cancelled late")), str(found.cancelled_late)),
                (_(N_("Cancelled")), str(found.cancelled)),
                (_(N_("Came late")), late if found.late_arrivals else "0"),
            ]
        )

    def _show_recalls(self, lines: tuple[RecallLine, ...]) -> None:
        empty(self._recall_list)
        self._recalls.setVisible(bool(lines))
        for line in lines:
            row = QHBoxLayout()
            row.setSpacing(8)
            due = _(N_("{kind}, {day}"), kind=RECALL_LABELS[line.kind], day=day(line.due_on, short=True))
            row.addWidget(WrapLabel(due), 1)
            if line.overdue_days > 0:
                row.addWidget(SeverityChip("warn", _(N_("{n} d late"), n=line.overdue_days)))
            giving = partial(_same, line.id)
            done: CommandButton[RecallId] = CommandButton(self.bench, complete_recall, giving, "quiet")
            done.setAccessibleDescription(due)
            row.addWidget(done, 0, Qt.AlignmentFlag.AlignTop)
            self._recall_list.addLayout(row)

    def _show_family(self, lines: tuple[VisitLine, ...]) -> None:
        self._family = lines
        self._say_family()

    def _say_family(self) -> None:
        """The visits of brothers and sisters; those of a day on which this patient comes are marked."""
        empty(self._family_list)
        self._same_day.setVisible(bool(self._family))
        own = {self._day(line) for line in self._lines}
        for line in self._family:
            row = QHBoxLayout()
            row.setSpacing(8)
            at = hour(line.starts_at, self.bench.runner.clock) if line.starts_at else ""
            on = self._day(line)
            words = f"{plain_name(line)} · {day(on, short=True) if on else ''}, {at} · {type_name(line)}"
            row.addWidget(WrapLabel(words), 1)
            if on in own:
                row.addWidget(SeverityChip("info", _(N_("same day"))), 0, Qt.AlignmentFlag.AlignTop)
            self._family_list.addLayout(row)

    def _day(self, line: VisitLine) -> date | None:
        return self.bench.runner.clock.day_of(line.starts_at) if line.starts_at else None

    # -- going on -------------------------------------------------------------------------------------------
    def _open(self, place: int) -> None:
        line = self._model.item(place)
        if line is not None:
            self._edit(line)

    def _edit(self, line: VisitLine) -> None:
        self.open_screen.emit("appointment", {"appointment_id": line.id})

    def _book_next(self) -> None:
        self.open_screen.emit("appointment", {"patient_id": self.patient_id})

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The cards go under the table when narrow."""
        super().resizeEvent(event)
        narrow = effective_width(self) < STACKED_BELOW
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        side_width(self._side, 0 if narrow else SIDE)
        self._side.show_all(narrow)
        if narrow != self._narrow:
            self._narrow = narrow
            self._fill()


def _same(recall_id: RecallId) -> RecallId:
    return recall_id
