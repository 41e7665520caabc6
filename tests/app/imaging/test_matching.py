"""Whose study is this: the table row by row, and what people decide after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from app.core.errors import RuleViolation
from app.core.ids import PatientId, derived_id
from app.imaging.commands import assign_study, match_waiting_studies, reject_match, unassign_study
from app.imaging.importing import ImportReport
from app.imaging.matching import RULES, Key, Received, is_name_of, propose
from app.imaging.queries import images_of, review_queue, study_list
from app.imaging.settings import AUTOMATIC_MATCHING
from app.imaging.vocabulary import Match, StudyId
from app.journal.queries import SYSTEM, Actor
from app.journal.runner import Runner
from app.journal.settings_store import change_setting
from app.patients.commands.merging import merge_patients
from app.patients.commands.patients import change_patient, create_patient, withdraw_patient
from tests.app.imaging import samples

Take = Callable[..., ImportReport]
BORN = date(2011, 2, 14)
STUDY = StudyId(derived_id("1.2.3"))
NAME = "Côté-Lévesque^Noémie"


def test_the_table_is_what_was_written_down() -> None:
    assert [(rule.name, rule.keys, rule.gives) for rule in RULES] == [
        ("number_and_birth", {Key.FILE_NUMBER, Key.BIRTH_DATE}, Match.AUTOMATIC),
        ("name_and_birth", {Key.NAME, Key.BIRTH_DATE}, Match.REVIEW),
    ]


@pytest.mark.parametrize(
    ("received", "match", "rule", "found"),
    [
        (Received(NAME, "SIM-0001", None, BORN), Match.AUTOMATIC, "number_and_birth", True),
        (Received("Autre^Nom", " SIM-0001 ", None, BORN), Match.AUTOMATIC, "number_and_birth", True),
        (Received(NAME, "SIM-0001", "OTHER CLINIC", BORN), Match.REVIEW, "number_and_birth", True),
        (Received(NAME, "SIM-0001", "Clinique Tremblay", BORN), Match.AUTOMATIC, "number_and_birth", True),
        (Received("COTE LEVESQUE^NOEMIE^ZOE", "77", None, BORN), Match.REVIEW, "name_and_birth", True),
        (Received("Noémie Côté-Lévesque", None, None, BORN), Match.REVIEW, "name_and_birth", True),
        (Received("Côté^Noémie", "77", None, BORN), Match.UNMATCHED, None, False),
        (Received(NAME, "SIM-0001", None, date(2011, 2, 15)), Match.UNMATCHED, None, False),
        (Received(NAME, "SIM-0001", None, None), Match.UNMATCHED, None, False),
        (Received(NAME, None, None, date(2011, 2, 15)), Match.UNMATCHED, None, False),
        (Received(None, None, None, BORN), Match.UNMATCHED, None, False),
        (Received("^", "", None, BORN), Match.UNMATCHED, None, False),
    ],
)
def test_each_row_of_the_table(
    runner: Runner,
    noemie: PatientId,
    jerome: PatientId,
    received: Received,
    match: Match,
    rule: str | None,
    found: bool,
) -> None:
    with runner.read(SYSTEM) as read:
        proposal = propose(read, received, issuers="ARCHWIRE, clinique tremblay")
    assert (proposal.match, proposal.rule) == (match, rule)
    assert proposal.candidates == ((noemie,) if found else ())


def test_two_charts_that_agree_are_reviewed(runner: Runner, boss: Actor, noemie: PatientId) -> None:
    twin = runner.run(boss, create_patient, "Côté-Lévesque", "Noémie", BORN, file_number="SIM-0002")
    with runner.read(SYSTEM) as read:
        by_name = propose(read, Received(NAME, None, None, BORN))
        by_number = propose(read, Received(NAME, "SIM-0002", None, BORN))
        without_one = propose(read, Received(NAME, None, None, BORN), rejected=[noemie])
    assert (by_name.match, set(by_name.candidates)) == (Match.REVIEW, {noemie, twin})
    assert (by_number.match, by_number.candidates) == (Match.AUTOMATIC, (twin,))
    assert without_one.candidates == (twin,)


def test_a_merged_chart_leads_to_the_one_that_is_kept_and_a_withdrawn_one_nowhere(
    runner: Runner, boss: Actor, noemie: PatientId
) -> None:
    double = runner.run(boss, create_patient, "Côté", "Noémie", BORN, file_number="SIM-0009")
    runner.run(boss, merge_patients, noemie, double)
    with runner.read(SYSTEM) as read:
        merged = propose(read, Received(None, "SIM-0009", None, BORN))
    assert (merged.match, merged.candidates) == (Match.AUTOMATIC, (noemie,))
    alone = runner.run(boss, create_patient, "Roy", "Léa", date(2013, 1, 1), file_number="SIM-0010")
    runner.run(boss, withdraw_patient, alone)
    with runner.read(SYSTEM) as read:
        assert propose(read, Received("Roy^Léa", "SIM-0010", None, date(2013, 1, 1))).match is Match.UNMATCHED


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("TREMBLAY^ZOE", True),
        ("Tremblay^Zoé^Marie^Mme", True),
        ("Zoé Tremblay", True),
        ("Tremblay, Zoé", True),
        ("山田^太郎=Tremblay^Zoé", True),
        ("Tremblay^Zo", False),
        ("Zoé^Tremblay", False),
        ("Tremblay", False),
        ("", False),
    ],
)
def test_names_are_compared_as_people_read_them(written: str, same: bool) -> None:
    assert is_name_of(written, "Tremblay", ("Zoé", "")) is same


def test_a_study_is_matched_as_it_comes(
    runner: Runner, boss: Actor, take: Take, noemie: PatientId, given: Path
) -> None:
    samples.dicom_file(given / "a.dcm", "1.1", PatientID="SIM-0001", PatientBirthDate="20110214")
    take(given)
    (study,) = runner.ask(boss, images_of, noemie)
    assert (study.match, study.patient_id) == (Match.AUTOMATIC, noemie)


def test_without_automatic_matching_everything_is_reviewed(
    runner: Runner, boss: Actor, take: Take, noemie: PatientId, given: Path
) -> None:
    runner.run(boss, change_setting, AUTOMATIC_MATCHING.name, "false")
    samples.dicom_file(given / "a.dcm", "1.1", PatientID="SIM-0001", PatientBirthDate="20110214")
    take(given)
    assert runner.ask(boss, images_of, noemie) == ()
    (item,) = runner.ask(boss, review_queue).items
    assert (item.study.match, item.rule) == (Match.REVIEW, "number_and_birth")
    assert [candidate.patient_id for candidate in item.candidates] == [noemie]
    assert runner.run(boss, match_waiting_studies) == 0


def test_somebody_decides_and_undoes(
    runner: Runner, boss: Actor, take: Take, noemie: PatientId, jerome: PatientId, given: Path
) -> None:
    samples.dicom_file(given / "a.dcm", "1.1", PatientName=NAME, PatientBirthDate="20110214")
    take(given)
    page = runner.ask(boss, review_queue)
    assert (page.total, page.items[0].match, page.items[0].rule) == (1, Match.REVIEW, "name_and_birth")
    done = runner.submit(boss, assign_study, STUDY, jerome).result()
    assert [study.study_id for study in runner.ask(boss, images_of, jerome)] == [STUDY]
    assert runner.ask(boss, review_queue).total == 0
    assert done.undoable
    runner.undo(boss, done.operation_id)
    assert runner.ask(boss, images_of, jerome) == ()
    assert runner.ask(boss, review_queue).items[0].study.match is Match.REVIEW
    runner.run(boss, assign_study, STUDY, noemie)
    with pytest.raises(RuleViolation):
        runner.run(boss, assign_study, STUDY, noemie)


def test_what_was_rejected_is_not_proposed_nor_matched_again(
    runner: Runner, boss: Actor, take: Take, noemie: PatientId, given: Path
) -> None:
    samples.dicom_file(given / "a.dcm", "1.1", PatientName=NAME, PatientBirthDate="20110214")
    take(given)
    runner.run(boss, reject_match, STUDY, noemie)
    assert runner.ask(boss, review_queue).items[0].candidates == ()
    runner.run(boss, change_patient, noemie, file_number="77")
    assert runner.run(boss, match_waiting_studies) == 0
    runner.run(boss, assign_study, STUDY, noemie)  # a person may change their mind
    assert len(runner.ask(boss, images_of, noemie)) == 1
    with pytest.raises(RuleViolation):
        runner.run(boss, reject_match, STUDY, noemie)


def test_a_study_that_is_taken_out_of_a_chart_waits_and_is_left_to_people(
    runner: Runner, boss: Actor, take: Take, noemie: PatientId, given: Path
) -> None:
    samples.dicom_file(given / "a.dcm", "1.1", PatientID="SIM-0001", PatientBirthDate="20110214")
    take(given)
    runner.run(boss, unassign_study, STUDY)
    assert runner.ask(boss, images_of, noemie) == ()
    assert runner.run(boss, match_waiting_studies) == 0
    assert runner.ask(boss, review_queue).items[0].candidates == ()
    with pytest.raises(RuleViolation):
        runner.run(boss, unassign_study, STUDY)


def test_a_chart_that_is_opened_later_gets_its_waiting_study(
    runner: Runner, boss: Actor, take: Take, given: Path
) -> None:
    samples.dicom_file(given / "a.dcm", "1.1", PatientID="30003", PatientBirthDate="20110214")
    take(given)
    assert runner.ask(boss, study_list, match=Match.UNMATCHED).total == 1
    late = runner.run(boss, create_patient, "Gagnon", "Émile", BORN, file_number="30003")
    assert runner.run(boss, match_waiting_studies) == 1
    assert len(runner.ask(boss, images_of, late)) == 1


def test_images_of_a_merged_chart_are_seen_in_the_one_that_is_kept(
    runner: Runner, boss: Actor, take: Take, noemie: PatientId, given: Path
) -> None:
    double = runner.run(boss, create_patient, "Côté", "Noémie", BORN, file_number="SIM-0009")
    samples.dicom_file(given / "a.dcm", "1.1", PatientID="SIM-0009", PatientBirthDate="20110214")
    take(given)
    runner.run(boss, merge_patients, noemie, double)
    assert len(runner.ask(boss, images_of, noemie)) == 1
    assert take(given, patient_id=noemie).already == 1
