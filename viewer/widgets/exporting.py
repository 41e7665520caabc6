"""Getting an image out: files, paper, clipboard, other programs. `add_exporting(workspace)` equips a workspace.

Everything goes through `Exporter.announce` before it leaves, so that a host can record it or say no.
"""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QMimeData, QObject, QUrl
from PySide6.QtGui import QGuiApplication, QImage, QPageLayout, QPdfWriter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter

from viewer.errors import N_, ViewerError
from viewer.io.deidentification import Plan, deidentify
from viewer.io.masking import Rectangle
from viewer.io.pseudonyms import Pseudonyms
from viewer.model.catalogue import ImageItem
from viewer.model.exporting import Detail, Exported, ExportKind, not_recorded
from viewer.model.spacing import Unit
from viewer.widgets.actions import ActionRow
from viewer.widgets.exporting_page import Sheet, draw_sheet, fits, layout_for, true_size_mm
from viewer.widgets.exporting_picture import ExportError, PictureOptions, drawn, encoded
from viewer.widgets.pane import Pane
from viewer.widgets.posting import Post
from viewer.widgets.tile_painting import changes_shown, stage_text
from viewer.widgets.view_names import image_name

if TYPE_CHECKING:
    from viewer.widgets.workspace import Workspace

RESOLUTION = 300
PICTURES = frozenset({ExportKind.PNG, ExportKind.JPEG, ExportKind.TIFF})
ENDINGS = {
    ExportKind.PNG: ".png", ExportKind.JPEG: ".jpg", ExportKind.TIFF: ".tif", ExportKind.PDF: ".pdf",
    ExportKind.DICOM: ".dcm", ExportKind.DEIDENTIFIED: ".dcm",
}  # fmt: skip
TOO_LARGE = N_("In its true size the image does not fit on this sheet. Choose a larger one, or fit it to the sheet.")
NO_TRUE_SIZE = N_("This image has no trusted size: calibrate it to print it in its true size.")
COPIED = N_("The picture is on the clipboard.")
NOT_WRITTEN = N_("The file could not be written.")
NOT_MADE = N_("The export could not be made.")


@dataclass(frozen=True)
class Order:
    """What a person asked for."""

    kind: ExportKind
    picture: PictureOptions = field(default_factory=PictureOptions)
    true_size: bool = False
    paper: str = "Letter"
    masks: tuple[Rectangle, ...] = ()
    inspected: bool = False
    subject: str = ""

    def detail(self) -> Detail:
        """For the record."""
        facts: dict[str, str | int | bool] = {}
        if self.kind in (ExportKind.DICOM, ExportKind.DEIDENTIFIED):
            return {"masks": len(self.masks), "inspected": self.inspected} if self.masks or self.inspected else facts
        facts.update(marks=self.picture.marks, banner=self.picture.banner, whole=self.picture.whole)
        if self.kind in (ExportKind.PDF, ExportKind.PRINT):
            facts.update(true_size=self.true_size, paper=self.paper)
        return facts


