"""Verification names what was tampered with, finds nothing in what was not, and an erasure leaves it sound."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.core.clock import Clock
from app.core.errors import NotFound, PermissionDenied
from app.core.money import Money
from app.journal.anchors import ANCHOR_FILE, Anchor
from app.journal.chain import GENESIS, Header, argument_commitment, change_commitment, link
from app.journal.commands import Command
from app.journal.erasure import erase_subject
from app.journal.operations import state
from app.journal.queries import Actor
from app.journal.transaction import Transaction
from app.journal.workplace import Workplace, open_workplace
from tests.sample.commands import add_sample_pet, change_sample_owner, create_sample_owner, record_sample_visit
from tests.sample.model import Owner, OwnerId, Pet

NAME = "Tremblay-Bérubé"


@pytest.fixture(scope="module")
def busy_folder(empty_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed folder with 13 operations, an adopted raw write and an access log, made once."""
    boss = Actor("boss", "Claire Brunet", everything=True)
    folder = Path(shutil.copytree(empty_folder, tmp_path_factory.mktemp("busy") / "data"))
    with open_workplace(folder) as made:
        owners = [OwnerId(made.runner.run(boss, create_sample_owner, f"{NAME} {n}", f"514 {n}")) for n in range(4)]
        for owner in owners:
            made.runner.run(boss, change_sample_owner, owner, None, "450 1")
            made.runner.run(boss, record_sample_visit, owner, f"note of {NAME}")
        with contextlib.closing(made.database.raw()) as raw:
            raw.execute("UPDATE sample_owner SET height_um = 1800000 WHERE id = ?", (owners[3],))
        made.runner.adopt_raw()
        for kind in ("open", "export", "print"):
            made.runner.access(boss, kind, owners[0])
    return folder


@pytest.fixture
def busy(busy_folder: Path, tmp_path: Path, clock: Clock) -> Iterator[Workplace]:
    """A copy of that folder, open."""
    with open_workplace(Path(shutil.copytree(busy_folder, tmp_path / "busy")), clock=clock) as opened:
        yield opened


@contextlib.contextmanager
def guards_off(workplace: Workplace) -> Any:
    """A connection of somebody who holds the key, with every trigger taken away and put back unchanged afterwards."""
    with contextlib.closing(workplace.database.raw()) as raw:
        triggers = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        raw.execute("PRAGMA foreign_keys = OFF")
        for name, _sql in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        yield raw
        for _name, sql in triggers:
            raw.execute(sql)


def problems(workplace: Workplace) -> list[tuple[str, str]]:
    return [(problem.kind, problem.where) for problem in workplace.verify().problems]


def test_an_untouched_folder_is_sound(busy: Workplace) -> None:
    report = busy.verify()
    assert report.problems == []
    assert (report.operations, report.raw_operations, report.accesses, report.unadopted) == (13, 1, 3, 0)
    assert report.changes == 4 + 4 + 8 + 1
    assert report.anchored


def test_a_new_folder_is_sound(workplace: Workplace) -> None:
    assert workplace.verify().sound


