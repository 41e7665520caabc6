"""A folder of kind `test`, and the command line called on it in this process."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest

from app.cli.entry import main
from app.core.errors import NotFound
from app.journal.queries import Actor, Reading
from app.journal.workplace import open_workplace
from tests.cli import trial

BOSS = Actor("staff-boss", "Claire Brunet", everything=True)
DESK = Actor("staff-desk", "Léa Roy", frozenset({"edit_sample_owners", "read_sample_owners"}))
GUEST = Actor("staff-guest", "Noé Guay")


class People:
    """Three people, in place of the access slice."""

    tables = frozenset[str]()
    known: ClassVar = {"boss": BOSS, "desk": DESK, "guest": GUEST}

    def actor(self, read: Reading, who: str) -> Actor:
        """The person of this username or id."""
        for name, person in self.known.items():
            if who in {name, person.id}:
                return person
        raise NotFound("staff member", who)

    def name(self, read: Reading, actor_id: str) -> str:
        """The name shown."""
        return next((person.name for person in self.known.values() if person.id == actor_id), "")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call printed and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on the output; anything beside it is an error."""
        return msgspec.json.decode(self.out)


Call = Callable[..., Answer]


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder of each kind, made once."""
    place = tmp_path_factory.mktemp("templates")
    for kind in ("clinic", "demo", "test"):
        with open_workplace(place / kind, create=True, kind=kind) as made:
            (place / f"{kind}.recovery").write_text(made.recovery_key)
    return place


@pytest.fixture
def folder(templates: Path, tmp_path: Path) -> Path:
    """A fresh folder of kind `test`."""
    return Path(shutil.copytree(templates / "test", tmp_path / "data"))


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call the command line with these words, in English unless they say otherwise."""
    monkeypatch.setattr("app.cli.session.authority", People)
    monkeypatch.setattr("app.cli.admin.authority", People)
    monkeypatch.setenv("LC_ALL", "en_CA.UTF-8")
    assert trial.NAME_IN_A_FAULT

    def run(*words: object, **options: Any) -> Answer:
        capsys.readouterr()
        code = main([str(word) for word in words], **options)
        printed = capsys.readouterr()
        return Answer(code, printed.out, printed.err)

    return run


@pytest.fixture
def cli(call: Call, folder: Path) -> Call:
    """The same on the fresh folder."""
    return lambda *words, **options: call("--data", folder, *words, **options)
