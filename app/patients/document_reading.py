"""Taking a document out of the chart: its bytes for a copy outside, its preview for the eye; each is noted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.core.errors import NotFound, PermissionDenied
from app.core.i18n import N_
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.patients.model import DocumentVersion
from app.patients.permissions import VIEW_DOCUMENTS
from app.patients.vocabulary import DocumentVersionId


@dataclass(frozen=True, slots=True)
class DocumentCopy:
    """A content as it was received."""

    file_name: str
    mime: str
    content: bytes


def export_document(runner: Runner, actor: Actor, version_id: DocumentVersionId) -> DocumentCopy:
    """The received bytes, the export noted; fetched from the server when they are only there.

    Raises `PermissionDenied`, `NotFound`, `IntegrityFailure`, `Unreachable`.
    """
    row = _stored(runner, actor, version_id)
    runner.files.fetch(row.sha256 or "")
    content = runner.files.read(row.sha256 or "")
    runner.access(actor, "export", subject=row.patient_id, detail=f"document {version_id}")
    return DocumentCopy(row.file_name or f"{version_id}.bin", row.mime or "application/octet-stream", content)


def document_preview(runner: Runner, actor: Actor, version_id: DocumentVersionId) -> bytes | None:
    """The small JPEG of an image, None for what has none, the opening noted. Raises as `export_document` does."""
    row = _stored(runner, actor, version_id)
    if row.preview_sha256 is None:
        return None
    runner.files.fetch(row.preview_sha256)
    content = runner.files.read(row.preview_sha256)
    runner.access(actor, "open", subject=row.patient_id, detail=f"document {version_id}")
    return content


def _stored(runner: Runner, actor: Actor, version_id: DocumentVersionId) -> DocumentVersion:
    if not actor.may(VIEW_DOCUMENTS):
        runner.access(actor, "refused", detail=VIEW_DOCUMENTS.name)
        raise PermissionDenied(VIEW_DOCUMENTS.name, VIEW_DOCUMENTS.label)
    columns = DocumentVersion.__table__.c
    with runner.read(actor) as read:
        row = read.execute(select(*columns).where(columns.id == version_id, columns.sha256 > "")).first()
    if row is None:
        raise NotFound(N_("document"), version_id)
    return DocumentVersion(**row._mapping)
