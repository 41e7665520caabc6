"""A table model to whose end pages are added as one scrolls: the database sorts, filters and pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QModelIndex

from ui.widgets.paged_model import Column, PagedModel, Row

T = TypeVar("T")


class GrowingModel(PagedModel, Generic[T]):
    """Holds the answers read so far; `row_of` makes the cells of one."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.items: list[T] = []
        super().__init__(columns, self._cells, lambda: len(self.items))

    def row_of(self, item: T) -> Row:
        """The cells of one item, in the order of the columns."""
        return (item,)

    def _cells(self, offset: int, limit: int) -> Sequence[Row]:
        return [self.row_of(item) for item in self.items[offset : offset + limit]]

    def start(self, items: Sequence[T], columns: Sequence[Column]) -> None:
        """Begin anew, with heads in the language in force."""
        self.columns, self.items = tuple(columns), list(items)
        self.refresh()

    def add(self, items: Sequence[T]) -> None:
        """Go on at the end; what is chosen and where one stands stay."""
        if items:
            self.beginInsertRows(QModelIndex(), self._rows, self._rows + len(items) - 1)
            self.items += items
            self._rows += len(items)
            self._pages.clear()
            self.endInsertRows()

    def item(self, row: int) -> T | None:
        """The item of a row."""
        return self.items[row] if 0 <= row < len(self.items) else None
