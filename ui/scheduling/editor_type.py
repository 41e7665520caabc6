"""Which kind of visit, and its minutes: those of the type, or changed for this one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.core.i18n import N_, _
from app.scheduling.queries import TypeLine, segments_text
from ui.patients.facts import empty
from ui.scheduling.editor_strip import SegmentEditor
from ui.scheduling.editor_suggest import TypeField
from ui.scheduling.today_words import minutes_words, type_name
from ui.widgets.cards import Card
from ui.widgets.form import Field
from ui.widgets.layout import Flow
from ui.widgets.pills import SeverityChip, Tag


class TypePart(Card):
    """`changed` when another kind is chosen, `minutes_changed` with the text of the minutes."""

    changed = Signal()
    minutes_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__(" ", icon="tag")
        self._types: tuple[TypeLine, ...] = ()
        self._code = ""
        self._finder = TypeField()
        self._finder.taken.connect(lambda code, _shown: self._take(code))
        self.field = Field(" ", self._finder)
        self.minutes = SegmentEditor()
        self.minutes.changed.connect(self.minutes_changed)
        self._marks = Flow(gap=6, row_gap=6)
        self.add(self.field)
        self.add(self._marks)
        self.add(self.minutes)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.set_title(_(N_("Kind of visit")))
        self.field.set_label(_(N_("Type, by its code or name")))
        self.minutes.retranslate()
        self._say()

    def set_types(self, types: tuple[TypeLine, ...]) -> None:
        """What can be booked."""
        self._types = types
        self._finder.set_types(types)

    def first(self) -> QWidget:
        """Where the keyboard begins."""
        return self._finder.field

    def line(self) -> TypeLine | None:
        """The kind that is chosen."""
        return next((line for line in self._types if line.code == self._code), None)

    def code(self) -> str:
        """Its code."""
        return self._code

    def segments(self) -> str:
        """The minutes as text; empty while they are those of a type whose length is locked."""
        line = self.line()
        return "" if line is not None and line.length_locked else str(self.minutes.value())

    def show_type(self, code: str, segments: str = "") -> None:
        """Show a kind and its minutes."""

        self._code = code
        line = self.line()
        if line is not None:
            self._finder.show_taken(f"{line.code} · {type_name(line)}")
        elif not code:
            self._finder.show_taken("")
        text = segments or (segments_text(line.segments) if line is not None else "")
        self.minutes.show_text(text, line is not None and line.length_locked)
        self.minutes.setVisible(bool(text))
        self._say()

    def _take(self, code: str) -> None:
        self.show_type(code)
        self.changed.emit()

    def _say(self) -> None:
        """What the kind asks for besides its minutes."""
        empty(self._marks.flow)
        line = self.line()
        self._marks.setVisible(line is not None)
        if line is None:
            return
        marks: list[QWidget] = []
        if line.needs_prep:
            marks.append(Tag(_(N_("Chair to prepare")), "clipboard-text"))
        if line.records_due:
            marks.append(SeverityChip("warn", _(N_("Records due first")), "images"))
        if line.buffer_minutes:
            marks.append(Tag(_(N_("{n} min of cleaning after it"), n=line.buffer_minutes), "broom"))
        if line.equipment_kind is not None:
            marks.append(Tag(_(N_("Needs equipment")), "wrench"))
        if line.interval_weeks:
            marks.append(Tag(_(N_("next in {n} weeks"), n=line.interval_weeks), "calendar-dots"))
        if line.length_locked:
            marks.append(Tag(minutes_words(line.minutes), "lock"))
        self._marks.setVisible(bool(marks))
        for mark in marks:
            self._marks.add(mark)
            mark.show()
