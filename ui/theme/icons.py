"""Phosphor shapes and the Archwire mark, drawn in a theme colour at the screen's own resolution and cached."""

from functools import cache
from typing import Literal

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from ui.theme.resources import ICONS

IconWeight = Literal["regular", "bold", "fill", "duotone"]
# Below this size the regular stroke is under one device pixel wide, so the bold cut is taken.
_BOLD_BELOW_PX = 16
_RATIOS = (1.0, 2.0)


class UnknownIconError(LookupError):
    """No such shape among the files shipped."""


@cache
def _svg(name: str, weight: str) -> str:
    path = ICONS / "logo.svg" if name == "logo" else ICONS / weight / f"{name}.svg"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise UnknownIconError(f"{weight}/{name}") from error


def icon_weight(size: int, weight: IconWeight | None = None) -> IconWeight:
    """The weight asked for, else regular, or bold for small sizes (px)."""
    return weight or ("bold" if size < _BOLD_BELOW_PX else "regular")


def icon_pixmap(
    name: str,
    colour: QColor | str,
    size: int = 17,
    weight: IconWeight | None = None,
    *,
    ratio: float = 1.0,
    gap: int = 0,
) -> QPixmap:
    """A square pixmap of `size` device-independent pixels for a device pixel ratio, and `gap` px of air at its right.

    Raises UnknownIconError for a name that is not shipped in that weight.
    """
    cut, ink = icon_weight(size, weight), QColor(colour).name()
    key = f"archwire:{name}:{ink}:{size}:{cut}:{ratio}:{gap}"
    pixmap = QPixmap()
    if QPixmapCache.find(key, pixmap):
        return pixmap
    renderer = QSvgRenderer(QByteArray(_svg(name, cut).replace("currentColor", ink).encode()))
    pixmap = QPixmap(QSize(round((size + gap) * ratio), round(size * ratio)))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, pixmap)
    return pixmap


def themed_icon(
    name: str,
    colours: tuple[QColor, QColor],
    size: int = 17,
    weight: IconWeight | None = None,
    *,
    gap: int = 0,
) -> QIcon:
    """A QIcon in its normal and its disabled colour, at one and two device pixels per pixel; `gap` px at its right."""
    icon = QIcon()
    for ratio in _RATIOS:
        for mode, ink in zip((QIcon.Mode.Normal, QIcon.Mode.Disabled), colours, strict=True):
            pixmap = icon_pixmap(name, ink, size, weight, ratio=ratio, gap=gap)
            for state in (QIcon.State.Off, QIcon.State.On):
                icon.addPixmap(pixmap, mode, state)
    return icon


@cache
def shipped_icons(weight: IconWeight = "regular") -> frozenset[str]:
    """Names that can be asked for in a weight."""
    return frozenset(path.stem for path in (ICONS / weight).glob("*.svg"))
