"""The NAM: the vectors that are known, what blocks, what only warns."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import RuleViolation
from app.patients import nam as rules
from app.patients.nam import RamqSex, check_expiry, check_nam, is_nam, last_day_of_card
from app.patients.seeding import wrong_nam

VALID = {
    "AAAA01010112": 1901, "BAAA01010113": 1901, "AAAA01510117": 1901, "LASF80021411": 1980, "TEST54122816": 1954,
    "TREM12031416": 2012, "BOUC01553019": 2001, "GAGN82560111": 1982, "LAVZ99123115": 1999,
}  # fmt: skip
NAMES = st.text("abcdefghijklmnopqrstuvwxyzéèçœ'’- ABCÉÎ", min_size=1, max_size=12).filter(
    lambda name: any(letter.isalpha() for letter in name)
)


@pytest.mark.parametrize(("number", "year"), VALID.items())
def test_known_numbers_pass_for_exactly_one_century(number: str, year: int) -> None:
    checked = check_nam(number)
    assert [day.year for day in checked.verified] == [year]
    assert checked.warnings == ()


@pytest.mark.parametrize("number", VALID)
def test_every_other_check_digit_warns(number: str) -> None:
    for digit in range(10):
        checked = check_nam(f"{number[:11]}{digit}")
        century_verified = bool(checked.verified)
        assert (rules.CHECKSUM_WRONG in checked.warnings) is not century_verified
        assert century_verified or str(digit) != number[11]


def test_spaces_hyphens_and_small_letters_are_read() -> None:
    checked = check_nam(" trem 1203-1416 ")
    assert (checked.value, checked.shown) == ("TREM12031416", "TREM 1203 1416")


@pytest.mark.parametrize(
    "text", ["", "TREM", "TRE112031416", "TREM1203141", "TREM120314167", "TREM13131416", "TREM12130016", "TREM12033216",
             "TREM12631416", "ÉREM12031416", "TREM١٢٠٣١٤١٦"],
)  # fmt: skip
def test_a_wrong_format_blocks(text: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        check_nam(text)
    assert refused.value.field == "nam"
    assert not is_nam(text)


def test_a_letter_in_the_eleventh_place_is_accepted_and_said() -> None:
    assert check_nam("TREM120314A6").warnings == (rules.SEQUENCE_LETTER,)


def test_a_day_that_no_century_has_warns() -> None:
    checked = check_nam("TREM12023016")
    assert (checked.births, checked.warnings) == ((), (rules.DATE_IMPOSSIBLE,))


def test_29_february_exists_in_one_century_only() -> None:
    assert check_nam("TREM00022916").births == (date(2000, 2, 29),)


def test_what_the_patient_is_called_and_when_born_is_compared() -> None:
    right = check_nam(
        "TREM12031416", family_name="Tremblay", given_name="Marc", born_on=date(2012, 3, 14), sex=RamqSex.MALE
    )
    assert right.warnings == ()
    wrong = check_nam(
        "TREM12031416", family_name="Roy", given_name="Julie", born_on=date(2012, 3, 15), sex=RamqSex.FEMALE
    )
    assert set(wrong.warnings) == {
        rules.FAMILY_NAME_DIFFERS, rules.GIVEN_NAME_DIFFERS, rules.BIRTH_DIFFERS, rules.SEX_DIFFERS,
    }  # fmt: skip


def test_a_digit_that_checks_for_the_other_century_only_warns() -> None:
    assert check_nam("TREM12031416", born_on=date(1912, 3, 14)).warnings == (rules.CHECKSUM_WRONG,)


@pytest.mark.parametrize(
    ("family", "start"), [("Ng", "NGX"), ("O’Brien", "OBR"), ("St-Pierre", "STP"), ("Œuvrard", "OEU"), ("Côté", "COT")]
)
def test_the_letters_of_hard_names(family: str, start: str) -> None:
    assert rules.FAMILY_NAME_DIFFERS not in check_nam(f"{start}A12031416", family_name=family).warnings


@given(NAMES, NAMES, st.dates(date(1926, 1, 1), date(2026, 11, 24)), st.sampled_from(RamqSex))
def test_a_number_made_from_a_patient_fits_the_patient(family: str, given_: str, born: date, sex: RamqSex) -> None:
    """But for its check digit, which the demo makes wrong on purpose."""
    checked = check_nam(
        wrong_nam(family, given_, born, sex), family_name=family, given_name=given_, born_on=born, sex=sex
    )
    assert checked.warnings == (rules.CHECKSUM_WRONG,)
    assert born in checked.births
    assert checked.sex is sex


@given(st.text(max_size=16))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    if is_nam(text):
        assert check_nam(text).value == rules.normalized_nam(text)
    else:
        with pytest.raises(RuleViolation):
            check_nam(text)


@pytest.mark.parametrize("typed", ["2708", "27-08", "27/08", "2027-08"])
def test_expiry_of_the_card(typed: str) -> None:
    assert check_expiry(typed) == "2708"
    assert last_day_of_card("2708") == date(2027, 8, 31)


@pytest.mark.parametrize("typed", ["2713", "2700", "08/27x", "270", "août"])
def test_an_expiry_that_is_none(typed: str) -> None:
    with pytest.raises(RuleViolation):
        check_expiry(typed)