class Exporter(QObject):
    """Carries out orders on the images of one workspace."""

    def __init__(self, workspace: Workspace, exported: Exported = not_recorded) -> None:
        super().__init__(workspace)
        self.workspace = workspace
        workspace.exported = exported
        self.pseudonyms = Pseudonyms()
        """One for the session, so that the copies of one study stay together."""
        self._post = Post(self)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        workspace.destroyed.connect(self._drop_folder)

    def announce(self, kind: ExportKind, items: Sequence[ImageItem], detail: Detail) -> None:
        """Tell the host of each image that is about to leave. Raises what the host raises."""
        for item in items:
            self.workspace.exported(kind, item, detail)

    # -- what leaves

    def picture(self, pane: Pane, order: Order) -> QImage:
        """The picture of a tile as ordered; on a sheet the words stand above it. Raises ExportError."""
        on_sheet = order.kind in (ExportKind.PDF, ExportKind.PRINT)
        return drawn(pane, replace(order.picture, banner=False) if on_sheet else order.picture)

    def sheet(self, pane: Pane, order: Order, image: QImage) -> Sheet:
        """The page of a tile. Raises ExportError where a true size is asked for and is not to be had."""
        left, right = _words(pane) if order.picture.banner else ((), ())
        if not order.true_size:
            return Sheet(image, left, right)
        size = true_size(pane, order, image)
        if size is None:
            raise ExportError(NO_TRUE_SIZE)
        header = pane.picture.header if pane.picture else None
        estimated = header is None or header.pixel_size.unit is not Unit.MM or header.pixel_size.varies
        sheet = Sheet(image, left, right, size, estimated)
        if not fits(sheet, self.layout_of(sheet, order)):
            raise ExportError(TOO_LARGE)
        return sheet

    def layout_of(self, sheet: Sheet, order: Order) -> QPageLayout:
        """The paper, lying when the image is wider than high."""
        return layout_for(order.paper, landscape=sheet.image.width() > sheet.image.height())

    def write(self, pane: Pane, order: Order, path: Path) -> None:
        """Write a picture or a PDF. Raises a ViewerError or OSError; nothing is half written."""
        item = _item(pane)
        data = self._pdf(pane, order) if order.kind is ExportKind.PDF else self._picture_bytes(pane, order)
        self.announce(order.kind, [item], order.detail())
        write_whole(path, data)

    def _picture_bytes(self, pane: Pane, order: Order) -> bytes:
        image = self.picture(pane, order)
        size = true_size(pane, order, image)
        return encoded(image, order.kind.value, image.width() / size[0] if size else None)

    def _pdf(self, pane: Pane, order: Order) -> bytes:
        sheet = self.sheet(pane, order, self.picture(pane, order))
        return pdf_bytes(self.layout_of(sheet, order), lambda writer: draw_sheet(writer, sheet, self.workspace.texts))

    def dicom(self, pane: Pane, order: Order, done: Callable[[bytes | ViewerError, tuple[str, ...]], None]) -> None:
        """Read the original, de-identify it when ordered, on a thread; `done` with the bytes and what to think of."""
        item, source = _item(pane), self.workspace.source

        def work() -> None:
            found: bytes | ViewerError
            warnings: tuple[str, ...] = ()
            try:
                original: Path | bytes = source.original(item.key, lambda _part: None)
                if order.kind is ExportKind.DEIDENTIFIED:
                    copy = deidentify(original, self.pseudonyms, plan_for(order))
                    found, warnings = copy.data, copy.warnings
                else:
                    found = original if isinstance(original, bytes) else Path(original).read_bytes()
            except ViewerError as error:
                found = error
            except Exception:
                found = ExportError(NOT_MADE)
            self._post.post(lambda: done(found, warnings))

        threading.Thread(target=work, daemon=True, name="export").start()

    def write_dicom(self, pane: Pane, order: Order, path: Path, data: bytes) -> None:
        """Write what `dicom` made. Raises a ViewerError or OSError."""
        self.announce(order.kind, [_item(pane)], order.detail())
        write_whole(path, data)

    def copy(self, pane: Pane, order: Order) -> None:
        """The picture to the clipboard. Raises a ViewerError."""
        image = self.picture(pane, order)
        self.announce(ExportKind.CLIPBOARD, [_item(pane)], order.detail())
        QGuiApplication.clipboard().setImage(image)

    def print(self, pane: Pane, order: Order, printer: QPrinter) -> None:
        """The page to a printer. Raises a ViewerError."""
        sheet = self.sheet(pane, order, self.picture(pane, order))
        self.announce(ExportKind.PRINT, [_item(pane)], order.detail())
        printer.setFullPage(True)
        draw_sheet(printer, sheet, self.workspace.texts)

    def print_with_dialog(self, pane: Pane, order: Order) -> bool:
        """Ask for the printer, then print; False when the person thought better of it. Raises a ViewerError."""
        sheet = self.sheet(pane, order, self.picture(pane, order))
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageLayout(self.layout_of(sheet, order))
        dialog = QPrintDialog(printer, self.workspace)
        if not dialog.exec():
            return False
        self.print(pane, order, printer)
        return True

    def dragged(self, pane: Pane, order: Order) -> QMimeData:
        """What another program gets when the picture is dropped on it: a file, and the picture itself.

        Raises a ViewerError or OSError.
        """
        order = order if order.kind in PICTURES else Order(ExportKind.PNG, order.picture)
        image, item = self.picture(pane, order), _item(pane)
        data = self._picture_bytes(pane, order)
        self.announce(ExportKind.DRAG, [item], order.detail())
        path = self._temporary() / f"{self.file_name(item)}{ENDINGS[order.kind]}"
        write_whole(path, data)
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        mime.setImageData(image)
        return mime

    # -- names and places

    def file_name(self, item: ImageItem) -> str:
        """What the image is and when it was taken, never whose: names of files are seen by everybody."""
        found = self.workspace.catalogue.find(item.key)
        day = (found[0].day if found else None) or item.taken_on
        words = f"{image_name(item, self.workspace.texts)} {day.isoformat() if day else ''}"
        return re.sub(r"[^\w\- ]+", " ", words).strip() or "image"

    def _temporary(self) -> Path:
        """A folder that is emptied when the workspace goes away."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="viewer-")
        return Path(self._folder.name)

    def _drop_folder(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    # -- actions

    def copy_active(self) -> None:
        """Ctrl+C: the active tile as it stands there, with marks and banner."""
        self._on_active(lambda pane: self.copy(pane, Order(ExportKind.CLIPBOARD, PictureOptions(whole=False))), COPIED)

    def open_dialog(self) -> None:
        """Ctrl+E: the export dialog for the active tile."""

        def act(pane: Pane) -> None:
            from viewer.widgets.exporting_dialog import ExportDialog

            drawn(pane, PictureOptions(longest_px=64))
            ExportDialog(self, pane).open()

        self._on_active(act, "")

    def _on_active(self, act: Callable[[Pane], None], said: str) -> None:
        workspace = self.workspace
        pane = workspace.active
        try:
            if pane is None or pane.item is None:
                raise ExportError
            act(pane)
        except ViewerError as error:
            workspace.say(workspace.texts.sentence(error))
            return
        workspace.say(workspace.texts.say(said) if said else "")


def plan_for(order: Order) -> Plan:
    """How a de-identified copy is made."""
    return Plan(masks=order.masks, subject=order.subject, inspected=order.inspected)


def true_size(pane: Pane, order: Order, image: QImage) -> tuple[float, float] | None:
    """Width and height of a drawn picture in mm; None without a trusted size."""
    header = pane.picture.header if pane.picture else None
    view = pane.view
    if header is None or view is None:
        return None
    across = view.columns if view.turns % 2 == 0 else view.rows * view.aspect
    shown = across if order.picture.whole else view.width / view.scale
    return true_size_mm(image, header.pixel_size, shown)


def pdf_bytes(layout: QPageLayout, draw: Callable[[QPdfWriter], None]) -> bytes:
    """A PDF that `draw` fills, without the person's name in its properties."""
    from PySide6.QtCore import QBuffer, QIODevice

    made = QByteArray()
    buffer = QBuffer(made)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(RESOLUTION)
    writer.setPageLayout(layout)
    writer.setCreator("Archwire")
    draw(writer)
    del writer
    buffer.close()
    return bytes(made.data())


