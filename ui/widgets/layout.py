"""Room: breakpoints on effective width, a row that wraps, and a page that only scrolls down."""

from enum import IntEnum

from PySide6.QtCore import QEvent, QMargins, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLayout, QLayoutItem, QScrollArea, QSizePolicy, QStackedLayout, QWidget

from ui.theme.style import theme


class Breakpoint(IntEnum):
    """Least effective width (window width / text scale) of each layout, px."""

    REFLOW = 0
    FOLD = 1100
    FULL = 1280


def effective_width(widget: QWidget) -> float:
    """Width of the widget's window in px at 100 % text: larger text leaves less room, as a narrower window does."""
    return widget.window().width() / theme.text_scale


def breakpoint_of(width: float) -> Breakpoint:
    """The layout for an effective width."""
    return max(step for step in Breakpoint if step <= max(width, 0))


class FlowLayout(QLayout):
    """Widgets side by side, going on in a new row when the width is used up."""

    def __init__(self, parent: QWidget | None = None, *, gap: int = 8, row_gap: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap, self._row_gap = gap, row_gap
        self.setContentsMargins(QMargins(0, 0, 0, 0))

    def addItem(self, item: QLayoutItem) -> None:
        """Qt calls this."""
        self._items.append(item)

    def count(self) -> int:
        """Number of widgets."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at a place."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take the item at a place away."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It takes no more than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Fewer pixels wide means more rows."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height in px at a width."""
        return self._arrange(QRect(0, 0, width, 0), apply=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the widgets."""
        super().setGeometry(rect)
        self._arrange(rect, apply=True)

    def sizeHint(self) -> QSize:
        """All in one row."""
        items = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in items) + self._gap * max(0, len(items) - 1)
        return QSize(width, max((size.height() for size in items), default=0))

    def minimumSize(self) -> QSize:
        """The widest alone."""
        result = QSize()
        for item in self._items:
            result = result.expandedTo(item.minimumSize())
        return result

    def _arrange(self, rect: QRect, *, apply: bool) -> int:
        x, y, row_height = rect.x(), rect.y(), 0
        row: list[tuple[QLayoutItem, int, QSize]] = []
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if row and x + size.width() > rect.right() + 1:
                self._place(row, y, row_height, apply)
                x, y, row_height, row = rect.x(), y + row_height + self._row_gap, 0, []
            row.append((item, x, size))
            x += size.width() + self._gap
            row_height = max(row_height, size.height())
        self._place(row, y, row_height, apply)
        return y + row_height - rect.y()

    @staticmethod
    def _place(row: list[tuple[QLayoutItem, int, QSize]], y: int, height: int, apply: bool) -> None:
        if apply:
            for item, x, size in row:
                item.setGeometry(QRect(QPoint(x, y + (height - size.height()) // 2), size))


class Flow(QWidget):
    """A widget with a FlowLayout that keeps the height its width asks for, inside any nesting."""

    def __init__(self, *widgets: QWidget, gap: int = 8, row_gap: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.flow = FlowLayout(self, gap=gap, row_gap=row_gap)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for widget in widgets:
            self.flow.addWidget(widget)

    def add(self, widget: QWidget) -> None:
        """Put a widget at the end."""
        self.flow.addWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the height of the new width."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Ask for the height again when something in it changed size."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def sizeHint(self) -> QSize:
        """One row, or the rows that the present width makes."""
        return QSize(self.flow.sizeHint().width(), self.flow.heightForWidth(max(self.width(), 1)))

    def minimumSizeHint(self) -> QSize:
        """The widest alone."""
        return self.flow.minimumSize()

    def _fit(self) -> None:
        height = self.flow.heightForWidth(self.width())
        if height != self.minimumHeight():
            self.setMinimumHeight(height)
            self.updateGeometry()


class VScroll(QScrollArea):
    """A page that scrolls down and never sideways: it asks for the width that its content needs.

    `name` makes it a stop for the Tab key, for pages to read that hold nothing else to stop at.
    """

    def __init__(self, content: QWidget, *, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._everything = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if name else Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(content)
        content.setAutoFillBackground(False)  # which setWidget turns on: what it stands on shows, of whatever theme
        content.installEventFilter(self)
        self._widen()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the least width of the content."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._widen()
        return super().eventFilter(watched, event)

    def show_all(self, everything: bool) -> None:
        """Ask for the whole height of the content too, where a page round this one scrolls; or scroll here again."""
        self._everything = everything
        self._widen()

    def _widen(self) -> None:
        content = self.widget()
        if content is not None:
            self.setMinimumHeight(content.sizeHint().height() if self._everything else 0)
            self.setMinimumWidth(content.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width())


class BothWays(QScrollArea):
    """What may be wider than the window, such as a day along the clock, scrolls sideways too."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(content)
        content.setAutoFillBackground(False)  # which setWidget turns on: what it stands on shows, of whatever theme


class CurrentPage(QStackedLayout):
    """Pages of which only the one on show says how much room is needed, not the largest that was ever made."""

    def sizeHint(self) -> QSize:
        """That of the page."""
        page = self.currentWidget()
        return page.sizeHint() if page is not None else super().sizeHint()

    def minimumSize(self) -> QSize:
        """That of the page."""
        page = self.currentWidget()
        return page.minimumSizeHint() if page is not None else super().minimumSize()
