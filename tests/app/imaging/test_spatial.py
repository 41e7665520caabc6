"""Drawings in volumes: kept, changed, undone; refused for what is none; images that were made here are undone too."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from app.core.errors import NotFound, PermissionDenied, RuleViolation
from app.core.ids import PatientId
from app.imaging.commands import align_model, save_model_plan, save_volume_plan
from app.imaging.model import Series
from app.imaging.queries import InstanceId, SeriesId, models_of, spatial_plans_of, volumes_of
from app.imaging.spatial import withdraw_spatial_plan
from app.imaging.vocabulary import SpatialPlanId
from app.journal.queries import SYSTEM, Actor
from app.journal.runner import Runner
from tests.app.imaging import samples
from tests.app.imaging.test_showing import Take
from tests.viewer.mesh.test_meshes import globe
from viewer.mesh.reading import stl_bytes
from viewer.model.model_plan import ModelPlan, model_plan_to_json
from viewer.model.volume_plan import VolumePlan, plan_to_json


def test_a_drawing_needs_a_series_that_is_here(runner: Runner, boss: Actor) -> None:
    with pytest.raises(NotFound):
        runner.run(boss, save_volume_plan, SeriesId("none"), plan_to_json(VolumePlan()))
    with pytest.raises(NotFound):
        runner.run(boss, save_model_plan, InstanceId("none"), "{}")
    with pytest.raises(NotFound):
        runner.run(boss, align_model, InstanceId("none"), "{}")


def test_a_patient_without_images_has_neither_volume_nor_drawing(runner: Runner, boss: Actor) -> None:
    assert runner.ask(boss, volumes_of, PatientId("none")) == ()
    assert runner.ask(boss, spatial_plans_of, PatientId("none")) == ()


@pytest.mark.parametrize("document", ["", "[]", '{"version":9}', "x" * 5_000_000])
def test_what_is_no_drawing_is_refused(document: str) -> None:
    from app.imaging.spatial import _read

    for volume in (True, False):
        with pytest.raises(RuleViolation):
            _read(document, volume=volume)


@pytest.fixture
def series(runner: Runner, take: Take, given: Path, noemie: PatientId) -> SeriesId:
    """A series in the chart."""
    samples.dicom_file(given / "slice.dcm", "1.1.1", Modality="CT")
    take(given, patient_id=noemie)
    with runner.read(SYSTEM) as read:
        return SeriesId(read.execute(select(Series.id)).scalar_one())


def test_a_drawing_is_withdrawn_by_hand_and_by_undoing_it(
    runner: Runner, boss: Actor, series: SeriesId, noemie: PatientId
) -> None:
    document = plan_to_json(VolumePlan())
    first = runner.submit(boss, save_volume_plan, series, document).result()
    before = runner.ask(boss, spatial_plans_of, noemie)
    assert [(line.plan_id, line.document) for line in before] == [(first.result, document)]
    with pytest.raises(PermissionDenied):
        runner.run(Actor("x", "x"), withdraw_spatial_plan, first.result)
    with pytest.raises(NotFound):
        runner.run(boss, withdraw_spatial_plan, SpatialPlanId("none"))
    assert runner.ask(boss, spatial_plans_of, noemie) == before
    runner.undo(boss, first.operation_id)
    assert runner.ask(boss, spatial_plans_of, noemie) == ()
    runner.run(boss, save_volume_plan, series, document)
    assert runner.ask(boss, spatial_plans_of, noemie) == before
    done = runner.submit(boss, withdraw_spatial_plan, first.result).result()
    assert runner.ask(boss, spatial_plans_of, noemie) == ()
    assert not runner.submit(boss, withdraw_spatial_plan, first.result).result().changes.tables
    runner.undo(boss, done.operation_id)
    assert runner.ask(boss, spatial_plans_of, noemie) == before


def test_an_alignment_is_kept_with_the_points_and_undone_alone(
    runner: Runner, boss: Actor, take: Take, given: Path, noemie: PatientId
) -> None:
    (given / "upper.stl").write_bytes(stl_bytes(globe(10)))
    take(given, patient_id=noemie)
    [model] = runner.ask(boss, models_of, noemie)
    points = ModelPlan("upper", {"incisor": (1.0, 2.0, 3.0)})
    runner.run(boss, save_model_plan, model.instance_id, model_plan_to_json(points))
    moved = points.standing([[0, -1, 0, 5], [1, 0, 0, -2], [0, 0, 1, 7]])
    done = runner.submit(boss, align_model, model.instance_id, model_plan_to_json(moved)).result()
    [kept] = runner.ask(boss, spatial_plans_of, noemie)
    assert kept.document == model_plan_to_json(moved)
    runner.undo(boss, done.operation_id)
    [kept] = runner.ask(boss, spatial_plans_of, noemie)
    assert kept.document == model_plan_to_json(points)
    with pytest.raises(PermissionDenied):
        runner.run(Actor("x", "x"), align_model, model.instance_id, model_plan_to_json(moved))
    with pytest.raises(RuleViolation):
        runner.run(boss, align_model, model.instance_id, '{"version":1}')
