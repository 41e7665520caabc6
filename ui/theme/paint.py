"""What a sheet cannot draw: pills, switches, bars, initials, rounded clips. Rectangles are in device-independent px."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from ui.theme.contrast import mixed, readable_on
from ui.theme.style import theme
from ui.theme.tokens import FIXED


def ready(painter: QPainter) -> None:
    """Antialiased shapes, text and scaled pixmaps."""
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing
        | QPainter.RenderHint.TextAntialiasing
        | QPainter.RenderHint.SmoothPixmapTransform
    )


def rounded(
    painter: QPainter, rect: QRectF, radius: float, fill: QColor | None, edge: QColor | None = None, *, width: float = 1
) -> None:
    """A rounded rectangle whose edge lies wholly inside `rect`, so that hairlines stay sharp."""
    inset = width / 2 if edge else 0
    painter.setPen(QPen(edge, width) if edge else Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), max(radius - inset, 0), max(radius - inset, 0))


def pill(painter: QPainter, rect: QRectF, soft: QColor, edge: QColor, radius: float | None = None) -> None:
    """The ground of a pill or a chip: a tint, and in high contrast, where tints are black, a 1 px edge."""
    ring = edge if theme.tokens.high_contrast else None
    rounded(painter, rect, rect.height() / 2 if radius is None else radius, soft, ring)


def card_clip(painter: QPainter, rect: QRectF, radius: float) -> None:
    """Clip to a rounded card, for images and tinted rows that fill their card."""
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)


def shape(painter: QPainter, pixmap: QPixmap, x: float, y: float) -> None:
    """A pixmap at its own device ratio with its corner on a whole device pixel."""
    ratio = painter.device().devicePixelRatio()
    painter.drawPixmap(QPointF(round(x * ratio) / ratio, round(y * ratio) / ratio), pixmap)


def progress_bar(painter: QPainter, rect: QRectF, fraction: float, fill: QColor) -> None:
    """A track with its done part, `fraction` 0-1. In high contrast the track is outlined."""
    radius = rect.height() / 2
    edge = theme.colour("control") if theme.tokens.high_contrast else None
    rounded(painter, rect, radius, theme.colour("sunken"), edge)
    done = QRectF(rect)
    done.setWidth(rect.width() * min(max(fraction, 0.0), 1.0))
    if done.width() <= 0:
        return
    painter.save()
    card_clip(painter, rect, radius)
    rounded(painter, done, radius, fill)
    painter.restore()


def switch(painter: QPainter, rect: QRectF, position: float, enabled: bool) -> None:
    """A switch with its knob at `position` (0 off, 1 on); on carries a check mark, so that colour is not alone."""
    accent, control = theme.colour("accent"), theme.colour("control")
    on = position > 0.5
    ground = accent if on else theme.colour("surface")
    edge = accent if on else control
    if not enabled:
        ground, edge = theme.colour("sunken"), theme.colour("control")
    rounded(painter, rect, rect.height() / 2, ground, edge, width=2 if theme.tokens.high_contrast else 1.5)
    knob = rect.height() - (6 if on else 9)
    travel = rect.width() - rect.height()
    centre = QPointF(rect.left() + rect.height() / 2 + travel * position, rect.center().y())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("on_accent") if on and enabled else control)
    painter.drawEllipse(centre, knob / 2, knob / 2)
    if on:
        tick(painter, centre, knob * 0.52, accent if enabled else theme.colour("sunken"))


def tick(painter: QPainter, centre: QPointF, side: float, ink: QColor) -> None:
    """A check mark in a square of `side` px round a point."""
    pen = QPen(ink, max(1.6, side * 0.2))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = side / 2
    painter.drawPolyline(
        QPolygonF(
            [
                QPointF(centre.x() - half * 0.85, centre.y() + half * 0.05),
                QPointF(centre.x() - half * 0.2, centre.y() + half * 0.65),
                QPointF(centre.x() + half * 0.85, centre.y() - half * 0.6),
            ]
        )
    )


def initials(painter: QPainter, rect: QRectF, text: str, pair: int, font: QFont) -> None:
    """A round avatar: one or two letters in the `pair`-th soft pair of the theme."""
    pairs = theme.tokens.avatars
    colours = pairs[pair % len(pairs)]
    pill(painter, rect, QColor(colours.soft), QColor(colours.fg))
    painter.setFont(font)
    painter.setPen(QColor(colours.fg))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def skeleton(painter: QPainter, rect: QRectF, line_height: float, lines: int) -> None:
    """Resting bars in place of text that is on its way; they do not move."""
    ink = mixed(theme.colour("muted"), theme.colour("surface"), 0.16)
    widths = (0.62, 0.9, 0.78)
    for index in range(lines):
        top = rect.top() + index * line_height
        bar = QRectF(rect.left(), top + line_height * 0.25, rect.width() * widths[index % 3], line_height * 0.5)
        if bar.bottom() <= rect.bottom():
            rounded(painter, bar, bar.height() / 2, ink)


def ink_on(background: QColor) -> QColor:
    """Dark or light ink, whichever reads better on a ground such as a heat map cell."""
    return readable_on(background, theme.tokens.colours.doctor, theme.tokens.colours.surface)


def key_colours(dark: bool) -> tuple[QColor, QColor, QColor]:
    """Ground, edge and ink of a key cap; `dark` for the toast, which no theme changes."""
    if dark:
        return QColor(FIXED.toast_well), QColor(FIXED.toast_edge), QColor(FIXED.toast_hint)
    edge = theme.colour("control" if theme.tokens.high_contrast else "border")
    return theme.colour("sunken"), edge, theme.colour("muted")
