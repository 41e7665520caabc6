"""Identifiers, the clocks and money."""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import ids
from app.core.clock import Clock, from_millis, hlc_instant, tick, to_millis
from app.core.ids import derived_id, new_id
from app.core.money import ZERO, Money, total
from app.core.text import canonical_text, digits, fold
from app.core.units import cdeg_from_deg, deg_from_cdeg, mm_from_um, um_from_mm


@pytest.fixture
def real_source() -> Iterator[None]:
    yield
    ids.use_source()


def test_ids_are_uuid7_and_go_up() -> None:
    made = [new_id() for _ in range(5000)]
    assert made == sorted(set(made))
    parsed = [uuid.UUID(text) for text in made]
    assert {item.version for item in parsed} == {7}
    assert {item.variant for item in parsed} == {uuid.RFC_4122}
    millis = parsed[0].int >> 80
    assert abs(datetime.now(UTC) - from_millis(millis)) < timedelta(minutes=1)


def test_ids_go_up_when_the_time_stands_or_falls(real_source: None) -> None:
    times = iter([5, 5, 5, 4, 3, 10, 1])
    ids.use_source(lambda: next(times), random.Random(1).getrandbits)
    made = [new_id() for _ in range(7)]
    assert made == sorted(set(made))


def test_seeded_ids_repeat(real_source: None) -> None:
    def three() -> list[str]:
        ids.use_source(lambda: 1_000, random.Random(7).getrandbits)
        return [new_id() for _ in range(3)]

    assert three() == three()


def test_ids_of_threads_are_all_different() -> None:
    made: list[list[str]] = [[] for _ in range(8)]
    threads = [threading.Thread(target=lambda to=to: to.extend(new_id() for _ in range(500))) for to in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({item for part in made for item in part}) == 4000


def test_derived_ids_are_functions_of_their_parts() -> None:
    assert derived_id("1.2.3") == derived_id("1.2.3")
    assert len({derived_id("a", "b"), derived_id("ab"), derived_id("b", "a"), derived_id("a", "b", "")}) == 4
    assert uuid.UUID(derived_id("x")).version == 5


@given(st.datetimes(datetime(1900, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC)))
def test_millis_round_trip(instant: datetime) -> None:
    cut = instant.replace(microsecond=instant.microsecond // 1000 * 1000)
    assert from_millis(to_millis(cut)) == cut


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_millis(datetime(2026, 1, 1))


def test_the_clinic_s_day_is_local() -> None:
    late = datetime(2026, 7, 1, 2, 30, tzinfo=UTC)
    assert Clock.fixed(late).today() == date(2026, 6, 30)
    assert Clock.fixed(late, "Europe/Paris").today() == date(2026, 7, 1)
    winter, summer = datetime(2026, 1, 1, 4, 59, tzinfo=UTC), datetime(2026, 7, 1, 3, 59, tzinfo=UTC)
    assert (Clock().day_of(winter), Clock().day_of(summer)) == (date(2025, 12, 31), date(2026, 6, 30))


def test_the_clock_is_corrected_and_cut_to_milliseconds() -> None:
    at = datetime(2026, 1, 1, 12, 0, 0, 123_999, tzinfo=ZoneInfo("America/Toronto"))
    clock = Clock(source=lambda: at, offset=timedelta(seconds=2))
    assert clock.now() == datetime(2026, 1, 1, 17, 0, 2, 123_000, tzinfo=UTC)


@given(st.lists(st.integers(0, 2**41 - 1), min_size=1, max_size=50))
def test_the_logical_clock_only_goes_up_and_stays_near(times: list[int]) -> None:
    last, values = 0, []
    for millis in times:
        last = tick(last, millis)
        values.append(last)
        assert to_millis(hlc_instant(last)) == max(times[: len(values)]), "50 values never leave the millisecond"
    assert values == sorted(set(values))
    assert values[-1] < 2**57


def test_money_is_exact() -> None:
    assert Money.of("19.99") + Money.of(1) - Money.of("0.99") == Money(2000)
    assert (-Money(5), Money(5) * 3, bool(ZERO), Money(3) < Money(5)) == (Money(-5), Money(15), False, True)
    assert total([]) == ZERO
    assert total([Money(1), Money(-3)]) == Money(-2)
    for wrong in ("1.005", "abc", Decimal("NaN"), "Infinity"):
        with pytest.raises(ArithmeticError if wrong in {"abc"} else (ValueError, ArithmeticError)):
            Money.of(wrong)


@given(st.integers(-(10**9), 10**9), st.integers(1, 60))
def test_a_split_adds_up_and_is_even(cents: int, parts: int) -> None:
    split = Money(cents).split(parts)
    assert total(split) == Money(cents)
    assert max(split).cents - min(split).cents <= 1
    assert split == sorted(split, reverse=True)


def test_a_share_is_rounded_half_up() -> None:
    assert [Money(cents).share(1, 2).cents for cents in (1, 3, -1, -3, 4)] == [1, 2, -1, -2, 2]
    assert Money(10_00).share(14_975, 100_000) == Money(1_50)


def test_lengths_and_angles_are_exact() -> None:
    assert (um_from_mm("12.3456"), mm_from_um(12_346), cdeg_from_deg("82.125"), deg_from_cdeg(-8_213)) == (
        12_346, Decimal("12.346"), 8212, Decimal("-82.13"),
    )  # fmt: skip


def test_text_is_kept_composed_and_without_what_cannot_be_stored() -> None:
    assert canonical_text("e\u0301") == "é"
    for wrong in ("a\x00b", "\ud800", "x\udfffy"):
        with pytest.raises(ValueError, match="cannot be stored"):
            canonical_text(wrong)


def test_search_compares_what_people_type() -> None:
    assert fold("  Côté-L’Œuvre  Straße ") == "cote l oeuvre strasse"
    assert fold("O'Neil") == fold("O’NEIL") == "o neil"
    for code in range(128):  # the short way of plain letters is that of all others
        assert fold(f"{chr(code)}é") == f"{fold(chr(code))}e" or not chr(code).isalnum()
        assert fold(chr(code)) == (chr(code).lower() if chr(code).isalnum() else "")
    assert digits("(514) 555-0100 p. 7") == "51455501007"
