"""The devices of the clinic beside its plan: free or in use, by whom, where, and who wants them next."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _, language
from app.orchestration.queries import DEVICE_STATE_LABELS, DeviceLane, DeviceState
from ui.orchestration.floor_paint import DEVICE_ICONS
from ui.orchestration.picture import DayPicture
from ui.patients.facts import empty
from ui.patients.words import plain_name
from ui.widgets.cards import Card, Hairline, ThemedIcon
from ui.widgets.labels import WrapLabel
from ui.widgets.pills import SeverityChip

_SEVERITY = {DeviceState.FREE: "ok", DeviceState.IN_USE: "info", DeviceState.MAINTENANCE: "danger"}


class DevicesCard(Card):
    """One row a device; hidden elsewhere than beside the plan."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_(N_("Equipment")), icon="wrench", parent=parent)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.add(self._rows)
        self._shown: object = None
        self.hide()

    def show_day(self, picture: DayPicture | None) -> None:
        """Show the devices of the day, or hide."""
        self.setVisible(picture is not None and bool(picture.shot.devices))
        if picture is None:
            return
        self.set_title(_(N_("Equipment")))
        shown = (picture.shot.devices, picture.shot.now, language())
        if shown == self._shown:
            return
        self._shown = shown
        empty(self._rows)
        for place, device in enumerate(picture.shot.devices):
            if place:
                self._rows.addWidget(Hairline())
            self._rows.addLayout(self._row(picture, device))

    @staticmethod
    def _row(picture: DayPicture, device: DeviceLane) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(ThemedIcon(DEVICE_ICONS.get(device.kind, "wrench"), 18))
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(WrapLabel(device.name, "name"))
        words.addWidget(WrapLabel(_detail(picture, device), "small", "muted"))
        row.addLayout(words, 1)
        row.addWidget(SeverityChip(_SEVERITY[device.state], device_word(device)))
        return row


def device_word(device: DeviceLane) -> str:
    """“Free”, “In use”."""
    return _(N_("Free")) if device.state is DeviceState.FREE else _(DEVICE_STATE_LABELS[device.state])


def _detail(picture: DayPicture, device: DeviceLane) -> str:
    """Where it is, who uses it, who wants it next."""
    parts = [picture.chair_name(device.operatory_id)]
    using, coming = picture.visits.get(device.visit_id or ""), picture.visits.get(device.next_visit_id or "")
    if using is not None:
        parts.append(_(N_("{name} until {time}"), name=plain_name(using.line), time=picture.at(device.free_at)))
    if coming is not None and device.next_at is not None:
        parts.append(_(N_("next {name} at {time}"), name=plain_name(coming.line), time=picture.at(device.next_at)))
    if using is None and device.state is DeviceState.MAINTENANCE:
        parts.append(_(N_("back at {time}"), time=picture.at(device.free_at)))
    return " · ".join(part for part in parts if part)
