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
    "dedupe_in_another_transaction": 1,
    "outbox_cleared_on_send": 0,
    "cursor_from_ack": 0,
    "cursor_saved_before_rows": 4,
    "next_is_head_on_a_cut_page": 0,
    "stale_page_accepted": 9,
    "wall_clock_instead_of_logical": 2,
    "arrival_order_wins": 0,
    "no_conflict_record": 0,
    "superseded_edits_undetected": 0,
    "silent_refusal": 0,
    "refused_rows_stay": 0,
    "fixes_over_pending_edits": 0,
    "pulled_over_pending_edits": 2,
    "page_splits_an_operation": 1,
    "restore_without_epoch": 0,
    "restore_forgets_earlier_epochs": 8,
    "no_relay_after_restore": 8,
    "revoked_actors_accepted": 0,
    "stale_configuration_accepted": 4,
    "clock_in_the_future_accepted": 11,
    "corrected_before_what_it_saw": 357,
    "past_never_read": 0,
    "losses_untold": 1,
    "own_writes_forgotten_by_a_page": 1,
    "raw_writes_ignore_what_they_replace": 29,
    "missing_rows_accepted": 2,
    "fix_without_its_clock": 22,
    "old_row_put_back": 275,
    "amounts_of_refused_operations_stay": 1,
    "old_slots_purged": 0,
    "parked_columns_dropped": 1,
    "parked_changes_never_replayed": 1,
    "cursor_goes_back": 2,
    "numbers_skipped": 0,
    "another_number_given_out": 0,
    "answered_ahead": 0,
    "events_may_be_rewritten": 0,
    "projections_left_behind": 0,
    "captured_in_part": 0,
    "chain_of_single_links": 0,
    "receipts_lost": 0,
    "retries_never": 0,
    "given_up_unasked": 36,
    "held_before_it_is_whole": 0,
    "restored_server_is_believed": 0,
}
"""A seed whose schedule notices each mistake."""
NOTICED_AS = {
    "cursor_goes_back": "I1",
    "another_number_given_out": "I2",
    "answered_ahead": "I3",
    "amounts_of_refused_operations_stay": "I4",
    "events_may_be_rewritten": "I5",
    "pulled_over_pending_edits": "I6",
    "captured_in_part": "I7",
    "wall_clock_instead_of_logical": "I8",
    "chain_of_single_links": "I9",
    "receipts_lost": "I11",
    "corrected_before_what_it_saw": "I12",
    "own_writes_forgotten_by_a_page": "I6",
    "raw_writes_ignore_what_they_replace": "I12",
    "no_conflict_record": "I13",
    "silent_refusal": "I14",
    "old_slots_purged": "I15",
    "page_splits_an_operation": "I16",
    "revoked_actors_accepted": "I17",
    "retries_never": "I18",
    "given_up_unasked": "I19",
    "held_before_it_is_whole": "I19",
    "restored_server_is_believed": "I19",
}
"""The invariant by which some mistakes must be noticed, so that each invariant is seen to judge."""
FOUND = (357, 368, 390, 398, 432, 475, 557, 698, 799, 960, 1043, 1088)
"""Seeds of the long run that found a fault, each of a kind of its own or the first of its kind."""
OURS = ("TypeError", "AttributeError", "NameError", "KeyError", "IndexError", "ValueError", "AssertionError")
"""What a mutant that does not fit the code any more would die of, without proving anything."""
GUARD = 600
"""Seconds after which a process hangs, however busy the computer is."""
pytestmark = pytest.mark.timeout(GUARD + 10)
BATCH = 30
GROUPS = 5
SOAK = 5_000
"""Schedules of the long run; the short one has the first 300."""


def simulate(*given: object, seconds: int = GUARD) -> tuple[int, list[Any]]:
    """Run the verb; its exit code and its outcomes. A process runs many schedules: to start one costs more."""
    done = subprocess.run(
        [sys.executable, "main.py", "simulate", "--json", "--lang", "en", *map(str, given)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=seconds,
    )  # fmt: skip
    assert done.returncode in {0, 7}, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize("first", range(0, 300, BATCH))
def test_every_invariant_holds(first: int) -> None:
    hold((first,), BATCH)


def test_what_the_long_run_found_stays_mended() -> None:
    hold(FOUND, 1)


@pytest.mark.soak
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("first", range(300, SOAK, 10 * BATCH))
def test_every_invariant_holds_for_long(first: int) -> None:
    hold((first,), 10 * BATCH, seconds=3_600)


def test_a_machine_may_go_off_between_any_two_statements() -> None:
    """Some places of one short schedule; each is a schedule of its own."""
    go_off("--seed", 5, "--steps", 60, "--stops", 25)


@pytest.mark.soak
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("seed", [5, 9, 14, 21])
def test_a_machine_goes_off_between_any_two_statements(seed: int) -> None:
    go_off("--seed", seed, "--steps", 80, "--stops", "all", seconds=3_600)


def go_off(*given: object, seconds: int = GUARD) -> None:
    code, outcomes = simulate(*given, seconds=seconds)
    assert [item["broken"] for item in outcomes if item["broken"]] == []
    assert code == 0
    assert len(outcomes) > 20
    assert len({item["trace"] for item in outcomes}) > len(outcomes) // 4, "the machines went on"


def hold(seeds: tuple[int, ...], count: int, seconds: int = GUARD) -> None:
    """`count` schedules from each of the seeds on."""
    given = [part for seed in seeds for part in ("--seed", seed)]
    code, outcomes = simulate(*given, "--schedules", count, seconds=seconds)
    assert [(item["seed"], item["broken"]) for item in outcomes if item["broken"]] == []
    assert code == 0
    assert len(outcomes) == count * len(seeds)
    assert all(item["steps"] == 500 and item["operations"] > 20 for item in outcomes)


def test_one_seed_is_one_schedule() -> None:
    code, (once, other) = simulate("--seed", 42, "--seed", 43)
    assert simulate("--seed", 42) == (code, [once])
    assert once["trace"] != other["trace"]


def test_every_mutant_is_recorded() -> None:
    _code, names = simulate("--list-mutants")
    assert set(names) == set(KILLED_BY)


@pytest.mark.parametrize("group", range(GROUPS))
def test_a_broken_protocol_is_noticed(group: int) -> None:
    wanted = list(KILLED_BY.items())[group::GROUPS]
    given = [part for name, seed in wanted for part in ("--mutant", f"{name}={seed}")]
    _code, outcomes = simulate(*given)
    said = {name: outcome["broken"] for (name, _seed), outcome in zip(wanted, outcomes, strict=True)}
    assert [name for name, broken in said.items() if not broken] == []
    assert [name for name, broken in said.items() if broken.startswith(OURS)] == []
    told = {name: said[name].split()[0] for name in said if name in NOTICED_AS}
    assert told == {name: NOTICED_AS[name] for name in told}
