"""Tiles laid out by cells, in hundredths of the area; one of them may take all of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from viewer.model.hanging.protocol import WHOLE, Cell

GAP = 3


class Grid(QWidget):
    """Places its tiles; it neither makes nor removes them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("grid")
        self._cells: tuple[Cell, ...] = ()
        self._tiles: tuple[QWidget, ...] = ()
        self._largest: QWidget | None = None

    @property
    def maximised(self) -> QWidget | None:
        """The tile that takes all of the area; None for the whole layout."""
        return self._largest

    def arrange(self, cells: Sequence[Cell], tiles: Sequence[QWidget]) -> None:
        """Show these tiles in these cells."""
        self._cells, self._tiles, self._largest = tuple(cells), tuple(tiles), None
        self._place()

    def maximise(self, tile: QWidget | None) -> None:
        """Give one tile all of the area; None brings the others back."""
        self._largest = tile if len(self._tiles) > 1 else None
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        for cell, tile in zip(self._cells, self._tiles, strict=True):
            if self._largest is not None:
                tile.setVisible(tile is self._largest)
                if tile is self._largest:
                    tile.setGeometry(self.rect())
                continue
            tile.setGeometry(self._rectangle(cell))
            tile.show()

    def _rectangle(self, cell: Cell) -> QRect:
        """Edges are rounded, not sizes, so that neighbours meet with the same gap everywhere."""
        left, right = self._edge(cell.left, self.width()), self._edge(cell.left + cell.width, self.width())
        top, bottom = self._edge(cell.top, self.height()), self._edge(cell.top + cell.height, self.height())
        last_column, last_row = cell.left + cell.width > WHOLE - 0.5, cell.top + cell.height > WHOLE - 0.5
        width = right - left - (0 if last_column else GAP)
        return QRect(left, top, max(1, width), max(1, bottom - top - (0 if last_row else GAP)))

    @staticmethod
    def _edge(hundredths: float, length: int) -> int:
        return round(min(hundredths, WHOLE) * length / WHOLE)
