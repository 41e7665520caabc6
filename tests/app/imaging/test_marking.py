"""Marks and landmarks kept beside an image: saved, merged field by field, withdrawn, undone, refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import RuleViolation
from app.core.ids import PatientId
from app.imaging.commands import restore_marks, save_marks, withdraw_image, withdraw_marks
from app.imaging.queries import marks_of_image, marks_of_patient
from app.imaging.vocabulary import InstanceId
from app.journal.queries import Actor
from app.journal.runner import Runner
from tests.app.imaging import samples
from tests.app.imaging.test_showing import Take
from viewer.model.cephalometry.kept import Placed, tracing_to_json
from viewer.model.mark_storage import to_json
from viewer.model.marks import Kind, Sheet, new_mark

LENGTH = to_json(Sheet().with_mark(new_mark(Kind.LENGTH, [(1, 2), (30, 40)])))
OTHER = to_json(Sheet().with_mark(new_mark(Kind.TEXT, [(1, 2)], text="kyste?")))
TRACING = tracing_to_json(Placed({"S": (10.5, 20.25), "N": (90.0, 21.0)}, "steiner"))


@pytest.fixture
def film(take: Take, given: Path, noemie: PatientId) -> InstanceId:
    """One film in the chart."""
    samples.dicom_file(given / "film.dcm", "1.1.1", Modality="DX", shade=3)
    report = take(given, patient_id=noemie)
    return next(item.instance_id for item in report.files if item.instance_id)


def test_marks_and_landmarks_are_saved_each_in_its_own_field(
    runner: Runner, boss: Actor, film: InstanceId, noemie: PatientId
) -> None:
    assert runner.ask(boss, marks_of_image, film) is None
    runner.run(boss, save_marks, film, sheet=LENGTH)
    runner.run(boss, save_marks, film, tracing=TRACING)
    kept = runner.ask(boss, marks_of_image, film)
    assert kept is not None
    assert (kept.sheet, kept.tracing, kept.saved_by_id) == (LENGTH, TRACING, boss.id)
    assert runner.ask(boss, marks_of_patient, noemie) == (kept,)


def test_the_same_marks_again_leave_no_operation(runner: Runner, boss: Actor, film: InstanceId) -> None:
    runner.run(boss, save_marks, film, sheet=LENGTH)
    assert not runner.submit(boss, save_marks, film, sheet=LENGTH).result().changes.tables


def test_undo_gives_back_what_stood_before(runner: Runner, boss: Actor, film: InstanceId) -> None:
    first = runner.submit(boss, save_marks, film, sheet=LENGTH).result()
    second = runner.submit(boss, save_marks, film, sheet=OTHER).result()
    assert second.operation_id
    assert first.operation_id
    runner.undo(boss, second.operation_id)
    kept = runner.ask(boss, marks_of_image, film)
    assert kept is not None
    assert kept.sheet == LENGTH
    runner.undo(boss, first.operation_id)
    assert runner.ask(boss, marks_of_image, film) is None


def test_withdrawn_marks_come_back_when_restored_or_drawn_anew(runner: Runner, boss: Actor, film: InstanceId) -> None:
    runner.run(boss, save_marks, film, sheet=LENGTH)
    runner.run(boss, withdraw_marks, film)
    assert runner.ask(boss, marks_of_image, film) is None
    runner.run(boss, restore_marks, film)
    assert runner.ask(boss, marks_of_image, film) is not None
    runner.run(boss, withdraw_marks, film)
    runner.run(boss, save_marks, film, sheet=LENGTH)
    assert runner.ask(boss, marks_of_image, film) is not None


@pytest.mark.parametrize("wrong", ["", "{}", '{"form":"archwire-marks-1"}', "x" * 4_000_001])
def test_what_is_no_sheet_or_tracing_is_refused(runner: Runner, boss: Actor, film: InstanceId, wrong: str) -> None:
    with pytest.raises(RuleViolation):
        runner.run(boss, save_marks, film, sheet=wrong)
    with pytest.raises(RuleViolation):
        runner.run(boss, save_marks, film, tracing=wrong)
    assert runner.ask(boss, marks_of_image, film) is None


def test_a_withdrawn_image_is_not_marked_and_its_marks_are_not_listed(
    runner: Runner, boss: Actor, film: InstanceId, noemie: PatientId
) -> None:
    runner.run(boss, save_marks, film, sheet=LENGTH)
    runner.run(boss, withdraw_image, film)
    assert runner.ask(boss, marks_of_patient, noemie) == ()
    with pytest.raises(RuleViolation):
        runner.run(boss, save_marks, film, sheet=OTHER)
