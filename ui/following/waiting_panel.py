"""Short notice: who comes sooner if possible, what they asked for, and which time of today and tomorrow fits each."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import date, timedelta
from typing import Any

from app.core.i18n import N_, _, language
from app.core.ids import PatientId
from app.practice.queries import WEEKDAY_LABELS
from app.scheduling.commands import come_sooner, end_short_notice, move_appointment, note_contact
from app.scheduling.queries import SoonerFit, WaitingLine, short_notices, sooner_on
from ui.following.forms import ContactForm
from ui.following.list_panel import ListPanel, is_offered
from ui.patients.words import plain_name
from ui.shell.formats import NBSP, counted, day, hour, moment, phone
from ui.shell.screen import Screen
from ui.widgets.buttons import Button
from ui.widgets.choices import Switch
from ui.widgets.paged_model import Column, Row


def clock_words(minute: int) -> str:
    """`13 h 05` or `13:05` of minutes after midnight."""
    hours, rest = minute // 60 % 24, minute % 60
    return f"{hours}{NBSP}h{NBSP}{rest:02d}" if language() == "fr" else f"{hours}:{rest:02d}"


def _days(value: Any) -> str:
    return counted(N_("{n} day"), N_("{n} days"), value)


class WaitingPanel(ListPanel[WaitingLine]):
    """The short-notice list beside the free times."""

    def __init__(self, screen: Screen) -> None:
        self._fits: dict[date, dict[str, SoonerFit]] = {}
        nothing = (N_("Nobody waits for an earlier visit."), N_("Families who can come at short notice stand here."))
        super().__init__(screen, N_("Short-notice list"), nothing)
        self._fitting = Switch(_(N_("Only those who fit today or tomorrow")))
        self._export = Button("", "secondary", "download-simple")
        self.filters.add(self._fitting)
        self.filters.add(self._export)
        self._fitting.toggled.connect(lambda _on: self.filter_rows())
        self._export.clicked.connect(self.save)
        screen.words.put(self._export.setText, N_("Export"))
        ready = self._has_time
        self.add_act(
            N_("Move to the time found"),
            "lightning",
            self.come_sooner,
            move_appointment,
            kind="primary",
            key="M",
            ready=ready,
        )
        self.add_act(N_("Note a contact"), "phone", self._note, note_contact, key="C")
        if is_offered("appointment"):
            self.add_act(N_("Book"), "calendar-plus", self.book, key="B")
        self.add_act(N_("Open the file"), "user", self.open_chart, key="O")
        self.add_act(end_short_notice.label, "x-circle", self._end, end_short_notice)

    def show_list(self) -> None:
        """Read who waits, and what fits."""
        ask, today = self.screen_of.ask, self.bench.runner.clock.today()
        ask(short_notices, self.show_lines)
        ask(sooner_on, self._show_today, today)
        ask(sooner_on, self._show_tomorrow, today + timedelta(days=1))

    def show_lines(self, lines: tuple[WaitingLine, ...]) -> None:
        """Show who waits."""
        self.show_rows(lines)
        self.screen_of.show_body()

    def _show_today(self, fits: tuple[SoonerFit, ...]) -> None:
        self._take(0, fits)

    def _show_tomorrow(self, fits: tuple[SoonerFit, ...]) -> None:
        self._take(1, fits)

    def _take(self, ahead: int, fits: tuple[SoonerFit, ...]) -> None:
        on = self.bench.runner.clock.today() + timedelta(days=ahead)
        self._fits[on] = {fit.short_notice_id: fit for fit in fits}
        self.filter_rows()

    def fit_of(self, item: WaitingLine, ahead: int) -> SoonerFit | None:
        """The time that fits today (0) or tomorrow (1)."""
        on = self.bench.runner.clock.today() + timedelta(days=ahead)
        return self._fits.get(on, {}).get(item.id)

    def first_fit(self, item: WaitingLine) -> SoonerFit | None:
        """The first time that fits."""
        return self.fit_of(item, 0) or self.fit_of(item, 1)

    def wanted(self, item: WaitingLine) -> bool:
        """Everybody, or those for whom a time was found."""
        return not self._fitting.isChecked() or self.first_fit(item) is not None

    # -- cells ----------------------------------------------------------------------------------------------
    def columns(self) -> list[Column]:
        """Heads; in a narrow window those that one calls by."""
        found = [
            Column("name", _(N_("Patient")), strong=True),
            Column("what", _(N_("Visit")), width=150),
            Column("booked", _(N_("Booked for")), width=130),
            Column("when", _(N_("Can come")), width=160, sortable=False),
            Column("waits", _(N_("Waits")), _days, 80, right=True),
            Column("today", _(N_("Today")), width=96),
            Column("tomorrow", _(N_("Tomorrow")), width=84),
            Column("phone", _(N_("Phone")), width=126, sortable=False),
        ]
        return [found[place] for place in (0, 5, 6, 7)] if self.narrow else found

    def cells(self, item: WaitingLine) -> Row:
        """An entry as it is read."""
        clock = self.bench.runner.clock
        name = item.type_name_fr if language() == "fr" else item.type_name_en
        found = [self.fit_of(item, ahead) for ahead in (0, 1)]
        booked = day(clock.day_of(item.booked_for), short=True) if item.booked_for else _(N_("nothing booked"))
        row = (
            plain_name(item), f"{name} · {item.minutes}{NBSP}min",
            booked, constraints(item),
            item.waits_days, *(hour(fit.slot.starts_at, clock) if fit else "" for fit in found),
            phone(item.phone) if item.phone else "",
        )  # fmt: skip
        return tuple(row[place] for place in (0, 5, 6, 7)) if self.narrow else row

    def sort_value(self, item: WaitingLine, key: str) -> Any:
        """Times by instant, names by family name."""
        if key == "name":
            return item.family_name, item.given_name
        if key in {"today", "tomorrow"}:
            fit = self.fit_of(item, int(key == "tomorrow"))
            return fit.slot.starts_at if fit else None
        return item.booked_for if key == "booked" else super().sort_value(item, key)

    def patient_of(self, item: WaitingLine) -> PatientId:
        """Who waits."""
        return item.patient_id

    def key_of(self, item: WaitingLine) -> object:
        """The entry."""
        return item.id

    def export_name(self) -> str:
        """Short notice."""
        return "list short_notice"

    # -- verbs ----------------------------------------------------------------------------------------------
    def _has_time(self) -> bool:
        item = self.current()
        return item is not None and item.appointment_id is not None and self.first_fit(item) is not None

    def come_sooner(self) -> None:
        """Give the visit the time that was found, and take the patient off the list when that has been done."""
        item = self.current()
        fit = self.first_fit(item) if item is not None else None
        if item is None or fit is None or item.appointment_id is None:
            return
        bench, slot, entry, visit = self.bench, fit.slot, item.id, item.appointment_id
        when = moment(slot.starts_at, bench.runner.clock)
        said = _(N_("{name} now comes on {moment}."), name=plain_name(item), moment=when)

        def done(future: Future[str]) -> None:
            error = future.exception()
            if error is not None:
                bench.presenter.present(error, "move_appointment")
            else:
                bench.note_done("", said, future.result())

        bench.background(lambda: come_sooner(bench.runner, bench.actor, entry, visit, slot), done)

    def _note(self) -> None:
        item = self.current()
        if item is not None:
            title = _(N_("Contact with the family of {name}"), name=plain_name(item))
            self.show_form(title, ContactForm(self.screen_of, item.patient_id))

    def _end(self) -> None:
        item = self.current()
        if item is not None:
            self.bench.run(end_short_notice, item.id)


def constraints(item: WaitingLine) -> str:
    """Days, hours and last day that somebody asked for; any time when nothing was."""
    parts = []
    if item.weekdays:
        parts.append(", ".join(_(WEEKDAY_LABELS[weekday]).lower()[:3] for weekday in item.weekdays))
    if item.earliest_minute is not None:
        parts.append(_(N_("from {time}"), time=clock_words(item.earliest_minute)))
    if item.latest_minute is not None:
        parts.append(_(N_("before {time}"), time=clock_words(item.latest_minute)))
    if item.until_on is not None:
        parts.append(_(N_("until {date}"), date=day(item.until_on, short=True)))
    return " · ".join(parts) or _(N_("any time"))
