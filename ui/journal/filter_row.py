"""The row of filters over a log: two days, choices, and the export at its end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QHBoxLayout

from app.core.i18n import N_
from ui.shell.formats import day
from ui.shell.screen import Screen
from ui.theme.style import theme
from ui.widgets.buttons import Button
from ui.widgets.fields import Choice
from ui.widgets.layout import Flow
from ui.widgets.typed_fields import DateField


class FilterRow(QHBoxLayout):
    """`choices` are the lists with their accessible names (msgids); `changed` is called after each choice of filter."""

    def __init__(
        self,
        screen: Screen,
        choices: tuple[tuple[Choice, str], ...],
        changed: Callable[[], None],
        save: Callable[[], None],
    ) -> None:
        super().__init__()
        today = screen.bench.runner.clock.today
        self.since, self.until = (DateField(today=today, written=lambda d: day(d, short=True)) for _n in range(2))
        self.export = Button("", "secondary", "download-simple")
        for field, word in ((self.since, N_("From")), (self.until, N_("Until"))):
            field.setFixedWidth(theme.px(132))
            field.date_changed.connect(lambda _date: changed())
            screen.words.put(field.setAccessibleName, word)
            screen.words.put(field.setPlaceholderText, word)
        for choice, word in choices:
            choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            choice.changed.connect(lambda _value: changed())
            screen.words.put(choice.setAccessibleName, word)
        self.export.clicked.connect(save)
        screen.words.put(self.export.setText, N_("Export"))
        self.addWidget(Flow(self.since, self.until, *(choice for choice, _word in choices)), 1)
        self.addWidget(self.export)
