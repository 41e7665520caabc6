"""What the screens of lists and tasks ask: sharing out, who waits for sooner, counts, the patient list’s filters."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.core.errors import RuleViolation
from app.core.ids import StaffId
from app.journal.projections import PROJECTIONS
from app.journal.queries import Actor, Reading
from app.patients.commands import merge_patients
from app.patients.queries import count_patients, patient_list
from app.practice.vocabulary import Weekday
from app.scheduling import commands as do
from app.scheduling import queries as ask
from app.scheduling.vocabulary import Blocker, EventKind, FollowUpList, TaskPriority, VisitEffect
from tests.app.clinic_world import World, local

TODAY = date(2026, 11, 24)


def started(world: World, patient: int) -> None:
    world.run(
        do.record_past_visit, world.patients[patient], "BD2", world.chairs[0], local(2026, 1, 12, 9),
        EventKind.COMPLETED,
    )  # fmt: skip


def test_several_follow_ups_are_assigned_and_undone_in_one_step(world: World) -> None:
    started(world, 0)
    started(world, 1)
    code = FollowUpList.ACTIVE_WITHOUT_NEXT
    world.run(do.assign_follow_up, world.patients[0], code, StaffId("julie"))
    both = world.patients[:2]
    group = do.assign_together(world.runner, world.boss, both, code, StaffId("karim"), Blocker.TIMING)
    assert {line.owner_id for line in world.ask(ask.follow_up_list, code)} == {"karim"}
    assert all(line.follow_up_id and line.blocker is Blocker.TIMING for line in world.ask(ask.follow_up_list, code))
    world.runner.undo_group(world.boss, group)
    assert {line.owner_id for line in world.ask(ask.follow_up_list, code)} == {"julie", None}
    with pytest.raises(RuleViolation):
        do.assign_together(world.runner, world.boss, [], code)


def test_a_line_says_the_next_visit(world: World) -> None:
    started(world, 0)
    world.run(do.book_appointment, world.patients[0], "ADJ", world.chairs[0], local(2026, 12, 1, 9))
    code = FollowUpList.ACTIVE_NOT_SEEN
    (line,) = world.ask(ask.follow_up_list, code)
    assert line.next_visit_at == local(2026, 12, 1, 9)


def test_who_waits_for_sooner_and_what_fits_on_a_day(world: World) -> None:
    visit = world.run(do.book_appointment, world.patients[0], "ADJ", world.chairs[0], local(2026, 12, 1, 9))
    world.run(do.add_short_notice, world.patients[0], visit, earliest="13:00", note="après l’école")
    world.run(do.add_short_notice, world.patients[1], type="ADJ", weekdays=[Weekday.FRIDAY])
    first, second = world.ask(ask.short_notices)
    assert (first.booked_for, first.minutes, first.earliest_minute) == (local(2026, 12, 1, 9), 20, 780)
    assert (second.type_code, second.weekdays, second.booked_for) == ("ADJ", (Weekday.FRIDAY,), None)
    (fit,) = world.ask(ask.sooner_on, TODAY)
    assert fit.patient_id == world.patients[0]
    assert fit.slot.starts_at >= local(2026, 11, 24, 13)
    friday = world.ask(ask.sooner_on, date(2026, 11, 27))
    assert {found.patient_id for found in friday} == set(world.patients[:2])
    assert world.ask(ask.sooner_on, TODAY - timedelta(days=1)) == ()


def test_counts_of_tasks(world: World) -> None:
    me = StaffId(world.boss.id)
    late = world.run(do.create_task, "Appeler le labo", me, TODAY - timedelta(days=1), TaskPriority.HIGH)
    world.run(do.create_task, "Préparer le contrat", me, TODAY, patient_id=world.patients[0])
    world.run(do.create_task, "Commander des arcs")
    counts = world.ask(ask.task_counts)
    assert (counts.mine, counts.mine_overdue, counts.mine_today, counts.nobodys, counts.everybodys) == (2, 1, 1, 1, 3)
    world.run(do.complete_task, late)
    assert world.ask(ask.task_counts).mine_overdue == 0
    names = {line.title: line.patient_name for line in world.ask(ask.tasks)}
    assert names == {"Préparer le contrat": "Léa Tremblay", "Commander des arcs": None}


def ids(world: World, filters: str) -> set[str]:
    return {row.id for row in world.ask(patient_list, filters=filters).rows}


@pytest.mark.parametrize("few", [0, 1, 1_000])
def test_the_patient_list_by_visit_stage_and_doctor(world: World, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, whether charts are looked up one by one or the list is read in its order."""
    monkeypatch.setattr("app.patients.list_filters.FEW", few)
    monkeypatch.setattr("app.patients.queries.finding.FEW", few)
    lea, noah, emma = world.patients
    started(world, 0)
    started(world, 1)
    world.run(do.record_past_visit, noah, "DB", world.chairs[0], local(2026, 10, 5, 9), EventKind.COMPLETED)
    world.run(
        do.book_appointment, lea, "ADJ", world.chairs[0], local(2026, 12, 1, 9), doctor_id=world.doctors[0]
    )  # fmt: skip
    assert ids(world, "stage=treatment") == {lea}
    assert ids(world, "stage=retention") == {noah}
    assert ids(world, "stage=before") == {emma}
    assert ids(world, "next_visit=none") == {noah, emma}
    assert ids(world, "next_visit=any") == ids(world, "next_visit=14") == {lea}
    assert ids(world, "next_visit=7") == set()
    assert ids(world, f"doctor={world.doctors[0]}") == {lea}
    assert ids(world, "stage=treatment next_visit=none") == set()
    stages = {value: ids(world, f"stage={value}") for value in ("before", "treatment", "retention")}
    visits = {value: ids(world, f"next_visit={value}") for value in ("none", "any", "14")}
    together = {(stage, visit): ids(world, f"stage={stage} next_visit={visit}") for stage in stages for visit in visits}
    assert together == {(stage, visit): stages[stage] & visits[visit] for stage in stages for visit in visits}
    page = world.ask(patient_list, filters="stage=treatment", columns=["next_visit", "stage", "doctor", "last_visit"])
    assert page.rows[0].extra == (local(2026, 12, 1, 9), "treatment", "Dre Gagnon", local(2026, 1, 12, 9))
    stranger = Actor("x", "X", permissions=frozenset({"view_patients"}))
    assert world.runner.ask(stranger, patient_list, columns=["next_visit"]).rows[0].extra == (None,)


