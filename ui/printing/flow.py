"""One column of blocks over as many pages as it needs: headings, text, pairs, tables whose head is repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from ui.printing.lettering import lines_at, placed, wrapped
from ui.printing.marks import BODY, HEADING, STRONG, Box, Line, Mark, Page, Sign, Style, Text
from ui.printing.papers import MARGIN_MM, points

PAD: Final = 4.0
"""Points of air in a cell, at every side."""
SIGN_GAP: Final = 4.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph in a cell, with a sign before it if it has one."""

    text: str
    style: Style = BODY
    sign: str = ""


Cell: TypeAlias = Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head, and its share of the width."""

    title: str
    share: float
    align: str = "left"


@dataclass(frozen=True, slots=True)
class _Row:
    """A row laid out from its own top."""

    marks: tuple[Mark, ...]
    height: float


class Flow:
    """Pages that grow downward. `head(page number)` gives the marks above the body and where the body begins."""

    def __init__(
        self, size: tuple[float, float], head: Callable[[int], tuple[list[Mark], float]], foot_height: float
    ) -> None:
        self.width, self.height = size
        self.left = points(MARGIN_MM)
        self.room = self.width - 2 * self.left
        self._head = head
        self.bottom = self.height - points(MARGIN_MM) - foot_height
        self._pages: list[list[Mark]] = []
        self.y = 0.0
        self.new_page()

    def new_page(self) -> None:
        """Go on at the top of another page."""
        marks, self.y = self._head(len(self._pages) + 1)
        self._pages.append(marks)
        self.top = self.y

    def need(self, height: float) -> bool:
        """Make room for something of a height; whether a page was begun for it."""
        if self.y + height <= self.bottom or self.y <= self.top:
            return False
        self.new_page()
        return True

    def put(self, *marks: Mark) -> None:
        """Marks on this page, where they say."""
        self._pages[-1].extend(marks)

    def gap(self, height: float) -> None:
        """Air, which is not carried over to another page."""
        if self.y > self.top:
            self.y += height

    def pages(self, foot: Callable[[int, int], list[Mark]]) -> tuple[Page, ...]:
        """The finished pages; `foot(n, m)` gives what stands under each."""
        count = len(self._pages)
        return tuple(Page((*marks, *foot(at, count))) for at, marks in enumerate(self._pages, 1))

    # -- blocks -------------------------------------------------------------------------------------------------
    def heading(self, text: str, keep: float = 50.0) -> None:
        """A heading that stays with at least `keep` points of what follows."""
        lines = wrapped(text, HEADING, self.room)
        self.gap(9)
        self.need(len(lines) * HEADING.leading + 6 + keep)
        marks, self.y = lines_at(text, self.left, self.y, self.room, HEADING)
        self.put(*marks, Line(self.left, self.y + 2, self.left + self.room, self.y + 2, 1.0))
        self.y += 6

    def text(self, text: str, style: Style = BODY, sign: str = "", align: str = "left") -> None:
        """A paragraph; its lines may stand on two pages."""
        indent = _indent(style, sign)
        for at, line in enumerate(wrapped(text, style, self.room - indent)):
            self.need(style.leading)
            if sign and at == 0:
                self.put(sign_at(sign, self.left, self.y, style))
            self.put(placed(line, self.left + indent, self.y, self.room - indent, style, align))
            self.y += style.leading

    def pairs(self, pairs: Sequence[tuple[str, str]], label_share: float = 0.28) -> None:
        """Labels with their values, one under the other."""
        room = self.room * label_share
        for label, value in pairs:
            labels = wrapped(label, STRONG, room - 8)
            values = wrapped(value, BODY, self.room - room)
            self.need(max(len(labels), len(values)) * BODY.leading + 2)
            top = self.y
            for at, line in enumerate(labels):
                self.put(placed(line, self.left, top + at * BODY.leading, room - 8, STRONG))
            for at, line in enumerate(values):
                self.put(placed(line, self.left + room, top + at * BODY.leading, self.room - room))
            self.y = top + max(len(labels), len(values)) * BODY.leading + 2

    def table(
        self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], title: str = "", again: str = ""
    ) -> None:
        """Rows under a head that each page repeats, with `again` over it; only a row higher than a page is cut."""
        edges = self._edges(columns)
        head = self._row([[Piece(column.title, STRONG)] for column in columns], columns, edges)
        laid = [part for row in rows for part in self._parts(row, columns, edges, head.height)]
        titles = len(wrapped(title, HEADING, self.room)) * HEADING.leading if title else 0.0
        self.gap(10)
        self.need(titles + head.height + (laid[0].height if laid else 0))
        self._table_head(head, title)
        for row in laid:
            if self.need(row.height):
                self._table_head(head, again or title)
            self.put(*(_moved(mark, self.y) for mark in row.marks))
            self.y += row.height
            self.put(Line(self.left, self.y, self.left + self.room, self.y, 0.4))

    def _table_head(self, head: _Row, title: str) -> None:
        if title:
            marks, self.y = lines_at(title, self.left, self.y, self.room, HEADING)
            self.put(*marks)
        self.put(*(_moved(mark, self.y) for mark in head.marks))
        self.y += head.height
        self.put(Line(self.left, self.y, self.left + self.room, self.y, 1.2))

    def _edges(self, columns: Sequence[Column]) -> list[tuple[float, float]]:
        """Left and room of each column."""
        whole = sum(column.share for column in columns)
        edges, at = [], self.left
        for column in columns:
            width = self.room * column.share / whole
            edges.append((at + PAD, width - 2 * PAD))
            at += width
        return edges

    def _row(self, cells: Sequence[Cell], columns: Sequence[Column], edges: list[tuple[float, float]]) -> _Row:
        marks: list[Mark] = []
        height = 0.0
        for cell, column, (x, room) in zip(cells, columns, edges, strict=True):
            y = PAD
            for piece in cell:
                found, y = _piece(piece, x, y, room, column.align)
                marks += found
            height = max(height, y + PAD)
        return _Row(tuple(marks), height)

    def _parts(
        self, cells: Sequence[Cell], columns: Sequence[Column], edges: list[tuple[float, float]], head_height: float
    ) -> Iterator[_Row]:
        """The row whole; one that is higher than a page in as many parts as it needs."""
        row = self._row(cells, columns, edges)
        most = self.bottom - self.top - head_height - 3 * HEADING.leading
        if row.height <= most:
            yield row
            return
        lines = [list(_single_lines(cell, room)) for cell, (_x, room) in zip(cells, edges, strict=True)]
        each = max(1, int((most - 2 * PAD) / (STRONG.leading + 2)))
        for start in range(0, max(map(len, lines)), each):
            yield self._row([found[start : start + each] for found in lines], columns, edges)


def _indent(style: Style, sign: str) -> float:
    """What a sign before a text takes."""
    return style.size + SIGN_GAP if sign else 0.0


def _single_lines(cell: Cell, room: float) -> Iterator[Piece]:
    for piece in cell:
        indent = _indent(piece.style, piece.sign)
        for at, line in enumerate(wrapped(piece.text, piece.style, room - indent)):
            yield Piece(line, piece.style, piece.sign if at == 0 else "")


def _piece(piece: Piece, x: float, y: float, room: float, align: str) -> tuple[list[Mark], float]:
    indent = _indent(piece.style, piece.sign)
    lines, bottom = lines_at(piece.text, x + indent, y, room - indent, piece.style, align)
    marks: list[Mark] = [*lines]
    if piece.sign:
        marks.append(sign_at(piece.sign, x, y, piece.style))
    return marks, bottom


def sign_at(shape: str, x: float, y: float, style: Style) -> Sign:
    """A sign before a line of text."""
    return Sign(shape, x, y + (style.leading - style.size) / 2, style.size)


def _moved(mark: Mark, down: float) -> Mark:
    """A mark of a row, set down on the page."""
    if isinstance(mark, Text):
        return Text(mark.x, mark.y + down, mark.width, mark.text, mark.style, mark.room)
    if isinstance(mark, Sign):
        return Sign(mark.shape, mark.x, mark.y + down, mark.size)
    raise TypeError(f"a cell holds no {type(mark).__name__}")


def framed(
    x: float, y: float, room: float, lines: Sequence[tuple[str, Style]], edge: float = 1.2
) -> tuple[list[Mark], float]:
    """Centred lines in a frame, and where it ends."""
    marks: list[Mark] = []
    at = y + PAD
    for text, style in lines:
        found, at = lines_at(text, x + PAD, at, room - 2 * PAD, style, "centre")
        marks += found
    return [Box(x, y, room, at + PAD - y, edge), *marks], at + PAD
