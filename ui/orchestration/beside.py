"""What stands at the right of the views: panels under one another, as wide as the design says, scrolling down."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui.theme.style import theme
from ui.widgets.layout import VScroll

WIDTH = 310


class _Column(QWidget):
    """Panels under one another."""

    def minimumSizeHint(self) -> QSize:
        """As wide as the design says, wider when words need it."""
        least = super().minimumSizeHint()
        return QSize(max(theme.px(WIDTH) - 12, least.width()), least.height())


class Beside(VScroll):
    """The panels; `put` adds one."""

    def __init__(self, *panels: QWidget) -> None:
        inner = _Column()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for panel in panels:
            column.addWidget(panel)
        column.addStretch(1)
        super().__init__(inner)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def put_first(self, widget: QWidget) -> None:
        """Above all panels, at the right."""
        inner = self.widget()
        column = inner.layout() if inner is not None else None
        assert isinstance(column, QVBoxLayout), "the panels stand in a column"
        column.insertWidget(0, widget, 0, Qt.AlignmentFlag.AlignRight)

    def sizeHint(self) -> QSize:
        """No wider than it must be."""
        return QSize(self.minimumWidth(), super().sizeHint().height())
