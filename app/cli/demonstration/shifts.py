"""Who works when: shifts with meals and rests, absences, maintenance, closures."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from app.cli.demonstration.practice import Site
from app.cli.demonstration.rhythm import Part, Rhythm
from app.cli.demonstration.rows import Rows
from app.cli.demonstration.staff import LONG_SHIFT, MEAL_MINUTES, REST_BEFORE_MEAL, REST_MINUTES, STAFF, Member
from app.core.ids import new_id
from app.journal.runner import Bulk
from app.practice.commands import add_closure, plan_maintenance, record_absence
from app.practice.local_time import clock_text, from_minute
from app.practice.vocabulary import AbsenceKind, BreakKind, ClosureKind, ProviderId, ProviderKind

WEEKS_BACK: Final = 4
DAYS_AHEAD: Final = 95
"""How far shifts are planned, and visits booked."""
FIRST_MEAL: Final = min(member.meal_after for member in STAFF)
SPECIAL: Final = "Horaire spécial"


@dataclass(frozen=True, slots=True)
class Away:
    """Minutes of a day on which somebody is away."""

    on: date
    part: Part
    kind: AbsenceKind
    note: str


@dataclass(slots=True)
class Presence:
    """When everybody of a clinic is there: minutes of each day."""

    site: Site
    rhythm: Rhythm
    away: dict[ProviderId, list[Away]] = field(default_factory=dict)
    device_down: dict[date, Part] = field(default_factory=dict)

    def breaks(self, member: Member, on: date, part: Part) -> list[tuple[BreakKind, int, int]]:
        """(kind, minute of the day, minutes) of the breaks of a shift; on a special day nobody eats at the moment."""
        start, end = part
        if end - start <= LONG_SHIFT:
            return []
        if self.rhythm.special_parts().get(on) != part:
            meal = start + member.meal_after
            return [(BreakKind.REST, meal - REST_BEFORE_MEAL, REST_MINUTES), (BreakKind.MEAL, meal, MEAL_MINUTES)]
        later = member.meal_after - FIRST_MEAL
        meal = self.rhythm.minute // 5 * 5 - 60 - MEAL_MINUTES - later
        if meal < start + 30:
            meal = self.rhythm.minute // 5 * 5 + 60 + later
        return [(BreakKind.MEAL, meal, MEAL_MINUTES)] if meal + MEAL_MINUTES <= end else []

    def free(self, provider: ProviderId, on: date) -> list[Part]:
        """The minutes in which somebody can be booked."""
        holes = [away.part for away in self.away.get(provider, ()) if away.on == on]
        for part in self.rhythm.parts(on):
            breaks = self.breaks(self.site.people[provider], on, part)
            holes += [(start, start + minutes) for _kind, start, minutes in breaks]
        found: list[Part] = []
        for start, end in self.rhythm.parts(on):
            at = start
            for first, last in sorted(holes):
                if first < end and last > at:
                    if first > at:
                        found.append((at, first))
                    at = max(at, last)
            if at < end:
                found.append((at, end))
        return found


def make_closures(run: Bulk, rhythm: Rhythm) -> None:
    """The holidays of the clinic, and the hours of a special day."""
    for item in rhythm.closings():
        if item.to_on >= rhythm.today - timedelta(days=3 * 366):
            run.run(add_closure, item.from_on, item.reason, item.to_on)
    for on, (start, end) in sorted(rhythm.special_parts().items()):
        if on == rhythm.today and rhythm.works(on):
            run.run(add_closure, on, SPECIAL)
        first, last = clock_text(start), clock_text(end) if end < 1440 else "24:00"
        run.run(add_closure, on, SPECIAL, start=first, end=last, kind=ClosureKind.OPEN)


def plan_presence(run: Bulk, rows: Rows, site: Site, rhythm: Rhythm, chance: random.Random) -> Presence:
    """Shifts of four weeks back and three months ahead, absences and maintenance; returns who is there."""
    presence = Presence(site, rhythm)
    _absences(run, presence, chance)
    on = rhythm.today - timedelta(weeks=WEEKS_BACK)
    while on <= rhythm.today + timedelta(days=DAYS_AHEAD):
        for part in rhythm.parts(on):
            _shifts(rows, presence, on, part)
        on += timedelta(days=1)
    rows.flush()
    return presence


def _shifts(rows: Rows, presence: Presence, on: date, part: Part) -> None:
    site, base = presence.site, presence.rhythm.base(on, part)
    for provider, member in site.people.items():
        shift = new_id()
        assistants = site.of_kind(ProviderKind.ASSISTANT)
        chair = site.chairs[assistants.index(provider)] if provider in assistants else None
        rows.room_for(3)
        rows.add(
            "shift", id=shift, provider_id=provider, clinic_id=site.clinic_id, operatory_id=chair,
            starts_at=from_minute(base + part[0]), ends_at=from_minute(base + part[1]),
        )  # fmt: skip
        for kind, start, minutes in presence.breaks(member, on, part):
            rows.add(
                "shift_break", id=new_id(), shift_id=shift, kind=kind.value, starts_at=from_minute(base + start),
                ends_at=from_minute(base + start + minutes),
            )  # fmt: skip


def _absences(run: Bulk, presence: Presence, chance: random.Random) -> None:
    site, rhythm = presence.site, presence.rhythm
    days = [rhythm.today + timedelta(days=ahead) for ahead in range(1, DAYS_AHEAD)]
    working = [on for on in days if rhythm.works(on) and on not in rhythm.special_parts()]
    doctors, assistants = site.of_kind(ProviderKind.DOCTOR), site.of_kind(ProviderKind.ASSISTANT)
    monday = next(number for number, on in enumerate(working) if number > 12 and on.weekday() == 0)
    wanted = [(doctors[-1], on, (0, 1440), AbsenceKind.VACATION, "") for on in working[monday : monday + 5]]
    wanted.append((assistants[0], working[0], (480, 720), AbsenceKind.TRAINING, "Cours de secourisme"))
    wanted.append((assistants[-1], working[1], (0, 1440), AbsenceKind.SICK, ""))
    for provider, on, part, kind, note in wanted:
        base = rhythm.base(on, part)
        away = Away(on, part, kind, note)
        presence.away.setdefault(provider, []).append(away)
        start, end = from_minute(base + part[0]), from_minute(base + part[1])
        run.run(record_absence, provider, kind, start, end, note)
    serviced = working[chance.randrange(5, 10)]
    presence.device_down[serviced] = (720, 780)
    base = rhythm.base(serviced, (720, 780))
    run.run(plan_maintenance, site.xray, from_minute(base + 720), from_minute(base + 780), "Contrôle de qualité annuel")
