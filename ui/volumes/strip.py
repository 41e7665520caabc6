"""The strip above a workspace of the third dimension: the way back, whose it is, what else there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout

from app.core.i18n import N_, _
from app.patients.queries import PatientBanner
from ui.patients.words import ALERT_ICONS, SEVERITIES, alert_words, born, number, plain_name
from ui.shell.screen import Screen
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import ElidedLabel, Label
from ui.widgets.layout import Flow, effective_width
from ui.widgets.pills import SeverityChip

WORDS_ABOVE = 1100
"""Effective width under which the buttons of the strip are shapes alone."""


class WorkStrip(QFrame):
    """`add_button(icon, msgid, act)`; `offer(entries, chosen)` fills the list of series or models."""

    chosen = Signal(str)

    def __init__(self, screen: Screen, list_name: str) -> None:
        super().__init__()
        self._screen = screen
        self.setProperty("surface", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._back = IconButton("arrow-left", "")
        self._back.clicked.connect(screen.went_back)
        self._name, self._facts = Label("", "name"), ElidedLabel("", "small", "muted")
        self._alerts = Flow(gap=6)
        self.list = QComboBox()
        self.list.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.list.setMinimumContentsLength(18)
        self.list.activated.connect(lambda index: self.chosen.emit(str(self.list.itemData(index))))
        self._buttons: list[tuple[Button, str]] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 6, 12, 6)
        self._row.setSpacing(10)
        for part, stretch in ((self._back, 0), (self._name, 0), (self._facts, 1), (self._alerts, 2), (self.list, 0)):
            self._row.addWidget(part, stretch)
        screen.words.put(self._back.set_name, N_("Go back"))
        screen.words.put(self.list.setAccessibleName, list_name)

    def add_button(self, icon: str, message_id: str, act: Callable[[], object]) -> Button:
        """A button at the end, with its word where there is room."""
        button = Button("", "quiet", icon)
        button.clicked.connect(lambda _on=False: act())
        self._row.addWidget(button)
        self._buttons.append((button, message_id))
        self._screen.words.put(lambda words: self._name_button(button, words), message_id)
        return button

    def _name_button(self, button: Button, words: str) -> None:
        button.setText(words if effective_width(self._screen) >= WORDS_ABOVE else "")
        button.setAccessibleName(words)
        button.set_help(words)

    def fold(self) -> None:
        """Words or shapes, as there is room."""
        for button, message_id in self._buttons:
            self._name_button(button, _(message_id))

    def show_patient(self, banner: PatientBanner) -> None:
        """Name, number, birth and alerts."""
        today = self._screen.bench.runner.clock.today()
        self._name.setText(plain_name(banner))
        self._facts.setText(" · ".join(p for p in (number(banner.file_number), born(banner.born_on, today)) if p))
        while (item := self._alerts.flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for alert in banner.alerts:
            chip = SeverityChip(
                SEVERITIES[alert.severity], alert_words(alert.kind, alert.text), ALERT_ICONS[alert.kind]
            )
            self._alerts.add(chip)
            chip.show()

    def offer(self, entries: Sequence[tuple[str, str]], chosen: str) -> None:
        """(key, words) to choose from; the list is hidden where there is only one."""
        with QSignalBlocker(self.list):
            self.list.clear()
            for key, words in entries:
                self.list.addItem(words, key)
            self.list.setCurrentIndex(max(0, self.list.findData(chosen)))
        self.list.setVisible(len(entries) > 1)
