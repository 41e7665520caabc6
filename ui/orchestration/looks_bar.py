"""Saved views of the day: one’s own or everybody’s; to use, keep, change, withdraw."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.i18n import N_, _
from app.orchestration.commands import change_day_look, save_day_look, withdraw_day_look
from app.orchestration.permissions import SHARE_DAY_LOOKS
from app.orchestration.queries import DayLookLine
from ui.orchestration.picture import look_text
from ui.shell.bench import Bench
from ui.widgets.buttons import Button
from ui.widgets.checks import CheckBox
from ui.widgets.fields import Choice, TextField
from ui.widgets.layout import Flow


class LooksBar(QWidget):
    """`used` carries the look of a saved view."""

    used = Signal(dict)

    def __init__(self, bench: Bench, look: Callable[[], dict[str, str]]) -> None:
        super().__init__()
        self._bench, self._look = bench, look
        self._lines: tuple[DayLookLine, ...] = ()
        self.saved = Choice()
        self.saved.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
        self.saved.changed.connect(self._use)
        self.keep, self.change = Button("", "secondary", "floppy-disk"), Button("", "quiet", "arrows-clockwise")
        self.withdraw = Button("", "quiet", "trash")
        self.name, self.save = TextField(""), Button("", "primary", "check")
        self.name.setMaximumWidth(220)
        self.shared = CheckBox("")
        self.keep.clicked.connect(lambda: self._open(True))
        self.save.clicked.connect(self._save)
        self.name.returnPressed.connect(self._save)
        self.change.clicked.connect(self._change)
        self.withdraw.clicked.connect(self._withdraw)
        flow = Flow(self.saved, self.keep, self.change, self.withdraw, self.name, self.shared, self.save, gap=8)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 9)
        row.addWidget(flow)
        self._open(False)

    def show_looks(self, lines: tuple[DayLookLine, ...]) -> None:
        """Offer the saved views, in the language in force."""
        self._lines = lines
        shared = _(N_("{name} (everybody)"))
        named = [(line.id, shared.format(name=line.name) if line.shared else line.name) for line in lines]
        held = self.saved.value()
        self.saved.blockSignals(True)
        self.saved.set_options([("", _(N_("No saved view"))), *named])
        self.saved.set_value(held if any(line.id == held for line in lines) else "")
        self.saved.blockSignals(False)
        self.saved.setAccessibleName(_(N_("Saved views")))
        self.keep.setText(_(save_day_look.label))
        self.change.setText(_(N_("Keep as it is now")))
        self.withdraw.setText(_(withdraw_day_look.label))
        self.name.setPlaceholderText(_(N_("E.g. my chairs")))
        self.name.setAccessibleName(_(N_("Name of the view")))
        self.shared.setText(_(N_("For everybody in the clinic")))
        self.shared.setAccessibleName(_(N_("For everybody in the clinic")))
        self.save.setText(_(N_("Save")))
        self._refresh()

    def line(self) -> DayLookLine | None:
        """The saved view in use."""
        return next((line for line in self._lines if line.id == self.saved.value()), None)

    def _refresh(self) -> None:
        line = self.line()
        mine = line is not None and (self._bench.may(SHARE_DAY_LOOKS) if line.shared else line.mine)
        for button in (self.change, self.withdraw):
            button.setVisible(mine)

    def _use(self, _value: object) -> None:
        line = self.line()
        self._refresh()
        if line is not None:
            self.used.emit({str(key): str(value) for key, value in line.look.items()})

    def _open(self, opened: bool) -> None:
        self.keep.setVisible(not opened)
        self.name.setVisible(opened)
        self.save.setVisible(opened)
        self.shared.setVisible(opened and self._bench.may(SHARE_DAY_LOOKS))
        if opened:
            self.name.setFocus()

    def _save(self) -> None:
        shared = self.shared.isVisible() and self.shared.isChecked()
        running = self._bench.run(save_day_look, self.name.text(), look_text(self._look()), shared)
        running.then(lambda _key: self._saved())

    def _saved(self) -> None:
        self.name.clear()
        self._open(False)

    def _change(self) -> None:
        line = self.line()
        if line is not None:
            self._bench.run(change_day_look, line.id, look_text(self._look()))

    def _withdraw(self) -> None:
        line = self.line()
        if line is not None:
            self._bench.run(withdraw_day_look, line.id)
