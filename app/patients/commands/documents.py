"""Documents of a chart: every content is a sealed file, every change of content a new version."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.patients.commands.patients import living_patient
from app.patients.document_files import check_size, mime_of, preview_of
from app.patients.entry import NAME_LIMIT, clean_text, needed_text
from app.patients.events import DocumentAdded
from app.patients.model import Document, DocumentVersion
from app.patients.permissions import EDIT_DOCUMENTS
from app.patients.settings import DOCUMENT_LIMIT_MB
from app.patients.vocabulary import DocumentId, DocumentKind, DocumentVersionId


def living_document(tx: Transaction, document_id: DocumentId) -> Document:
    """A document that was neither withdrawn nor erased."""
    document = tx.get(Document, document_id)
    if document.withdrawn_at is not None or document.title == "":
        raise RuleViolation(N_("This document is no longer in the chart."), field="document_id")
    return document


@command(permission=EDIT_DOCUMENTS, label=N_("Withdraw the document"))
def withdraw_document(tx: Transaction, document_id: DocumentId) -> None:
    """Take a document that was added by mistake out of the chart; its content stays on file."""
    living_document(tx, document_id).withdrawn_at = tx.now


@command(permission=EDIT_DOCUMENTS, label=N_("Add a document"), undo=(withdraw_document, Document))
def add_document(tx: Transaction, patient_id: PatientId, kind: DocumentKind, path: str, title: str = "") -> DocumentId:
    """Put a file of this workstation in the chart; it is sealed, and the original may then be deleted."""
    content, name = _read_file(path, tx.setting(DOCUMENT_LIMIT_MB))
    return store_document(tx, patient_id, kind, title.strip() or Path(name).stem, content, name)


def store_document(
    tx: Transaction, patient_id: PatientId, kind: DocumentKind, title: str, content: bytes, file_name: str
) -> DocumentId:
    """Put bytes in the chart, inside the command of a slice that made them (a letter, a signed form)."""
    living_patient(tx, patient_id)
    check_size(len(content), tx.setting(DOCUMENT_LIMIT_MB))
    document = tx.add(
        Document(
            patient_id=patient_id,
            kind=kind,
            title=needed_text(title, "title")[:NAME_LIMIT],
        )
    )
    _add_version(tx, document, content, file_name)
    return document.id


@command(permission=EDIT_DOCUMENTS, label=N_("Withdraw the version"))
def withdraw_document_version(tx: Transaction, version_id: DocumentVersionId) -> None:
    """Take back a version that was added by mistake: the one before it holds again."""
    wrong = tx.get(DocumentVersion, version_id)
    living_document(tx, wrong.document_id)
    taken_back = select(DocumentVersion.id).where(DocumentVersion.withdraws_id == version_id)
    if wrong.withdraws_id is not None or tx.first(taken_back):
        raise RuleViolation(N_("This version has already been withdrawn."), field="version_id")
    tx.add(
        DocumentVersion(
            document_id=wrong.document_id,
            patient_id=wrong.patient_id,
            withdraws_id=version_id,
            added_by=tx.actor.id,
            added_at=tx.now,
        )
    )


@command(
    permission=EDIT_DOCUMENTS,
    label=N_("Add a version of the document"),
    undo=(withdraw_document_version, DocumentVersion),
)
def add_document_version(tx: Transaction, document_id: DocumentId, path: str) -> DocumentVersionId:
    """Put a newer content in place of a document’s; the earlier versions stay."""
    content, name = _read_file(path, tx.setting(DOCUMENT_LIMIT_MB))
    document = living_document(tx, document_id)
    living_patient(tx, document.patient_id)
    return _add_version(tx, document, content, name)


@command(permission=EDIT_DOCUMENTS, label=N_("Change the document"))
def change_document(
    tx: Transaction, document_id: DocumentId, kind: DocumentKind | None = None, title: str | None = None
) -> None:
    """Give a document another title or kind."""
    document = living_document(tx, document_id)
    document.kind = kind or document.kind
    if title is not None:
        document.title = needed_text(title, "title")[:NAME_LIMIT]


def _read_file(path: str, limit_mb: int) -> tuple[bytes, str]:
    """The bytes and the name of a file; its size is judged before it is read."""
    place = Path(path).expanduser()
    try:
        if not place.is_file():
            raise RuleViolation(N_("There is no such file."), field="path")
        check_size(place.stat().st_size, limit_mb)
        return place.read_bytes(), place.name
    except (OSError, ValueError) as error:
        raise RuleViolation(N_("This file cannot be read."), field="path") from error


def _add_version(tx: Transaction, document: Document, content: bytes, file_name: str) -> DocumentVersionId:
    mime = mime_of(content, file_name)
    preview = preview_of(content, mime)
    version = tx.add(
        DocumentVersion(
            document_id=document.id,
            patient_id=document.patient_id,
            file_name=clean_text(file_name, "path", limit=255),
            mime=mime,
            sha256=tx.files.put(content),
            size_bytes=len(content),
            preview_sha256=tx.files.put(preview) if preview else None,
            added_by=tx.actor.id,
            added_at=tx.now,
        )
    )
    tx.record(DocumentAdded(document.patient_id, document.id, document.kind))
    return version.id
