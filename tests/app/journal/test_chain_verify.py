"""Verification names what was tampered with and finds nothing in what was not."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

import msgspec
import pytest

from app.core.errors import IntegrityFailure
from app.journal import verify
from app.journal.anchors import ANCHOR_FILE, Anchor
from app.journal.chain import GENESIS, Header, argument_commitment, change_commitment, link
from app.journal.erasure import erase_subject
from app.journal.queries import Actor
from app.journal.workplace import CUT, Workplace, open_workplace
from tests.app.journal.trial import guards_off, problems
from tests.sample.commands import create_sample_owner


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
    assert ("chain", "13") in problems(busy)


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


def test_an_anchor_that_the_database_contradicts_is_not_replaced(busy: Workplace, boss: Actor) -> None:
    """Later commands and entries must not hide that the tail was cut."""
    with guards_off(busy) as raw:
        raw.execute("DELETE FROM access_log WHERE n = 3")
    busy.runner.access(boss, "sign_in")
    busy.runner.access(boss, "sign_in")
    busy.runner.flush()
    assert ("anchor", "access_log") in problems(busy)
    with guards_off(busy) as raw:
        raw.execute("DELETE FROM change WHERE operation > 10")
        raw.execute("DELETE FROM operation WHERE n > 10")
    for name in ("Un", "Deux", "Trois", "Quatre"):
        busy.runner.run(boss, create_sample_owner, name)
    busy.runner.flush()
    assert ("anchor", "13") in problems(busy)


def test_the_next_start_says_that_the_anchor_is_contradicted(busy: Workplace) -> None:
    assert CUT not in [message for message, _values in busy.notices]
    with guards_off(busy) as raw:
        raw.execute("DELETE FROM access_log WHERE n = 3")
    with open_workplace(busy.folder) as again:
        assert (CUT, {}) in again.notices
    (busy.folder / ANCHOR_FILE).write_bytes(b"{")
    with open_workplace(busy.folder) as again:
        assert (CUT, {}) in again.notices


def test_an_erasure_during_verification_explains_its_gaps(
    busy: Workplace, boss: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gaps are seen before the erasure that explains them: it is read at the end."""
    monkeypatch.setattr(verify, "RANGE", 3)
    owner = busy.database.raw().execute("SELECT id FROM sample_owner LIMIT 1").fetchone()[0]
    report = verify.Report()
    with contextlib.closing(busy.database.raw(read_only=True)) as raw:

        class Slow:
            """A connection before whose second look at the journal somebody is erased."""

            looks = 0

            def execute(self, query: str, *values: Any) -> Any:
                self.looks += query == "BEGIN"
                if query == "BEGIN" and self.looks == 2:
                    erase_subject(busy.runner, boss, owner)
                return raw.execute(query, *values)

        verify.verify_chain(Slow(), report, busy.device)
    assert report.erased
    assert report.problems == []


@pytest.mark.parametrize(
    ("trigger", "table"),
    [
        ("capture_sample_owner_update", "sample_owner"),
        ("journal_keep_change", "change"),
        ("access_log_keep", "access_log"),
    ],
)
def test_a_missing_trigger_is_reported_at_its_table(busy: Workplace, trigger: str, table: str) -> None:
    with contextlib.closing(busy.database.raw()) as raw:
        raw.execute(f"DROP TRIGGER {trigger}")
    assert problems(busy) == [("trigger", table)]


def test_guards_that_were_left_open_are_reported(busy: Workplace) -> None:
    with contextlib.closing(busy.database.raw()) as raw:
        raw.execute("INSERT INTO journal_state VALUES('pruning', '1')")
    assert problems(busy) == [("trigger", "journal_state")]
    with open_workplace(busy.folder) as again:
        assert [values for _message, values in again.notices] == [{"names": "pruning"}]
    assert problems(busy) == []


def test_a_command_over_an_unsealed_operation_is_refused_in_a_sentence(busy: Workplace, boss: Actor) -> None:
    with guards_off(busy) as raw:
        raw.execute("UPDATE operation SET hash = NULL WHERE number = 13")
    with pytest.raises(IntegrityFailure):
        busy.runner.run(boss, create_sample_owner, "Un")


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
    assert ("trigger", "sample_pet") in found


def test_an_unadopted_write_is_counted_and_is_no_problem(busy: Workplace) -> None:
    busy.runner.close()
    with contextlib.closing(busy.database.raw()) as raw:
        raw.execute("INSERT INTO sample_rate(id, amount) VALUES('x', 1)")
    report = busy.verify()
    assert (report.unadopted, report.problems) == (1, [])


def test_verification_takes_no_write_lock(busy: Workplace, boss: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command runs between any two statements of the verification."""
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
