"""Search: any beginning of any word, in any order, accents or none; and never a chart that is not to be found."""

from __future__ import annotations

import random
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.clock import Clock
from app.core.ids import PatientId, PersonId
from app.journal.erasure import erase_subject
from app.journal.projections import PROJECTIONS
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.journal.workplace import open_workplace
from app.patients.commands import (
    archive_patient,
    change_contact,
    change_patient,
    change_person,
    create_patient,
    end_contact,
    end_responsibility,
    link_person,
    make_patient_inactive,
    merge_patients,
    set_nam,
    unmerge_patients,
    withdraw_patient,
)
from app.patients.model import PatientSearch
from app.patients.queries import (
    HolderId,
    Relation,
    SearchPage,
    contacts_of,
    family_of,
    finding,
    patient_banner,
    search_patients,
)
from app.patients.search import name_words, wanted
from app.patients.seeding import seed_patients
from tests.conftest import NOW

Search = Callable[[str], SearchPage]


def ids(page: SearchPage) -> list[str]:
    return [hit.id for hit in page.rows]


@pytest.mark.parametrize(
    "words",
    [
        "f", "flo", "FLORENCE", "berg flor", "flor berg", "Bergéron", "isa roy", "roy flo", "2012-03-14", "2012-3-14",
        "14/03/2012", "03/14/2012", "20120314", "14032012", "2012", "201203", "2012-03", "514 555-0142",
        "(514) 555-0142", "5145550142", "1 514 555-0142", "+1 514 555 0142", "555-0142", "5550142", "0142",
        "514555", "10001", "flo 2012", "flo 0142", "berg 10001 isab",
    ],
)  # fmt: skip
def test_what_people_type(florence: PatientId, isabelle: PersonId, search: Search, words: str) -> None:
    assert ids(search(words)) == [florence]


@pytest.mark.parametrize(
    "words", ["", "   ", "-'’", "lorence", "flo x", "2013", "0143", "*", '"', "flo* OR zzz", "NOT"]
)
def test_what_finds_nothing(florence: PatientId, isabelle: PersonId, search: Search, words: str) -> None:
    assert search(words) == SearchPage((), False)


def test_a_whole_nam_finds_its_chart_and_a_part_does_not(
    runner: Runner, boss: Actor, florence: PatientId, search: Search
) -> None:
    runner.run(boss, set_nam, florence, "XYZW 1253 1510")
    assert ids(search("xyzw 1253 1510")) == ids(search("XYZW12531510")) == [florence]
    assert ids(search("xyzw1253")) == []


def test_a_name_and_a_birth_date_that_look_like_a_nam(runner: Runner, boss: Actor, search: Search) -> None:
    marc = runner.run(boss, create_patient, "Roy", "Marc", date(2012, 3, 14))
    assert ids(search("marc 20120314")) == [marc]


def test_a_parents_new_name_and_number_reach_every_child(
    runner: Runner, boss: Actor, florence: PatientId, isabelle: PersonId, search: Search
) -> None:
    hugo = runner.run(boss, create_patient, "Bergeron", "Hugo")
    runner.run(boss, link_person, hugo, isabelle, Relation.MOTHER)
    runner.run(boss, change_person, isabelle, family_name="D’Amours")
    (contact,) = runner.ask(boss, contacts_of, HolderId(isabelle))
    runner.run(boss, change_contact, contact.id, value="450 555-0177")
    for words in ("damours", "d'am", "450 555-0177", "0177"):
        assert set(ids(search(words))) == {florence, hugo}
    assert ids(search("roy")) == ids(search("0142")) == []
    runner.run(boss, end_contact, contact.id)
    assert ids(search("0177")) == []
    (person,) = runner.ask(boss, family_of, hugo).persons
    runner.run(boss, end_responsibility, person.responsibility_id)
    assert ids(search("damours")) == [florence]


def test_active_files_come_first_and_more_is_said(runner: Runner, boss: Actor) -> None:
    made = [runner.run(boss, create_patient, "Tremblay", f"Zoé {'abcdef'[number]}") for number in range(6)]
    for patient in made[:2]:
        runner.run(boss, make_patient_inactive, patient)
    runner.run(boss, archive_patient, made[2])
    page = runner.ask(boss, search_patients, "trem")
    assert set(ids(page)[:3]) == set(made[3:])
    assert set(ids(page)[3:5]) == set(made[:2])
    assert (ids(page)[5], page.more) == (made[2], False)
    cut = runner.ask(boss, search_patients, "trem zoe", 3)
    assert (set(ids(cut)), cut.more) == (set(made[3:]), True)


def test_who_is_called_so_comes_before_the_child_of_who_is(
    runner: Runner, boss: Actor, florence: PatientId, isabelle: PersonId, search: Search
) -> None:
    royer, given, hyphen, family = (
        runner.run(boss, create_patient, *name)
        for name in (("Royer", "Anne"), ("Alarie", "Roy"), ("Hébert-Roy", "Luc"), ("Roy", "Zacharie"))
    )
    assert ids(search("roy")) == [family, royer, given, hyphen, florence]
    runner.run(boss, make_patient_inactive, family)
    assert ids(search("roy")) == [royer, family, given, hyphen, florence]
    assert ids(search("roy flo")) == [florence]


def test_a_name_that_many_parents_have_still_finds_its_patient(
    monkeypatch: pytest.MonkeyPatch, runner: Runner, boss: Actor, florence: PatientId, isabelle: PersonId
) -> None:
    monkeypatch.setattr(finding, "WEIGHED", 1)
    made = [runner.run(boss, create_patient, "Roy", name) for name in ("Anne", "Luc", "Zoé")]
    assert ids(runner.ask(boss, search_patients, "roy", 3)) == made


