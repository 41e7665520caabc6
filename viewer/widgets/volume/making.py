"""What leaves a volume as an image: panoramic, cephalogram, section with its values, picture of the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPainter, QRegion
from PySide6.QtWidgets import QWidget

from viewer.errors import N_, ViewerError
from viewer.io.documents import Authorship
from viewer.io.reconstructions import Lie, Made, Reference, capture, projection, section
from viewer.volume.arrangement import Vectors
from viewer.volume.curved import Panoramic
from viewer.volume.grid import Volume
from viewer.volume.planes import Plane, cut
from viewer.volume.projection import TOP, Beam, Direction, Half, cephalogram
from viewer.widgets.volume.windows import Window

UNSIGNED = 1 << 15
NOTHING_SHOWN = N_("There is nothing in this pane to keep.")


@dataclass(frozen=True, slots=True)
class Author:
    """Who keeps something, and a clock."""

    name: str
    now: Callable[[], datetime]

    def of(self, description: str) -> Authorship:
        """Of one picture, made now."""
        return Authorship(self.name, self.now(), description)


@dataclass(frozen=True, slots=True)
class Kept:
    """A DICOM file that the host is to keep. `opens` names the workspace that it goes on to (`cephalometry`) or ''."""

    name: str
    content: bytes
    opens: str = ""


def cephalogram_file(
    of: Reference, volume: Volume, choice: tuple[Direction, Half, Beam | None], author: Author, words: str
) -> Kept:
    """Rays summed through an upright volume. Raises a ViewerError."""
    direction, half, beam = choice
    made = cephalogram(volume, direction, half, beam)
    content = projection(of, made.cells, Made.CEPHALOGRAM, made.true_pixel_mm, author.of(words), (TOP / 2, float(TOP)))
    return Kept("cephalogram.dcm", content, "cephalometry" if direction is Direction.LATERAL else "")


def panoramic_file(of: Reference, volume: Volume, made: Panoramic, window: Window, author: Author, words: str) -> Kept:
    """The panoramic without a size: along it lengths are true on the arch only."""
    cells = made.cells.astype(np.int32) + UNSIGNED
    centre = volume.cell_of(window.centre) + UNSIGNED
    width = max(2.0, window.width / abs(volume.slope))
    return Kept("panoramic.dcm", projection(of, cells, Made.PANORAMIC, None, author.of(words), (centre, width)))


def section_file(of: Reference, volume: Volume, plane: Plane, window: Window, author: Author, words: str) -> Kept:
    """A flat section with its values and its place in the patient."""

    def three(vector: Vectors) -> tuple[float, float, float]:
        a, b, c = vector.tolist()
        return a, b, c

    thick = max(plane.thickness_mm, plane.pixel_mm)
    lie = Lie(three(plane.origin), three(plane.right), three(plane.down), plane.pixel_mm, thick)
    scale = volume.slope, volume.intercept, volume.unit
    content = section(of, cut(volume, plane), lie, scale, author.of(words), (window.centre, window.width))
    return Kept("section.dcm", content)


def grabbed(widget: QWidget, area: QRect) -> QImage:
    """A part of a widget as it stands on the screen. Raises a ViewerError when there is nothing."""
    ratio = widget.devicePixelRatioF()
    if area.width() < 2 or area.height() < 2:
        raise ViewerError(NOTHING_SHOWN)
    image = QImage(area.size() * ratio, QImage.Format.Format_RGB888)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(0, 0, 0))
    painter = QPainter(image)
    widget.render(painter, QPoint(), QRegion(area))
    painter.end()
    return image


def capture_file(of: Reference, image: QImage, author: Author, words: str) -> Kept:
    """A picture of the screen; may be made off its thread."""
    rows, columns, stride = image.height(), image.width(), image.bytesPerLine()
    pixels = np.frombuffer(image.constBits(), np.uint8, rows * stride).reshape(rows, stride)
    return Kept("capture.dcm", capture(of, pixels[:, : 3 * columns].reshape(rows, columns, 3), author.of(words)))
