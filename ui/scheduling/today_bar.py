"""Over the list: the day, list or lanes, the filters, and the two ways to add a visit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.clock import Clock
from app.core.i18n import N_, _
from app.core.ids import ClinicId
from app.practice.queries import ClinicLine, OperatoryId, ProviderId
from app.scheduling.commands import book_appointment, insert_walk_in
from app.scheduling.queries import AppointmentTypeId, Stage, TypeLine
from ui.scheduling.today_filters import FilterButton
from ui.scheduling.today_words import type_name
from ui.shell.bench import Bench
from ui.theme.tokens import STATUSES
from ui.widgets.buttons import Button, IconButton
from ui.widgets.fields import Choice, SearchField
from ui.widgets.layout import Flow
from ui.widgets.segmented import Segment, SegmentedControl

LIST, LANES = "list", "lanes"


class TodayBar(QWidget):
    """Two rows: day and actions, then filters."""

    moved = Signal(int)
    filtered = Signal()
    viewed = Signal()
    new_asked = Signal()
    walk_in_asked = Signal()
    clinic_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._view: SegmentedControl | None = None
        self._narrow = False
        self._before, self._after = IconButton("caret-left", " "), IconButton("caret-right", " ")
        self._today, self._new = Button(" "), Button(" ", "primary", "plus")
        self._walk_in = Button(" ", "secondary", "first-aid")
        self._clinics = Choice()
        self.field = SearchField(" ")
        self.stages, self.chairs = FilterButton("funnel"), FilterButton("office-chair")
        self.people, self.types = FilterButton("stethoscope"), FilterButton("calendar-blank")
        self._view_place = QHBoxLayout()
        self._need = 0
        first = self._first = QHBoxLayout()
        first.setSpacing(8)
        for widget in (self._before, self._today, self._after):
            first.addWidget(widget)
        first.addLayout(self._view_place)
        first.addWidget(self._clinics)
        first.addStretch(1)
        first.addWidget(self._walk_in)
        first.addWidget(self._new)
        filters = Flow(self.stages, self.chairs, self.people, self.types, gap=6, row_gap=6)
        second = QHBoxLayout()
        second.setSpacing(8)
        second.addWidget(self.field, 2)
        second.addWidget(filters, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addLayout(first)
        column.addLayout(second)
        self._before.clicked.connect(lambda *_args: self.moved.emit(-1))
        self._after.clicked.connect(lambda *_args: self.moved.emit(1))
        self._today.clicked.connect(lambda *_args: self.moved.emit(0))
        self._new.clicked.connect(self.new_asked)
        self._walk_in.clicked.connect(self.walk_in_asked)
        self._clinics.changed.connect(lambda value: self.clinic_chosen.emit(str(value)))
        self.field.changed.connect(lambda _text: self.filtered.emit())
        for button in (self.stages, self.chairs, self.people, self.types):
            button.changed.connect(self.filtered)

    def retranslate(self, clock: Clock, bench: Bench) -> None:
        """Say everything in the language in force."""
        kept = self._view.value() if self._view is not None else LIST
        if self._view is not None:
            self._view_place.removeWidget(self._view)
            self._view.hide()
            self._view.deleteLater()
        self._view = SegmentedControl(
            _(N_("How the day is shown")),
            [Segment(LIST, _(N_("List")), "list"), Segment(LANES, _(N_("By chair")), "columns")],
        )
        self._view.set_value(kept)
        self._view.changed.connect(lambda _value: self._switch())
        self._view_place.addWidget(self._view)
        self._before.set_name(_(N_("Day before")))
        self._after.set_name(_(N_("Day after")))
        self._today.setText(_(N_("Back to today")))
        self._new.setText(_(N_("New appointment")))
        self._walk_in.setText(_(N_("Walk-in")))
        self._new.set_available(bench.may(book_appointment), bench.reason(book_appointment))
        self._walk_in.set_available(bench.may(insert_walk_in), bench.reason(insert_walk_in))
        self.field.setPlaceholderText(_(N_("Name, phone or file number")))
        self.field.setAccessibleName(_(N_("Filter the visits")))
        self._clinics.setAccessibleName(_(N_("Clinic")))
        for button, title in (
            (self.stages, N_("Status")), (self.chairs, N_("Chair")), (self.people, N_("Provider")),
            (self.types, N_("Type")),
        ):  # fmt: skip
            button.set_title(_(title))
        self.stages.set_entries([(stage.value, _(STATUSES[stage.value].label)) for stage in Stage])
        self.fold(self._narrow)

    def _switch(self) -> None:
        self.filtered.emit()
        self.viewed.emit()

    def show_clinics(self, found: Sequence[ClinicLine], held: ClinicId) -> ClinicId:
        """Offer the clinics where there are several; gives the one on show."""
        self._clinics.set_options([(clinic.id, clinic.name) for clinic in found])
        self._clinics.setVisible(len(found) > 1)
        if held:
            self._clinics.set_value(held)
        return ClinicId(str(self._clinics.value()))

    def clinic_name(self) -> str:
        """The clinic on show."""
        return self._clinics.currentText()

    def show_types(self, types: Sequence[TypeLine]) -> None:
        """Offer the kinds of visit."""
        self.types.set_entries([(line.id, type_name(line)) for line in types])

    def by_chair(self) -> bool:
        """Whether the lanes are on show."""
        return self._view is not None and self._view.value() == LANES

    def show_view(self, view: str) -> None:
        """The list or the lanes."""
        if self._view is not None:
            self._view.set_value(view)

    def set_stages(self, stages: Sequence[Stage]) -> None:
        """Tick these and nothing else."""
        self.stages.tick([stage.value for stage in stages])

    def filters(self) -> dict[str, Any]:
        """What the query is asked with."""
        return {
            "stages": [Stage(value) for value in self.stages.values()],
            "operatory_ids": [OperatoryId(value) for value in self.chairs.values()],
            "provider_ids": [ProviderId(value) for value in self.people.values()],
            "type_ids": [AppointmentTypeId(value) for value in self.types.values()],
            "words": self.field.text().strip(),
        }

    def need(self) -> int:
        """Px that the first row takes with all its words; while folded, what it took before."""
        if not self._narrow:
            self._need = self._first.sizeHint().width() + 24
        return self._need

    def fold(self, narrow: bool) -> None:
        """Icons in place of words."""
        self._narrow = narrow
        if self._view is not None:
            self._view.set_icon_only(narrow)
        for button, words in ((self._new, N_("New appointment")), (self._walk_in, N_("Walk-in"))):
            button.setText("" if narrow else _(words))
            button.setAccessibleName(_(words))
            if narrow:
                button.set_help(_(words))
