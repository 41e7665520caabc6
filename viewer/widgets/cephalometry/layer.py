"""The tracing over the image: lines of the analysis, outlines, landmarks; what is only proposed looks different."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from viewer.errors import N_
from viewer.model.cephalometry import DERIVED, LANDMARKS
from viewer.model.cephalometry.formula import MissingLandmarks, point
from viewer.model.cephalometry.functions import CephError, Point
from viewer.model.cephalometry.outlines import drawn
from viewer.model.cephalometry.proposals import Proposal
from viewer.widgets import colours
from viewer.widgets.marking.painting import Labels, stroke
from viewer.widgets.tile_board import TileBoard
from viewer.widgets.tile_painting import caption_areas

if TYPE_CHECKING:
    from viewer.widgets.cephalometry.board import Cephalometry

RADIUS, BEYOND = 4.0, 0.06
LINES: tuple[tuple[str, str, bool], ...] = (
    ("S", "N", False), ("Po", "Or", True), ("PNS", "ANS", True), ("Go", "Me", True), ("Go", "Gn", True),
    ("N", "A", False), ("N", "B", False), ("N", "Pog", False), ("A", "Pog", False), ("Ba", "N", True),
    ("Pt", "Gn", True), ("OPP", "OPA", True), ("FOPP", "FOPA", True), ("S", "Ar", False), ("Ar", "Go", False),
    ("S", "Gn", True), ("U1A", "U1T", False), ("L1A", "L1T", False), ("Prn", "Pogs", True), ("Ls", "Pogs", True),
    ("Cm", "Pogs", True),
    ("Xi", "Pm", False), ("Xi", "ANS", False), ("DC", "Xi", False), ("Co", "A", False), ("Co", "Gn", False),
)  # fmt: skip
"""Lines by their ends; reference planes are dashed. One is drawn when a formula of the analysis uses it."""
CONSTRUCTED = "#98A8FF"
DESCRIBED = N_("{placed} landmarks placed, {proposed} proposed")


def with_constructed(points: Mapping[str, Point]) -> dict[str, Point]:
    """The placed points and those that are constructed from them, in the same coordinates."""
    found = dict(points)
    for name, formula in DERIVED.items():
        if name not in found:
            try:
                found[name] = point(formula, points)
            except (CephError, MissingLandmarks):
                continue
    return found


class TracingLayer:
    """Draws the tracing of whatever image a tile shows; one layer serves all tiles."""

    def __init__(self, cephalometry: Cephalometry) -> None:
        self._ceph = cephalometry

    def paint(self, painter: QPainter, tile: TileBoard) -> None:
        key = self._key(tile)
        if not key:
            return
        chosen = self._ceph.handled if key == self._ceph.key else ""
        labels = self.paint_confirmed(painter, tile, key, chosen)
        for proposal in self._ceph.proposals(key):
            paint_proposal(painter, tile, proposal, labels)

    def paint_confirmed(self, painter: QPainter, tile: TileBoard, key: str, chosen: str = "") -> Labels:
        """What a person has confirmed, and nothing else."""
        placed = self._ceph.placed(key).points
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._ceph.outlines:
            paint_outlines(painter, placed, tile.to_widget)
        paint_lines(painter, with_constructed(placed), self._used(), tile.to_widget)
        room = QRectF(tile.rect()).adjusted(8, 30, -8, -30)
        labels = Labels(painter, room, _dots(placed, tile.to_widget), caption_areas(tile))
        paint_points(painter, placed, chosen, tile.to_widget, labels)
        return labels

    def _used(self) -> frozenset[frozenset[str]]:
        """Pairs that stand side by side in a formula of the analysis: its lines, among others."""
        found = (re.findall(r"\w+", measure.formula) for measure in self._ceph.analysis.measures)
        return frozenset(frozenset(pair) for words in found for pair in pairwise(words))

    def describe(self, tile: TileBoard) -> str:
        key = self._key(tile)
        placed = len(self._ceph.placed(key).points) if key else 0
        proposed = len(self._ceph.proposals(key)) if key else 0
        if not placed and not proposed:
            return ""
        return tile.texts.say(DESCRIBED, placed=placed, proposed=proposed)

    @staticmethod
    def _key(tile: TileBoard) -> str:
        item = getattr(tile, "item", None)
        return item.key if item is not None else ""


def paint_outlines(
    painter: QPainter, points: Mapping[str, Point], place: Callable[[Point], QPointF], colour: str = colours.TEXT,
    width: float = 1.2, halo: bool = True,
) -> None:  # fmt: skip
    """The outlines that the points allow, as smooth curves."""
    for _outline, pieces in drawn(points):
        path = QPainterPath(place(pieces[0][0])) if pieces else QPainterPath()
        for _start, first, second, end in pieces:
            path.cubicTo(place(first), place(second), place(end))
        if halo:
            stroke(painter, path, colour, width)
        else:
            painter.setPen(QPen(QColor(colour), width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(path)


def paint_lines(
    painter: QPainter, points: Mapping[str, Point], used: frozenset[frozenset[str]], place: Callable[[Point], QPointF]
) -> None:
    """The lines of the analysis, a little beyond their ends."""
    for first, second, is_plane in LINES:
        if not {first, second} <= points.keys() or frozenset((first, second)) not in used:
            continue
        a, b = place(points[first]), place(points[second])
        path = QPainterPath(a - (b - a) * BEYOND)
        path.lineTo(b + (b - a) * BEYOND)
        dashed = Qt.PenStyle.DashLine if is_plane else Qt.PenStyle.SolidLine
        stroke(painter, path, colours.REFERENCE if is_plane else colours.PLANE, 1.5, dashed)


def paint_points(
    painter: QPainter, points: Mapping[str, Point], chosen: str, place: Callable[[Point], QPointF], labels: Labels
) -> None:
    """Confirmed landmarks: a ring with a dark heart; the one in hand has a second ring."""
    for name, at in points.items():
        middle = place(at)
        painter.setPen(QPen(QColor(colours.HALO), 1))
        painter.setBrush(QColor(colours.MEASUREMENT))
        painter.drawEllipse(middle, RADIUS, RADIUS)
        painter.setBrush(QColor(colours.HALO))
        painter.drawEllipse(middle, RADIUS - 2.5, RADIUS - 2.5)
        if name == chosen:
            ring = QPainterPath()
            ring.addEllipse(middle, RADIUS + 5, RADIUS + 5)
            stroke(painter, ring, colours.FOCUS, 1.5)
    for name, at in points.items():
        labels.put(LANDMARKS[name].symbol, place(at), colours.MEASUREMENT)


def paint_proposal(painter: QPainter, tile: TileBoard, proposal: Proposal, labels: Labels) -> None:
    """Not a landmark: an empty dashed diamond in another colour, with a question mark and its confidence."""
    at = tile.to_widget(proposal.point)
    path = QPainterPath(at + QPointF(0, -7))
    for corner in (QPointF(7, 0), QPointF(0, 7), QPointF(-7, 0), QPointF(0, -7)):
        path.lineTo(at + corner)
    stroke(painter, path, CONSTRUCTED, 1.5, Qt.PenStyle.DotLine)
    percent = tile.locale().toString(round(100 * proposal.confidence))
    words = tile.texts.zoom.format(percent=percent)
    labels.put(f"{LANDMARKS[proposal.landmark_id].symbol}? {words}", at, CONSTRUCTED)


def _dots(points: Mapping[str, Point], place: Callable[[Point], QPointF]) -> list[QRectF]:
    room = QPointF(RADIUS + 2, RADIUS + 2)
    return [QRectF(place(at) - room, place(at) + room) for at in points.values()]
