"""Reasons and templates as their forms change them, and the remarks on a template."""

from __future__ import annotations

from datetime import date

import pytest

from app.core.errors import RuleViolation, StaleRecord
from app.core.unchanged import mark_of
from app.practice.commands import retire_operatory
from app.practice.vocabulary import EquipmentKind, Weekday
from app.scheduling import commands as do
from app.scheduling import queries as ask
from app.scheduling.vocabulary import AppointmentClass, ReasonKind
from tests.app.clinic_world import World


def test_a_reason_changes_its_words_and_keeps_its_code(world: World) -> None:
    line = world.ask(ask.visit_reasons)[0]
    seen = mark_of(line, ask.REASON)
    done = world.submit(do.change_reason, line.id, "Malade", "Ill", True, seen)
    assert world.ask(ask.visit_reasons)[0].name_fr == "Malade"
    with pytest.raises(StaleRecord):
        world.run(do.change_reason, line.id, "Autre", seen=seen)
    world.undo(done)
    with pytest.raises(RuleViolation, match="Another reason has this code"):
        world.run(do.add_reason, line.kind, line.code, "Double", "Double")
    other = ReasonKind.MOVE if line.kind is ReasonKind.CANCEL else ReasonKind.CANCEL
    world.run(do.add_reason, other, "NEWCODE", "Nouveau", "New")
    world.run(do.withdraw_reason, line.id)
    with pytest.raises(RuleViolation, match="no longer offered"):
        world.run(do.change_reason, line.id, "Encore")


def test_a_type_is_emptied_and_watched(world: World) -> None:
    line = next(item for item in world.ask(ask.appointment_types) if item.equipment_kind is EquipmentKind.XRAY)
    seen = ask.type_mark(line)
    world.run(do.change_appointment_type, line.id, blank=[ask.TypeBlank.EQUIPMENT], seen=seen)
    now = next(item for item in world.ask(ask.appointment_types) if item.id == line.id)
    assert now.equipment_kind is None
    with pytest.raises(StaleRecord):
        world.run(do.change_appointment_type, line.id, segments="A5", seen=seen)
    world.run(do.change_appointment_type, line.id, segments="A5 D5", seen=ask.type_mark(now))
    with pytest.raises(StaleRecord, match="Somebody changed"):
        world.run(do.change_appointment_type, line.id, name_fr="Trop tard", seen=ask.type_mark(now))


def test_a_template_with_its_days_and_cells(world: World) -> None:
    template = world.run(do.add_template, world.clinic, "Journée type")
    with pytest.raises(RuleViolation, match="Another template"):
        world.run(do.add_template, world.clinic, "JOURNÉE type")
    world.run(do.rename_template, template, "Mardi")
    cell = world.run(do.add_template_cell, template, world.chairs[0], "8:00", "9:30", AppointmentClass.START)
    world.run(do.change_template_cell, cell, "8:30", "10:00", AppointmentClass.ADJUSTMENT, world.chairs[1])
    world.run(do.use_template, world.clinic, template, weekday=Weekday.TUESDAY)
    world.run(do.use_template, world.clinic, template, on=date(2026, 12, 2))
    (line,) = world.ask(ask.day_templates, world.clinic)
    (found,) = line.cells
    assert (line.name, found.operatory_id, found.start_minute, found.end_minute) == ("Mardi", world.chairs[1], 510, 600)
    assert {day.weekday or day.on_day for day in line.days} == {Weekday.TUESDAY, date(2026, 12, 2)}
    world.run(do.change_template_cell, cell, appointment_class=AppointmentClass.EXAM)
    world.run(do.clear_template_cell, cell)
    with pytest.raises(RuleViolation, match="was cleared"):
        world.run(do.change_template_cell, cell, "9:00")
    world.run(do.withdraw_template, template)
    with pytest.raises(RuleViolation, match="was withdrawn"):
        world.run(do.rename_template, template, "Encore")
    assert world.ask(ask.day_templates, world.clinic) == ()


def test_what_looks_wrong_about_a_template_is_said(world: World) -> None:
    template = world.run(do.add_template, world.clinic, "Journée type")
    assert world.ask(ask.template_lint, template) == ()
    early = world.run(do.add_template_cell, template, world.chairs[0], "7:00", "9:00", AppointmentClass.START)
    short = world.run(do.add_template_cell, template, world.chairs[0], "9:00", "9:10", AppointmentClass.START)
    gone = world.run(do.add_template_cell, template, world.chairs[1], "9:00", "11:00", AppointmentClass.START)
    world.run(do.use_template, world.clinic, template, weekday=Weekday.TUESDAY)
    world.run(retire_operatory, world.chairs[1])
    faults = {(fault.kind, fault.cell_id) for fault in world.ask(ask.template_lint, template)}
    kinds = ask.LintKind
    assert faults == {
        (kinds.CLOSED, early), (kinds.TOO_SHORT, short), (kinds.CHAIR_GONE, gone), (kinds.NO_EMERGENCY, None)
    }  # fmt: skip
    world.run(do.add_template_cell, template, world.chairs[0], "11:00", "11:30", AppointmentClass.EMERGENCY)
    assert kinds.NO_EMERGENCY not in {fault.kind for fault in world.ask(ask.template_lint, template)}
