"""What leaves: pictures, pages in true size, DICOM, copies without identity; the host is told first and may say no."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.viewer.widgets.conftest import Read
from viewer.errors import ViewerError
from viewer.io.masking import Rectangle
from viewer.model.catalogue import ImageItem
from viewer.model.exporting import Detail, ExportKind
from viewer.model.marks import Kind, Sheet, new_mark
from viewer.pixels.filters import Filter
from viewer.widgets.exporting import Exporter, Order
from viewer.widgets.exporting_dialog import KIND_NAMES, ExportDialog
from viewer.widgets.exporting_page import Sheet as Page
from viewer.widgets.exporting_page import draw_page, draw_ruler, fits, layout_for
from viewer.widgets.exporting_picture import ExportError, PictureOptions, drawn
from viewer.widgets.presenting import PresentationDialog, open_presentation
from viewer.widgets.tile_board import TileBoard
from viewer.widgets.workspace import Workspace


class Told:
    """A host that keeps a record, or refuses."""

    def __init__(self, refuse: bool = False) -> None:
        self.lines: list[tuple[ExportKind, str, Detail]] = []
        self._refuse = refuse

    def __call__(self, kind: ExportKind, image: ImageItem, detail: Detail) -> None:
        if self._refuse:
            raise ViewerError("No room in the record.")
        self.lines.append((kind, Path(image.key).name, dict(detail)))


class Dot:
    """A layer that paints a white square about an image point."""

    def paint(self, painter: QPainter, tile: TileBoard) -> None:
        place = tile.to_widget((30.0, 200.0))
        painter.fillRect(QRectF(place.x() - 3, place.y() - 3, 6, 6), Qt.GlobalColor.white)

    def describe(self, tile: TileBoard) -> str:
        return "dot"


def exporter_of(workspace: Workspace, told: Told) -> Exporter:
    found = workspace.findChild(Exporter)
    assert isinstance(found, Exporter)
    workspace.exported = told
    return found


def dialog_for(exporter: Exporter, kind: ExportKind, qtbot: QtBot) -> ExportDialog:
    assert exporter.workspace.active is not None
    dialog = ExportDialog(exporter, exporter.workspace.active)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.kind.setCurrentIndex(list(KIND_NAMES).index(kind))
    return dialog


def bright(image: QImage, x: int, y: int) -> bool:
    return image.pixelColor(x, y).lightness() > 250


def test_a_picture_has_the_pixels_of_the_original_with_or_without_marks_and_banner(
    reading: Read, treated: Path
) -> None:
    pane = reading(treated, "ceph2.dcm").active
    pane.add_layer(Dot())
    bare = drawn(pane, PictureOptions(marks=False, banner=False))
    assert (bare.width(), bare.height()) == (260, 220)
    grey = np.array([[bare.pixelColor(x, y).red() for x in range(0, 260, 7)] for y in range(0, 220, 7)])
    values = pane.picture.frame.values[::7, ::7].astype(float)
    expected = np.clip((values - 1799.5) / 3599 + 0.5, 0, 1) * 255
    assert np.abs(grey - expected).max() <= 1
    assert not bright(bare, 30, 200)
    assert bright(drawn(pane, PictureOptions(marks=True, banner=False)), 30, 200)
    with_banner = drawn(pane, PictureOptions(marks=False, banner=True))
    corner = [with_banner.pixelColor(x, y).lightness() for x in range(8, 120) for y in range(6, 30)]
    assert max(corner) > 200


def test_turns_windows_and_filters_leave_as_they_are_shown(reading: Read, treated: Path, qtbot: QtBot) -> None:
    pane = reading(treated, "ceph2.dcm").active
    before = drawn(pane, PictureOptions(banner=False))
    pane.rotate()
    turned = drawn(pane, PictureOptions(banner=False))
    assert (turned.width(), turned.height()) == (220, 260)
    assert turned.pixelColor(219 - 100, 90).red() == pytest.approx(before.pixelColor(90, 100).red(), abs=1)
    pane.invert()
    inverted = drawn(pane, PictureOptions(banner=False))
    assert inverted.pixelColor(119, 90).red() == pytest.approx(255 - turned.pixelColor(119, 90).red(), abs=1)
    assert drawn(pane, PictureOptions(whole=False)).width() == pane.width()


@pytest.mark.parametrize("kind", [ExportKind.PNG, ExportKind.JPEG, ExportKind.TIFF, ExportKind.PDF])
def test_files_are_written_after_the_host_was_told(
    reading: Read, treated: Path, tmp_path: Path, qtbot: QtBot, kind: ExportKind
) -> None:
    told = Told()
    exporter = exporter_of(reading(treated, "ceph2.dcm"), told)
    path = tmp_path / "out"
    dialog = dialog_for(exporter, kind, qtbot)
    dialog.save_to(path)
    assert told.lines[0][:2] == (kind, "ceph2.dcm")
    assert told.lines[0][2]["banner"] is True
    if kind is ExportKind.PDF:
        assert path.read_bytes().startswith(b"%PDF-")
        assert b"Bergeron" not in path.read_bytes()[:2000]
        return
    with Image.open(path) as picture:
        assert picture.format == kind.value.upper()
        assert picture.size == (260, 220)
        assert round(float(picture.info["dpi"][0])) == round(25.4 / 0.2)


def test_what_cannot_be_recorded_does_not_leave(reading: Read, treated: Path, tmp_path: Path, qtbot: QtBot) -> None:
    exporter = exporter_of(reading(treated, "ceph2.dcm"), Told(refuse=True))
    dialog = dialog_for(exporter, ExportKind.PNG, qtbot)
    dialog.save_to(tmp_path / "out.png")
    assert dialog.note.text() == "No room in the record."
    assert not (tmp_path / "out.png").exists()
    QGuiApplication.clipboard().clear()
    QTest.keyClick(exporter.workspace.active, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert exporter.workspace.status.text() == "No room in the record."
    assert QGuiApplication.clipboard().image().isNull()


def test_ctrl_c_copies_what_is_seen(reading: Read, treated: Path) -> None:
    told = Told()
    workspace = exporter_of(reading(treated, "ceph2.dcm"), told).workspace
    QTest.keyClick(workspace.active, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().image()
    assert copied.size() == workspace.active.size()
    assert told.lines[0][0] is ExportKind.CLIPBOARD


def test_dragging_out_hands_over_a_file_without_a_name_in_its_name(reading: Read, treated: Path) -> None:
    told = Told()
    exporter = exporter_of(reading(treated, "ceph2.dcm"), told)
    mime = exporter.dragged(exporter.workspace.active, Order(ExportKind.JPEG))
    path = Path(mime.urls()[0].toLocalFile())
    assert path.suffix == ".jpg"
    assert "Bergeron" not in path.name
    assert "2026-01-14" in path.name
    assert Image.open(path).size == (260, 220)
    assert mime.hasImage()
    assert told.lines[0][0] is ExportKind.DRAG


def test_the_original_file_leaves_byte_for_byte(reading: Read, treated: Path, tmp_path: Path, qtbot: QtBot) -> None:
    told = Told()
    exporter = exporter_of(reading(treated, "ceph2.dcm"), told)
    dialog = dialog_for(exporter, ExportKind.DICOM, qtbot)
    dialog.save_to(tmp_path / "copy.dcm")
    qtbot.waitUntil((tmp_path / "copy.dcm").exists, timeout=30_000)
    assert (tmp_path / "copy.dcm").read_bytes() == (treated / "ceph2.dcm").read_bytes()


def test_masks_are_drawn_and_the_copy_has_no_identity(
    reading: Read, treated: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    told = Told()
    exporter = exporter_of(reading(treated, "ceph2.dcm"), told)
    dialog = dialog_for(exporter, ExportKind.DEIDENTIFIED, qtbot)
    preview = dialog.preview
    first, last = preview._to_widget((100.0, 60.0)), preview._to_widget((140.0, 90.0))
    QTest.mousePress(preview, Qt.MouseButton.LeftButton, pos=first.toPoint())
    QTest.mouseMove(preview, last.toPoint())
    QTest.mouseRelease(preview, Qt.MouseButton.LeftButton, pos=last.toPoint())
    (mask,) = preview.masks
    assert (mask.x, mask.y, mask.width, mask.height) == pytest.approx((100, 60, 40, 30), abs=2)
    dialog.subject.setText("S-01")
    dialog.save_to(tmp_path / "copy.dcm")
    qtbot.waitUntil((tmp_path / "copy.dcm").exists, timeout=30_000)
    ds = pydicom.dcmread(tmp_path / "copy.dcm")
    assert str(ds.PatientName) == "S-01"
    assert ds.PatientIdentityRemoved == "YES"
    assert b"Bergeron" not in (tmp_path / "copy.dcm").read_bytes()
    inside = ds.pixel_array[mask.y : mask.y + mask.height, mask.x : mask.x + mask.width]
    assert np.ptp(inside) == 0
    assert told.lines == [(ExportKind.DEIDENTIFIED, "ceph2.dcm", {"masks": 1, "inspected": False})]


def test_masks_are_drawn_with_the_keys(reading: Read, treated: Path, qtbot: QtBot) -> None:
    dialog = dialog_for(exporter_of(reading(treated, "ceph2.dcm"), Told()), ExportKind.DEIDENTIFIED, qtbot)
    preview = dialog.preview
    QTest.keyClick(preview, Qt.Key.Key_Return)
    for _step in range(4):
        QTest.keyClick(preview, Qt.Key.Key_Right)
        QTest.keyClick(preview, Qt.Key.Key_Down)
    QTest.keyClick(preview, Qt.Key.Key_Return)
    assert len(preview.masks) == 1
    assert preview.masks[0].width > 10
    QTest.keyClick(preview, Qt.Key.Key_Delete)
    assert preview.masks == []


def test_masks_lie_right_on_a_turned_image(reading: Read, treated: Path, qtbot: QtBot) -> None:
    exporter = exporter_of(reading(treated, "ceph2.dcm"), Told())
    exporter.workspace.active.rotate()
    exporter.workspace.active.mirror()
    preview = dialog_for(exporter, ExportKind.DEIDENTIFIED, qtbot).preview
    found = preview.rectangle(preview._to_widget((10.0, 20.0)), preview._to_widget((50.0, 80.0)))
    assert found == Rectangle(10, 20, 40, 60)


# -- paper


def test_true_size_is_true_and_its_ruler_too(reading: Read, treated: Path) -> None:
    exporter = exporter_of(reading(treated, "ceph2.dcm"), Told())
    pane = exporter.workspace.active
    order = Order(ExportKind.PDF, true_size=True)
    image = exporter.picture(pane, order)
    sheet = exporter.sheet(pane, order, image)
    assert sheet.size_mm == pytest.approx((52.0, 44.0))
    layout = exporter.layout_of(sheet, order)
    page = QImage(2794, 2159, QImage.Format.Format_RGB32)
    painter = QPainter(page)
    draw_page(painter, sheet, layout, exporter.workspace.texts, 10.0)
    painter.end()
    dark = np.array([[page.pixelColor(x, 900).lightness() < 250 for x in range(page.width())]])[0]
    columns = np.flatnonzero(dark)
    assert columns.max() - columns.min() + 1 == pytest.approx(520, abs=2)
    ruler = QImage(1100, 60, QImage.Format.Format_RGB32)
    ruler.fill(Qt.GlobalColor.white)
    painter = QPainter(ruler)
    painter.scale(10, 10)
    draw_ruler(painter, QPointF(2, 5), 100)
    painter.end()
    line = [x for x in range(1100) if ruler.pixelColor(x, 50).lightness() < 128]
    assert max(line) - min(line) + 1 == pytest.approx(1000, abs=4)


def test_true_size_is_refused_without_a_size_and_without_room(reading: Read, treated: Path, qtbot: QtBot) -> None:
    exporter = exporter_of(reading(treated, "photo2.dcm"), Told())
    order = Order(ExportKind.PDF, true_size=True)
    pane = exporter.workspace.active
    with pytest.raises(ExportError):
        exporter.sheet(pane, order, exporter.picture(pane, order))
    dialog = dialog_for(exporter, ExportKind.PDF, qtbot)
    assert not dialog.true.isEnabled()
    image = QImage(100, 50, QImage.Format.Format_RGB32)
    assert fits(Page(image, (), (), (150.0, 100.0)), layout_for("Letter", landscape=False))
    assert not fits(Page(image, (), (), (250.0, 100.0)), layout_for("Letter", landscape=False))
    assert fits(Page(image, (), (), (250.0, 100.0)), layout_for("A3", landscape=False))


def test_paper_says_what_was_changed(reading: Read, treated: Path, qtbot: QtBot) -> None:
    exporter = exporter_of(reading(treated, "ceph2.dcm"), Told())
    pane = exporter.workspace.active
    pane.invert()
    pane.set_filter(Filter.SHARPEN)
    qtbot.waitUntil(lambda: bool(pane.picture.filter_name), timeout=30_000)
    order = Order(ExportKind.PDF)
    sheet = exporter.sheet(pane, order, exporter.picture(pane, order))
    assert sheet.left[0] == "Bergeron Florence"
    assert "Inverted" in sheet.right[-1]
    assert "Filter: Sharpened" in sheet.right[-1]


# -- the dialogs


def test_photographs_begin_as_jpeg_and_radiographs_as_png(reading: Read, treated: Path, qtbot: QtBot) -> None:
    for name, kind in (("photo2.dcm", ExportKind.JPEG), ("ceph2.dcm", ExportKind.PNG)):
        exporter = exporter_of(reading(treated, name), Told())
        dialog = ExportDialog(exporter, exporter.workspace.active)
        qtbot.addWidget(dialog)
        assert dialog.order().kind is kind
        assert dialog.order().picture == PictureOptions()


def test_everything_in_the_dialogs_has_a_name(reading: Read, treated: Path, qtbot: QtBot) -> None:
    exporter = exporter_of(reading(treated, "ceph2.dcm"), Told())
    dialog = ExportDialog(exporter, exporter.workspace.active)
    qtbot.addWidget(dialog)
    shown = open_presentation(exporter)
    assert shown is not None
    for window in (dialog, shown):
        for widget in window.findChildren(QWidget):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.parent() in (window,):
                assert widget.accessibleName() or getattr(widget, "text", str)(), widget
    qtbot.waitUntil(lambda: shown.complete, timeout=30_000)


def presentation_of(workspace: Workspace, told: Told, qtbot: QtBot) -> PresentationDialog:
    dialog = open_presentation(exporter_of(workspace, told))
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.complete, timeout=30_000)
    return dialog


def test_a_presentation_is_saved_as_pdf_and_as_pictures(
    reading: Read, treated: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    told = Told()
    dialog = presentation_of(reading(treated, "ceph2.dcm"), told, qtbot)
    titles = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    assert titles == ["Lateral cephalogram", "Front", "Photographs of 2024-05-02", "Photographs of 2026-01-14"]
    dialog.save(lambda: {tmp_path / "p.pdf": dialog.pdf()})
    data = (tmp_path / "p.pdf").read_bytes()
    assert data.count(b"/Type /Page\n") == 4
    dialog.save(lambda: dialog.page_files(tmp_path))
    made = sorted(path.name for path in tmp_path.glob("page-*.png"))
    assert made == [f"page-{number:02}.png" for number in range(1, 5)]
    page = np.asarray(Image.open(io.BytesIO((tmp_path / "page-01.png").read_bytes())).convert("L"))
    left, right = page[:, : page.shape[1] // 2], page[:, page.shape[1] // 2 :]
    assert left.std() > 30
    assert right.std() > 30
    assert {line[1] for line in told.lines} == {"ceph1.dcm", "ceph2.dcm", "photo1.dcm", "photo2.dcm"}


def test_one_date_has_no_before_and_after(reading: Read, treated: Path, qtbot: QtBot) -> None:
    dialog = presentation_of(reading(treated, "ceph2.dcm"), Told(), qtbot)
    dialog.first.setCurrentIndex(1)
    dialog.composites.setChecked(False)
    assert dialog.pages == ()
    assert not dialog.save_pdf.isEnabled()
    assert dialog.note.text() == "There is no view that was taken on both dates."


def test_originals_are_as_they_were_after_every_comparison_and_export(
    reading: Read, treated: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    """Check 7: the SHA-256 of every original after a session."""
    before = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in treated.iterdir()}
    workspace = reading(treated, "ceph2.dcm")
    exporter = exporter_of(workspace, Told())
    workspace.active.edit(Sheet().with_mark(new_mark(Kind.LENGTH, [(1, 1), (50, 50)])))
    QTest.keyClick(workspace.active, Qt.Key.Key_X)
    for kind in KIND_NAMES:
        dialog = dialog_for(exporter, kind, qtbot)
        dialog.looked.setChecked(True)
        dialog.save_to(tmp_path / f"out-{kind}")
    qtbot.waitUntil(lambda: len(list(tmp_path.glob("out-*"))) == len(KIND_NAMES), timeout=30_000)
    presentation_of(workspace, Told(), qtbot).save(dict)
    assert {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in treated.iterdir()} == before
