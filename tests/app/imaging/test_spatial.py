"""Drawings in volumes: kept, changed, undone; refused for what is none; images that were made here are undone too."""

from __future__ import annotations

import pytest

from app.core.errors import NotFound, RuleViolation
from app.core.ids import PatientId
from app.imaging.commands import save_model_plan, save_volume_plan
from app.imaging.queries import InstanceId, SeriesId, spatial_plans_of, volumes_of
from app.journal.queries import Actor
from app.journal.runner import Runner
from viewer.model.volume_plan import VolumePlan, plan_to_json


def test_a_drawing_needs_a_series_that_is_here(runner: Runner, boss: Actor) -> None:
    with pytest.raises(NotFound):
        runner.run(boss, save_volume_plan, SeriesId("none"), plan_to_json(VolumePlan()))
    with pytest.raises(NotFound):
        runner.run(boss, save_model_plan, InstanceId("none"), "{}")


def test_a_patient_without_images_has_neither_volume_nor_drawing(runner: Runner, boss: Actor) -> None:
    assert runner.ask(boss, volumes_of, PatientId("none")) == ()
    assert runner.ask(boss, spatial_plans_of, PatientId("none")) == ()


@pytest.mark.parametrize("document", ["", "[]", '{"version":9}', "x" * 5_000_000])
def test_what_is_no_drawing_is_refused(document: str) -> None:
    from app.imaging.spatial import _read

    for volume in (True, False):
        with pytest.raises(RuleViolation):
            _read(document, volume=volume)
