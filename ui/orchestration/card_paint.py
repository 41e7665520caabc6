"""Painting the card of a visit: name on a line of its own, procedure, place and time, marks, how long it waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from app.orchestration.queries import DayVisitLine
from app.scheduling.queries import Stage
from ui.orchestration.picture import AT_CHAIR, OVER, Age, DayPicture
from ui.patients.words import plain_name
from ui.scheduling.block_look import minute_of, minutes_words, type_name
from ui.theme import paint
from ui.theme.contrast import mixed
from ui.theme.icons import IconWeight
from ui.theme.style import theme
from ui.theme.tokens import STATUSES
from ui.theme.tokens.metrics import RADII, TYPE, Weight

PAD: Final = 9
RAIL: Final = 4
BAR: Final = 4
CHIP: Final = 20
_FAINT: Final = 0.35
_AGE_ICONS: Final = {"": "clock", "warn": "clock-countdown", "danger": "warning-octagon"}


@dataclass(frozen=True, slots=True)
class CardLook:
    """What is painted of a visit."""

    status: str
    name: str
    kind: str
    place: str
    time: str
    age: Age | None
    chips: tuple[tuple[str, str, str], ...]
    over: bool
    dim: bool = False


def card_of(picture: DayPicture, visit: DayVisitLine) -> CardLook:
    """The card of a visit as it stands."""
    line, stage = visit.line, visit.stage
    place = picture.chair_name(visit.operatory_id or line.operatory_id, short=True)
    if stage is Stage.HERE:
        place = " · ".join(part for part in (place, picture.person_name(line.doctor_id)) if part)
    at = picture.at(minute_of(line.starts_at)) if line.starts_at else ""
    shifted = stage is Stage.EXPECTED and visit.delay >= 5 and visit.projected is not None
    if shifted and visit.projected is not None:
        at = f"{at} → {picture.at(visit.projected[0])}"
    done = line.left_at or line.completed_at if stage in OVER else None
    time = picture.at(minute_of(done)) if done else at if stage not in AT_CHAIR or visit.since is None else ""
    return CardLook(
        stage.value, plain_name(line), type_name(line), place, time, picture.age(visit),
        tuple(picture.flags(visit)[:2]), stage in OVER, picture.dims(visit),
    )  # fmt: skip


def card_height(look: CardLook) -> float:
    """Px that a card needs: three lines, a row of chips, and the bar of those who wait."""
    height = 2 * PAD + theme.px(TYPE["name"].line) + 2 * theme.px(TYPE["small"].line)
    if look.chips:
        height += theme.px(CHIP) + 4
    if look.age is not None:
        height += BAR + 5
    return float(max(height, theme.px(48)))


def paint_card(painter: QPainter, rect: QRectF, look: CardLook, ratio: float) -> None:
    """A card in a column."""
    painter.save()
    if look.dim:
        painter.setOpacity(painter.opacity() * _FAINT)
    colours = theme.status(look.status)
    edge = QColor(colours.fg) if theme.tokens.high_contrast else theme.colour("border")
    paint.rounded(painter, rect, RADII.card, theme.colour("surface"), edge, width=theme.tokens.line)
    painter.save()
    paint.card_clip(painter, rect.adjusted(1, 1, -1, -1), RADII.card - 1)
    painter.fillRect(QRectF(rect.left(), rect.top(), RAIL, rect.height()), QColor(colours.solid))
    painter.restore()
    area = rect.adjusted(PAD + RAIL, PAD, -PAD, -PAD)
    top = area.top()
    name_line, small_line = float(theme.px(TYPE["name"].line)), float(theme.px(TYPE["small"].line))
    name = theme.font("name")
    name.setStrikeOut(STATUSES[look.status].struck)
    _line(painter, QRectF(area.left(), top, area.width(), name_line), look.name, name,
          theme.colour("muted" if look.over else "text"))  # fmt: skip
    top += name_line
    small = theme.font("small")
    _line(painter, QRectF(area.left(), top, area.width(), small_line), look.kind, small, theme.colour("muted"))
    top += small_line
    _last_line(painter, QRectF(area.left(), top, area.width(), small_line), look, ratio)
    top += small_line
    if look.chips:
        _chips(painter, QRectF(area.left(), top + 2, area.width(), theme.px(CHIP)), look, ratio)
    if look.age is not None:
        bar = QRectF(area.left(), rect.bottom() - PAD - BAR + 1, area.width(), BAR)
        paint.progress_bar(painter, bar, look.age.fraction, age_ink(look, solid=True))
    painter.restore()


def age_ink(look: CardLook, *, solid: bool = False) -> QColor:
    """The colour of the wait: that of the status, from the first threshold on of late, from the second of danger."""
    if look.age is None or not look.age.severity:
        return QColor(theme.status(look.status).solid) if solid else theme.colour("muted")
    colours = theme.status("late" if look.age.severity == "warn" else "missed")
    return QColor(colours.solid if solid else colours.fg)


def _line(painter: QPainter, rect: QRectF, words: str, font: QFont, ink: QColor) -> None:
    painter.setFont(font)
    painter.setPen(ink)
    shown = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


def _last_line(painter: QPainter, rect: QRectF, look: CardLook, ratio: float) -> None:
    """Place and time at the left, the wait with its shape at the right."""
    right = rect.right()
    if look.age is not None:
        font = theme.font("small", Weight.BOLD if look.age.severity == "danger" else Weight.SEMIBOLD)
        words, ink = minutes_words(look.age.minutes), age_ink(look)
        width = QFontMetricsF(font).horizontalAdvance(words)
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(QRectF(right - width - 1, rect.top(), width + 2, rect.height()),
                         Qt.AlignmentFlag.AlignVCenter, words)  # fmt: skip
        side = theme.px(14)
        cut: IconWeight = "fill" if look.age.severity else "bold"
        pixmap = theme.pixmap(_AGE_ICONS[look.age.severity], ink, 14, cut, ratio=ratio)
        right -= width + side + 5
        paint.shape(painter, pixmap, right, rect.center().y() - side / 2)
        right -= 5
    words = " · ".join(part for part in (look.place, look.time) if part)
    area = QRectF(rect.left(), rect.top(), max(right - rect.left(), 0), rect.height())
    if QFontMetricsF(theme.font("small", Weight.SEMIBOLD)).horizontalAdvance(words) > area.width():
        words = look.time or look.place
    _line(painter, area, words, theme.font("small", Weight.SEMIBOLD), theme.colour("text"))


def _chips(painter: QPainter, rect: QRectF, look: CardLook, ratio: float) -> None:
    """As many as there is room for; the sentence of the card says all."""
    left, font = rect.left(), theme.font("caption", Weight.SEMIBOLD)
    metrics, side = QFontMetricsF(font), theme.px(13)
    for severity, icon, words in look.chips:
        colours = theme.severity(severity)
        room = rect.right() - left
        text = words if metrics.horizontalAdvance(words) + side + 14 <= room else ""
        width = side + 10 + (metrics.horizontalAdvance(text) + 4 if text else 0)
        if width > room:
            return
        chip = QRectF(left, rect.top(), width, rect.height())
        paint.pill(painter, chip, QColor(colours.soft), QColor(colours.fg), RADII.chip)
        pixmap = theme.pixmap(icon, colours.fg, 13, "bold", ratio=ratio)
        paint.shape(painter, pixmap, left + 5, chip.center().y() - side / 2)
        painter.setFont(font)
        painter.setPen(QColor(colours.fg))
        painter.drawText(chip.adjusted(side + 9, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
        left += width + 5


def column_ground(over_limit: bool) -> tuple[QColor, QColor | None]:
    """Ground and edge of a column: over its limit the edge alone is danger."""
    ground = theme.colour("sunken")
    if theme.tokens.high_contrast:
        edge = QColor(theme.severity("danger").fg) if over_limit else theme.colour("border")
        return theme.colour("canvas"), edge
    return mixed(ground, theme.colour("canvas"), 0.75), QColor(theme.severity("danger").fg) if over_limit else None
