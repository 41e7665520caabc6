"""A document comes out as it went in, and each time it is noted who looked."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from app.core.errors import NotFound, PermissionDenied
from app.core.ids import PatientId
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.patients.commands import add_document
from app.patients.queries import DocumentKind, document_preview, documents_of, export_document
from app.patients.vocabulary import DocumentVersionId


def log(runner: Runner, actor: Actor) -> list[tuple[str, str | None]]:
    runner.flush()
    with runner.read(actor) as read:
        return [(row.kind, row.subject) for row in read.sql("SELECT kind, subject FROM access_log ORDER BY n")]


def test_copy_and_preview_are_given_and_noted(runner: Runner, boss: Actor, florence: PatientId, tmp_path: Path) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (900, 300), "navy").save(drawn, "PNG")
    path = tmp_path / "card.png"
    path.write_bytes(drawn.getvalue())
    runner.run(boss, add_document, florence, next(iter(DocumentKind)), str(path))
    version = runner.ask(boss, documents_of, florence)[0].current
    copy = export_document(runner, boss, version.id)
    assert (copy.file_name, copy.mime, copy.content) == ("card.png", "image/png", drawn.getvalue())
    preview = document_preview(runner, boss, version.id)
    assert preview is not None
    assert Image.open(io.BytesIO(preview)).size == (480, 160)
    assert log(runner, boss)[-2:] == [("export", florence), ("open", florence)]


def test_refused_without_the_right_and_unknown(runner: Runner, boss: Actor) -> None:
    nowhere = DocumentVersionId("nowhere")
    with pytest.raises(NotFound):
        export_document(runner, boss, nowhere)
    with pytest.raises(PermissionDenied):
        document_preview(runner, Actor("karim", "Karim"), nowhere)
    assert log(runner, boss)[-1] == ("refused", None)