def _words(pane: Pane) -> tuple[list[str], list[str]]:
    """The banner, and what makes the picture differ from the original, which no paper may hide."""
    changes = changes_shown(pane, pane.view) if pane.view is not None else []
    said = " · ".join(filter(None, [*pane.captions.warnings, *changes, stage_text(pane)]))
    return list(pane.captions.left), [*pane.captions.right, *([said] if said else [])]


def _item(pane: Pane) -> ImageItem:
    if pane.item is None:
        raise ExportError
    return pane.item


def write_whole(path: Path, data: bytes) -> None:
    """Whole or not at all: beside its place first, then moved there."""
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def add_exporting(workspace: Workspace, exported: Exported = not_recorded) -> Exporter:
    """Give a workspace export, print, copy and the presentation; `exported` is told of each image before it leaves."""
    from viewer.widgets.presenting import open_presentation

    exporter = Exporter(workspace, exported)
    for row in (
        ActionRow(
            "export", N_("Export"), lambda _w: exporter.open_dialog(), "upload-simple", "Ctrl+E", "bar", keeps=True
        ),
        ActionRow("presentation", N_("Presentation"), lambda _w: open_presentation(exporter), "images", "Ctrl+Shift+E"),
        ActionRow("copy", N_("Copy the picture"), lambda _w: exporter.copy_active(), "copy", "Ctrl+C"),
    ):
        workspace.add_action(row)
    return exporter
