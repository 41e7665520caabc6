"""Editors of the set-up's forms: several of a few, a clock time, codes, a colour that passes the contrast test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import ClinicError
from app.core.i18n import N_, _
from app.practice.queries import clock_minute, clock_text
from ui.theme.contrast import EDGE_MINIMUM, nearest_passing, ratio
from ui.theme.style import on_theme_change, theme
from ui.widgets.buttons import Button
from ui.widgets.cards import ThemedIcon
from ui.widgets.checks import CheckBox
from ui.widgets.fields import Choice, TextField
from ui.widgets.layout import Flow

Options = Callable[[], Sequence[tuple[object, str]]]
"""(value, word) pairs in the language in force."""


class Picker(Choice):
    """A choice whose words come from `options`, so that they follow the language and the database."""

    def __init__(self, options: Options, fallback: object = "") -> None:
        self._source, self._fallback = options, fallback
        super().__init__()
        self.setSizeAdjustPolicy(Picker.SizeAdjustPolicy.AdjustToContentsOnFirstShow)
        self.renew()

    def renew(self) -> None:
        """Read the words again; the choice stays."""
        self.set_options(self._source())

    def value(self) -> object:
        """What is chosen; the fallback while there is nothing to choose from."""
        return self.currentData() if self.count() else self._fallback


class Checks(QWidget):
    """Several of a few: each a box to tick, side by side as the room allows. The value is a tuple of codes."""

    changed = Signal(object)

    def __init__(self, options: Options) -> None:
        super().__init__()
        self._source = options
        self._boxes: dict[object, CheckBox] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 3, 0, 3)
        self._flow: Flow | None = None
        self.renew()

    def renew(self) -> None:
        """Say the words again; what is ticked stays. Boxes are made anew only when there are others to choose from."""
        words = dict(self._source())
        if list(words) != list(self._boxes):
            self._make(words)
        for code, box in self._boxes.items():
            box.setText(words[code].replace("&", "&&"))
            box.setAccessibleName(words[code])
            box.updateGeometry()

    def _make(self, words: Mapping[object, str]) -> None:
        kept = self.value()
        if self._flow is not None:
            self._flow.hide()
            self._flow.deleteLater()
        self._flow = Flow(gap=14, row_gap=6, parent=self)
        self._boxes = {code: CheckBox(word, self._flow) for code, word in words.items()}
        for box in self._boxes.values():
            self._flow.add(box)
            box.setEnabled(self.isEnabled())
            box.toggled.connect(lambda _on: self.changed.emit(self.value()))
        self._column.addWidget(self._flow)
        self.set_value(kept)

    def changeEvent(self, event: QEvent) -> None:
        """Boxes that are closed with the form say so."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            for box in self._boxes.values():
                box.setEnabled(self.isEnabled())

    def value(self) -> tuple[object, ...]:
        """The codes that are ticked, in their order."""
        return tuple(code for code, box in self._boxes.items() if box.isChecked())

    def set_value(self, codes: Iterable[object]) -> None:
        """Tick these and no others."""
        ticked = set(codes or ())
        for code, box in self._boxes.items():
            box.blockSignals(True)
            box.setChecked(code in ticked)
            box.blockSignals(False)
            box.update()


class ClockField(TextField):
    """A clock time such as 8:30 or 8 h 30; up and down move it by a quarter of an hour."""

    problem_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__(_(N_("E.g. 8:30")))
        self.editingFinished.connect(self._read)

    def value(self) -> str:
        """“08:30”, or what is typed when it is no time."""
        text = self._plain()
        return clock_text(self._minute()) if text and not self.problem() else text

    def problem(self) -> str:
        """What is wrong with the text, empty when nothing is."""
        try:
            self._minute()
        except ClinicError as error:
            return str(error) if self._plain() else ""
        return ""

    def keyPressEvent(self, event: Any) -> None:
        """Up and down arrows move the time by 15 minutes."""
        step = {Qt.Key.Key_Up.value: 15, Qt.Key.Key_Down.value: -15}.get(event.key(), 0)
        if step and self._plain() and not self.problem():
            self.setText(clock_text((self._minute() + step) % 1440))
            self.changed.emit(self.text())
            return
        super().keyPressEvent(event)

    def _plain(self) -> str:
        return "".join(self.text().split()).lower().replace("\u00a0", "")

    def _minute(self) -> int:
        text = self._plain()
        return clock_minute(f"{text}:00" if text.isdigit() else f"{text}00" if text.endswith("h") else text, "start")

    def _read(self) -> None:
        problem = self.problem()
        if not problem and self._plain():
            self.setText(clock_text(self._minute()))
        self.problem_changed.emit(problem)


class CodesField(TextField):
    """Codes apart by blanks; the value is a tuple."""

    def value(self) -> tuple[str, ...]:
        """The codes in capitals."""
        return tuple(self.text().upper().replace(",", " ").split())

    def set_value(self, value: object) -> None:
        """Show codes."""
        self.setText(" ".join(value) if isinstance(value, (tuple, list)) else str(value or ""))


class ColourField(QWidget):
    """A colour written as a sign and six hexadecimal digits, with a sample; one that is too faint is not taken.

    It needs 3 to 1 on the surface of the theme in force (WCAG 2.2, 1.4.11); the nearest shade that passes is offered.
    """

    problem_changed = Signal(str)
    changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.field = TextField(_(N_("E.g. {colour}"), colour=theme.colour("accent").name().upper()))
        self._sample = ThemedIcon("palette", 20)
        self._take = Button("", size="compact")
        self._take.clicked.connect(self._take_nearest)
        self._take.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._sample)
        row.addWidget(self.field, 1)
        row.addWidget(self._take)
        self.setFocusProxy(self.field)
        self.field.changed.connect(self._tell)
        self.field.editingFinished.connect(self._look)
        on_theme_change(self._show)

    def setAccessibleName(self, name: str) -> None:
        """Name the field in it too."""
        super().setAccessibleName(name)
        self.field.setAccessibleName(name)

    def value(self) -> str:
        """As typed, in capitals."""
        return self.field.text().strip().upper()

    def set_value(self, value: object) -> None:
        """Show a colour."""
        self.field.setText(str(value or ""))
        self._look()

    def problem(self) -> str:
        """Why the colour is not taken, empty when it is; an unreadable one is the command's to refuse."""
        near = self._nearest()
        if not near or near == self.value():
            return ""
        return _(N_("This colour is too faint on the screen. {colour} can be seen."), colour=near)

    def _nearest(self) -> str:
        text = self.value()
        if len(text) != 7 or not text.startswith("#") or any(c not in "0123456789ABCDEF" for c in text[1:]):
            return ""
        surface = theme.colour("surface")
        if ratio(text, surface) >= EDGE_MINIMUM:
            return text
        return nearest_passing(text, surface, EDGE_MINIMUM).name().upper()

    def _take_nearest(self) -> None:
        self.field.setText(self._nearest())
        self._look()
        self.changed.emit(self.value())

    def _tell(self, _text: str) -> None:
        self._show()
        self.changed.emit(self.value())

    def _look(self) -> None:
        self._show()
        self.problem_changed.emit(self.problem())

    def _show(self) -> None:
        near, text = self._nearest(), self.value()
        self._take.setText(_(N_("Take {colour}"), colour=near))
        self._take.setVisible(bool(near) and near != text)
        ink = theme.colour("muted") if not near else text
        self._sample.setPixmap(theme.pixmap("palette", ink, 20, "fill", ratio=self.devicePixelRatioF()))
