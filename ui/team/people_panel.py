"""Everybody who treats today: what now, since when, where, what next, the time clock, breaks, how much they do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.attendance.commands import answer_break, ask_break, begin_break, clock_in, clock_out, end_break
from app.attendance.queries import BreakRequestLine, ClockState, RequestState, break_requests
from app.core.i18n import N_, _
from app.orchestration.queries import DaySnapshot, DayUse, PersonLane, PersonUse, day_snapshot, day_use
from app.practice.queries import ProviderKind
from ui.following.list_panel import ListPanel
from ui.scheduling.block_look import doctor_name
from ui.shell.formats import percent
from ui.shell.screen import Screen
from ui.team.forms import AnswerForm, AskForm, BreakForm, asked_words
from ui.team.words import at_minute, break_words, clock_of, doing, hours_words, next_words, place_of, span_words
from ui.widgets.cards import Banner
from ui.widgets.paged_model import Column, Row


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody of the day."""

    lane: PersonLane
    use: PersonUse | None
    request: BreakRequestLine | None


class PeoplePanel(ListPanel[PersonRow]):
    """One row a person; what the time clock is told stands under the table."""

    def __init__(self, screen: Screen) -> None:
        self._shot: DaySnapshot | None = None
        self._use: dict[str, PersonUse] = {}
        self._requests: tuple[BreakRequestLine, ...] = ()
        nothing = (N_("Nobody works today."), N_("Shifts are planned in the practice."))
        super().__init__(screen, N_("People of the day"), nothing)
        self.asked = Banner("info", "")
        self.asked.hide()
        self.filters.add(self.asked)
        state = self._is
        self.add_act(clock_in.label, "sign-in", self._in, clock_in, kind="primary", key="I",
                     ready=lambda: state(None, ClockState.OUT))  # fmt: skip
        self.add_act(clock_out.label, "sign-out", self._out, clock_out, key="O",
                     ready=lambda: state(ClockState.IN, ClockState.BREAK))  # fmt: skip
        self.add_act(begin_break.label, "coffee", self._begin, begin_break, key="B", ready=lambda: state(ClockState.IN))
        self.add_act(end_break.label, "play", self._end, end_break, key="E", ready=lambda: state(ClockState.BREAK))
        self.add_act(ask_break.label, "chat-text", self._ask, ask_break, key="A")
        self.add_act(answer_break.label, "check", self._answer, answer_break, key="G", ready=self._asks)

    # -- reading --------------------------------------------------------------------------------------------
    def read(self) -> None:
        """Ask for the day, how it is used, and which breaks are asked for."""
        ask = self.screen_of.ask
        ask(day_snapshot, self.show_day)
        ask(day_use, self._show_use)
        ask(break_requests, self._show_requests)

    def show_day(self, shot: DaySnapshot) -> None:
        """Show who is there."""
        self._shot = shot
        self._fill()
        self.screen_of.show_body()

    def _show_use(self, use: DayUse) -> None:
        self._use = {person.id: person for person in use.people}
        self._fill()

    def _show_requests(self, requests: tuple[BreakRequestLine, ...]) -> None:
        self._requests = requests
        waits = [line for line in requests if line.state is RequestState.ASKED]
        words = [asked_words(line, self.screen_of) for line in waits]
        self.asked.setVisible(bool(waits))
        self.asked.tell("info", " · ".join(words))
        self._fill()

    def _fill(self) -> None:
        if self._shot is None:
            return
        asked = {line.provider_id: line for line in self._requests if line.state is RequestState.ASKED}
        self.show_rows([PersonRow(lane, self._use.get(lane.id), asked.get(lane.id)) for lane in self._shot.people])

    # -- cells ----------------------------------------------------------------------------------------------
    def columns(self) -> list[Column]:
        """Heads; in a narrow window what one looks for first."""
        found = [
            Column("name", _(N_("Person")), strong=True, share=2),
            Column("now", _(N_("Now")), share=3),
            Column("where", _(N_("Where")), width=92),
            Column("since", _(N_("Since and until")), width=152),
            Column("next", _(N_("Next")), share=3),
            Column("clock", _(N_("Time clock")), width=142),
            Column("break", _(N_("Break")), width=112),
            Column("load", _(N_("Hands-on")), width=92, right=True),
            Column("over", _(N_("Overtime")), width=88, right=True),
        ]
        return [found[place] for place in (0, 1, 2, 4, 6)] if self.narrow else found

    def cells(self, item: PersonRow) -> Row:
        """What a person does, in words."""
        shot, lane = self._shot, item.lane
        assert shot is not None, "rows come from a day"
        share = "" if item.use is None or not item.use.present else percent((item.use.per_mille + 5) // 10)
        over = hours_words(lane.overtime) if lane.overtime else ""
        name = doctor_name(lane.name) if lane.kind is ProviderKind.DOCTOR else lane.name
        row: tuple[Any, ...] = (
            name, doing(shot, lane), place_of(shot, lane), span_words(lane, self.at), next_words(shot, lane, self.at),
            clock_of(lane), break_words(lane, shot.now, self.at), share, over,
        )  # fmt: skip
        return tuple(row[place] for place in (0, 1, 2, 4, 6)) if self.narrow else row

    def at(self, minute: int) -> str:
        """A clock time."""
        return at_minute(minute, self.bench.runner.clock)

    def key_of(self, item: PersonRow) -> object:
        """The person."""
        return item.lane.id

    def open_row(self) -> None:
        """What Enter does: the visit on the day."""
        item = self.current()
        if item is not None and item.lane.visit_id:
            self.screen_of.open_screen.emit("day", {"appointment_id": item.lane.visit_id})

    # -- verbs ----------------------------------------------------------------------------------------------
    def _is(self, *states: ClockState | None) -> bool:
        item = self.current()
        return item is not None and item.lane.clock in states

    def _asks(self) -> bool:
        item = self.current()
        return item is not None and item.request is not None

    def _in(self) -> None:
        item = self.current()
        if item is not None:
            self.bench.run(clock_in, item.lane.id).say(_(N_("{name} is at work"), name=item.lane.name))

    def _out(self) -> None:
        item = self.current()
        if item is not None:
            self.bench.run(clock_out, item.lane.id).say(_(N_("{name} has gone home"), name=item.lane.name))

    def _end(self) -> None:
        item = self.current()
        if item is not None:
            self.bench.run(end_break, item.lane.id).say(_(N_("{name} is back"), name=item.lane.name))

    def _begin(self) -> None:
        item = self.current()
        if item is not None:
            title = _(N_("Break of {name}"), name=item.lane.name)
            self.show_form(title, BreakForm(self.screen_of, item.lane, self.at))

    def _ask(self) -> None:
        item = self.current()
        if item is not None:
            title = _(N_("A break for {name}"), name=item.lane.name)
            self.show_form(title, AskForm(self.screen_of, item.lane))

    def _answer(self) -> None:
        item = self.current()
        if item is not None and item.request is not None:
            title = _(N_("{name} asks for a break"), name=item.lane.name)
            self.show_form(title, AnswerForm(self.screen_of, item.lane, self.at, item.request))
