"""Importing DICOM into a patient's chart and looking at it, through the real screens."""

import time
from collections.abc import Callable
from pathlib import Path

from app.imaging.queries import images_of
from app.journal.queries import SYSTEM
from app.patients.queries import search_patients
from ui.imaging.images_tab import ImagesTab
from ui.imaging.reading_view import ReadingView
from ui.shell.journey import Journey
from ui.shell.window import Window
from viewer.widgets import TileState, Voi

DATA = Path(__file__).resolve().parents[2] / "data" / "dicom"
PANORAMIC = DATA / "derived" / "px_mono1_no_spacing_jpegll.dcm"
Rest = Callable[[Window], None]


def rest_until(window: Window, rest: Rest, holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not holds() and time.monotonic() < end:
        rest(window)
    assert holds()


def test_one_dicom_is_imported_shown_and_undone(window: Window, rest: Rest) -> None:
    runner = window.bench.runner
    patient = runner.ask(SYSTEM, search_patients, "rosalie fortin").rows[0].id  # the demonstration gave her no image
    window.open("patient", patient_id=patient, tab="images")
    rest(window)
    tab = window.stack.currentWidget().findChild(ImagesTab)
    assert isinstance(tab, ImagesTab)
    tab.take_in([PANORAMIC, Path(__file__)])
    rest_until(window, rest, lambda: bool(runner.ask(SYSTEM, images_of, patient)))
    rest_until(window, rest, lambda: "1 image imported" in list(Journey(window).texts()))
    assert Path(__file__).name in tab._refusals.text()
    window.open("reading", patient_id=patient)
    rest(window)
    view = window.screens["reading"]
    assert isinstance(view, ReadingView)
    rest_until(window, rest, lambda: view._tile.state is TileState.SHOWN)
    assert not window.rail.isVisible()
    opened_with = view._tile.voi
    view._tile.invert()
    view._tile.zoom(2.0)
    view._tile.set_voi(Voi(10.0, 20.0))
    view._show_taken()
    assert view._tile.voi == opened_with
    assert view._tile.view is not None
    assert view._tile.view.is_fitted
    assert not view._tile.inverted
    window.back()
    rest(window)
    assert window.rail.isVisible()
    window.undo_last()
    rest_until(window, rest, lambda: not runner.ask(SYSTEM, images_of, patient))
