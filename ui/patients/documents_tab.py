"""Documents of the chart, by drag and drop or from a file dialog."""

from __future__ import annotations

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout

from app.core.i18n import N_, _
from app.patients.commands import add_document, withdraw_document
from app.patients.queries import DOCUMENT_LABELS, DocumentId, DocumentKind, DocumentLine, documents_of
from ui.patients.facts import empty
from ui.patients.patient_view import PatientTab
from ui.shell.command_button import CommandButton
from ui.shell.formats import moment, number
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, EmptyState, Hairline, ThemedIcon
from ui.widgets.fields import Choice
from ui.widgets.labels import ElidedLabel, Label

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
        row.addWidget(ThemedIcon(ICONS.get(document.current.mime, "file-text"), 20))
        words = QVBoxLayout()
        words.setSpacing(1)
        size = _(N_("{size} kB"), size=number(max(document.current.size_bytes // 1000, 1)))
        added = moment(document.current.added_at, self.bench.runner.clock)
        words.addWidget(ElidedLabel(document.title, "name"))
        words.addWidget(ElidedLabel(f"{_(DOCUMENT_LABELS[document.kind])} · {added} · {size}", "small", "muted"))
        row.addLayout(words, 1)
        away: CommandButton[DocumentId] = CommandButton(self.bench, withdraw_document, lambda: document.id, "quiet")
        away.setAccessibleDescription(document.title)
        row.addWidget(away)
        return row

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
