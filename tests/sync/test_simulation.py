"""The protocol under a bad network, and its mutants. Each run is a process of its own, as `simulate` is used."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.text_checks import ROOT

KILLED_BY = {
    "no_dedupe": 0,
    "dedupe_in_another_transaction": 0,
    "outbox_cleared_on_send": 0,
    "cursor_from_ack": 0,
    "cursor_saved_before_rows": 31,
    "next_is_head_on_a_cut_page": 0,
    "stale_page_accepted": 10,
    "wall_clock_instead_of_logical": 0,
    "arrival_order_wins": 0,
    "no_conflict_record": 0,
    "superseded_edits_undetected": 0,
    "silent_refusal": 0,
    "refused_rows_stay": 0,
    "fixes_over_pending_edits": 0,
    "pulled_over_pending_edits": 0,
    "page_splits_an_operation": 0,
    "restore_without_epoch": 0,
    "restore_forgets_earlier_epochs": 18,
    "no_relay_after_restore": 6,
    "revoked_actors_accepted": 0,
    "stale_configuration_accepted": 26,
    "clock_in_the_future_accepted": 20,
    "raw_writes_ignore_what_they_replace": 17,
    "missing_rows_accepted": 0,
    "fix_without_its_clock": 37,
    "old_row_put_back": 134,
}
"""The first seed whose schedule notices each mistake."""
BATCH = 50
SOAK = 5_000
"""Schedules of the long run; the short one has the first 300."""


def simulate(*given: object, seconds: int = 110) -> tuple[int, list[Any]]:
    """Run the verb; its exit code and its outcomes. A process runs many schedules: to start one costs more."""
    done = subprocess.run(
        [sys.executable, "main.py", "simulate", "--json", "--lang", "en", *map(str, given)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=seconds,
    )  # fmt: skip
    assert done.returncode in {0, 7}, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize("first", range(0, 300, BATCH))
def test_every_invariant_holds(first: int) -> None:
    hold(first, BATCH)


@pytest.mark.soak
@pytest.mark.parametrize("first", range(300, SOAK, 10 * BATCH))
def test_every_invariant_holds_for_long(first: int) -> None:
    hold(first, 10 * BATCH, seconds=3_600)


def hold(first: int, count: int, seconds: int = 110) -> None:
    code, outcomes = simulate("--seed", first, "--schedules", count, seconds=seconds)
    assert [(item["seed"], item["broken"]) for item in outcomes if item["broken"]] == []
    assert code == 0
    assert len(outcomes) == count
    assert all(item["steps"] == 500 and item["operations"] > 20 for item in outcomes)


def test_one_seed_is_one_schedule() -> None:
    assert simulate("--seed", 42) == simulate("--seed", 42)
    assert simulate("--seed", 42) != simulate("--seed", 43)


def test_every_mutant_is_recorded() -> None:
    _code, names = simulate("--list-mutants")
    assert set(names) == set(KILLED_BY)


def test_every_invariant_is_broken_by_some_mutant() -> None:
    """The invariants that are judged by themselves; each is the reason for which some mutant is noticed."""
    assert set(NOTICED_AS) <= set(KILLED_BY)
    assert set(NOTICED_AS.values()) >= INVARIANTS


@pytest.mark.parametrize("group", range(4))
def test_a_broken_protocol_is_noticed(group: int) -> None:
    wanted = list(KILLED_BY.items())[group::4]
    given = [part for name, seed in wanted for part in ("--mutant", f"{name}={seed}")]
    _code, outcomes = simulate(*given)
    said = {name: outcome["broken"] for (name, _seed), outcome in zip(wanted, outcomes, strict=True)}
    assert [name for name, broken in said.items() if not broken] == []
    told = {name: said[name].split()[0] for name in said if name in NOTICED_AS}
    assert told == {name: NOTICED_AS[name] for name in told}
