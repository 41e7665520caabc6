"""Drawing composed pages on whatever Qt can paint: a printer, a PDF file, a picture."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter, QPainterPath, QPdfWriter, QPen, QPolygonF

from app.core.errors import Unreachable
from app.core.i18n import N_
from ui.printing.lettering import FINENESS, ascent_of, font_of
from ui.printing.marks import Box, Composition, Line, Mark, Modules, Page, Sign, Style, Text

POINTS_PER_INCH: Final = 72
PDF_RESOLUTION: Final = 1200
_BLACK: Final = QColor("black")  # ink on paper, whatever theme the screen has
WHITE: Final = QColor("white")


def layout_of(composition: Composition) -> QPageLayout:
    """The page of a composition as printers and PDF files take it; our margins are inside the page."""
    width, height = composition.paper.size()
    size = QPageSize(QSizeF(width, height), QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
    way = QPageLayout.Orientation.Landscape if composition.landscape else QPageLayout.Orientation.Portrait
    layout = QPageLayout(size, way, QMarginsF())
    layout.setMode(QPageLayout.Mode.FullPageMode)
    return layout


def write_pdf(composition: Composition, path: Path) -> None:
    """Write a PDF file that its owner alone can read, whole or not at all; `Unreachable` when it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", suffix=".pdf", dir=path.parent)  # mode 0600
        os.close(handle)
    except OSError as error:
        raise Unreachable(N_("The file {path} cannot be written."), path=str(path)) from error
    making = Path(name)
    try:
        _paint_pdf(composition, making)
        if making.stat().st_size == 0:
            raise OSError("nothing was written")
        making.replace(path)
    except OSError as error:
        raise Unreachable(N_("The file {path} cannot be written."), path=str(path)) from error
    finally:
        making.unlink(missing_ok=True)


def _paint_pdf(composition: Composition, path: Path) -> None:
    writer = QPdfWriter(str(path))
    writer.setResolution(PDF_RESOLUTION)
    writer.setPageLayout(layout_of(composition))
    writer.setTitle(composition.title)
    writer.setCreator("Archwire")
    painter = QPainter(writer)
    for number, page in enumerate(composition.pages):
        if number:
            writer.newPage()
        paint_page(painter, page, PDF_RESOLUTION / POINTS_PER_INCH)
    painter.end()


def picture_of(composition: Composition, number: int, scale: float) -> QImage:
    """A page as a picture, `scale` pixels a point."""
    width, height = composition.page_size()
    image = QImage(round(width * scale), round(height * scale), QImage.Format.Format_RGB32)
    image.fill(WHITE)
    painter = QPainter(image)
    paint_page(painter, composition.pages[number], scale)
    painter.end()
    return image


def paint_page(painter: QPainter, page: Page, scale: float) -> None:
    """One page from the painter's origin on, `scale` device pixels a point."""
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.scale(scale, scale)
    for mark in page.marks:
        _paint(painter, mark)
    painter.restore()


def _paint(painter: QPainter, mark: Mark) -> None:
    if isinstance(mark, Text):
        _paint_text(painter, mark.text, mark.x, mark.y, mark.style)
    elif isinstance(mark, Line):
        painter.setPen(QPen(_BLACK, mark.width, Qt.PenStyle.DashLine if mark.dashed else Qt.PenStyle.SolidLine))
        painter.drawLine(QPointF(mark.x1, mark.y1), QPointF(mark.x2, mark.y2))
    elif isinstance(mark, Box):
        painter.setPen(QPen(_BLACK, mark.edge) if mark.edge else Qt.PenStyle.NoPen)
        painter.setBrush(QColor.fromRgbF(*[mark.grey] * 3) if mark.grey is not None else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(mark.x, mark.y, mark.width, mark.height), mark.radius, mark.radius)
    elif isinstance(mark, Modules):
        paint_modules(painter, mark)
    else:
        _paint_sign(painter, mark)


def _paint_text(painter: QPainter, text: str, x: float, y: float, style: Style) -> None:
    painter.save()
    painter.setPen(_BLACK)
    painter.setFont(font_of(style))
    painter.translate(x, y + ascent_of(style))
    painter.scale(1 / FINENESS, 1 / FINENESS)
    painter.drawText(QPointF(0, 0), text)
    painter.restore()


def paint_modules(painter: QPainter, mark: Modules) -> None:
    """Bars without smoothing, in one path, so that no white line runs between two that touch."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for x, y, width, height in mark.bars:
        path.addRect(QRectF(mark.x + x, mark.y + y, width, height))
    painter.fillPath(path, _BLACK)
    painter.restore()


_OCTAGON: Final = ((0.29, 0), (0.71, 0), (1, 0.29), (1, 0.71), (0.71, 1), (0.29, 1), (0, 0.71), (0, 0.29))
_TRIANGLE: Final = ((0.5, 0.04), (1, 0.96), (0, 0.96))
_BANG: Final = {
    "octagon": ((0.44, 0.2, 0.12, 0.38), (0.44, 0.68, 0.12, 0.12)),
    "triangle": ((0.45, 0.36, 0.1, 0.3), (0.45, 0.74, 0.1, 0.1)),
}


def _paint_sign(painter: QPainter, mark: Sign) -> None:
    """Octagon (critical, filled), triangle (warning, outlined), circle (note), check (a box to tick)."""
    painter.save()
    painter.translate(mark.x, mark.y)
    painter.scale(mark.size, mark.size)
    filled = mark.shape == "octagon"
    painter.setPen(QPen(_BLACK, 0.09, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(_BLACK if filled else Qt.BrushStyle.NoBrush)
    if mark.shape == "check":
        painter.drawRect(QRectF(0.05, 0.05, 0.9, 0.9))
    elif mark.shape == "circle":
        painter.drawEllipse(QRectF(0.2, 0.2, 0.6, 0.6))
    else:
        painter.drawPolygon(_polygon(_OCTAGON if filled else _TRIANGLE))
    for x, y, width, height in _BANG.get(mark.shape, ()):
        painter.fillRect(QRectF(x, y, width, height), WHITE if filled else _BLACK)
    painter.restore()


def _polygon(corners: Iterable[tuple[float, float]]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in corners])
