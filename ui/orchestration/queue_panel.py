"""Who waits, in the order in which they go: for a chair, for the doctor, at the checkout; with the one next step."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _, language
from app.orchestration.commands import call_to_chair
from app.orchestration.queries import DayVisitLine, Outlook
from app.scheduling.queries import Stage
from ui.orchestration.card_paint import card_of
from ui.orchestration.picture import DayPicture
from ui.patients.facts import empty
from ui.patients.words import plain_name
from ui.scheduling.block_look import minutes_words
from ui.scheduling.schedule_acts import next_act
from ui.shell.bench import Bench
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, Hairline, ProgressBar
from ui.widgets.labels import ElidedLabel, Label, WrapLabel
from ui.widgets.pills import StatusPill

_ORDER = (Stage.NEEDED, Stage.WAITING, Stage.CHECKOUT)


class QueuePanel(Card):
    """The queue with estimated waits and their range."""

    acted = Signal(object, str)
    chosen = Signal(str)

    def __init__(self, bench: Bench) -> None:
        super().__init__(_(N_("Queue")), icon="armchair")
        self._bench = bench
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.add(self._rows)
        self._shown: object = None

    def show_day(self, picture: DayPicture, outlooks: tuple[Outlook, ...]) -> None:
        """Show who waits."""
        waiting = queue_of(picture)
        ranges = {each.visit_id: each for each in outlooks}
        cards = [(card_of(picture, visit), visit.urgent, ranges.get(visit.id)) for visit in waiting]
        shown = (cards, picture.shot.now, self._bench.actor, language())
        if shown == self._shown:
            return
        self._shown = shown
        title = _(N_("Queue"))
        self.set_title(f"{title} · {len(waiting)}" if waiting else title)
        empty(self._rows)
        for place, visit in enumerate(waiting):
            if place:
                self._rows.addWidget(Hairline())
            self._rows.addWidget(self._row(picture, visit, ranges.get(visit.id)))
        if not waiting:
            self._rows.addWidget(WrapLabel(_(N_("Nobody waits.")), "body", "muted"))

    def _row(self, picture: DayPicture, visit: DayVisitLine, outlook: Outlook | None) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        age = picture.age(visit)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(ElidedLabel(plain_name(visit.line), "name"), 1)
        if age is not None:
            ink = "danger" if age.severity == "danger" else "warn" if age.severity == "warn" else "muted"
            head.addWidget(Label(minutes_words(age.minutes), "name", ink))
        column.addLayout(head)
        where = picture.chair_name(visit.operatory_id or visit.line.operatory_id, short=True)
        detail = " · ".join(part for part in (where, _estimate(picture, visit, outlook)) if part)
        second = QHBoxLayout()
        second.setSpacing(8)
        second.addWidget(StatusPill(visit.stage.value))
        second.addWidget(ElidedLabel(detail, "small", "muted"), 1)
        column.addLayout(second)
        if visit.urgent and visit.urgent_reason:
            column.addWidget(WrapLabel(_(N_("Goes first: {reason}"), reason=visit.urgent_reason), "small", "danger"))
        if age is not None:
            bar = ProgressBar(_(N_("Wait of {name}"), name=plain_name(visit.line)), visit.stage.value)
            bar.set_fraction(age.fraction, "missed" if age.severity == "danger" else
                             "late" if age.severity == "warn" else None)  # fmt: skip
            column.addWidget(bar)
        act = next_act(visit.line, today=True)
        row = QHBoxLayout()
        if act is not None:
            button = Button(_(act.command.label), "secondary", act.command.icon, size="compact")
            button.setAccessibleName(
                _(N_("{verb}: {what}"), verb=_(act.command.label), what=plain_name(visit.line))
            )  # fmt: skip
            button.set_available(self._bench.may(act.command), self._bench.reason(act.command))
            button.clicked.connect(lambda: self.acted.emit(act, visit.id))
            row.addWidget(button)
        if visit.stage is Stage.WAITING:
            row.addWidget(self._call(visit))
        show = Button(_(N_("Show")), "quiet", "crosshair-simple", size="compact")
        show.setAccessibleName(_(N_("{verb}: {what}"), verb=_(N_("Show")), what=plain_name(visit.line)))
        show.clicked.connect(lambda: self.chosen.emit(visit.id))
        row.addWidget(show)
        row.addStretch(1)
        column.addLayout(row)
        return box

    def _call(self, visit: DayVisitLine) -> Button:
        """Calls somebody who waits to the chair."""
        button = Button(_(N_("Call")), "secondary", call_to_chair.icon, size="compact")
        button.setAccessibleName(_(N_("{verb}: {what}"), verb=_(call_to_chair.label), what=plain_name(visit.line)))
        button.set_help(_(call_to_chair.help))
        button.set_available(self._bench.may(call_to_chair), self._bench.reason(call_to_chair))
        said = _(N_("{name} is called"), name=plain_name(visit.line))
        button.clicked.connect(lambda: self._bench.run(call_to_chair, visit.id).say(said))
        return button


def queue_of(picture: DayPicture) -> list[DayVisitLine]:
    """Who waits: for the doctor, for a chair, at the checkout; who goes first before the others, then the longest."""
    found = [visit for visit in picture.shot.visits if visit.stage in _ORDER]
    return sorted(
        found,
        key=lambda visit: (
            _ORDER.index(visit.stage), not (visit.urgent or visit.doctor_first), visit.since or 0, visit.id,
        ),
    )  # fmt: skip


def _estimate(picture: DayPicture, visit: DayVisitLine, outlook: Outlook | None) -> str:
    """How long somebody will still wait for a chair, and the range of eight runs of ten."""
    if visit.stage is not Stage.WAITING or visit.wait_left is None:
        return ""
    words = _(N_("≈ {time} more"), time=minutes_words(visit.wait_left))
    if outlook is not None:
        early, late = (max(0, each - picture.shot.now) for each in (outlook.early, outlook.late))
        if early != late:
            words += " " + _(N_("({early} to {late} min)"), early=early, late=late)
    return words
