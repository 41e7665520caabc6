"""The devices of the day: free or in use, where, who wants them next, maintenance; and the log of the chosen one."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from app.core.i18n import N_, _, language
from app.orchestration.queries import (
    DEVICE_STATE_LABELS,
    DaySnapshot,
    DayVisitLine,
    DeviceLane,
    DeviceUse,
    day_snapshot,
    device_log,
)
from app.practice.queries import EQUIPMENT_LABELS
from ui.following.list_panel import ListPanel
from ui.patients.words import plain_name
from ui.shell.formats import hour
from ui.shell.screen import Screen
from ui.team.words import at_minute
from ui.widgets.cards import Card
from ui.widgets.labels import WrapLabel
from ui.widgets.paged_model import Column, Row


class DevicesPanel(ListPanel[DeviceLane]):
    """One row a device."""

    def __init__(self, screen: Screen) -> None:
        self._shot: DaySnapshot | None = None
        nothing = (N_("No device is entered."), N_("Devices are entered in the practice."))
        super().__init__(screen, N_("Devices of the day"), nothing)
        self.log, self.lines_of_log = Card(""), WrapLabel("")
        self.log.add(self.lines_of_log)
        column = self.layout()
        assert isinstance(column, QVBoxLayout), "a panel is made with its layout"
        column.insertWidget(2, self.log)
        self.table.selectionModel().selectionChanged.connect(lambda *_args: self._ask_log())
        self.add_act(N_("Maintenance…"), "wrench", self._maintain, key="M")

    def read(self) -> None:
        """Ask for the day."""
        self.screen_of.ask(day_snapshot, self.show_day)

    def show_day(self, shot: DaySnapshot) -> None:
        """Show the devices."""
        self._shot = shot
        self.show_rows(shot.devices)
        self.log.setVisible(bool(shot.devices))
        self._ask_log()
        self.screen_of.show_body()

    def columns(self) -> list[Column]:
        """Heads."""
        found = [
            Column("name", _(N_("Device")), strong=True), Column("kind", _(N_("Kind")), width=150),
            Column("where", _(N_("Where")), width=130), Column("state", _(N_("State")), width=150),
            Column("who", _(N_("In use by")), width=190), Column("next", _(N_("Next")), width=190),
            Column("down", _(N_("Maintenance")), width=150),
        ]  # fmt: skip
        return [found[place] for place in (0, 2, 3, 5)] if self.narrow else found

    def cells(self, item: DeviceLane) -> Row:
        """A device in words."""
        shot = self._shot
        assert shot is not None, "rows come from a day"
        visits: dict[str, DayVisitLine] = {visit.id: visit for visit in shot.visits}
        using, coming = visits.get(item.visit_id or ""), visits.get(item.next_visit_id or "")
        where = next((chair.name for chair in shot.chairs if chair.id == item.operatory_id), _(N_("carried about")))
        who = _(N_("{name} until {time}"), name=plain_name(using.line), time=self.at(item.free_at)) if using else ""
        following = ""
        if coming is not None and item.next_at is not None:
            following = _(N_("{time} {name}"), time=self.at(item.next_at), name=plain_name(coming.line))
        down = ", ".join(f"{self.at(first)}–{self.at(last)}" for first, last in item.down)
        row: tuple[Any, ...] = (
            item.name, _(EQUIPMENT_LABELS[item.kind]), where, _(DEVICE_STATE_LABELS[item.state]), who, following, down,
        )  # fmt: skip
        return tuple(row[place] for place in (0, 2, 3, 5)) if self.narrow else row

    def at(self, minute: int) -> str:
        """A clock time."""
        return at_minute(minute, self.bench.runner.clock)

    def key_of(self, item: DeviceLane) -> object:
        """The device."""
        return item.id

    def open_row(self) -> None:
        """What Enter does: where its maintenance is planned."""
        self._maintain()

    def _maintain(self) -> None:
        self.screen_of.open_screen.emit("practice", {"section": "equipment"})

    # -- the log --------------------------------------------------------------------------------------------
    def _ask_log(self) -> None:
        item = self.current()
        if item is not None:
            self.log.set_title(_(N_("Log of {name} today"), name=item.name))
            self.bench.ask_for(None, device_log, self._show_log, item.id)

    def _show_log(self, uses: tuple[DeviceUse, ...]) -> None:
        self.lines_of_log.setText("\n".join(self._use_words(use) for use in uses) or _(N_("Nothing today.")))

    def _use_words(self, use: DeviceUse) -> str:
        clock = self.bench.runner.clock
        span = f"{hour(use.starts_at, clock)}–{hour(use.ends_at, clock)}"
        if use.appointment_id is None:
            return f"{span}  {_(N_('Maintenance'))}" + (f" · {use.reason}" if use.reason else "")
        kind = use.type_name_fr if language() == "fr" else use.type_name_en
        state = _(N_("booked")) if use.booked else _(N_("used"))
        return f"{span}  {use.given_name} {use.family_name} · {kind} · {state}"
