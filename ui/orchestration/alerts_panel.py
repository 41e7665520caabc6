"""Alerts of the day: who looks after each, what was done, what was false; the loudest first, nothing blinks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _, language
from app.core.permissions import ROLE_LABELS
from app.journal.commands import Command
from app.orchestration.commands import acknowledge_alert, mark_alert_false, settle_alert
from app.orchestration.queries import ALERT_LABELS, AlertKind, AlertLine, AlertState
from ui.orchestration.picture import DayPicture
from ui.patients.facts import empty
from ui.patients.words import plain_name
from ui.shell.bench import Bench
from ui.shell.formats import counted, hour
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, ThemedIcon
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import Flow
from ui.widgets.tint import Tinted

DANGER: Final = frozenset({AlertKind.RESOURCE_CONFLICT, AlertKind.EMERGENCY, AlertKind.DOCTOR_WAIT})
MOST: Final = 6


def loudest_first(alerts: tuple[AlertLine, ...]) -> list[AlertLine]:
    """Open before acknowledged, danger before the rest, interrupting before quiet, the newest first."""
    return sorted(
        alerts,
        key=lambda line: (
            line.state is not AlertState.OPEN, line.kind not in DANGER, not line.interrupts,
            -line.escalated_at.timestamp(),
        ),
    )  # fmt: skip


class AlertsPanel(Card):
    """One card for each alert that stands."""

    visit_asked = Signal(str)

    def __init__(self, bench: Bench) -> None:
        super().__init__(_(N_("Alerts")), icon="bell")
        self._bench = bench
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.add(self._rows)
        self._shown: object = None
        self._all = False

    def show_alerts(self, picture: DayPicture, alerts: tuple[AlertLine, ...]) -> None:
        """Show the alerts of the clinic; what has not changed is not made anew."""
        shown = (alerts, self._all, picture.shot.on, self._bench.actor, language())
        self.setVisible(self._bench.may(acknowledge_alert))
        if shown == self._shown:
            return
        self._shown = shown
        title = _(N_("Alerts"))
        self.set_title(f"{title} · {len(alerts)}" if alerts else title)
        empty(self._rows)
        ordered = loudest_first(alerts)
        for line in ordered if self._all else ordered[:MOST]:
            self._rows.addWidget(self._row(picture, line))
        if len(ordered) > MOST:
            words = _(N_("Fewer")) if self._all else counted(N_("{n} other"), N_("{n} others"), len(ordered) - MOST)
            more = Button(words, "quiet", "caret-up" if self._all else "caret-down", size="compact")
            more.clicked.connect(lambda: self._turn(picture, alerts))
            self._rows.addWidget(more)
        if not alerts:
            self._rows.addWidget(WrapLabel(_(N_("Nothing needs you now.")), "body", "muted"))

    def _turn(self, picture: DayPicture, alerts: tuple[AlertLine, ...]) -> None:
        self._all = not self._all
        self.show_alerts(picture, alerts)

    def _row(self, picture: DayPicture, line: AlertLine) -> QWidget:
        danger = line.kind in DANGER and line.state is AlertState.OPEN
        box = Tinted("danger" if danger else "")
        visit = picture.visits.get(line.appointment_id or "")
        name = plain_name(visit.line) if visit is not None else ""
        title = f"{name} · {_(ALERT_LABELS[line.kind])}" if name else _(ALERT_LABELS[line.kind])
        head = QHBoxLayout()
        head.setSpacing(8)
        severity = "danger" if line.kind in DANGER else "warn"
        head.addWidget(ThemedIcon("warning-octagon" if severity == "danger" else "warning", 18, severity=severity))
        head.addWidget(WrapLabel(title, "name"), 1)
        column = QVBoxLayout(box)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(WrapLabel(_(line.message, **line.facts), "small"))
        column.addWidget(WrapLabel(self._who(picture, line), "small", "muted"))
        column.addWidget(self._buttons(line, title))
        return box

    def _who(self, picture: DayPicture, line: AlertLine) -> str:
        """Whose turn it is since when, or who looks after it."""
        role = _(ROLE_LABELS[line.role])
        if line.state is AlertState.ACKNOWLEDGED and line.acknowledged_at is not None:
            at = hour(line.acknowledged_at, picture.clock)
            return _(N_("{role}: looked after since {time}"), role=role, time=at)
        at = hour(line.escalated_at, picture.clock)
        said = _(N_("{role}: told at {time}"), role=role, time=at)
        return _(N_("{said}, passed on"), said=said) if line.level else said

    def _buttons(self, line: AlertLine, title: str) -> QWidget:
        flow = Flow(gap=6, row_gap=4)
        deeds: list[tuple[str, str, Command[..., Any]]] = [
            (N_("Done"), "check-circle", settle_alert), (N_("False alarm"), "x-circle", mark_alert_false),
        ]  # fmt: skip
        if line.state is AlertState.OPEN:
            deeds.insert(0, (N_("I’m on it"), "check", acknowledge_alert))
        for label, icon, command in deeds:
            flow.add(self._deed(_(label), icon, command, line, title))
        if line.appointment_id is not None:
            go = Button(_(N_("Show")), "quiet", "crosshair-simple", size="compact")
            go.setAccessibleName(_(N_("{verb}: {what}"), verb=_(N_("Show")), what=title))
            go.clicked.connect(lambda: self.visit_asked.emit(line.appointment_id))
            flow.add(go)
        return flow

    def _deed(self, words: str, icon: str, command: Command[..., Any], line: AlertLine, title: str) -> Button:
        button = Button(words, "secondary" if command is acknowledge_alert else "quiet", icon, size="compact")
        button.setAccessibleName(_(N_("{verb}: {what}"), verb=words, what=title))
        button.set_help(_(command.help))
        button.set_available(self._bench.may(command), self._bench.reason(command))
        button.clicked.connect(self._runs(command, line))
        return button

    def _runs(self, command: Command[..., Any], line: AlertLine) -> Callable[..., None]:
        def run(*_args: object) -> None:
            self._bench.run(command, line.id)

        return run

    def take_first(self) -> bool:
        """Look after the loudest alert that nobody looks after."""
        state = self._shown
        alerts: tuple[AlertLine, ...] = state[0] if isinstance(state, tuple) else ()
        first = next((line for line in loudest_first(alerts) if line.state is AlertState.OPEN), None)
        if first is not None and self._bench.may(acknowledge_alert):
            self._bench.run(acknowledge_alert, first.id)
        return first is not None
