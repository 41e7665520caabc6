"""The bar over the day folds to its width: one row, then two, and no segment is cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from app.core import i18n
from ui.orchestration.day_bar import BOARD, DayBar
from ui.theme.style import theme

LARGEST = 2.0


@pytest.fixture(params=["fr", "en"])
def bar(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[DayBar]:
    """The bar alone, at the largest text."""
    before = i18n.language()
    i18n.set_language(request.param)
    theme.apply(qapp, "light", LARGEST, "normal", reduce_motion=True)
    made = DayBar()
    made.retranslate()
    made.set_date("24")
    made.show()
    yield made
    made.close()
    made.deleteLater()
    i18n.set_language(before)
    theme.apply(qapp, "light", 1.0, "normal", reduce_motion=True)


def give(bar: DayBar, width: int, settled: Callable[[QWidget], None]) -> None:
    bar.resize(width, bar.height())
    settled(bar)
    bar.resize(width, bar.sizeHint().height())
    settled(bar)


def rows(bar: DayBar) -> int:
    """How many rows the buttons that are on show stand in."""
    return len({button.mapTo(bar, button.rect().center()).y() for button in (bar.back, bar.new)})


@pytest.mark.parametrize("width", [1700, 1211, 1000, 800])
def test_no_segment_is_cut_at_the_largest_text(
    bar: DayBar, width: int, clipped: Callable[[QWidget], list[str]], unnamed: Callable[[QWidget], list[str]],
    settled: Callable[[QWidget], None],
) -> None:  # fmt: skip
    give(bar, width, settled)
    assert clipped(bar) == []
    assert unnamed(bar) == []


def test_a_second_row_comes_before_anything_is_put_away(bar: DayBar, settled: Callable[[QWidget], None]) -> None:
    give(bar, 1211, settled)
    assert rows(bar) == 2
    assert all(button.isVisible() for button in (bar.date, bar.smaller, bar.larger))
    give(bar, 1700, settled)
    assert rows(bar) == 1
    give(bar, 1211, settled)
    bar.take({"view": BOARD})
    settled(bar)
    assert rows(bar) == 1, "without lanes there is room"


def test_tab_goes_through_both_rows_as_one_reads(bar: DayBar, settled: Callable[[QWidget], None]) -> None:
    give(bar, 1211, settled)
    chain: list[QWidget] = [bar.back]
    while (following := chain[-1].nextInFocusChain()) not in (bar.back, None):
        chain.append(following)
    shown = [each for each in chain if isinstance(each, QAbstractButton) and each.isVisible()]
    places = [each.mapTo(bar, each.rect().center()) for each in shown]
    assert len(shown) > 12
    assert [(at.y(), at.x()) for at in places] == sorted((at.y(), at.x()) for at in places)
