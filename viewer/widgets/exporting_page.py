"""A page with one image: as large as it goes, or as large as in the patient, with a ruler that proves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPen,
)

from viewer.errors import N_
from viewer.model.spacing import PixelSize, Unit
from viewer.widgets.texts import TileTexts

MARGIN_MM = 12.0
HEAD_MM, FOOT_MM = 16.0, 18.0
RULER_MM = 100
LETTER_MM = 3.2
TRUE_SIZE = N_("True size: on this sheet the line is {length} mm long. Measure it before you trust the image.")
ABOUT_TRUE_SIZE = N_("About true size (the pixel size is estimated): the line is {length} mm long; measure it.")
NOT_TRUE_SIZE = N_("Not true size: fitted to the sheet.")
PAPERS = {
    "Letter": QPageSize.PageSizeId.Letter,
    "Tabloid": QPageSize.PageSizeId.Tabloid,
    "A4": QPageSize.PageSizeId.A4,
    "A3": QPageSize.PageSizeId.A3,
}


@dataclass(frozen=True)
class Sheet:
    """A page to draw. `size_mm` is the true width and height of the image, None to fit it to the page."""

    image: QImage
    left: Sequence[str]
    right: Sequence[str]
    size_mm: tuple[float, float] | None = None
    estimated: bool = False


def true_size_mm(image: QImage, size: PixelSize | None, columns_shown: float) -> tuple[float, float] | None:
    """Width and height in mm of an exported picture that shows so many image columns; None without a trusted size.

    The picture has square pixels of the image's column width. The size at the detector is not the size in the patient.
    """
    if size is None or size.unit not in (Unit.MM, Unit.MM_ESTIMATED) or image.width() == 0:
        return None
    mm = size.column * columns_shown / image.width()
    return image.width() * mm, image.height() * mm


def layout_for(paper: str, *, landscape: bool) -> QPageLayout:
    """A page without margins of its own: millimetres are counted from the edge of the sheet."""
    direction = QPageLayout.Orientation.Landscape if landscape else QPageLayout.Orientation.Portrait
    return QPageLayout(QPageSize(PAPERS[paper]), direction, QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)


def room_mm(layout: QPageLayout) -> QSizeF:
    """What a page leaves for the image."""
    size = layout.fullRect(QPageLayout.Unit.Millimeter).size()
    return QSizeF(size.width() - 2 * MARGIN_MM, size.height() - 2 * MARGIN_MM - HEAD_MM - FOOT_MM)


def fits(sheet: Sheet, layout: QPageLayout) -> bool:
    """Whether the image has room on the page in its true size."""
    room = room_mm(layout)
    return sheet.size_mm is None or (sheet.size_mm[0] <= room.width() and sheet.size_mm[1] <= room.height())


def draw_sheet(device: QPagedPaintDevice, sheet: Sheet, texts: TileTexts) -> None:
    """Draw the page on a printer or into a PDF. The painter's unit is made a millimetre."""
    painter = QPainter(device)
    draw_page(painter, sheet, device.pageLayout(), texts, device.logicalDpiX() / 25.4)
    painter.end()


def draw_page(painter: QPainter, sheet: Sheet, layout: QPageLayout, texts: TileTexts, dots_per_mm: float) -> None:
    """The page with `dots_per_mm` device pixels a millimetre: patient, image, ruler."""
    painter.save()
    painter.scale(dots_per_mm, dots_per_mm)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    page = QRectF(QPointF(0, 0), layout.fullRect(QPageLayout.Unit.Millimeter).size())
    painter.fillRect(page, QColor("white"))
    inner = page.adjusted(MARGIN_MM, MARGIN_MM, -MARGIN_MM, -MARGIN_MM)
    _head(painter, inner, sheet)
    area = inner.adjusted(0, HEAD_MM, 0, -FOOT_MM)
    painter.drawImage(_image_rectangle(sheet, area), sheet.image)
    _foot(painter, inner, sheet, texts)
    painter.restore()


def _image_rectangle(sheet: Sheet, area: QRectF) -> QRectF:
    if sheet.size_mm is not None:
        size = QSizeF(*sheet.size_mm)
    else:
        size = QSizeF(sheet.image.size()).scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
    return QRectF(area.center() - QPointF(size.width() / 2, size.height() / 2), size)


def _head(painter: QPainter, inner: QRectF, sheet: Sheet) -> None:
    left, right = QRectF(inner), QRectF(inner)
    left.setWidth(inner.width() / 2)
    right.setLeft(inner.center().x())
    write(painter, left, sheet.left, Qt.AlignmentFlag.AlignLeft)
    write(painter, right, sheet.right, Qt.AlignmentFlag.AlignRight)


def _foot(painter: QPainter, inner: QRectF, sheet: Sheet, texts: TileTexts) -> None:
    top = inner.bottom() - FOOT_MM + 5
    words = QRectF(inner.left(), top + 5, inner.width(), FOOT_MM - 10)
    if sheet.size_mm is None:
        write(painter, words, [texts.say(NOT_TRUE_SIZE)], Qt.AlignmentFlag.AlignLeft)
        return
    length = min(RULER_MM, int(inner.width()) // 10 * 10)
    draw_ruler(painter, QPointF(inner.left(), top), length)
    said = ABOUT_TRUE_SIZE if sheet.estimated else TRUE_SIZE
    write(painter, words, [texts.say(said, length=length)], Qt.AlignmentFlag.AlignLeft)


def draw_ruler(painter: QPainter, start: QPointF, length_mm: int) -> None:
    """A line with a tick a millimetre, longer ones at 5 and 10."""
    pen = QPen(QColor("black"), 0.2)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawLine(start, start + QPointF(length_mm, 0))
    for place in range(length_mm + 1):
        height = 4.0 if place % 10 == 0 else 2.6 if place % 5 == 0 else 1.6
        painter.drawLine(start + QPointF(place, 0), start + QPointF(place, -height))


def write(painter: QPainter, area: QRectF, lines: Sequence[str], side: Qt.AlignmentFlag, *, scale: float = 1.0) -> None:
    """Lines of text at the top of an area in millimetres, each elided to its width."""
    height = LETTER_MM * scale
    font = QFont(painter.font())
    font.setPixelSize(100)
    metrics = QFontMetricsF(font)
    painter.save()
    painter.setFont(font)
    painter.setPen(QColor("black"))
    painter.translate(area.topLeft())
    painter.scale(height / 100, height / 100)
    width = area.width() * 100 / height
    for number, line in enumerate(lines):
        text = metrics.elidedText(line, Qt.TextElideMode.ElideRight, width)
        across = metrics.horizontalAdvance(text)
        left = 0.0
        if side & Qt.AlignmentFlag.AlignRight:
            left = width - across
        elif side & Qt.AlignmentFlag.AlignHCenter:
            left = (width - across) / 2
        painter.drawText(QPointF(left, metrics.ascent() + number * metrics.lineSpacing()), text)
    painter.restore()
