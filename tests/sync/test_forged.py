"""What a workstation that cannot be trusted may send over a real line: judged, answered, never a fault."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from app.journal.footprint import with_whole_rows
from app.patients.commands import create_patient
from sync.protocol.messages import Change, Must, Operation, Push, PushReply, Result
from sync.protocol.signing import Signer
from tests.benchmarks._fleet import Headless
from tests.sync.served import Chairs


@pytest.fixture(scope="module")
def chairs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chairs]:
    made = Chairs(tmp_path_factory.mktemp("forged"))
    made.run("A", create_patient, "Lavoie", "Olivia")
    assert made.sync("A").done
    yield made
    made.close()


@pytest.fixture(scope="module")
def forger(chairs: Chairs) -> Headless:
    """B's key in the hands of a program of its own."""
    made = Headless(chairs.connection("B"), Signer(chairs.places["B"].device, chairs.keys["B"]), chairs.boss.id)
    made.greet()
    return made


def sent(forger: Headless, *operations: Operation) -> PushReply:
    answer = forger.ask("POST", "push", Push(forger.signer.device, forger.epoch, operations))
    assert answer.status == 200
    return msgspec.json.decode(answer.body, type=PushReply)


def test_a_body_that_is_posted_again_is_a_duplicate(chairs: Chairs, forger: Headless) -> None:
    ((patient,),) = chairs.rows("S", "SELECT id FROM patient")
    made = forger.renamed(patient, "Lavoie", "Lavoye")
    first, again = sent(forger, made), sent(forger, made)
    assert [it.result for it in first.verdicts] == [Result.ACCEPTED]
    assert [it.result for it in again.verdicts] == [Result.DUPLICATE]
    assert chairs.rows("S", "SELECT family_name FROM patient") == [("Lavoye",)]


def test_another_content_under_a_number_that_was_taken_is_another_history(chairs: Chairs, forger: Headless) -> None:
    number, previous = forger.number, forger.previous
    forger.number, forger.previous = 0, bytes(32)
    other = forger.operation("change_patient", (Change("patient", "x", "upd", "x", {"family_name": ("a", "b")}),))
    forger.number, forger.previous = number, previous
    assert sent(forger, other).must is Must.REENROL
    assert chairs.rows("S", "SELECT family_name FROM patient") == [("Lavoye",)]


def test_a_label_covers_its_own_tables_only(chairs: Chairs, forger: Headless) -> None:
    beyond = Change("staff", chairs.boss.id, "upd", None, {"display_name": ("Boss", "Autre")})
    reply = sent(forger, forger.operation("change_patient", (beyond,)))
    assert [(it.result, it.why) for it in reply.verdicts] == [(Result.REJECTED, "outside_footprint")]
    assert chairs.rows("S", "SELECT display_name FROM staff") == [("Boss",)]


@pytest.mark.parametrize(
    "change",
    [
        Change("no_such_table", "k", "ins", None, {"id": (None, "k")}),
        Change("patient", "k", "odd", None, {"family_name": (None, "x")}),
        Change("patient", "k", "ins", None, {"no_such_column": (None, "x")}),
        Change("patient", "k", "ins", None, {"id": (None, {"not": "a value"})}),
        Change('patient"; DROP TABLE patient; --', "k", "ins", None, {"id": (None, "k")}),
    ],
)
def test_changes_of_no_sense_are_refused_and_hurt_nothing(chairs: Chairs, forger: Headless, change: Change) -> None:
    reply = sent(forger, forger.operation("change_patient", (change,)))
    assert [it.result for it in reply.verdicts] == [Result.REJECTED]
    assert chairs.rows("S", "SELECT count(*) FROM patient") == [(1,)]
    assert chairs.practice.workplace.verify().sound


def test_what_is_new_is_encoded_once_and_is_what_the_database_says(chairs: Chairs, forger: Headless) -> None:
    tail = chairs.practice.tail
    start = tail.start
    forger.cursor = start
    kept = forger.pull()
    tail.begin(chairs.practice.store.head())
    forger.cursor = start
    read = forger.pull()
    assert kept.operations
    assert kept.operations == read.operations
    assert (kept.next, kept.head, kept.epoch) == (read.next, read.head, read.epoch)


def test_who_asks_too_much_is_told_to_come_back(chairs: Chairs, forger: Headless) -> None:
    server = chairs.serving.server
    server.devices.refill(rate=0.0, burst=2.0)
    statuses = [forger.ask("GET", f"pull?cursor=0&epoch={forger.epoch}").status for _it in range(4)]
    server.devices.refill(rate=200.0, burst=400.0)
    assert statuses == [200, 200, 429, 429]


def test_columns_that_no_test_filled_are_allowed_but_not_those_that_give_rights() -> None:
    recorded = {"appointment": {"upd": ["starts_at"]}, "staff": {"upd": ["display_name"]}}
    may = with_whole_rows(recorded)
    assert "clinic_id" in may["appointment"]["upd"]
    assert may["staff"]["upd"] == ["display_name"]
    assert set(may) == set(recorded)
