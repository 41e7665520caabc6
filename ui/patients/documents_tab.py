"""Documents of the chart, by drag and drop or from a file dialog."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.core.i18n import N_, _
from app.patients.commands import add_document, withdraw_document
from app.patients.queries import (
    DOCUMENT_LABELS,
    DocumentId,
    DocumentKind,
    DocumentLine,
    document_preview,
    documents_of,
    export_document,
)
from ui.patients.facts import empty
from ui.patients.patient_view import PatientTab
from ui.shell.command_button import CommandButton
from ui.shell.formats import moment, number
from ui.theme.style import theme
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, EmptyState, Hairline, ThemedIcon
from ui.widgets.fields import Choice
from ui.widgets.labels import ElidedLabel, Label

PREVIEW_SIDE = 64
SMOOTH = Qt.TransformationMode.SmoothTransformation
ICONS = {"application/pdf": "file-pdf", "image/jpeg": "image", "image/png": "image", "image/tiff": "image"}


class DocumentsTab(PatientTab):
    """List, kind of the next one, add."""

    def build(self) -> None:
        """Head and list."""
        self.setAcceptDrops(True)
        column = self.page()
        self._kind, self._add = Choice(), Button("", "secondary", "upload-simple")
        self._say = Label("", "small", "muted")
        self._add.clicked.connect(self._pick)
        head = QHBoxLayout()
        head.addWidget(self._say, 1)
        head.addWidget(self._kind)
        head.addWidget(self._add)
        self._list = QVBoxLayout()
        column.addLayout(head)
        column.addLayout(self._list)
        column.addStretch(1)
        self.words.put(self._add.setText, N_("Add a document"))
        self.words.put(self._kind.setAccessibleName, N_("Kind of document"))
        self.words.put(self._say.setText, N_("Drop a file here, or add one."))

    def reload(self) -> None:
        """Ask for the documents."""
        self._kind.set_options([(kind.value, _(DOCUMENT_LABELS[kind])) for kind in DocumentKind])
        self._add.set_available(self.bench.may(add_document), self.bench.reason(add_document))
        self.ask(documents_of, self.show_documents, self.patient_id)

    def show_documents(self, documents: tuple[DocumentLine, ...]) -> None:
        """One line a document."""
        empty(self._list)
        if not documents:
            self._list.addWidget(
                EmptyState(
                    "file-text",
                    _(N_("No document is in this file.")),
                    _(N_("Letters, forms and reports that you add stand here.")),
                )
            )
        else:
            card = Card()
            for place, document in enumerate(documents):
                if place:
                    card.add(Hairline())
                card.add(self._row(document))
            self._list.addWidget(card)
        self.show_body()

    def _row(self, document: DocumentLine) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._sight(document))
        words = QVBoxLayout()
        words.setSpacing(1)
        size = _(N_("{size} kB"), size=number(max(document.current.size_bytes // 1000, 1)))
        added = moment(document.current.added_at, self.bench.runner.clock)
        words.addWidget(ElidedLabel(document.title, "name"))
        words.addWidget(ElidedLabel(f"{_(DOCUMENT_LABELS[document.kind])} · {added} · {size}", "small", "muted"))
        row.addLayout(words, 1)
        copy = Button(_(N_("Save a copy")), "quiet", "download-simple")
        copy.setAccessibleDescription(document.title)
        copy.clicked.connect(lambda: self._copy(document))
        row.addWidget(copy)
        away: CommandButton[DocumentId] = CommandButton(self.bench, withdraw_document, lambda: document.id, "quiet")
        away.setAccessibleDescription(document.title)
        row.addWidget(away)
        return row

    def _sight(self, document: DocumentLine) -> QWidget:
        """The preview of an image; the icon of its kind for what has none."""
        if document.current.preview_sha256 is None:
            return ThemedIcon(ICONS.get(document.current.mime, "file-text"), 20)
        sight, version = QLabel(self), document.current.id
        sight.setFixedSize(theme.px(PREVIEW_SIDE), theme.px(PREVIEW_SIDE))
        sight.setAlignment(Qt.AlignmentFlag.AlignCenter)
        sight.setAccessibleName(_(N_("Preview of {title}"), title=document.title))
        runner, actor = self.bench.runner, self.bench.actor

        def show(future: Future[bytes | None]) -> None:
            if isValid(sight) and future.exception() is None:
                picture = QPixmap()
                picture.loadFromData(future.result() or b"")
                sight.setPixmap(picture.scaled(sight.size(), Qt.AspectRatioMode.KeepAspectRatio, SMOOTH))

        self.bench.background(lambda: document_preview(runner, actor, version), show)
        return sight

    def _copy(self, document: DocumentLine) -> None:
        path, _kind = QFileDialog.getSaveFileName(
            self, _(N_("Save a copy")), document.current.file_name or document.title
        )
        if path:
            self.save_copy(document, Path(path))

    def save_copy(self, document: DocumentLine, path: Path) -> None:
        """Write the document as it was received to a file outside; the access log tells."""
        runner, actor, version = self.bench.runner, self.bench.actor, document.current.id

        def saved(future: Future[int]) -> None:
            error = future.exception()
            if error is not None:
                self.bench.presenter.present(error, "export_document")
            else:
                self.bench.note_done(None, _(N_("A copy has been saved.")))

        self.bench.background(lambda: path.write_bytes(export_document(runner, actor, version).content), saved)

    def _pick(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(self, _(N_("Add a document")))
        if path:
            self.add_file(path)

    def add_file(self, path: str) -> None:
        """Put a file in the chart, as the kind chosen."""
        kind = DocumentKind(str(self._kind.value()))
        self.bench.run(add_document, self.patient_id, kind, path).say(_(N_("The document is in the file.")))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls() and self.bench.may(add_document):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add each file."""
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.add_file(url.toLocalFile())
