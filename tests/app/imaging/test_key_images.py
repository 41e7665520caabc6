"""Key images: marked by whom and when, once for each frame, withdrawn, undone, refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import PermissionDenied, RuleViolation
from app.core.ids import PatientId
from app.imaging.commands import mark_key_image, withdraw_image, withdraw_key_image
from app.imaging.queries import InstanceId, key_image_id, key_images_of
from app.journal.queries import Actor
from app.journal.runner import Runner
from tests.app.imaging import samples
from tests.app.imaging.test_showing import Take


@pytest.fixture
def film(take: Take, given: Path, noemie: PatientId) -> InstanceId:
    """One film in the chart."""
    samples.dicom_file(given / "film.dcm", "1.1.1", Modality="DX", shade=3)
    report = take(given, patient_id=noemie)
    return next(item.instance_id for item in report.files if item.instance_id)


def test_a_key_image_says_who_chose_it_and_when(
    runner: Runner, boss: Actor, film: InstanceId, noemie: PatientId
) -> None:
    key = runner.run(boss, mark_key_image, film)
    assert key == key_image_id(film)
    [line] = runner.ask(boss, key_images_of, noemie)
    assert (line.key_image_id, line.instance_id, line.frame) == (key, film, 0)
    assert line.marked_at == runner.clock.now()
    assert not runner.submit(boss, mark_key_image, film).result().changes.tables, "marked already: nothing to write"


def test_it_is_taken_back_marked_again_and_undone(
    runner: Runner, boss: Actor, film: InstanceId, noemie: PatientId
) -> None:
    first = runner.submit(boss, mark_key_image, film).result()
    runner.run(boss, withdraw_key_image, key_image_id(film))
    assert runner.ask(boss, key_images_of, noemie) == ()
    again = runner.submit(boss, mark_key_image, film).result()
    assert again.operation_id
    assert len(runner.ask(boss, key_images_of, noemie)) == 1
    runner.undo(boss, again.operation_id)
    assert runner.ask(boss, key_images_of, noemie) == ()
    assert first.operation_id


def test_undoing_the_first_mark_withdraws_it(runner: Runner, boss: Actor, film: InstanceId, noemie: PatientId) -> None:
    done = runner.submit(boss, mark_key_image, film).result()
    assert done.operation_id
    runner.undo(boss, done.operation_id)
    assert runner.ask(boss, key_images_of, noemie) == ()


def test_only_a_frame_of_an_image_that_is_shown_can_be_one(
    runner: Runner, boss: Actor, film: InstanceId, noemie: PatientId
) -> None:
    for frame in (1, -1):
        with pytest.raises(RuleViolation):
            runner.run(boss, mark_key_image, film, frame)
    runner.run(boss, mark_key_image, film)
    runner.run(boss, withdraw_image, film)
    assert runner.ask(boss, key_images_of, noemie) == ()
    with pytest.raises(RuleViolation):
        runner.run(boss, mark_key_image, film)


def test_who_may_not_mark_images_chooses_none(runner: Runner, boss: Actor, film: InstanceId) -> None:
    reader = Actor(boss.id, boss.name, boss.permissions - {"mark_images"})
    with pytest.raises(PermissionDenied):
        runner.run(reader, mark_key_image, film)
