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
BATCH = 20


def simulate(*given: object) -> tuple[int, list[Any]]:
    """Run the verb; its exit code and its outcomes."""
    done = subprocess.run(
        [sys.executable, "main.py", "simulate", "--json", "--lang", "en", *map(str, given)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=110,
    )  # fmt: skip
    assert done.returncode in {0, 7}, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize("first", range(0, 300, BATCH))
def test_every_invariant_holds(first: int) -> None:
    code, outcomes = simulate("--seed", first, "--schedules", BATCH)
    assert [(item["seed"], item["broken"]) for item in outcomes if item["broken"]] == []
    assert code == 0
    assert len(outcomes) == BATCH
    assert all(item["steps"] == 500 and item["operations"] > 20 for item in outcomes)


def test_one_seed_is_one_schedule() -> None:
    assert simulate("--seed", 42) == simulate("--seed", 42)
    assert simulate("--seed", 42) != simulate("--seed", 43)


def test_every_mutant_is_recorded() -> None:
    _code, names = simulate("--list-mutants")
    assert set(names) == set(KILLED_BY)


@pytest.mark.parametrize(("name", "seed"), KILLED_BY.items(), ids=list(KILLED_BY))
def test_a_broken_protocol_is_noticed(name: str, seed: int) -> None:
    code, (outcome,) = simulate("--mutant", name, "--seed", seed)
    assert code == 7
    assert outcome["broken"]
