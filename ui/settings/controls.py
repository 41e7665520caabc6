"""The control of a setting, chosen by its type: switch, segments, list, number with unit, text, pictures of themes."""

from __future__ import annotations

import enum
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from app.core.i18n import _
from app.core.settings import Setting
from ui.shell.preferences import THEME
from ui.theme import paint
from ui.theme.focus import from_keyboard
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens import THEMES
from ui.theme.tokens.metrics import TYPE, Weight
from ui.widgets.choices import Switch
from ui.widgets.fields import Choice, TextField
from ui.widgets.labels import Label
from ui.widgets.layout import Flow
from ui.widgets.segmented import Segment, SegmentedControl
from ui.widgets.typed_fields import NumberField

SEGMENT_LETTERS = 30
"""Letters above which five or fewer choices are a list and not segments."""
TEXT_WIDTH = 300
UNIT_WIDTH = 64
LIST_WIDTH = 210
NUMBER_WIDTH = 84
_TILE = (138, 96)


class Control(QWidget):
    """One setting's control; `chosen(text)` gives the new value as `change_setting` reads it."""

    chosen = Signal(str)

    def __init__(self, setting: Setting[Any], value: Any) -> None:
        super().__init__()
        self.setting = setting
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.editor = self._make(row, value)
        self.setFocusProxy(self.editor)

    def _make(self, row: QHBoxLayout, value: Any) -> QWidget:
        name, options = _(self.setting.label), options_of(self.setting)
        if self.setting.kind is bool:
            switch = Switch(name, show_name=False)
            switch.setChecked(value)
            switch.toggled.connect(lambda on: self.chosen.emit("true" if on else "false"))
            return _put(row, switch)
        if self.setting.name == THEME.name:
            tiles = ThemeTiles(name, options, str(value))
            tiles.chosen.connect(self.chosen)
            return _put(row, tiles)
        if options and len(options) <= 5 and sum(len(word) for _value, word in options) <= SEGMENT_LETTERS:
            segments = SegmentedControl(name, [Segment(key, word) for key, word in options])
            segments.set_value(str(value))
            segments.changed.connect(lambda key: self.chosen.emit(str(key)))
            return _put(row, segments)
        if options:
            choice = Choice(options, name=name)
            choice.setMinimumWidth(theme.px(LIST_WIDTH))
            choice.set_value(str(value))
            choice.changed.connect(lambda key: self.chosen.emit(str(key)))
            return _put(row, choice)
        return self._number(row, name, value) if self.setting.kind is int else self._text(row, name, value)

    def _number(self, row: QHBoxLayout, name: str, value: int) -> QWidget:
        number = NumberField(name=name, least=self.setting.minimum, most=self.setting.maximum)
        number.setFixedWidth(theme.px(NUMBER_WIDTH))
        number.set_value(value)
        number.number_changed.connect(lambda given: self.chosen.emit("" if given is None else str(Decimal(given))))
        _put(row, number)
        if self.setting.unit:
            unit = Label(_(self.setting.unit), "body", "muted")
            unit.setMinimumWidth(theme.px(UNIT_WIDTH))
            row.addWidget(unit)
        return number

    def _text(self, row: QHBoxLayout, name: str, value: str) -> QWidget:
        text = TextField(name=name)
        text.setMinimumWidth(theme.px(TEXT_WIDTH))
        text.set_value(str(value))
        text.editingFinished.connect(lambda: self.chosen.emit(text.text().strip()) if text.isModified() else None)
        return _put(row, text)


def _put(row: QHBoxLayout, editor: QWidget) -> QWidget:
    row.addWidget(editor)
    return editor


def options_of(setting: Setting[Any]) -> list[tuple[object, str]]:
    """(value, word) of an enumeration, in the order of the declaration; empty for other types."""
    if not issubclass(setting.kind, enum.Enum):
        return []
    labels = dict(setting.labels)
    return [(member.value, _(labels.get(member.value, str(member.value)))) for member in setting.kind]


