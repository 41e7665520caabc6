"""Pages for a patient, drawn: a title, pictures with a caption each, the clinic's foot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPageLayout, QPainter

from viewer.errors import N_
from viewer.model.catalogue import ImageItem
from viewer.model.presentation import Page, Slot
from viewer.model.sources import ImageSource
from viewer.pixels.form import Array
from viewer.pixels.source import open_image
from viewer.widgets.comparing_timeline import moment_words
from viewer.widgets.exporting_page import MARGIN_MM, write
from viewer.widgets.texts import TileTexts
from viewer.widgets.view_names import VIEW_NAMES

TITLE_MM, CAPTION_MM, FOOT_MM = 13.0, 5.5, 6.0
LONGEST_PX = 2400
BEFORE, AFTER = N_("Before"), N_("After")
RECORDS = N_("Photographs of {day}")
FOOT = N_("For information. Not for diagnosis.")


@dataclass(frozen=True)
class Heading:
    """What every page says: the person (or '') and a line of the clinic (or '')."""

    person: str = ""
    clinic: str = ""


def picture_for(source: ImageSource, item: ImageItem) -> QImage:
    """The image as it is first shown, upright, at most 2400 pixels long. Blocks; raises a ViewerError."""
    with open_image(source.original(item.key, lambda _part: None)) as opened:
        shown = opened.to_display(opened.frame(0))
        size = opened.header.pixel_size
        tall = size.row / size.column
    shown = shown[:, ::-1] if item.mirrored else shown
    turned = np.ascontiguousarray(np.rot90(shown, -item.quarter_turns))
    return _square(_image(turned), 1 / tall if item.quarter_turns % 2 else tall)


def _image(values: Array) -> QImage:
    kind = QImage.Format.Format_RGB888 if values.ndim == 3 else QImage.Format.Format_Grayscale8
    return QImage(values.data, values.shape[1], values.shape[0], values.strides[0], kind).copy()


def _square(image: QImage, aspect: float) -> QImage:
    """With square pixels, and not larger than a page needs."""
    size = QSizeF(image.width(), image.height() * aspect)
    if max(size.width(), size.height()) > LONGEST_PX:
        size.scale(QSizeF(LONGEST_PX, LONGEST_PX), Qt.AspectRatioMode.KeepAspectRatio)
    if size.toSize() == image.size():
        return image
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(size.toSize(), Qt.AspectRatioMode.IgnoreAspectRatio, smooth)


def title_of(page: Page, texts: TileTexts) -> str:
    """The view of a pair, or the day of a composite."""
    if page.view is not None:
        return texts.say(VIEW_NAMES[page.view])
    assert page.moment is not None
    return texts.say(RECORDS, day=_moment(page.slots[0], texts))


def draw_presentation_page(
    painter: QPainter, page: Page, pictures: Mapping[str, QImage], layout: QPageLayout, texts: TileTexts,
    heading: Heading, dots_per_mm: float,
) -> None:  # fmt: skip
    """One page; a picture that is missing leaves its place black."""
    painter.save()
    painter.scale(dots_per_mm, dots_per_mm)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    sheet = QRectF(QPointF(0, 0), layout.fullRect(QPageLayout.Unit.Millimeter).size())
    painter.fillRect(sheet, QColor("white"))
    inner = sheet.adjusted(MARGIN_MM, MARGIN_MM, -MARGIN_MM, -MARGIN_MM)
    left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
    write(painter, inner, [title_of(page, texts)], left, scale=2.0)
    write(painter, inner, [line for line in (heading.person, heading.clinic) if line], right)
    foot = QRectF(inner.left(), inner.bottom() - 3.5, inner.width(), 3.5)
    write(painter, foot, [texts.say(FOOT)], left, scale=0.85)
    room = inner.adjusted(0, TITLE_MM, 0, -FOOT_MM)
    for number, slot in enumerate(page.slots):
        _draw_slot(painter, room, slot, pictures.get(slot.item.key), caption(page, number, texts))
    painter.restore()


def caption(page: Page, number: int, texts: TileTexts) -> str:
    """Before or after with the day, or the name of the view."""
    slot = page.slots[number]
    if page.view is not None:
        return f"{texts.say(BEFORE if number == 0 else AFTER)} · {_moment(slot, texts)}"
    return texts.say(VIEW_NAMES[slot.item.view])


def _moment(slot: Slot, texts: TileTexts) -> str:
    return moment_words(slot.moment, texts).replace("\n", " · ")


def _draw_slot(painter: QPainter, room: QRectF, slot: Slot, picture: QImage | None, words: str) -> None:
    left, top, width, height = slot.area
    area = QRectF(
        room.left() + left * room.width(),
        room.top() + top * room.height(),
        width * room.width(),
        height * room.height(),
    )
    frame = area.adjusted(0, 0, 0, -CAPTION_MM)
    painter.fillRect(frame, QColor("black"))
    if picture is not None:
        size = QSizeF(picture.size()).scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawImage(QRectF(frame.center() - QPointF(size.width() / 2, size.height() / 2), size), picture)
    line = QRectF(area.left(), frame.bottom() + 1.2, area.width(), CAPTION_MM)
    write(painter, line, [words], Qt.AlignmentFlag.AlignHCenter)
