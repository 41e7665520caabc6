"""The rule table: each rule has a pair that it names and a neighbour that it leaves alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import i18n
from app.core.ids import PatientId, PersonId
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.patients.commands import (
    add_contact,
    change_patient,
    create_patient,
    link_person,
    merge_patients,
    withdraw_patient,
)
from app.patients.duplicates import RULES, Identity, Verdict, compare, identity, one_edit_apart
from app.patients.queries import (
    ContactKind,
    HolderId,
    Relation,
    duplicate_pairs,
    duplicates_of,
    file_number_conflicts,
    possible_duplicates,
)
from tests.app.patients.conftest import BORN

NAM, OTHER_NAM = "BERF12531416", "BERF12531417"
BASE: dict[str, Any] = {"family_name": "Bergeron", "given_name": "Florence", "born_on": BORN}
PHONE = {"contacts": ["514 555-0142"]}
CASES: list[tuple[str | None, dict[str, Any], dict[str, Any]]] = [
    ("same_nam_and_birth", {"nam": NAM}, {"nam": NAM, "given_name": "Flo"}),
    ("same_nam_and_name", {"nam": NAM}, {"nam": NAM, "born_on": date(2012, 3, 15)}),
    ("same_nam_only", {"nam": NAM}, {"nam": NAM, "given_name": "Hugo", "born_on": date(2015, 1, 2)}),
    ("same_person_other_nam", {"nam": NAM}, {"nam": OTHER_NAM}),
    ("same_name_birth_contact", PHONE, {"contacts": ["5145550142"]}),
    ("same_name_birth", PHONE, {"contacts": ["5145550143"]}),
    ("same_name_birth", {}, {"family_name": "BERGÉRON", "given_name": "florence"}),
    ("names_exchanged", {}, {"family_name": "Florence", "given_name": "Bergeron"}),
    ("family_name_alike", {}, {"family_name": "Bergeron-Roy"}),
    ("family_name_alike", {}, {"family_name": "Bergerom"}),
    ("given_name_alike", {}, {"given_name": "Florance"}),
    ("given_name_alike", {"given_name": "Marie"}, {"given_name": "Marie-Ève"}),
    ("birth_alike_contact", PHONE, {**PHONE, "born_on": date(2012, 3, 15)}),
    ("birth_alike", {"born_on": date(2012, 3, 4)}, {"born_on": date(2012, 4, 3)}),
    ("birth_missing_contact", PHONE, {**PHONE, "born_on": None}),
    ("birth_missing", {}, {"born_on": None}),
    (None, PHONE, {**PHONE, "given_name": "Hugo"}),
    (None, {"given_name": "Léa", **PHONE}, {"given_name": "Léo", **PHONE}),
    (None, PHONE, {**PHONE, "given_name": "Hugo", "born_on": date(2015, 1, 2)}),
    (None, {}, {"born_on": date(1999, 7, 2)}),
    (None, {"nam": NAM}, {"nam": OTHER_NAM, "given_name": "Florance"}),
    (None, {"nam": NAM}, {"nam": OTHER_NAM, "born_on": None}),
]


def of(changes: dict[str, Any]) -> Identity:
    return identity(**(BASE | changes))


@pytest.mark.parametrize(("rule", "one", "other"), CASES)
def test_the_table(rule: str | None, one: dict[str, Any], other: dict[str, Any]) -> None:
    found, back = compare(of(one), of(other)), compare(of(other), of(one))
    assert (found.rule if found else None) == rule
    assert found == back


def test_every_rule_has_a_case() -> None:
    assert {rule.name for rule in RULES} == {rule for rule, _one, _other in CASES if rule}


def test_every_explanation_speaks_both_languages() -> None:
    for rule in RULES:
        assert i18n.is_translated("fr", rule.explanation)


def test_a_preferred_name_counts_as_given() -> None:
    match = compare(identity("Roy", "Alexandra", "Alex", BORN), identity("Roy", "Alex", None, BORN))
    assert match is not None
    assert match.rule == "same_name_birth"


@given(st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_one_edit_apart_is_the_distance_of_one(one: str, other: str) -> None:
    """Against the slow definition: all texts that one edit makes."""
    letters = "abc"
    made = {one[:i] + one[i + 1 :] for i in range(len(one))}
    made |= {one[:i] + c + one[i:] for i in range(len(one) + 1) for c in letters}
    made |= {one[:i] + c + one[i + 1 :] for i in range(len(one)) for c in letters}
    made |= {one[:i] + one[i + 1] + one[i] + one[i + 2 :] for i in range(len(one) - 1)}
    assert one_edit_apart(one, other) == (other in made - {one})


def test_the_form_is_warned_before_a_chart_is_opened(
    runner: Runner, boss: Actor, florence: PatientId, isabelle: PersonId
) -> None:
    found = runner.ask(boss, possible_duplicates, "bergeron", "FLORENCE", BORN, contacts=["514-555-0142"])
    assert [(item.id, item.verdict, item.rule) for item in found] == [
        (florence, Verdict.CERTAIN, "same_name_birth_contact")
    ]
    assert runner.ask(boss, possible_duplicates, "Bergeron", "Hugo", BORN) == ()


def test_duplicates_of_a_chart_and_of_the_clinic(runner: Runner, boss: Actor, florence: PatientId) -> None:
    second = runner.run(boss, create_patient, "Florence", "Bergeron", BORN)
    runner.run(boss, create_patient, "Gagnon", "Zoé", date(2015, 5, 5))
    assert [item.id for item in runner.ask(boss, duplicates_of, florence)] == [second]
    (pair,) = runner.ask(boss, duplicate_pairs)
    assert (pair.first.id, pair.second.id, pair.first.rule) == (florence, second, "names_exchanged")
    runner.run(boss, merge_patients, florence, second)
    assert runner.ask(boss, duplicate_pairs) == ()
    assert runner.ask(boss, duplicates_of, florence) == ()
    assert runner.ask(boss, duplicates_of, second) == ()


def test_a_withdrawn_chart_is_no_duplicate(runner: Runner, boss: Actor, florence: PatientId) -> None:
    second = runner.run(boss, create_patient, "Bergeron", "Florence", BORN)
    runner.run(boss, withdraw_patient, second)
    assert runner.ask(boss, duplicates_of, florence) == ()


def test_brothers_and_sisters_of_one_mother_are_not_duplicates(
    runner: Runner, boss: Actor, florence: PatientId, isabelle: PersonId
) -> None:
    twin = runner.run(boss, create_patient, "Bergeron", "Hugo", BORN)
    runner.run(boss, link_person, twin, isabelle, Relation.MOTHER)
    assert runner.ask(boss, duplicates_of, florence) == ()
    runner.run(boss, add_contact, HolderId(twin), ContactKind.MOBILE, "514 555-0142")
    assert runner.ask(boss, duplicate_pairs) == ()


def test_a_number_given_twice_while_apart_is_found(runner: Runner, boss: Actor, florence: PatientId) -> None:
    """Two workstations that were apart both gave 10001: no command lets that pass, so it is written as sync does."""
    second = runner.run(boss, create_patient, "Gagnon", "Zoé")
    assert runner.ask(boss, file_number_conflicts) == ()
    with runner.database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE patient SET file_number = '10001' WHERE id = ?", (second,))
    runner.adopt_raw()
    (conflict,) = runner.ask(boss, file_number_conflicts)
    assert (conflict.file_number, set(conflict.patients)) == ("10001", {florence, second})
    runner.run(boss, change_patient, second, file_number="10002")
    assert runner.ask(boss, file_number_conflicts) == ()
