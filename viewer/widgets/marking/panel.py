"""The marks of the active image as a table: name, value, source. Layers below it, and what a region or profile holds.

It is the accessible twin of what is drawn: every mark can be found, renamed, copied and deleted from here by keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from viewer.errors import N_
from viewer.model.marks import Mark
from viewer.widgets.colours import MEASUREMENT, PLANE, REFERENCE
from viewer.widgets.look import Look
from viewer.widgets.marking.board import Marking
from viewer.widgets.marking.painting import graph
from viewer.widgets.marking.questions import NAME
from viewer.widgets.marking.words import mark_name, number, source_words, statistics_words, value_words

WIDTH, WIDEST = 340, 560
TALLEST_GRAPH = 120
ID_ROLE = Qt.ItemDataRole.UserRole
MARKS, LAYERS = N_("Image marks"), N_("Layers")
VALUE, SOURCE, SHOWN, LOCKED = N_("Value"), N_("Source"), N_("Shown"), N_("Locked")
RENAME, DUPLICATE, DELETE = N_("Rename"), N_("Duplicate"), N_("Delete")
NO_MARK = N_("No mark on this image. Choose Distance, Angle or Note above, then click on the image.")
ADD_LAYER, LAYER_NAME = N_("Add a layer"), N_("Name of the layer")
FIRST_LAYER = N_("General")
HISTOGRAM, PROFILE = N_("Histogram from {least} to {greatest}"), N_("Profile from {least} to {greatest}")
LAYER_COLOURS = (REFERENCE, PLANE, "#FF9BDD", "#FFB48A", MEASUREMENT)


class Graph(QWidget):
    """Grey values along a profile, or the histogram of a region."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._values: Sequence[float] = ()
        self.setFixedHeight(min(look.px(96), TALLEST_GRAPH))

    def show_values(self, values: Sequence[float], description: str) -> None:
        """The curve, and what it is in words."""
        self._values = values
        self.setAccessibleName(description)
        self.setToolTip(description)
        self.setVisible(len(values) > 1)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        graph(painter, QRectF(self.rect()).adjusted(6, 6, -6, -6), self._values, MEASUREMENT, self._look.control)
        painter.end()


