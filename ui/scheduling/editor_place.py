"""When, where and with whom: day, time, chair, doctor, assistant, and what else is kept of a visit."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout

from app.core.i18n import N_, _, language
from app.practice.queries import HANDS, OperatoryId, OperatoryLine, ProviderId, ProviderKind, ProviderLine
from app.scheduling.queries import LAB_LABELS, LabState
from ui.scheduling.editor_draft import Draft
from ui.shell.bench import Bench
from ui.shell.formats import NBSP, day
from ui.widgets.cards import Card
from ui.widgets.checks import CheckBox
from ui.widgets.fields import Choice, TextArea, TextField
from ui.widgets.form import Field
from ui.widgets.typed_fields import DateField

STEP = 5
_CLOCK: Final = re.compile(r"(?P<hours>\d{1,2}?)[:h]?(?P<minutes>\d{2})?")
DAY_MINUTES = 24 * 60


def written_minute(minute: int) -> str:
    """`9 h 05` or `9:05`."""
    return (
        f"{minute // 60}{NBSP}h{NBSP}{minute % 60:02d}" if language() == "fr" else f"{minute // 60}:{minute % 60:02d}"
    )


class TimeField(TextField):
    """A clock time typed as 9:05, 9h05, 905 or 9. Up and down move by five minutes."""

    time_changed = Signal()

    def __init__(self) -> None:
        super().__init__("9:05")
        self._minute: int | None = None
        self.editingFinished.connect(self._read)

    def value(self) -> int | None:
        """Minutes after midnight, None when the text is no time."""
        return self._parsed()

    def show_minute(self, minute: int | None) -> None:
        """Show a time."""
        self._minute = minute
        self.setText("" if minute is None else written_minute(minute))

    def problem(self) -> str:
        """What is wrong with the text."""
        return _(N_("A time is written like 8:30.")) if self.text().strip() and self._parsed() is None else ""

    def _parsed(self) -> int | None:
        text = self.text().replace(NBSP, "").replace(" ", "").lower()
        found = _CLOCK.fullmatch(text)
        if found is None:
            return None
        hours, minutes = int(found["hours"]), int(found["minutes"] or 0)
        return hours * 60 + minutes if hours < 24 and minutes < 60 else None

    def _read(self) -> None:
        minute = self._parsed()
        changed = minute != self._minute
        if minute is not None:
            self.show_minute(minute)
        if changed:
            self.time_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down move the time."""
        step = {Qt.Key.Key_Up.value: STEP, Qt.Key.Key_Down.value: -STEP}.get(event.key(), 0)
        now = self._parsed()
        if step and now is not None:
            self.show_minute(min(max(now + step, 0), DAY_MINUTES - STEP))
            self.time_changed.emit()
            return
        super().keyPressEvent(event)


class PlacePart(Card):
    """`changed` after each edit."""

    changed = Signal()

    def __init__(self, bench: Bench) -> None:
        super().__init__(" ", icon="calendar-blank")
        self._bench = bench
        self._people: tuple[ProviderLine, ...] = ()
        clock = bench.runner.clock
        self.on = DateField(today=clock.today, written=lambda value: day(value, weekday=True))
        self.at = TimeField()
        self.chair, self.doctor, self.assistant, self.lab = Choice(), Choice(), Choice(), Choice()
        self.prep, self.note = CheckBox(" "), TextArea(lines=2)
        self.fields = {
            "on": Field(" ", self.on), "starts_at": Field(" ", self.at), "operatory_id": Field(" ", self.chair),
            "doctor_id": Field(" ", self.doctor), "assistant_id": Field(" ", self.assistant),
            "lab_state": Field(" ", self.lab), "note": Field(" ", self.note),
        }  # fmt: skip
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        top = Qt.AlignmentFlag.AlignTop
        places = (("on", 0, 0, 2), ("starts_at", 0, 2, 1), ("operatory_id", 1, 0, 1), ("doctor_id", 1, 1, 1),
                  ("assistant_id", 1, 2, 1), ("note", 2, 0, 2), ("lab_state", 2, 2, 1))  # fmt: skip
        for name, row, column, span in places:
            grid.addWidget(self.fields[name], row, column, 1, span, top)
        grid.addWidget(self.prep, 3, 0, 1, 3)
        for column in range(3):
            grid.setColumnStretch(column, 1)
        self.add(grid)
        self.on.date_changed.connect(lambda _date: self.changed.emit())
        self.at.time_changed.connect(self.changed)
        for typed in (self.on, self.at):
            typed.changed.connect(lambda _text: self.changed.emit())
        for choice in (self.chair, self.doctor, self.assistant, self.lab):
            choice.changed.connect(lambda _value: self.changed.emit())
        self.note.changed.connect(lambda _text: self.changed.emit())
        self.prep.toggled.connect(lambda _on: self.changed.emit())

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.set_title(_(N_("When, where and with whom")))
        for name, label in (
            ("on", N_("Day")), ("starts_at", N_("Time")), ("operatory_id", N_("Chair")), ("doctor_id", N_("Doctor")),
            ("assistant_id", N_("Assistant")), ("lab_state", N_("Lab case")), ("note", N_("Note")),
        ):  # fmt: skip
            self.fields[name].set_label(_(label))
        self.prep.setAccessibleName(_(N_("The chair is prepared")))
        self.prep.updateGeometry()
        self.lab.set_options([(state.value, _(word)) for state, word in LAB_LABELS.items()])
        self.at.show_minute(self.at.value())
        self.on.set_value(self.on.value())

    def offer(self, chairs: tuple[OperatoryLine, ...], people: tuple[ProviderLine, ...]) -> None:
        """The chairs and the people to choose from."""
        self.chair.set_options([("", _(N_("Choose a chair"))), *((chair.id, chair.name) for chair in chairs)])
        doctors = [(who.id, who.name) for who in people if who.kind is ProviderKind.DOCTOR]
        self.doctor.set_options([("", _(N_("The one at work"))), *doctors])
        self._people = people
        self._offer_hands(str(self.assistant.value() or ""))

    def _offer_hands(self, named: str) -> None:
        """Assistants and hygienists, and whoever is named for the visit already."""
        hands = [(who.id, who.name) for who in self._people if who.kind in HANDS or who.id == named]
        self.assistant.set_options([("", _(N_("Nobody named"))), *hands])

    def show_draft(self, draft: Draft) -> None:
        """Fill in."""
        for widget in (self.note, self.prep):
            widget.blockSignals(True)
        self.on.set_value(draft.on)
        self.at.show_minute(draft.minute)
        self.chair.set_value(draft.operatory_id)
        self.doctor.set_value(draft.doctor_id or "")
        self._offer_hands(draft.assistant_id or "")
        self.assistant.set_value(draft.assistant_id or "")
        self.lab.set_value(draft.lab_state.value)
        self.note.set_value(draft.note)
        self.prep.setChecked(draft.prep_done)
        for widget in (self.note, self.prep):
            widget.blockSignals(False)

    def place(self) -> tuple[date | None, int | None, OperatoryId, ProviderId | None, ProviderId | None]:
        """What is chosen."""
        doctor, hands = str(self.doctor.value() or ""), str(self.assistant.value() or "")
        return (
            self.on.value(), self.at.value(), OperatoryId(str(self.chair.value() or "")),
            ProviderId(doctor) if doctor else None, ProviderId(hands) if hands else None,
        )  # fmt: skip

    def lab_state(self) -> LabState:
        """The state of the lab case."""
        return LabState(str(self.lab.value() or LabState.NONE.value))
