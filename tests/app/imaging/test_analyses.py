"""The norms of the clinic, and the sex by which a norm is chosen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.core.errors import PermissionDenied, RuleViolation
from app.core.ids import PatientId
from app.imaging.commands import keep_analysis, withdraw_analysis
from app.imaging.queries import analysis_row_id, clinic_analyses, sex_for_norms
from app.journal.queries import Actor
from app.journal.runner import Runner
from tests.app.imaging import samples
from tests.app.imaging.test_showing import Take
from viewer.model.cephalometry import ANALYSES, Norm
from viewer.model.cephalometry.storage import analysis_from_json, analysis_to_json
from viewer.model.cephalometry.store import with_norm

OWN = Norm("Clinique, 2026", "Nos patients", 81.0, 3.0)
STEINER = with_norm(ANALYSES["steiner"], "SNA", OWN)


def test_the_norms_of_the_clinic_are_kept_replaced_withdrawn_and_undone(runner: Runner, boss: Actor) -> None:
    runner.run(boss, keep_analysis, analysis_to_json(STEINER))
    [kept] = runner.ask(boss, clinic_analyses)
    assert analysis_from_json(kept).measures[0].norms[0] == OWN
    other = with_norm(STEINER, "SNA", replace(OWN, mean=80.5))
    second = runner.submit(boss, keep_analysis, analysis_to_json(other)).result()
    [kept] = runner.ask(boss, clinic_analyses)
    assert analysis_from_json(kept).measures[0].norms[0].mean == 80.5
    assert second.operation_id
    runner.undo(boss, second.operation_id)
    assert runner.ask(boss, clinic_analyses) == (analysis_to_json(STEINER),)
    runner.run(boss, withdraw_analysis, analysis_row_id("steiner"))
    assert runner.ask(boss, clinic_analyses) == ()


def test_the_same_norms_again_leave_no_operation(runner: Runner, boss: Actor) -> None:
    runner.run(boss, keep_analysis, analysis_to_json(STEINER))
    assert not runner.submit(boss, keep_analysis, analysis_to_json(STEINER)).result().changes.tables


def test_undoing_the_first_norms_gives_the_published_ones_back(runner: Runner, boss: Actor) -> None:
    done = runner.submit(boss, keep_analysis, analysis_to_json(STEINER)).result()
    assert done.operation_id
    runner.undo(boss, done.operation_id)
    assert runner.ask(boss, clinic_analyses) == ()


@pytest.mark.parametrize("document", ["", "{}", "[1]", analysis_to_json(STEINER).replace("angle(S, N, A)", "exec(1)")])
def test_what_is_no_analysis_is_refused(runner: Runner, boss: Actor, document: str) -> None:
    with pytest.raises(RuleViolation):
        runner.run(boss, keep_analysis, document)


def test_who_may_not_change_norms_keeps_none(runner: Runner, boss: Actor) -> None:
    reader = Actor(boss.id, boss.name, boss.permissions - {"edit_norms"})
    with pytest.raises(PermissionDenied):
        runner.run(reader, keep_analysis, analysis_to_json(STEINER))


@pytest.mark.parametrize(("stated", "expected"), [(("F",), "F"), (("M", "M"), "M"), (("F", "M"), ""), (("O",), "")])
def test_the_sex_that_the_images_state_counts_where_they_agree(
    runner: Runner, boss: Actor, take: Take, given: Path, noemie: PatientId, stated: tuple[str, ...], expected: str
) -> None:
    for number, sex in enumerate(stated):
        study = f"1.2.{number}"
        path = given / f"{number}.dcm"
        samples.dicom_file(path, f"{study}.1.1", study=study, series=f"{study}.1", shade=number, PatientSex=sex)
    take(given, patient_id=noemie)
    assert runner.ask(boss, sex_for_norms, noemie) == expected
