"""The presentation for a patient: chosen in a dialog, saved as a PDF or as one picture a page."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPageLayout, QPainter, QPdfWriter, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QVBoxLayout,
)

from viewer.errors import N_, ViewerError
from viewer.model.exporting import ExportKind
from viewer.model.presentation import Page, Section, has_photographs, pages
from viewer.model.timeline import timeline
from viewer.widgets.choice_box import ChoiceBox
from viewer.widgets.comparing_timeline import moment_words
from viewer.widgets.exporting import NOT_WRITTEN, Exporter, pdf_bytes, write_whole
from viewer.widgets.exporting_page import layout_for
from viewer.widgets.exporting_picture import ExportError, encoded
from viewer.widgets.form_style import form_sheet
from viewer.widgets.posting import Post
from viewer.widgets.presenting_page import Heading, draw_presentation_page, picture_for, title_of

if TYPE_CHECKING:
    from viewer.model.catalogue import StudyItem

TITLE = N_("Presentation for the patient")
FIRST, LAST = N_("First date"), N_("Last date")
PAIRS, COMPOSITES, NAMED = N_("Before and after, view by view"), N_("All photographs of each date"), N_("With the name")
PAGES, NO_PAGE = N_("Pages of the presentation"), N_("There is no view that was taken on both dates.")
SAVE_PDF, SAVE_PICTURES, CLOSE = N_("Save as PDF…"), N_("Save as pictures…"), N_("Close")
READING, READY, SAVED = N_("The images are being read…"), N_("Pages: {count}"), N_("The export was saved.")
SOME_MISSING = N_("Images that could not be read: {count}. Their places stay black.")
PAGE_PX, PREVIEW_PX = 2200, 900


class PresentationDialog(QDialog):
    """Dates and parts at the left, the chosen page at the right."""

    def __init__(self, exporter: Exporter, study: StudyItem, paper: str = "Letter") -> None:
        workspace = exporter.workspace
        super().__init__(workspace)
        self.exporter, self.study, self.paper = exporter, study, paper
        self.texts, self.look = workspace.texts, workspace.look
        self.table = timeline(workspace.catalogue, study.uid)
        self.pictures: dict[str, QImage] = {}
        self.failed: set[str] = set()
        self.pages: tuple[Page, ...] = ()
        self._asked: set[str] = set()
        self._post = Post(self)
        self.setWindowTitle(self.texts.say(TITLE))
        self.setStyleSheet(form_sheet(self.look))
        self.resize(self.look.px(1080), self.look.px(640))
        whole = QHBoxLayout(self)
        column = QVBoxLayout()
        column.setSpacing(8)
        self._add_form(column)
        whole.addLayout(column)
        self.view = QLabel()
        self.view.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.view.setMinimumSize(400, 300)
        whole.addWidget(self.view, 1)
        self.refresh()

    def _add_form(self, column: QVBoxLayout) -> None:
        width = self.look.px(300)
        self.first, self.last = self._dates(FIRST, column, width), self._dates(LAST, column, width)
        self.first.setCurrentIndex(0)
        self.last.setCurrentIndex(self.last.count() - 1)
        self.pairs, self.composites, self.named = (self._box(text, column) for text in (PAIRS, COMPOSITES, NAMED))
        self.composites.setEnabled(has_photographs(self.table))
        self._head(PAGES, column)
        self.list = QListWidget()
        self.list.setAccessibleName(self.texts.say(PAGES))
        self.list.setFixedWidth(width)
        self.list.currentRowChanged.connect(lambda _row: self._show_page())
        column.addWidget(self.list, 1)
        self.note = QLabel()
        self.note.setObjectName("note")
        self.note.setWordWrap(True)
        self.note.setFixedWidth(width)
        column.addWidget(self.note)
        self.save_pdf = self._button(SAVE_PDF, self._ask_pdf, column)
        self.save_pdf.setObjectName("primary")
        self.save_pictures = self._button(SAVE_PICTURES, self._ask_folder, column)
        self._button(CLOSE, self.reject, column)

    def _head(self, text: str, column: QVBoxLayout) -> None:
        label = QLabel(self.texts.say(text))
        label.setObjectName("group")
        column.addWidget(label)

    def _dates(self, text: str, column: QVBoxLayout, width: int) -> QComboBox:
        self._head(text, column)
        box = ChoiceBox(self.look, self.texts.say(text))
        box.addItems([moment_words(moment, self.texts).replace("\n", " · ") for moment in self.table.moments])
        box.setFixedWidth(width)
        box.activated.connect(lambda _row: self.refresh())
        column.addWidget(box)
        return box

    def _box(self, text: str, column: QVBoxLayout) -> QCheckBox:
        box = QCheckBox(self.texts.say(text))
        box.setChecked(True)
        box.toggled.connect(lambda _on: self.refresh())
        column.addWidget(box)
        return box

    def _button(self, text: str, act: Callable[[], object], column: QVBoxLayout) -> QPushButton:
        button = QPushButton(self.texts.say(text))
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: act())
        column.addWidget(button)
        return button

    # -- pages

    def refresh(self) -> None:
        """Plan the pages anew and read what they need."""
        moments = self.table.moments
        before, after = moments[self.first.currentIndex()], moments[self.last.currentIndex()]
        chosen = [(self.pairs, Section.BEFORE_AFTER), (self.composites, Section.COMPOSITES)]
        sections = [section for box, section in chosen if box.isChecked() and box.isEnabled()]
        if before == after:
            sections = [section for section in sections if section is not Section.BEFORE_AFTER]
        self.pages = pages(self.table, before, after, sections)
        self.list.clear()
        self.list.addItems([title_of(page, self.texts) for page in self.pages])
        self.list.setCurrentRow(0 if self.pages else -1)
        self._read()
        self._tell()
        self._show_page()

    def _read(self) -> None:
        items = {slot.item.key: slot.item for page in self.pages for slot in page.slots}
        wanted = [item for key, item in items.items() if key not in self._asked]
        self._asked |= set(items)
        source = self.exporter.workspace.source

        def work() -> None:
            for item in wanted:
                found: QImage | None = None
                try:
                    found = picture_for(source, item)
                except Exception:
                    # Its place stays black and the dialog counts it; the tile of the image says why.
                    found = None
                self._post.post(lambda key=item.key, found=found: self._arrived(key, found))  # type: ignore[misc]  # mypy infers no lambda that has a default

        if wanted:
            threading.Thread(target=work, daemon=True, name="presentation").start()

    def _arrived(self, key: str, picture: QImage | None) -> None:
        if picture is None:
            self.failed.add(key)
        else:
            self.pictures[key] = picture
        self._tell()
        self._show_page()

    @property
    def complete(self) -> bool:
        """Whether every picture is there, or cannot be had."""
        needed = {slot.item.key for page in self.pages for slot in page.slots}
        return needed <= self.pictures.keys() | self.failed

    def _tell(self) -> None:
        ready = bool(self.pages) and self.complete
        self.save_pdf.setEnabled(ready)
        self.save_pictures.setEnabled(ready)
        missing = self.failed & {slot.item.key for page in self.pages for slot in page.slots}
        if not self.pages:
            self.note.setText(self.texts.say(NO_PAGE))
        elif not ready:
            self.note.setText(self.texts.say(READING))
        elif missing:
            self.note.setText(self.texts.say(SOME_MISSING, count=len(missing)))
        else:
            self.note.setText(self.texts.say(READY, count=len(self.pages)))

    def _show_page(self) -> None:
        row = self.list.currentRow()
        if not 0 <= row < len(self.pages):
            self.view.clear()
            return
        image = self.page_image(self.pages[row], PREVIEW_PX)
        size = self.view.size()
        smooth = Qt.TransformationMode.SmoothTransformation
        self.view.setPixmap(QPixmap.fromImage(image).scaled(size, Qt.AspectRatioMode.KeepAspectRatio, smooth))
        self.view.setAccessibleName(title_of(self.pages[row], self.texts))

    def page_image(self, page: Page, width: int) -> QImage:
        """A page as a picture so many pixels wide."""
        layout = self._layout()
        size = layout.fullRect(layout.units()).size()
        dots = width / size.width()
        image = QImage(width, round(size.height() * dots), QImage.Format.Format_RGB32)
        painter = QPainter(image)
        draw_presentation_page(painter, page, self.pictures, layout, self.texts, self._heading(), dots)
        painter.end()
        return image

    def _layout(self) -> QPageLayout:
        return layout_for(self.paper, landscape=True)

    def _heading(self) -> Heading:
        whose = self.exporter.workspace.catalogue.whose_is(self.study)
        return Heading(whose.name if self.named.isChecked() else "")

    # -- saving

    def pdf(self) -> bytes:
        """All pages."""
        layout = self._layout()

        def draw(writer: QPdfWriter) -> None:
            painter = QPainter(writer)
            dots = writer.logicalDpiX() / 25.4
            for number, page in enumerate(self.pages):
                if number:
                    writer.newPage()
                draw_presentation_page(painter, page, self.pictures, layout, self.texts, self._heading(), dots)
            painter.end()

        return pdf_bytes(layout, draw)

    def save(self, files: Callable[[], Mapping[Path, bytes]]) -> None:
        """Announce every image, then write; say how it went."""
        items = {slot.item.key: slot.item for page in self.pages for slot in page.slots}
        try:
            made = files()
            detail = {"pages": len(self.pages), "banner": self.named.isChecked()}
            self.exporter.announce(ExportKind.PRESENTATION, list(items.values()), detail)
            for path, data in made.items():
                write_whole(path, data)
        except ViewerError as error:
            self.note.setText(self.texts.sentence(error))
        except OSError:
            self.note.setText(self.texts.say(NOT_WRITTEN))
        else:
            self.note.setText(self.texts.say(SAVED))

    def page_files(self, folder: Path) -> dict[Path, bytes]:
        """One PNG a page, numbered, without the person's name in theirs."""
        return {
            folder / f"page-{number:02}.png": encoded(self.page_image(page, PAGE_PX), "png")
            for number, page in enumerate(self.pages, 1)
        }

    def _ask_pdf(self) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(self, self.texts.say(TITLE), "presentation.pdf", "*.pdf")
        if chosen:
            self.save(lambda: {Path(chosen if chosen.endswith(".pdf") else chosen + ".pdf"): self.pdf()})

    def _ask_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.texts.say(TITLE))
        if chosen:
            self.save(lambda: self.page_files(Path(chosen)))


def open_presentation(exporter: Exporter) -> PresentationDialog | None:
    """Open the dialog for the person in the active tile; says so where there is nobody's image."""
    workspace = exporter.workspace
    study = workspace.active.study if workspace.active else None
    if study is None:
        workspace.say(workspace.texts.sentence(ExportError()))
        return None
    dialog = PresentationDialog(exporter, study)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog
