"""The command centre: one day, live, in four views that share selection, filters, drag and drop, undo and keys."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any, Final

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.core.i18n import N_, language
from app.core.ids import ClinicId
from app.orchestration.queries import (
    AlertLine,
    DaySnapshot,
    DayVisitLine,
    day_looks,
    day_snapshot,
    floor_plan,
    standing_alerts,
)
from app.orchestration.settings import DAY_START
from app.scheduling.commands import book_appointment
from app.scheduling.queries import GapFit, ReasonLine, gap_fits, visit_reasons
from ui.orchestration.board import Board
from ui.orchestration.day_acts import DayHands
from ui.orchestration.day_bar import BOARD, FLOOR, GRID, TIMELINE, DayBar, FilterRow
from ui.orchestration.day_keys import take_key
from ui.orchestration.floor_pane import FloorPane
from ui.orchestration.grid import DayGrid
from ui.orchestration.looks_bar import LooksBar
from ui.orchestration.panels import DayPanels
from ui.orchestration.picture import DayFilter, DayPicture
from ui.orchestration.thresholds import ages_of, limits_of
from ui.orchestration.timeline import By, Timeline
from ui.scheduling.schedule_bar import MonthPopup
from ui.scheduling.timegrid import Run
from ui.shell.formats import day
from ui.shell.screen import Screen
from ui.widgets.announce import announce
from ui.widgets.layout import effective_width

LOOK_EVERY: Final = 5_000
"""Milliseconds between two looks at the clock."""
REST: Final = 150
"""Milliseconds after which all but the day itself is asked: a tap is painted first."""
NARROW: Final = 1080


class DayView(Screen):
    """`choose(on=…, appointment_id=…, view="board", by="provider", run="down")`."""

    def build(self) -> None:
        """Bar, filters, the views; what is chosen beside them."""
        self._on: date | None = None
        self._clinic: ClinicId | None = None
        self.picture: DayPicture | None = None
        self.alerts: tuple[AlertLine, ...] = ()
        self.reasons: tuple[ReasonLine, ...] = ()
        self.chosen = ""
        self._fits: dict[tuple[str, int], int] = {}
        self._minute, self._asked = 0, False
        self._filled: object = None
        self.afterwards = QTimer(self, singleShot=True, interval=REST)
        self.afterwards.timeout.connect(self._ask_rest)
        self.hands = DayHands(self)
        self.bar, self.filters = DayBar(), FilterRow()
        self.timeline, self.grid, self.board = Timeline(self.bench), DayGrid(self.bench), Board()
        self.floor = FloorPane(self.bench)
        self.panes: dict[str, Any] = {
            TIMELINE: self.timeline, GRID: self.grid, BOARD: self.board, FLOOR: self.floor,
        }  # fmt: skip
        self.views = QStackedWidget()
        for pane in self.panes.values():
            self.views.addWidget(pane)
        self.panels = DayPanels(self)
        self.looks = LooksBar(self.bench, self.look)
        self._lay_out()
        self._connect()
        self.words.put(self.timeline.grid.setAccessibleName, N_("Timeline of the day"))
        self.words.put(self.grid.setAccessibleName, N_("Grid of the day"))
        self.words.put(self.floor.setAccessibleName, N_("Floor plan of the day"))
        self.words.put(self.board.setAccessibleName, N_("Board of the day"))
        self.bar.retranslate()
        self._ticker = QTimer(self, interval=LOOK_EVERY)
        self._ticker.timeout.connect(self._tick)

    def _lay_out(self) -> None:
        card = QFrame()
        card.setProperty("kind", "card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(1, 1, 1, 1)
        inner.setSpacing(0)
        for widget, stretch in ((self.bar, 0), (self.filters, 0), (self.looks, 0), (self.views, 1)):
            inner.addWidget(widget, stretch)
        self.filters.hide()
        self.looks.hide()
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(card, 1)
        row.addWidget(self.panels.side)
        self.column = QVBoxLayout(self.body)
        self.column.setContentsMargins(14, 12, 14, 10)
        self.column.setSpacing(10)
        self.column.addWidget(self.panels.strip)
        self.column.addLayout(row, 1)

    def _connect(self) -> None:
        bar = self.bar
        bar.stepped.connect(self.step)
        bar.calendar_asked.connect(self._open_calendar)
        bar.changed.connect(self._rearrange)
        bar.zoomed.connect(self.timeline.grid.set_zoom)
        bar.folded.connect(self.fold)
        bar.filters_asked.connect(self.filters.setVisible)
        bar.filters_asked.connect(self.looks.setVisible)
        self.looks.used.connect(self.use_look)
        bar.created.connect(lambda: self.book({"day": self.day()}))
        bar.wall.clicked.connect(lambda: self.open_screen.emit("wall", {}))
        bar.morning.clicked.connect(lambda: self.open_screen.emit("briefing", {}))
        self.filters.changed.connect(self.redraw)
        timeline, board = self.timeline, self.board
        for pane in (timeline, self.grid, self.floor):
            pane.chosen.connect(self.take_choice)
            pane.opened.connect(self.hands.chart)
            pane.menu_asked.connect(self.hands.menu)
        timeline.booked.connect(self.book)
        timeline.settled.connect(self.take_choice)
        board.chosen.connect(lambda spot: self.take_choice(spot.visit_id if spot is not None else ""))
        board.opened.connect(lambda spot: self.hands.chart(spot.visit_id))
        board.menu_asked.connect(lambda spot, at: self.hands.menu(spot.visit_id, at))
        self.floor.dropped.connect(self.hands.to_place)
        board.stepped.connect(self.hands.step_to)
        board.turned_back.connect(self.hands.turn_back)

    # -- what is shown --------------------------------------------------------------------------------------
    def choose(self, **chosen: Any) -> None:
        """A day, the visit to stand on, and how to look."""
        on = chosen.get("on")
        if on is not None:
            self._on = date.fromisoformat(on) if isinstance(on, str) else on
        if chosen.get("appointment_id"):
            self.chosen = str(chosen["appointment_id"])
        self._asked = self._asked or "view" in chosen
        self.bar.take(chosen)
        self.freshen()

    def faces(self) -> dict[str, dict[str, Any]]:
        """The other views, and the first one again."""
        ways: dict[str, dict[str, Any]] = {view: {"view": view} for view in self.panes if view != TIMELINE}
        ways["providers"] = {"view": TIMELINE, "by": By.PROVIDER}
        ways["columns"] = {"view": TIMELINE, "by": By.CHAIR, "run": Run.DOWN}
        ways[TIMELINE] = {"view": TIMELINE, "by": By.CHAIR, "run": Run.RIGHT}
        return ways

    def day(self) -> date:
        """The day on show."""
        return self._on or self.bench.runner.clock.today()

    def printed(self) -> dict[str, Any]:
        """The sheet of the day on show."""
        return {"document": "day_by_chair", "on": self.day()}

    def context(self) -> dict[str, Any]:
        """The visit that is chosen, and whose it is."""
        visit = self.visit()
        return {"appointment_id": visit.id, "patient_id": visit.line.patient_id} if visit is not None else {}

    def subheading(self) -> str:
        """The day, and the clinic."""
        words = day(self.day(), weekday=True)
        return f"{words} · {self.picture.shot.clinic}" if self.picture is not None else words

    def focus_first(self) -> None:
        """The view."""
        self.keyboard_place().setFocus(self.focus_reason)

    def keyboard_place(self) -> QWidget:
        """Where keys work in the view that is on show."""
        pane: QWidget = self.panes[self.bar.value("view")]
        inside: dict[QWidget, QWidget] = {
            self.timeline: self.timeline.grid, self.grid: self.grid.table, self.floor: self.floor.space,
        }  # fmt: skip
        return inside.get(pane, pane)

    def filter_field(self) -> QWidget:
        """The search of the day, which opens."""
        self.bar.filters.setChecked(True)
        return self.filters.text

    def retranslate(self) -> None:
        """The bar is made of words too."""
        self.bar.retranslate()
        super().retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the panels show only for what is chosen."""
        super().resizeEvent(event)
        self.fold()

    def fold(self) -> None:
        """Share the width between the views and what stands beside them."""
        width = effective_width(self)
        self.bar.set_narrow(width < NARROW)
        self.panels.fold(width, wanted=self.bar.beside.isChecked())

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Ask for the day; everything else comes after it."""
        self._ticker.start()
        self._begin()
        self.fold()
        self.bar.set_date(day(self.day(), weekday=True))
        self.ask(day_snapshot, self.show_day, self._clinic, self.day())

    def _begin(self) -> None:
        """Open in the view in which the person left the day, unless one was asked for."""
        kept = self.bench.setting(DAY_START)
        if kept and self.picture is None and not self._asked:
            self.bar.blockSignals(True)
            self.bar.take(json.loads(kept))
            self.bar.blockSignals(False)
        self._asked = True

    def _keep_reasons(self, reasons: tuple[ReasonLine, ...]) -> None:
        self.reasons = reasons

    def show_day(self, shot: DaySnapshot) -> None:
        """Draw the answer in the view that is on show."""
        first = self.picture is None or self.picture.shot.clinic_id != shot.clinic_id
        self._minute = shot.now
        wanted = self.filters.value() if self.picture is not None else DayFilter()
        self.picture = DayPicture(
            shot, self.bench.runner.clock, wanted, ages_of(self.bench), self._fits,
            limits_of(self.bench, shot),
        )  # fmt: skip
        self._fill_filters(wanted)
        if first:
            self._ask_rest()
        else:
            self.afterwards.start()
        self.show_body()
        self.redraw()
        if first:
            self.titled.emit()

    def _fill_filters(self, wanted: DayFilter) -> None:
        """Offer what the day has, when that is not what was offered."""
        shot = self.picture.shot if self.picture is not None else None
        offered = shot and ([c.id for c in shot.chairs], [p.id for p in shot.people], language())
        if self.picture is not None and offered != self._filled:
            self._filled = offered
            self.filters.fill(self.picture)
            self.filters.blockSignals(True)
            self.filters.put(wanted)
            self.filters.blockSignals(False)

    def _ask_rest(self) -> None:
        """Ask for what stands round the day."""
        if self.picture is None or not self.isVisible():
            return
        shot = self.picture.shot
        self.panels.show_day(self.picture)
        self.ask(visit_reasons, self._keep_reasons)
        self.ask(day_looks, self.looks.show_looks)
        self.ask(floor_plan, self.floor.show_plan, shot.clinic_id)
        if shot.span[1] > shot.now:
            self.ask(gap_fits, self._keep_fits, shot.clinic_id, shot.on)
        if self.bench.may(standing_alerts):
            self.ask(standing_alerts, self._keep_alerts, shot.clinic_id)
        self.panels.ask(shot)

    def _keep_fits(self, fits: tuple[GapFit, ...]) -> None:
        found: dict[tuple[str, int], int] = {(fit.operatory_id, fit.start): fit.patients for fit in fits}
        if found != self._fits and self.picture is not None:
            self._fits = found
            self.picture.fits = found
            self.redraw()

    def _keep_alerts(self, alerts: tuple[AlertLine, ...]) -> None:
        if alerts != self.alerts:
            self.alerts = alerts
            self.redraw()

    def redraw(self) -> None:
        """Paint what is known, as it is looked for."""
        if self.picture is None:
            return
        self.picture = self.picture.with_filter(self.filters.value())
        view = self.bar.value("view")
        pane = self.panes[view]
        self.timeline.by, self.timeline.run = By(self.bar.value("by")), Run(self.bar.value("run"))
        if pane is self.board:
            self.board.show_day(self.picture, self.alerts)
        else:
            pane.show_day(self.picture)
        self.views.setCurrentWidget(pane)
        self._choose_in(pane)
        if self.afterwards.isActive():  # a tap is painted first
            self.panels.show_visit(self.picture)
        else:
            self.panels.show_day(self.picture)

    def _choose_in(self, pane: Any) -> None:
        if pane is self.timeline:
            pane.choose(self.chosen)
        else:
            pane.choose_visit(self.chosen)

    def _tick(self) -> None:
        """A new minute is a new picture."""
        if not self.isVisible():
            self._ticker.stop()
            self.stale = True
        elif int(self.bench.runner.clock.now().timestamp()) // 60 != self._minute:
            self.freshen()

    # -- saved views ----------------------------------------------------------------------------------------
    def look(self) -> dict[str, str]:
        """How the day is looked at, as it is kept."""
        ways = {key: self.bar.value(key) for key in ("view", "by", "run")}
        order = {"sort": self.grid.sort, "falling": "1" if self.grid.falling else "",
                 "columns": ",".join(self.grid.rows.names)}  # fmt: skip
        return {**ways, **order, **self.filters.value().as_words()}

    def use_look(self, look: dict[str, str]) -> None:
        """Look at the day as a saved view says."""
        self.grid.sort, self.grid.falling = look.get("sort", "time"), bool(look.get("falling"))
        self.grid.set_columns(look.get("columns", "").split(","))
        self.bar.take(look)
        self.filters.put(DayFilter.of(look))

    # -- going about ----------------------------------------------------------------------------------------
    def visit(self) -> DayVisitLine | None:
        """The visit that is chosen."""
        return self.picture.visits.get(self.chosen) if self.picture is not None else None

    def take_choice(self, visit_id: str) -> None:
        """A visit is chosen in a view; every other view stands on it too."""
        self.chosen = visit_id
        self.fold()
        if self.picture is not None:
            self.panels.show_visit(self.picture)
            self._choose_in(self.views.currentWidget())

    def choose_chair(self, place: int) -> bool:
        """Stand on the visit at a chair, the chairs counted in their order."""
        chairs = self.picture.shot.chairs if self.picture is not None else ()
        chair = chairs[place] if place < len(chairs) else None
        found = (*chair.visits, *chair.queue) if chair is not None else ()
        if found:
            self.take_choice(found[0])
        return bool(found)

    def menu_of_chosen(self) -> None:
        """Everything that can be done to the chosen visit, beside its card."""
        corner = self.panels.visit_card.mapToGlobal(QPoint(12, 40))
        self.hands.menu(self.chosen, corner)

    def step(self, days: int) -> None:
        """Days forward or back; 0 goes to today."""
        self.go_to(self.day() + timedelta(days=days) if days else self.bench.runner.clock.today())

    def go_to(self, on: date) -> None:
        """Show a day."""
        self._on = None if on == self.bench.runner.clock.today() else on
        self.chosen, self._fits = "", {}
        self.freshen()
        self.titled.emit()
        announce(self.views, day(self.day(), weekday=True))

    def _rearrange(self, key: str) -> None:
        ways = {each: self.bar.value(each) for each in ("view", "by", "run")}
        self.bench.remember(DAY_START, json.dumps(ways))
        if key == "run":
            self.timeline.grid.zoom = 6 if self.bar.value("run") == Run.RIGHT else 4
        self.redraw()

    def _open_calendar(self) -> None:
        popup = MonthPopup(self.day(), self.bench.runner.clock.today(), self)
        popup.chosen.connect(self.go_to)
        popup.move(self.bar.date.mapToGlobal(self.bar.date.rect().bottomLeft()) + QPoint(0, 4))
        popup.show()

    def book(self, chosen: dict[str, Any]) -> None:
        """Open the editor for a place; a right that is not held is said here."""
        reason = self.bench.reason(book_appointment)
        if reason:
            self.bench.presenter.said.emit("warn", reason)
        else:
            self.open_screen.emit("appointment", chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the day; F-keys run the commands of the chosen visit."""
        if not take_key(self, event):
            super().keyPressEvent(event)
