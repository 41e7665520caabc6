"""Walks over what is shown: words that are cut, words of which too little is left, words that stand on each other."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTabBar,
    QTableView,
    QWidget,
)

from ui.widgets.labels import ElidedLabel
from ui.widgets.tables import CellDelegate

READABLE = 6
"""Letters that must be left of words that end in an ellipsis; the tooltip has the rest."""
ROWS = 12
CELL_AIR = 8
FIELD_AIR = 12


def shown(window: QWidget, kind: type[QWidget]) -> list[QWidget]:
    """The visible widgets of a kind of which something is not scrolled away."""
    found = [widget for widget in window.findChildren(kind) if widget.isVisible() and widget.width() > 1]
    return [widget for widget in found if not widget.visibleRegion().isEmpty()]


# -- cut -----------------------------------------------------------------------------------------------------------
def _label_is_cut(label: QLabel) -> bool:
    if isinstance(label, ElidedLabel):
        return label.height() < label.sizeHint().height()
    if label.wordWrap():
        return label.height() < label.heightForWidth(label.width())
    return label.height() < label.sizeHint().height() or label.width() < label.sizeHint().width()


def clipped(window: QWidget) -> list[str]:
    """Visible labels and buttons under a widget that are smaller than their words need."""
    labels = [label for label in window.findChildren(QLabel) if label.isVisible() and label.text()]
    buttons = [button for button in window.findChildren(QAbstractButton) if button.isVisible() and button.text()]
    cut = [f"{label.text()!r} {label.size()}" for label in labels if _label_is_cut(label)]
    for button in buttons:
        hint = button.sizeHint()
        if button.width() < hint.width() or button.height() < hint.height():
            cut.append(f"{button.text()!r} {button.size()} needs {hint}")
    return cut


# -- shortened -----------------------------------------------------------------------------------------------------
def _left(widget: QWidget, text: str, width: int) -> str:
    """What an ellipsis leaves of words in this width, empty when they are whole."""
    metrics = widget.fontMetrics()
    if not text or metrics.horizontalAdvance(text) <= width:
        return ""
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(width, 0)) or "…"


def _too_little(text: str, left: str) -> bool:
    return bool(left) and len(left.rstrip("…")) < min(READABLE, len(text))


def _labels(window: QWidget) -> Iterator[tuple[str, str]]:
    for label in shown(window, ElidedLabel):
        assert isinstance(label, ElidedLabel)
        yield label.text(), _left(label, label.text(), label.contentsRect().width())


def _fields(window: QWidget) -> Iterator[tuple[str, str]]:
    for field in shown(window, QLineEdit):
        assert isinstance(field, QLineEdit)
        if not field.text() and field.parent() is not None:
            air = FIELD_AIR + field.textMargins().left() + field.textMargins().right()
            yield field.placeholderText(), _left(field, field.placeholderText(), field.width() - air)
    for box in shown(window, QComboBox):
        assert isinstance(box, QComboBox)
        yield box.currentText(), _left(box, box.currentText(), box.width() - 2 * FIELD_AIR)


def _cells(window: QWidget) -> Iterator[tuple[str, str]]:
    for table in shown(window, QTableView):
        assert isinstance(table, QTableView)
        model = table.model()
        if type(table.itemDelegate()) is not CellDelegate:
            continue  # cells that paint themselves (a button, a pill) fold in their own way
        for row in range(min(model.rowCount(), ROWS) if model is not None else 0):
            for column in range(model.columnCount()):
                place = model.index(row, column)
                area = table.visualRect(place)
                if not table.isColumnHidden(column) and table.viewport().rect().contains(area):
                    text = str(place.data() or "")
                    yield text, _left(table, text, area.width() - 2 * CELL_AIR - _icon(table, place))


def _icon(view: QAbstractItemView, place: QModelIndex) -> int:
    return view.iconSize().width() + 4 if place.data(Qt.ItemDataRole.DecorationRole) is not None else 0


def shortened(window: QWidget) -> list[str]:
    """Words of which so little is left that nobody can tell what they were."""
    every = (*_labels(window), *_fields(window), *_cells(window))
    return [f"{text!r} is left as {left!r}" for text, left in every if _too_little(text, left)]


def cut_heads(window: QWidget) -> list[str]:
    """Heads of columns and tabs that are cut: they never are."""
    found = []
    for head in shown(window, QHeaderView):
        assert isinstance(head, QHeaderView)
        model = head.model()
        if head.orientation() is not Qt.Orientation.Horizontal or model is None:
            continue
        for column in range(head.count()):
            text = str(model.headerData(column, head.orientation()) or "")
            if not head.isSectionHidden(column) and _left(head, text, head.sectionSize(column)):
                found.append(f"head {text!r} in {head.sectionSize(column)}")
    for bar in shown(window, QTabBar):
        assert isinstance(bar, QTabBar)
        places = [place for place in range(bar.count()) if bar.isTabVisible(place)]
        if sum(bar.tabRect(place).width() for place in places) > bar.width():
            found.append(f"tabs {[bar.tabText(place) for place in places]} in {bar.width()}")
    return found


# -- overlapping ---------------------------------------------------------------------------------------------------
def words(widget: QWidget) -> str:
    """What is written on a label or a button."""
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""


def words_of(window: QWidget) -> list[QWidget]:
    """The visible labels, buttons and fields under a widget, less those without a word."""
    found = [widget for kind in (QLabel, QAbstractButton, QLineEdit) for widget in shown(window, kind)]
    return [widget for widget in found if isinstance(widget, QLineEdit) or words(widget)]


def overlapping(window: QWidget) -> list[str]:
    """Pairs of neighbours (of one parent) of which one stands on the other."""
    families: dict[int, list[QWidget]] = {}
    for widget in words_of(window):
        families.setdefault(id(widget.parentWidget()), []).append(widget)
    faults = []
    for family in families.values():
        for place, one in enumerate(family):
            for other in family[place + 1 :]:
                common = one.geometry().intersected(other.geometry())
                if common.width() > 1 and common.height() > 1:
                    faults.append(f"{words(one)!r} over {words(other)!r}: {common}")
    return faults


def strangers_overlapping(screen: QWidget) -> list[str]:
    """Words anywhere on a screen of which one stands on the other, though neither is in the other."""
    seen: list[tuple[QWidget, QRect]] = []
    faults = []
    for widget in words_of(screen):
        region = widget.visibleRegion().boundingRect()
        area = region.translated(widget.mapTo(screen, QPoint(0, 0)))
        for other, place in seen:
            common = area.intersected(place)
            nested = widget.isAncestorOf(other) or other.isAncestorOf(widget)
            if common.width() > 1 and common.height() > 1 and not nested:
                faults.append(f"{words(widget)!r} over {words(other)!r}: {common}")
        seen.append((widget, area))
    return faults
