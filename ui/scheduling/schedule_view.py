"""The schedule: a day or a week, by chair or by person; everything on it can be moved, and says first what follows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.ids import ClinicId
from app.practice.queries import OperatoryId, ProviderKind
from app.scheduling.commands import book_appointment
from app.scheduling.queries import (
    AppointmentClass,
    Board,
    GapFit,
    ReasonLine,
    SoonerFit,
    VisitLine,
    gap_fits,
    schedule_board,
    sooner_fits,
    visit_reasons,
)
from ui.scheduling.ghost import Deed
from ui.scheduling.schedule_acts import Act, Hands, paper_of, sentence_of, visit_menu
from ui.scheduling.schedule_bar import DAY, FilterRow, MonthPopup, ScheduleBar
from ui.scheduling.schedule_clip import Clip
from ui.scheduling.schedule_drop import Dropper
from ui.scheduling.schedule_keys import take_key
from ui.scheduling.schedule_lanes import By, Wanted, lanes_of
from ui.scheduling.schedule_legend import Legend
from ui.scheduling.schedule_panel import WIDTH, SchedulePanel
from ui.scheduling.schedule_scene import first_minute, scene_of
from ui.scheduling.timegrid import Item, Run
from ui.scheduling.timegrid_hands import WorkGrid
from ui.shell.formats import day
from ui.shell.screen import Screen
from ui.theme.style import theme
from ui.widgets.announce import announce
from ui.widgets.layout import VScroll, effective_width
from ui.widgets.painted_items import make_accessible

LOOK_EVERY: Final = 5_000
"""Milliseconds between two looks at the clock."""
NARROW: Final = 1100
MOST_FREE: Final = 6


class ScheduleView(Screen):
    """`choose(on=…, appointment_id=…, span="week", by="provider", run="down")`."""

    def build(self) -> None:
        """Bar, filters, grid, legend; the panel beside them."""
        self._on: date | None = None
        self._clinic: ClinicId | None = None
        self._board: Board | None = None
        self._fits: dict[tuple[str, int], int] = {}
        self._reasons: tuple[ReasonLine, ...] = ()
        self._wished, self._settled, self._minute = "", False, 0
        self.bar, self.filters, self.grid = ScheduleBar(), FilterRow(), WorkGrid()
        self.panel = SchedulePanel(self.bench)
        self._legend = Legend()
        make_accessible(self.grid)
        self.dropper, self.clip = Dropper(self), Clip(self)
        card = QFrame()
        card.setProperty("kind", "card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(1, 1, 1, 1)
        inner.setSpacing(0)
        for widget, stretch in ((self.bar, 0), (self.filters, 0), (self.grid, 1), (self._legend, 0)):
            inner.addWidget(widget, stretch)
        self.filters.hide()
        self._side = VScroll(self.panel)
        row = QHBoxLayout(self.body)
        row.setContentsMargins(14, 12, 14, 10)
        row.setSpacing(12)
        row.addWidget(card, 1)
        row.addWidget(self._side)
        self._connect()
        self.words.put(self.grid.setAccessibleName, N_("Schedule"))
        self.bar.retranslate()
        self._ticker = QTimer(self, interval=LOOK_EVERY)
        self._ticker.timeout.connect(self._tick)
        self._ticker.start()

    def _connect(self) -> None:
        bar, grid, panel = self.bar, self.grid, self.panel
        bar.stepped.connect(self.step)
        bar.calendar_asked.connect(self._open_calendar)
        bar.changed.connect(self._rearrange)
        bar.zoomed.connect(grid.set_zoom)
        bar.filters_asked.connect(self.filters.setVisible)
        bar.created.connect(self.book_new)
        bar.pasted.connect(self.clip.paste)
        self.filters.changed.connect(self._redraw)
        grid.chosen.connect(self._tell)
        grid.opened.connect(self._open)
        grid.stretched.connect(self._book_stretch)
        grid.menu_asked.connect(self._show_menu)
        panel.chart_asked.connect(self._open_chart)
        panel.edit_asked.connect(self.edit)
        panel.move_asked.connect(lambda: self.begin(Deed.MOVE))
        panel.resize_asked.connect(lambda: self.begin(Deed.RESIZE))
        panel.menu_asked.connect(self.menu_of_chosen)
        panel.book_asked.connect(self.book_new)
        panel.fit_taken.connect(self.dropper.take_fit)
        panel.gap_chosen.connect(grid.choose_item)

    # -- what is shown --------------------------------------------------------------------------------------
    def choose(self, **chosen: Any) -> None:
        """A day, and the visit to stand on."""
        on = chosen.get("on")
        if on is not None:
            self._on = date.fromisoformat(on) if isinstance(on, str) else on
        self._wished = str(chosen.get("appointment_id") or "")
        self.bar.take(chosen)
        self.freshen()

    def faces(self) -> dict[str, dict[str, Any]]:
        """Day and week, by chair and by person, and the clock that runs down."""
        return self.bar.faces()

    @property
    def on(self) -> date:
        """The day shown, or the first day of the week shown."""
        shown = self._on or self.bench.runner.clock.today()
        return shown if self.bar.value("span") == DAY else shown - timedelta(days=shown.weekday())

    @property
    def clinic_id(self) -> ClinicId | None:
        """The clinic shown."""
        return self._board.clinic.id if self._board is not None else None

    def printed(self) -> dict[str, Any]:
        """The sheet of the first day on show."""
        return {"document": "day_by_chair", "on": self.on}

    def heading(self) -> str:
        """Schedule."""
        return _(self.title)

    def subheading(self) -> str:
        """The day, or the week, and the clinic."""
        words = self._days_words()
        return f"{words} · {self._board.clinic.name}" if self._board is not None else words

    def _days_words(self) -> str:
        if self.bar.value("span") == DAY:
            return day(self.on, weekday=True)
        return _(N_("Week of {day}"), day=day(self.on))

    def focus_first(self) -> None:
        """The schedule: its keys work at once."""
        self.grid.setFocus(self.focus_reason)

    def filter_field(self) -> QWidget:
        """The filters, which open."""
        self.bar.filters.setChecked(True)
        return self.filters.resource

    def retranslate(self) -> None:
        """The bar is made of words too."""
        self.bar.retranslate()
        super().retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window: shapes in the bar, and the panel only for what is chosen."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        width = effective_width(self)
        self._side.setFixedWidth(theme.px(WIDTH))
        self._side.setVisible(width >= NARROW or self.grid.cursor_item is not None)

    @property
    def by_chair(self) -> bool:
        """Whether lanes are chairs, not people."""
        return self.wanted().by is By.CHAIR

    def kind_of(self, provider_id: str) -> ProviderKind | None:
        """What somebody who treats is."""
        return next((each.kind for each in self._board.people if each.id == provider_id), None) if self._board else None

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Ask for the days; the count of short-notice patients comes after them."""
        self._fold()
        self.bar.set_date(self._days_words())
        days = 1 if self.bar.value("span") == DAY else 7
        self.ask(schedule_board, self.show_board, self._clinic, self.on, days)
        self.ask(visit_reasons, self._keep_reasons)

    def _keep_reasons(self, reasons: tuple[ReasonLine, ...]) -> None:
        self._reasons = reasons

    def show_board(self, board: Board | None) -> None:
        """Draw the answer; who fits free minutes is asked for a day to come."""
        self._board = board
        if board is None:
            self.show_state("calendar-blank", N_("There is no clinic yet."), N_("Chairs and hours are set up first."))
            return
        self._minute = board.now
        if len(board.days) == 1 and board.days[0].span[1] > board.now:
            self.ask(gap_fits, self._keep_fits, board.clinic.id, board.days[0].on)
        else:
            self._fits = {}
        self._redraw()
        self.show_body()
        self.titled.emit()
        if not self._settled and self.isVisible():
            self._settled = True
            self.grid.horizontalScrollBar().setValue(0)
            self.grid.verticalScrollBar().setValue(0)
            self.grid.show_minute(first_minute(board))
        if self._wished and self.grid.choose_visit(self._wished):
            self._wished = ""
        self._tell(self.grid.cursor_item)

    def _keep_fits(self, fits: tuple[GapFit, ...]) -> None:
        found: dict[tuple[str, int], int] = {(fit.operatory_id, fit.start): fit.patients for fit in fits}
        if found != self._fits:
            self._fits = found
            self._redraw()
            self._tell(self.grid.cursor_item)

    def wanted(self) -> Wanted:
        """What the bar and the filters ask for."""
        kind = self.filters.kind.value()
        return Wanted(
            By(str(self.bar.value("by"))), str(self.filters.resource.value() or ""),
            str(self.filters.provider.value() or ""), AppointmentClass(str(kind)) if kind else None,
            str(self.filters.status.value() or ""),
        )  # fmt: skip

    def _redraw(self) -> None:
        board = self._board
        if board is None:
            return
        chairs = By(str(self.bar.value("by"))) is By.CHAIR
        lanes = [(each.id, each.name) for each in (board.chairs if chairs else board.people)]
        self.filters.fill(lanes, [(person.id, person.name) for person in board.people], chairs=chairs)
        shown = lanes_of(board, self.wanted(), self._fits)
        run = Run(str(self.bar.value("run")))
        self.grid.show_scene(scene_of(board, shown, self.bench.runner.clock), run)

    def _tick(self) -> None:
        """A new minute is a new picture."""
        if self.isVisible() and int(self.bench.runner.clock.now().timestamp()) // 60 != self._minute:
            self.freshen()

    # -- going about ----------------------------------------------------------------------------------------
    def step(self, steps: int) -> None:
        """Days or weeks forward or back; 0 goes to today."""
        length = 1 if self.bar.value("span") == DAY else 7
        self.go_to(self.on + timedelta(days=steps * length) if steps else self.bench.runner.clock.today())
        if not steps:
            self._settled = False

    def go_to(self, on: date) -> None:
        """Show a day."""
        self._on = on
        self.grid.choose_item(None)
        self.freshen()
        announce(self.grid, self._days_words())

    def _rearrange(self) -> None:
        self.bar.retranslate()
        day_view, right = self.bar.value("span") == DAY, self.bar.value("run") == Run.RIGHT
        self.grid.zoom = (6 if right else 4) if day_view else 2
        self._settled = False
        self.grid.choose_item(None)
        self.freshen()

    def _open_calendar(self) -> None:
        popup = MonthPopup(self._on or self.bench.runner.clock.today(), self.bench.runner.clock.today(), self)
        popup.chosen.connect(self.go_to)
        corner = self.bar.date.mapToGlobal(self.bar.date.rect().bottomLeft())
        popup.move(corner + QPoint(0, 4))
        popup.show()

    # -- the chosen item ------------------------------------------------------------------------------------
    def _tell(self, item: Item | None) -> None:
        board = self._board
        self._fold()
        if board is None:
            return
        if item is None:
            self.panel.show_day(board, self._days_words(), self._next_free())
        elif item.visit is not None:
            self.panel.show_visit(board, item.visit)
        else:
            self.panel.show_gap(item, self.grid.grid.lanes[item.lane], None)
            start, end = (datetime.fromtimestamp(at * 60, self.bench.runner.clock.zone) for at in item.span)
            self.ask(sooner_fits, self._show_fits, OperatoryId(self.grid.grid.lanes[item.lane].resource), start, end)

    def _next_free(self) -> list[tuple[Item, str]]:
        """The first free minutes that fit somebody of the short-notice list, else the first of all."""
        gaps = [item for item in self.grid.items if item.visit is None]
        gaps.sort(key=lambda item: (not item.patients, item.span, item.lane))
        return [(item, self.grid.grid.lanes[item.lane].name) for item in gaps[:MOST_FREE]]

    def _show_fits(self, fits: tuple[SoonerFit, ...]) -> None:
        item = self.grid.cursor_item
        if item is not None and item.visit is None:
            self.panel.show_gap(item, self.grid.grid.lanes[item.lane], fits)

    def chosen_visit(self) -> VisitLine | None:
        """The visit on which the keyboard stands."""
        item = self.grid.cursor_item
        return item.visit if item is not None else None

    def _open(self, item: Item) -> None:
        if item.visit is not None:
            self._open_chart(item.visit)
        else:
            self._book(item.lane, item.span[0], item.span[1] - item.span[0])

    def _open_chart(self, visit: VisitLine) -> None:
        self.open_screen.emit("patient", {"patient_id": visit.patient_id})

    def edit(self, visit: VisitLine) -> None:
        """Open the appointment."""
        self.open_screen.emit("appointment", {"appointment_id": visit.id})

    def book_new(self) -> None:
        """Open the editor: for the chosen free time, else for the day."""
        item = self.grid.cursor_item
        if item is not None and item.visit is None:
            self._open(item)
        else:
            self.open_screen.emit("appointment", {"day": self._on or self.bench.runner.clock.today()})

    def _book_stretch(self, lane: int, first: int, last: int) -> None:
        self._book(lane, first, last - first)

    def _book(self, lane: int, start: int, minutes: int) -> None:
        """Open the editor for a place; a right that is not held is said here."""
        reason = self.bench.reason(book_appointment)
        if reason:
            self.bench.presenter.said.emit("warn", reason)
            return
        chosen: dict[str, Any] = {
            "starts_at": datetime.fromtimestamp(start * 60, self.bench.runner.clock.zone), "minutes": minutes,
            self._given_by_lane(self.grid.grid.lanes[lane].resource): self.grid.grid.lanes[lane].resource,
        }  # fmt: skip
        self.open_screen.emit("appointment", chosen)

    def _given_by_lane(self, resource: str) -> str:
        """What a lane says of a new visit: its chair, its doctor, or whose hands."""
        if self.by_chair:
            return "operatory_id"
        return "doctor_id" if self.kind_of(resource) is ProviderKind.DOCTOR else "assistant_id"

    # -- doing ----------------------------------------------------------------------------------------------
    def act(self, act: Act, visit: VisitLine) -> None:
        """Run a command on a visit; one click, one toast."""
        reason = self.bench.reason(act.command)
        if reason:
            self.bench.presenter.said.emit("warn", reason)
            return
        self.bench.run(act.command, visit.id, **dict(act.more)).say(sentence_of(act, visit))

    def begin(self, deed: Deed) -> None:
        """Take the chosen visit up, by keyboard."""
        self.grid.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.grid.begin_by_keyboard(deed)

    def menu_of_chosen(self) -> None:
        """Everything that can be done to the chosen visit."""
        item = self.grid.cursor_item
        if item is not None:
            self._show_menu(item, self.grid.viewport().mapToGlobal(self.grid.item_rect(item).center().toPoint()))

    def _show_menu(self, item: Item, where: QPoint) -> None:
        if item.visit is None:
            return
        visit = item.visit
        hands = Hands(
            self.bench, self.act, lambda: self.begin(Deed.MOVE), lambda: self.begin(Deed.RESIZE),
            lambda: self.clip.take(visit), lambda: self._open_chart(visit), lambda: self.edit(visit),
            lambda document: self.open_screen.emit("print", paper_of(visit, document)),
        )  # fmt: skip
        menu = visit_menu(self, visit, self._reasons, hands)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)

    def landed(self, appointment_id: str) -> None:
        """A visit was moved: the keyboard goes with it, and it is in hand no more."""
        self.clip.put(appointment_id)
        self._wished = appointment_id

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the schedule; F-keys run the commands of the chosen visit."""
        if not take_key(self, event):
            super().keyPressEvent(event)
