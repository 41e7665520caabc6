"""What is drawn in the reading room stands in the chart, and comes back with the images."""

from __future__ import annotations

from collections.abc import Callable

from app.core.ids import PatientId
from app.imaging.commands import save_marks
from app.imaging.importing import ImportReport
from app.imaging.queries import marks_of_patient
from app.journal.queries import SYSTEM, Actor
from tests.ui.imaging.conftest import Until
from tests.ui.imaging.test_reading import PANORAMIC, reading
from ui.shell.window import Window
from viewer.model.marks import Kind, Mark
from viewer.widgets import Sheet, to_json

Rest = Callable[[Window], None]
Take = Callable[..., ImportReport]
LINE = Mark("m1", Kind.LENGTH, ((10_000, 10_000), (50_000, 10_000)))


def test_a_mark_is_kept_and_comes_back(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until
) -> None:
    take(PANORAMIC, patient_id=rosalie)
    actor = window.bench.actor
    window.bench.sign_in(Actor(actor.id, actor.name, actor.permissions | {"mark_images"}))
    view = reading(window, rest, until, rosalie)
    pane = view.workspace.active
    until(lambda: pane.may_measure)
    pane.edit(Sheet((LINE,)))
    until(lambda: bool(window.bench.runner.ask(SYSTEM, marks_of_patient, rosalie)))
    [kept] = window.bench.runner.ask(SYSTEM, marks_of_patient, rosalie)
    assert kept.sheet == to_json(Sheet((LINE,)))
    assert kept.saved_by_id == actor.id
    view.close_workspace()
    view = reading(window, rest, until, rosalie)
    until(lambda: view.workspace.active.history.sheet.marks == (LINE,))


def test_what_another_workstation_draws_appears_and_without_the_right_nothing_is_saved(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until
) -> None:
    report = take(PANORAMIC, patient_id=rosalie)
    actor = window.bench.actor
    window.bench.sign_in(Actor(actor.id, actor.name, actor.permissions - {"mark_images"}))
    view = reading(window, rest, until, rosalie)
    pane = view.workspace.active
    instance_id = report.files[0].instance_id
    assert instance_id is not None
    window.bench.runner.run(SYSTEM, save_marks, instance_id, sheet=to_json(Sheet((LINE,))))
    until(lambda: pane.history.sheet.marks == (LINE,))
    pane.edit(Sheet())
    view.marks.save()
    rest(window)
    [kept] = window.bench.runner.ask(SYSTEM, marks_of_patient, rosalie)
    assert kept.sheet == to_json(Sheet((LINE,)))
