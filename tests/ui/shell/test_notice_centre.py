"""Notifications and recent work as people see them: counted, listed, put away for oneself, taken back."""

from collections.abc import Callable

from app.access.settings import NOTICES_PUT_AWAY
from app.journal.changes import ChangeSet
from app.journal.notices import read_put_away
from app.journal.runner import Step
from app.patients.commands import change_patient
from ui.shell.faces import shown_patient
from ui.shell.journey import Journey
from ui.shell.menus import undo_history
from ui.shell.offscreen import enter
from ui.shell.status_bar import StatusBar
from ui.shell.window import Window
from ui.shell.work_panel import WorkPanel
from ui.widgets.labels import Label

Rest = Callable[[Window], None]


def fail_a_job(window: Window) -> None:
    def work(step: Step) -> ChangeSet:
        step.raw.execute("INSERT INTO job_run(id, last_at, cursor, failure) VALUES('sweep', 1000, 0, 'OSError')")
        step.wrote = True
        return ChangeSet()

    window.bench.runner.transact(work)
    window.notices.freshen()


def test_the_bell_counts_and_the_panel_lists_and_puts_away(window: Window, rest: Rest) -> None:
    before = len(window.notices.notices)
    fail_a_job(window)
    rest(window)
    assert len(window.notices.notices) == before + 1
    assert window.bell.button.accessibleName() == f"Notifications: {before + 1}"
    window.bell.button.click()
    rest(window)
    assert "Automatic work failed: sweep" in list(Journey(window).texts())
    Journey(window)._press("Put away: Automatic work failed: sweep")
    rest(window)
    assert "Automatic work failed: sweep" not in list(Journey(window).texts())
    assert "job:sweep:1000" in read_put_away(window.bench.setting(NOTICES_PUT_AWAY))
    window.sign_out()
    rest(window)
    enter(window, "claire")
    assert len(window.notices.notices) == before


def test_who_may_not_see_it_is_not_told(window: Window, rest: Rest) -> None:
    fail_a_job(window)
    window.sign_out()
    rest(window)
    enter(window, "frontdesk")
    assert not [notice for notice in window.notices.notices if notice.key.startswith("job:")]


def test_what_was_found_at_the_start_stands_there_too(window: Window, rest: Rest) -> None:
    window.notices.add_here(["The journal was mended."])
    window.notices.freshen()
    rest(window)
    assert "The journal was mended." in [notice.title for notice in window.notices.notices]


def test_the_panel_of_recent_work_follows_the_patient_and_takes_back(window: Window, rest: Rest) -> None:
    patient = shown_patient(window)
    window.bench.run(change_patient, patient, preferred_name="Flo")
    rest(window)
    window.open("patient", patient_id=patient)
    window.docks.toggle("recent_work")
    rest(window)
    panel = window.docks.panels["recent_work"].content
    assert isinstance(panel, WorkPanel)
    assert panel._lines[0].command == "change_patient"
    panel.choose(patient_id=patient)
    assert panel._only.isVisible()
    panel._only.setChecked(True)
    rest(window)
    assert {line.patient_id for line in panel._lines} <= {patient, ""}
    menu = undo_history(window, window)
    first = menu.actions()[0]
    assert first.isEnabled()
    first.trigger()
    rest(window)
    assert panel._lines[1].is_undone
    menu.deleteLater()


def test_the_status_bar_is_honest_and_has_room_for_a_mark(window: Window, rest: Rest) -> None:
    bar = window.status
    assert isinstance(bar, StatusBar)
    said = list(Journey(window).texts())
    assert "This workstation only: no server is set up. Everything is saved here." in said
    assert "9:00" in said
    window.bench.presenter.unreachable.emit("The server does not answer.")
    assert "Offline. Everything is saved on this workstation." in list(Journey(window).texts())
    window.bench.presenter.unreachable.emit("")
    mark = Label("Training", "caption")
    bar.add_mark(mark)
    rest(window)
    assert mark.isVisible()
