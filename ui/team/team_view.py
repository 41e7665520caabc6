"""Staff and resources: who is at work and where, the devices, the loads of the steriliser."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from ui.shell.screen import Screen
from ui.team.cycles_panel import CyclesPanel
from ui.team.devices_panel import DevicesPanel
from ui.team.people_panel import PeoplePanel
from ui.widgets.layout import effective_width
from ui.widgets.segmented import Segment, SegmentedControl

PEOPLE, DEVICES, CYCLES = "people", "devices", "cycles"
NARROW_BELOW: Final = 1060
LOOK_EVERY: Final = 20_000
"""Milliseconds between two looks at the clock."""
_PARTS: Final = (
    (PEOPLE, N_("People"), "users"), (DEVICES, N_("Equipment"), "wrench"), (CYCLES, N_("Sterilisation"), "shield-check")
)  # fmt: skip


class TeamView(Screen):
    """`choose(part="people" | "devices" | "cycles")`."""

    def build(self) -> None:
        """A switch over the parts."""
        self._part = PEOPLE
        self.people, self.devices, self.cycles = PeoplePanel(self), DevicesPanel(self), CyclesPanel(self)
        self.parts: dict[str, PeoplePanel | DevicesPanel | CyclesPanel] = {
            PEOPLE: self.people, DEVICES: self.devices, CYCLES: self.cycles,
        }  # fmt: skip
        self._panels = QStackedWidget()
        for panel in self.parts.values():
            self._panels.addWidget(panel)
        self._switch: SegmentedControl | None = None
        self._head = QHBoxLayout()
        self._head.addStretch(1)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(14, 12, 14, 10)
        column.setSpacing(10)
        column.addLayout(self._head)
        column.addWidget(self._panels, 1)
        self._make_switch()
        self._ticker = QTimer(self, interval=LOOK_EVERY)
        self._ticker.timeout.connect(self._tick)

    def _make_switch(self) -> None:
        """Segments in the language in force."""
        if self._switch is not None:
            self._head.removeWidget(self._switch)
            self._switch.hide()
            self._switch.deleteLater()
        segments = [Segment(part, _(words), icon) for part, words, icon in _PARTS]
        self._switch = SegmentedControl(_(N_("Staff and resources")), segments)
        self._switch.set_value(self._part)
        self._switch.changed.connect(lambda part: self.choose(part=part))
        self._head.insertWidget(0, self._switch)

    def choose(self, **chosen: Any) -> None:
        """Show a part."""
        part = str(chosen.get("part") or self._part)
        if part in self.parts:
            self._part = part
            if self._switch is not None:
                self._switch.set_value(part)
            self.freshen()

    def faces(self) -> dict[str, dict[str, Any]]:
        """Each part."""
        return {part: {"part": part} for part in (DEVICES, CYCLES, PEOPLE)}

    @property
    def panel(self) -> PeoplePanel | DevicesPanel | CyclesPanel:
        """The part on show."""
        return self.parts[self._part]

    def subheading(self) -> str:
        """What the screen is for."""
        return _(N_("Who does what where, breaks, devices, and what is sterile"))

    def focus_first(self) -> None:
        """The table."""
        self.panel.table.setFocus(self.focus_reason)

    def filter_field(self) -> QWidget | None:
        """The table."""
        return self.panel.table

    def reload(self) -> None:
        """Ask for what the part shows."""
        self._ticker.start()
        self._panels.setCurrentWidget(self.panel)
        self.panel.read()

    def retranslate(self) -> None:
        """The switch is made of words too."""
        self._make_switch()
        super().retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fewer columns when narrow."""
        super().resizeEvent(event)
        narrow = effective_width(self) < NARROW_BELOW
        for panel in self.parts.values():
            if panel.narrow != narrow:
                panel.narrow = narrow
                panel.filter_rows()

    def _tick(self) -> None:
        """A new minute is a new picture."""
        if self.isVisible():
            self.freshen()
        else:
            self._ticker.stop()
            self.stale = True
