"""The practice, its hours and its chairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.access.settings import CLINIC_TIME_ZONE, TIME_ZONE_LABELS, TimeZone
from app.cli.first_run import Chair, chair_problems, hours_problems, practice_problems
from app.core.errors import ClinicError
from app.core.i18n import LANGUAGES, N_, _, translate_in
from app.practice.commands import Opening
from app.practice.queries import LANGUAGES_LABELS, WEEKDAY_LABELS, ClinicLanguages, OperatoryKind, Weekday
from ui.first_run.page import Page, Pairs
from ui.practice.editors import ClockField, Picker
from ui.practice.words import labelled
from ui.theme.style import on_theme_change, theme
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, Hairline
from ui.widgets.choices import Switch
from ui.widgets.fields import TextField
from ui.widgets.form import Message
from ui.widgets.labels import Label
from ui.widgets.layout import Flow
from ui.widgets.typed_fields import NumberField

MOST_CHAIRS = 30
FIRST_CHAIRS = 4
_CLOCK_WIDTH = 104
CHAIR = N_("Chair {number}")


class PracticePage(Page):
    """How the practice and its first clinic are called and reached."""

    step = N_("Practice")
    title = N_("Your practice")
    blurb = N_("As it will stand on letters, receipts and the sign-in screen. Everything can be changed later.")

    def build(self) -> None:
        """Names, phone, address, time zone, languages."""
        self._pairs = Pairs()
        self._pairs.put(
            self.put("practice", N_("Practice name"), TextField()),
            self.put("clinic", N_("Name of this clinic"), TextField(), N_("Empty: as the practice.")),
        )
        self._pairs.put(self.put("address", N_("Address"), TextField()), whole=True)
        self._pairs.put(
            self.put("phone", N_("Phone"), TextField("514 555-0100")),
            self.put("languages", N_("Languages of the clinic"), Picker(lambda: labelled(LANGUAGES_LABELS))),
        )
        self._pairs.put(
            self.put("time_zone", CLINIC_TIME_ZONE.label, Picker(lambda: labelled(TIME_ZONE_LABELS))), whole=True
        )
        zone, spoken = self.fields["time_zone"].editor, self.fields["languages"].editor
        assert isinstance(zone, Picker)
        assert isinstance(spoken, Picker)
        zone.set_value(TimeZone.TORONTO.value)
        spoken.set_value(ClinicLanguages.BOTH.value)
        self.add(self._pairs)

    def take(self) -> None:
        """Into the plan."""
        self.answers.plan = replace(
            self.answers.plan,
            practice=self.text("practice"), clinic=self.text("clinic"), address=self.text("address"),
            phone=self.text("phone"), time_zone=TimeZone(self.text("time_zone")),
            languages=ClinicLanguages(self.text("languages")),
        )  # fmt: skip

    def problems(self) -> Mapping[str, ClinicError]:
        """By field."""
        return practice_problems(self.answers.plan)

    def fold(self, narrow: bool) -> None:
        """One column."""
        self._pairs.fold(narrow)


class _Day:
    """The row of one weekday."""

    def __init__(self, page: HoursPage, day: Weekday, grid: QGridLayout, row: int) -> None:
        self.day = day
        self.name, self.open = Label("", "name"), Switch("", show_name=False)
        self.start, self.end, self.message = ClockField(), ClockField(), Message()
        self.until = Label("–", "body", "muted")
        for field in (self.start, self.end):
            field.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            field.textEdited.connect(lambda _text: self.message.show_text("", False))
        self.closed = Label("", "body", "muted")
        self.message.show_text("", False)
        middle = Qt.AlignmentFlag.AlignVCenter
        for column, widget in enumerate((self.open, self.name, self.start, self.until, self.end)):
            grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignCenter if widget is self.until else middle)
        grid.addWidget(self.closed, row, 2, 1, 3, middle)
        grid.addWidget(self.message, row + 1, 2, 1, 4)
        words = page.words
        words.put(self.name.setText, WEEKDAY_LABELS[day])
        words.put(self.closed.setText, N_("closed"))
        words.put(self.open.setAccessibleName, N_("Open on {day}"), day=WEEKDAY_LABELS[day])
        words.put(self.start.setAccessibleName, N_("{day}, opens at"), day=WEEKDAY_LABELS[day])
        words.put(self.end.setAccessibleName, N_("{day}, closes at"), day=WEEKDAY_LABELS[day])
        self.open.toggled.connect(self._show)
        self._show(False)

    def fit(self) -> None:
        """As wide as a clock time is in this text size."""
        for field in (self.start, self.end):
            field.setFixedWidth(theme.px(_CLOCK_WIDTH))

    def _show(self, on: bool) -> None:
        for widget in (self.start, self.until, self.end):
            widget.setVisible(on)
        self.closed.setVisible(not on)
        if not on:
            self.message.show_text("", False)

    def set_hours(self, opening: Opening | None) -> None:
        """Show these hours, or closed."""
        self.open.setChecked(opening is not None)
        if opening is not None:
            self.start.set_value(opening.start)
            self.end.set_value(opening.end)
        self._show(opening is not None)

    def hours(self) -> Opening | None:
        """What is typed; None when closed."""
        return Opening(self.start.value(), self.end.value()) if self.open.isChecked() else None


class HoursPage(Page):
    """When the clinic is open, day by day."""

    step = N_("Hours")
    title = N_("When is the clinic open?")
    blurb = N_("The usual week. Breaks, holidays and the shifts of each person are set later, under Practice.")

    def build(self) -> None:
        """Seven rows, and Monday's hours for the whole week at once."""
        card, grid = Card(), QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(5, 1)
        grid.setColumnMinimumWidth(3, 14)
        self._days = [_Day(self, day, grid, 2 * number) for number, day in enumerate(Weekday)]
        card.add(grid)
        card.add(Hairline())
        card.add(self._make_lunch())
        self._same = Button("", "quiet", "copy")
        self._same.clicked.connect(self._copy)
        self.words.put(self._same.setText, N_("Monday’s hours for every open day"))
        self.add(card)
        self.add(Flow(self._same))
        self._show()
        on_theme_change(self._fit)

    def _make_lunch(self) -> QVBoxLayout:
        """Closed at noon or not, and from when to when, on every open day at once."""
        self._lunch, self._lunch_words, self._lunch_message = Switch("", show_name=False), Label("", "name"), Message()
        self._from, self._until, self._dash = ClockField(), ClockField(), Label("–", "body", "muted")
        for field, noon in ((self._from, "12:00"), (self._until, "13:00")):
            field.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            field.set_value(noon)
            field.textEdited.connect(lambda _text: self._lunch_message.show_text("", False))
        row, column = QHBoxLayout(), QVBoxLayout()
        row.setSpacing(12)
        for widget in (self._lunch, self._lunch_words, self._from, self._dash, self._until):
            row.addWidget(widget)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._lunch_message)
        self._lunch_message.show_text("", False)
        self._lunch.toggled.connect(self._show_lunch)
        self._show_lunch(False)
        self.words.put(self._lunch_words.setText, N_("Closed at lunch, every open day"))
        self.words.put(self._lunch.setAccessibleName, N_("Closed at lunch, every open day"))
        self.words.put(self._from.setAccessibleName, N_("Lunch, closes at"))
        self.words.put(self._until.setAccessibleName, N_("Lunch, opens again at"))
        return column

    def _show_lunch(self, on: bool) -> None:
        for widget in (self._from, self._dash, self._until):
            widget.setVisible(on)
        if not on:
            self._lunch_message.show_text("", False)

    def _fit(self) -> None:
        for row in self._days:
            row.fit()
        for field in (self._from, self._until):
            field.setFixedWidth(theme.px(_CLOCK_WIDTH))

    def _show(self) -> None:
        hours = dict(self.answers.plan.hours)
        for row in self._days:
            row.set_hours(hours.get(row.day))

    def _copy(self) -> None:
        monday = self._days[0].hours() or Opening(self._days[0].start.value(), self._days[0].end.value())
        for row in self._days:
            if row.open.isChecked():
                row.set_hours(monday)

    def take(self) -> None:
        """Into the plan."""
        found = [(row.day, hours) for row in self._days if (hours := row.hours()) is not None]
        lunch = Opening(self._from.value(), self._until.value()) if self._lunch.isChecked() else None
        self.answers.plan = replace(self.answers.plan, hours=tuple(found), lunch=lunch)

    def problems(self) -> Mapping[str, ClinicError]:
        """By weekday, and of the lunch."""
        return hours_problems(self.answers.plan.hours, self.answers.plan.lunch)

    def check(self) -> bool:
        """The sentence stands under the hours of its day."""
        self.take()
        found = self.problems()
        for row in self._days:
            row.message.show_text(str(found.get(row.day.value, "")), True)
        wrong = next((row for row in self._days if row.day.value in found), None)
        if wrong is not None:
            target = wrong.start if wrong.open.isChecked() else wrong.open
            target.setFocus(Qt.FocusReason.TabFocusReason)
        self._lunch_message.show_text(str(found.get("lunch", "")), True)
        if wrong is None and found:
            self._from.setFocus(Qt.FocusReason.TabFocusReason)
        return not found

    def first(self) -> QWidget:
        """Monday."""
        return self._days[0].open

    def retranslate(self) -> None:
        """What was wrong is said again at the next check."""
        super().retranslate()
        for row in self._days:
            if row.message.text():
                row.message.show_text(str(self.problems().get(row.day.value, "")), True)