class MarkTable(QTableWidget):
    """Name, value and source of each mark; Delete and F2 work here as on the image."""

    def __init__(self, marking: Marking) -> None:
        super().__init__(0, 3)
        self._marking = marking

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Delete:
            self._marking.delete()
        elif event.key() == Qt.Key.Key_F2:
            self._marking.rename()
        elif control and event.key() == Qt.Key.Key_D:
            self._marking.duplicate()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The chosen mark stays in sight where the list becomes lower."""
        super().resizeEvent(event)
        for index in self.selectedIndexes()[:1]:
            self.scrollTo(index)


class MarksPanel(QWidget):
    """Follows the active tile of a workspace."""

    def __init__(self, marking: Marking, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marking, self._filling = marking, False
        self._say, self._look = marking.texts.say, marking.look
        self.setMinimumWidth(panel_width(self._look))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        self.empty = QLabel(self._say(NO_MARK))
        self.empty.setObjectName("muted")
        self.empty.setWordWrap(True)
        self.table = self._mark_table()
        self.details = QLabel()
        self.details.setObjectName("muted")
        self.details.setWordWrap(True)
        self.graph = Graph(self._look)
        column.addWidget(heading(self._say(MARKS)))
        column.addWidget(self.empty)
        column.addWidget(self.table, 1)
        column.addLayout(self._buttons())
        column.addWidget(self.details)
        column.addWidget(self.graph)
        column.addSpacing(6)
        column.addWidget(heading(self._say(LAYERS)))
        self.layers = self._layer_table()
        column.addWidget(self.layers)
        add = tool_button(self._look, "plus", self._say(ADD_LAYER), words=True)
        add.clicked.connect(self._add_layer)
        column.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch()  # nothing is pulled apart while there is no mark; the list of marks takes all the room
        marking.changed.connect(self.refresh)
        self.refresh()

    def _mark_table(self) -> QTableWidget:
        table = MarkTable(self._marking)
        dress(table, [self._say(text) for text in (NAME, VALUE, SOURCE)], self._say(MARKS), self._look)
        table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        table.itemSelectionChanged.connect(self._on_choice)
        return table

    def _layer_table(self) -> QTableWidget:
        table = QTableWidget(0, 3)
        dress(table, [self._say(text) for text in (NAME, SHOWN, LOCKED)], self._say(LAYERS), self._look)
        table.itemChanged.connect(self._on_layer)
        table.itemSelectionChanged.connect(self._on_layer_choice)
        return table

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self.buttons = []
        for icon, words, act in (
            ("pencil-simple", RENAME, self._marking.rename),
            ("copy", DUPLICATE, self._marking.duplicate),
            ("trash", DELETE, self._marking.delete),
        ):
            button = tool_button(self._look, icon, self._say(words))
            button.clicked.connect(act)
            self.buttons.append(button)
            row.addWidget(button)
        row.addStretch(1)
        return row

    # -- showing

    def refresh(self) -> None:
        """Show the marks of the active image as they are now."""
        marks, chosen = self._marking.marks(), self._marking.mark()
        self._filling = True
        self.table.setRowCount(len(marks))
        for row, mark in enumerate(marks):
            self._show_mark(row, mark, chosen)
        if chosen is None:
            self.table.clearSelection()
        self._show_layers()
        self._filling = False
        self.empty.setVisible(not marks)
        self.table.setVisible(bool(marks))
        for button in self.buttons:
            button.setEnabled(chosen is not None)
            button.setVisible(bool(marks))
        self._show_details(chosen)

    def _show_mark(self, row: int, mark: Mark, chosen: Mark | None) -> None:
        size, texts = self._marking.size(), self._marking.texts
        name = mark_name(mark, texts)
        value = value_words(mark, size, texts, self._marking.workspace.locale())
        for place, words in enumerate((name, value, source_words(mark, size, texts))):
            item = QTableWidgetItem(words)
            item.setData(ID_ROLE, mark.mark_id)
            item.setToolTip(words)
            self.table.setItem(row, place, item)
        if chosen is not None and mark.mark_id == chosen.mark_id:
            self.table.selectRow(row)
            self.table.scrollTo(self.table.model().index(row, 0))

    def _show_layers(self) -> None:
        layers = self._marking.sheet.layers
        self.layers.setRowCount(len(layers))
        for row, layer in enumerate(layers):
            name = QTableWidgetItem(self._say(FIRST_LAYER) if layer.name == "marks" else layer.name)
            name.setData(ID_ROLE, layer.name)
            self.layers.setItem(row, 0, name)
            for place, on, words in ((1, layer.visible, SHOWN), (2, layer.locked, LOCKED)):
                box = QTableWidgetItem()
                box.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                box.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
                box.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name.text()}: {self._say(words)}")
                self.layers.setItem(row, place, box)
        fit_height(self.layers, 4)

    def _show_details(self, mark: Mark | None) -> None:
        values: Sequence[float] = ()
        words = description = ""
        locale = self._marking.workspace.locale()
        if mark is not None:
            found = self._marking.statistics(mark)
            if found is not None:
                words = statistics_words(found, self._marking.texts, locale)
                values = [float(count) for count in found.histogram]
                description = self._range(HISTOGRAM, [found.least, found.greatest])
            elif along := self._marking.profile(mark):
                values, description = along, self._range(PROFILE, along)
                words = description
        self.details.setText(words)
        self.details.setVisible(bool(words))
        self.graph.show_values(values, description)

    def _range(self, message: str, values: Sequence[float]) -> str:
        locale = self._marking.workspace.locale()
        return self._say(message, least=number(locale, min(values)), greatest=number(locale, max(values)))

    # -- what a person does here

    def _on_choice(self) -> None:
        if not self._filling and (items := self.table.selectedItems()):
            self._marking.choose(str(items[0].data(ID_ROLE)))

    def _on_layer(self, item: QTableWidgetItem) -> None:
        if self._filling:
            return
        before = self._marking.sheet.layer(self._layer_at(item.row()))
        on = item.checkState() is Qt.CheckState.Checked
        changed = replace(before, visible=on) if item.column() == 1 else replace(before, locked=on)
        self._marking.change_layer(changed)

    def _on_layer_choice(self) -> None:
        if not self._filling and self.layers.currentRow() >= 0:
            self._marking.layer_name = self._layer_at(self.layers.currentRow())

    def _layer_at(self, row: int) -> str:
        item = self.layers.item(row, 0)
        return str(item.data(ID_ROLE)) if item is not None else ""

    def _add_layer(self) -> None:
        name = self._marking.questions.text(ADD_LAYER, LAYER_NAME)
        if name:
            count = len(self._marking.sheet.layers)
            self._marking.add_layer(name, LAYER_COLOURS[(count - 1) % len(LAYER_COLOURS)])


def panel_width(look: Look) -> int:
    """340 pixels at 100 %, wider with larger text, so that a table still shows its words."""
    return max(WIDTH, min(look.px(WIDTH), WIDEST))


def heading(words: str) -> QLabel:
    """The title of a part of a panel."""
    label = QLabel(words)
    label.setObjectName("heading")
    return label


def tool_button(look: Look, icon: str, text: str, words: bool = False) -> QToolButton:
    """A quiet button with a shape; its words beside it, or as name and tool tip."""
    button = QToolButton()
    button.setIcon(look.icon(icon))
    button.setText(text)
    button.setAccessibleName(text)
    button.setToolTip(text)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setMinimumHeight(look.px(28))
    button.setIconSize(QSize(look.px(16), look.px(16)))
    style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if words else Qt.ToolButtonStyle.ToolButtonIconOnly
    button.setToolButtonStyle(style)
    return button


def dress(table: QTableWidget, heads: Sequence[str], name: str, look: Look) -> None:
    """The look and the keys of every table of these panels: rows of text, no grid, one tab stop."""
    table.setHorizontalHeaderLabels(list(heads))
    table.setAccessibleName(name)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setWordWrap(False)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(look.px(28))
    head = table.horizontalHeader()
    head.setHighlightSections(False)
    head.setMinimumHeight(look.px(28))
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)


def fit_height(table: QTableWidget, rows: int) -> None:
    """As high as its rows, at most so many."""
    shown = max(1, min(rows, table.rowCount()))
    head = table.horizontalHeader().sizeHint().height() if table.horizontalHeader().isVisibleTo(table) else 0
    table.setFixedHeight(head + shown * table.verticalHeader().defaultSectionSize() + 6)
