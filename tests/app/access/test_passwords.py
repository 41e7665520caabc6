"""What a password and a PIN must be, and how they are hashed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access import credentials
from app.access.passwords import check_password, check_pin
from app.core.errors import RuleViolation
from app.core.secret import Secret

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "password",
    [
        "court",
        "onze signes",
        "x" * 129,
        "aaaaaaaaaaaa",
        "abababababab",
        "motdepasse2026!",
        "M0tdepasse!!!!",
        "P@ssword123456",
        "Monmotdepasse1",
        "123456789012",
        "098765432109",
        "qwertyuiopas",
        "abcdefghijklm",
        "correct horse battery staple",
        "deux\nlignes de texte",
        "marie.gagnon1",
        "gagnonmarie12",
        "m.gagnon2026!",
    ],
)
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        check_password(password, "m.gagnon", "Marie Gagnon")
    assert refused.value.field == "password"


@pytest.mark.parametrize(
    "password",
    ["le lilas fleurit en mai", "8-Bateaux-Verts", "Gagnon aime les tulipes", "ŒuvreÉtéÎle99", "x7!Kp2@Vq9#L"],
)
def test_strong_passwords_pass(password: str) -> None:
    check_password(password, "m.gagnon", "Marie Gagnon")


@pytest.mark.parametrize(
    "pin",
    ["12345", "1" * 13, "12a456", "١٢٣٤٥٦", "111111", "112211", "123456", "654321", "345678", "121212", "123123",
     "731973731973", "850314", "140385", "031485", "19850314", "14031985", ""],
)  # fmt: skip
def test_guessable_pins_are_refused(pin: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        check_pin(pin, TODAY)
    assert refused.value.field == "pin"


@pytest.mark.parametrize("pin", ["739164", "908172", "70416829", "739164028517"])
def test_other_pins_pass(pin: str) -> None:
    check_pin(pin, TODAY)


@given(st.dates(date(1940, 1, 1), TODAY), st.sampled_from(["%y%m%d", "%d%m%y", "%m%d%y", "%Y%m%d", "%d%m%Y", "%m%d%Y"]))
def test_no_birth_date_is_a_pin(born: date, order: str) -> None:
    with pytest.raises(RuleViolation):
        check_pin(born.strftime(order), TODAY)


def test_the_default_hasher_is_argon2id_with_its_defaults() -> None:
    credentials.use_hasher()
    real = credentials.hasher()
    phc = real.hash("le lilas fleurit en mai")
    assert phc.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert real.verify(phc, "le lilas fleurit en mai")
    assert not real.verify(phc, "le lilas fleurit en juin")
    assert not real.needs_rehash(real.decoy)
    assert not real.verify(real.decoy, "")


def test_accents_typed_in_two_ways_are_one_password() -> None:
    phc = credentials.hasher().hash("été à la plage")
    assert credentials.hasher().verify(phc, "e\u0301te\u0301 a\u0300 la plage")


def test_a_text_that_is_no_hash_verifies_nothing() -> None:
    assert not credentials.hasher().verify("", "")
    assert not credentials.hasher().verify("le lilas fleurit en mai", "le lilas fleurit en mai")


def test_a_prepared_secret_stays_masked() -> None:
    import pickle

    ready = credentials.prepared(Secret("le lilas fleurit en mai"))
    assert "lilas" not in repr(ready) + str(ready)
    assert b"lilas" not in pickle.dumps(ready)
    assert ready.phc.encode() not in pickle.dumps(ready)
    assert credentials.hash_of(ready) == ready.phc


def test_the_wait_grows_and_stops_growing() -> None:
    waits = [credentials.wait_after(failures) for failures in range(60)]
    assert waits[:6] == [timedelta(seconds=s) for s in (0, 0, 0, 5, 10, 20)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(minutes=5)
