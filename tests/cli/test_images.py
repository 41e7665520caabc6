"""`import` and `original`, against the doors of the imaging slice."""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.core.errors import RuleViolation
from app.journal.commands import Query
from app.journal.queries import SYSTEM, Actor, Reading
from app.journal.runner import Runner
from app.journal.workplace import open_workplace
from tests.cli.conftest import Call
from tests.sample.permissions import READ_OWNERS

RECEIVED = b"DICM" * 40_000


@dataclass(frozen=True, slots=True)
class Report:
    imported: int
    by: str


def import_paths(runner: Runner, actor: Actor, paths: list[Path], progress: Callable[[int, int, str], None]) -> Report:
    """Stands for the slice's own."""
    for place, path in enumerate(paths, 1):
        if path.read_bytes() == b"":
            raise RuleViolation("An image file is empty.", field="paths")
        runner.files.put(path)
        progress(place, len(paths), path.name)
    return Report(len(paths), actor.id)


def original_of(read: Reading, sop_instance_uid: str) -> str | None:
    """Stands for the slice's own: the name of the sealed file."""
    return hashlib.sha256(RECEIVED).hexdigest() if sop_instance_uid == "1.2.3" else None


@pytest.fixture(autouse=True)
def imaging(monkeypatch: pytest.MonkeyPatch) -> None:
    """An imaging slice of two functions."""
    doors: dict[str, Any] = {
        "importing": SimpleNamespace(import_paths=import_paths),
        "queries": SimpleNamespace(original_of=Query(original_of, READ_OWNERS, "Original")),
    }
    monkeypatch.setattr("app.cli.images._imaging", doors.__getitem__)


def test_files_go_in_and_come_out_as_they_were(
    cli: Call, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pano.dcm").write_bytes(RECEIVED)
    done = cli("import", tmp_path / "pano.dcm", "--as", "desk", "--json")
    assert (done.code, done.json) == (0, {"imported": 1, "by": "staff-desk"})
    written = cli("original", "1.2.3", "--output", tmp_path / "out.dcm", "--as", "desk", "--json")
    assert written.json == {
        "written": str(tmp_path / "out.dcm"),
        "bytes": len(RECEIVED),
        "sha256": hashlib.sha256(RECEIVED).hexdigest(),
    }
    assert (tmp_path / "out.dcm").read_bytes() == RECEIVED
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BytesIO(), write_through=True))
    assert cli("original", "1.2.3", "--as", "desk").code == 0
    assert cast(io.BytesIO, sys.stdout.buffer).getvalue() == RECEIVED
    with open_workplace(folder) as workplace, workplace.runner.read(SYSTEM) as read:
        assert [tuple(row) for row in read.sql("SELECT actor FROM access_log WHERE kind = 'export'")] == [
            ("staff-desk",)
        ] * 2


def test_refusals(cli: Call, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.dcm").write_bytes(b"")
    assert cli("import", tmp_path / "empty.dcm").code == 3
    assert cli("import", tmp_path / "nothing.dcm").code == 5
    assert cli("import").code == 2
    assert cli("original", "9.9").code == 5
    assert cli("original", "1.2.3", "--as", "guest").code == 4
    assert cli("original", "1.2.3").code == 5, "known to the database, but the sealed file is not here"
    with open_workplace(folder) as workplace:
        workplace.files.put(RECEIVED)
    assert cli("original", "1.2.3", "--json").json["bytes"] == len(RECEIVED)
