"""The lights at the chairs: each chair with its state, always in the same place, and four keys for the own one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.journal.commands import Command
from app.journal.queries import NOBODY, Actor
from app.orchestration.commands import note_chart_opened, note_signed_on
from app.orchestration.queries import ChairLane, DaySnapshot, day_snapshot
from app.orchestration.settings import CHAIR_HERE
from app.scheduling.commands import call_doctor, mark_doctor_here, mark_doctor_left
from ui.orchestration.card_space import CardSpace, Spot
from ui.orchestration.floor_paint import chair_look, chair_sentence
from ui.orchestration.picture import DayPicture
from ui.orchestration.thresholds import ages_of
from ui.patients.words import plain_name
from ui.scheduling.block_look import short_name
from ui.scheduling.block_paint import TINTED
from ui.scheduling.schedule_acts import ACTS, Act, sentence_of
from ui.shell.screen import Screen
from ui.theme import paint
from ui.theme.icons import IconWeight
from ui.theme.style import theme
from ui.theme.tokens import STATUSES
from ui.theme.tokens.metrics import RADII, TYPE, Weight
from ui.widgets.buttons import Button
from ui.widgets.fields import Choice

LOOK_EVERY: Final = 5_000
HIGH: Final = 66
WIDE: Final = 150
DEEDS: Final[tuple[tuple[str, str, str, Command[..., Any], bool], ...]] = (
    ("hand-palm", N_("Dr needed"), "F7", call_doctor, False),
    ("arrow-up", N_("High priority"), "Shift+F7", call_doctor, True),
    ("stethoscope", N_("Dr here"), "F8", mark_doctor_here, False),
    ("check", N_("Dr was here"), "Shift+F8", mark_doctor_left, False),
)
"""The four lights of a chair, one key each."""


def act_of(command: object, *, first: bool) -> Act:
    """The act of the schedule behind a light."""
    return next(act for act in ACTS if act.command is command and bool(act.more) == first)


class Lights(CardSpace):
    """One card a chair, in the order of the chairs whatever happens."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: DayPicture | None = None
        self.own = ""
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QSize:
        """As high as the design says, with room for the bar that scrolls."""
        return QSize(theme.px(WIDE) * 4, theme.px(HIGH) + 20)

    def minimumSizeHint(self) -> QSize:
        """One chair."""
        return QSize(theme.px(WIDE), theme.px(HIGH) + 14)

    def show_day(self, picture: DayPicture, own: str) -> None:
        """Draw the chairs; `own` is that of this workstation."""
        self._picture, self.own = picture, own
        self.arrange()

    def place(self, width: float, height: float) -> tuple[list[Spot], float, float]:
        """Equal cards side by side."""
        picture = self._picture
        if picture is None:
            return [], width, height
        chairs = [chair for chair in picture.shot.chairs if not chair.virtual]
        wide = max((width - 8 * (len(chairs) + 1)) / max(len(chairs), 1), theme.px(WIDE))
        high = max(min(height - 12, theme.px(82)), theme.px(HIGH - 12))
        spots = []
        for number, chair in enumerate(chairs):
            rect = QRectF(8 + number * (wide + 8), 6, wide, high)
            visit = chair.visits[0] if chair.visits else ""
            words = chair_sentence(picture, chair)
            if chair.id == self.own:
                words = ", ".join([words, _(N_("the chair of this workstation"))])
            spots.append(Spot(chair.id, rect, words, visit, chair))
        return spots, 8 + len(chairs) * (wide + 8), height

    def lifts(self, spot: Spot) -> bool:
        """Nothing is dragged here."""
        return False

    def paint_spot(self, painter: QPainter, spot: Spot, rect: QRectF) -> None:
        """Number, shape and word of the state, whose visit."""
        picture, chair = self._picture, spot.thing
        if picture is None or not isinstance(chair, ChairLane):
            return
        look = chair_look(picture, chair)
        free = look.status == "free"
        ink = QColor(theme.severity("ok").fg) if free else QColor(theme.status(look.status).fg)
        acts = look.status in TINTED and not theme.tokens.high_contrast
        ground = QColor(theme.status(look.status).soft) if acts else theme.colour("surface")
        own = chair.id == self.own
        edge = theme.colour("focus") if own else ink if free else QColor(theme.status(look.status).solid)
        paint.rounded(painter, rect, RADII.card, ground, edge, width=3 if own else 1.5)
        font = theme.font("heading")
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        number = QRectF(rect.left() + 12, rect.top(), rect.width() * 0.34, rect.height())
        shown = QFontMetricsF(font).elidedText(look.short, Qt.TextElideMode.ElideRight, number.width())
        painter.drawText(number, Qt.AlignmentFlag.AlignVCenter, shown)
        left = number.left() + QFontMetricsF(font).horizontalAdvance(shown) + 12
        line = float(theme.px(TYPE["small"].line))
        top = rect.center().y() - line
        bold = free or STATUSES[look.status].weight == "bold"
        cut: IconWeight = "bold" if bold else "fill"
        icon = "circle" if free else STATUSES[look.status].icon
        paint.shape(painter, theme.pixmap(icon, ink, 14, cut, ratio=self.devicePixelRatioF()), left, top + 1)
        visit = picture.visits.get(spot.visit_id)
        under = short_name(visit.line) if visit is not None else look.state
        for words, role, colour, indent, at in (
            (look.word, theme.font("small", Weight.SEMIBOLD), ink, theme.px(18), top),
            (under, theme.font("small"), theme.colour("text"), 0, top + line),
        ):
            area = QRectF(left + indent, at, rect.right() - left - indent - 6, line)
            painter.setFont(role)
            painter.setPen(colour)
            text = QFontMetricsF(role).elidedText(words, Qt.TextElideMode.ElideRight, max(area.width(), 0))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)


