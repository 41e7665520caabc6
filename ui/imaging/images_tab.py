"""The images of a patient: studies newest first, import by drag and drop or from a file dialog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QVBoxLayout

from app.core.i18n import N_, _
from app.imaging.commands import ImportReport
from app.imaging.permissions import IMPORT_IMAGES
from app.imaging.queries import Content, ImageLine, SeriesImages, StudyImages, images_of, is_volume
from ui.imaging.import_panel import ImportStrip
from ui.imaging.importing import refusals
from ui.imaging.thumbnail import PHOTOGRAPHIC, Thumbnail, image_words
from ui.patients.facts import empty
from ui.patients.patient_view import PatientTab
from ui.shell.formats import counted, day
from ui.theme.style import theme
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, EmptyState
from ui.widgets.form import Message
from ui.widgets.layout import Flow

CARD_WIDTH = 330
IN_A_ROW, STACK = 6, 24
"""Images of a study that stand in one row; of a series, beyond which it is a stack."""


class ImagesTab(PatientTab):
    """Thumbnails; a press opens the reading screen."""

    def build(self) -> None:
        """Import, then the studies."""
        self.setAcceptDrops(True)
        column = self.page()
        self.strip = ImportStrip(self, lambda: self.patient_id)
        self.strip.files.set_kind("secondary")
        self.strip.imports.finished.connect(self._imported)
        self.sort = Button("", "secondary", "squares-four")
        self.sort.clicked.connect(lambda: self.open_screen.emit("photographs", {"patient_id": self.patient_id}))
        self.library = Button("", "secondary", "images")
        self.library.clicked.connect(lambda: self.open_screen.emit("imaging", {"patient_id": self.patient_id}))
        self._refusals = Message()
        self._refusals.show_text("", False)
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        column.addWidget(self.strip)
        column.addWidget(self._refusals)
        column.addWidget(Flow(self.sort, self.library, gap=8, row_gap=8))
        column.addLayout(self._list)
        column.addStretch(1)
        self.words.put(self.sort.setText, N_("Sort the photographs"))
        self.words.put(self.library.setText, N_("See them in the library"))

    def choose(self, **chosen: Any) -> None:
        """Another patient: what was refused for the last one is not this one’s."""
        super().choose(**chosen)
        self._refusals.show_text("", False)

    def reload(self) -> None:
        """Ask for the studies."""
        self.strip.refresh()
        self.ask(images_of, self.show_studies, self.patient_id)

    def show_studies(self, studies: tuple[StudyImages, ...]) -> None:
        """A card a study, a thumbnail an image."""
        empty(self._list)
        if not studies:
            fact = _(N_("This patient has no image yet."))
            self._list.addWidget(EmptyState("images", fact, _(N_("Imported images stand here, newest first."))))
        photographs = [s for study in studies for s in study.series if s.modality in PHOTOGRAPHIC]
        self.sort.setVisible(bool(photographs))
        self.library.setVisible(bool(studies))
        cards: Flow | None = None
        for study in studies:
            card, count = self._card(study)
            if count > IN_A_ROW:  # as wide as the page, so that its images go on in a further row
                self._list.addWidget(card)
                cards = None
                continue
            if cards is None:
                cards = Flow(gap=10, row_gap=10)
                self._list.addWidget(cards)
            cards.add(card)
        self.show_body()

    def _card(self, study: StudyImages) -> tuple[Card, int]:
        """A study and the number of pictures on its card; of a stack the one in the middle stands for all."""
        taken = day(study.studied_on) if study.studied_on else _(N_("Date unknown"))
        card = Card(" · ".join(part for part in (taken, study.description) if part), icon="images")
        row = Flow(gap=12, row_gap=12)
        for series in study.series:
            stack = len(series.images) > STACK
            for image in series.images[len(series.images) // 2 :][:1] if stack else series.images:
                words = image_words(image, series.modality, series.description)
                if stack:
                    words = f"{words} · {counted(N_('{n} image'), N_('{n} images'), len(series.images))}"
                thumb = Thumbnail(self.bench, image, words)
                thumb.clicked.connect(lambda _on=False, image=image, series=series: self._open_of(series, image))
                row.add(thumb)
        pictures = row.flow.count()
        row.setMinimumWidth(row.flow.sizeHint().width() if pictures <= IN_A_ROW else 0)
        card.setMinimumWidth(theme.px(CARD_WIDTH))
        card.add(row)
        return card, pictures

    def _open_of(self, series: SeriesImages, image: ImageLine) -> None:
        """Slices open as a volume, surfaces as models, all else in the reading room."""
        if image.content is Content.MODEL:
            self.open_screen.emit("models", {"patient_id": self.patient_id, "instance_id": image.instance_id})
        elif is_volume(series):
            self.open_screen.emit("volume", {"patient_id": self.patient_id, "series_id": series.series_id})
        else:
            self._open(image.instance_id)

    def _open(self, instance_id: str) -> None:
        self.open_screen.emit("reading", {"patient_id": self.patient_id, "instance_id": instance_id})

    # -- import ---------------------------------------------------------------------------------------------
    def take_in(self, paths: list[Path]) -> None:
        """Import into this patient’s chart, off the main thread."""
        self.strip.take_in(paths)

    def _imported(self, report: ImportReport) -> None:
        refused = refusals(report.files)
        self._refusals.show_text("\n".join(refused[:5]), bool(refused))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls() and self.bench.may(IMPORT_IMAGES):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import them."""
        self.take_in([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
