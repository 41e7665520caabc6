"""The one dialog of all exports: on the left what will leave, on the right in which form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from viewer.errors import N_, ViewerError
from viewer.model.exporting import ExportKind
from viewer.widgets.choice_box import ChoiceBox
from viewer.widgets.exporting import ENDINGS, NO_TRUE_SIZE, NOT_WRITTEN, Exporter, Order, true_size
from viewer.widgets.exporting_page import PAPERS, draw_page
from viewer.widgets.exporting_picture import PictureOptions
from viewer.widgets.exporting_preview import ExportPreview
from viewer.widgets.form_style import form_sheet
from viewer.widgets.pane import Pane

if TYPE_CHECKING:
    from viewer.model.view import View

TITLE, AS = N_("Export the image"), N_("File format")
KIND_NAMES = {
    ExportKind.PNG: N_("PNG picture (lossless)"),
    ExportKind.JPEG: N_("JPEG picture (small)"),
    ExportKind.TIFF: N_("TIFF picture"),
    ExportKind.PDF: N_("PDF or paper"),
    ExportKind.DICOM: N_("DICOM, the original file"),
    ExportKind.DEIDENTIFIED: N_("DICOM without identity"),
}
MARKS, BANNER, WHOLE = (
    N_("With the marks"),
    N_("With name, date and image"),
    N_("The whole image, not only what is seen"),
)
TRUE, PAPER = N_("True size, with a ruler to check"), N_("Paper")
PREVIEW = N_("Preview: what will leave. Drag it into another program.")
MASK_PREVIEW = N_(
    "Preview: draw a rectangle over every text. Arrows move the cross, Enter sets a corner, Delete undoes."
)
LOOKED = N_("I looked: no name is written in the image")
SUBJECT, NO_MASK = N_("Code in place of the name"), N_("Without masks")
COPY, PRINT, SAVE, CLOSE = N_("Copy the picture"), N_("Print…"), N_("Save…"), N_("Close")
SAVED = N_("The export was saved.")
IDENTITY_STAYS = N_("The file names the patient. Send it only to whom may know.")
PICTURE_NAMES = N_("The picture names the patient.")
MASKS_DRAWN = N_("Masks: {count}. What lies under them is removed from every frame; the copy is uncompressed.")
SAY_LOOKED = N_("Draw a mask over each text, or say that you looked and found none.")
PAGE_PX = 1400
_PHOTOS = frozenset({"XC", "GM", "ES"})


class ExportDialog(QDialog):
    """Opens with what is usual: PNG for radiographs, JPEG for photographs; marks, banner, the whole image."""

    def __init__(self, exporter: Exporter, pane: Pane) -> None:
        super().__init__(exporter.workspace)
        self.exporter, self.pane = exporter, pane
        self.texts, self.look = exporter.workspace.texts, exporter.workspace.look
        self.setWindowTitle(self.texts.say(TITLE))
        self.setStyleSheet(form_sheet(self.look))
        self.resize(self.look.px(980), self.look.px(600))
        self._cached: tuple[tuple[PictureOptions, bool], QImage] | None = None
        self.preview = ExportPreview(self._dragged)
        self.preview.masks_changed.connect(self.refresh)
        whole = QHBoxLayout(self)
        left = QVBoxLayout()
        left.addWidget(self.preview, 1)
        self.about_preview = self._label("", "note")
        left.addWidget(self.about_preview)
        whole.addLayout(left, 1)
        right = QVBoxLayout()
        self._add_form(right)
        whole.addLayout(right)
        photo = pane.item is not None and pane.item.modality in _PHOTOS
        self.kind.setCurrentIndex(list(KIND_NAMES).index(ExportKind.JPEG if photo else ExportKind.PNG))
        self.kind.currentIndexChanged.connect(self.refresh)
        self.refresh()

    # -- the form

    def _add_form(self, column: QVBoxLayout) -> None:
        width = self.look.px(310)
        column.setSpacing(8)
        column.addWidget(self._label(AS, "group"))
        self.kind = self._choice([self.texts.say(name) for name in KIND_NAMES.values()], AS, width)
        column.addWidget(self.kind)
        self.marks, self.banner = self._box(MARKS, column), self._box(BANNER, column)
        self.whole, self.true = self._box(WHOLE, column), self._box(TRUE, column, on=False)
        self.paper_label = self._label(PAPER, "group")
        column.addWidget(self.paper_label)
        self.paper = self._choice(list(PAPERS), PAPER, width)
        self.paper.currentIndexChanged.connect(self.refresh)
        column.addWidget(self.paper)
        self.looked = self._box(LOOKED, column, on=False)
        self.subject_label = self._label(SUBJECT, "group")
        column.addWidget(self.subject_label)
        self.subject = QLineEdit()
        self.subject.setMaxLength(64)
        self.subject.setAccessibleName(self.texts.say(SUBJECT))
        column.addWidget(self.subject)
        self.no_mask = self._button(NO_MASK, self.preview.clear_masks)
        column.addWidget(self.no_mask)
        self.note = self._label("", "warning")
        self.note.setFixedWidth(width)
        column.addWidget(self.note)
        column.addStretch(1)
        self._add_buttons(column)

    def _add_buttons(self, column: QVBoxLayout) -> None:
        self.save = self._button(SAVE, self.save_as)
        self.save.setObjectName("primary")
        self.save.setDefault(True)
        self.print, self.copy = self._button(PRINT, self._print), self._button(COPY, self._copy)
        pair = QHBoxLayout()
        pair.addWidget(self.copy)
        pair.addWidget(self.print)
        column.addLayout(pair)
        column.addWidget(self.save)
        column.addWidget(self._button(CLOSE, self.reject))

    def _label(self, text: str, kind: str) -> QLabel:
        label = QLabel(self.texts.say(text) if text else "")
        label.setObjectName(kind)
        label.setWordWrap(True)
        return label

    def _choice(self, names: list[str], label: str, width: int) -> QComboBox:
        box = ChoiceBox(self.look, self.texts.say(label))
        box.addItems(names)
        box.setFixedWidth(width)
        return box

    def _box(self, text: str, column: QVBoxLayout, *, on: bool = True) -> QCheckBox:
        box = QCheckBox(self.texts.say(text))
        box.setChecked(on)
        box.toggled.connect(self.refresh)
        column.addWidget(box)
        return box

    def _button(self, text: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(self.texts.say(text))
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: act())
        return button

    # -- state

    def order(self) -> Order:
        """What the form says."""
        kind = list(KIND_NAMES)[self.kind.currentIndex()]
        deidentified = kind is ExportKind.DEIDENTIFIED
        picture = PictureOptions(self.marks.isChecked(), self.banner.isChecked(), self.whole.isChecked())
        if kind in (ExportKind.DICOM, ExportKind.DEIDENTIFIED):
            picture = PictureOptions(marks=False, banner=False)
        return Order(
            kind,
            picture,
            self.true.isChecked() and self.true.isEnabled(),
            self.paper.currentText(),
            tuple(self.preview.masks) if deidentified else (),
            deidentified and self.looked.isChecked(),
            self.subject.text().strip() if deidentified else "",
        )

    def refresh(self) -> None:
        """Show what belongs to the kind, and the preview."""
        order = self.order()
        drawn_kind = order.kind not in (ExportKind.DICOM, ExportKind.DEIDENTIFIED)
        deidentified, paper = order.kind is ExportKind.DEIDENTIFIED, order.kind is ExportKind.PDF
        for box in (self.marks, self.banner, self.whole, self.copy):
            box.setVisible(drawn_kind)
        for part in (self.true, self.paper, self.paper_label, self.print):
            part.setVisible(paper)
        masking: tuple[QWidget, ...] = (self.looked, self.subject, self.subject_label, self.no_mask)
        for field in masking:
            field.setVisible(deidentified)
        self.no_mask.setEnabled(bool(self.preview.masks))
        if self.preview.masking != deidentified:
            self.preview.set_masking(deidentified)
        about = self.texts.say(MASK_PREVIEW if deidentified else PREVIEW)
        self.about_preview.setText(about)
        self.preview.setAccessibleName(about)
        places = [f"{mask.x}, {mask.y}, {mask.width} × {mask.height} px" for mask in order.masks]
        self.preview.setAccessibleDescription("; ".join(places))
        self.save.setEnabled(True)
        self._show_preview(order)

    def _show_preview(self, order: Order) -> None:
        try:
            image = self._drawn(order)
            self.true.setEnabled(true_size(self.pane, order, image) is not None)
            self.true.setToolTip("" if self.true.isEnabled() else self.texts.say(NO_TRUE_SIZE))
            self.note.setText(self._word(order))
            page = self._page(order, image) if order.kind is ExportKind.PDF else image
            self.preview.show_image(page, self._view(image))
        except ViewerError as error:
            self.note.setText(self.texts.sentence(error))
            self.save.setEnabled(False)
        self.print.setEnabled(self.save.isEnabled())

    def _drawn(self, order: Order) -> QImage:
        """Drawn once for each choice: the whole of a large film takes a while."""
        key = order.picture, order.kind is ExportKind.PDF
        if self._cached is None or self._cached[0] != key:
            self._cached = key, self.exporter.picture(self.pane, order)
        return self._cached[1]

    def _view(self, image: QImage) -> View:
        assert self.pane.view is not None
        return replace(self.pane.view, width=image.width(), height=image.height()).fitted()

    def _page(self, order: Order, image: QImage) -> QImage:
        sheet = self.exporter.sheet(self.pane, order, image)
        layout = self.exporter.layout_of(sheet, order)
        size = layout.fullRect(layout.units()).size()
        dots = PAGE_PX / max(size.width(), size.height())
        page = QImage(round(size.width() * dots), round(size.height() * dots), QImage.Format.Format_RGB32)
        painter = QPainter(page)
        draw_page(painter, sheet, layout, self.texts, dots)
        painter.end()
        return page

    def _word(self, order: Order) -> str:
        """What to think of before it leaves."""
        if order.kind is ExportKind.DICOM:
            return self.texts.say(IDENTITY_STAYS)
        if order.kind is ExportKind.DEIDENTIFIED:
            if order.masks:
                return self.texts.say(MASKS_DRAWN, count=len(order.masks))
            return "" if order.inspected else self.texts.say(SAY_LOOKED)
        return self.texts.say(PICTURE_NAMES) if order.picture.banner else ""

    # -- doing it

    def save_as(self) -> None:
        """Ask where, then write."""
        order = self.order()
        assert self.pane.item is not None
        ending = ENDINGS[order.kind]
        name = f"{self.exporter.file_name(self.pane.item)}{ending}"
        if order.kind is ExportKind.DEIDENTIFIED:
            name = f"{order.subject or 'image'}{ending}"
        chosen, _filter = QFileDialog.getSaveFileName(self, self.texts.say(TITLE), name, f"*{ending}")
        if chosen:
            self.save_to(Path(chosen if Path(chosen).suffix else chosen + ending))

    def save_to(self, path: Path) -> None:
        """Write the file as ordered and say how it went."""
        order = self.order()
        if order.kind in (ExportKind.DICOM, ExportKind.DEIDENTIFIED):
            self.save.setEnabled(False)
            self.exporter.dicom(self.pane, order, lambda data, warnings: self._made(order, path, data, warnings))
            return
        self._try(lambda: self.exporter.write(self.pane, order, path), SAVED)

    def _made(self, order: Order, path: Path, data: bytes | ViewerError, warnings: tuple[str, ...]) -> None:
        self.save.setEnabled(True)
        if isinstance(data, ViewerError):
            self.note.setText(self.texts.sentence(data))
            return
        if self._try(lambda: self.exporter.write_dicom(self.pane, order, path, data), SAVED) and warnings:
            self.note.setText(" ".join(self.texts.say(text) for text in (SAVED, *warnings)))

    def _print(self) -> None:
        self._try(lambda: self.exporter.print_with_dialog(self.pane, self.order()), "")

    def _copy(self) -> None:
        from viewer.widgets.exporting import COPIED

        self._try(lambda: self.exporter.copy(self.pane, self.order()), COPIED)

    def _dragged(self) -> QMimeData | None:
        found: list[QMimeData] = []
        self._try(lambda: found.append(self.exporter.dragged(self.pane, self.order())), "")
        return found[0] if found else None

    def _try(self, act: Callable[[], object], said: str) -> bool:
        try:
            act()
        except ViewerError as error:
            self.note.setText(self.texts.sentence(error))
            return False
        except OSError:
            self.note.setText(self.texts.say(NOT_WRITTEN))
            return False
        if said:
            self.note.setText(self.texts.say(said))
        return True
