"""The morning sheet, what comes soon, the history of alerts, and who did what: before the day and after it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.access.queries import StaffLine, staff_list, titled
from app.core.i18n import N_, _, language
from app.core.permissions import ROLE_LABELS
from app.orchestration.queries import (
    ALERT_LABELS,
    ALERT_STATE_LABELS,
    AlertLine,
    FlowRecord,
    Huddle,
    HuddleFact,
    HuddleVisit,
    alert_history,
    flow_record,
    morning_huddle,
)
from app.scheduling.queries import CLASS_LABELS
from ui.following.list_panel import ListPanel
from ui.patients.facts import empty
from ui.patients.words import plain_name
from ui.shell.formats import day, hour, moment
from ui.shell.screen import Screen
from ui.theme.style import theme
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, Hairline
from ui.widgets.fields import Choice
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.layout import Flow, VScroll
from ui.widgets.paged_model import Column, Row
from ui.widgets.pills import SeverityChip
from ui.widgets.segmented import Segment, SegmentedControl

MORNING, ALERTS, RECORD = "morning", "alerts", "record"
_PARTS: Final = (
    (MORNING, N_("Morning huddle"), "sun"), (ALERTS, N_("History of alerts"), "bell"),
    (RECORD, N_("Who did what"), "notebook"),
)  # fmt: skip
DAYS: Final = ((0, N_("Today")), (6, N_("The last seven days")), (29, N_("The last thirty days")))


class MorningSheet(QWidget):
    """The sheet: what comes soon, what visits need, what else is to be known."""

    def __init__(self, screen: BriefingView) -> None:
        super().__init__()
        self._screen = screen
        self.cards = {name: Card(" ") for name in ("coming", "needs", "facts")}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.classes = WrapLabel("", "name")
        column.addWidget(self.classes)
        for card in self.cards.values():
            column.addWidget(card)
        column.addStretch(1)

    def show_huddle(self, huddle: Huddle) -> None:
        """Write the sheet anew."""
        counted = [f"{count} × {_(CLASS_LABELS[kind]).lower()}" for kind, count in huddle.classes]
        self.classes.setText(" · ".join(counted))
        parts: tuple[tuple[str, str, tuple[HuddleVisit, ...]], ...] = (
            ("coming", _(N_("Within half an hour")), huddle.coming),
            ("needs", _(N_("Before the visit")), huddle.visits),
        )
        for name, title, visits in parts:
            card = self.cards[name]
            card.set_title(f"{title} · {len(visits)}")
            empty(card.body)
            for place, visit in enumerate(visits):
                if place:
                    card.add(Hairline())
                card.add(self._visit(visit))
            if not visits:
                card.add(WrapLabel(_(N_("Nothing.")), "body", "muted"))
        facts = self.cards["facts"]
        facts.set_title(_(N_("Else to be known")))
        empty(facts.body)
        for fact in huddle.facts:
            facts.add(WrapLabel(self._fact(fact)))
        facts.setVisible(bool(huddle.facts))

    def _visit(self, visit: HuddleVisit) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        when = Label(self._screen.at(visit.at), "name")
        when.setMinimumWidth(theme.px(64))
        row.addWidget(when, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(1)
        go = Button(plain_name(visit), "link", size="compact")
        go.clicked.connect(lambda: self._screen.open_screen.emit("day", {"appointment_id": visit.appointment_id}))
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(go, 0, Qt.AlignmentFlag.AlignVCenter)
        kind = visit.type_name_fr if language() == "fr" else visit.type_name_en
        head.addWidget(WrapLabel(f"{kind} · {visit.chair}" if visit.chair else kind, "small", "muted"), 1)
        words.addLayout(head)
        needs = Flow(gap=6, row_gap=4)
        needs.setContentsMargins(theme.px(11), 0, 0, 0)  # under the words of the link, not under its edge
        for need in visit.needs:
            needs.add(SeverityChip("warn", _(need)))
        needs.setVisible(bool(visit.needs))
        words.addWidget(needs)
        row.addLayout(words, 1)
        return row

    def _fact(self, fact: HuddleFact) -> str:
        values = {name: self._screen.at(value) if isinstance(value, int) else value for name, value in fact.values}
        return _(fact.message, **values)


class AlertHistory(ListPanel[AlertLine]):
    """Every alert of some days with what became of it."""

    def __init__(self, screen: BriefingView) -> None:
        self._view = screen
        nothing = (N_("No alert was fired."), N_("That is good news."))
        super().__init__(screen, N_("History of alerts"), nothing)
        self._export = Button("", "secondary", "download-simple")
        self._export.clicked.connect(self.save)
        screen.words.put(self._export.setText, N_("Export"))
        self.filters.add(self._export)

    def show_history(self, lines: tuple[AlertLine, ...]) -> None:
        """Show them."""
        self.show_rows(lines)

    def columns(self) -> list[Column]:
        """Heads."""
        return [
            Column("fired", _(N_("Fired")), width=170, strong=True), Column("kind", _(N_("Alert")), width=190),
            Column("what", _(N_("What it said")), share=2), Column("role", _(N_("Whose turn")), width=150),
            Column("state", _(N_("What became of it")), width=150), Column("by", _(N_("By")), width=150),
            Column("after", _(N_("After")), width=80, right=True),
        ]  # fmt: skip

    def cells(self, item: AlertLine) -> Row:
        """An alert in words."""
        clock = self.bench.runner.clock
        after = ""
        if item.acknowledged_at is not None:
            minutes = int((item.acknowledged_at - item.fired_at).total_seconds() // 60)
            after = _(N_("{n} min"), n=minutes)
        said = _(item.message, **item.facts) + (f" · {item.note}" if item.note else "")
        by = self._view.people.get(item.settled_by or item.acknowledged_by or "", "")
        return (
            moment(item.fired_at, clock), _(ALERT_LABELS[item.kind]), said, _(ROLE_LABELS[item.role]),
            _(ALERT_STATE_LABELS[item.state]), by, after,
        )  # fmt: skip

    def key_of(self, item: AlertLine) -> object:
        """The alert."""
        return item.id

    def open_row(self) -> None:
        """What Enter does: the visit on the day."""
        item = self.current()
        if item is not None and item.appointment_id:
            self._view.open_screen.emit("day", {"appointment_id": item.appointment_id})

    def export_name(self) -> str:
        """What the access log calls it."""
        return "alerts"


class WhoDidWhat(ListPanel[FlowRecord]):
    """One row a person."""

    def __init__(self, screen: BriefingView) -> None:
        self._view = screen
        super().__init__(screen, N_("Who did what"), (N_("Nothing was recorded."), N_("Choose other days.")))
        self._export = Button("", "secondary", "download-simple")
        self._export.clicked.connect(self.save)
        screen.words.put(self._export.setText, N_("Export"))
        self.filters.add(self._export)

    def columns(self) -> list[Column]:
        """Heads."""
        heads = (
            ("transitions", N_("States entered")), ("inferred", N_("Inferred states")),
            ("corrections", N_("Times corrected")), ("taken_back", N_("Steps taken back")),
            ("moves", N_("Booked and moved")), ("cancelled", N_("Visits cancelled")),
            ("acknowledged", N_("Alerts looked after")), ("left_without", N_("Left without a visit")),
        )  # fmt: skip
        found = [Column("by", _(N_("Person")), strong=True)]
        return found + [Column(key, _(title), width=118, right=True) for key, title in heads]

    def cells(self, item: FlowRecord) -> Row:
        """The counts of a person."""
        name = self._view.people.get(item.by, _(N_("The program")) if item.by == "system" else item.by)
        return (
            name, item.transitions, item.inferred, item.corrections, item.taken_back, item.moves, item.cancelled,
            item.acknowledged, item.left_without,
        )  # fmt: skip

    def key_of(self, item: FlowRecord) -> object:
        """The person."""
        return item.by

    def open_row(self) -> None:
        """What Enter does: the journal."""
        self._view.open_screen.emit("journal", {})

    def export_name(self) -> str:
        """What the access log calls it."""
        return "flow record"


class BriefingView(Screen):
    """`choose(part="morning" | "alerts" | "record")`."""

    def build(self) -> None:
        """A switch over the parts."""
        self._part, self.people = MORNING, dict[str, str]()
        self.sheet, self.history, self.record = MorningSheet(self), AlertHistory(self), WhoDidWhat(self)
        self._faces = {MORNING: VScroll(self.sheet), ALERTS: self.history, RECORD: self.record}
        self._panels = QStackedWidget()
        for page in self._faces.values():
            self._panels.addWidget(page)
        self.sheet.setAutoFillBackground(False)  # a scroll area fills what it is given
        self.span = Choice()
        self._switch: SegmentedControl | None = None
        self.span.changed.connect(lambda _value: self.freshen())
        self._print = Button("", "secondary", "printer")
        self._print.clicked.connect(lambda: self.open_screen.emit("print", self.printed()))
        self._head = QHBoxLayout()
        self._head.addStretch(1)
        self._head.addWidget(self.span)
        self._head.addWidget(self._print)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(14, 12, 14, 10)
        column.setSpacing(10)
        column.addLayout(self._head)
        column.addWidget(self._panels, 1)
        self._say()
        self.words.put(self.span.setAccessibleName, N_("Days"))
        self.words.put(self._print.setText, N_("Print"))

    def _say(self) -> None:
        """The switch and the days in the language in force."""
        if self._switch is not None:
            self._head.removeWidget(self._switch)
            self._switch.hide()
            self._switch.deleteLater()
        parts = [part for part in _PARTS if part[0] == MORNING or self.bench.may(alert_history)]
        self._switch = SegmentedControl(
            _(N_("Morning and record")), [Segment(part, _(words), icon) for part, words, icon in parts]
        )
        self._switch.set_value(self._part)
        self._switch.changed.connect(lambda part: self.choose(part=part))
        self._head.insertWidget(0, self._switch)
        self.span.set_options([(days, _(words)) for days, words in DAYS])

    def choose(self, **chosen: Any) -> None:
        """Show a part."""
        part = str(chosen.get("part") or self._part)
        if part in self._faces and (part == MORNING or self.bench.may(alert_history)):
            self._part = part
            if self._switch is not None:
                self._switch.set_value(part)
            self.freshen()

    def faces(self) -> dict[str, dict[str, Any]]:
        """Each part."""
        return {part: {"part": part} for part in (ALERTS, RECORD, MORNING)}

    def printed(self) -> dict[str, Any]:
        """The sheet of the morning."""
        return {"document": "morning_huddle", "on": self.bench.runner.clock.today()}

    def subheading(self) -> str:
        """The day."""
        return day(self.bench.runner.clock.today(), weekday=True)

    def focus_first(self) -> None:
        """The switch."""
        (self._switch or self).setFocus(self.focus_reason)

    def at(self, minute: int) -> str:
        """A clock time."""
        return hour(datetime.fromtimestamp(minute * 60, UTC), self.bench.runner.clock)

    def retranslate(self) -> None:
        """The switch is made of words too."""
        self._say()
        super().retranslate()

    def reload(self) -> None:
        """Ask for what the part shows."""
        self._panels.setCurrentWidget(self._faces[self._part])
        self.span.setVisible(self._part != MORNING)
        self._print.setVisible(self._part == MORNING)
        first, last = self._days()
        if self._part == MORNING:
            self.ask(morning_huddle, self.show_huddle)
            return
        self.ask(staff_list, self._keep_people, False)
        if self._part == ALERTS:
            self.ask(alert_history, self.show_history, first, last)
        else:
            self.ask(flow_record, self.show_record, first, last)

    def _days(self) -> tuple[date, date]:
        today = self.bench.runner.clock.today()
        back = self.span.value()
        return today - timedelta(days=int(str(back or 0))), today

    def show_huddle(self, huddle: Huddle) -> None:
        """The sheet of the morning."""
        self.sheet.show_huddle(huddle)
        self.show_body()

    def show_history(self, lines: tuple[AlertLine, ...]) -> None:
        """What became of the alerts."""
        self.history.show_history(lines)
        self.show_body()

    def show_record(self, lines: tuple[FlowRecord, ...]) -> None:
        """Who did what."""
        self.record.show_rows(lines)
        self.show_body()

    def _keep_people(self, staff: tuple[StaffLine, ...]) -> None:
        people: dict[str, str] = {line.staff_id: titled(line.title, line.display_name) for line in staff}
        if people != self.people:
            self.people = people
            self.history.filter_rows()
            self.record.filter_rows()
