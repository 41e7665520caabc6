"""A slice that is only added, as files of its own, has everything: verbs, help, rights, settings, capture, undo."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

import msgspec
import pytest

ROOT = Path(__file__).resolve().parents[2]

FILES = {
    "__init__.py": '"""Kites."""\n',
    "permissions.py": """
from app.core.permissions import LEADERS, Permission
FLY_KITES = Permission("fly_kites", "Fly kites", LEADERS)
""",
    "model.py": """
from typing import NewType
from sqlalchemy.orm import Mapped
from app.journal.records import Merge, Record, key, text
KiteId = NewType("KiteId", str)
class Kite(Record, merge=Merge.FIELD, stream="kites"):
    __tablename__ = "kite"
    id: Mapped[KiteId] = key()
    colour: Mapped[str] = text()
""",
    "settings.py": """
from app.core.settings import WORKSTATION, Scope, Setting
WIND = Setting("kite_wind", Scope.WORKSTATION, int, 20, "Wind", "The strongest wind.", WORKSTATION, 0, 90, unit="km/h")
""",
    "commands.py": """
from app.journal.commands import command
from app.journal.transaction import Transaction
from kites.model import Kite, KiteId
from kites.permissions import FLY_KITES
@command(permission=FLY_KITES, label="Paint the kite")
def paint_kite(tx: Transaction, kite_id: KiteId, colour: str) -> None:
    \"\"\"Give a kite another colour.\"\"\"
    tx.get(Kite, kite_id).colour = colour
""",
    "queries.py": """
from dataclasses import dataclass
from sqlalchemy import select
from app.journal.commands import query
from app.journal.queries import Reading
from kites.model import Kite
from kites.permissions import FLY_KITES
@dataclass(frozen=True, slots=True)
class KiteLine:
    id: str
    colour: str
@query(permission=FLY_KITES, label="Kites")
def kites(read: Reading) -> list[KiteLine]:
    \"\"\"Every kite.\"\"\"
    return [KiteLine(*row) for row in read.execute(select(Kite.id, Kite.colour))]
""",
}
STAFF = """
from app.journal.queries import Actor
import app.cli.session
class People:
    tables = frozenset()
    def actor(self, read, who):
        return Actor(who, who, frozenset({"fly_kites", "write_raw"} if who == "claire" else ()))
    def name(self, read, actor_id):
        return actor_id
app.cli.session.authority = People
"""
"""The people of the process, since the slice under test is not the access slice."""


LOOP = """
import contextlib, io, sys
import msgspec, people
from app.cli.entry import main
for line in sys.stdin:
    out, err = io.StringIO(), io.StringIO()
    words = msgspec.json.decode(line)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(words)
    said = out.getvalue() if "--json" in words else out.getvalue() + err.getvalue()  # notes stand beside the document
    print(msgspec.json.encode([code, said]).decode(), flush=True)
"""
"""A fresh process, as a fresh registry is needed; one for all calls, as starting it is most of their time."""


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Any]:
    """The command line in a process of its own, with the slice beside it."""
    place = tmp_path / "outside" / "kites"
    place.mkdir(parents=True)
    for name, text in FILES.items():
        (place / name).write_text(text)
    (place.parent / "people.py").write_text(STAFF)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(place.parent), str(ROOT)]),
        "ARCHWIRE_SLICES": "kites",
        "ARCHWIRE_DATA": str(tmp_path / "data"),
        "LC_ALL": "en_CA.UTF-8",
    }
    command = [sys.executable, "-c", LOOP]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as process:
        stdin, stdout = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)

        def call(*words: str, code: int = 0) -> Any:
            stdin.write(msgspec.json.encode(words) + b"\n")
            stdin.flush()
            ended, printed = msgspec.json.decode(stdout.readline())
            assert ended == code, printed
            return msgspec.json.decode(printed) if "--json" in words else printed

        yield call
        stdin.close()


def test_a_slice_added_from_outside_has_everything(run: Any) -> None:
    run("admin", "create-clinic", "--name", "Parc", "--kind", "test")

    (command,) = run("commands", "kites", "--json")
    assert (command["help"], command["permission"]) == ("Give a kite another colour.", "fly_kites")
    assert [(item["name"], item["type"]) for item in command["parameters"]] == [
        ("kite_id", "KiteId"),
        ("colour", "text"),
    ]
    assert run("permissions", "fly_kites", "--json")[0]["commands"] == ["paint_kite"]
    assert "| Wind | `kite_wind` | This workstation | 0 to 90 km/h | 20 km/h | The strongest wind. |" in run(
        "settings", "--markdown"
    )

    insert = "INSERT INTO kite VALUES('k1', 'red')"
    assert run("sql", insert, "--write", "--as", "claire", "--json")["operations"][0]["tables"] == ["kite"]
    painted = run("do", "paint_kite", "kite_id=k1", "colour=blue", "--as", "claire", "--json")
    assert painted["changes"] == {"kite": ["k1"]}
    assert run("do", "paint_kite", "kite_id=k1", "colour=blue", "--as", "noe", "--json", code=4)["exit"] == 4
    delta = run("journal", "--json")[-1]["changes"][0]["delta"]
    assert delta == {"colour": ["red", "blue"]}
    run("undo", "--operation", painted["operation"], "--as", "claire")
    assert run("ask", "kites", "--as", "claire", "--json") == [{"id": "k1", "colour": "red"}]
    assert run("verify", "--json")["sound"] is True
    assert run("digest", "--json")["rows"]["kite"] == 1
