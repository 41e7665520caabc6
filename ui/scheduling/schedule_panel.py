"""Beside the schedule: the chosen visit with its next action, or who fits free time, or how the day stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.scheduling.commands import move_appointment
from app.scheduling.queries import Board, BoardChair, SegmentKind, SoonerFit, VisitLine
from ui.patients.words import number, plain_name
from ui.scheduling.block_look import (
    MARK_ICONS,
    chair_of,
    drawn_span,
    minutes_words,
    movable,
    spoken,
    state_words,
    status_of,
    type_name,
)
from ui.scheduling.schedule_acts import Act, next_act, sentence_of
from ui.scheduling.timegrid import Item, Lane
from ui.scheduling.timegrid_paint import free_words
from ui.shell.bench import Bench
from ui.shell.command_button import CommandButton
from ui.shell.formats import counted, day, hour
from ui.theme.style import theme
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, ThemedIcon
from ui.widgets.labels import ElidedLabel, Label, WrapLabel, muted
from ui.widgets.layout import Flow
from ui.widgets.pills import SeverityChip, StatusPill, Tag

WIDTH = 310
_SCROLL_BAR = 20
_MARKS = {
    "alert": ("danger", N_("Alert in the file")), "lab": ("warn", N_("Lab case not back")),
    "prep": ("warn", N_("Chair to prepare")), "new": ("info", N_("First visit")),
}  # fmt: skip


class ActButton(CommandButton[Any]):
    """The next action of a visit; the toast names the patient."""

    def __init__(self, bench: Bench, act: Act, visit: VisitLine) -> None:
        super().__init__(bench, act.command, lambda: visit.id, "primary")
        self._act, self._visit = act, visit

    def _press(self) -> None:
        self.setEnabled(False)
        running = self._bench.run(self._command, self._visit.id, **dict(self._act.more))
        running.say(sentence_of(self._act, self._visit)).at_end(self.refresh)


class SchedulePanel(QWidget):
    """Shows a visit, free time or the day; what is asked goes out as signals."""

    chart_asked = Signal(object)
    edit_asked = Signal(object)
    move_asked = Signal()
    resize_asked = Signal()
    menu_asked = Signal()
    book_asked = Signal()
    fit_taken = Signal(object)
    gap_chosen = Signal(object)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self._column.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        """The panel keeps its width whatever it shows: words elide or wrap."""
        return QSize(theme.px(WIDTH) - _SCROLL_BAR, super().minimumSizeHint().height())

    def _start(self) -> None:
        while self._column.count() > 1:
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _add(self, widget: QWidget) -> None:
        self._column.insertWidget(self._column.count() - 1, widget)
        widget.show()

    # -- a visit --------------------------------------------------------------------------------------------
    def show_visit(self, board: Board, visit: VisitLine) -> None:
        """Facts first, then the next action, then the others."""
        self._start()
        clock = self._bench.runner.clock
        chairs = {chair.id: chair for chair in board.chairs}
        card = Card(plain_name(visit))
        card.setAccessibleName(spoken(visit, board.now, clock, _chair_name(chairs, visit)))
        card.add(muted(" · ".join(part for part in (number(visit.file_number), type_name(visit)) if part)))
        card.add(_row(StatusPill(status_of(visit))))
        state = state_words(visit, board.now, clock)[0]
        if state and status_of(visit) not in {"expected", "done", "missed", "cancelled"}:
            card.add(WrapLabel(state, "small"))
        for icon, words in self._facts(board, visit):
            card.add(_fact(icon, words))
        marks = board.marks.get(visit.id, ())
        if marks:
            flow = Flow(gap=6)
            for mark in marks:
                severity, words = _MARKS[mark]
                flow.add(SeverityChip(severity, _(words), MARK_ICONS[mark]))
            card.add(flow)
        self._buttons(card, board, visit)
        self._add(card)

    def _facts(self, board: Board, visit: VisitLine) -> list[tuple[str, str]]:
        clock = self._bench.runner.clock
        start, end = (datetime.fromtimestamp(at * 60, clock.zone) for at in drawn_span(visit, board.now))
        names: dict[str | None, str] = {person.id: person.name for person in board.people}
        chairs = {chair.id: chair for chair in board.chairs}
        times = _(N_("{start} to {end}"), start=hour(start, clock), end=hour(end, clock))
        facts = [
            ("calendar-blank", day(start.date(), weekday=True)),
            ("clock", f"{times} · {_(N_('{n} min'), n=visit.minutes)}"),
            ("office-chair", _chair_name(chairs, visit)),
        ]
        doctor = visit.doctor_id or next((p.provider_id for p in visit.segments if p.kind is SegmentKind.DOCTOR), None)
        wanted = sum(part.minutes for part in visit.segments if part.kind is SegmentKind.DOCTOR)
        if doctor in names:
            facts.append(("stethoscope", f"{names[doctor]} · {_(N_('{n} min'), n=wanted)}"))
        if visit.assistant_id in names:
            facts.append(("user", names[visit.assistant_id]))
        if visit.starts_at is not None and abs((start - visit.starts_at).total_seconds()) >= 300:
            facts.append(("clock-counter-clockwise", _(N_("Planned at {time}"), time=hour(visit.starts_at, clock))))
        if visit.status == "confirmed":
            facts.append(("check", _(N_("Confirmed"))))
        if visit.note:
            facts.append(("note", visit.note))
        return facts

    def _buttons(self, card: Card, board: Board, visit: VisitLine) -> None:
        today = any(day_.span[0] <= board.now < day_.span[1] for day_ in board.days) and visit.starts_at is not None
        starts = visit.starts_at
        same = bool(today and starts and self._bench.runner.clock.day_of(starts) == self._bench.runner.clock.today())
        act = next_act(visit, today=same)
        if act is not None:
            card.add(ActButton(self._bench, act, visit))
        flow = Flow(gap=6, row_gap=6)
        if movable(visit):
            reason = self._bench.reason(move_appointment)
            for icon, words, signal in (
                ("arrows-out-cardinal", _(N_("Move")), self.move_asked),
                ("arrows-out", _(N_("Length")), self.resize_asked),
            ):  # fmt: skip
                button = Button(words, "secondary", icon, size="compact")
                button.set_available(not reason, reason)
                button.clicked.connect(lambda _on=False, signal=signal: signal.emit())
                flow.add(button)
        for icon, words, emit in (
            ("pencil-simple", _(N_("Edit")), lambda: self.edit_asked.emit(visit)),
            ("user", _(N_("Chart")), lambda: self.chart_asked.emit(visit)),
            ("dots-three", _(N_("More")), self.menu_asked.emit),
        ):
            button = Button(words, "secondary", icon, size="compact")
            button.clicked.connect(lambda _on=False, emit=emit: emit())
            flow.add(button)
        card.add(flow)

    # -- free time ------------------------------------------------------------------------------------------
    def show_gap(self, item: Item, lane: Lane, fits: tuple[SoonerFit, ...] | None) -> None:
        """Free minutes of a chair and who of the short-notice list fits them; None while that is looked for."""
        self._start()
        clock = self._bench.runner.clock
        start, end = (datetime.fromtimestamp(at * 60, clock.zone) for at in item.span)
        card = Card(_(N_("{time} free"), time=minutes_words(item.span[1] - item.span[0])))
        times = _(N_("{start} to {end}"), start=hour(start, clock), end=hour(end, clock))
        card.add(muted(f"{lane.name} · {times}"))
        button = Button(_(N_("New appointment")), "primary", "plus")
        button.clicked.connect(lambda *_: self.book_asked.emit())
        card.add(button)
        self._add(card)
        listed = Card(_(N_("Sooner if possible")), icon="lightning")
        if fits is None:
            listed.add(muted(_(N_("Looking…"))))
        elif not fits:
            listed.add(WrapLabel(_(N_("Nobody of the short-notice list fits here.")), "small", "muted"))
        for fit in fits or ():
            listed.add(self._fit(fit))
        self._add(listed)

    def _fit(self, fit: SoonerFit) -> QWidget:
        host = QWidget()
        row = QHBoxLayout(host)
        row.setContentsMargins(0, 0, 0, 0)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedLabel(f"{fit.given_name} {fit.family_name}", "name"))
        at = hour(fit.slot.starts_at, self._bench.runner.clock)
        words.addWidget(muted(f"{fit.type_code} · {at}"))
        row.addLayout(words, 1)
        if fit.appointment_id is not None:
            button = Button(_(N_("Move here")), size="compact")
            button.setAccessibleName(_(N_("Move {name} here"), name=f"{fit.given_name} {fit.family_name}"))
            reason = self._bench.reason(move_appointment)
            button.set_available(not reason, reason)
            button.clicked.connect(lambda *_: self.fit_taken.emit(fit))
            row.addWidget(button)
        return host

    # -- the day --------------------------------------------------------------------------------------------
    def show_day(self, board: Board, words: str, gaps: Sequence[tuple[Item, str]]) -> None:
        """How many visits stand where, and the first free minutes with the name of their chair."""
        self._start()
        card = Card(words)
        card.add(muted(counted(N_("{n} visit"), N_("{n} visits"), len(board.visits))))
        found = Counter(status_of(visit) for visit in board.visits)
        for status, count in sorted(found.items(), key=lambda pair: _ORDER.index(pair[0])):
            row = QHBoxLayout()
            row.addWidget(StatusPill(status))
            row.addStretch(1)
            row.addWidget(Tag(str(count)))
            card.add(row)
        for each in board.days if len(board.days) == 1 else ():
            if each.reason:
                card.add(SeverityChip("warn", _(each.reason), "calendar-x"))
        if not board.visits:
            card.add(WrapLabel(_(N_("Nobody is booked. Select free time to book a visit.")), "body", "muted"))
        self._add(card)
        if gaps:
            self._add(self._gaps(gaps))

    def _gaps(self, gaps: Sequence[tuple[Item, str]]) -> Card:
        clock = self._bench.runner.clock
        listed = Card(_(N_("Free next")), icon="clock")
        listed.body.setSpacing(2)
        for item, chair in gaps:
            at = hour(datetime.fromtimestamp(item.span[0] * 60, clock.zone), clock)
            button = Button(f"{at} · {chair}", "quiet", size="compact")
            button.setAccessibleName(f"{at}, {chair}, {free_words(item)}")
            button.clicked.connect(lambda _on=False, item=item: self.gap_chosen.emit(item))
            row = QHBoxLayout()
            row.addWidget(button)
            row.addStretch(1)
            row.addWidget(muted_word(minutes_words(item.span[1] - item.span[0])))
            listed.add(row)
        return listed


def muted_word(words: str) -> Label:
    """A secondary word at the right of a line."""
    return Label(words, "small", "muted")


_ORDER = (
    "expected", "late", "waiting", "seated", "needed", "here", "paused", "checkout", "cleaning", "done", "missed",
    "cancelled",
)  # fmt: skip


def _chair_name(chairs: dict[Any, BoardChair], visit: VisitLine) -> str:
    chair = chairs.get(chair_of(visit))
    return chair.name if chair is not None else _(N_("No chair"))


def _row(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(widget)
    row.addStretch(1)
    return row


def _fact(icon: str, words: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(ThemedIcon(icon, 15))
    row.addWidget(WrapLabel(words, "body"), 1)
    return row
