"""Today: everything that happens at the desk, as a live list or by chair, with the one next step of each visit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.ids import ClinicId
from app.practice.queries import (
    NEVER_BOOKED,
    ClinicLine,
    DayHours,
    OperatoryLine,
    ProviderLine,
    clinic_days,
    clinics,
    operatories,
    providers,
)  # fmt: skip
from app.scheduling.commands import cancel_appointment, insert_walk_in
from app.scheduling.queries import DayPage, DayRow, DaySort, TypeLine, appointment_types, day_list
from app.scheduling.settings import WAIT_ALARMS, WAIT_WARNS
from ui.patients.facts import empty
from ui.scheduling.today_bar import LANES, LIST, TodayBar
from ui.scheduling.today_detail import Detail
from ui.scheduling.today_figures import Figures
from ui.scheduling.today_lanes import Lanes, lanes_name
from ui.scheduling.today_panels import Gaps, ToConfirm, WalkIn
from ui.scheduling.today_room import Places
from ui.scheduling.today_rows import DayDelegate, DayModel, columns, first_open
from ui.scheduling.today_steps import STEPS, Step, next_step, take
from ui.shell.formats import counted, day, hour
from ui.shell.screen import Screen
from ui.shell.table_card import TableCard
from ui.theme.style import theme
from ui.widgets.cards import EmptyState
from ui.widgets.labels import Label
from ui.widgets.layout import BothWays, effective_width
from ui.widgets.tables import Table

LIMIT = 100
WHOLE_DAY = 500
TICK = 20_000
"""Milliseconds between two looks at the clock."""
NARROW = 1180
LEAST_ROWS = 6
"""Px at 100 % text that list and margins keep."""


class TodayView(Screen):
    """The day of one clinic; `choose(on=…)` shows another day."""

    def build(self) -> None:
        """Figures, bar, list or lanes, and the panel at the right."""
        self._clinic = ClinicId("")
        self._on: date | None = None
        self._sort, self._falling = DaySort.TIME, False
        self._next: int | None = None
        self._chairs: tuple[OperatoryLine, ...] = ()
        self._types: tuple[TypeLine, ...] = ()
        self._hours: DayHours | None = None
        self._page: DayPage | None = None
        self._ages = (WAIT_WARNS.default, WAIT_ALARMS.default)
        self._figures, self._bar = Figures(), TodayBar()
        self._make_list()
        self._detail, self._gaps, self._confirm = Detail(self.bench), Gaps(self.bench), ToConfirm(self.bench)
        self._walk_in_place = QVBoxLayout()
        self._lay_out()
        self._connect()
        self._make_keys()
        self._minute = self.bench.runner.clock.now()
        self._timer = QTimer(self, interval=TICK)
        self._timer.timeout.connect(self._tick)
        self.words.put(self._table.setAccessibleName, N_("Visits of the day"))

    def _make_list(self) -> None:
        self._model = DayModel(self.bench)
        self._model.setParent(self)
        self._table = Table("", self._model)
        self._delegate = DayDelegate(self.bench, self._model, self._thresholds, self._table)
        self._table.setItemDelegate(self._delegate)
        self._table.installEventFilter(self)
        self._lanes = Lanes(self.bench.runner.clock)
        self._none = EmptyState("calendar-blank", "", "")
        self._views = QStackedWidget()
        for page in (self._table, BothWays(self._lanes), self._none):
            self._views.addWidget(page)
        self._count = Label("", "small", "muted")

    def _lay_out(self) -> None:
        card = TableCard()
        card.add(self._bar)
        card.add(self._views, 1)
        beside = QVBoxLayout()
        beside.setSpacing(10)
        beside.addLayout(self._walk_in_place)
        for panel in (self._detail, self._gaps, self._confirm):
            beside.addWidget(panel)
        self._places = Places(self.body, self._figures, card, self._count, beside)

    def _connect(self) -> None:
        for tile in self._figures.tiles:
            tile.toggled.connect(lambda _on: self._take_tiles())
        self._bar.moved.connect(self._move_day)
        self._bar.filtered.connect(self._take_filters)
        self._bar.viewed.connect(self._show_page)
        self._bar.new_asked.connect(lambda: self._go("appointment", {"day": self.day().isoformat()}))
        self._bar.walk_in_asked.connect(self._ask_walk_in)
        self._bar.clinic_chosen.connect(self._take_clinic)
        self._model.sort_asked.connect(self._sort_by)
        self._table.row_changed.connect(self._choose_row)
        self._table.opened.connect(lambda row: self._open_chart(self._model.item(row)))
        self._table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._delegate.acted.connect(self._act_on)
        self._lanes.chosen.connect(self._choose_block)
        self._lanes.opened.connect(self._open_chart)
        self._detail.go.connect(self._go)
        self._detail.off.connect(lambda _visit: self._gaps.ask(self._clinic, self.day()))

    def _make_keys(self) -> None:
        """The keys of the design, on the visit that is chosen; they hold wherever the keyboard is on this screen."""
        keys: list[tuple[str, Callable[[], Any]]] = [(step.keys, partial(self._step, step)) for step in STEPS]
        keys += [("Ctrl+N", self._bar.new_asked.emit), ("Ctrl+R", self._detail.book_next),
                 ("Ctrl+E", self._detail.edit), ("Ctrl+Shift+N", self._ask_walk_in)]  # fmt: skip
        for text, act in keys:
            shortcut = QShortcut(QKeySequence(text), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # -- what is shown --------------------------------------------------------------------------------------
    def choose(self, **chosen: Any) -> None:
        """Show a day (a date or its ISO text), as a list or in lanes (`view`)."""
        if chosen.get("view"):
            self._bar.show_view(str(chosen["view"]))
        if chosen.get("on"):
            on = chosen["on"]
            self._on = date.fromisoformat(on) if isinstance(on, str) else on
            self.freshen()

    def faces(self) -> dict[str, dict[str, Any]]:
        """By chair, and the list again."""
        return {view: {"view": view} for view in (LANES, LIST)}

    def day(self) -> date:
        """The day on show."""
        return self._on or self.bench.runner.clock.today()

    def printed(self) -> dict[str, Any]:
        """The sheet of the day on show, and the papers of the visit that is chosen."""
        row = self._detail.row
        of_visit = {"patient_id": row.visit.patient_id, "appointment_id": row.visit.id} if row is not None else {}
        return {"document": "day_by_chair", "on": self.day(), **of_visit}

    def subheading(self) -> str:
        """The day in words."""
        clinic = self._bar.clinic_name()
        return " · ".join(part for part in (day(self.day(), weekday=True), clinic) if part)

    def focus_first(self) -> None:
        """The list."""
        target: QWidget = self._table if self._views.currentWidget() is self._table else self._bar.field
        target.setFocus(self.focus_reason)

    def filter_field(self) -> QWidget:
        """The field over the list."""
        return self._bar.field

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Ask for the clinic, then for its day."""
        self._timer.start()
        self._ages = (self.bench.setting(WAIT_WARNS), self.bench.setting(WAIT_ALARMS))
        self._bar.retranslate(self.bench.runner.clock, self.bench)
        self._detail.take_reasons()
        self.ask(clinics, self._take_clinics)
        self.ask(appointment_types, self._take_types)
        self.ask(providers, self._take_providers)

    def _take_clinics(self, found: tuple[ClinicLine, ...]) -> None:
        if not found:
            self.show_state(
                "calendar-blank", N_("No clinic is set up yet."), N_("Clinics, chairs and hours come first.")
            )
            return
        self._clinic = self._bar.show_clinics(found, self._clinic)
        self.titled.emit()
        self.ask(operatories, self._take_chairs, self._clinic)
        self._ask_day()

    def _take_clinic(self, clinic_id: str) -> None:
        self._clinic = ClinicId(clinic_id)
        self.freshen()

    def _take_chairs(self, chairs: tuple[OperatoryLine, ...]) -> None:
        self._chairs = chairs
        self._bar.chairs.set_entries([(chair.id, chair.name) for chair in chairs])
        self._show_page()

    def _take_types(self, types: tuple[TypeLine, ...]) -> None:
        self._types = types
        self._bar.show_types(types)

    def _take_providers(self, people: tuple[ProviderLine, ...]) -> None:
        self._bar.people.set_entries([(who.id, who.name) for who in people if who.kind not in NEVER_BOOKED])

    def _ask_day(self) -> None:
        self.ask(clinic_days, self._take_hours, self._clinic, self.day(), 1)
        whole = self._bar.by_chair()
        self.ask(
            day_list, self.show_day, self._clinic, self.day(), **self._bar.filters(), sort=self._sort,
            descending=self._falling, limit=WHOLE_DAY if whole else LIMIT,
        )  # fmt: skip
        self._gaps.ask(self._clinic, self.day())
        self._confirm.ask(self._clinic, self.day())

    def _take_hours(self, found: tuple[DayHours, ...]) -> None:
        self._hours = found[0] if found else None
        self._show_page()

    def show_day(self, page: DayPage) -> None:
        """The first page of the day."""
        held = self._detail.row.visit.id if self._detail.row else ""
        self._page, self._next = page, page.next
        self._figures.tell(page.stages, page.unconfirmed)
        self._model.start(page.rows, columns(self._model.clock, self._room()))
        ids: list[str] = [row.visit.id for row in page.rows]
        if page.rows:
            place = ids.index(held) if held in ids else first_open(page.rows)
            self._table.choose(place)
            if not held:
                self._table.scrollTo(self._model.index(place, 0), Table.ScrollHint.PositionAtCenter)
            if self._detail.row is not page.rows[place]:  # another row than before was told by the table
                self._choose_row(place)
        else:
            self._detail.show_row(None)
        words = counted(N_("{n} visit"), N_("{n} visits"), page.total)
        self._count.setText(f"{words} · {hour(self._model.clock.now(), self._model.clock)}")
        self._show_page()
        self.show_body()

    def _show_page(self) -> None:
        if self._page is None:
            return
        if not self._page.rows:
            self._say_empty(self._page)
            self._views.setCurrentIndex(2)
            return
        if self._bar.by_chair():
            openings = self._hours.openings if self._hours is not None else ()
            self._lanes.setAccessibleName(lanes_name(day(self.day(), weekday=True)))
            self._lanes.show_day(self._page.rows, self._chairs, openings)
            self._lanes.choose(self._detail.row.visit.id if self._detail.row else "")
        self._views.setCurrentIndex(1 if self._bar.by_chair() else 0)

    def _say_empty(self, page: DayPage) -> None:
        if sum(page.stages.values()):
            self._none.tell(
                _(N_("No visit of this day matches the filters.")), _(N_("Take a filter away to see more.")), ""
            )
            return
        closed = self._hours is not None and not self._hours.openings
        reason = _(self._hours.reason) if self._hours is not None and self._hours.reason else ""
        fact = _(N_("The clinic is closed on this day.") if closed else N_("No visit is booked on this day."))
        if closed and reason:
            fact = _(N_("The clinic is closed: {reason}."), reason=reason)
        self._none.tell(fact, _(N_("Ctrl N books one; the arrows over the list show other days.")), "")

    def _scrolled(self, value: int) -> None:
        bar = self._table.verticalScrollBar()
        if self._next is not None and value >= bar.maximum() - 5 * theme.row_height:
            start, self._next = self._next, None
            self.ask(
                day_list, self._more, self._clinic, self.day(), **self._bar.filters(), sort=self._sort,
                descending=self._falling, limit=LIMIT, offset=start,
            )  # fmt: skip

    def _more(self, page: DayPage) -> None:
        self._next = page.next
        self._model.add(page.rows)

    def _thresholds(self) -> tuple[int, int]:
        return self._ages

    # -- the clock ------------------------------------------------------------------------------------------
    def _tick(self) -> None:
        """Waits and the line of now move with the clock; who has become late is asked each minute."""
        if not self.isVisible():
            self._timer.stop()
            self.stale = True
            return
        self._table.viewport().update()
        self._lanes.update()
        now = self.bench.runner.clock.now()
        if now - self._minute >= timedelta(minutes=1) and self._clinic:
            self._minute = now
            with self.bench.reloading(self):
                self._ask_day()

    # -- choosing -------------------------------------------------------------------------------------------
    def _choose_row(self, place: int) -> None:
        row = self._model.item(place)
        if row is not None:
            self._detail.show_row(row)
            self._lanes.choose(row.visit.id)

    def _choose_block(self, row: DayRow) -> None:
        ids = [item.visit.id for item in self._model.items]
        if row.visit.id in ids:
            self._table.choose(ids.index(row.visit.id))
        self._detail.show_row(row)

    def _take_tiles(self) -> None:
        self._bar.set_stages(self._figures.stages())
        self._ask_again()

    def _take_filters(self) -> None:
        self._figures.choose(self._bar.filters()["stages"])
        self._ask_again()

    def _ask_again(self) -> None:
        if self._clinic:
            with self.bench.reloading(self):
                self._ask_day()

    def _sort_by(self, key: str, falling: bool) -> None:
        self._sort, self._falling = DaySort(key), falling
        self._ask_again()

    def _move_day(self, days: int) -> None:
        self._on = None if days == 0 else self.day() + timedelta(days=days)
        self._detail.show_row(None)
        self.titled.emit()
        self._bar.retranslate(self.bench.runner.clock, self.bench)
        self._ask_again()

    # -- acting ---------------------------------------------------------------------------------------------
    def _act_on(self, place: int) -> None:
        row = self._model.item(place)
        step = next_step(row) if row is not None else None
        if row is not None and step is not None:
            self._table.choose(place)
            take(self.bench, step, row)

    def _step(self, step: Step) -> None:
        if self._detail.row is not None:
            take(self.bench, step, self._detail.row)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the list, Space goes to the next step of the visit, Delete asks why it is cancelled."""
        if event.type() == QEvent.Type.Resize:
            self._fit()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._detail.row is not None:
            if event.key() == Qt.Key.Key_Space and self._detail.next_button is not None:
                self._detail.next_button.setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if event.key() == Qt.Key.Key_Delete:
                self._detail.ask_why(cancel_appointment)
                return True
        return False

    def _open_chart(self, row: DayRow | None) -> None:
        if row is not None:
            self._go("patient", {"patient_id": row.visit.patient_id})

    def _go(self, name: str, chosen: dict[str, Any]) -> None:
        self.open_screen.emit(name, chosen)

    def _ask_walk_in(self) -> None:
        if not self.bench.may(insert_walk_in):
            self.bench.presenter.said.emit("warn", self.bench.reason(insert_walk_in))
            return
        empty(self._walk_in_place)
        form = WalkIn(self.bench)
        form.closed.connect(lambda: empty(self._walk_in_place))
        self._walk_in_place.addWidget(form)
        form.begin(self._types, self._chairs)

    # -- room -----------------------------------------------------------------------------------------------
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Less beside the list, and fewer words over it, when narrow."""
        super().resizeEvent(event)
        width = effective_width(self)
        beside = self._places.fold(self.width(), width)
        self._table.keep_rows(0 if beside else LEAST_ROWS)
        self._figures.show_chosen(width >= NARROW)
        self._bar.fold(width < NARROW or self.width() - beside - 44 < self._bar.need())
        self._fit()

    def _room(self) -> float:
        """Px at 100 % text for the columns of the list."""
        return (self._table.width() - self._table.verticalScrollBar().sizeHint().width()) / theme.text_scale

    def _fit(self) -> None:
        held = max(self._table.currentIndex().row(), 0)
        if self._model.fit(self._room()):
            self._table.choose(held)
