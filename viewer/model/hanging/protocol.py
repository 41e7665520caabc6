"""Hanging protocols as data: rules with scores, and cells that say what they want.

A protocol applies when each of its `required` rules matches; its score is the sum of the rules that match. Cells are
rectangles in hundredths of the area. The rows stand in `protocols.json`; a clinic may add its own in the same form.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from viewer.errors import N_, ViewerError
from viewer.model.views import ViewKind

CURRENT, PRIOR, ANY = "current", "prior", "any"
WHOLE = 100


class ProtocolError(ViewerError):
    """A row of hanging protocols that says something impossible."""

    message_id = N_("This layout cannot be read.")


@dataclass(frozen=True, slots=True)
class Want:
    """What an image must be. An empty set asks nothing; `study` is current, prior, any or a stage such as T0."""

    views: frozenset[ViewKind] = frozenset()
    modalities: frozenset[str] = frozenset()
    body_parts: frozenset[str] = frozenset()
    lateralities: frozenset[str] = frozenset()
    teeth: frozenset[int] = frozenset()
    study: str = CURRENT
    frames_at_least: int = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """Adds `score` when at least `count` images match `want`; a `required` rule must match."""

    want: Want
    score: int
    count: int = 1
    at_most: int | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A rectangle (left, top, width, height in hundredths), and what belongs into it, the best choice first."""

    left: float
    top: float
    width: float
    height: float
    wants: tuple[Want, ...] = ()
    label: str = ""
    """The name of the place, an English message; shown when nothing fits."""


@dataclass(frozen=True, slots=True)
class Protocol:
    """One way of hanging."""

    name: str
    label: str
    cells: tuple[Cell, ...]
    rules: tuple[Rule, ...] = ()
    linked: bool = False
    """Zoom, position and window are linked between the tiles from the start."""


def uniform(rows: int, columns: int) -> Protocol:
    """A plain layout of equal cells that take the images in their order. Raises ProtocolError beyond 1×1 to 3×3."""
    if not (1 <= rows <= 3 and 1 <= columns <= 3):
        raise ProtocolError
    width, height = WHOLE / columns, WHOLE / rows
    anything = (Want(study=CURRENT), Want(study=ANY))
    cells = [Cell(c * width, r * height, width, height, anything) for r in range(rows) for c in range(columns)]
    return Protocol(f"{rows}x{columns}", f"{rows} × {columns}", tuple(cells))


PLAIN = tuple(uniform(rows, columns) for rows in (1, 2, 3) for columns in (1, 2, 3))
"""1×1, 1×2, … 3×3, in the order of the keys 1 to 9."""


@cache
def shipped() -> tuple[Protocol, ...]:
    """The protocols that come with the viewer."""
    text = Path(__file__).with_name("protocols.json").read_text(encoding="utf-8")
    return read_protocols(json.loads(text))


def read_protocols(rows: Sequence[Mapping[str, Any]]) -> tuple[Protocol, ...]:
    """Protocols from JSON rows. Raises ProtocolError for a row with an unknown word, view or an impossible cell."""
    try:
        return tuple(_protocol(row) for row in rows)
    except (KeyError, TypeError, ValueError):
        raise ProtocolError from None


def _protocol(row: Mapping[str, Any]) -> Protocol:
    rules = tuple(
        Rule(_want(r["want"]), int(r["score"]), int(r.get("count", 1)), r.get("at_most"), bool(r.get("required")))
        for r in row.get("rules", ())
    )
    return Protocol(
        str(row["name"]), str(row["label"]), tuple(map(_cell, row["cells"])), rules, bool(row.get("linked"))
    )


def _cell(row: Mapping[str, Any]) -> Cell:
    left, top, width, height = (float(part) for part in row["at"])
    if min(left, top) < 0 or min(width, height) <= 0 or left + width > WHOLE or top + height > WHOLE:
        raise ValueError(row)
    return Cell(left, top, width, height, tuple(map(_want, row.get("wants", ()))), str(row.get("label", "")))


_WORDS = frozenset({"views", "modalities", "body_parts", "lateralities", "teeth", "study", "frames_at_least"})


def _want(row: Mapping[str, Any]) -> Want:
    if not set(row) <= _WORDS:
        raise ValueError(row)
    return Want(
        frozenset(map(ViewKind, row.get("views", ()))),
        frozenset(map(str, row.get("modalities", ()))),
        frozenset(map(str, row.get("body_parts", ()))),
        frozenset(map(str, row.get("lateralities", ()))),
        frozenset(map(int, row.get("teeth", ()))),
        str(row.get("study", CURRENT)),
        int(row.get("frames_at_least", 1)),
    )
