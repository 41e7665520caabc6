"""Filling a clinic: families, history, the day in full swing, what is booked, what fell through the cracks."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from app.cli.demonstration.charts import Chart, ChartWriter, invent_charts
from app.cli.demonstration.following import Following
from app.cli.demonstration.practice import Site
from app.cli.demonstration.rhythm import Rhythm
from app.cli.demonstration.rows import Rows
from app.cli.demonstration.shifts import plan_presence
from app.cli.demonstration.simulation import Simulation
from app.cli.demonstration.stories import DAYS_OF_HISTORY, Life, new_life
from app.cli.demonstration.today import FullSwing
from app.cli.demonstration.visits import DAY, Visit, VisitWriter
from app.core.clock import to_millis
from app.core.ids import PatientId
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

    still: Callable[[], None] = lambda: None
    """Called now and then; what it raises ends the filling, of which nothing stays."""
    history: int = DAYS_OF_HISTORY
    """Days before today whose visits are written down; what patients lived through does not depend on it."""
    shown: list[PatientId] = field(default_factory=list)
    """Patients of today who are not known by name."""

    def fill(self, count: int, named: list[str]) -> int:
        """Invent so many patients besides the named ones; returns the next file number."""
        rows, today = Rows(self.run), self.rhythm.today
        presence = plan_presence(self.run, rows, self.site, self.rhythm, self.chance)
        charts = invent_charts(self.chance, count, today)
        lives = [self._named(patient) for patient in named]
        lives += [new_life(chart.id, chart.adult, today.toordinal(), self.chance) for chart in charts]
        simulation = Simulation(presence, self.rhythm, self.chance, lives)
        past = [visit for day in self._heeding(simulation.past()) for visit in day]
        swing = FullSwing(simulation, named).fill()
        self.shown = [PatientId(visit.patient_id) for visit in swing if visit.patient_id not in named]
        ahead = [visit for day in self._heeding(simulation.ahead()) for visit in day]
        self._write_charts(rows, charts, lives[len(named) :], simulation, [*past, *swing, *ahead])
        kept = [visit for visit in past if (today - visit.on).days <= self.history]
        self._write_visits(rows, [kept, swing, ahead])
        Following(rows, self.site, self.rhythm, self.chance, simulation).write()
        return self.number

    def _heeding(self, days: Iterator[list[Visit]]) -> Iterator[list[Visit]]:
        for day in days:
            self.still()
            yield day

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
            self.still()
            declined = life.fate == "declined" and bool(life.seen)
            long_ago = last.get(chart.id, opened) < now - FINISHED_DAYS * DAY
            status = FileStatus.ACTIVE
            if declined or (long_ago and chart.id not in simulation.future):
                status = self.chance.choice((FileStatus.INACTIVE, FileStatus.ARCHIVED))
            writer.write(chart, min(opened, now), status)
        rows.flush()
        self.number = writer.number

    def _write_visits(self, rows: Rows, parts: list[list[Visit]]) -> None:
        until = to_millis(self.rhythm.now)
        writer = VisitWriter(rows, self.site)
        for visits in parts:
            for number, visit in enumerate(visits):
                writer.write(visit, until)
                if number % 100 == 0:
                    self.still()
        rows.flush()
