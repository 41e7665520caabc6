"""The loads of the steriliser: what runs, what waits for release, what may be used, what failed."""

from __future__ import annotations

from collections.abc import Callable

from app.core.i18n import N_, _
from app.orchestration.queries import DaySnapshot, day_snapshot
from app.practice.queries import EquipmentKind
from app.sterilisation.commands import (
    end_cycle,
    fail_load,
    note_biological,
    release_load,
    start_cycle,
    withdraw_cycle,
)
from app.sterilisation.queries import (
    CYCLE_LABELS,
    INDICATOR_LABELS,
    CycleLine,
    CycleState,
    Indicator,
    sterilisation_cycles,
)
from ui.following.list_panel import ListPanel
from ui.shell.formats import NBSP, moment
from ui.shell.screen import Screen
from ui.team.forms import CycleForm, EndForm, FailForm
from ui.widgets.buttons import Button
from ui.widgets.paged_model import Column, Row


class CyclesPanel(ListPanel[CycleLine]):
    """One row a load, the newest first."""

    def __init__(self, screen: Screen) -> None:
        self._devices: tuple[tuple[str, str], ...] = ()
        nothing = (N_("No load of the last days."), N_("Start a cycle when a load goes in."))
        super().__init__(screen, N_("Loads of the steriliser"), nothing)
        self._new = Button("", "primary", "plus")
        self._new.clicked.connect(self._start)
        screen.words.put(self._new.setText, start_cycle.label)
        self.filters.add(self._new)
        stands = self._stands
        self.add_act(end_cycle.label, "check", self._end, end_cycle, key="E",
                     ready=lambda: stands(CycleState.RUNNING))  # fmt: skip
        self.add_act(release_load.label, "check-circle", self._release, release_load, kind="primary", key="R",
                     ready=lambda: stands(CycleState.ENDED))  # fmt: skip
        for verb, icon, result in (
            (N_("Biological indicator passed"), "flask", Indicator.PASSED),
            (N_("Biological indicator failed"), "warning", Indicator.FAILED),
        ):
            self.add_act(verb, icon, self._biological(result), note_biological, ready=self._incubates)
        self.add_act(fail_load.label, "warning-octagon", self._fail, fail_load,
                     ready=lambda: not stands(CycleState.FAILED))  # fmt: skip
        self.add_act(withdraw_cycle.label, "trash", self._withdraw, withdraw_cycle)

    def read(self) -> None:
        """Ask for the loads, and for the sterilisers."""
        self.screen_of.ask(day_snapshot, self._show_day)
        self.screen_of.ask(sterilisation_cycles, self.show_cycles)

    def _show_day(self, shot: DaySnapshot) -> None:
        self._devices = tuple((each.id, each.name) for each in shot.devices if each.kind is EquipmentKind.STERILISER)
        reason = self.bench.reason(start_cycle) or ("" if self._devices else _(N_("No steriliser is entered.")))
        self._new.set_available(not reason, reason)

    def show_cycles(self, cycles: tuple[CycleLine, ...]) -> None:
        """Show the loads."""
        self.show_rows(cycles)
        self.screen_of.show_body()

    def columns(self) -> list[Column]:
        """Heads."""
        found = [
            Column("code", _(N_("Load")), width=170, strong=True), Column("state", _(N_("State")), width=150),
            Column("contents", _(N_("What is in the load"))), Column("left", _(N_("Packs left")), width=96, right=True),
            Column("begun", _(N_("Begun")), width=170), Column("reached", _(N_("Reached")), width=190),
            Column("chemical", _(N_("Chemical")), width=110), Column("biological", _(N_("Biological")), width=120),
        ]  # fmt: skip
        return found[:4] if self.narrow else found

    def cells(self, item: CycleLine) -> Row:
        """A load in words."""
        reached = ""
        if item.tenths_celsius is not None:
            degrees = f"{item.tenths_celsius / 10:g}{NBSP}°C"
            reached = f"{degrees} · {item.kilopascals}{NBSP}kPa · {item.hold_minutes}{NBSP}min"
        row = (
            item.code, _(CYCLE_LABELS[item.state]), item.contents + (f" · {item.note}" if item.note else ""),
            f"{item.left} / {item.packs}", moment(item.started_at, self.bench.runner.clock), reached,
            _(INDICATOR_LABELS[item.chemical]), _(INDICATOR_LABELS[item.biological]),
        )  # fmt: skip
        return row[:4] if self.narrow else row

    def key_of(self, item: CycleLine) -> object:
        """The load."""
        return item.id

    def open_row(self) -> None:
        """What Enter does: the next step of the load."""
        if self._stands(CycleState.RUNNING):
            self._end()
        elif self._stands(CycleState.ENDED):
            self._release()

    def _stands(self, state: CycleState) -> bool:
        item = self.current()
        return item is not None and item.state is state

    def _incubates(self) -> bool:
        item = self.current()
        return item is not None and item.biological is Indicator.WAITING and item.ended_at is not None

    def _start(self) -> None:
        self.show_form(_(start_cycle.label), CycleForm(self.screen_of, self._devices))

    def _end(self) -> None:
        item = self.current()
        if item is not None:
            self.show_form(_(N_("End of the load {code}"), code=item.code), EndForm(self.screen_of, item))

    def _release(self) -> None:
        item = self.current()
        if item is not None:
            self.bench.run(release_load, item.id).say(_(N_("Load {code} may be used"), code=item.code))

    def _biological(self, result: Indicator) -> Callable[[], None]:
        def note() -> None:
            item = self.current()
            if item is not None:
                self.bench.run(note_biological, item.id, result)

        return note

    def _fail(self) -> None:
        item = self.current()
        if item is not None:
            self.show_form(_(N_("Load {code} failed"), code=item.code), FailForm(self.screen_of, item))

    def _withdraw(self) -> None:
        item = self.current()
        if item is not None:
            self.bench.run(withdraw_cycle, item.id)
