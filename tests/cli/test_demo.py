"""The demonstration: what it states of itself is counted on a folder that was made, and its rules hold."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.access.authority import StaffAuthority
from app.cli import demo
from app.cli.demo import make_demo
from app.cli.demonstration import pictures
from app.core.clock import CLINIC_ZONE, Clock
from app.core.errors import RuleViolation
from app.imaging.layouts import LAYOUTS
from app.journal.digest import digest
from app.journal.filling import FilledRows, fill_folder
from app.journal.queries import SYSTEM, Actor
from app.journal.runner import Runner
from app.journal.workplace import Workplace, open_workplace
from app.patients.nam import check_nam
from app.practice.queries import clinics, providers, roster
from app.practice.vocabulary import ProviderKind
from app.scheduling.queries import day_schedule, follow_up_counts, visit_figures
from app.scheduling.seeds import TYPES
from app.scheduling.vocabulary import FollowUpList

TUESDAY = datetime(2026, 11, 24, 10, 20, tzinfo=ZoneInfo(CLINIC_ZONE))
PATIENTS = 400
MIX = {"ADJ": (400, 560), "ALN": (50, 130), "EX": (40, 95), "RC": (30, 75), "RPR": (25, 60), "EMG": (8, 35),
       "DB": (12, 45), "RK": (15, 65)}  # fmt: skip
"""Share of each type that the README’s clinic has, per thousand visits: the least and the most."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration of some hundred patients."""
    folder = tmp_path_factory.mktemp("made") / "data"
    make_demo(folder, at=TUESDAY, patients=PATIENTS)
    return folder


@pytest.fixture
def opened(made: Path) -> Iterator[Workplace]:
    """The same folder, open; it is not written in."""
    with open_workplace(made, clock=Clock.fixed(TUESDAY), authority=StaffAuthority()) as workplace:
        yield workplace


def test_nothing_in_it_is_other_than_the_journal_says(opened: Workplace) -> None:
    report = opened.verify()
    assert report.problems == []
    with opened.runner.read(SYSTEM) as read:
        assert read.sql("SELECT sum(ineffective) n FROM appointment_state")[0].n == 0


def test_the_stated_distributions(opened: Workplace) -> None:
    figures = opened.runner.ask(SYSTEM, visit_figures)
    assert figures.visits > 3000
    assert 25 <= figures.no_show_per_mille <= 35
    assert 120 <= figures.late_per_mille <= 180
    shares = {item.code: item.per_mille for item in figures.types}
    assert set(shares) == {item.code for item in TYPES}
    outside = {code: shares[code] for code, (least, most) in MIX.items() if not least <= shares[code] <= most}
    assert outside == {}


def test_eleven_people_have_shifts_breaks_and_skills(opened: Workplace) -> None:
    """Two orthodontists and nine of the staff, the manager among them, who is booked with nobody."""
    clinic = opened.runner.ask(SYSTEM, clinics)[0].id
    people = {line.id: line for line in opened.runner.ask(SYSTEM, providers)}
    for ahead in range(2):
        shifts = opened.runner.ask(SYSTEM, roster, clinic, TUESDAY.date() + timedelta(days=ahead), 1).shifts
        kinds = Counter(people[line.provider_id].kind for line in shifts)
        assert (kinds[ProviderKind.DOCTOR], kinds.total(), len(people)) == (2, 11, 11)
        assert {line.provider_id for line in shifts} == set(people)
        assert all(line.breaks for line in shifts)
    (manager,) = [line for line in people.values() if line.kind is ProviderKind.MANAGER]
    assert [skill.skill for skill in manager.skills] == ["PLANS"]
    with opened.runner.read(SYSTEM) as read:
        booked = read.sql("SELECT count(*) n FROM appointment WHERE segments LIKE :who", who=f"%{manager.id}%")[0].n
    assert booked == 0


def test_no_chair_and_nobody_is_taken_twice(opened: Workplace) -> None:
    """By the minute, over all of the history and all that is booked."""
    with opened.runner.read(SYSTEM) as read:
        rows = read.sql(
            "SELECT a.starts_at / 60000 start, a.minutes, a.operatory_id, a.segments, a.patient_id"
            " FROM appointment a JOIN appointment_state s ON s.id = a.id"
            " WHERE a.starts_at IS NOT NULL AND s.status IN ('scheduled', 'confirmed', 'kept', 'missed')"
        )
    assert overlaps(spans_of(rows)) == []
    twice = [*rows, rows[0]]
    assert overlaps(spans_of(twice)) != []


def spans_of(rows: Sequence[Any]) -> Iterator[tuple[str, int, int]]:
    """(resource, first minute, minute after the last) of every visit."""
    for row in rows:
        yield row.operatory_id, row.start, row.start + row.minutes
        yield row.patient_id, row.start, row.start + row.minutes
        at = row.start
        for _kind, minutes, provider in json.loads(row.segments):
            if provider:
                yield provider, at, at + minutes
            at += minutes


def overlaps(spans: Iterator[tuple[str, int, int]]) -> list[str]:
    """The resources that two visits take at once."""
    found, until, holder = [], 0, ""
    for resource, start, end in sorted(spans):
        if resource == holder and start < until:
            found.append(resource)
        until = max(end, until) if resource == holder else end
        holder = resource
    return found


