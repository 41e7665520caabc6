"""The card beside a ghost: what would follow if it were let go here. It covers neither the target nor the names."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.core.clock import Clock
from app.core.i18n import N_, _
from app.scheduling.queries import ConflictKind, MovePreview, Severity
from ui.patients.words import plain_name
from ui.scheduling.ghost import Ghost
from ui.shell.formats import hour
from ui.theme.style import theme
from ui.theme.tokens import FIXED
from ui.theme.tokens.metrics import POPOVER, Weight
from ui.widgets.announce import announce
from ui.widgets.cards import Hairline, ThemedIcon
from ui.widgets.labels import Label
from ui.widgets.pills import KeyCap

Fact = tuple[str, str, str, str]
"""Severity, icon, words, and the word at the right."""
_AIR = 14


def facts_of(preview: MovePreview, clock: Clock) -> list[Fact]:
    """The lines of the card: conflicts first, then who and what is free, wait, delay, whom to tell."""
    if preview.refusal:
        return [("danger", "prohibit", preview.refusal, "")]
    found: list[Fact] = []
    taken = {line.kind for line in preview.conflicts}
    for line in preview.conflicts:
        serious = line.severity is not Severity.WARNING
        found.append(("danger" if serious else "warn", "warning-octagon" if serious else "warning", line.sentence, ""))
    people = {ConflictKind.DOCTOR, ConflictKind.ASSISTANT, ConflictKind.SHIFT, ConflictKind.ABSENCE} & taken
    if not people:
        for person in preview.people:
            times = {"start": hour(person.starts_at, clock), "end": hour(person.ends_at, clock)}
            words = _(N_("{name}, {start} to {end}"), name=person.name, **times)
            found.append(("ok", "check-circle", words, _(N_("free"))))
    if ConflictKind.CHAIR not in taken:
        found.append(("ok", "check-circle", preview.chair, _(N_("free"))))
    return found + _effects(preview)


def _effects(preview: MovePreview) -> list[Fact]:
    found: list[Fact] = []
    if preview.wait_minutes:
        found.append(_minutes(_(N_("Wait of the patient")), preview.wait_minutes))
    found += [_minutes(_(N_("Delay of {chair}"), chair=fact.name), fact.change_minutes) for fact in preview.delays]
    for person in preview.people:
        if person.before:
            words = _(N_("{before} → {after}"), before=person.before, after=person.name)
            found.append(("warn", "users", words, _(N_("to tell"))))
    if preview.tell_family:
        found.append(("warn", "phone", _(N_("The family: another time")), _(N_("to tell"))))
    return found


def _minutes(words: str, change: int) -> Fact:
    sign = "+" if change > 0 else "−"
    amount = _(N_("{sign}{n} min"), sign=sign, n=abs(change))
    return ("warn", "trend-up", words, amount) if change > 0 else ("ok", "arrow-down", words, amount)


def deed_words(ghost: Ghost) -> tuple[str, str]:
    """What letting go does, and its ink."""
    preview = ghost.preview
    if preview is None:
        return _(N_("Looking…")), "muted"
    if not preview.allowed:
        return _(N_("Cannot be dropped here")), "danger"
    if preview.serious:
        return _(N_("Drop anyway")), "danger"
    if ghost.by_keyboard:
        return _(N_("Enter to drop")), "accent"
    return _(N_("Release to change")) if ghost.segments else _(N_("Release to move")), "accent"


class GhostCard(QFrame):
    """Floats over the schedule and lets the mouse through."""

    def __init__(self, clock: Clock, parent: QWidget) -> None:
        super().__init__(parent)
        self._clock = clock
        self.setObjectName("ghost_card")
        self.setProperty("kind", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._title = Label("", "name")
        self._lines = QGridLayout()
        self._lines.setHorizontalSpacing(10)
        self._lines.setVerticalSpacing(6)
        self._lines.setColumnStretch(1, 1)
        self._escape, self._cancel = KeyCap(""), Label("", "small", "muted")
        self._deed = Label("", "small", "accent", weight=Weight.SEMIBOLD)
        foot = QHBoxLayout()
        foot.setSpacing(6)
        foot.addWidget(self._escape)
        foot.addWidget(self._cancel)
        foot.addStretch(1)
        foot.addSpacing(16)
        foot.addWidget(self._deed)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 11, 14, 11)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addLayout(self._lines)
        column.addWidget(Hairline())
        column.addLayout(foot)
        self._shadow()
        self.hide()

    def _shadow(self) -> None:
        effect = QGraphicsDropShadowEffect(self)
        effect.setBlurRadius(POPOVER.blur)
        effect.setOffset(0, POPOVER.y)
        shade = QColor(FIXED.shadow)
        shade.setAlpha(POPOVER.alpha_dark if theme.tokens.dark else POPOVER.alpha)
        effect.setColor(shade)
        self.setGraphicsEffect(effect)

    def tell(self, ghost: Ghost, chair: str) -> None:
        """Say what is known of the present place."""
        at = hour(_instant(ghost.start, self._clock), self._clock)
        values = {"name": plain_name(ghost.visit), "chair": chair, "time": at}
        title = _(N_("{name} · {chair} at {time}"), **values)
        if ghost.segments:
            title = _(N_("{name} · {n} min"), name=values["name"], n=ghost.minutes)
        self._title.setText(title)
        self._escape.setText(_(N_("Esc")))
        self._cancel.setText(_(N_("cancel")))
        words, ink = deed_words(ghost)
        self._deed.setText(words)
        self._deed.set_ink(ink)
        facts = facts_of(ghost.preview, self._clock) if ghost.preview is not None else []
        self._fill(facts)
        if ghost.preview is not None and ghost.by_keyboard:
            announce(self, ". ".join([title, *(f"{fact[2]} {fact[3]}".strip() for fact in facts), words]))

    def _fill(self, facts: list[Fact]) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, (severity, icon, words, amount) in enumerate(facts):
            self._lines.addWidget(
                ThemedIcon(icon, 16, severity=severity, weight="fill" if icon in _FILLED else "bold"), row, 0
            )
            self._lines.addWidget(Label(words), row, 1)
            if amount:
                label = Label(amount, "body", severity, weight=Weight.SEMIBOLD)
                self._lines.addWidget(label, row, 2, Qt.AlignmentFlag.AlignRight)

    def _show_lines(self) -> None:
        """Qt shows what is put in a layout in the next turn only, and counts it then."""
        for place in range(self._lines.count()):
            item = self._lines.itemAt(place)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.show()
        layout = self.layout()
        if layout is not None:
            layout.activate()

    def stand_by(self, ghost: QRectF, lane: QRectF, field: QRectF) -> None:
        """Stand on the past side of the ghost, under or above its lane, inside the field."""
        self._show_lines()
        self.adjustSize()
        width, height = self.width(), self.height()
        across = lane.width() >= lane.height()
        if across:
            left = min(max(ghost.left() - width - _AIR, field.left() + 6), field.right() - width - 6)
            below = lane.bottom() + _AIR
            top = below if below + height <= field.bottom() else lane.top() - height - _AIR
        else:
            right = lane.right() + _AIR
            left = right if right + width <= field.right() else lane.left() - width - _AIR
            top = ghost.top() - height - _AIR
        left = min(max(left, field.left() + 6), max(field.right() - width - 6, field.left() + 6))
        top = min(max(top, field.top() + 6), max(field.bottom() - height - 6, field.top() + 6))
        self.move(round(left), round(top))
        self.show()
        self.raise_()


_FILLED = frozenset({"check-circle", "warning", "warning-octagon"})


def _instant(minute: int, clock: Clock) -> datetime:
    return datetime.fromtimestamp(minute * 60, clock.zone)
