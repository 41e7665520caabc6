"""The panel at the right while two images are compared: with what, how, and how they lie on one another."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from viewer.errors import N_
from viewer.model.alignment import Origin
from viewer.widgets.choice_box import ChoiceBox
from viewer.widgets.comparing_layer import MODE_NAMES, Mode, alignment_words
from viewer.widgets.form_style import form_sheet

if TYPE_CHECKING:
    from viewer.widgets.comparing import Comparison

WIDTH = 290
HEAD, WITH = N_("Compare"), N_("Compared with")
SIDE_BY_SIDE, CLOSE = N_("Side by side"), N_("Stop comparing")
HOW = N_("How both are shown")
SHARE, PLACE = N_("Part of the other image"), N_("Place of the curtain")
ALIGN = N_("Alignment")
POINTS, PICTURE, ACCEPT, DISCARD = N_("By two points"), N_("By the picture"), N_("Accept"), N_("Discard")
GREY_IS_SAME = N_("Mid-grey means the same; light, more on this image; dark, more on the other.")
COLOURS_MEAN = N_("Grey means the same; red, only the other image; blue-green, only this one.")
KEYS = N_("Ctrl + arrows move the other image, Ctrl + comma and full stop turn it. Enter accepts, Escape ends.")
NOTES = {Mode.DIFFERENCE: GREY_IS_SAME, Mode.COLOURS: COLOURS_MEAN}
AMOUNTS = {Mode.OVERLAY: SHARE, Mode.SWIPE: PLACE}


class ComparingPanel(QFrame):
    """Shown while comparing runs. Everything on it has a word and is reached with Tab."""

    def __init__(self, comparison: Comparison, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.comparison = comparison
        self.look, self.texts = comparison.workspace.look, comparison.workspace.texts
        self.setObjectName("panel")
        self.setStyleSheet(form_sheet(self.look))
        self.setFixedWidth(max(WIDTH, min(self.look.px(WIDTH), 430)))
        self.setAccessibleName(self.texts.say(HEAD))
        self._covered: list[QWidget] = []
        self._build()
        comparison.changed.connect(self.refresh)
        self.hide()

    def _build(self) -> None:
        inside = QWidget()
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        column = QVBoxLayout(inside)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(self._label(HEAD, "head"))
        column.addWidget(self._label(WITH, "group"))
        self.others = ChoiceBox(self.look, self.texts.say(WITH))
        self.others.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.others.activated.connect(lambda row: self.comparison.choose(self.comparison.others[row]))
        column.addWidget(self.others)
        self._add_modes(column)
        self._add_alignment(column)
        column.addStretch(1)
        column.addWidget(self._label(KEYS, "note"))
        column.addWidget(self._button(SIDE_BY_SIDE, self.comparison.side_by_side))
        column.addWidget(self._button(CLOSE, self.comparison.stop))

    def _add_modes(self, column: QVBoxLayout) -> None:
        column.addSpacing(6)
        column.addWidget(self._label(HOW, "group"))
        self._modes = QButtonGroup(self)
        self.modes: dict[Mode, QRadioButton] = {}
        for mode, name in MODE_NAMES.items():
            button = QRadioButton(self.texts.say(name))
            button.clicked.connect(lambda _on=False, mode=mode: self.comparison.set_mode(mode))
            self._modes.addButton(button)
            self.modes[mode] = button
            column.addWidget(button)
        self.note = self._label(GREY_IS_SAME, "note")
        column.addWidget(self.note)
        self.amount_label = self._label(SHARE, "group")
        column.addWidget(self.amount_label)
        self.amount = QSlider(Qt.Orientation.Horizontal)
        self.amount.setRange(0, 100)
        self.amount.setPageStep(10)
        self.amount.setMinimumHeight(self.look.px(24))
        self.amount.valueChanged.connect(lambda value: self.comparison.set_amount(value / 100))
        column.addWidget(self.amount)

    def _add_alignment(self, column: QVBoxLayout) -> None:
        column.addSpacing(6)
        column.addWidget(self._label(ALIGN, "group"))
        self.state = self._label("", "note")
        column.addWidget(self.state)
        pairs = QGridLayout()
        pairs.setSpacing(8)
        self.points = self._button(POINTS, self.comparison.take_points)
        self.picture = self._button(PICTURE, self.comparison.search)
        self.accept = self._button(ACCEPT, self._accept)
        self.accept.setObjectName("primary")
        self.discard = self._button(DISCARD, self._discard)
        stacked = self.look.text_scale > 1.3
        for place, button in enumerate((self.points, self.picture, self.accept, self.discard)):
            pairs.addWidget(button, *((place, 0) if stacked else divmod(place, 2)))
        column.addLayout(pairs)

    def _accept(self) -> None:
        self.comparison.accept()
        self._back_to_image()

    def _discard(self) -> None:
        self.comparison.discard()
        self._back_to_image()

    def _back_to_image(self) -> None:
        if self.comparison.pane is not None:
            self.comparison.pane.setFocus()

    def _label(self, text: str, kind: str) -> QLabel:
        label = QLabel(self.texts.say(text) if text else "")
        label.setObjectName(kind)
        label.setWordWrap(True)
        return label

    def _button(self, text: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(self.texts.say(text))
        button.clicked.connect(lambda _on=False: act())
        return button

    def refresh(self) -> None:
        """Show what is compared now."""
        comparison = self.comparison
        self._take_the_room(comparison.runs)
        if not comparison.runs:
            return
        blocked = [QSignalBlocker(widget) for widget in (self.others, self.amount)]
        names = [comparison.name_of(item) for item in comparison.others]
        if names != [self.others.itemText(row) for row in range(self.others.count())]:
            self.others.clear()
            self.others.addItems(names)
        if comparison.item in comparison.others:
            self.others.setCurrentIndex(comparison.others.index(comparison.item))
        self.amount.setValue(round(comparison.amount * 100))
        del blocked
        self._refresh_mode(comparison.mode)
        self._refresh_alignment()

    def _take_the_room(self, runs: bool) -> None:
        """Stand in the place of the other panels while comparing runs; two of them have no room."""
        if runs and self.isHidden():
            room = self.comparison.workspace.panel
            items = (room.itemAt(place) for place in range(room.count()))
            widgets = (item.widget() for item in items if item is not None)
            self._covered = [found for found in widgets if found is not None and not found.isHidden()]
            for covered in self._covered:
                covered.hide()
        elif not runs:
            for covered in self._covered:
                covered.show()
            self._covered = []
        self.setVisible(runs)

    def _refresh_mode(self, mode: Mode) -> None:
        self.modes[mode].setChecked(True)
        self.note.setVisible(mode in NOTES)
        self.note.setText(self.texts.say(NOTES.get(mode, GREY_IS_SAME)))
        label = self.texts.say(AMOUNTS.get(mode, SHARE))
        self.amount_label.setText(label)
        self.amount.setAccessibleName(label)
        for widget in (self.amount_label, self.amount):
            widget.setVisible(mode in AMOUNTS)

    def _refresh_alignment(self) -> None:
        layer, comparison = self.comparison.layer, self.comparison
        alignment = layer.alignment if layer else None
        self.state.setText(alignment_words(alignment, self.texts) if alignment else "")
        self.state.setObjectName("warning" if comparison.proposed else "note")
        self.state.style().polish(self.state)
        self.points.setEnabled(layer is not None)
        self.picture.setEnabled(layer is not None and not comparison.searching)
        self.accept.setEnabled(comparison.proposed)
        self.discard.setEnabled(alignment is not None and alignment.origin is not Origin.FITTED)
