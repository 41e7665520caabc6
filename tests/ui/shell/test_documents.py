"""A document is seen by its preview and saved as a copy outside."""

import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtWidgets import QLabel

from app.journal.queries import SYSTEM
from app.patients.queries import documents_of
from ui.patients.documents_tab import DocumentsTab
from ui.shell.faces import shown_patient
from ui.shell.window import Window


def previews(tab: DocumentsTab) -> list[str]:
    """The accessible names of the pictures that are there."""
    labels = [label for label in tab.findChildren(QLabel) if not label.pixmap().isNull()]
    return [label.accessibleName() for label in labels if label.accessibleName()]


def test_a_document_is_shown_and_a_copy_saved(window: Window, rest: Callable[[Window], None], tmp_path: Path) -> None:
    patient, path = shown_patient(window), tmp_path / "card.png"
    Image.new("RGB", (300, 200), "navy").save(path)
    window.open("patient", patient_id=patient, tab="documents")
    rest(window)
    tab = window.stack.currentWidget().findChild(DocumentsTab)
    assert isinstance(tab, DocumentsTab)
    tab.add_file(str(path))
    end = time.monotonic() + 20
    while not previews(tab) and time.monotonic() < end:
        rest(window)
    assert previews(tab) == [f"Preview of {path.name}"] or previews(tab) == ["Preview of card"]
    (document,) = window.bench.runner.ask(SYSTEM, documents_of, patient)
    tab.save_copy(document, tmp_path / "copy.png")
    while not (tmp_path / "copy.png").exists() and time.monotonic() < end:
        rest(window)
    rest(window)
    assert (tmp_path / "copy.png").read_bytes() == path.read_bytes()