class LightStrip(Screen):
    """The strip with its four buttons; they act on the chosen chair, at first on that of this workstation."""

    acted = Signal()

    def build(self) -> None:
        """Chairs, and the buttons under them."""
        self._picture: DayPicture | None = None
        self._chart = ""
        self.bench.actor_changed.connect(self._somebody_else)
        self.lights = Lights()
        self.own = Choice()
        self.own.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
        self.own.changed.connect(lambda value: self.bench.remember(CHAIR_HERE, str(value or "")))
        self.buttons: list[Button] = []
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 8, 8)
        row.setSpacing(8)
        for icon, _label, keys, command, first in DEEDS:
            button = Button("", "secondary", icon, size="touch")
            act = partial(self.act, command, first=first)
            button.clicked.connect(lambda *_args, act=act: act())
            self._key(keys, act)
            self.buttons.append(button)
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.own)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.lights)
        column.addLayout(row)
        column.addStretch(1)
        self.lights.chosen.connect(lambda _spot: self._tell())
        self.lights.opened.connect(self._open)
        self._ticker = QTimer(self, interval=LOOK_EVERY)
        self._ticker.timeout.connect(self._tick)
        self._minute = 0
        self.words.put(self.lights.setAccessibleName, N_("Lights at the chairs"))

    def _key(self, keys: str, act: Callable[[], Any]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)

    def choose(self, **chosen: Any) -> None:
        """The strip stands on its chair whatever is open elsewhere; a chart that is opened here says who sits here."""
        patient = "" if chosen.get("appointment_id") else str(chosen.get("patient_id") or "")
        if patient and patient != self._chart and self._is_at_chair() and self.bench.may(note_chart_opened):
            self.bench.run(note_chart_opened, PatientId(patient)).say("")
        self._chart = patient

    def _is_at_chair(self) -> bool:
        return bool(self.bench.setting(CHAIR_HERE))

    def _somebody_else(self, actor: Actor) -> None:
        """Whoever signs on at a chair is there."""
        self._chart = ""
        if actor is not NOBODY and self._is_at_chair() and self.bench.may(note_signed_on):
            self.bench.run(note_signed_on).say("")

    def reload(self) -> None:
        """Ask for the day."""
        self._ticker.start()
        self.ask(day_snapshot, self.show_day)

    def show_day(self, shot: DaySnapshot) -> None:
        """Draw the chairs."""
        self._minute = shot.now
        own = self.bench.setting(CHAIR_HERE)
        self._picture = DayPicture(shot, self.bench.runner.clock, ages=ages_of(self.bench))
        self.lights.show_day(self._picture, own)
        if not self.lights.cursor_key and own:
            self.lights.cursor_key = own
        self.own.blockSignals(True)
        chairs = [(chair.id, chair.name) for chair in shot.chairs if not chair.virtual]
        self.own.set_options([("", _(N_("No chair here"))), *chairs])
        self.own.set_value(own)
        self.own.blockSignals(False)
        self.own.setAccessibleName(_(CHAIR_HERE.label))
        self._tell()
        self.show_body()

    def focus_first(self) -> None:
        """The lights."""
        self.lights.setFocus(self.focus_reason)

    def _line(self) -> Any:
        spot = self.lights.cursor_item
        visit = self._picture.visits.get(spot.visit_id) if self._picture is not None and spot is not None else None
        return visit.line if visit is not None else None

    def _tell(self) -> None:
        """Which of the four is possible at the chosen chair."""
        line = self._line()
        for button, (_icon, label, keys, command, first) in zip(self.buttons, DEEDS, strict=True):
            button.setText(_(label))
            button.set_help(f"{_(command.help)} ({keys})")
            reason = self.bench.reason(command)
            if not reason and line is None:
                reason = _(N_("Nobody sits at this chair."))
            elif not reason and not act_of(command, first=first).offered(line):
                reason = _(N_("This does not come next for {name}."), name=plain_name(line))
            button.set_available(not reason, reason)

    def act(self, command: Any, *, first: bool) -> None:
        """Switch a light of the chosen chair; a refusal is said."""
        line = self._line()
        deed = act_of(command, first=first)
        reason = self.bench.reason(command)
        if not reason and (line is None or not deed.offered(line)):
            reason = _(N_("Nobody sits at this chair.")) if line is None else _(
                N_("This does not come next for {name}."), name=plain_name(line))  # fmt: skip
        if reason:
            self.bench.presenter.said.emit("warn", reason)
            return
        self.bench.run(command, line.id, **dict(deed.more)).say(sentence_of(deed, line))

    def _open(self, spot: Spot) -> None:
        line = self._line()
        if line is not None:
            self.open_screen.emit("patient", {"patient_id": line.patient_id})

    def _tick(self) -> None:
        if not self.isVisible():
            self._ticker.stop()
            self.stale = True
        elif int(self.bench.runner.clock.now().timestamp()) // 60 != self._minute:
            self.freshen()
