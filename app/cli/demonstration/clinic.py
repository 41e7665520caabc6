"""Filling a clinic: families, history, the day in full swing, what is booked, what fell through the cracks."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.cli.demonstration.charts import Chart, ChartWriter, invent_charts
from app.cli.demonstration.practice import Site
from app.cli.demonstration.rhythm import Rhythm
from app.cli.demonstration.rows import Rows
from app.cli.demonstration.shifts import plan_presence
from app.cli.demonstration.simulation import Simulation
from app.cli.demonstration.stories import Life, new_life
from app.cli.demonstration.today import FullSwing
from app.cli.demonstration.visits import DAY, Visit, VisitWriter
from app.core.clock import to_millis
from app.journal.runner import Bulk
from app.patients.vocabulary import FileStatus

FINISHED_DAYS: Final = 500
"""Whoever was last seen longer ago, and has nothing ahead, has an inactive file; half of them an archived one."""
NAMED_DAYS: Final = (200, 620)
"""The families that are known by name began their treatment so many days ago."""


@dataclass(slots=True)
class Filling:
    """One clinic being filled inside a bulk transaction."""

    run: Bulk
    site: Site
    rhythm: Rhythm
    chance: random.Random
    number: int
    """The next file number."""

    def fill(self, count: int, named: list[str], step: Callable[[int], None] = lambda done: None) -> int:
        """Invent so many patients besides the named ones; returns the next file number."""
        rows, today = Rows(self.run), self.rhythm.today
        presence = plan_presence(self.run, rows, self.site, self.rhythm, self.chance)
        charts = invent_charts(self.chance, count, today)
        lives = [self._named(patient) for patient in named]
        lives += [new_life(chart.id, chart.adult, today.toordinal(), self.chance) for chart in charts]
        simulation = Simulation(presence, self.rhythm, self.chance, lives)
        past = [visit for day in simulation.past() for visit in day]
        swing = FullSwing(simulation, named).fill()
        ahead = [visit for day in simulation.ahead() for visit in day]
        self._write_charts(rows, charts, lives[len(named) :], simulation, [*past, *swing, *ahead])
        self._write_visits(rows, [past, swing, ahead], step)
        return self.number

    def _named(self, patient: str) -> Life:
        life = new_life(patient, False, self.rhythm.today.toordinal(), self.chance)
        while life.fate != "treated":
            life = new_life(patient, False, self.rhythm.today.toordinal(), self.chance)
        life.due = self.rhythm.today.toordinal() - self.chance.randrange(*NAMED_DAYS)
        return life

    def _write_charts(
        self, rows: Rows, charts: list[Chart], lives: list[Life], simulation: Simulation, visits: list[Visit]
    ) -> None:
        first: dict[str, int] = {}
        last: dict[str, int] = {}
        for visit in visits:
            first.setdefault(visit.patient_id, visit.booked)
            last[visit.patient_id] = visit.starts
        now = to_millis(self.rhythm.now)
        desk = self.site.staff["frontdesk"]
        writer = ChartWriter(rows, self.chance, self.rhythm.today, desk, self.number)
        for chart, life in zip(charts, lives, strict=True):
            opened = first.get(chart.id, now - self.chance.randrange(1, 300) * DAY)
            unseen = last.get(chart.id, opened) < now - FINISHED_DAYS * DAY and life.patient_id not in simulation.future
            status = self.chance.choice((FileStatus.INACTIVE, FileStatus.ARCHIVED)) if unseen else FileStatus.ACTIVE
            writer.write(chart, min(opened, now), status)
        rows.flush()
        self.number = writer.number

    def _write_visits(self, rows: Rows, parts: list[list[Visit]], step: Callable[[int], None]) -> None:
        until, done = to_millis(self.rhythm.now), 0
        writer = VisitWriter(rows, self.site)
        for visits in parts:
            for visit in visits:
                writer.write(visit, until)
                done += 1
                if done % 500 == 0:
                    step(done)
        rows.flush()


def day_of(rhythm: Rhythm, ahead: int) -> str:
    """A day so many days after the moment, as the journal stores it."""
    return (rhythm.today + timedelta(days=ahead)).isoformat()
