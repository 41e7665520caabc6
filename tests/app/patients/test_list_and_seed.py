"""The list, page by page; the invented families."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.core.clock import Clock
from app.core.errors import RuleViolation
from app.core.text import fold
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.journal.workplace import open_workplace
from app.patients.commands import archive_patient, create_patient
from app.patients.queries import (
    FileStatus,
    Language,
    PatientLine,
    PatientSort,
    Sibling,
    check_nam,
    family_of,
    patient_list,
    patient_page,
)
from app.patients.seeding import seed_patients
from tests.conftest import NOW

PEOPLE = [
    ("Côté", "Zoé", date(2014, 2, 1)), ("Cote", "Alice", date(2010, 5, 5)), ("Éthier", "Noé", None),
    ("Ethier-Roy", "Ida", date(2012, 1, 1)), ("D’Amours", "Léo", date(2013, 9, 9)),
]  # fmt: skip


@pytest.fixture
def people(runner: Runner, boss: Actor) -> None:
    for family, given, born in PEOPLE:
        language = Language.ENGLISH if given == "Léo" else Language.FRENCH
        runner.run(boss, create_patient, family, given, born, language)


def every_page(runner: Runner, boss: Actor, **filters: object) -> list[PatientLine]:
    rows: list[PatientLine] = []
    after: str | None = None
    while True:
        page = runner.ask(boss, patient_list, limit=2, after=after, **filters)
        rows += page.rows
        after = page.next
        if after is None:
            assert page.total == len(rows)
            return rows


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", PatientSort)
def test_pages_join_into_the_sorted_list(runner: Runner, boss: Actor, sort: PatientSort, descending: bool) -> None:
    keys: dict[PatientSort, Callable[[PatientLine], Any]] = {
        PatientSort.NAME: lambda row: (fold(row.family_name), fold(row.given_name)),
        PatientSort.FILE_NUMBER: lambda row: int(row.file_number),
        PatientSort.BORN_ON: lambda row: str(row.born_on or ""),
        PatientSort.OPENED_AT: lambda row: (row.opened_at, row.id),
    }
    rows = every_page(runner, boss, sort=sort, descending=descending)
    assert len(rows) == len(PEOPLE)
    assert rows == sorted(rows, key=keys[sort], reverse=descending)


@pytest.mark.usefixtures("people")
def test_filters(runner: Runner, boss: Actor) -> None:
    def given(**filters: object) -> set[str]:
        return {row.given_name for row in every_page(runner, boss, **filters)}

    assert given(initial="é") == {"Noé", "Ida"}
    assert given(initial="cote") == {"Zoé", "Alice"}
    assert given(language=Language.ENGLISH) == {"Léo"}
    assert given(born_from=date(2012, 1, 1), born_to=date(2013, 12, 31)) == {"Ida", "Léo"}
    runner.run(boss, archive_patient, every_page(runner, boss, initial="damours"[:1])[0].id)
    assert given(status=FileStatus.ARCHIVED) == {"Léo"}


@pytest.mark.parametrize("after", ["", "x", "[]", '["a"]', "[null,null]"])
def test_a_place_that_is_none(runner: Runner, boss: Actor, after: str) -> None:
    with pytest.raises(RuleViolation):
        runner.ask(boss, patient_list, after=after)


def test_invented_families(runner: Runner, boss: Actor) -> None:
    with runner.group(boss, "Seed") as group:
        made = seed_patients(group, random.Random(11), 16, NOW.date())
    assert len(made) == len(set(made)) == 16
    siblings: list[Sibling] = []
    for patient in made:
        page = runner.ask(boss, patient_page, patient)
        assert page.nam is None or check_nam(page.nam).verified == ()
        siblings += runner.ask(boss, family_of, patient).siblings
    assert siblings
    with runner.read(boss) as read:
        phones = [row.value for row in read.sql("SELECT value FROM contact_point WHERE kind IN ('mobile', 'home')")]
    assert phones
    assert all(phone[3:8] == "55501" for phone in phones)


def test_the_same_seed_makes_the_same_families(tmp_path: Path) -> None:
    boss = Actor("boss", "Claire Brunet", everything=True)

    def seeded(name: str, seed: int) -> Counter[tuple[str, ...]]:
        place = open_workplace(tmp_path / name, create=True, kind="test", clock=Clock.fixed(NOW))
        with place as opened, opened.runner.group(boss, "Seed") as group:
            seed_patients(group, random.Random(seed), 3, NOW.date())
            rows = opened.runner.ask(boss, patient_list).rows
        return Counter((row.family_name, row.given_name, str(row.born_on), row.phone or "") for row in rows)

    assert seeded("a", 5) == seeded("b", 5)
    assert seeded("a2", 5) != seeded("c", 6)