_EXTRA = (
    (OperatoryKind.RECORDS, N_("Records room"), N_("Photographs, scans and X-rays")),
    (OperatoryKind.CONSULTATION, N_("Consultation room"), N_("First visits and case presentations")),
    (OperatoryKind.LAB, N_("Lab column"), N_("Virtual: work that has no chair")),
    (OperatoryKind.EMERGENCY, N_("Emergency column"), N_("Virtual: visits fitted in on the day")),
)


class ChairsPage(Page):
    """The columns of the schedule."""

    step = N_("Chairs")
    title = N_("How many chairs do you have?")
    blurb = N_("Each one becomes a column of the schedule. Name them as you call them aloud.")

    def build(self) -> None:
        """The number, a name each, and rooms beside them."""
        self._count = NumberField(least=1, most=MOST_CHAIRS)
        self._count.set_value(FIRST_CHAIRS)
        self.add(self.put("count", N_("Number of chairs"), self._count))
        self._pairs = Pairs()
        self._chairs: list[TextField] = []
        self.add(self._pairs)
        self._rooms: list[tuple[OperatoryKind, str, Switch]] = []
        card = Card(" ")
        self.words.put(card.set_title, N_("Rooms and virtual columns"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        for row, (kind, name, meaning) in enumerate(_EXTRA):
            switch, words, under = Switch("", show_name=False), Label("", "name"), Label("", "small", "muted")
            self.words.put(switch.setAccessibleName, name)
            self.words.put(words.setText, name)
            self.words.put(under.setText, meaning)
            grid.addWidget(switch, 2 * row, 0, 2, 1, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(words, 2 * row, 1)
            grid.addWidget(under, 2 * row + 1, 1)
            self._rooms.append((kind, name, switch))
        self._rooms[0][2].setChecked(True)
        self._rooms[3][2].setChecked(True)
        card.add(grid)
        self.add(card)
        self._count.textChanged.connect(lambda _text: self._resize())
        self._resize()
        on_theme_change(self._fit)

    def _fit(self) -> None:
        self._count.setFixedWidth(theme.px(96))

    def _resize(self) -> None:
        wanted = self._count.value()
        if not isinstance(wanted, Decimal):
            return
        while len(self._chairs) < int(wanted):
            self._grow(len(self._chairs))
        while len(self._chairs) > int(wanted):
            self._chairs.pop()
            self._pairs.drop(self.fields.pop(str(len(self._chairs))))

    def _grow(self, number: int) -> None:
        editor = TextField()
        editor.set_value(_(CHAIR, number=number + 1))
        made = self.put(str(number), " ", editor)
        self.words.put(made.set_label, N_("Name of chair {number}"), number=number + 1)
        self._chairs.append(editor)
        self._pairs.put(made)

    def take(self) -> None:
        """Into the plan: the chairs, then the rooms that are ticked."""
        rooms = [Chair(_(name), kind) for kind, name, switch in self._rooms if switch.isChecked()]
        chairs = [Chair(str(editor.value())) for editor in self._chairs]
        self.answers.plan = replace(self.answers.plan, chairs=(*chairs, *rooms))

    def problems(self) -> Mapping[str, ClinicError]:
        """By number; a number of chairs that cannot be read is said by its own field."""
        return chair_problems(self.answers.plan.chairs)

    def check(self) -> bool:
        """Names, and the number itself."""
        sound = super().check()
        if self._count.value() is None:
            self.fields["count"].set_error(self._count.problem() or _(N_("How many chairs are there?")))
            self._count.setFocus(Qt.FocusReason.TabFocusReason)
            return False
        return sound

    def retranslate(self) -> None:
        """Names that nobody has changed follow the language."""
        before = [str(editor.value()) for editor in self._chairs]
        untouched = [
            any(translate_in(code, CHAIR, number=n) == text for code in LANGUAGES) for n, text in enumerate(before, 1)
        ]
        super().retranslate()
        for number, editor in enumerate(self._chairs, 1):
            if untouched[number - 1]:
                editor.set_value(_(CHAIR, number=number))

    def fold(self, narrow: bool) -> None:
        """One column."""
        self._pairs.fold(narrow)
