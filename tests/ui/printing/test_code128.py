"""Code 128 against what the standard prints, and read back by a decoder of our own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.printing.barcodes import NARROWEST, code128_mark, qr_mark
from ui.printing.code128 import _WIDTHS, CHECK_MODULO, QUIET_MODULES, STOP, bars, modules_across, symbols
from ui.printing.marks import Modules


def read_modules(mark: Modules, module: float) -> str:
    """The text of a symbol, from its bars alone: widths to symbols, check, sets B and C."""
    line = [0] * round(mark.width / module)
    for x, _y, width, _height in mark.bars:
        for at in range(round(x / module), round((x + width) / module)):
            line[at] = 1
    inner = "".join(map(str, line)).strip("0")
    assert line[:QUIET_MODULES] == [0] * QUIET_MODULES == line[-QUIET_MODULES:]
    values, at = [], 0
    while at < len(inner):
        size = 13 if len(inner) - at == 13 else 11
        values.append(_WIDTHS.index(_runs(inner[at : at + size])))
        at += size
    assert values[-1] == STOP
    *head, check = values[:-1]
    assert (head[0] + sum(n * value for n, value in enumerate(head[1:], 1))) % CHECK_MODULO == check
    return _text(head)


def _runs(bits: str) -> str:
    runs, last = [], ""
    for bit in bits:
        if bit == last:
            runs[-1] += 1
        else:
            runs.append(1)
        last = bit
    return "".join(map(str, runs))


def _text(values: list[int]) -> str:
    packs, found = values[0] == 105, ""
    for value in values[1:]:
        if value == 99 and not packs:
            packs = True
        elif value == 100 and packs:
            packs = False
        else:
            found += f"{value:02d}" if packs else chr(value + 32)
    return found


def test_the_table_is_that_of_the_standard() -> None:
    """Every symbol is 11 modules wide with an even number of black ones (ISO/IEC 15417, 4.2.1 b); all are different."""
    assert len(_WIDTHS) == len(set(_WIDTHS)) == 107
    for widths in _WIDTHS[:STOP]:
        assert sum(map(int, widths)) == 11
        assert sum(map(int, widths[::2])) % 2 == 0
    assert sum(map(int, _WIDTHS[STOP])) == 13


def test_known_symbols() -> None:
    """The worked example of “PJJ123C” (check 55 in set A) has its like in set B; digits are packed in pairs."""
    assert symbols("Wikipedia") == [104, 55, 73, 75, 73, 80, 69, 68, 73, 65, 88, 106]
    assert symbols("AWP20418") == [104, 33, 55, 48, 18, 99, 4, 18, 78, 106]
    assert symbols("123456")[:4] == [105, 12, 34, 56]


def test_text_that_cannot_be_held_is_refused() -> None:
    for text in ("", "é", "a\n"):
        with pytest.raises(ValueError, match="ASCII"):
            symbols(text)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=24))
def test_every_text_is_read_back(text: str) -> None:
    module = 1.0
    mark = code128_mark(text, 0, 0, modules_across(text) * module, 20, module)
    assert read_modules(mark, module) == text


def test_a_symbol_too_fine_to_be_read_is_refused() -> None:
    across = modules_across("AWP20418")
    assert code128_mark("AWP20418", 0, 0, across * NARROWEST + 0.01, 20).width <= across * NARROWEST + 0.02
    with pytest.raises(ValueError, match="narrow"):
        code128_mark("AWP20418", 0, 0, across * NARROWEST - 1, 20)
    assert bars("A")[0][0] == QUIET_MODULES


def test_a_qr_symbol_has_its_quiet_zone_and_finder_patterns() -> None:
    mark = qr_mark("AWP20418", 10, 20, 58.0)
    module = 58.0 / (21 + 8)
    dark = {
        (round((x + step * module) / module), round(y / module))
        for x, y, width, _height in mark.bars
        for step in range(round(width / module))
    }
    assert min(column for column, _row in dark) == min(row for _column, row in dark) == 4
    for left, top in ((4, 4), (18, 4), (4, 18)):
        ring = {(left + n, top) for n in range(7)} | {(left, top + n) for n in range(7)}
        assert ring <= dark
        assert (left + 1, top + 1) not in dark
