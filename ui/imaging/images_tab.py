"""The images of a patient: studies newest first, import by drag and drop or from a file dialog."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout

from app.core.errors import PermissionDenied
from app.core.i18n import N_, _
from app.imaging.commands import ImportReport, import_paths
from app.imaging.permissions import IMPORT_IMAGES
from app.imaging.queries import StudyImages, images_of
from ui.imaging.thumbnail import Thumbnail, image_words
from ui.patients.facts import empty
from ui.patients.patient_view import PatientTab
from ui.shell.formats import counted, day, number
from ui.theme.style import theme
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, EmptyState, ProgressRow
from ui.widgets.form import Message
from ui.widgets.labels import Label
from ui.widgets.layout import Flow

CARD_WIDTH = 330
IN_A_ROW = 6
"""Images of a study that stand in one row."""


class ImagesTab(PatientTab):
    """Thumbnails; a press opens the reading screen."""

    _moved = Signal(int, int)

    def build(self) -> None:
        """Head, progress, studies."""
        self.setAcceptDrops(True)
        column = self.page()
        self._say, self._add = Label("", "small", "muted"), Button("", "secondary", "upload-simple")
        self._add.clicked.connect(self._pick)
        head = QHBoxLayout()
        head.addWidget(self._say, 1)
        head.addWidget(self._add)
        self._progress = ProgressRow("")
        self._progress.hide()
        self._refusals = Message()
        self._refusals.show_text("", False)
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self._progress)
        column.addWidget(self._refusals)
        column.addLayout(self._list)
        column.addStretch(1)
        self._moved.connect(self._show_progress)
        self.words.put(self._add.setText, N_("Import images"))
        self.words.put(self._say.setText, N_("Drop DICOM files or photographs here, or import them."))

    def reload(self) -> None:
        """Ask for the studies."""
        may = self.bench.may(IMPORT_IMAGES)
        self._add.set_available(may, "" if may else str(PermissionDenied(IMPORT_IMAGES.name, IMPORT_IMAGES.label)))
        self.ask(images_of, self.show_studies, self.patient_id)

    def show_studies(self, studies: tuple[StudyImages, ...]) -> None:
        """A card a study, a thumbnail an image."""
        empty(self._list)
        if not studies:
            fact = _(N_("This patient has no image yet."))
            self._list.addWidget(EmptyState("images", fact, _(N_("Imported images stand here, newest first."))))
        cards = Flow(gap=10, row_gap=10)
        self._list.addWidget(cards)
        for study in studies:
            taken = day(study.studied_on) if study.studied_on else _(N_("Date unknown"))
            card = Card(" · ".join(part for part in (taken, study.description) if part), icon="images")
            row = Flow(gap=12, row_gap=12)
            for series in study.series:
                for image in series.images:
                    thumb = Thumbnail(self.bench, image, image_words(image, series.modality, series.description))
                    thumb.clicked.connect(lambda _on=False, image=image: self._open(image.instance_id))
                    row.add(thumb)
            row.setMinimumWidth(row.flow.sizeHint().width() if row.flow.count() <= IN_A_ROW else 0)
            card.setMinimumWidth(theme.px(CARD_WIDTH))
            card.add(row)
            cards.add(card)
        self.show_body()

    def _open(self, instance_id: str) -> None:
        self.open_screen.emit("reading", {"patient_id": self.patient_id, "instance_id": instance_id})

    # -- import ---------------------------------------------------------------------------------------------
    def _pick(self) -> None:
        paths, _kind = QFileDialog.getOpenFileNames(self, _(N_("Import images")))
        if paths:
            self.take_in([Path(path) for path in paths])

    def take_in(self, paths: list[Path]) -> None:
        """Import into this patient's chart, off the main thread."""
        runner, actor, patient_id, moved = self.bench.runner, self.bench.actor, self.patient_id, self._moved
        self._add.setEnabled(False)
        self._refusals.show_text("", False)
        self._progress.set_progress(0.0, "")
        self._progress.show()

        def told(done: int, total: int, name: str) -> None:
            moved.emit(done, total)

        self.bench.background(lambda: import_paths(runner, actor, paths, told, patient_id), self._taken)

    def _show_progress(self, done: int, total: int) -> None:
        amount = _(N_("{done} of {total}"), done=number(done), total=number(total))
        self._progress.set_progress(done / max(total, 1), amount)

    def _taken(self, future: Future[ImportReport]) -> None:
        self._add.setEnabled(True)
        self._progress.hide()
        error = future.exception()
        if error is not None:
            self.bench.presenter.present(error, "import_paths")
            return
        report = future.result()
        here = report.imported + report.restored
        said = counted(N_("{n} image imported"), N_("{n} images imported"), here)
        if here:
            self.bench.note_done("", said, report.group_id)
        elif report.already:
            self.bench.note_done(None, _(N_("These images were here already.")))
        refused = [f"{item.name} : {item.sentence}" for item in report.files if item.sentence]
        self._refusals.show_text("\n".join(refused[:5]), bool(refused))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls() and self.bench.may(IMPORT_IMAGES):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import them."""
        self.take_in([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
