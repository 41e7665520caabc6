"""Rows of the side panel: headings, buttons, numbers with their unit, lists to choose from."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from viewer.widgets.choice_box import ChoiceBox
from viewer.widgets.look import Look
from viewer.widgets.texts import TileTexts

MM, DEGREES = " mm", "°"
ASIDE_PX, LEAST_LETTERS = 8, 6
BARE_FIELD = "QLineEdit { border: none; padding: 0; min-height: 0; background: transparent; }"
"""The field within a number box: the box has the border."""


class NumberBox(QDoubleSpinBox):
    """Without buttons: wheel and arrow keys step. A style sheet leaves the field of such a box no width; it is laid."""

    def __init__(self) -> None:
        super().__init__()
        self.setStyleSheet(BARE_FIELD)
        self.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The field over the whole box."""
        super().resizeEvent(event)
        self.lineEdit().setGeometry(self.rect().adjusted(ASIDE_PX, 2, -ASIDE_PX, -2))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only with the focus: a page that is scrolled changes no number."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class Page(QScrollArea):
    """One page of the panel: a column that scrolls."""

    def __init__(self, texts: TileTexts, look: Look) -> None:
        super().__init__()
        self.texts, self.look = texts, look
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(12, 10, 12, 12)
        self.column.setSpacing(look.px(8))
        self.setWidget(inner)

    def head(self, message_id: str) -> QLabel:
        """The heading of a group."""
        if self.column.count():
            self.column.addSpacing(self.look.px(8))
        label = QLabel(self.texts.say(message_id))
        label.setObjectName("group")
        self.column.addWidget(label)
        return label

    def note(self, message_id: str = "", kind: str = "note") -> QLabel:
        """A sentence in small letters; `kind` is note or warning."""
        label = QLabel(self.texts.say(message_id) if message_id else "")
        label.setObjectName(kind)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.column.addWidget(label)
        label.setVisible(bool(message_id))
        return label

    def button(self, message_id: str, act: Callable[[], object], *, primary: bool = False) -> QPushButton:
        """A button over the whole width."""
        made = self.make_button(message_id, act)
        if primary:
            made.setObjectName("primary")
        self.column.addWidget(made)
        return made

    def make_button(self, message_id: str, act: Callable[[], object]) -> QPushButton:
        """A button that somebody else places."""
        made = QPushButton(self.texts.say(message_id))
        made.clicked.connect(lambda _on=False: act())
        return made

    def grid(self, widgets: Iterable[QWidget], columns: int = 2) -> None:
        """Widgets side by side."""
        grid = QGridLayout()
        grid.setSpacing(self.look.px(6))
        for number, widget in enumerate(widgets):
            grid.addWidget(widget, *divmod(number, columns))
        for column in range(columns):
            grid.setColumnStretch(column, 1)
        self.column.addLayout(grid)

    def number(
        self, message_id: str, low: float, high: float, step: float, unit: str, then: Callable[[float], object],
        value: float, decimals: int = 1,
    ) -> QDoubleSpinBox:  # fmt: skip
        """A number under its name."""
        box = NumberBox()
        box.setRange(low, high)
        box.setSingleStep(step)
        box.setDecimals(decimals)
        box.setSuffix(unit)
        box.setValue(value)
        box.setKeyboardTracking(False)
        box.valueChanged.connect(then)
        self._named(message_id, box)
        return box

    def choice(self, message_id: str, entries: Iterable[tuple[object, str]], then: Callable[[], object]) -> QComboBox:
        """A list to choose from, under its name; the data of each entry is given."""
        box = ChoiceBox(self.look, self.texts.say(message_id))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(LEAST_LETTERS)  # a long entry is cut, and does not widen the page
        for data, words in entries:
            box.addItem(self.texts.say(words), data)
        box.currentIndexChanged.connect(lambda _index: then())
        self._named(message_id, box)
        return box

    def check(self, message_id: str, then: Callable[[bool], object], *, on: bool = False) -> QCheckBox:
        """A box to tick."""
        box = QCheckBox(self.texts.say(message_id))
        box.setChecked(on)
        box.toggled.connect(then)
        self.column.addWidget(box)
        return box

    def _named(self, message_id: str, box: QWidget) -> None:
        words = self.texts.say(message_id)
        label = QLabel(words)
        label.setBuddy(box)
        box.setAccessibleName(words)
        self.column.addWidget(label)
        self.column.addWidget(box)

    def end(self) -> None:
        """Nothing more: what there is stands at the top."""
        self.column.addStretch(1)


def put(box: QDoubleSpinBox, value: float) -> None:
    """Show a number without telling anybody."""
    with QSignalBlocker(box):
        box.setValue(value)


def choose(box: QComboBox, data: object) -> None:
    """Show a choice without telling anybody."""
    with QSignalBlocker(box):
        box.setCurrentIndex(max(0, box.findData(data)))


def say(label: QLabel, words: str) -> None:
    """A sentence, or none."""
    label.setText(words)
    label.setVisible(bool(words))
