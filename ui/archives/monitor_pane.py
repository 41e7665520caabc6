"""The monitor of the gateway: what is set, what is being taken, and what happened at the door of this computer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from app.core.i18n import N_, _
from app.gateway.queries import (
    EVENT_LABELS,
    REFUSAL_LABELS,
    GatewayEvent,
    GatewayLine,
    StepLine,
    gateway_notes,
    imaging_steps,
)
from app.gateway.settings import GATEWAY_AE_TITLE, GATEWAY_PORT
from ui.patients.facts import Facts
from ui.practice.pane import Pane
from ui.shell.formats import counted, hour, moment
from ui.shell.growing import GrowingModel
from ui.shell.screen import Screen
from ui.shell.table_card import TableCard
from ui.storage.words import size
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, EmptyState
from ui.widgets.layout import Flow
from ui.widgets.paged_model import Column, Row
from ui.widgets.pills import SeverityChip
from ui.widgets.tables import Table

LEAST_ROWS = 8
BAD = frozenset({GatewayEvent.REFUSED, GatewayEvent.DISK_FULL, GatewayEvent.SET_ASIDE})
STANDING = frozenset({GatewayEvent.STARTED, GatewayEvent.STOPPED})


def columns() -> list[Column]:
    """Heads, in the language in force."""

    def icon(event: GatewayEvent) -> tuple[str, str]:
        return ("warning-circle", "danger") if event in BAD else ("check-circle", "muted")

    return [
        Column("at", _(N_("When")), width=184, sortable=False),
        Column("event", _(N_("What")), lambda event: _(EVENT_LABELS[event]), strong=True, sortable=False, icon=icon),
        Column("who", _(N_("Device")), width=236, sortable=False),
        Column("more", _(N_("Details")), sortable=False),
    ]


class NoteModel(GrowingModel[GatewayLine]):
    """A line an event."""

    def __init__(self, pane: MonitorPane) -> None:
        self._pane = pane
        super().__init__(columns())

    def row_of(self, item: GatewayLine) -> Row:
        """When, what, who, and how much or why."""
        who = " · ".join(part for part in (item.calling_ae, item.address) if part) or _(N_("This computer"))
        more = [_(REFUSAL_LABELS[item.refusal])] if item.refusal is not None else []
        if item.count:
            more.append(counted(N_("{n} image"), N_("{n} images"), item.count))
        if item.size_bytes:
            more.append(size(item.size_bytes))
        return moment(item.at, self._pane.bench.runner.clock), item.event, who, " · ".join(more)


class MonitorPane(Pane):
    """Names devices, never patients."""

    title = N_("Monitor")

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._chip, self._facts = SeverityChip("info", ""), Facts()
        self._card = Card(" ", self._chip, icon="plugs-connected")
        self._settings = Button("", "secondary", "gear-six")
        self._settings.clicked.connect(
            lambda: self.view.open_screen.emit("settings", {"find": GATEWAY_AE_TITLE.name})
        )  # fmt: skip
        self._card.add(self._facts)
        self._card.add(Flow(self._settings))
        self.model = NoteModel(self)
        self.model.setParent(self)
        self.table = Table(_(self.title), self.model)
        self.table.keep_rows(LEAST_ROWS)
        self.nothing = EmptyState("plugs", "", "")
        card = TableCard()
        card.add(self.table, 1)
        card.add(self.nothing, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._card)
        column.addWidget(card, 1)
        self._steps: list[StepLine] = []
        self._notes: list[GatewayLine] = []
        self.words.put(self._settings.setText, N_("Settings of the gateway"))

    def reload(self) -> None:
        """Ask what happened, and what units are doing."""
        self.view.ask(gateway_notes, self._take_notes)
        self.view.ask(imaging_steps, self._take_steps)

    def _take_notes(self, lines: list[GatewayLine]) -> None:
        self._notes = lines
        self.model.start(lines, columns())
        self.table.setAccessibleName(_(self.title))
        self.table.setVisible(bool(lines))
        self.nothing.setVisible(not lines)
        self.nothing.tell(
            _(N_("Nothing has happened at the gateway of this computer.")),
            _(N_("It runs inside the practice’s server as soon as a device or an archive is set up.")),
        )
        self._say()

    def _take_steps(self, lines: list[StepLine]) -> None:
        self._steps = lines
        self._say()

    def _say(self) -> None:
        clock, setting = self.bench.runner.clock, self.bench.setting
        last = next((line for line in self._notes if line.event in STANDING), None)
        runs = last is not None and last.event is GatewayEvent.STARTED
        self._card.set_title(_(N_("Gateway of this computer")))
        self._chip.set_severity("ok" if runs else "info", _(N_("Runs")) if runs else _(N_("Does not run here")))
        taking = ", ".join(f"{step.calling_ae} ({hour(step.started_at, clock)})" for step in self._steps)
        self._facts.show_facts(
            [
                (_(N_("AE title")), setting(GATEWAY_AE_TITLE)),
                (_(N_("Port")), str(setting(GATEWAY_PORT) or _(N_("closed")))),
                (_(N_("Since")), moment(last.at, clock) if last is not None else ""),
                (_(N_("Taking images now")), taking or _(N_("No unit"))),
            ]
        )  # fmt: skip

    def retranslate(self) -> None:
        """The words of the head too."""
        super().retranslate()
        self._say()

    def focus_first(self, reason: Qt.FocusReason) -> None:
        """The list."""
        self.table.setFocus(reason)