SWAP = (
    "UPDATE operation SET number = -5 WHERE number = 5; UPDATE operation SET number = 5 WHERE number = 6;"
    "UPDATE operation SET number = 6 WHERE number = -5"
)
TAMPERINGS: dict[str, tuple[str, tuple[str, str]]] = {
    "the actor of an operation": ("UPDATE operation SET actor = 'x' WHERE number = 5", ("chain", "5")),
    "the command": ("UPDATE operation SET command = 'x' WHERE number = 5", ("chain", "5")),
    "the moment": ("UPDATE operation SET hlc = hlc - 65536 WHERE number = 5", ("chain", "5")),
    "the origin": ("UPDATE operation SET origin = 'raw' WHERE number = 5", ("chain", "5")),
    "the session": ("UPDATE operation SET session = 'x' WHERE number = 5", ("chain", "5")),
    "what it undoes": ("UPDATE operation SET undoes = 'x' WHERE number = 5", ("chain", "5")),
    "the group": ("UPDATE operation SET grp = 'x' WHERE number = 5", ("chain", "5")),
    "the schema": ("UPDATE operation SET schema = 99 WHERE number = 5", ("chain", "5")),
    "the id": ("UPDATE operation SET id = 'x' WHERE number = 5", ("chain", "5")),
    "the arguments": ("UPDATE operation SET arguments = '{}' WHERE number = 5", ("chain", "5")),
    "the reason": ("UPDATE operation SET reason = 'because' WHERE number = 5", ("chain", "5")),
    "a deleted operation": ("DELETE FROM operation WHERE number = 5", ("chain", "5")),
    "a deleted operation with its changes": (
        "DELETE FROM change WHERE operation = 5; DELETE FROM operation WHERE number = 5",
        ("chain", "5"),
    ),
    "swapped operations": (SWAP, ("chain", "5")),
    "a commitment": (
        "UPDATE operation SET commitments = zeroblob(length(commitments)) WHERE number = 5",
        ("chain", "5"),
    ),
    "no commitments": ("UPDATE operation SET commitments = NULL WHERE number = 5", ("chain", "5")),
    "a hash": ("UPDATE operation SET hash = zeroblob(32) WHERE number = 5", ("chain", "5")),
    "no hash": ("UPDATE operation SET hash = NULL WHERE number = 5", ("chain", "5")),
    "no salt": ("UPDATE operation SET salt = NULL WHERE number = 5", ("chain", "5")),
    "the texts emptied": ("UPDATE operation SET arguments = NULL, salt = NULL WHERE number = 5", ("chain", "5")),
    "another device": ("UPDATE operation SET device = 'x' WHERE number = 5", ("chain", "5")),
    "a deleted change": ("DELETE FROM change WHERE operation = 5", ("chain", "5")),
    "a change of another row": ("UPDATE change SET pk = 'x' WHERE operation = 5", ("chain", "5")),
    "a change of another person": ("UPDATE change SET subject = 'x' WHERE operation = 5", ("chain", "5")),
    "a change of another table": ("UPDATE change SET tbl = 'sample_pet' WHERE operation = 5", ("chain", "5")),
    "a change of another kind": ("UPDATE change SET kind = 'era' WHERE operation = 5", ("chain", "5")),
    "another value": (
        "UPDATE change SET delta = replace(delta, '450 1', '450 2') WHERE operation = 5",
        ("chain", "5"),
    ),
    "no value": ("UPDATE change SET delta = '{}' WHERE operation = 5", ("chain", "5")),
    "a value that is no JSON": ("UPDATE change SET delta = '{' WHERE operation = 5", ("chain", "5")),
    "a value that is no mapping": ("UPDATE change SET delta = '[1]' WHERE operation = 5", ("chain", "5")),
    "a value that holds no pairs": ("UPDATE change SET delta = '{\"name\":1}' WHERE operation = 5", ("chain", "5")),
    "a change without salt": ("UPDATE change SET salt = NULL WHERE operation = 5", ("chain", "5")),
    "a change emptied without erasure": (
        "UPDATE change SET delta = NULL, salt = NULL WHERE operation = 5",
        ("chain", "5"),
    ),
    "a change moved to another operation": ("UPDATE change SET operation = 4 WHERE operation = 5", ("chain", "4")),
    "a change moved out of every operation": ("UPDATE change SET operation = NULL WHERE operation = 5", ("chain", "5")),
    "a change of an operation that is not": (
        "INSERT INTO change(operation, tbl, pk, kind, delta, salt) VALUES(999, 'sample_rate', 'x', 'ins', '{}', x'00')",
        ("chain", "orphans"),
    ),
    "a value with the triggers off": (
        "UPDATE sample_owner SET phone = 'forged' WHERE name LIKE '% 0'",
        ("table", "sample_owner"),
    ),
    "a NULL filled with the triggers off": ("UPDATE sample_owner SET extra = '{}'", ("table", "sample_owner")),
    "an event with the triggers off": ("UPDATE sample_visit SET note = 'forged'", ("table", "sample_visit")),
    "a row with the triggers off": ("INSERT INTO sample_rate(id, amount) VALUES('x', 1)", ("table", "sample_rate")),
    "a deleted row": ("DELETE FROM sample_visit WHERE rowid = 1", ("table", "sample_visit")),
    "a text that is no UTF-8": ("UPDATE sample_owner SET name = CAST(x'ff' AS TEXT)", ("table", "sample_owner")),
    "a projection row": (
        "UPDATE sample_owner_line SET line = 'x' WHERE visits = 1",
        ("projection", "sample_owner_line"),
    ),
    "a projection row gone": ("DELETE FROM sample_owner_line", ("projection", "sample_owner_line")),
    "an extra projection row": (
        "INSERT INTO sample_owner_line(id, line, visits) VALUES('x', 'x', 0)",
        ("projection", "sample_owner_line"),
    ),
    "an access": ("UPDATE access_log SET actor = 'x' WHERE n = 2", ("access_log", "2")),
    "an access gone": ("DELETE FROM access_log WHERE n = 2", ("access_log", "2")),
    "accesses cut off": ("DELETE FROM access_log WHERE n = 3", ("anchor", "access_log")),
    "a file that a row names": ("UPDATE sample_owner SET photo_sha256 = 'ab12'", ("file", "sample_owner")),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_named(busy: Workplace, name: str) -> None:
    statements, expected = TAMPERINGS[name]
    with guards_off(busy) as raw:
        for statement in statements.split(";"):
            raw.execute(statement)
    found = problems(busy)
    assert expected in found
    first_bad = [where for kind, where in found if kind == "chain" and where.isdigit()]
    if expected[0] == "chain" and expected[1].isdigit():
        assert min(first_bad, key=int) == expected[1]


@pytest.mark.parametrize("column", ["hash", "commitments"])
def test_the_last_operation_without_its_seal(busy: Workplace, column: str) -> None:
    with guards_off(busy) as raw:
        raw.execute(f"UPDATE operation SET {column} = NULL WHERE number = 13")
    assert ("chain", "open") in problems(busy) or ("chain", "13") in problems(busy)


def test_a_write_hidden_below_a_later_one(busy: Workplace) -> None:
    """Set with the triggers off, then changed in the open: the journal never saw the first value."""
    with guards_off(busy) as raw:
        raw.execute("UPDATE sample_owner SET photo_sha256 = 'x'")
    with contextlib.closing(busy.database.raw()) as raw:
        raw.execute("UPDATE sample_owner SET photo_sha256 = NULL")
    busy.runner.adopt_raw()
    assert ("table", "sample_owner") in problems(busy)


def test_a_row_deleted_over_values_that_were_hidden(workplace: Workplace, boss: Actor) -> None:
    raw = workplace.database.raw()
    raw.execute("INSERT INTO sample_rate(id, amount) VALUES('r', 1)")
    with guards_off(workplace) as off:
        off.execute("UPDATE sample_rate SET amount = 2")
    raw.execute("DELETE FROM sample_rate")
    workplace.runner.adopt_raw()
    raw.close()
    assert ("table", "sample_rate") in problems(workplace)


def test_a_tail_that_was_cut_off_is_seen_against_the_anchor(busy: Workplace) -> None:
    with guards_off(busy) as raw:
        raw.execute("DELETE FROM change WHERE operation > 10")
        raw.execute("DELETE FROM operation WHERE n > 10")
        raw.execute("UPDATE sqlite_sequence SET seq = 10 WHERE name = 'operation'")
    assert ("anchor", "11") in problems(busy)


def test_a_chain_that_was_computed_again_is_seen_against_the_anchor(busy: Workplace) -> None:
    """Whoever holds the key can forge a chain that follows from itself; the anchor remembers the true head."""
    with guards_off(busy) as raw:
        raw.execute("UPDATE operation SET actor = 'somebody else' WHERE number = 5")
        chain_again(raw)
    found = problems(busy)
    assert ("anchor", "13") in found
    assert not [item for item in found if item[0] == "chain"]


def chain_again(raw: Any) -> None:
    previous = GENESIS
    rows = raw.execute(
        "SELECT n, id, origin, device, number, command, actor, session, hlc, schema, undoes, grp, arguments, reason,"
        " salt FROM operation ORDER BY number"
    ).fetchall()
    for n, *fields in rows:
        header, (arguments, reason, salt) = Header(*fields[:11]), fields[11:]
        changes = raw.execute(
            "SELECT salt, tbl, pk, subject, kind, delta FROM change WHERE operation = ? ORDER BY n", (n,)
        ).fetchall()
        sealed = argument_commitment(salt, arguments, reason) + b"".join(change_commitment(*row) for row in changes)
        previous = link(previous, header, sealed)
        raw.execute("UPDATE operation SET commitments = ?, hash = ? WHERE n = ?", (sealed, previous, n))


def test_a_forged_anchor_is_reported(busy: Workplace) -> None:
    file = busy.folder / ANCHOR_FILE
    content = msgspec.json.decode(file.read_bytes())
    forged = Anchor(busy.device, 1, "00" * 32, 0, "")
    file.write_bytes(msgspec.json.encode({**content, "number": 1, "mac": forged.mac(b"another key")}))
    assert ("anchor", "file") in problems(busy)
    file.write_bytes(b"{")
    assert ("anchor", "file") in problems(busy)
    file.write_bytes(b"[]")
    assert ("anchor", "file") in problems(busy)


def test_an_anchor_of_another_device_is_reported(busy: Workplace) -> None:
    from app.journal.anchors import write_anchor

    write_anchor(busy.folder, Anchor("another", 1, "", 0, ""), busy.database.key.derive("anchor"))
    assert ("anchor", "device") in problems(busy)


def test_without_an_anchor_the_report_says_so(busy: Workplace) -> None:
    (busy.folder / ANCHOR_FILE).unlink()
    report = busy.verify()
    assert report.sound
    assert not report.anchored


def test_a_missing_trigger_is_named(busy: Workplace) -> None:
    with contextlib.closing(busy.database.raw()) as raw:
        raw.execute("DROP TRIGGER capture_sample_owner_update")
        raw.execute("CREATE TRIGGER mine AFTER UPDATE ON sample_pet BEGIN DELETE FROM sample_pet; END")
    found = problems(busy)
    assert ("trigger", "sample_owner") in found
    assert any(kind == "trigger" and "mine" in where for kind, where in found)


def test_an_unadopted_write_is_counted_and_is_no_problem(busy: Workplace) -> None:
    busy.runner.close()
    with contextlib.closing(busy.database.raw()) as raw:
        raw.execute("INSERT INTO sample_rate(id, amount) VALUES('x', 1)")
    report = busy.verify()
    assert (report.unadopted, report.problems) == (1, [])


def test_verification_takes_no_write_lock(busy: Workplace, boss: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command runs between any two statements of the verification."""
    from app.journal import verify

    done: list[str] = []
    check = verify._check_operation

    def check_and_write(*args: Any) -> Any:
        name = f"during {len(done)}"
        done.append(busy.runner.submit(boss, create_sample_owner, name).result(20).operation_id)
        return check(*args)

    monkeypatch.setattr(verify, "_check_operation", check_and_write)
    replay = verify._replay_table

    def replay_and_write(*args: Any) -> None:
        done.append(busy.runner.submit(boss, create_sample_owner, f"during {len(done)}").result(20).operation_id)
        replay(*args)

    monkeypatch.setattr(verify, "_replay_table", replay_and_write)
    report = busy.verify()
    assert report.problems == []
    assert len(set(done)) > 13


def test_verification_beside_a_writer_that_does_not_stop(busy: Workplace, boss: Actor) -> None:
    stop = threading.Event()
    written: list[str] = []

    def write() -> None:
        while not stop.is_set():
            written.append(busy.runner.run(boss, create_sample_owner, f"beside {len(written)}"))

    writer = threading.Thread(target=write)
    writer.start()
    reports = [busy.verify()]
    while len(written) < 20 and writer.is_alive():
        reports.append(busy.verify())
    stop.set()
    writer.join()
    assert not any(report.problems for report in reports)
    assert reports[-1].operations > 13


# -- erasure ---------------------------------------------------------------------------------------------------------


def person(workplace: Workplace, boss: Actor, rows: int = 3) -> OwnerId:
    """A person with a name, a photo, pets, visits, an undone edit and a raw write."""
    runner = workplace.runner
    owner = OwnerId(runner.run(boss, create_sample_owner, NAME, "514 555-7788"))
    photo = workplace.files.put(b"photo of " + NAME.encode())

    def more(tx: Transaction) -> None:
        tx.get(Owner, owner).photo_sha256 = photo
        tx.get(Owner, owner).balance = Money(12345)
        for n in range(rows):
            tx.add(Pet(owner_id=owner, name=f"{NAME} {n}"))

    runner.run(boss, Command(more, None, "More"))
    runner.run(boss, record_sample_visit, owner, f"seen: {NAME}")
    changed = runner.submit(boss, change_sample_owner, owner, f"{NAME} ii").result(20)
    runner.undo(boss, changed.operation_id)
    with contextlib.closing(workplace.database.raw()) as raw:
        raw.execute("UPDATE sample_owner SET extra = ? WHERE id = ?", (f'"{NAME}"', owner))
    runner.adopt_raw()
    return owner


def plain_bytes(workplace: Workplace, target: Path) -> bytes:
    """Everything that the database holds, in clear, free pages included."""
    with contextlib.closing(workplace.database.raw()) as raw:
        raw.execute("ATTACH DATABASE ? AS plain KEY ''", (str(target),))
        raw.execute("SELECT sqlcipher_export('plain')")
        raw.execute("DETACH DATABASE plain")
    return target.read_bytes()


def test_an_erasure_leaves_no_byte_and_a_sound_chain(
    busy: Workplace, boss: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with contextlib.closing(busy.database.raw()) as raw:
        raw.execute("UPDATE sample_owner SET name = replace(name, ?, 'Other')", (NAME,))
    busy.runner.adopt_raw()
    others = [row[0] for row in busy.database.raw().execute("SELECT id FROM sample_owner")]
    for other in others:
        erase_subject(busy.runner, boss, other)
    owner = person(busy, boss)
    assert NAME.encode() in plain_bytes(busy, tmp_path / "before.db")
    with contextlib.closing(busy.database.raw()) as raw:
        photo = raw.execute("SELECT photo_sha256 FROM sample_owner WHERE id = ?", (owner,)).fetchone()[0]
    wal = busy.database.path.with_name(busy.database.path.name + "-wal")
    left: list[int] = []
    monkeypatch.setattr(busy.runner, "access", lambda *_given, **_named: left.append(wal.stat().st_size))
    assert erase_subject(busy.runner, boss, owner) == 1 + 3 + 1 + 1
    assert left == [0], "the log file was not emptied"
    content = plain_bytes(busy, tmp_path / "after.db")
    for trace in (NAME.encode(), b"514 555-7788", NAME.split("-", maxsplit=1)[0].encode()):
        assert trace not in content
    assert not busy.files.exists(photo)
    for file in busy.folder.rglob("*"):
        assert not file.is_file() or NAME.encode() not in file.read_bytes()
    report = busy.verify()
    assert report.problems == []
    assert report.erased > 0
    with contextlib.closing(busy.database.raw()) as raw:
        assert raw.execute("SELECT balance FROM sample_owner WHERE id = ?", (owner,)).fetchone() == (12345,)


def test_freed_pages_hold_nothing(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    """A page-for-page copy in clear: `sqlcipher_export` alone would leave the free pages out."""
    owner = person(workplace, boss, rows=200)
    erase_subject(workplace.runner, boss, owner)
    with contextlib.closing(workplace.database.raw()) as raw:
        pages = raw.execute("SELECT count(*) FROM pragma_freelist_count").fetchone()
        assert pages is not None
        assert raw.execute("PRAGMA secure_delete").fetchone()[0] == 1
    assert NAME.encode() not in plain_bytes(workplace, tmp_path / "after.db")
    with contextlib.closing(sqlite3.connect(tmp_path / "after.db")) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_erasing_twice(workplace: Workplace, boss: Actor) -> None:
    owner = person(workplace, boss)
    erase_subject(workplace.runner, boss, owner)
    erase_subject(workplace.runner, boss, owner)
    assert workplace.verify().problems == []


def test_a_person_with_a_thousand_rows(workplace: Workplace, boss: Actor, tmp_path: Path) -> None:
    owner = person(workplace, boss)
    with contextlib.closing(workplace.database.raw()) as raw:
        raw.execute("BEGIN")
        raw.executemany(
            "INSERT INTO sample_pet(id, owner_id, name) VALUES(?, ?, ?)",
            [(f"p{n}", owner, f"{NAME} {n}") for n in range(1000)],
        )
        raw.execute("COMMIT")
    workplace.runner.adopt_raw()
    assert erase_subject(workplace.runner, boss, owner) == 1006
    with contextlib.closing(workplace.database.raw()) as raw:
        assert raw.execute("SELECT count(*) FROM operation WHERE origin = 'erasure'").fetchone() == (3,)
    assert NAME.encode() not in plain_bytes(workplace, tmp_path / "after.db")
    assert workplace.verify().problems == []


def test_a_person_without_anything_to_blank(workplace: Workplace, boss: Actor) -> None:
    """Every row is empty already, but the journal still tells what stood there."""
    owner = OwnerId(workplace.runner.run(boss, create_sample_owner, NAME))
    workplace.runner.run(boss, change_sample_owner, owner, "")
    erase_subject(workplace.runner, boss, owner)
    with contextlib.closing(workplace.database.raw()) as raw:
        assert raw.execute("SELECT count(*) FROM change WHERE delta LIKE ?", (f"%{NAME}%",)).fetchone() == (0,)
    assert workplace.verify().problems == []


def test_a_person_whose_rows_are_gone(workplace: Workplace, boss: Actor) -> None:
    owner = person(workplace, boss)
    with contextlib.closing(workplace.database.raw()) as raw:
        raw.execute("DELETE FROM sample_pet")
    with guards_off(workplace) as raw:
        raw.execute("DELETE FROM sample_visit")
        raw.execute("DELETE FROM event")
    with contextlib.closing(workplace.database.raw()) as raw:
        raw.execute("DELETE FROM sample_owner")
    workplace.runner.adopt_raw()
    erase_subject(workplace.runner, boss, owner)
    with contextlib.closing(workplace.database.raw()) as raw:
        assert raw.execute("SELECT count(*) FROM change WHERE delta LIKE ?", (f"%{NAME}%",)).fetchone() == (0,)
    assert {kind for kind, _where in problems(workplace)} == {"table"}, "the two tables that were emptied by hand"


def test_a_row_that_passed_from_one_person_to_another(workplace: Workplace, boss: Actor) -> None:
    """Its change tells of both; erasing the first must not leave the first one's text in it."""
    first = OwnerId(workplace.runner.run(boss, create_sample_owner, NAME))
    second = OwnerId(workplace.runner.run(boss, create_sample_owner, "Bob"))
    pet = workplace.runner.run(boss, add_sample_pet, first, f"pet of {NAME}")
    with contextlib.closing(workplace.database.raw()) as raw:
        raw.execute("UPDATE sample_pet SET owner_id = ?, name = 'Rex' WHERE id = ?", (second, pet))
    workplace.runner.adopt_raw()
    erase_subject(workplace.runner, boss, first)
    with contextlib.closing(workplace.database.raw()) as raw:
        assert raw.execute("SELECT count(*) FROM change WHERE delta LIKE ?", (f"%{NAME}%",)).fetchone() == (0,)
    assert workplace.verify().problems == []


def test_a_photo_that_another_person_has_too_stays(workplace: Workplace, boss: Actor) -> None:
    first, photo = person(workplace, boss), workplace.files.put(b"photo of " + NAME.encode())
    other = OwnerId(workplace.runner.run(boss, create_sample_owner, "Bob"))

    def share(tx: Transaction) -> None:
        tx.get(Owner, other).photo_sha256 = photo

    workplace.runner.run(boss, Command(share, None, "Share"))
    erase_subject(workplace.runner, boss, first)
    assert workplace.files.exists(photo)


def test_after_an_erasure_a_change_emptied_by_hand_is_still_found(workplace: Workplace, boss: Actor) -> None:
    owner = person(workplace, boss)
    erase_subject(workplace.runner, boss, owner)
    workplace.runner.run(boss, change_sample_owner, owner, "Again")
    with guards_off(workplace) as raw:
        raw.execute("UPDATE change SET delta = NULL, salt = NULL WHERE n = (SELECT max(n) FROM change)")
    assert ("chain", "8") in problems(workplace)


def test_erasing_needs_the_right_and_somebody_to_erase(workplace: Workplace, boss: Actor, raw: Any) -> None:
    owner = person(workplace, boss)
    with pytest.raises(PermissionDenied):
        erase_subject(workplace.runner, Actor("desk", "Desk"), owner)
    with pytest.raises(NotFound):
        erase_subject(workplace.runner, boss, "nobody")
    workplace.runner.flush()
    assert raw.execute("SELECT kind, detail FROM access_log").fetchall() == [("refused", "erase_subject")]
    assert raw.execute("SELECT count(*) FROM operation WHERE origin = 'erasure'").fetchone() == (0,)


def test_the_journal_refuses_to_be_erased_outside_an_erasure(workplace: Workplace, boss: Actor, raw: Any) -> None:
    person(workplace, boss)
    raw.execute("BEGIN")
    raw.execute(
        "INSERT INTO operation(id, origin, device, number, command, hlc, schema) VALUES('x', 'here', 'x', 1, 'x', 1, 1)"
    )
    import sqlcipher3.dbapi2 as sqlcipher

    with pytest.raises(sqlcipher.IntegrityError):
        raw.execute("UPDATE change SET delta = NULL, salt = NULL")
    raw.execute("ROLLBACK")


def test_rebuilding_mends_the_projections(busy: Workplace) -> None:
    with guards_off(busy) as raw:
        raw.execute("UPDATE sample_owner_line SET line = 'x'")
    busy.rebuild()
    assert busy.verify().problems == []


def test_verification_works_on_a_folder_opened_without_repair(busy: Workplace) -> None:
    busy.close()
    with open_workplace(busy.folder, repair=False) as again:
        report = again.verify()
        assert report.problems == []
        with contextlib.closing(again.database.raw(read_only=True)) as run:
            assert state(run, "device") == busy.device
