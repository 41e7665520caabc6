"""Painting the plan of the clinic: chairs with their state, the waiting room and the checkout with who is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from app.core.i18n import N_, _
from app.orchestration.queries import DEVICE_STATE_LABELS, ChairLane, ChairState, DayVisitLine, DeviceLane, DeviceState
from app.practice.queries import EquipmentKind
from app.scheduling.queries import Stage
from ui.orchestration.picture import DayPicture
from ui.orchestration.timeline import chair_status
from ui.patients.words import plain_name
from ui.scheduling.block_look import initials_of, minutes_words, state_words, type_name
from ui.scheduling.block_paint import TINTED
from ui.theme import paint
from ui.theme.contrast import mixed
from ui.theme.icons import IconWeight
from ui.theme.style import theme
from ui.theme.tokens import STATUSES
from ui.theme.tokens.metrics import RADII, TYPE, Weight

PAD: Final = 12
DEVICE_ICONS: Final = {
    EquipmentKind.XRAY: "scan", EquipmentKind.CBCT: "cube", EquipmentKind.SCANNER: "tooth",
    EquipmentKind.CAMERA: "camera",
}  # fmt: skip
_DEVICE_SEVERITY: Final = {DeviceState.FREE: "ok", DeviceState.IN_USE: "info", DeviceState.MAINTENANCE: "danger"}


@dataclass(frozen=True, slots=True)
class ChairLook:
    """What is painted of a chair."""

    short: str
    status: str
    word: str
    title: str
    lines: tuple[str, ...]
    state: str
    fraction: float | None
    hands: str
    doctor: str
    devices: tuple[tuple[str, str], ...]
    stack: int
    dim: bool


def chair_look(picture: DayPicture, chair: ChairLane) -> ChairLook:
    """A chair as it stands now; while it is cleaned, how long that still takes."""
    status, word = chair_status(picture, chair)
    devices = tuple(
        (DEVICE_ICONS.get(device.kind, "wrench"), _DEVICE_SEVERITY[device.state])
        for device in picture.shot.devices
        if device.operatory_id == chair.id
    )
    if not chair.visits:
        title, state, fraction = _empty_words(picture, chair)
        return ChairLook(chair.short_name, status, word, title, (), state, fraction, "", "", devices, 0, False)
    visit = picture.visits[chair.visits[0]]
    line = visit.line
    words, _brief = state_words(line, picture.shot.now, picture.clock, visit.projected)
    age = picture.age(visit)
    doctor = initials_of(picture.names.get(line.doctor_id or "", "")) if visit.stage is Stage.HERE else ""
    hands = picture.person_name(visit.assistants[0] if visit.assistants else line.assistant_id)
    return ChairLook(
        chair.short_name, status, word, plain_name(line), (type_name(line),), words, age.fraction if age else None,
        hands, doctor, devices, len(chair.visits), picture.dims(visit),
    )  # fmt: skip


def _empty_words(picture: DayPicture, chair: ChairLane) -> tuple[str, str, float | None]:
    """What is said of a chair in which nobody sits, and how far its cleaning is."""
    now = picture.shot.now
    if chair.state is ChairState.CLEANING:
        left, since = max(chair.free_at - now, 0), chair.since or now
        return "", _(N_("ready in {time}"), time=minutes_words(left)), (now - since) / max(chair.free_at - since, 1)
    if chair.state is ChairState.MAINTENANCE:
        return "", "", None
    if chair.next_at is not None and chair.next_at > now:
        return "", _(N_("free until {time}"), time=picture.at(chair.next_at)), None
    coming = picture.visits.get(chair.queue[0]) if chair.queue else None
    return "", _(N_("waits for {name}"), name=plain_name(coming.line)) if coming is not None else "", None


def chair_sentence(picture: DayPicture, chair: ChairLane) -> str:
    """A chair for those who hear it."""
    look = chair_look(picture, chair)
    said = [picture.sentence(picture.visits[key]) for key in chair.visits] or [look.word, look.state]
    return ", ".join(part for part in (chair.name, *said, *_device_words(picture, chair.id)) if part)


def _device_words(picture: DayPicture, operatory_id: str) -> list[str]:
    return [f"{device.name}: {device_state(picture, device)}" for device in picture.shot.devices
            if device.operatory_id == operatory_id]  # fmt: skip


def device_state(picture: DayPicture, device: DeviceLane) -> str:
    """“In use until 10:38”, “Free now”."""
    words = _(DEVICE_STATE_LABELS[device.state])
    if device.state is DeviceState.FREE:
        return words
    return _(N_("{state} until {time}"), state=words, time=picture.at(device.free_at))


def paint_chair(painter: QPainter, rect: QRectF, look: ChairLook, ratio: float) -> None:
    """A chair on the plan."""
    painter.save()
    if look.dim:
        painter.setOpacity(painter.opacity() * 0.35)
    free = look.status == "free"
    ink = QColor(theme.severity("ok").fg) if free else QColor(theme.status(look.status).fg)
    edge = ink if free else QColor(theme.status(look.status).solid)
    ground = theme.colour("surface")
    if not free and look.status in TINTED | {"cleaning", "paused"} and not theme.tokens.high_contrast:
        ground = QColor(theme.status(look.status).soft)
    if look.stack > 1:
        paint.rounded(painter, rect.translated(5, -5), RADII.card, theme.colour("surface"),
                      QColor(theme.severity("danger").fg), width=2)  # fmt: skip
    painter.setPen(QPen(edge, theme.tokens.line + (1 if look.status in TINTED else 0.5),
                        Qt.PenStyle.DashLine if free else Qt.PenStyle.SolidLine))  # fmt: skip
    painter.setBrush(ground)
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), RADII.card, RADII.card)
    area = rect.adjusted(PAD, PAD - 2, -PAD, -PAD + 2)
    top = _head(painter, area, look, ink, ratio)
    lines = [(look.title, theme.font("name"), theme.colour("text"), "name")] if look.title else []
    lines += [(words, theme.font("small"), theme.colour("muted"), "small") for words in look.lines]
    if look.state:
        lines.append((look.state, theme.font("small", Weight.SEMIBOLD), ink, "small"))
    for words, font, colour, role in lines:
        high = float(theme.px(TYPE[role].line))
        if top + high > area.bottom():
            break
        _text(painter, QRectF(area.left(), top, area.width(), high), words, font, colour)
        top += high
    if look.fraction is not None and top + 10 <= area.bottom():
        solid = QColor(theme.status(look.status).solid) if not free else ink
        paint.progress_bar(painter, QRectF(area.left(), top + 4, area.width() * 0.72, 5), look.fraction, solid)
        top += 13
    _foot(painter, area, top, look, ratio)
    painter.restore()


def _head(painter: QPainter, area: QRectF, look: ChairLook, ink: QColor, ratio: float) -> float:
    """The number of the chair, its shape and word; returns where the next line begins."""
    font = theme.font("heading", Weight.BOLD)
    high = float(theme.px(TYPE["heading"].line))
    short = look.short
    metrics = QFontMetricsF(font)
    short = metrics.elidedText(short, Qt.TextElideMode.ElideRight, area.width() * 0.55)
    _text(painter, QRectF(area.left(), area.top(), area.width(), high), short, font, theme.colour("text"))
    left = area.left() + metrics.horizontalAdvance(short) + 12
    side = theme.px(16)
    free = look.status == "free"
    icon = "circle" if free else STATUSES[look.status].icon
    bold = free or STATUSES[look.status].weight == "bold"
    cut: IconWeight = "bold" if bold else "fill"
    paint.shape(painter, theme.pixmap(icon, ink, 16, cut, ratio=ratio), left, area.top() + (high - side) / 2)
    words = QRectF(left + side + 5, area.top(), area.right() - left - side - 5, high)
    _text(painter, words, look.word, theme.font("small", Weight.SEMIBOLD), ink)
    return area.top() + high + 3


def _foot(painter: QPainter, area: QRectF, top: float, look: ChairLook, ratio: float) -> None:
    """Whose hands, the doctor who is here, devices with their state."""
    high, side = float(theme.px(TYPE["small"].line)), theme.px(18)
    right = area.right()
    for icon, severity in look.devices:
        box = QRectF(right - side - 6, area.bottom() - side - 4, side + 6, side + 4)
        colours = theme.severity(severity)
        paint.pill(painter, box, QColor(colours.soft), QColor(colours.fg), RADII.chip)
        paint.shape(painter, theme.pixmap(icon, colours.fg, 16, "bold", ratio=ratio), box.left() + 4, box.top() + 3)
        right -= box.width() + 4
    if look.doctor:
        disc = float(theme.px(28))
        box = QRectF(right - disc, area.bottom() - disc + 3, disc, disc)
        paint.rounded(painter, box, disc / 2, theme.colour("doctor"))
        painter.setFont(theme.font("small", Weight.BOLD))
        painter.setPen(paint.ink_on(theme.colour("doctor")))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, look.doctor)
        right -= disc + 4
    if look.hands and area.bottom() - high >= top:
        line = QRectF(area.left(), area.bottom() - high, right - area.left() - 4, high)
        person = theme.pixmap("user", theme.colour("muted"), 14, ratio=ratio)
        paint.shape(painter, person, line.left(), line.top() + 1)
        words = line.adjusted(theme.px(18), 0, 0, 0)
        _text(painter, words, look.hands, theme.font("small"), theme.colour("text"))


def _text(painter: QPainter, rect: QRectF, words: str, font: QFont, ink: QColor) -> None:
    painter.setFont(font)
    painter.setPen(ink)
    shown = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, max(rect.width(), 0))
    painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


def paint_room(painter: QPainter, rect: QRectF, title: str, note: str, *, over: bool) -> None:
    """A room: a wall, its name, and a line under those who are in it."""
    ground = theme.colour("accent_soft") if over else theme.colour("surface")
    wall = mixed(theme.colour("control"), theme.colour("surface"), 0.9)
    paint.rounded(painter, rect, 4, ground, wall, width=2)
    area = rect.adjusted(PAD, 8, -PAD, -8)
    high = float(theme.px(TYPE["small"].line))
    _text(painter, QRectF(area.left(), area.top(), area.width(), high), title, theme.font("small", Weight.SEMIBOLD),
          theme.colour("muted"))  # fmt: skip
    if note:
        line = QRectF(area.left(), area.bottom() - high, area.width(), high)
        _text(painter, line, note, theme.font("small"), theme.colour("muted"))


def paint_person(painter: QPainter, rect: QRectF, picture: DayPicture, visit: DayVisitLine) -> None:
    """Somebody in a room: initials in a disc, and how long already."""
    colours = theme.status(visit.stage.value)
    disc = rect.width() if rect.width() < rect.height() else rect.height() * 0.66
    disc = min(disc, float(theme.px(40)))
    box = QRectF(rect.center().x() - disc / 2, rect.top(), disc, disc)
    paint.rounded(painter, box, disc / 2, QColor(colours.soft), QColor(colours.solid), width=1.5)
    painter.setFont(theme.font("name"))
    painter.setPen(QColor(colours.fg))
    letters = f"{visit.line.given_name[:1]}{visit.line.family_name[:1]}".upper()
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letters)
    age = picture.age(visit)
    if age is not None:
        ink = QColor(colours.fg)
        if age.severity:
            ink = QColor(theme.status("late" if age.severity == "warn" else "missed").fg)
        painter.setFont(theme.font("small", Weight.SEMIBOLD))
        painter.setPen(ink)
        line = QRectF(rect.left() - 8, box.bottom() + 2, rect.width() + 16, theme.px(TYPE["small"].line))
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, minutes_words(age.minutes))
