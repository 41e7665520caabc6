"""Paged model and table: few reads, no sort of its own, head and cells on one line."""

from decimal import Decimal

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from ui.theme.style import Theme
from ui.widgets.paged_model import PAGE, PAGES_KEPT, Column, PagedModel, Row
from ui.widgets.tables import Table


class Source:
    """A hundred thousand rows that count how often they are read."""

    def __init__(self, rows: int = 100_000) -> None:
        self.rows = rows
        self.reads: list[tuple[int, int]] = []

    def count(self) -> int:
        return self.rows

    def fetch(self, offset: int, limit: int) -> list[Row]:
        self.reads.append((offset, limit))
        return [
            (f"Patient {number}", Decimal(number) / 4 if number else None, f"id-{number}")
            for number in range(offset, min(offset + limit, self.rows))
        ]


COLUMNS = (
    Column("name", "Nom", strong=True),
    Column("balance", "Solde", lambda value: "–" if value is None else f"{value:.2f}", width=100, right=True),
)


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def model(source: Source, themed: Theme) -> PagedModel:
    return PagedModel(COLUMNS, source.fetch, source.count)


@pytest.fixture
def table(model: PagedModel, qtbot: QtBot) -> Table:
    view = Table("Patients", model)
    qtbot.addWidget(view)
    view.resize(600, 400)
    view.show()
    return view


def test_it_keeps_the_contract_of_qt(themed: Theme) -> None:
    source = Source(150)
    model = PagedModel(COLUMNS, source.fetch, source.count)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.refresh()


def test_a_screenful_reads_one_page(table: Table, source: Source, qtbot: QtBot) -> None:
    table.grab()
    assert source.reads == [(0, PAGE)]
    table.scrollTo(table.model().index(50_000, 0))
    table.grab()
    assert len(source.reads) <= 3
    assert all(limit == PAGE for _offset, limit in source.reads)


def test_pages_long_unused_are_forgotten(model: PagedModel, source: Source) -> None:
    for page in range(PAGES_KEPT + 5):
        model.row(page * PAGE)
    assert len(model._pages) == PAGES_KEPT
    reads = len(source.reads)
    model.row((PAGES_KEPT + 4) * PAGE)
    assert len(source.reads) == reads
    model.row(0)
    assert len(source.reads) == reads + 1


def test_values_texts_and_ids(model: PagedModel) -> None:
    assert model.data(model.index(3, 1)) == "0.75"
    assert model.data(model.index(3, 1), Qt.ItemDataRole.UserRole) == Decimal("0.75")
    assert model.data(model.index(0, 1)) == "–"
    row = model.row(3)
    assert row is not None
    assert row[2] == "id-3"


def test_a_row_gone_since_the_count_is_blank(model: PagedModel, source: Source) -> None:
    source.rows = 50
    assert model.row(70) is None
    assert model.data(model.index(70, 0)) is None
    model.refresh()
    assert model.rowCount() == 50


def test_head_and_cells_are_aligned_alike(model: PagedModel) -> None:
    for column in range(2):
        head = model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        assert head == model.data(model.index(0, column), Qt.ItemDataRole.TextAlignmentRole)
    assert model.data(model.index(0, 1), Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight


def test_sorting_is_asked_for_and_not_done(table: Table, source: Source, qtbot: QtBot) -> None:
    model = table.model()
    assert isinstance(model, PagedModel)
    first = model.data(model.index(0, 0))
    asked: list[tuple[str, bool]] = []
    model.sort_asked.connect(lambda key, falling: asked.append((key, falling)))
    table.horizontalHeader().sectionClicked.emit(1)
    table.horizontalHeader().sectionClicked.emit(1)
    table.horizontalHeader().sectionClicked.emit(0)
    assert asked == [("balance", False), ("balance", True), ("name", False)]
    assert model.data(model.index(0, 0)) == first
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Nom ↑"


def test_keys_choose_and_open_a_row(table: Table, qtbot: QtBot) -> None:
    chosen: list[int] = []
    table.row_changed.connect(chosen.append)
    table.choose(2)
    QTest.keyClick(table, Qt.Key.Key_Down)
    with qtbot.waitSignal(table.opened) as heard:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert heard.args == [3]
    assert chosen == [2, 3]
    assert not table.tabKeyNavigation()


def ink_left(table: Table, row: bool, themed: Theme) -> int:
    """Left-most x of the words of the first column, in the head or in the first row."""
    widget = table.viewport() if row else table.horizontalHeader().viewport()
    height = table.rowHeight(0) if row else widget.height()
    image = widget.grab().toImage()
    ground = image.pixelColor(2, height // 2)
    return next(x for x in range(3, 100) if any(image.pixelColor(x, y) != ground for y in range(6, height - 6)))


def test_head_and_cells_start_at_the_same_place(table: Table, themed: Theme) -> None:
    assert abs(ink_left(table, True, themed) - ink_left(table, False, themed)) <= 1


def test_free_columns_share_the_room(table: Table) -> None:
    assert table.columnWidth(1) == 100
    assert table.columnWidth(0) == table.viewport().width() - 100


def test_an_empty_table_asks_for_no_page(themed: Theme) -> None:
    source = Source(0)
    model = PagedModel(COLUMNS, source.fetch, source.count)
    assert model.rowCount(QModelIndex()) == 0
    assert source.reads == []
