"""The images of one person as a table of dates and views: one is shown, or two are compared or laid side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QIcon, QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)
from shiboken6 import isValid

from viewer.errors import N_
from viewer.model.catalogue import ImageItem
from viewer.model.timeline import Moment, Timeline, timeline
from viewer.pixels.form import Array
from viewer.widgets.form_style import form_sheet
from viewer.widgets.texts import TileTexts
from viewer.widgets.view_names import NO_DATE, VIEW_NAMES, image_name

if TYPE_CHECKING:
    from viewer.widgets.comparing import Comparison

TITLE = N_("Timeline of the images")
PICTURE = QSize(116, 84)
SHOW, COMPARE, CLOSE = N_("Show the image"), N_("Compare the two"), N_("Close")
MORE_HERE = N_("{count} images here")
HINT = N_("Arrows choose, Enter shows. Shift or Ctrl chooses two images to compare.")
NO_VIEW = N_("no image")
ITEMS = Qt.ItemDataRole.UserRole


class TimelineDialog(QDialog):
    """`show_timeline` opens it over a workspace."""

    def __init__(self, comparison: Comparison, table: Timeline) -> None:
        workspace = comparison.workspace
        super().__init__(workspace)
        self.comparison, self.timeline = comparison, table
        self.look, self.texts = workspace.look, workspace.texts
        self.setWindowTitle(self.texts.say(TITLE))
        self.setStyleSheet(form_sheet(self.look))
        self.resize(
            min(1100, self.look.px(220) + self.look.px(160) * len(table.moments)),
            min(760, 190 + self.look.px(112) * len(table.views)),
        )
        column = QVBoxLayout(self)
        self.table = self._table()
        column.addWidget(self.table, 1)
        hint = QLabel(self.texts.say(HINT))
        hint.setObjectName("note")
        hint.setWordWrap(True)
        column.addWidget(hint)
        self._add_buttons(column)
        self.table.itemSelectionChanged.connect(self._refresh)
        self.table.itemDoubleClicked.connect(lambda _cell: self.show_chosen())
        self._select_first()
        self._refresh()

    def _table(self) -> QTableWidget:
        moments, views = self.timeline.moments, self.timeline.views
        table = QTableWidget(len(views), len(moments))
        table.setAccessibleName(self.texts.say(TITLE))
        table.setIconSize(self._picture_size())
        table.setHorizontalHeaderLabels([moment_words(moment, self.texts) for moment in moments])
        names = [self.texts.say(VIEW_NAMES[view]) for view in views]
        table.setVerticalHeaderLabels(names)
        table.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setMinimumHeight(self.look.px(46 if any(m.stage for m in moments) else 32))
        widest = max((QFontMetrics(self._bold()).horizontalAdvance(name) for name in names), default=0)
        table.verticalHeader().setMinimumWidth(max(self.look.px(150), widest + self.look.px(28)))
        table.horizontalHeader().setDefaultSectionSize(self._picture_size().width() + self.look.px(30))
        table.verticalHeader().setDefaultSectionSize(self._picture_size().height() + self.look.px(26))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setTabKeyNavigation(False)
        for row, line in enumerate(self.timeline.cells):
            for place, items in enumerate(line):
                table.setItem(row, place, self._cell(items, row, place))
        return table

    def _bold(self) -> QFont:
        """That of the heads, which the style sheet sets after they are measured."""
        font = QFont(self.font())
        font.setPixelSize(self.look.px(13))
        font.setBold(True)
        return font

    def _picture_size(self) -> QSize:
        return PICTURE * max(1.0, min(self.look.text_scale, 1.5))

    def _cell(self, items: tuple[ImageItem, ...], row: int, place: int) -> QTableWidgetItem:
        view, moment = self.timeline.views[row], self.timeline.moments[place]
        cell = QTableWidgetItem()
        words = f"{self.texts.say(VIEW_NAMES[view])}, {moment_words(moment, self.texts)}"
        if not items:
            cell.setFlags(Qt.ItemFlag.ItemIsEnabled)
            cell.setData(Qt.ItemDataRole.AccessibleTextRole, f"{words}, {self.texts.say(NO_VIEW)}")
            return cell
        cell.setData(ITEMS, items)
        more = self.texts.say(MORE_HERE, count=len(items)) if len(items) > 1 else ""
        name = image_name(items[0], self.texts)
        cell.setToolTip(" · ".join(filter(None, (name, more))))
        cell.setText(more)
        cell.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, (words, more))))
        self.comparison.workspace.loader.thumbnail(items[0], lambda values: self._put(cell, values))
        return cell

    def _put(self, cell: QTableWidgetItem, values: Array | None) -> None:
        if values is None or not isValid(cell):
            return
        pixels = np.ascontiguousarray(values)
        kind = QImage.Format.Format_RGB888 if pixels.ndim == 3 else QImage.Format.Format_Grayscale8
        image = QImage(pixels.data, pixels.shape[1], pixels.shape[0], pixels.strides[0], kind).copy()
        cell.setIcon(QIcon(QPixmap.fromImage(image)))

    def _add_buttons(self, column: QVBoxLayout) -> None:
        line = QHBoxLayout()
        line.addStretch(1)
        self.show_button, self.compare_button = QPushButton(self.texts.say(SHOW)), QPushButton(self.texts.say(COMPARE))
        close = QPushButton(self.texts.say(CLOSE))
        self.show_button.setObjectName("primary")
        self.show_button.setDefault(True)
        self.show_button.clicked.connect(self.show_chosen)
        self.compare_button.clicked.connect(self.compare_chosen)
        close.clicked.connect(self.reject)
        for button in (close, self.compare_button, self.show_button):
            line.addWidget(button)
        column.addLayout(line)

    def _select_first(self) -> None:
        for row in range(self.table.rowCount()):
            for place in reversed(range(self.table.columnCount())):
                if self.timeline.cells[row][place]:
                    self.table.setCurrentCell(row, place)
                    return

    def chosen(self) -> list[ImageItem]:
        """The first image of each chosen cell, oldest first."""
        cells = sorted(self.table.selectedItems(), key=lambda cell: (cell.column(), cell.row()))
        return [cell.data(ITEMS)[0] for cell in cells if cell.data(ITEMS)]

    def _refresh(self) -> None:
        count = len(self.chosen())
        self.show_button.setEnabled(count == 1)
        self.compare_button.setEnabled(count == 2)

    def show_chosen(self) -> None:
        """Show the chosen image in the active tile."""
        chosen = self.chosen()
        if len(chosen) == 1:
            self.accept()
            self.comparison.workspace.show_in_active(chosen[0].key)

    def compare_chosen(self) -> None:
        """Show the later of the two with the earlier over it."""
        chosen = self.chosen()
        if len(chosen) == 2:
            self.accept()
            self.comparison.workspace.show_in_active(chosen[1].key)
            self.comparison.start(chosen[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.focusWidget() is self.table:
            self.compare_chosen() if len(self.chosen()) == 2 else self.show_chosen()
            return
        super().keyPressEvent(event)


def moment_words(moment: Moment, texts: TileTexts) -> str:
    """The head of a column: the stage, then the day."""
    day = texts.day(moment.day) if moment.day else texts.say(NO_DATE)
    return "\n".join(filter(None, (moment.stage, day)))


def show_timeline(comparison: Comparison) -> TimelineDialog | None:
    """Open the table of the person in the active tile; None where there is nobody's image."""
    workspace = comparison.workspace
    study = workspace.active.study if workspace.active else None
    if study is None:
        return None
    dialog = TimelineDialog(comparison, timeline(workspace.catalogue, study.uid))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    dialog.table.setFocus()
    return dialog
