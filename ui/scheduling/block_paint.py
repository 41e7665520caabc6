"""Painting an appointment block: rail, shape, words that fold when it is narrow, marks, the strip of segments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from app.core.i18n import _
from app.scheduling.queries import SEGMENT_LABELS, SegmentKind
from ui.scheduling.block_look import MARK_ICONS, WAIT, Look
from ui.theme import paint
from ui.theme.contrast import mixed
from ui.theme.icons import IconWeight
from ui.theme.style import theme
from ui.theme.tokens import STATUSES
from ui.theme.tokens.metrics import DONE_INK_MIX, RADII, STRIP_OPACITY, TYPE, Weight

TINTED: Final = frozenset({"needed", "waiting", "late", "checkout"})
"""Somebody must act: only these have a ground of their own."""
RAIL: Final = 4
STRIP: Final = 14
_PAST_TINT: Final = 0.55
_FAINT: Final = 0.3
_ICON: Final = 15
_MARK: Final = 14
_NARROW: Final = 44
_ROLES: Final = {"doctor": "doctor", "assistant": "assistant", "coordinator": "tc", "xray": "xray", "chair": "sunken"}
_OPACITY: Final = {"doctor": "doctor", "assistant": "assistant", "coordinator": "tc", "xray": "xray"}


@dataclass(slots=True)
class Fonts:
    """The fonts of a block with their metrics, made once a theme: to make them costs more than to draw."""

    name: QFont
    small: QFont
    state: QFont
    strip: QFont
    name_metrics: QFontMetricsF
    small_metrics: QFontMetricsF
    state_metrics: QFontMetricsF
    strip_metrics: QFontMetricsF

    @classmethod
    def current(cls) -> Fonts:
        """Those of the text size in force."""
        name, small = theme.font("name"), theme.font("small")
        state, strip = theme.font("caption", Weight.SEMIBOLD), theme.font("caption", Weight.BOLD)
        metrics = [QFontMetricsF(font) for font in (name, small, state, strip)]
        return cls(name, small, state, strip, *metrics)


def strip_thickness() -> int:
    """Pixels of the strip: a caption must stand in it."""
    return theme.px(STRIP)


def strip_rect(rect: QRectF, vertical: bool) -> QRectF:
    """Where the strip lies in a block: along the clock, at the far side."""
    thick = strip_thickness()
    if vertical:
        return QRectF(rect.right() - thick, rect.top(), thick, rect.height())
    return QRectF(rect.left() + RAIL, rect.bottom() - thick, rect.width() - RAIL, thick)


def paint_block(
    painter: QPainter, rect: QRectF, look: Look, fonts: Fonts, *, vertical: bool = False, ratio: float = 1.0
) -> None:
    """Paint a block in `rect`; `vertical` when the clock runs down."""
    painter.save()
    if look.dim:
        painter.setOpacity(_FAINT)
    ground, edge = _ground(look)
    inner = rect.adjusted(0.5, 0.5, -0.5, -0.5)
    outline = QPainterPath()
    outline.addRoundedRect(inner, RADII.block, RADII.block)
    painter.fillPath(outline, ground)
    painter.save()
    painter.setClipPath(outline)
    solid = QColor(theme.status(look.status).solid)
    if _shows_strip(rect, vertical):
        _strip(painter, strip_rect(inner, vertical), look, fonts, vertical)
    painter.fillRect(QRectF(inner.left(), inner.top(), RAIL, inner.height()), solid)
    painter.restore()
    pen = QPen(edge, theme.tokens.line)
    if STATUSES[look.status].dashed:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(outline)
    area = inner.adjusted(RAIL + 5, 2, -5, -2)
    if _shows_strip(rect, vertical):
        area = area.adjusted(0, 0, -strip_thickness(), 0) if vertical else area.adjusted(0, 0, 0, -strip_thickness())
    _words(painter, area, look, fonts, ratio, narrow=rect.width() < _NARROW * theme.text_scale)
    painter.restore()


def _shows_strip(rect: QRectF, vertical: bool) -> bool:
    across = rect.width() if vertical else rect.height()
    return across >= strip_thickness() * 2.6


def _ground(look: Look) -> tuple[QColor, QColor]:
    colours, surface = theme.status(look.status), theme.colour("surface")
    if theme.tokens.high_contrast:
        return surface, QColor(colours.fg)
    if look.past:
        soft = mixed(QColor(colours.soft), surface, _PAST_TINT)
        return soft, mixed(QColor(colours.solid), surface, 0.5)
    if look.status in TINTED:
        return QColor(colours.soft), QColor(colours.solid)
    return surface, theme.colour("control")


# -- words --------------------------------------------------------------------------------------------------------
def _words(painter: QPainter, area: QRectF, look: Look, fonts: Fonts, ratio: float, *, narrow: bool) -> None:
    if area.height() < theme.px(9) or area.width() < 4:
        return
    ink = theme.colour("muted" if look.past else "text")
    if narrow:
        _narrow(painter, area, look, fonts, ratio, ink)
        return
    line = theme.px(TYPE["name"].line - 2)
    left = area.left()
    if area.width() > theme.px(54):
        _icon(painter, look, left, area.top() + (line - theme.px(_ICON)) / 2, ratio)
        left += theme.px(_ICON) + 4
    right = _marks(painter, area, look, ratio, least=left + theme.px(30))
    _name(painter, QRectF(left, area.top(), right - left, line), look, fonts, ink)
    top = area.top() + line
    small, state = theme.px(TYPE["small"].line - 1), theme.px(TYPE["caption"].line)
    left = area.left()
    if area.bottom() - top >= small + state or (area.bottom() - top >= small and not look.state):
        _text(painter, QRectF(left, top, area.width(), small), look.type_name, fonts.small, fonts.small_metrics,
              theme.colour("muted"))  # fmt: skip
        top += small
    if area.bottom() - top >= state - 2:
        fits = fonts.state_metrics.horizontalAdvance(look.state) <= area.width()
        words = look.state if fits else look.state_short
        tone = QColor(theme.status(look.status).fg) if not look.past else theme.colour("muted")
        if look.status == "expected":
            tone = theme.colour("text")
        _text(painter, QRectF(left, top, area.width(), state), words, fonts.state, fonts.state_metrics, tone)


def _name(painter: QPainter, rect: QRectF, look: Look, fonts: Fonts, ink: QColor) -> None:
    metrics, words = fonts.name_metrics, look.name
    if metrics.horizontalAdvance(words) > rect.width():
        words = look.short
    if metrics.horizontalAdvance(words) > rect.width() and rect.width() < theme.px(34):
        words = look.initials
    struck = STATUSES[look.status].struck
    font = fonts.name
    if struck:
        font = QFont(font)
        font.setStrikeOut(True)
    _text(painter, rect, words, font, metrics, ink)


def _text(painter: QPainter, rect: QRectF, words: str, font: QFont, metrics: QFontMetricsF, ink: QColor) -> None:
    painter.setFont(font)
    painter.setPen(ink)
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


def _narrow(painter: QPainter, area: QRectF, look: Look, fonts: Fonts, ratio: float, ink: QColor) -> None:
    """Initials, code, shape: as much of them as the height holds; one letter where two would be cut."""
    wide = area.adjusted(-4, 0, 4, 0)
    line, top = theme.px(TYPE["small"].line - 1), area.top()
    cuts = ((fonts.name, fonts.name_metrics), (fonts.state, fonts.state_metrics))
    tries = [(words, *cut) for words in (look.initials, look.initials[:1]) for cut in cuts]
    held = next((one for one in tries if one[2].horizontalAdvance(one[0]) <= wide.width()), None)
    if held is not None:
        painter.setFont(held[1])
        painter.setPen(ink)
        painter.drawText(QRectF(wide.left(), top, wide.width(), line), Qt.AlignmentFlag.AlignVCenter, held[0])
    top += line
    if area.bottom() - top >= line:
        muted = theme.colour("muted")
        _text(painter, QRectF(wide.left(), top, wide.width(), line), look.type_code, fonts.state, fonts.state_metrics,
              muted)  # fmt: skip
        top += line
    if area.bottom() - top >= theme.px(_ICON):
        _icon(painter, look, wide.left(), top + 1, ratio)


def _icon(painter: QPainter, look: Look, x: float, y: float, ratio: float) -> None:
    status = STATUSES[look.status]
    cut: IconWeight = "bold" if status.weight == "bold" else "fill"
    paint.shape(painter, theme.pixmap(status.icon, theme.status(look.status).fg, _ICON, cut, ratio=ratio), x, y)


def _marks(painter: QPainter, area: QRectF, look: Look, ratio: float, least: float) -> float:
    """Marks at the right of the name; returns where the name must end."""
    right = area.right()
    for mark in look.marks[:3]:
        if right - theme.px(_MARK) - 3 < least:
            break
        right -= theme.px(_MARK)
        ink = theme.severity("danger").fg if mark == "alert" else theme.colour("muted")
        cut: IconWeight = "fill" if mark in {"alert", "new"} else "bold"
        paint.shape(painter, theme.pixmap(MARK_ICONS[mark], ink, _MARK, cut, ratio=ratio), right, area.top() + 1)
        right -= 3
    return right


# -- strip --------------------------------------------------------------------------------------------------------
def strip_colour(kind: str, past: bool = False) -> QColor:
    """The colour of a stretch of the strip over the surface."""
    surface, ink = theme.colour("surface"), theme.colour(_ROLES[kind])
    if theme.tokens.high_contrast or kind not in _OPACITY:
        return ink
    share = STRIP_OPACITY[_OPACITY[kind]][theme.tokens.dark]
    if past and kind == "doctor":
        share = 1 - DONE_INK_MIX
    return mixed(ink, surface, share)


def _strip(painter: QPainter, rect: QRectF, look: Look, fonts: Fonts, vertical: bool) -> None:
    length = rect.height() if vertical else rect.width()
    painter.fillRect(rect, theme.colour("surface"))
    for piece in look.pieces:
        first, last = (round(length * minute / look.minutes) for minute in (piece.start, piece.end))
        if vertical:
            part = QRectF(rect.left() + 1, rect.top() + first, rect.width() - 1, max(last - first - 1, 1))
        else:
            part = QRectF(rect.left() + first, rect.top() + 1, max(last - first - 1, 1), rect.height() - 1)
        _piece(painter, part, piece.kind, look.past, piece.clash)
        if not vertical:
            _piece_words(painter, part, piece.kind, piece.words, look.past, fonts)


def _piece(painter: QPainter, part: QRectF, kind: str, past: bool, clash: bool) -> None:
    if kind == WAIT:
        colours = theme.status("needed")
        painter.fillRect(part, QColor(colours.soft))
        painter.setPen(QPen(QColor(colours.fg), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(part.adjusted(0.5, 0.5, -0.5, -0.5))
    elif clash:
        hatch(painter, part, QColor(theme.severity("danger").fg), theme.colour("surface"), 5, 2)
    else:
        painter.fillRect(part, strip_colour(kind, past))


def _piece_words(painter: QPainter, part: QRectF, kind: str, words: str, past: bool, fonts: Fonts) -> None:
    wide = part.width() / theme.text_scale
    if kind == "doctor" and words:
        words = words if wide >= 22 else "D" if wide >= 17 else ""
    elif kind == WAIT:
        words = words if fonts.strip_metrics.horizontalAdvance(words) + 4 <= part.width() else ""
    elif kind in {"coordinator", "xray"}:
        words = strip_words(kind)
        words = words if fonts.strip_metrics.horizontalAdvance(words) + 6 <= part.width() else ""
    else:
        words = ""
    if not words:
        return
    ground = strip_colour(kind, past) if kind != WAIT else QColor(theme.status("needed").soft)
    ink = QColor(theme.status("needed").fg) if kind == WAIT else paint.ink_on(ground)
    painter.setFont(fonts.strip)
    painter.setPen(ink)
    painter.drawText(part, Qt.AlignmentFlag.AlignCenter, words)


def strip_words(kind: str) -> str:
    """The word that stands in a stretch that is wide enough."""
    return _(SEGMENT_LABELS[SegmentKind(kind)])


def hatch(painter: QPainter, rect: QRectF, ink: QColor, ground: QColor | None, step: float, width: float) -> None:
    """Slanted lines over a rectangle, `step` px apart."""
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    if ground is not None:
        painter.fillRect(rect, QBrush(ground))
    painter.setPen(QPen(ink, width))
    height = rect.height()
    lines = []
    x = rect.left() - height - (rect.left() - height) % step
    while x < rect.right():
        lines.append(QLineF(x, rect.bottom(), x + height, rect.top()))
        x += step
    painter.drawLines(lines)
    painter.restore()
