"""Templates of days: time of each chair that is kept for a class of visits, painted on a day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from app.core.i18n import N_, _
from app.core.ids import ClinicId
from app.practice.queries import (
    WEEKDAY_LABELS,
    ClinicLine,
    OperatoryId,
    OperatoryLine,
    clinics,
    clock_text,
    operatories,
)
from app.scheduling.commands import (
    add_template_cell,
    change_template_cell,
    clear_template_cell,
)
from app.scheduling.queries import (
    CLASS_LABELS,
    LINT_LABELS,
    AppointmentClass,
    CellLine,
    LintKind,
    TemplateCellId,
    TemplateFault,
    TemplateId,
    TemplateLine,
    day_templates,
    template_lint,
)
from ui.patients.facts import empty
from ui.practice.editors import ClockField, Picker
from ui.practice.entry_form import Item
from ui.practice.grid_pane import GridPane
from ui.practice.span_tile import Block
from ui.practice.template_box import TemplateBox
from ui.practice.words import labelled, named, span_words
from ui.shell.command_button import CommandButton
from ui.widgets.cards import Card
from ui.widgets.labels import WrapLabel

MOST_NAMES = 5
"""Chairs above which the columns show short names."""


class TemplatePane(GridPane):
    """The columns are chairs, the blocks are cells; what looks wrong about them is said beside and on the block."""

    title = N_("Day templates")

    def __init__(self, screen: Any) -> None:
        self.clinics: tuple[ClinicLine, ...] = ()
        self._chairs: tuple[OperatoryLine, ...] = ()
        self._lines: tuple[TemplateLine, ...] = ()
        self._faults: tuple[TemplateFault, ...] = ()
        super().__init__(screen)
        self._clinic = Picker(lambda: named(self.clinics))
        self._clinic.changed.connect(lambda _value: self._ask_clinic())
        self._template = Picker(lambda: named(self._lines))
        self._template.changed.connect(lambda _value: self._show())
        self.bar.addWidget(self._clinic, 2)
        self.bar.addWidget(self._template, 3)
        self._away = CommandButton(self.bench, clear_template_cell, self._chosen_id, "quiet")
        self.form.others.add(self._away)
        self.box = TemplateBox(self)
        self.remarks = Card(" ", icon="warning")
        self._remarks = QVBoxLayout()
        self.remarks.add(self._remarks)
        self.side.insertWidget(0, self.box)
        self.side.insertWidget(2, self.remarks)
        self.words.put(self._clinic.setAccessibleName, N_("Clinic"))
        self.words.put(self._template.setAccessibleName, N_("Template"))
        self.words.put(self.grid.setAccessibleName, N_("Chairs of the template"))
        self.words.put(self.remarks.set_title, N_("Remarks"))

    def items(self) -> Sequence[Item]:
        """Class, chair, hours."""
        return (
            Item("appointment_class", N_("Kept for"), lambda: Picker(lambda: labelled(CLASS_LABELS)), whole=True),
            Item("operatory_id", N_("Chair"), lambda: Picker(lambda: named(self._chairs)), whole=True),
            Item("start", N_("From what time"), ClockField),
            Item("end", N_("Until what time"), ClockField),
        )

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Clinics, then what the chosen one has."""
        self.view.ask(clinics, self.show_clinics)

    def show_clinics(self, lines: tuple[ClinicLine, ...]) -> None:
        """The chosen one stays chosen."""
        self.clinics = lines
        self._clinic.renew()
        self.say_no_clinic(not lines)
        if lines:
            self._ask_clinic()

    @property
    def clinic_id(self) -> ClinicId:
        """Whose templates are on show."""
        return ClinicId(str(self._clinic.value()))

    def _ask_clinic(self) -> None:
        self.view.ask(operatories, self.show_chairs, self.clinic_id)
        self.view.ask(day_templates, self.show_templates, self.clinic_id)

    def show_chairs(self, lines: tuple[OperatoryLine, ...]) -> None:
        """The columns."""
        self._chairs = lines
        self.form.retranslate()
        self._show()

    def show_templates(self, lines: tuple[TemplateLine, ...]) -> None:
        """The chosen one stays chosen."""
        self._lines = lines
        self._template.renew()
        self._show()

    def choose_template(self, template_id: TemplateId) -> None:
        """Show one that was just made."""
        self._template.set_value(template_id)
        self._show()

    @property
    def template(self) -> TemplateLine | None:
        """The template on show."""
        return next((line for line in self._lines if line.id == self._template.value()), None)

    def _show(self) -> None:
        line = self.template
        if line is None:
            self._faults = ()
            self._draw()
        else:
            self.view.ask(template_lint, self.show_faults, line.id)

    def show_faults(self, faults: tuple[TemplateFault, ...]) -> None:
        """Draw the cells with what looks wrong about them."""
        self._faults = faults
        self._draw()

    def _draw(self) -> None:
        line = self.template
        cells = line.cells if line is not None else ()
        places = [chair.id for chair in self._chairs]
        blocks = [self._block(cell, places) for cell in cells if cell.operatory_id in places]
        reason = self.bench.reason(add_template_cell)
        self.grid.editable = line is not None and not reason
        crowded = len(self._chairs) > MOST_NAMES
        self.grid.show_blocks([c.short_name if crowded else c.name for c in self._chairs], blocks)
        if not self.form.dirty:
            self.choose_block(self.grid.choice)
        self.form.set_allowed(line is not None and not reason, reason)
        self.box.show_template(line)
        self._say_remarks()

    def _block(self, cell: CellLine, places: Sequence[str]) -> Block:
        faults = [_(LINT_LABELS[fault.kind]) for fault in self._faults if fault.cell_id == cell.id]
        words = _(CLASS_LABELS[cell.appointment_class])
        column = places.index(cell.operatory_id)
        return Block(cell.id, column, cell.start_minute, cell.end_minute, words, fault=" ".join(faults))

    def _say_remarks(self) -> None:
        empty(self._remarks)
        cells = {cell.id: cell for cell in self.template.cells} if self.template is not None else {}
        for fault in self._faults:
            cell = cells.get(fault.cell_id) if fault.cell_id is not None else None
            sentence = _(LINT_LABELS[fault.kind])
            if cell is not None:
                chair = next((item.name for item in self._chairs if item.id == cell.operatory_id), "")
                where = ", ".join(part for part in (chair, span_words(cell.start_minute, cell.end_minute)) if part)
                sentence = f"{where}{_(N_(': '))}{sentence}"
            ink = "muted" if fault.kind is LintKind.NO_EMERGENCY else "warn"
            self._remarks.addWidget(WrapLabel(sentence, "small", ink))
        self.remarks.setVisible(bool(self._faults))

    # -- choosing and commands ------------------------------------------------------------------------------
    def _cell(self) -> CellLine | None:
        line = self.template if hasattr(self, "_template") else None
        return next((cell for cell in line.cells if cell.id == self.grid.choice), None) if line is not None else None

    def _chosen_id(self) -> TemplateCellId | None:
        cell = self._cell()
        return cell.id if cell is not None else None

    def choose_block(self, key: str) -> None:
        """Its class and hours in the form; nothing chosen: new ones."""
        cell = self._cell()
        self._away.setVisible(cell is not None)
        self._away.refresh()
        if cell is None:
            kind = self.form.value_of("appointment_class") or AppointmentClass.EXAM.value
            chair = str(self._chairs[0].id) if self._chairs else ""
            values = {"appointment_class": kind, "operatory_id": chair, "start": "", "end": ""}
            self.form.show_entry("", _(N_("Keep time for a class")), values)
            return
        values = {
            "appointment_class": cell.appointment_class.value, "operatory_id": cell.operatory_id,
            "start": clock_text(cell.start_minute), "end": clock_text(cell.end_minute),
        }  # fmt: skip
        self.form.show_entry(cell.id, _(CLASS_LABELS[cell.appointment_class]), values)

    def begin(self, column: int, start: int, end: int) -> None:
        """Painted time is kept at once, for the class that the form shows."""
        if self.template is not None:
            kind = AppointmentClass(str(self.form.value_of("appointment_class")))
            self.bench.run_for(
                self.form, add_template_cell, self.template.id, self._chairs[column].id, clock_text(start),
                clock_text(end), kind,
            )  # fmt: skip

    def move_block(self, key: str, column: int, start: int, end: int) -> None:
        """To other hours or another chair."""
        hours = clock_text(start), clock_text(end)
        chair = self._chairs[column].id
        self.bench.run_for(self.form, change_template_cell, TemplateCellId(key), *hours, operatory_id=chair)

    def remove(self, key: str) -> None:
        """Kept for nothing any more."""
        if self._cell() is not None and self.bench.may(clear_template_cell):
            self.bench.run_for(self.form, clear_template_cell, TemplateCellId(key))

    def save(self) -> None:
        """What is typed."""
        if not self.form.check() or self.template is None:
            return
        values, key = self.form.values(), self.form.key
        hours, kind = (str(values["start"]), str(values["end"])), AppointmentClass(values["appointment_class"])
        chair = OperatoryId(str(values["operatory_id"]))
        if key:
            running: Any = self.bench.run_for(self.form, change_template_cell, TemplateCellId(key), *hours, kind, chair)
        else:
            running = self.bench.run_for(self.form, add_template_cell, self.template.id, chair, *hours, kind)
        running.then(lambda _made: self.form.forget(key))

    def retranslate(self) -> None:
        """The box too."""
        super().retranslate()
        self._away.retranslate()
        self.box.retranslate()

    def weekday_words(self) -> list[tuple[object, str]]:
        """The weekdays to choose from."""
        return labelled(WEEKDAY_LABELS)
