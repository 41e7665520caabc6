"""Full-mouth and bitewing mounts: a place for each film, found by the FDI numbers (ISO 3950) of its teeth.

The mount is seen from the front ("viewed from labial", the raised dot towards the viewer): the patient's right is at
the left. The templates are the usual counts: 18 films = 14 periapicals and 4 bitewings, 20 = 16 and 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from viewer.errors import N_
from viewer.model.hanging.protocol import WHOLE, Cell, Protocol, Rule, Want
from viewer.model.views import INTRAORAL_FILMS, ViewKind

Teeth = tuple[int, ...]

_POSTERIOR: dict[int, tuple[Teeth, Teeth]] = {
    quadrant: (
        (10 * quadrant + 8, 10 * quadrant + 7, 10 * quadrant + 6),
        (10 * quadrant + 5, 10 * quadrant + 4),
    )
    for quadrant in (1, 2, 3, 4)
}
_ANTERIOR_3: dict[int, tuple[Teeth, ...]] = {1: ((13, 12), (11, 21), (22, 23)), 4: ((43, 42), (41, 31), (32, 33))}
_ANTERIOR_4: dict[int, tuple[Teeth, ...]] = {
    1: ((13,), (12, 11), (21, 22), (23,)),
    4: ((43,), (42, 41), (31, 32), (33,)),
}
_BITEWINGS_4: tuple[Teeth, ...] = ((17, 16, 47, 46), (15, 14, 45, 44), (25, 24, 35, 34), (27, 26, 37, 36))
_BITEWINGS_2: tuple[Teeth, ...] = ((17, 16, 15, 14, 47, 46, 45, 44), (27, 26, 25, 24, 37, 36, 35, 34))
_DECIDUOUS = {1: 5, 2: 6, 3: 7, 4: 8}


@cache
def mounts() -> tuple[Protocol, ...]:
    """The mounts, largest first."""
    return (
        _full_mouth("fmx20", N_("Full mouth, 20 films"), _ANTERIOR_4, least=19),
        _full_mouth("fmx18", N_("Full mouth, 18 films"), _ANTERIOR_3, least=9),
        _bitewings("bitewings4", N_("4 bitewings"), _BITEWINGS_4, least=3),
        _bitewings("bitewings2", N_("2 bitewings"), _BITEWINGS_2, least=1),
    )


def _full_mouth(name: str, label: str, anterior: dict[int, tuple[Teeth, ...]], least: int) -> Protocol:
    upper = (*_POSTERIOR[1], *anterior[1], *_POSTERIOR[2][::-1])
    lower = (*_POSTERIOR[4], *anterior[4], *_POSTERIOR[3][::-1])
    cells = [*_row(upper, 0, 36, ViewKind.PERIAPICAL), *_row(lower, 64, 36, ViewKind.PERIAPICAL)]
    width = WHOLE / len(upper)
    for place, teeth in zip((0, 1, len(upper) - 2, len(upper) - 1), _BITEWINGS_4, strict=True):
        cells.append(_film(place * width, 36, width, 28, teeth, ViewKind.BITEWING))
    films = Want(views=INTRAORAL_FILMS)
    rules = (Rule(films, 60 + least, count=least, required=True),)
    return Protocol(name, label, tuple(cells), rules)


def _bitewings(name: str, label: str, films: Sequence[Teeth], least: int) -> Protocol:
    width = WHOLE / len(films)
    cells = tuple(_film(i * width, 0, width, WHOLE, teeth, ViewKind.BITEWING) for i, teeth in enumerate(films))
    wanted = Rule(Want(views=frozenset({ViewKind.BITEWING})), 40 + len(films), count=least, required=True)
    return Protocol(name, label, cells, (wanted,))


def _row(films: Sequence[Teeth], top: float, height: float, kind: ViewKind) -> list[Cell]:
    width = WHOLE / len(films)
    return [_film(index * width, top, width, height, teeth, kind) for index, teeth in enumerate(films)]


def _film(left: float, top: float, width: float, height: float, teeth: Teeth, kind: ViewKind) -> Cell:
    """A place for a film of these teeth; the deciduous teeth before them count as well."""
    early = {10 * _DECIDUOUS[tooth // 10] + tooth % 10 for tooth in teeth if tooth % 10 <= 5}
    want = Want(views=frozenset({kind}), teeth=frozenset(teeth) | early)
    return Cell(left, top, width, height, (want,), ", ".join(map(str, teeth)))
