"""The reading room over the clinic’s store: opening is noted, signing, opening again, the next to be read."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget

from app.access.queries import staff_list
from app.core.i18n import language
from app.core.ids import PatientId
from app.core.permissions import Role
from app.imaging.commands import assign_reader, keep_analysis
from app.imaging.importing import ImportReport
from app.imaging.queries import clinic_analyses, key_images_of, study_readings
from app.journal.queries import SYSTEM, Actor
from tests.ui.imaging.conftest import DATA, Until
from ui.imaging.reading_view import ReadingView
from ui.shell.help import page_path
from ui.shell.window import Window
from viewer.model.cephalometry import Norm
from viewer.model.cephalometry.store import with_norm
from viewer.widgets import TileState, ViewerError, analysis_to_json

PANORAMIC = DATA / "dicom" / "derived" / "px_mono1_no_spacing_jpegll.dcm"
Rest = Callable[[Window], None]
Take = Callable[..., ImportReport]


def doctor(window: Window) -> None:
    """The person at the keyboard may sign."""
    actor = window.bench.actor
    window.bench.sign_in(Actor(actor.id, actor.name, actor.permissions | {"read_studies"}))


def reading(window: Window, rest: Rest, until: Until, patient_id: PatientId) -> ReadingView:
    window.resize(1440, 900)
    window.open("reading", patient_id=patient_id)
    rest(window)
    view = window.screens["reading"]
    assert isinstance(view, ReadingView)
    until(lambda: view.workspace is not None and view.workspace.active is not None)
    until(lambda: view.workspace.active.state is TileState.SHOWN)
    return view


def test_a_reading_is_signed_and_opened_again_with_a_reason(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until
) -> None:
    take(PANORAMIC, patient_id=rosalie)
    doctor(window)
    view = reading(window, rest, until, rosalie)
    runner, study_id = window.bench.runner, view._study_shown()
    assert study_id
    assert not window.rail.isVisible()
    assert view._name.text() == "Rosalie Fortin"
    panel = view.signing
    until(panel.sign.isVisible)
    panel.words.setPlainText("Rien à signaler.")
    panel.sign_now()
    until(panel.reopen.isVisible)
    [line] = runner.ask(SYSTEM, study_readings, study_id)
    assert line.words == "Rien à signaler."
    panel.open_again()
    assert panel._reason_field.error(), "without a reason nothing is opened again"
    assert len(runner.ask(SYSTEM, study_readings, study_id)) == 1
    panel.reason.setText("Autre dossier")
    panel.open_again()
    until(panel.sign.isVisible)
    assert runner.ask(SYSTEM, study_readings, study_id)[0].words == "Autre dossier"


def test_the_opening_is_noted_in_the_access_log(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until
) -> None:
    report = take(PANORAMIC, patient_id=rosalie)
    instance_id = report.files[0].instance_id
    view = reading(window, rest, until, rosalie)

    def noted() -> bool:
        with window.bench.runner.read(SYSTEM) as read:
            return bool(
                read.sql("SELECT 1 FROM access_log WHERE kind = 'open' AND detail = :what", what=f"image {instance_id}")
            )

    until(lambda: view.workspace.active.picture is not None and not view.workspace.active.picture.is_preview)
    until(noted)


def test_the_next_to_be_read_is_another_study(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until
) -> None:
    take(PANORAMIC, patient_id=rosalie)
    doctor(window)
    view = reading(window, rest, until, rosalie)
    until(lambda: len(view._queue) > 1)
    step = 1 if view._neighbour(1) is not None else -1
    expected = view._neighbour(step)
    assert expected is not None
    view.go_unread(step)
    until(lambda: view._study_shown() == expected.study_id)
    assert view.context()["patient_id"] == expected.patient_id


def test_who_may_not_sign_is_told_why(window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until) -> None:
    take(PANORAMIC, patient_id=rosalie)
    view = reading(window, rest, until, rosalie)
    until(view.signing.sign.isVisible)
    assert not view.signing.sign.isEnabled()
    assert "Read studies and sign" in view.signing.sign.toolTip()


def test_nothing_is_without_a_name(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until,
    unnamed: Callable[[QWidget], list[str]],
) -> None:  # fmt: skip
    take(PANORAMIC, patient_id=rosalie)
    view = reading(window, rest, until, rosalie)
    found = unnamed(view)
    assert found == [], "\n".join(found)


def test_the_list_of_another_doctor_or_of_everybody_is_gone_through(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until
) -> None:
    report = take(PANORAMIC, patient_id=rosalie)
    doctor(window)
    view = reading(window, rest, until, rosalie)
    runner, me = window.bench.runner, window.bench.actor
    until(lambda: view.picker.count() > 2)
    other = next(
        line.staff_id
        for line in runner.ask(SYSTEM, staff_list)
        if Role.ORTHODONTIST in line.roles and line.staff_id != me.id
    )
    study_id = report.files[0].study_id
    assert study_id is not None
    runner.run(SYSTEM, assign_reader, study_id, other)
    assert view.picker.reader() == me.id, "one’s own list at first"
    until(lambda: study_id not in {line.study_id for line in view._queue} and bool(view._queue))
    view.picker.set_value(other)
    view.picker.changed.emit(other)
    until(lambda: view._queue[:1] != () and view._queue[0].study_id == study_id)
    view.picker.set_value("")
    view.picker.changed.emit("")
    until(lambda: study_id in {line.study_id for line in view._queue} and view.picker.reader() is None)


def test_key_images_are_kept_in_the_chart_and_come_back(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until
) -> None:
    take(PANORAMIC, patient_id=rosalie)
    actor = window.bench.actor
    window.bench.sign_in(Actor(actor.id, actor.name, actor.permissions | {"mark_images"}))
    view = reading(window, rest, until, rosalie)
    assert view.workspace is not None
    view.workspace.toggle_key_image()
    until(lambda: len(window.bench.runner.ask(SYSTEM, key_images_of, rosalie)) == 1)
    view.close_workspace()
    view = reading(window, rest, until, rosalie)
    until(lambda: view.workspace is not None and view.workspace.is_key())
    assert view.workspace is not None
    view.workspace.toggle_key_image()
    until(lambda: window.bench.runner.ask(SYSTEM, key_images_of, rosalie) == ())
    assert not view.workspace.is_key()


def test_who_may_not_mark_is_told_why_a_key_image_is_refused(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until
) -> None:
    take(PANORAMIC, patient_id=rosalie)
    actor = window.bench.actor
    window.bench.sign_in(Actor(actor.id, actor.name, actor.permissions - {"mark_images"}))
    view = reading(window, rest, until, rosalie)
    assert view.workspace is not None
    view.workspace.toggle_key_image()
    assert not view.workspace.is_key()
    assert window.bench.runner.ask(SYSTEM, key_images_of, rosalie) == ()


def test_the_norms_of_the_clinic_are_those_of_every_workstation(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until
) -> None:
    take(PANORAMIC, patient_id=rosalie)
    actor = window.bench.actor
    window.bench.sign_in(Actor(actor.id, actor.name, actor.permissions | {"edit_norms"}))
    view = reading(window, rest, until, rosalie)
    assert view.marks is not None
    ceph, own = view.marks.cephalometry, Norm("Clinique, 2026", "Nos patients", 81.0, 3.0)
    ceph.store.keep(with_norm(ceph.analyses()["steiner"], "SNA", own))
    until(lambda: len(window.bench.runner.ask(SYSTEM, clinic_analyses)) == 1)
    assert ceph.analyses()["steiner"].measures[0].norms[0] == own
    other = with_norm(ceph.analyses()["steiner"], "SNA", Norm("Clinique, 2027", "Nos patients", 80.0))
    window.bench.runner.run(SYSTEM, keep_analysis, analysis_to_json(other))
    until(lambda: ceph.analyses()["steiner"].measures[0].norms[0].mean == 80.0)
    window.bench.sign_in(Actor(actor.id, actor.name, actor.permissions - {"edit_norms"}))
    with pytest.raises(ViewerError):
        ceph.store.forget("steiner")


def test_the_help_is_that_of_the_tool_in_hand(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until
) -> None:
    take(PANORAMIC, patient_id=rosalie)
    view = reading(window, rest, until, rosalie)
    assert view.workspace is not None
    window.toggle_help()
    for tool, page in (("length", "marks"), ("ceph", "cephalometry"), ("pan", "reading")):
        view.workspace.take_tool(tool)
        assert (view.help_page() or "reading") == page
        title = page_path(page, language()).read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        assert title in window.help._text.toPlainText()
    window.toggle_help()


def test_the_panel_of_marks_takes_the_place_of_the_signature_where_there_is_no_room_for_both(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until
) -> None:
    take(PANORAMIC, patient_id=rosalie)
    doctor(window)
    view = reading(window, rest, until, rosalie)
    until(view.signing.isVisible)
    assert view.workspace is not None
    view.workspace.take_tool("length")
    assert view.signing.isHidden()
    assert view.panel.isVisible(), "a button brings it back"
    view.panel.click()
    assert view.signing.isVisible()
    view.panel.click()
    view.workspace.take_tool("pan")
    assert view.signing.isVisible()
