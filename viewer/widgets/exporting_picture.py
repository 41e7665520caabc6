"""A tile drawn for export: as it is on the screen, with or without marks and banner, at the pixels of the original."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QSize
from PySide6.QtGui import QImage, QPainter

from viewer.errors import N_, ViewerError
from viewer.model.view import View
from viewer.widgets.pane import Pane
from viewer.widgets.tile import Tile

LONGEST_PX = 8192
SMALLEST_LETTERS = 12
LETTERS = 60
"""The banner's letters are one part in so many of the longest side, so that they can be read on any size."""


class ExportError(ViewerError):
    """A picture that cannot leave as asked."""

    message_id = N_("Choose an image first.")


@dataclass(frozen=True)
class PictureOptions:
    """What the picture shows. `whole` is the whole image pixel for pixel, else what the tile shows now."""

    marks: bool = True
    banner: bool = True
    whole: bool = True
    longest_px: int = LONGEST_PX


def drawn(pane: Pane, options: PictureOptions) -> QImage:
    """The image of a tile as RGB, its turns, window, filter and what lies over it as they are shown.

    Raises ExportError for a tile without its original: a preview is never handed out as the image.
    """
    if pane.picture is None or pane.view is None or pane.voi is None:
        raise ExportError
    if pane.picture.is_preview:
        raise ExportError(N_("The original is still being read. Try again in a moment."))
    copy = _ExportTile(pane, options)
    try:
        return copy.image()
    finally:
        copy.deleteLater()


class _ExportTile(Tile):
    """A tile that is never on the screen."""

    def __init__(self, pane: Pane, options: PictureOptions) -> None:
        super().__init__(None, pane.texts)
        self._pane, self._options = pane, options
        assert pane.picture is not None
        assert pane.voi is not None
        size = self._pixels()
        ratio = self.devicePixelRatioF()
        self.setMinimumSize(1, 1)
        self.setLocale(pane.locale())
        letters = max(SMALLEST_LETTERS, max(size.width(), size.height()) // LETTERS)
        self.setStyleSheet(f"font-size: {max(1, round(letters / ratio))}px; font-weight: 600;")
        self.resize(max(1, round(size.width() / ratio)), max(1, round(size.height() / ratio)))
        self.show_picture(pane.picture)
        self._voi, self._inverted, self._pseudo_colour = pane.voi, pane.inverted, pane.pseudo_colour
        self._view = self._view_for(size)
        self.history, self.stage, self.is_key_image = pane.history, pane.stage, pane.is_key_image
        self.layers = list(pane.layers) if options.marks else []
        if options.banner:
            self.captions = pane.captions
        self._at_rest.stop()

    def _pixels(self) -> QSize:
        view, options = self._pane.view, self._options
        assert view is not None
        if not options.whole:
            scale = min(1.0, options.longest_px / max(view.width, view.height))
            return QSize(max(1, round(view.width * scale)), max(1, round(view.height * scale)))
        across, down = float(view.columns), view.rows * view.aspect
        across, down = (down, across) if view.turns % 2 else (across, down)
        scale = min(1.0, options.longest_px / max(across, down))
        return QSize(max(1, round(across * scale)), max(1, round(down * scale)))

    def _view_for(self, size: QSize) -> View:
        view = self._pane.view
        assert view is not None
        other = replace(view, width=size.width(), height=size.height())
        return other.fitted() if self._options.whole else replace(other, scale=view.scale * size.width() / view.width)

    def image(self) -> QImage:
        """The drawn picture."""
        ratio = self.devicePixelRatioF()
        assert self._view is not None
        found = QImage(self._view.width, self._view.height, QImage.Format.Format_RGB32)
        found.setDevicePixelRatio(ratio)
        found.fill(0)
        if self._options.banner:
            self.render(found, QPoint(0, 0))
        else:
            self._without_words(found)
        found.setDevicePixelRatio(1.0)
        return found

    def _without_words(self, found: QImage) -> None:
        from PySide6.QtCore import QRectF

        assert self._view is not None
        painter = QPainter(found)
        self.paint_pixels(painter, self._view, QRectF(self.rect()))
        for layer in self.layers:
            painter.save()
            layer.paint(painter, self)
            painter.restore()
        painter.end()


def encoded(image: QImage, kind: str, dots_per_mm: float | None = None) -> bytes:
    """PNG, JPEG (quality 92) or TIFF of a picture; its size in millimetres goes along when it is known.

    Raises ExportError when the format cannot be written.
    """
    import io

    from PIL import Image

    made = QByteArray()
    buffer = QBuffer(made)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG", 100):  # type: ignore[call-overload]  # the stub wants bytes
        raise ExportError(N_("This picture cannot be written."))
    dpi = (dots_per_mm * 25.4,) * 2 if dots_per_mm else (96.0, 96.0)
    picture = Image.open(io.BytesIO(made.data())).convert("RGB")
    if image.allGray():
        picture = picture.convert("L")
    out = io.BytesIO()
    if kind == "jpeg":
        picture.save(out, "JPEG", quality=92, subsampling=0, dpi=dpi)
    elif kind == "tiff":
        picture.save(out, "TIFF", compression="tiff_lzw", dpi=dpi)
    else:
        picture.save(out, "PNG", dpi=dpi)
    return out.getvalue()
