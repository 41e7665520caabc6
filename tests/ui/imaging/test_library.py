"""The library: pictures, studies, what waits to be read; filters, copies, and who may."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.core.ids import PatientId
from app.imaging.importing import ImportReport
from app.imaging.queries import PhotoView
from app.imaging.scrubbing import Checked, note_sealed_checks
from app.imaging.vocabulary import Fault
from app.journal.queries import SYSTEM, Actor
from tests.ui.imaging.conftest import DATA, Until
from ui.imaging.copies import FILES, FileOnDemand, safe_name
from ui.imaging.library_view import LibraryView
from ui.shell.window import Window

PHOTO = DATA / "photos" / "front.jpg"
PANORAMIC = DATA / "dicom" / "derived" / "px_mono1_no_spacing_jpegll.dcm"
Rest = Callable[[Window], None]
Take = Callable[..., ImportReport]


def library(window: Window, rest: Rest) -> LibraryView:
    window.resize(1440, 900)
    window.open("imaging")
    rest(window)
    view = window.screens["imaging"]
    assert isinstance(view, LibraryView)
    return view


def test_images_studies_and_queue_show_what_the_queries_answer(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until
) -> None:
    take(PHOTO, PANORAMIC, patient_id=rosalie)
    view = library(window, rest)
    total = len(view.images.items)
    assert total == view._total
    view.filters.field.setText("rosalie")
    view.filters.changed.emit()
    until(lambda: len(view.images.items) == 2)
    assert all("Rosalie" in str(view.images.index(row, 0).data()) for row in range(2))
    view.show_mode("studies")
    until(lambda: len(view.studies.items) == 2)
    view.filters.clear()
    view.show_mode("queue")
    until(lambda: any(line.patient_id == rosalie for line in view.studies.items))
    assert all(line.patient_id is not None for line in view.studies.items)


def test_damaged_files_are_found_by_their_filter(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until
) -> None:
    report = take(PHOTO, PANORAMIC, patient_id=rosalie)
    damaged = next(item.instance_id for item in report.files if item.name == PHOTO.name)
    with window.bench.runner.read(SYSTEM) as read:
        rows = read.sql("SELECT sha256 FROM instance WHERE id = :id", id=damaged)
    window.bench.runner.run(SYSTEM, note_sealed_checks, [Checked(rows[0][0], None, Fault.MISSING)])
    view = library(window, rest)
    view.filters.state.set_value("damaged")
    view.filters.changed.emit()
    until(lambda: [line.image.instance_id for line in view.images.items] == [damaged])


def test_enter_opens_the_study_in_the_reading_room(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until
) -> None:
    take(PANORAMIC, patient_id=rosalie)
    view = library(window, rest)
    view.choose(patient_id=rosalie)
    until(lambda: len(view.images.items) == 1)
    view.grid.setFocus()
    QTest.keyClick(view.grid, Qt.Key.Key_Return)
    rest(window)
    assert window.current is not None
    assert window.current.name == "reading"
    assert window.screens["reading"].context()["patient_id"] == rosalie


def test_a_view_is_named_and_undone(window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until) -> None:
    take(PHOTO, patient_id=rosalie)
    view = library(window, rest)
    view.choose(patient_id=rosalie)
    until(lambda: len(view.images.items) == 1)
    view.inspector._name_view(PhotoView.IV07.value)
    until(lambda: view.images.items[0].image.view is PhotoView.IV07)
    assert "Frontal, in occlusion" in str(view.images.index(0, 0).data())
    window.undo_last()
    until(lambda: view.images.items[0].image.view is None)


def test_a_copy_is_identical_and_noted_only_when_it_is_taken(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until, tmp_path: Path
) -> None:
    take(PHOTO, patient_id=rosalie)
    view = library(window, rest)
    view.choose(patient_id=rosalie)
    until(lambda: len(view.images.items) == 1)
    instance_id = view.images.items[0].image.instance_id
    data = FileOnDemand(view.copies, instance_id)
    folder = Path(view.copies._folder.name)
    assert data.hasFormat(FILES)
    assert not list(folder.iterdir()), "nothing leaves before somebody takes it"
    [address] = data.urls()
    assert Path(address.toLocalFile()).read_bytes() == PHOTO.read_bytes()

    def exports() -> int:
        with window.bench.runner.read(SYSTEM) as read:
            return len(read.sql("SELECT 1 FROM access_log WHERE kind = 'export'"))

    until(lambda: exports() == 1)
    where = tmp_path / "copy.jpg"
    view.copies.save_to(instance_id, where)
    until(lambda: where.exists() and where.stat().st_size == PHOTO.stat().st_size)
    assert where.read_bytes() == PHOTO.read_bytes()
    until(lambda: exports() == 2)


def test_without_the_right_no_copy_is_offered(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until
) -> None:
    take(PHOTO, patient_id=rosalie)
    view = library(window, rest)
    view.choose(patient_id=rosalie)
    until(lambda: len(view.images.items) == 1)
    assert view.inspector.copy.isEnabled()
    window.bench.actor = Actor("somebody", "Somebody", frozenset({"view_images"}))
    view.inspector.show_line(view.inspector.line)
    assert not view.inspector.copy.isEnabled()
    assert "Export original images" in view.inspector.copy.toolTip()


def test_names_of_files_are_safe() -> None:
    assert safe_name("C:\\scans\\Émile Roy.dcm") == "Émile Roy.dcm"
    assert safe_name("../../etc/passwd") == "passwd"
    assert safe_name('a<b>:"c"?.jpg') == "a_b___c__.jpg"
    assert safe_name("...") == "image"


def test_everything_that_takes_the_focus_is_named_and_nothing_is_cut(
    window: Window, rest: Rest, take: Take, rosalie: PatientId,
    unnamed: Callable[[QWidget], list[str]], clipped: Callable[[QWidget], list[str]],
) -> None:  # fmt: skip
    take(PHOTO, patient_id=rosalie)
    view = library(window, rest)
    assert unnamed(view) == []
    assert clipped(view) == []