def test_a_merged_chart_is_found_by_its_number_only(
    runner: Runner, boss: Actor, florence: PatientId, search: Search
) -> None:
    second = runner.run(boss, create_patient, "Bergeron", "Flora", date(2012, 3, 14))
    third = runner.run(boss, create_patient, "Bergeron", "Florentine")
    runner.run(boss, merge_patients, second, third)
    runner.run(boss, merge_patients, florence, second)
    assert ids(search("berg")) == [florence]
    assert ids(search("flora")) == ids(search("florentine")) == []
    for number in ("10002", "10003"):
        (hit,) = search(number).rows
        assert (hit.id, hit.file_number, hit.through_number) == (florence, "10001", number)
    assert len(search("1000").rows) == 1
    runner.run(boss, unmerge_patients, second)
    assert set(ids(search("berg"))) == {florence, second}
    assert ids(search("10003")) == [second]


def test_withdrawn_and_erased_charts_are_not_found(
    runner: Runner, boss: Actor, florence: PatientId, isabelle: PersonId, search: Search
) -> None:
    hugo = runner.run(boss, create_patient, "Bergeron", "Hugo")
    runner.run(boss, withdraw_patient, hugo)
    assert ids(search("hugo")) == ids(search("10002")) == []
    erase_subject(runner, boss, florence)
    for words in ("flo", "berg", "10001", "2012", "isabelle", "0142"):
        assert ids(search(words)) == []


def test_no_word_of_an_erased_chart_is_left_in_the_index(runner: Runner, boss: Actor) -> None:
    """Neither of its last name nor of a former one; the words begin like no other, so that they stand whole."""

    def blocks() -> bytes:
        with runner.read(boss) as read:
            return b"".join(bytes(row.block) for row in read.sql("SELECT block FROM patient_fts_data"))

    chart = runner.run(boss, create_patient, "Zyxwvutsrq", "Hugo")
    runner.run(boss, change_patient, chart, family_name="Qwertzuiop")
    runner.run(boss, create_patient, "Bergeron", "Alice")
    assert b"yxwvutsrq" in blocks()
    assert b"wertzuiop" in blocks()
    erase_subject(runner, boss, chart)
    assert b"yxwvutsrq" not in blocks()
    assert b"wertzuiop" not in blocks()
    assert b"ergeron" in blocks()


def test_an_index_kept_step_by_step_equals_one_made_anew(runner: Runner, boss: Actor) -> None:
    with runner.group(boss, "Seed") as group:
        made = seed_patients(group, random.Random(3), 12, NOW.date())
    runner.run(boss, merge_patients, made[0], made[1])
    runner.run(boss, withdraw_patient, made[2])
    runner.run(boss, make_patient_inactive, made[3])
    projection = PROJECTIONS[PatientSearch.__tablename__]
    with runner.read(boss) as read:
        assert projection.differences(read) == []
        assert len(read.sql("SELECT id FROM patient_search")) == 11
    with runner.database.writer.connect() as connection, connection.begin():
        connection.exec_driver_sql("INSERT INTO patient_fts(patient_fts, rank) VALUES ('integrity-check', 1)")


NAMES = st.text(
    st.sampled_from("aeéèêioôuyçœæßñnrstlm AÉŒÎ-'’"), min_size=2, max_size=14
).filter(lambda name: any(letter.isalpha() for letter in name))  # fmt: skip
ANY_SCRIPT = st.text(st.characters(categories=["L", "N"], max_codepoint=0x2FFF), min_size=1, max_size=8).filter(
    lambda name: any(letter.isalpha() for letter in name)
)


@pytest.fixture(scope="module")
def shared() -> Iterator[Runner]:
    """One folder for all the examples of a property: a chart more does no harm."""
    with tempfile.TemporaryDirectory() as folder:
        place = open_workplace(Path(folder) / "data", create=True, kind="test", clock=Clock.fixed(NOW))
        with place as opened:
            yield opened.runner


def bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def words_of(name: str) -> list[str]:
    return name.replace("’", " ").replace("'", " ").replace("-", " ").split()


@settings(max_examples=40, deadline=None)
@given(st.data(), NAMES | ANY_SCRIPT, NAMES | ANY_SCRIPT, st.dates(date(1900, 1, 1), NOW.date()))
def test_every_chart_is_found_by_any_beginnings_in_any_order(
    shared: Runner, data: st.DataObject, family: str, given_name: str, born: date
) -> None:
    boss = Actor("boss", "Claire Brunet", everything=True)
    patient = shared.run(boss, create_patient, family, given_name, born)
    number = shared.ask(boss, patient_banner, patient).file_number
    names, numbers = [*words_of(family), *words_of(given_name)], [f"{born:%Y%m%d}", number]
    chosen = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=3))
    # One number at most: several are read together, as the parts of one date or telephone.
    chosen += data.draw(st.lists(st.sampled_from(numbers), max_size=1))
    typed = [word[: data.draw(st.integers(1, len(word)))] for word in chosen]
    typed = [data.draw(st.sampled_from([word, bare(word), word.upper(), word.lower()])) for word in typed]
    text = " ".join(data.draw(st.permutations(typed)))
    page = shared.ask(boss, search_patients, text, 500)
    assert not wanted(text).words or page.more or patient in ids(page)


@given(NAMES | ANY_SCRIPT, st.data())
def test_a_beginning_of_a_folded_word_begins_a_word_of_the_index(name: str, data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(words_of(name) or ["a"]))
    start = word[: data.draw(st.integers(1, len(word)))]
    kept = name_words(name) | {"a"}
    assert all(any(whole.startswith(asked) for whole in kept) for asked in wanted(start).words)
