"""A package outside the tree is a slice like any other: captured, listed, run, heard of, registered nowhere by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
FILES = {
    "__init__.py": '"""Lockers of the waiting room."""\n',
    "permissions.py": """
from app.core.permissions import Permission, Role
USE_LOCKERS = Permission("use_lockers", "Use lockers", (Role.FRONT_DESK,))
""",
    "model.py": """
from typing import NewType
from sqlalchemy.orm import Mapped
from app.journal.records import Merge, Record, flag, key, text
LockerId = NewType("LockerId", str)
class Locker(Record, merge=Merge.FIELD, stream="lockers"):
    __tablename__ = "locker"
    id: Mapped[LockerId] = key()
    label: Mapped[str] = text()
    taken: Mapped[bool] = flag(default=False)
""",
    "settings.py": """
from app.core.settings import Page, Scope, Setting
LOCKERS = Page("lockers", "Lockers")
ROWS = Setting("locker_rows", Scope.CLINIC, int, 4, "Rows of lockers", "", LOCKERS, 1, 9)
""",
    "events.py": """
from dataclasses import dataclass
from app.journal.events import DomainEvent
@dataclass(frozen=True, slots=True)
class LockerTaken(DomainEvent):
    locker_id: str
""",
    "commands.py": '''
from app.journal.commands import command
from app.journal.transaction import Transaction
from outside_lockers.events import LockerTaken
from outside_lockers.model import Locker, LockerId
from outside_lockers.permissions import USE_LOCKERS
@command(permission=USE_LOCKERS, label="Take the locker")
def take_locker(tx: Transaction, label: str) -> LockerId:
    """Give a locker to somebody."""
    made = tx.add(Locker(label=label, taken=True))
    tx.record(LockerTaken(made.id))
    return made.id
''',
    "queries.py": '''
from app.journal.commands import query
from app.journal.queries import Reading
from outside_lockers.permissions import USE_LOCKERS
@query(permission=USE_LOCKERS, label="Lockers")
def lockers(read: Reading) -> tuple[str, ...]:
    """Labels."""
    return tuple(row[0] for row in read.sql("SELECT label FROM locker ORDER BY label"))
''',
    "locale/fr_CA/lockers.po": """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Take the locker"
msgstr "Prendre le casier"
""",
}
SCRIPT = """
import json, sys
from pathlib import Path
from app.core import i18n
from app.core.permissions import PERMISSIONS
from app.core.settings import SETTINGS
from app.journal.commands import COMMANDS, QUERIES
from app.journal.events import EVENTS
from app.journal.queries import Actor
from app.journal.records import REGISTRY
from app.journal.workplace import open_workplace

with open_workplace(Path(sys.argv[1])) as workplace:
    runner, boss = workplace.runner, Actor("boss", "Boss", everything=True)
    heard = []
    runner.subscribe(heard.append)
    command, query = COMMANDS["take_locker"], QUERIES["lockers"]
    done = runner.submit_bound(boss, command, command.parse({"label": "A1"})).result(30)
    answer, tables = runner.ask_with_tables(boss, query)
    raw = workplace.database.raw()
    i18n.set_language("fr")
    print(json.dumps({
        "help": command.help, "slice": command.slice, "label": i18n.translate(command.label),
        "answer": answer, "stale": heard[0].touches(tables), "tables": sorted(heard[0].tables),
        "changes": raw.execute("SELECT tbl, kind FROM change ORDER BY tbl").fetchall(),
        "setting": runner.setting(boss, SETTINGS["locker_rows"]),
        "listed": ["locker" in REGISTRY, "LOCKER_TAKEN" in EVENTS, "use_lockers" in PERMISSIONS],
        "sound": workplace.verify().sound,
    }))
    raw.close()
"""


def run_outside(folder: Path, packages: Path, slices: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{packages}", "ARCHWIRE_SLICES": slices}
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / "packages" / "outside_lockers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.lstrip("\n"), encoding="utf-8")
    return tmp_path / "packages"


def test_a_slice_from_outside_is_a_slice(folder: Path, packages: Path) -> None:
    done = run_outside(folder, packages, "tests.sample, outside_lockers")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found == {
        "help": "Give a locker to somebody.",
        "slice": "outside_lockers",
        "label": "Prendre le casier",
        "answer": ["A1"],
        "stale": True,
        "tables": ["event", "locker"],
        "changes": [["event", "ins"], ["locker", "ins"]],
        "setting": 4,
        "listed": [True, True, True],
        "sound": True,
    }


def test_a_slice_that_is_not_there_is_named(folder: Path, packages: Path) -> None:
    done = run_outside(folder, packages, "no_such_slice")
    assert done.returncode != 0
    assert "no_such_slice" in done.stderr
