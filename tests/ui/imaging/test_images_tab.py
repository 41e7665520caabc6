"""Importing DICOM into a patient’s chart, through the real screens."""

from collections.abc import Callable
from pathlib import Path

from app.core.ids import PatientId
from app.imaging.queries import images_of
from app.journal.queries import SYSTEM
from tests.ui.imaging.conftest import DATA, Until
from ui.imaging.images_tab import ImagesTab
from ui.shell.journey import Journey
from ui.shell.window import Window

PANORAMIC = DATA / "dicom" / "derived" / "px_mono1_no_spacing_jpegll.dcm"


def test_one_dicom_is_imported_told_and_undone(
    window: Window, rest: Callable[[Window], None], until: Until, rosalie: PatientId
) -> None:
    runner = window.bench.runner
    window.open("patient", patient_id=rosalie, tab="images")
    rest(window)
    tab = window.findChild(ImagesTab)
    assert isinstance(tab, ImagesTab)
    tab.take_in([PANORAMIC, Path(__file__)])
    assert tab.strip.imports.busy
    assert not tab.strip.files.isEnabled()
    assert tab.strip.pause.isVisible()
    until(lambda: not tab.strip.imports.busy)
    until(lambda: "1 image imported" in list(Journey(window).texts()))
    assert runner.ask(SYSTEM, images_of, rosalie)
    assert Path(__file__).name in tab._refusals.text()
    assert not tab.strip.pause.isVisible()
    window.undo_last()
    until(lambda: not runner.ask(SYSTEM, images_of, rosalie))


def test_a_paused_import_holds_no_reader_and_a_stopped_one_keeps_what_is_in(
    window: Window, until: Until, rosalie: PatientId
) -> None:
    window.open("imports")
    strip = window.screens["imports"].strip
    strip.take_in([DATA / "dicom" / "pydicom"])
    strip.imports.run.set_paused(True)
    assert window.bench.progress.works()[0].paused
    until(lambda: not window.bench.busy)  # screens go on reading while the import rests
    assert strip.imports.busy
    assert strip.pause.text() == "Go on"
    strip.imports.run.cancel()
    until(lambda: not strip.imports.busy)
    assert strip.imports.last is not None
    assert strip.imports.last.cancelled
    assert not window.bench.progress.works()