class ThemeTile(QRadioButton):
    """A theme as a small picture of itself."""

    def __init__(self, value: str, word: str, parent: QWidget) -> None:
        super().__init__(word, parent)
        self.value = value
        self._ring = False
        self.setAccessibleName(word)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.setFont(theme.font("small", Weight.SEMIBOLD))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """The picture, or the word when it is longer."""
        word = self.fontMetrics().horizontalAdvance(self.text()) + theme.px(16) + 24
        return QSize(max(_TILE[0], word), _TILE[1] - TYPE["small"].line + theme.px(TYPE["small"].line))

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def hitButton(self, point: object) -> bool:
        """The whole tile is the target."""
        return True

    def focusInEvent(self, event: Any) -> None:
        """Draw the ring."""
        self._ring = from_keyboard(event.reason())
        super().focusInEvent(event)

    def focusOutEvent(self, event: Any) -> None:
        """Take the ring away."""
        self._ring = False
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Frame, picture, mark, word."""
        painter = QPainter(self)
        paint.ready(painter)
        on, whole = self.isChecked(), QRectF(self.rect())
        edge = theme.colour("focus" if on or self._ring else "border")
        paint.rounded(
            painter, whole, 8, theme.colour("surface"), edge, width=2 if on or self._ring else theme.tokens.line
        )
        line = theme.px(TYPE["small"].line)
        picture = whole.adjusted(8, 8, -8, -line - 14)
        names = ("light", "dark") if self.value == "system" else (self.value, self.value)
        for half, name in enumerate(names):
            painter.save()
            part = QRectF(
                picture.left() + half * picture.width() / 2, picture.top(), picture.width() / 2, picture.height()
            )
            painter.setClipRect(part)
            _picture(painter, picture, name)
            painter.restore()
        paint.rounded(painter, picture, 5, None, theme.colour("control"), width=1)
        mark = QRectF(10, whole.bottom() - line - 5 + (line - theme.px(13)) / 2, theme.px(13), theme.px(13))
        accent = theme.colour("accent")
        paint.rounded(
            painter,
            mark,
            mark.height() / 2,
            accent if on else None,
            accent if on else theme.colour("control"),
            width=1.5,
        )
        if on:
            paint.tick(painter, mark.center(), mark.height() * 0.55, theme.colour("on_accent"))
        painter.setPen(theme.colour("text"))
        area = QRectF(mark.right() + 6, whole.bottom() - line - 5, whole.width(), line)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self.text())


def _picture(painter: QPainter, rect: QRectF, name: str) -> None:
    """A window of the theme: rail, surface, two lines of text, a button and two statuses."""
    tokens = THEMES[name]
    colours = tokens.colours
    paint.rounded(painter, rect, 5, QColor(colours.canvas))
    painter.fillRect(QRectF(rect.left(), rect.top(), rect.width() * 0.13, rect.height()), QColor(colours.rail))
    page = rect.adjusted(rect.width() * 0.2, 6, -6, -6)
    paint.rounded(painter, page, 4, QColor(colours.surface), QColor(colours.border))
    left, top, width = page.left() + 6, page.top() + 6, page.width() - 12
    paint.rounded(painter, QRectF(left, top, width * 0.55, 3), 1.5, QColor(colours.text))
    paint.rounded(painter, QRectF(left, top + 7, width * 0.8, 3), 1.5, QColor(colours.muted))
    base = page.bottom() - 13
    paint.rounded(painter, QRectF(left, base, width * 0.36, 7), 3, QColor(colours.accent))
    paint.rounded(painter, QRectF(left + width * 0.5, base, 7, 7), 3.5, QColor(tokens.statuses["needed"].solid))
    paint.rounded(painter, QRectF(left + width * 0.68, base, 7, 7), 1, QColor(tokens.statuses["seated"].solid))


class ThemeTiles(Flow):
    """The themes side by side, in rows where the text is large; one of them chosen."""

    chosen = Signal(str)

    def __init__(self, name: str, options: list[tuple[object, str]], value: str) -> None:
        super().__init__(gap=8, row_gap=8)
        self.setAccessibleName(name)
        for key, word in options:
            tile = ThemeTile(str(key), word, self)
            tile.setChecked(tile.value == value)
            tile.toggled.connect(lambda on, tile=tile: self.chosen.emit(tile.value) if on else None)
            self.add(tile)
