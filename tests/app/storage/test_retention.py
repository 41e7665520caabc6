"""What the policy of the clinic lets go: counted from the last entry, minors longer, held charts shown as held."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.core.clock import Clock
from app.core.errors import PermissionDenied
from app.core.ids import PatientId
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.patients.commands import create_patient
from app.storage.commands import lift_legal_hold, place_legal_hold
from app.storage.queries import past_retention
from app.storage.retention import kept_until


@pytest.mark.parametrize(
    ("last", "born", "end"),
    [
        (date(2016, 3, 1), date(1980, 1, 1), date(2026, 3, 1)),
        (date(2016, 3, 1), None, date(2026, 3, 1)),
        (date(2010, 3, 1), date(2000, 5, 1), date(2028, 5, 1)),
        (date(2018, 5, 1), date(2000, 5, 1), date(2028, 5, 1)),
        (date(2016, 2, 29), date(1980, 1, 1), date(2026, 2, 28)),
        (date(2017, 3, 1), date(1999, 5, 1), date(2027, 5, 1)),
    ],
)
def test_a_record_is_kept_ten_years_and_a_minors_until_twenty_eight(last: date, born: date | None, end: date) -> None:
    assert kept_until(last, born, 10, 28) == end


def test_old_charts_are_listed_and_nothing_is_removed(runner: Runner, boss: Actor) -> None:
    old = runner.run(boss, create_patient, "Vieux", "Paul", date(1970, 1, 1))
    child = runner.run(boss, create_patient, "Jeune", "Léa", date(2015, 1, 1))
    assert runner.ask(boss, past_retention) == ()
    moment = runner.clock.now() + timedelta(days=11 * 366)
    runner.clock = Clock(runner.clock.zone, lambda: moment)
    (line,) = runner.ask(boss, past_retention)
    assert (line.patient_id, line.is_held) == (old, False)
    hold = runner.run(boss, place_legal_hold, PatientId(old), "litige")
    (line,) = runner.ask(boss, past_retention)
    assert line.is_held, "it is kept, and said to be"
    runner.run(boss, lift_legal_hold, hold)
    assert [one.is_held for one in runner.ask(boss, past_retention)] == [False]
    assert child not in {one.patient_id for one in runner.ask(boss, past_retention)}


def test_who_may_not_decide_is_not_told(runner: Runner) -> None:
    with pytest.raises(PermissionDenied):
        runner.ask(Actor("x", "x"), past_retention)
