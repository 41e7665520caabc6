"""An erasure leaves no byte of the person and a journal that verifies."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import NotFound, PermissionDenied
from app.core.money import Money
from app.journal.commands import Command
from app.journal.erasure import erase_subject
from app.journal.operations import state
from app.journal.queries import Actor
from app.journal.transaction import Transaction
from app.journal.workplace import Workplace, open_workplace
from tests.app.journal.trial import NAME, guards_off, problems
from tests.sample.commands import add_sample_pet, change_sample_owner, create_sample_owner, record_sample_visit
from tests.sample.model import Owner, OwnerId, Pet

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


def test_an_erasure_leaves_no_byte_and_a_sound_chain(busy: Workplace, boss: Actor, tmp_path: Path) -> None:
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
    stop = busy.runner.subscribe(lambda _changes: left.append(wal.stat().st_size))  # before anything else is written
    assert erase_subject(busy.runner, boss, owner) == 1 + 3 + 1 + 1
    stop()
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


def test_the_log_is_emptied_once_nobody_reads_the_past_any_more(workplace: Workplace, boss: Actor) -> None:
    """A long report reads what stood there before the erasure: the log file is cut when it has ended."""
    owner = person(workplace, boss)
    wal = workplace.database.path.with_name(workplace.database.path.name + "-wal")
    with contextlib.closing(workplace.database.raw(read_only=True)) as report:
        report.execute("BEGIN")
        assert report.execute("SELECT count(*) FROM sample_owner").fetchone() == (1,)
        erase_subject(workplace.runner, boss, owner)
        assert wal.stat().st_size > 0
    while wal.stat().st_size:
        time.sleep(0.02)  # the idle writer comes by; the test runner ends a test that hangs


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
