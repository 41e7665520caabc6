"""Operations of other devices: merged by the registry's words, projected, published, never reacted to."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest

from app.core.clock import HLC_COUNTER_BITS, to_millis
from app.journal.changes import ChangeSet
from app.journal.operations import set_state
from app.journal.queries import Actor
from app.journal.remote import RemoteChange, RemoteOperation, apply_remote
from app.journal.workplace import Workplace
from tests.conftest import NOW
from tests.sample.commands import change_sample_owner, create_sample_owner, record_sample_visit
from tests.sample.queries import sample_owners

LATER = (to_millis(NOW) + 60_000) << HLC_COUNTER_BITS
EARLIER = (to_millis(NOW) - 60_000) << HLC_COUNTER_BITS


def received(number: int, hlc: int, *changes: RemoteChange, **more: Any) -> RemoteOperation:
    return RemoteOperation(f"op-{number}", "elsewhere", number, "change_sample_owner", "karim", hlc, 1, changes, **more)


@pytest.fixture
def owner(workplace: Workplace, boss: Actor) -> str:
    return workplace.runner.run(boss, create_sample_owner, "Ann", phone="1")


def line(workplace: Workplace, boss: Actor) -> str:
    return workplace.runner.ask(boss, sample_owners)[0].line


def test_a_later_field_wins_an_earlier_one_does_not(workplace: Workplace, boss: Actor, owner: str) -> None:
    change = RemoteChange("sample_owner", owner, "upd", {"phone": "2", "name": "Béa"})
    apply_remote(workplace.runner, [received(1, EARLIER, change)])
    assert line(workplace, boss) == "Ann 1"
    apply_remote(workplace.runner, [received(2, LATER, change)])
    assert line(workplace, boss) == "Béa 2"
    workplace.runner.flush()
    assert workplace.verify().sound


def test_fields_merge_one_by_one(workplace: Workplace, boss: Actor, owner: str) -> None:
    workplace.clock.source = lambda: NOW.replace(minute=2)
    workplace.runner.run(boss, change_sample_owner, owner, phone="9")
    change = RemoteChange("sample_owner", owner, "upd", {"phone": "2", "name": "Béa"})
    apply_remote(workplace.runner, [received(1, LATER, change)])
    assert line(workplace, boss) == "Béa 9"


def test_both_orders_converge(workplace: Workplace, boss: Actor, owner: str) -> None:
    first = received(1, LATER, RemoteChange("sample_owner", owner, "upd", {"phone": "2"}))
    second = received(2, LATER + 1, RemoteChange("sample_owner", owner, "upd", {"phone": "3"}))
    apply_remote(workplace.runner, [second])
    apply_remote(workplace.runner, [first])
    assert line(workplace, boss) == "Ann 3"


def answered(workplace: Workplace) -> None:
    """The server has answered every own operation."""
    with contextlib.closing(workplace.database.raw()) as run:
        set_state(run, "acknowledged", "1000000")


def test_what_the_server_numbered_is_taken_whatever_its_clock_but_not_over_an_unanswered_edit(
    workplace: Workplace, boss: Actor, owner: str
) -> None:
    change = RemoteChange("sample_owner", owner, "upd", {"phone": "2"})
    apply_remote(workplace.runner, [received(1, LATER, change, sequence=41)])
    assert line(workplace, boss) == "Ann 1"
    answered(workplace)
    apply_remote(workplace.runner, [received(2, EARLIER, change, sequence=42)])
    assert line(workplace, boss) == "Ann 2"


def test_publishes_projects_and_keeps_the_actor(workplace: Workplace, boss: Actor, owner: str) -> None:
    seen: list[ChangeSet] = []
    workplace.runner.subscribe(seen.append)
    answered(workplace)
    change = RemoteChange("sample_owner", owner, "upd", {"phone": "2"})
    apply_remote(workplace.runner, [received(1, LATER, change, sequence=41)])
    assert seen[-1].origin == "remote"
    assert seen[-1].touches({"sample_owner_line"})
    with workplace.runner.read(boss) as read:
        row = read.sql("SELECT origin, actor, device, sequence FROM operation ORDER BY n DESC LIMIT 1")[0]
    assert tuple(row) == ("remote", "karim", "elsewhere", 41)


def test_a_second_arrival_changes_nothing(workplace: Workplace, owner: str) -> None:
    operation = received(1, LATER, RemoteChange("sample_owner", owner, "upd", {"phone": "2"}))
    assert apply_remote(workplace.runner, [operation])
    assert not apply_remote(workplace.runner, [operation])


def test_events_arrive_once_and_other_content_goes_to_the_inbox(workplace: Workplace, boss: Actor, owner: str) -> None:
    visit = {"id": "v1", "owner_id": owner, "note": "a"}
    apply_remote(workplace.runner, [received(1, LATER, RemoteChange("sample_visit", "v1", "ins", visit))])
    apply_remote(workplace.runner, [received(2, LATER + 1, RemoteChange("sample_visit", "v1", "ins", visit))])
    forged = RemoteChange("sample_visit", "v1", "ins", {**visit, "note": "b"})
    apply_remote(workplace.runner, [received(3, LATER + 2, forged)])
    assert workplace.runner.ask(boss, sample_owners)[0].visits == 1
    with workplace.runner.read(boss) as read:
        assert [tuple(row) for row in read.sql("SELECT code FROM inbox_item")] == [("immutable",)]
        assert [tuple(row) for row in read.sql("SELECT note FROM sample_visit")] == [("a",)]


def test_unknown_tables_columns_and_rows_are_parked(workplace: Workplace, boss: Actor) -> None:
    changes = (
        RemoteChange("from_the_future", "x", "ins", {"id": "x"}),
        RemoteChange("sample_owner", "x", "upd", {"colour": "red"}),
        RemoteChange("sample_owner", "not here", "upd", {"phone": "1"}),
    )
    apply_remote(workplace.runner, [received(1, LATER, *changes)])
    with workplace.runner.read(boss) as read:
        assert len(read.sql("SELECT id FROM parked_change")) == 3


def test_our_clock_follows_a_later_one(workplace: Workplace, boss: Actor, owner: str) -> None:
    apply_remote(workplace.runner, [received(1, LATER, RemoteChange("sample_owner", owner, "upd", {"phone": "2"}))])
    workplace.runner.run(boss, change_sample_owner, owner, phone="3")
    with workplace.runner.read(boss) as read:
        (hlc,) = read.sql("SELECT hlc FROM operation ORDER BY n DESC LIMIT 1")[0]
    assert hlc > LATER


def test_reactions_do_not_run(workplace: Workplace, boss: Actor, owner: str) -> None:
    from app.journal.events import REACTIONS, reaction
    from tests.sample.events import OwnerVisited

    heard: list[str] = []
    reaction(OwnerVisited)(lambda tx, event: heard.append(event.owner_id))
    try:
        workplace.runner.run(boss, record_sample_visit, owner, "x")
        visit = {"id": "v2", "owner_id": owner, "note": "a"}
        apply_remote(workplace.runner, [received(1, LATER, RemoteChange("sample_visit", "v2", "ins", visit))])
    finally:
        REACTIONS.pop(OwnerVisited.code)
    assert heard == [owner]


def test_a_received_erasure_blanks_without_the_old_value(workplace: Workplace, boss: Actor, owner: str) -> None:
    blank = RemoteChange("sample_owner", owner, "upd", {"name": "", "phone": None})
    apply_remote(workplace.runner, [received(1, LATER, blank, erasure=True)])
    with workplace.runner.read(boss) as read:
        kind, delta = read.sql("SELECT kind, delta FROM change ORDER BY n DESC LIMIT 1")[0]
    assert kind == "era"
    assert "Ann" not in delta
