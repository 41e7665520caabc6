"""Fields that read what people type: dates and numbers, in French and in English forms."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.core.i18n import _, language
from ui.widgets.dates import AmbiguousDateError, UnreadableDateError, parse_date
from ui.widgets.fields import TextField

_BLANKS = re.compile(r"[\s\u00a0\u202f]")
_GROUPED = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")


class DateField(TextField):
    """A date typed in any usual form, rewritten in one form when the field is left. Up and down move by a day.

    `written` writes a date for the person; without it, ISO 8601. `today` is the clinic's date.
    """

    problem_changed = Signal(str)
    date_changed = Signal(object)

    def __init__(
        self,
        example: str = "",
        *,
        name: str = "",
        today: Callable[[], date] = date.today,
        written: Callable[[date], str] = date.isoformat,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(example, name=name, parent=parent)
        self._today, self._written = today, written
        self._date: date | None = None
        self.editingFinished.connect(self._read)

    def value(self) -> date | None:
        """The date, None when the field is empty or unreadable."""
        return self._date if self.text().strip() == self._shown() else self._parsed()[0]

    def set_value(self, value: date | str | None) -> None:
        """Show a date (or an ISO text), or nothing."""
        written = value.isoformat() if isinstance(value, date) else value
        self._date = date.fromisoformat(written) if written else None
        self.setText(self._shown())

    def problem(self) -> str:
        """What is wrong with the text, "" when nothing is."""
        return self._parsed()[1]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down arrows move the date by a day."""
        step = {Qt.Key.Key_Up.value: 1, Qt.Key.Key_Down.value: -1}.get(event.key(), 0)
        current = self.value()
        if step and current is not None:
            self.set_value(current + timedelta(days=step))
            self.date_changed.emit(self._date)
            return
        super().keyPressEvent(event)

    def _shown(self) -> str:
        return self._written(self._date) if self._date else ""

    def _parsed(self) -> tuple[date | None, str]:
        text = self.text().strip()
        if not text:
            return None, ""
        if text == self._shown():
            return self._date, ""
        try:
            return parse_date(text, language(), self._today()), ""
        except AmbiguousDateError:
            return None, _("Day or month first? Write the month as a word: 3 March 2012.")
        except UnreadableDateError:
            return None, _("This date is not in the calendar. Write it as 2012-03-03 or 3 March 2012.")

    def _read(self) -> None:
        found, problem = self._parsed()
        if not problem:
            changed, self._date = found != self._date, found
            self.setText(self._shown())
            if changed:
                self.date_changed.emit(found)
        self.problem_changed.emit(problem)


class NumberField(TextField):
    """A number typed with a comma or a point, right-aligned. `value()` is exact; up and down move by `step`."""

    problem_changed = Signal(str)
    number_changed = Signal(object)

    def __init__(
        self,
        example: str = "",
        *,
        name: str = "",
        decimals: int = 0,
        least: Decimal | int | None = None,
        most: Decimal | int | None = None,
        step: Decimal | int = 1,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(example, name=name, parent=parent)
        self._decimals, self._least, self._most, self._step = decimals, least, most, Decimal(step)
        self._number: Decimal | None = None
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.editingFinished.connect(self._read)

    def value(self) -> Decimal | None:
        """The number, None when the field is empty, unreadable or out of range."""
        return self._parsed()[0]

    def set_value(self, value: Decimal | int | str | None) -> None:
        """Show a number (text with a decimal point), or nothing."""
        self._number = None if value in (None, "") else Decimal(str(value))
        self.setText(self._shown())

    def problem(self) -> str:
        """What is wrong with the text, "" when nothing is."""
        return self._parsed()[1]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down arrows move the number by a step, inside its limits."""
        sign = {Qt.Key.Key_Up.value: 1, Qt.Key.Key_Down.value: -1}.get(event.key(), 0)
        current = self.value()
        if sign and current is not None:
            moved = current + sign * self._step
            beyond = (self._least is not None and moved < self._least) or (
                self._most is not None and moved > self._most
            )
            self.setText(self._text_of(current if beyond else moved))
            self._read()
            return
        super().keyPressEvent(event)

    def _text_of(self, number: Decimal) -> str:
        return f"{number:.{self._decimals}f}".replace(".", "," if language() == "fr" else ".")

    def _shown(self) -> str:
        return "" if self._number is None else self._text_of(self._number)

    def _parsed(self) -> tuple[Decimal | None, str]:
        text = self.text().strip()
        if not text:
            return None, ""
        number = parse_number(text, language())
        if number is None:
            return None, _("Write a number, for example {example}.", example=self._text_of(Decimal("12.5")))
        if number != round(number, self._decimals):
            return None, _("At most {count} digits after the decimal mark.", count=self._decimals)
        if self._least is not None and number < self._least:
            return None, _("{number} or more.", number=self._text_of(Decimal(self._least)))
        if self._most is not None and number > self._most:
            return None, _("{number} or less.", number=self._text_of(Decimal(self._most)))
        return number, ""

    def _read(self) -> None:
        number, problem = self._parsed()
        if not problem:
            changed, self._number = number != self._number, number
            self.setText(self._shown())
            if changed:
                self.number_changed.emit(number)
        self.problem_changed.emit(problem)


def parse_number(text: str, tongue: str) -> Decimal | None:
    """The number in `text`, None when there is none. A comma groups thousands in English, and is the decimal mark
    in French; blanks group in both."""
    plain = _BLANKS.sub("", text).replace("\u2212", "-")
    if tongue != "fr" and _GROUPED.match(plain):
        plain = plain.replace(",", "")
    if plain.count(",") + plain.count(".") > 1 or not re.fullmatch(r"[+-]?\d*[.,]?\d*", plain):
        return None
    try:
        return Decimal(plain.replace(",", "."))
    except InvalidOperation:
        return None
