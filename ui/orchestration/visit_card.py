"""The visit that is chosen: where it stands, what comes next with one key, and what else can happen to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.core.i18n import N_, _, language
from app.journal.commands import Command
from app.orchestration.commands import (
    end_priority,
    leave_own_state,
    prioritise_visit,
    put_in_own_state,
    step_back,
)
from app.orchestration.queries import (
    DayVisitLine,
    OwnStateLine,
    StandIn,
    visit_own_state_id,
    visit_priority_id,
    who_could,
)
from app.scheduling.commands import move_appointment
from app.scheduling.queries import EVENT_LABELS, SEGMENT_LABELS, Stage, VisitLine
from ui.orchestration.picture import OVER, DayPicture
from ui.patients.facts import empty
from ui.patients.words import plain_name
from ui.scheduling.block_look import minutes_words, state_words, type_name
from ui.scheduling.schedule_acts import ACTS, FIRST_CALL, Act, next_act
from ui.shell.bench import Bench
from ui.shell.formats import amount
from ui.widgets.avatar import Avatar
from ui.widgets.buttons import Button, IconButton, Size
from ui.widgets.cards import Card
from ui.widgets.fields import TextField
from ui.widgets.form import Field
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import Flow
from ui.widgets.pills import SeverityChip, StatusPill

MOST_ACTS = 4


class VisitCard(Card):
    """One visit of the day, or what to do when none is chosen."""

    acted = Signal(object, str)
    """An act, and the visit."""
    chart_asked = Signal(str)
    edit_asked = Signal(str)
    menu_asked = Signal(str, QPoint)
    checkout_asked = Signal(str)

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self._visit: DayVisitLine | None = None
        self._shown: tuple[object, ...] = ()
        self._at: Callable[[int], str] = str
        self._own_states: tuple[OwnStateLine, ...] = ()
        self._head, self._acts, self._form = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        for part in (self._head, self._acts, self._form):
            part.setSpacing(8)
            self.add(part)
        self._field: Field | None = None

    def show_visit(self, picture: DayPicture, visit: DayVisitLine | None) -> None:
        """Show a visit; a form that is open for the same visit stays."""
        same = visit is not None and self._visit is not None and visit.id == self._visit.id
        shown = (visit, picture.shot.now, self._bench.actor, language())
        if same and shown == self._shown:
            return
        self._visit, self._shown, self._at = visit, shown, picture.at
        empty(self._head)
        empty(self._acts)
        if not same:
            self._close_form()
        if visit is None:
            words = _(N_("Choose a visit: what comes next for it stands here."))
            self._head.addWidget(WrapLabel(words, "body", "muted"))
            return
        self._fill(picture, visit)
        self._offer(visit)

    def _fill(self, picture: DayPicture, visit: DayVisitLine) -> None:
        line = visit.line
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(Avatar(plain_name(line), 36, line.patient_id))
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(WrapLabel(plain_name(line), "name"))
        words.addWidget(WrapLabel(type_name(line), "small", "muted"))
        top.addLayout(words, 1)
        more = IconButton("dots-three-vertical", _(N_("Everything that can be done")), size="compact")
        more.clicked.connect(
            lambda: self.menu_asked.emit(visit.id, more.mapToGlobal(QPoint(0, more.height())))
        )  # fmt: skip
        top.addWidget(more)
        self._head.addLayout(top)
        where = [picture.chair_name(visit.operatory_id or line.operatory_id), picture.person_name(line.doctor_id),
                 picture.person_name(line.assistant_id)]  # fmt: skip
        self._head.addWidget(WrapLabel(" · ".join(part for part in where if part)))
        self._head.addWidget(WrapLabel(self._times(picture, visit), "small", "muted"))
        state, _brief = state_words(line, picture.shot.now, picture.clock, visit.projected)
        marks = Flow(StatusPill(visit.stage.value, state), gap=6, row_gap=6)
        for severity, icon, text in picture.flags(visit):
            marks.add(SeverityChip(severity, text, icon))
        self._head.addWidget(marks)
        if visit.urgent_reason and visit.urgent:
            self._head.addWidget(
                WrapLabel(_(N_("Goes first: {reason}"), reason=visit.urgent_reason), "small", "danger")
            )
        for procedure in visit.procedures:
            name = procedure.name_fr if language() == "fr" else procedure.name_en
            minutes = _(N_("chair {chair}, doctor {doctor} min"), chair=procedure.chair_minutes,
                        doctor=procedure.doctor_minutes)  # fmt: skip
            self._head.addWidget(WrapLabel(f"{procedure.code} · {name} · {minutes}", "small"))
        self._head.addWidget(WrapLabel(segment_words(line), "small", "muted"))
        for paper in visit.papers:
            self._head.addWidget(WrapLabel(_(paper), "small", "warn"))
        if visit.inferred:
            kinds = ", ".join(_(EVENT_LABELS[kind]) for kind in visit.inferred)
            self._head.addWidget(WrapLabel(_(N_("Taken from what was done: {kinds}"), kinds=kinds), "small", "muted"))

    @staticmethod
    def _times(picture: DayPicture, visit: DayVisitLine) -> str:
        """Planned, begun or to begin, length, end, expected charge."""
        line, parts = visit.line, []
        if line.starts_at:
            parts.append(_(N_("planned {time}"), time=picture.at(int(line.starts_at.timestamp()) // 60)))
        if visit.projected is not None and visit.stage not in OVER:
            begin, end = (picture.at(minute) for minute in visit.projected)
            parts.append(_(N_("≈ {start} to {end}"), start=begin, end=end))
        parts.append(minutes_words(line.minutes))
        if visit.expected_charge is not None:
            parts.append(amount(visit.expected_charge))
        return " · ".join(parts)

    def _offer(self, visit: DayVisitLine) -> None:
        first = next_act(visit.line, today=True)
        if first is not None:
            self._acts.addWidget(self._button(first, visit, primary=True))
        more = Flow(gap=6, row_gap=6)
        offered = [act for act in ACTS if act is not first and act.offered(visit.line)]
        for act in offered[:MOST_ACTS]:
            more.add(self._button(act, visit))
        for label, icon, command, slot in (
            (N_("Goes first"), "arrow-up", prioritise_visit, self._ask_why),
            (N_("Waits its turn"), "arrow-down", end_priority, self._end_priority),
            (N_("One step back"), "arrow-u-up-left", step_back, self.take_back),
        ):
            if not self._fits(command, visit):
                continue
            button = Button(_(label), "secondary", icon, size="compact")
            button.set_available(self._bench.may(command), self._bench.reason(command))
            button.clicked.connect(slot)
            more.add(button)
        if visit.stage in {Stage.EXPECTED, Stage.LATE, Stage.WAITING} and visit.line.starts_at is not None:
            could = Button(_(N_("Who could…")), "secondary", "user-switch", size="compact")
            could.set_help(_(who_could.help))
            could.set_available(self._bench.may(move_appointment), self._bench.reason(move_appointment))
            could.clicked.connect(self.ask_who_could)
            more.add(could)
        for line in self._own_states:
            if line.stage is visit.stage and not line.renames:
                more.add(self._own(line, visit))
        if visit.stage is Stage.CHECKOUT:
            leaves = Button(_(N_("Next visit…")), "primary", "calendar-plus", size="compact")
            leaves.clicked.connect(lambda *_args, key=visit.id: self.checkout_asked.emit(key))
            more.add(leaves)
        for label, icon, told in (
            (N_("Patient file"), "folder-open", self.chart_asked),
            (N_("Appointment"), "pencil-simple", self.edit_asked),
        ):  # fmt: skip
            link = Button(_(label), "quiet", icon, size="compact")
            link.clicked.connect(lambda *_args, told=told, key=visit.id: told.emit(key))
            more.add(link)
        self._acts.addWidget(more)

    @staticmethod
    def _fits(command: object, visit: DayVisitLine) -> bool:
        to_come = visit.stage in {Stage.EXPECTED, Stage.LATE, Stage.WAITING}
        if command is prioritise_visit:
            return to_come and not visit.urgent
        if command is end_priority:
            return to_come and visit.urgent and not visit.doctor_first
        return visit.stage not in {Stage.EXPECTED, Stage.LATE}

    def _button(self, act: Act, visit: DayVisitLine, *, primary: bool = False) -> Button:
        words = _(FIRST_CALL) if act.more else _(act.command.label)
        size: Size = "" if primary else "compact"
        button = Button(words, "primary" if primary else "secondary", act.command.icon, size=size)
        button.set_help(f"{_(act.command.help)} ({act.keys})" if act.keys else _(act.command.help))
        button.set_available(self._bench.may(act.command), self._bench.reason(act.command))
        button.clicked.connect(lambda *_args: self.acted.emit(act, visit.id))
        return button

    def show_own_states(self, lines: tuple[OwnStateLine, ...]) -> None:
        """The finer states of the clinic’s own that can be offered."""
        if lines != self._own_states:
            self._own_states, self._shown = lines, ()

    def _own(self, line: OwnStateLine, visit: DayVisitLine) -> Button:
        """Puts the visit into a finer state, or takes it out again."""
        inside = visit.own_state is not None and visit.own_state.id == line.id
        name = line.name_fr if language() == "fr" else line.name_en
        button = Button(name, "secondary", "x" if inside else "tag", size="compact")
        command: Command[..., Any] = leave_own_state if inside else put_in_own_state
        button.setAccessibleName(f"{_(command.label)}: {name}")
        button.set_available(self._bench.may(command), self._bench.reason(command))
        if inside:
            button.clicked.connect(lambda: self._bench.run(leave_own_state, visit_own_state_id(visit.id)))
        else:
            button.clicked.connect(lambda: self._bench.run(put_in_own_state, visit.id, line.id))
        return button

    # -- who could ------------------------------------------------------------------------------------------
    def ask_who_could(self) -> None:
        """Look for the hands who could take the visit, those with the skills who are free first."""
        if self._visit is not None:
            self._bench.ask_for(None, who_could, self.show_who_could, self._visit.id)

    def show_who_could(self, people: tuple[StandIn, ...]) -> None:
        """A button for each who fits; who does not is told why."""
        self._close_form()
        for person in people:
            if person.fits:
                button = Button(f"{person.name} · {minutes_words(person.booked)}", "secondary", "user", size="compact")
                button.setAccessibleName(_(N_("Give the visit to {name}"), name=person.name))
                button.clicked.connect(lambda *_args, who=person: self._give(who))
                self._form.addWidget(button)
            else:
                until = self._at(person.until) if person.until is not None else ""
                words = _(person.reason, until=until, skills=", ".join(person.skills))
                self._form.addWidget(WrapLabel(f"{person.name} {words}", "small", "muted"))

    def _give(self, person: StandIn) -> None:
        line = self._visit.line if self._visit is not None else None
        if line is not None and line.starts_at is not None:
            said = _(N_("{who} treats {name}"), who=person.name, name=plain_name(line))
            running = self._bench.run(move_appointment, line.id, line.starts_at, assistant_id=person.id)
            running.say(said).then(lambda _done: self._close_form())

    # -- priority -------------------------------------------------------------------------------------------
    def _ask_why(self) -> None:
        """Who goes first has a reason that everybody can read."""
        self._close_form()
        field = TextField(_(N_("E.g. pain, a wire that pokes")))
        self._field = Field(_(N_("Why this visit goes first")), field)
        keep = Button(_(prioritise_visit.label), "primary", "arrow-up", size="compact")
        keep.clicked.connect(self._prioritise)
        field.returnPressed.connect(self._prioritise)
        self._form.addWidget(self._field)
        self._form.addWidget(keep)
        field.setFocus()

    def _prioritise(self) -> None:
        if self._field is None or self._visit is None:
            return
        name = plain_name(self._visit.line)
        reason = str(self._field.value() or "")
        running = self._bench.run(prioritise_visit, self._visit.id, reason)
        running.say(_(N_("{name} goes first"), name=name)).then(lambda _key: self._close_form())

    def _end_priority(self) -> None:
        if self._visit is not None:
            said = _(N_("{name} waits its turn again"), name=plain_name(self._visit.line))
            self._bench.run(end_priority, visit_priority_id(self._visit.id)).say(said)

    def take_back(self) -> None:
        """What was last recorded of the visit does not count."""
        if self._visit is not None:
            said = _(N_("The last step of {name} was taken back"), name=plain_name(self._visit.line))
            self._bench.run(step_back, self._visit.id).say(said)

    def _close_form(self) -> None:
        self._field = None
        empty(self._form)


def segment_words(line: VisitLine) -> str:
    """“Assistant 8 · Doctor 4 · Assistant 8 min”."""
    parts = [f"{_(SEGMENT_LABELS[part.kind])} {part.minutes}" for part in line.segments]
    return _(N_("{parts} min"), parts=" · ".join(parts))
