"""Free times against a search that looks at every minute, on ordinary days and on those when the clock changes."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.core.errors import RuleViolation
from app.core.ids import ClinicId
from app.practice.commands import (
    Opening,
    add_break,
    add_closure,
    add_shift,
    plan_maintenance,
    record_absence,
    set_opening_hours,
)
from app.practice.queries import clinic_days, roster
from app.practice.vocabulary import AbsenceKind, Weekday
from app.scheduling.commands import (
    add_short_notice,
    add_template,
    add_template_cell,
    book_appointment,
    cancel_appointment,
    end_short_notice,
    use_template,
    withdraw_short_notice,
)
from app.scheduling.queries import booking_conflicts, family_slots, free_slots, sooner_fits
from app.scheduling.seeds import TYPES
from app.scheduling.segments import read_segments
from app.scheduling.vocabulary import AppointmentClass, ConflictKind
from tests.app.clinic_world import World, local

SEGMENTS = {item.code: read_segments(item.segments) for item in TYPES}
MINUTE = 60_000


def rows(world: World, statement: str) -> list[Any]:
    with world.runner.database.readers.connect() as connection:
        return list(connection.execute(text(statement)))


class ByMinute:
    """Everything that is taken, as plain sets of minutes read from the tables by hand."""

    def __init__(self, world: World, on: date, days: int) -> None:
        self.world = world
        self.open = {
            minute
            for day in world.ask(clinic_days, world.clinic, on - timedelta(days=1), days + 2)
            for start, end in day.openings
            for minute in range(int(start.timestamp()) // 60, int(end.timestamp()) // 60)
        }
        self.present: dict[str, set[int]] = {}
        self.chairs: dict[str, set[int]] = {}
        self.people: dict[str, dict[int, str]] = {}
        self._people(world)
        self._visits(world)
        self.down = self._minutes(rows(world, "SELECT 'x', starts_at, ends_at FROM maintenance")).get("x", set())
        self.now = int(world.runner.clock.now().timestamp()) // 60

    @staticmethod
    def _minutes(found: list[Any]) -> dict[str, set[int]]:
        sets: dict[str, set[int]] = {}
        for owner, start, end in found:
            sets.setdefault(owner, set()).update(range(start // MINUTE, end // MINUTE))
        return sets

    def _people(self, world: World) -> None:
        self.present = self._minutes(rows(world, "SELECT provider_id, starts_at, ends_at FROM shift"))
        for query in (
            "SELECT s.provider_id, b.starts_at, b.ends_at FROM shift_break b JOIN shift s ON s.id = b.shift_id",
            "SELECT provider_id, starts_at, ends_at FROM absence",
        ):
            for owner, minutes in self._minutes(rows(world, query)).items():
                self.present[owner] = self.present.get(owner, set()) - minutes

    def _visits(self, world: World) -> None:
        import json

        query = (
            "SELECT a.operatory_id, a.starts_at, a.minutes, a.segments FROM appointment a"
            " JOIN appointment_state s ON s.id = a.id WHERE s.status IN ('scheduled', 'confirmed')"
        )
        for chair, starts_at, minutes, segments in rows(world, query):
            at = starts_at // MINUTE
            self.chairs.setdefault(chair, set()).update(range(at, at + minutes))
            for _kind, length, who in json.loads(segments):
                for minute in range(at, at + length):
                    self.people.setdefault(who, {})[minute] = chair
                at += length

    def free(self, person: str, minute: int, chair: str, walk: int) -> bool:
        if minute not in self.present.get(person, set()):
            return False
        taken = self.people.get(person, {})
        near = range(minute - walk, minute + walk + 1)
        return minute not in taken and all(taken.get(other, chair) == chair for other in near)

    def fits(self, code: str, chair: str, start: int) -> bool:
        """Whether some doctor and some assistant are free for every minute of the visit."""
        kinds = [item.kind.value for item in SEGMENTS[code] for _minute in range(item.minutes)]
        minutes = range(start, start + len(kinds))
        if start < self.now or not all(minute in self.open for minute in minutes):
            return False
        if any(minute in self.chairs.get(chair, set()) for minute in minutes):
            return False
        needs_device = code == "RC"
        if needs_device and any(m in self.down for m, kind in zip(minutes, kinds, strict=True) if kind == "xray"):
            return False
        return self._somebody(self.world.doctors, {"doctor"}, 1, minutes, kinds, chair) and self._somebody(
            self.world.hands, {"assistant", "xray"}, 0, minutes, kinds, chair
        )

    def _somebody(
        self, people: list[Any], wanted: set[str], walk: int, minutes: range, kinds: list[str], chair: str
    ) -> bool:
        needed = [minute for minute, kind in zip(minutes, kinds, strict=True) if kind in wanted]
        return not needed or any(all(self.free(who, m, chair, walk) for m in needed) for who in people)

    def starts(self, code: str, chair: str, on: date) -> set[int]:
        first = int(local(on.year, on.month, on.day).timestamp()) // 60
        return {minute for minute in range(first, first + 26 * 60, 5) if self.fits(code, chair, minute)}


def answered(world: World, code: str, chair: Any, on: date, **more: Any) -> set[int]:
    found = world.ask(free_slots, code, world.clinic, on, 1, operatory_id=chair, limit=2000, **more)
    return {int(slot.starts_at.timestamp()) // 60 for slot in found}


def crowd(world: World, on: date, seed: int) -> None:
    """Book at random what can be booked; add a break, an absence, a closure and maintenance."""
    chance = random.Random(seed)
    day = local(on.year, on.month, on.day)
    for _try in range(25):
        code = chance.choice(["ADJ", "BD1", "DB", "EMG", "SEP"])
        chair = chance.choice([*world.chairs])
        at = day + timedelta(hours=8) + timedelta(minutes=chance.randrange(540))
        try:
            world.run(
                book_appointment, chance.choice(world.patients), code, chair, at,
                doctor_id=world.doctors[0], assistant_id=chance.choice(world.hands),
            )  # fmt: skip
        except RuleViolation:
            continue
    shifts = world.ask(roster, world.clinic, on).shifts
    world.run(add_break, shifts[0].id, day + timedelta(hours=12, minutes=3))
    away = day + timedelta(hours=14, minutes=17)
    world.run(record_absence, world.hands[1], AbsenceKind.TRAINING, away, away + timedelta(minutes=95))
    world.run(add_closure, on, "Réunion", start="16:10", end="16:35")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_free_times_are_those_of_a_search_by_minute(world: World, seed: int) -> None:
    on = date(2026, 11, 26)
    crowd(world, on, seed)
    truth = ByMinute(world, on, 1)
    for code in ("BD1", "ADJ", "EMG", "DB"):
        for chair in world.chairs:
            assert answered(world, code, chair, on) == truth.starts(code, chair, on)
    assert truth.starts("ADJ", world.chairs[0], on)


def test_imaging_avoids_maintenance(world: World) -> None:
    (device,) = rows(world, "SELECT id FROM equipment")
    at = local(2026, 11, 26, 10, 7)
    world.run(plan_maintenance, device[0], at, at + timedelta(minutes=30))
    truth = ByMinute(world, at.date(), 1)
    assert answered(world, "RC", world.records, at.date()) == truth.starts("RC", world.records, at.date())


def test_every_free_time_can_be_booked_and_what_is_not_free_cannot(world: World) -> None:
    on = date(2026, 11, 26)
    crowd(world, on, 4)
    slots = world.ask(free_slots, "BD1", world.clinic, on, 1, limit=2000)
    for slot in slots:
        found = world.ask(
            booking_conflicts, world.patients[0], "BD1", slot.operatory_id, slot.starts_at, slot.doctor_id,
            slot.assistant_id,
        )  # fmt: skip
        assert {item.kind for item in found} <= {ConflictKind.PATIENT}
    starts = {(slot.operatory_id, slot.starts_at) for slot in slots}
    day = local(on.year, on.month, on.day, 8)
    for number in range(0, 540, 35):
        at = day + timedelta(minutes=number)
        if (world.chairs[0], at) not in starts:
            conflicts = [
                world.ask(booking_conflicts, world.patients[0], "BD1", world.chairs[0], at, world.doctors[0], who)
                for who in world.hands
            ]
            assert all(found for found in conflicts)


def test_the_patient_is_not_booked_twice(world: World) -> None:
    at = local(2026, 11, 26, 10, 0)
    world.run(book_appointment, world.patients[0], "ADJ", world.emergency, at, segments="C20")
    free = answered(world, "EMG", world.chairs[0], at.date(), patient_id=world.patients[0])
    start = int(at.timestamp()) // 60
    assert free.isdisjoint(range(start - 5, start + 20))
    assert start + 20 in free
    assert start in answered(world, "EMG", world.chairs[0], at.date())


@pytest.fixture
def night(world: World) -> Any:
    """A clinic open on the nights when the clock changes, 22:00 to 02:00 and over the change itself."""

    def make(on: date) -> World:
        for weekday in (Weekday.SATURDAY, Weekday.SUNDAY):
            openings = [Opening("00:00", "6:00"), Opening("22:00", "2:00")]
            world.run(set_opening_hours, world.clinic, weekday, openings)
        for who in (world.doctors[0], *world.hands):
            world.run(add_shift, who, world.clinic, on, "22:00", "2:00")
            world.run(add_shift, who, world.clinic, on + timedelta(days=1), "2:00", "6:00")
        return world

    return make


@pytest.mark.parametrize(("eve", "hours"), [(date(2026, 10, 31), 5), (date(2027, 3, 13), 4), (date(2027, 2, 6), 4)])
def test_a_night_shift_lasts_what_people_work(night: Any, eve: date, hours: int) -> None:
    """On 1 November 2026 the hour from 1:00 comes twice; on 14 March 2027 the night of the eve ends at the change."""
    world = night(eve)
    shifts = [line for line in world.ask(roster, world.clinic, eve).shifts if line.provider_id == world.doctors[0]]
    assert next(line.minutes for line in shifts) == hours * 60
    (_first, last) = world.ask(clinic_days, world.clinic, eve, 1)[0].openings
    assert last[1] - last[0] == timedelta(hours=hours)


@pytest.mark.parametrize("eve", [date(2026, 10, 31), date(2027, 3, 13)])
def test_free_times_over_a_change_of_the_clock(night: Any, eve: date) -> None:
    world = night(eve)
    world.runner.clock = type(world.runner.clock).fixed(local(eve.year, eve.month, eve.day))
    truth = ByMinute(world, eve, 2)
    for on in (eve, eve + timedelta(days=1)):
        first, last = (int(local(d.year, d.month, d.day).timestamp()) // 60 for d in (on, on + timedelta(days=1)))
        found = answered(world, "BD1", world.chairs[0], eve) | answered(
            world, "BD1", world.chairs[0], eve + timedelta(days=1)
        )
        wanted = {m for m in range(first, last, 5) if truth.fits("BD1", world.chairs[0], m)}
        assert {minute for minute in found if first <= minute < last} == wanted
    assert found


def test_a_template_tells_which_times_are_kept(world: World) -> None:
    on = date(2026, 11, 26)
    template = world.run(add_template, world.clinic, "Jeudi")
    world.run(add_template_cell, template, world.chairs[0], "9:00", "10:00", AppointmentClass.START)
    world.run(use_template, world.clinic, template, weekday=Weekday.THURSDAY)
    slots = world.ask(free_slots, "BD1", world.clinic, on, 1, operatory_id=world.chairs[0], templated=True)
    assert [slot.starts_at for slot in slots] == [local(2026, 11, 26, 9, 0)]
    found = world.ask(
        booking_conflicts, world.patients[0], "ADJ", world.chairs[0], local(2026, 11, 26, 9, 30), None, world.hands[0]
    )
    assert [item.kind for item in found] == [ConflictKind.TEMPLATE]
    world.run(use_template, world.clinic, None, on=on)
    assert world.ask(free_slots, "BD1", world.clinic, on, 1, templated=True) == ()
    with pytest.raises(RuleViolation, match="Two cells"):
        world.run(add_template_cell, template, world.chairs[0], "9:30", "11:00", AppointmentClass.EXAM)
    with pytest.raises(RuleViolation, match="Give a day"):
        world.run(use_template, world.clinic, template)


def test_brothers_and_sisters_side_by_side(world: World) -> None:
    pairs = world.ask(family_slots, world.patients[:2], ["ADJ", "ADJ"], world.clinic, date(2026, 11, 26), 1, 10, 5)
    assert len(pairs) == 5
    for pair in pairs:
        one, two = pair.slots
        assert one.operatory_id != two.operatory_id
        assert one.assistant_id != two.assistant_id
        assert pair.wait_minutes == 5, "the doctor’s four minutes are the limit"
    with pytest.raises(RuleViolation, match="two to six"):
        world.ask(family_slots, world.patients[:1], ["ADJ"], world.clinic)


def test_who_could_come_sooner_fits_the_doctor_not_only_the_length(world: World) -> None:
    later = local(2026, 12, 2, 10, 0)
    visit = world.run(book_appointment, world.patients[0], "ADJ", world.chairs[0], later, assistant_id=world.hands[0])
    entry = world.run(add_short_notice, world.patients[0], visit, earliest="9:00")
    wish = world.run(add_short_notice, world.patients[1], type="ADJ", weekdays=[Weekday.MONDAY])
    start = local(2026, 11, 26, 10, 0)
    freed = (world.chairs[0], start, start + timedelta(minutes=20))
    assert [item.short_notice_id for item in world.ask(sooner_fits, *freed)] == [entry]
    world.run(book_appointment, world.patients[2], "ADJ", world.chairs[1], start, assistant_id=world.hands[1])
    assert world.ask(sooner_fits, *freed) == (), "the doctor is at the other chair in the middle of it"
    world.run(end_short_notice, entry)
    world.run(withdraw_short_notice, wish)
    with pytest.raises(RuleViolation, match="already ended"):
        world.run(end_short_notice, entry)


def test_a_cancelled_visit_gives_its_time_back(world: World) -> None:
    at = local(2026, 11, 26, 8, 0)
    start = int(at.timestamp()) // 60
    visit = world.run(book_appointment, world.patients[0], "ADJ", world.chairs[0], at, assistant_id=world.hands[0])
    assert start not in answered(world, "ADJ", world.chairs[0], at.date())
    world.run(cancel_appointment, visit)
    assert start in answered(world, "ADJ", world.chairs[0], at.date())


def test_a_chair_of_another_clinic_has_no_times_here(world: World) -> None:
    from app.core.errors import NotFound

    assert world.ask(free_slots, "ADJ", ClinicId(world.clinic), operatory_id=world.chairs[0]) != ()
    with pytest.raises(NotFound):
        world.ask(free_slots, "ADJ", ClinicId("elsewhere"))
