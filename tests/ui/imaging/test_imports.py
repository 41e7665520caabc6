"""The review of what no rule could match, what was set aside, and undo of the whole."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.imaging.importing import ImportReport
from app.imaging.queries import images_of, quarantine_page, review_queue
from app.journal.queries import SYSTEM
from app.patients.queries import search_patients
from tests.ui.imaging.conftest import DATA, Until
from ui.imaging.compare import agreements
from ui.imaging.imports_view import ImportsView
from ui.shell.window import Window

PANORAMIC = DATA / "dicom" / "derived" / "px_mono1_no_spacing_jpegll.dcm"
Rest = Callable[[Window], None]
Take = Callable[..., ImportReport]


def imports(window: Window, rest: Rest, **chosen: str) -> ImportsView:
    window.resize(1440, 900)
    window.open("imports", **chosen)
    rest(window)
    view = window.screens["imports"]
    assert isinstance(view, ImportsView)
    return view


def test_another_patient_is_chosen_and_the_match_is_undone(
    window: Window, rest: Rest, take: Take, until: Until
) -> None:
    runner = window.bench.runner
    take(PANORAMIC)
    view = imports(window, rest, tab="review")
    review = view.review
    until(lambda: review.model.rowCount() == 1)
    assert not review.accept.isEnabled()
    assert review.accept.toolTip() == "Choose a patient first."
    review.field.setText("rosalie")
    review._search("rosalie")
    until(lambda: review.hits.count() > 0)
    assert review.accept.text() == "Match to Rosalie Fortin"
    assert [row.same for row in agreements(review._item, review._chart)][:2] == [False, False]
    rosalie = runner.ask(SYSTEM, search_patients, "rosalie fortin").rows[0].id
    review.accept_chart()
    until(lambda: bool(runner.ask(SYSTEM, images_of, rosalie)))
    until(lambda: review.model.rowCount() == 0)
    assert review._none.isVisible()
    window.undo_last()
    until(lambda: review.model.rowCount() == 1)


def test_a_new_chart_takes_the_identity_of_the_file_in_one_undo_step(
    window: Window, rest: Rest, take: Take, until: Until
) -> None:
    runner = window.bench.runner
    take(PANORAMIC)
    view = imports(window, rest, tab="review")
    until(lambda: view.review.model.rowCount() == 1)
    item = view.review._item
    assert item is not None
    family = (item.study.received_name or "").split("^")[0]
    before = len(runner.ask(SYSTEM, search_patients, family).rows)
    view.review.open_new_chart()
    until(lambda: not runner.ask(SYSTEM, review_queue).total)
    found = runner.ask(SYSTEM, search_patients, family).rows
    assert len(found) == before + 1
    window.undo_last()
    until(lambda: runner.ask(SYSTEM, review_queue).total == 1)
    assert len(runner.ask(SYSTEM, search_patients, family).rows) == before


def test_results_say_why_and_the_whole_is_undone(window: Window, rest: Rest, until: Until) -> None:
    runner = window.bench.runner
    view = imports(window, rest)
    view.strip.take_in([PANORAMIC, Path(__file__)])
    until(lambda: view.results.model.rowCount() == 2)
    first = view.results.model.items[0]
    assert first.name == Path(__file__).name, "what was refused stands first"
    assert first.sentence
    assert view.tabs.currentIndex() == 1
    until(lambda: runner.ask(SYSTEM, review_queue).total == 1)
    view.results.undo.click()
    until(lambda: runner.ask(SYSTEM, review_queue).total == 0)


def test_a_file_set_aside_is_tried_again(window: Window, rest: Rest, take: Take, until: Until) -> None:
    runner = window.bench.runner
    take(Path(__file__))
    view = imports(window, rest, tab="aside")
    until(lambda: view.aside.model.rowCount() == 1)
    line = view.aside.model.items[0]
    assert view.aside.retry.text() == "Choose the file again"
    assert not view.aside.copy.isEnabled()
    view.aside.retry_with(line, PANORAMIC)
    until(lambda: not runner.ask(SYSTEM, quarantine_page).total)
    assert runner.ask(SYSTEM, review_queue).total == 1


def test_everything_that_takes_the_focus_is_named(
    window: Window, rest: Rest, take: Take,
    unnamed: Callable[[QWidget], list[str]], clipped: Callable[[QWidget], list[str]],
) -> None:  # fmt: skip
    take(PANORAMIC, Path(__file__))
    view = imports(window, rest)
    for tab in ("review", "results", "aside", "damaged"):
        view.show_tab(tab)
        rest(window)
        assert unnamed(view) == []
        assert clipped(view) == []