def test_every_list_of_the_schedule_has_somebody(opened: Workplace) -> None:
    counts = opened.runner.ask(SYSTEM, follow_up_counts)
    assert {code for code, count in counts.items() if count == 0} == set()
    assert set(counts) == set(FollowUpList)


@pytest.mark.parametrize(
    "at", ["2026-11-24T10:20", "2026-11-24T12:15", "2026-11-25T23:10", "2026-11-28T00:20", "2026-12-25T06:30"]
)
def test_the_day_is_in_full_swing_at_any_hour(tmp_path: Path, at: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(CLINIC_ZONE))
    make_demo(tmp_path / "data", at=moment, patients=60)
    clock = Clock.fixed(moment)
    with open_workplace(tmp_path / "data", clock=clock, authority=StaffAuthority()) as workplace:
        clinic = workplace.runner.ask(SYSTEM, clinics)[0]
        visits = workplace.runner.ask(SYSTEM, day_schedule, clinic.id, cancelled=True)
        assert workplace.verify().sound
    flows = [visit.flow for visit in visits]
    assert sum(flow in {"seated", "paused"} for flow in flows) >= 3
    wanted = {"arrived", "expected"} if moment.hour == 0 else {"arrived", "expected", "late", "gone"}
    assert wanted <= set(flows)  # soon after midnight, those who were before stand on the page of the day before
    assert {"needed", "here"} <= {visit.doctor for visit in visits}


def test_the_same_seed_and_moment_give_the_same_state(tmp_path: Path) -> None:
    found = set()
    for name, seed in (("one", 7), ("two", 7), ("other", 8)):
        make_demo(tmp_path / name, at=TUESDAY, patients=30, seed=seed)
        with open_workplace(tmp_path / name, authority=StaffAuthority()) as workplace:
            found.add((seed, digest(workplace.database.raw(read_only=True))))
    assert len(found) == 2


def test_no_number_can_belong_to_anybody(opened: Workplace) -> None:
    with opened.runner.read(SYSTEM) as read:
        cards = [row.nam for row in read.sql("SELECT nam FROM patient WHERE nam IS NOT NULL")]
        phones = [row.value for row in read.sql("SELECT value FROM contact_point WHERE kind IN ('mobile', 'home')")]
    assert len(cards) > 100
    assert not any(check_nam(card).verified for card in cards)
    assert all(phone[3:8] == "55501" for phone in phones)


def test_a_cancelled_making_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "import_pictures", interrupt)
    (tmp_path / "stood").mkdir()
    (tmp_path / "stood" / "letter.txt").write_text("mine")
    for name in ("new", "stood"):
        with pytest.raises(KeyboardInterrupt):
            make_demo(tmp_path / name, at=TUESDAY, patients=0)
    assert [path.name for path in tmp_path.rglob("*")] == ["stood", "letter.txt"]


def test_only_demonstrations_are_filled(tmp_path: Path, boss: Actor) -> None:
    with open_workplace(tmp_path / "real", create=True, kind="clinic") as real:
        row = FilledRows("task", ("id", "title"), [("1", "x")])
        with pytest.raises(RuleViolation):
            real.runner.run(boss, fill_folder, [row])


def test_two_clinics_are_made_for_more_patients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "AT_ONE_CLINIC", 20)
    make_demo(tmp_path / "data", at=TUESDAY, patients=40)
    with open_workplace(tmp_path / "data", clock=Clock.fixed(TUESDAY), authority=StaffAuthority()) as workplace:
        assert len(workplace.runner.ask(SYSTEM, clinics)) == 2
        assert workplace.verify().sound
        with workplace.runner.read(SYSTEM) as read:
            oldest = read.sql("SELECT min(starts_at) FROM appointment GROUP BY clinic_id")
        year = (TUESDAY.timestamp() - demo.HISTORY_OF_FURTHER * 86_400) * 1000
        assert sorted(first < year for (first,) in oldest) == [False, True]
        runner: Runner = workplace.runner
        assert runner.actor("gagnon2").name != runner.actor("gagnon").name


def test_full_mouth_series_lie_in_a_mount(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def films_only(place: int, chance: random.Random) -> Iterator[pictures.Sitting]:
        return (one for one in sittings(place, chance) if one.description == pictures.FULL_MOUTH)

    sittings = pictures.sittings
    monkeypatch.setattr(demo, "PICTURED_FROM", 20)
    monkeypatch.setattr(pictures, "sittings", films_only)
    monkeypatch.setattr(pictures, "FILMED", 1)
    make_demo(tmp_path / "data", at=TUESDAY, patients=20)
    with open_workplace(tmp_path / "data", clock=Clock.fixed(TUESDAY), authority=StaffAuthority()) as workplace:
        with workplace.runner.read(SYSTEM) as read:
            rows = read.sql(
                "SELECT p.position, i.teeth FROM mounted_image p LEFT JOIN instance i ON i.id = p.instance_id"
            )
        layout = LAYOUTS[pictures.MOUNT]
        assert dict(tuple(row) for row in rows) == {
            position.key: " ".join(map(str, position.teeth)) for position in layout.positions
        }
