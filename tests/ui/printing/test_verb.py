"""The verb `print`: a document as a PDF file from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.entry import main
from app.journal.workplace import Workplace
from app.patients.queries import patient_banner
from tests.ui.scheduling.conftest import Desk
from ui.printing.documents import PRINTS

EXTENSIONS = ("ui.printing.verbs",)


def test_every_document_is_written(workplace: Workplace, desk: Desk, tmp_path: Path) -> None:
    number = workplace.runner.ask(workplace.runner.actor("claire"), patient_banner, desk.patients[0]).file_number
    folder = str(workplace.folder)
    workplace.close()
    for name in PRINTS:
        file = tmp_path / f"{name}.pdf"
        asked = ["--data", folder, "print", name, "--output", str(file), "--patient", number, "--as", "claire"]
        assert main([*asked, "--on", "2026-11-24", "--at", "2026-11-24T09:00"], EXTENSIONS) == 0
        assert file.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (["summary", "--as", "claire"], 2),
        (["summary", "--as", "claire", "--output", "{f}"], 3),
        (["nothing", "--as", "claire", "--output", "{f}"], 5),
        (["summary", "--output", "{f}"], 2),
        (["summary", "--as", "claire", "--patient", "99999999", "--output", "{f}"], 5),
    ],
)
def test_what_cannot_be_made_is_refused(workplace: Workplace, tmp_path: Path, asked: list[str], code: int) -> None:
    folder = str(workplace.folder)
    workplace.close()
    file = tmp_path / "x.pdf"
    given = [part.replace("{f}", str(file)) for part in asked]
    assert main(["--data", folder, "print", *given], EXTENSIONS) == code
    assert not file.exists()


def test_documents_are_listed(capsys: pytest.CaptureFixture[str], qapp: object) -> None:
    assert main(["print", "list"], EXTENSIONS) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in PRINTS)
