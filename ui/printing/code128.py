"""Code 128 (ISO/IEC 15417): the bars of a text. Code sets B and C; C packs pairs of digits into one symbol."""

from __future__ import annotations

import re
from typing import Final

QUIET_MODULES: Final = 10
"""White that must stand at either side (ISO/IEC 15417, 4.3.4.2)."""
START_B: Final = 104
START_C: Final = 105
CODE_C: Final = 99
CODE_B: Final = 100
STOP: Final = 106
CHECK_MODULO: Final = 103
_WIDTHS: Final = [
    "212222",
    "222122",
    "222221",
    "121223",
    "121322",
    "131222",
    "122213",
    "122312",
    "132212",
    "221213",
    "221312",
    "231212",
    "112232",
    "122132",
    "122231",
    "113222",
    "123122",
    "123221",
    "223211",
    "221132",
    "221231",
    "213212",
    "223112",
    "312131",
    "311222",
    "321122",
    "321221",
    "312212",
    "322112",
    "322211",
    "212123",
    "212321",
    "232121",
    "111323",
    "131123",
    "131321",
    "112313",
    "132113",
    "132311",
    "211313",
    "231113",
    "231311",
    "112133",
    "112331",
    "132131",
    "113123",
    "113321",
    "133121",
    "313121",
    "211331",
    "231131",
    "213113",
    "213311",
    "213131",
    "311123",
    "311321",
    "331121",
    "312113",
    "312311",
    "332111",
    "314111",
    "221411",
    "431111",
    "111224",
    "111422",
    "121124",
    "121421",
    "141122",
    "141221",
    "112214",
    "112412",
    "122114",
    "122411",
    "142112",
    "142211",
    "241211",
    "221114",
    "413111",
    "241112",
    "134111",
    "111242",
    "121142",
    "121241",
    "114212",
    "124112",
    "124211",
    "411212",
    "421112",
    "421211",
    "212141",
    "214121",
    "412121",
    "111143",
    "111341",
    "131141",
    "114113",
    "114311",
    "411113",
    "411311",
    "113141",
    "114131",
    "311141",
    "411131",
    "211412",
    "211214",
    "211232",
    "2331112",
]
"""Widths of bar, space, bar … of each symbol, in modules (ISO/IEC 15417, table 1)."""


def symbols(text: str) -> list[int]:
    """The symbol values of a text, with start, check and stop. `ValueError` for what is not printable ASCII."""
    if not text or any(not " " <= letter <= "~" for letter in text):
        raise ValueError("Code 128 here holds printable ASCII")
    values: list[int] = []
    in_c = False
    for part in _parts(text):
        packs = part.isdigit() and len(part) >= 4 and len(part) % 2 == 0
        if not values:
            values.append(START_C if packs else START_B)
        elif packs is not in_c:
            values.append(CODE_C if packs else CODE_B)
        in_c = packs
        if packs:
            values += [int(part[at : at + 2]) for at in range(0, len(part), 2)]
        else:
            values += [ord(letter) - 32 for letter in part]
    check = values[0] + sum(place * value for place, value in enumerate(values[1:], 1))
    return [*values, check % CHECK_MODULO, STOP]


def _parts(text: str) -> list[str]:
    """Runs that are packed, and what lies between; the odd digit of a run stays with what is before it.

    In the middle of a text a run must be of six digits to be worth two changes of set, at an end of four.
    """
    parts, rest = [], 0
    for run in re.finditer(r"\d{4,}", text):
        start, end = run.span()
        least = 4 if start == 0 or end == len(text) else 6
        start += (end - start) % 2
        if end - start >= least:
            parts += [text[rest:start], text[start:end]]
            rest = end
    return [part for part in (*parts, text[rest:]) if part]


def bars(text: str) -> tuple[tuple[int, int], ...]:
    """(left, width) of each bar in modules, the quiet zone at the left included."""
    found, at = [], QUIET_MODULES
    for value in symbols(text):
        for place, width in enumerate(map(int, _WIDTHS[value])):
            if place % 2 == 0:
                found.append((at, width))
            at += width
    return tuple(found)


def modules_across(text: str) -> int:
    """The whole width in modules, both quiet zones included."""
    left, width = bars(text)[-1]
    return left + width + QUIET_MODULES
