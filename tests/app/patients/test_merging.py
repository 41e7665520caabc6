"""Merging charts and separating them again: nothing moves, everything is seen."""

from __future__ import annotations

import pytest

from app.core.errors import RuleViolation
from app.core.ids import PatientId, PersonId
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.patients.commands import (
    change_patient,
    create_patient,
    merge_patients,
    raise_alert,
    record_consent,
    unmerge_patients,
    withdraw_patient,
)
from app.patients.queries import (
    AlertKind,
    ConsentPurpose,
    alerts_of,
    chart_ids,
    family_of,
    has_consent,
    kept_id,
    patient_banner,
    patient_list,
)


@pytest.fixture
def second(runner: Runner, boss: Actor) -> PatientId:
    """A second chart of Florence."""
    return runner.run(boss, create_patient, "Bergeron", "Flora")


def test_the_kept_chart_shows_both(
    runner: Runner, boss: Actor, florence: PatientId, isabelle: PersonId, second: PatientId
) -> None:
    runner.run(boss, raise_alert, second, AlertKind.ALLERGY, "Latex")
    runner.run(boss, record_consent, second, ConsentPurpose.CARE)
    runner.run(boss, merge_patients, second, florence)
    for chart in (florence, second):
        banner = runner.ask(boss, patient_banner, chart)
        assert (banner.id, banner.file_number, banner.other_numbers) == (second, "10002", ("10001",))
        assert [alert.text for alert in banner.alerts] == ["Latex"]
        assert banner.responsible is not None
        assert banner.responsible.given_name == "Isabelle"
        assert [person.person_id for person in runner.ask(boss, family_of, chart).persons] == [isabelle]
    with runner.read(boss) as read:
        assert has_consent(read, florence, ConsentPurpose.CARE)
        assert chart_ids(read, florence) == (second, florence)
    assert [row.id for row in runner.ask(boss, patient_list).rows] == [second]


def test_a_merge_is_undone_and_taken_back(runner: Runner, boss: Actor, florence: PatientId, second: PatientId) -> None:
    done = runner.submit(boss, merge_patients, florence, second).result()
    assert (done.undoable, done.changes.ids("alert")) == (True, frozenset())
    runner.undo(boss, done.operation_id)
    assert runner.ask(boss, patient_list).total == 2
    runner.run(boss, merge_patients, florence, second)
    runner.run(boss, unmerge_patients, second)
    assert runner.ask(boss, patient_list).total == 2
    assert runner.ask(boss, patient_banner, second).file_number == "10002"
    with pytest.raises(RuleViolation, match="not merged"):
        runner.run(boss, unmerge_patients, second)


def test_chains_end_in_one_chart(runner: Runner, boss: Actor, florence: PatientId, second: PatientId) -> None:
    third = runner.run(boss, create_patient, "Bergeron", "Fleur")
    runner.run(boss, merge_patients, second, third)
    runner.run(boss, merge_patients, florence, second)
    runner.run(boss, raise_alert, florence, AlertKind.MEDICAL, "Asthme")
    with runner.read(boss) as read:
        assert {kept_id(read, chart) for chart in (florence, second, third)} == {florence}
    assert len(runner.ask(boss, alerts_of, third)) == 1


def test_what_is_refused(runner: Runner, boss: Actor, florence: PatientId, second: PatientId) -> None:
    with pytest.raises(RuleViolation, match="itself"):
        runner.run(boss, merge_patients, florence, florence)
    runner.run(boss, merge_patients, florence, second)
    with pytest.raises(RuleViolation, match="number 10001: work there"):
        runner.run(boss, merge_patients, second, florence)
    with pytest.raises(RuleViolation, match="number 10001: work there"):
        runner.run(boss, change_patient, second, given_name="X")
    with pytest.raises(RuleViolation, match="separate them first"):
        runner.run(boss, withdraw_patient, florence)


def test_an_undo_cannot_close_a_circle(runner: Runner, boss: Actor, florence: PatientId, second: PatientId) -> None:
    runner.run(boss, merge_patients, florence, second)
    done = runner.submit(boss, unmerge_patients, second).result()
    runner.run(boss, merge_patients, second, florence)
    with pytest.raises(RuleViolation, match="circle"):
        runner.undo(boss, done.operation_id)


def test_charts_merged_crosswise_while_apart_agree_on_one(
    runner: Runner, boss: Actor, florence: PatientId, second: PatientId
) -> None:
    """Such a circle comes by sync, which runs no rules; it is written here as sync does."""
    with runner.database.writer.begin() as connection:
        for one, other in ((florence, second), (second, florence)):
            connection.exec_driver_sql("UPDATE patient SET merged_into_id = ? WHERE id = ?", (one, other))
    runner.adopt_raw()
    with runner.read(boss) as read:
        assert {kept_id(read, florence), kept_id(read, second)} == {min(florence, second)}
        assert set(chart_ids(read, florence)) == {florence, second}
    runner.run(boss, unmerge_patients, florence)
    with runner.read(boss) as read:
        assert kept_id(read, second) == florence