def test_a_total_of_many_is_told_apart_from_the_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.patients.queries.finding.FEW", 1)
    page = world.ask(patient_list, filters="next_visit=none", limit=2, counted=False)
    assert (len(page.rows), page.total) == (2, None)
    assert world.ask(count_patients, "next_visit=none") == 3
    assert world.ask(patient_list, filters="next_visit=none", limit=2).total == 3
    rest = world.ask(patient_list, filters="next_visit=none", limit=2, after=page.next, counted=False)
    assert {line.id for line in (*page.rows, *rest.rows)} == set(world.patients)
    assert world.ask(patient_list, limit=2, counted=False).total is None
    assert world.ask(count_patients) == world.ask(patient_list, limit=2).total == 3


def test_a_stage_follows_what_the_types_do(world: World) -> None:
    started(world, 0)
    assert ids(world, "stage=treatment") == {world.patients[0]}
    kinds = {line.code: line.id for line in world.ask(ask.appointment_types)}
    world.run(do.change_appointment_type, kinds["BD2"], effect=VisitEffect.DEBAND)
    assert ids(world, "stage=retention") == {world.patients[0]}
    assert ids(world, "stage=before") == set(world.patients[1:])
    assert not PROJECTIONS["visit_summary"].differences(reading(world))


def test_a_summary_follows_visits_that_are_undone_cancelled_and_missed(world: World) -> None:
    started(world, 0)
    visit = world.run(do.book_appointment, world.patients[1], "ADJ", world.chairs[0], local(2026, 12, 1, 9))
    assert ids(world, "next_visit=any") == {world.patients[1]}
    world.run(do.cancel_appointment, visit)
    assert ids(world, "next_visit=any") == set()
    assert not PROJECTIONS["visit_summary"].differences(reading(world))
    with world.runner.read(world.boss) as read:
        rows = read.sql("SELECT id, stage, booked_until FROM visit_summary ORDER BY stage")
    assert rows == [(world.patients[1], "before", None), (world.patients[0], "treatment", None)]


def test_visits_of_a_merged_chart_count_for_the_lists_of_the_kept_one(world: World) -> None:
    """Appliances went on under one chart and came off under the other."""
    started(world, 0)
    world.run(
        do.record_past_visit, world.patients[1], "DB", world.chairs[0], local(2026, 10, 5, 9), EventKind.COMPLETED
    )
    code = FollowUpList.ACTIVE_WITHOUT_NEXT
    assert [line.patient_id for line in world.ask(ask.follow_up_list, code)] == [world.patients[0]]
    world.run(merge_patients, world.patients[1], world.patients[0])
    assert world.ask(ask.follow_up_list, code) == ()
    assert world.ask(ask.follow_up_counts)[code] == 0


def reading(world: World) -> Reading:
    return Reading(world.runner.database.readers.connect(), world.runner.clock, world.boss)


def test_each_count_is_the_length_of_its_list(world: World) -> None:
    """Counting asks who stands on a list without reading when they were here: for one chart by SQL, for several not."""
    lea, noah, emma = world.patients
    started(world, 0)
    started(world, 1)
    world.run(do.record_past_visit, emma, "EX", world.chairs[0], local(2025, 10, 6, 9), EventKind.COMPLETED)
    world.run(do.set_expected_end, noah, date(2026, 10, 1))
    world.run(do.set_expected_end, emma, date(2026, 10, 1))
    missed = world.run(do.record_past_visit, lea, "ADJ", world.chairs[0], local(2026, 11, 2, 9), EventKind.MISSED)
    assert missed

    def agree() -> dict[FollowUpList, int]:
        counts = world.ask(ask.follow_up_counts)
        assert counts == {code: len(world.ask(ask.follow_up_list, code)) for code in counts}
        return counts

    counts = agree()
    assert counts[FollowUpList.ACTIVE_WITHOUT_NEXT] == 2
    assert counts[FollowUpList.OVER_ESTIMATE] == counts[FollowUpList.MISSED_NOT_REBOOKED] == 1
    assert counts[FollowUpList.PENDING_START] == 1
    code = FollowUpList.ACTIVE_WITHOUT_NEXT
    world.run(do.assign_follow_up, noah, code, StaffId("julie"))
    world.run(do.assign_follow_up, noah, code, rests_until_on=TODAY + timedelta(days=9))
    assert agree()[FollowUpList.ACTIVE_WITHOUT_NEXT] == 1
    world.run(merge_patients, emma, noah)
    assert agree()[FollowUpList.PENDING_START] == 0, "the other chart wears appliances"
