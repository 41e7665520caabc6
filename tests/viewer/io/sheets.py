"""A sheet that holds one mark of every kind, for tests of what is written and read."""

from __future__ import annotations

from datetime import UTC, datetime

from viewer.io.documents import Authorship
from viewer.model.calibration import calibrate
from viewer.model.marks import Kind, Layer, Sheet, new_mark
from viewer.model.spacing import Origin, PixelSize, Unit

MADE_AT = datetime(2026, 5, 4, 13, 30, tzinfo=UTC)
AUTHOR = Authorship("Côté^Élise", MADE_AT, "Mesures")


def drawn_sheet() -> Sheet:
    """Sixteen marks in two layers, calibrated by the ruler."""
    ruler = new_mark(Kind.RULER, [(5, 6), (70, 8)], known_um=10_000)
    marks = (
        new_mark(Kind.LENGTH, [(10.5, 20.25), (100.123, 50.001)], text="Dent"),
        new_mark(Kind.POLYLINE, [(1, 2), (3, 4), (9, 9)]),
        new_mark(Kind.ANGLE, [(1, 2), (3, 4), (9, 1)]),
        new_mark(Kind.COBB, [(1, 2), (30, 4), (9, 9), (40, 20)]),
        new_mark(Kind.RATIO, [(1, 2), (30, 4), (9, 9), (40, 20)]),
        new_mark(Kind.AREA, [(1, 2), (30, 4), (9, 90)]),
        new_mark(Kind.RECTANGLE, [(5, 6), (3, 40)]),
        new_mark(Kind.ELLIPSE, [(5, 6), (30, 80.001)]),
        new_mark(Kind.ELLIPSE, [(50, 6), (3, 18.001)]),
        new_mark(Kind.PROFILE, [(5, 6), (30, 80.001)]),
        new_mark(Kind.ARROW, [(5, 6), (30, 80.001)], text="là"),
        new_mark(Kind.TEXT, [(5, 6)], text="Été «é»"),
        new_mark(Kind.FREEHAND, [(5, 6), (7, 8), (9, 9.5)]),
        new_mark(Kind.TOOTH, [(50, 60)], tooth=36),
        new_mark(Kind.TEXT, [(9, 9)], text="T0", layer="Tracé T0"),
        ruler,
    )
    layers = (Layer("marks"), Layer("Tracé T0", visible=False, colour="#112233"))
    pixel = PixelSize(0.1, 0.1, Unit.MM_DETECTOR, Origin.DETECTOR)
    return calibrate(Sheet(marks, layers), ruler.mark_id, pixel, "Dre É. Côté", MADE_AT)
