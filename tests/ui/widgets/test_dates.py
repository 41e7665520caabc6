"""Dates and numbers as people type them in both languages."""

import contextlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.widgets.dates import AmbiguousDateError, UnreadableDateError, parse_date
from ui.widgets.typed_fields import parse_number

TODAY = date(2026, 11, 24)
MONTHS_FR = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
MONTHS_EN = "January February March April May June July August September October November December"


@pytest.mark.parametrize(
    "text",
    [
        "2012-03-03",
        "2012/3/3",
        "2012.03.03",
        "20120303",
        "2012 03 03",
        "3 mars 2012",
        "le 3 mars 2012",
        "3 MARS 2012",
        "samedi 3 mars 2012",
        "sam. 3 mars 2012",
        "3 mar. 2012",
        "3-mars-2012",
        "3 March 2012",
        "March 3, 2012",
        "March 3rd, 2012",
        "Saturday, March 3, 2012",
        "Sat 3 Mar 2012",
        "Mar. 3 2012",
        "03/03/2012",
        "  3   mars  2012 ",
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_forms_of_one_day(text: str, language: str) -> None:
    assert parse_date(text, language, TODAY) == date(2012, 3, 3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1er août 2026", date(2026, 8, 1)),
        ("1 aout 2026", date(2026, 8, 1)),
        ("14 févr. 2026", date(2026, 2, 14)),
        ("mardi 24 novembre 2026", date(2026, 11, 24)),
        ("mardi 2 juin 2026", date(2026, 6, 2)),
        ("7 juill. 2026", date(2026, 7, 7)),
        ("29 février 2024", date(2024, 2, 29)),
        ("aujourd’hui", TODAY),
        ("Demain", date(2026, 11, 25)),
        ("hier", date(2026, 11, 23)),
        ("yesterday", date(2026, 11, 23)),
        ("31/12/2025", date(2025, 12, 31)),
    ],
)
def test_particular_forms(text: str, expected: date) -> None:
    assert parse_date(text, "fr", TODAY) == expected


def test_day_and_month_in_figures_read_by_language() -> None:
    assert parse_date("03/04/2012", "fr", TODAY) == date(2012, 4, 3)
    with pytest.raises(AmbiguousDateError):
        parse_date("03/04/2012", "en", TODAY)
    assert parse_date("03/14/2012", "en", TODAY) == date(2012, 3, 14)
    assert parse_date("14/03/2012", "en", TODAY) == date(2012, 3, 14)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mars",
        "3 mars",
        "3 mars 12",
        "03-04-12",
        "30 février 2024",
        "2012-13-01",
        "3 ju 2012",
        "3 jui 2012",
        "3 machin 2012",
        "14/14/2012",
        "demain 3",
        "2012-03",
        "١٢",
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_no_date_is_refused(text: str, language: str) -> None:
    with pytest.raises(UnreadableDateError):
        parse_date(text, language, TODAY)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.sampled_from(["fr", "en"]))
def test_every_day_reads_back(day: date, language: str) -> None:
    french = f"{day.day} {MONTHS_FR.split()[day.month - 1]} {day.year}"
    english = f"{MONTHS_EN.split()[day.month - 1]} {day.day}, {day.year}"
    for text in (day.isoformat(), french, english):
        assert parse_date(text, language, TODAY) == day


@given(st.text(max_size=24))
def test_no_text_breaks_the_reader(text: str) -> None:
    with contextlib.suppress(UnreadableDateError):
        assert isinstance(parse_date(text, "fr", TODAY), date)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("1234,5", "fr", Decimal("1234.5")),
        ("1 234,50", "fr", Decimal("1234.50")),
        ("1\u00a0234,50", "fr", Decimal("1234.50")),
        ("1\u202f234.50", "fr", Decimal("1234.50")),
        ("12.5", "fr", Decimal("12.5")),
        ("1,234", "fr", Decimal("1.234")),
        ("1,234", "en", Decimal("1234")),
        ("1,234.50", "en", Decimal("1234.50")),
        ("12,5", "en", Decimal("12.5")),
        ("-3", "en", Decimal("-3")),
        ("\u22123", "fr", Decimal("-3")),
    ],
)
def test_numbers(text: str, language: str, expected: Decimal) -> None:
    assert parse_number(text, language) == expected


@pytest.mark.parametrize("text", ["douze", "1,2,3", "1.2.3", "--1", "1e5", "NaN", "Infinity", ",", "+", "12 $"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_no_number_is_refused(text: str, language: str) -> None:
    assert parse_number(text, language) is None
