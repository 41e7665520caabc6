"""What a password or a PIN must be. Pure rules, no storage.

Length rather than composition, and a list of the commonest (NIST SP 800-63B §5.1.1.2).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Final

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.text import fold

PASSWORD_MINIMUM: Final = 12
PASSWORD_MAXIMUM: Final = 128
PIN_MINIMUM: Final = 6
PIN_MAXIMUM: Final = 12
DISTINCT_MINIMUM: Final = 5
OLDEST_BIRTH_YEAR: Final = 1930

_COMMON_WORDS: Final = """
    password passwords motdepasse monmotdepasse motdepasses azerty azertyuiop qwerty qwertyuiop qwertyuiopasdf
    iloveyou iloveyouforever jetaime jetaimemoncoeur bonjour bonjourbonjour welcome welcomewelcome bienvenue
    administrator administrateur administration admin adminadmin changeme changemenow changezmoi letmein letmeinnow
    trustno one football baseball basketball hockey superman princess princesse sunshine soleil chocolat chocolate
    dragon monkey shadow michael jennifer jessica charlotte canadiens canadiensmontreal montreal quebec canada
    clinique clinic orthodontie orthodontics orthodontiste orthodontist dentiste dentist dental sourire archwire
    correcthorsebatterystaple secret secretsecret test testtest testtesttest invite guest default
"""
COMMONEST: Final = frozenset(_COMMON_WORDS.split())
"""Without digits and signs, as `_cores` leaves them."""
_LOOKALIKES: Final = str.maketrans("@013$5", "aoiess")
RUNS: Final = (
    "abcdefghijklmnopqrstuvwxyz" * 2,
    "0123456789" * 3,
    "1234567890" * 3,
    "qwertyuiopasdfghjklzxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)


def normal(password: str) -> str:
    """NFC, so that é typed on any keyboard is one password (RFC 8265 §4.2, OpaqueString)."""
    return unicodedata.normalize("NFC", password)


def check_password(password: str, *names: str) -> None:
    """`RuleViolation` (field `password`) unless the password or passphrase is long, uncommon and not a name."""
    if len(password) < PASSWORD_MINIMUM:
        _refuse(N_("A password has at least {minimum} characters. A short sentence is fine."), minimum=PASSWORD_MINIMUM)
    if len(password) > PASSWORD_MAXIMUM:
        _refuse(N_("A password has at most {maximum} characters."), maximum=PASSWORD_MAXIMUM)
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in password):
        _refuse(N_("A password holds only characters that a keyboard can type."))
    if len(set(password.casefold())) < DISTINCT_MINIMUM or _cores(password) & COMMONEST or _is_run(password):
        _refuse(N_("This password is among the first that would be tried. Choose another."))
    if _is_made_of(password, names):
        _refuse(N_("A password is not made from the person’s name or username."))


def _refuse(message_id: str, **values: int) -> None:
    raise RuleViolation(message_id, field="password", **values)


def _cores(password: str) -> set[str]:
    """The letters alone: “Motdepasse2026!” is “motdepasse”, and so is “M0td3passe” once digits are read as letters."""
    lowered = password.casefold()
    bare = re.sub(r"[^a-z]+$", "", lowered)
    return {
        re.sub(r"[^a-z]", "", fold(text))
        for text in (lowered, lowered.translate(_LOOKALIKES), bare.translate(_LOOKALIKES))
    }


def _is_run(password: str) -> bool:
    compact = re.sub(r"[^a-z0-9]", "", fold(password))
    return any(compact in run or compact[::-1] in run for run in RUNS)


def _is_made_of(password: str, names: tuple[str, ...]) -> bool:
    """Whether fewer than four letters are left once the words of the names are taken out."""
    letters = left = re.sub(r"[^a-z]", "", fold(password))
    words = {word for name in names for word in (*fold(name).split(), fold(name).replace(" ", "")) if len(word) > 2}
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(re.sub(r"[^a-z]", "", word) or "\n", "")
    return left != letters and len(left) < 4


def check_pin(pin: str, today: date) -> None:
    """`RuleViolation` (field `pin`) unless the PIN is 6 to 12 digits, no run, no repetition, no birth date."""
    if not re.fullmatch(r"[0-9]+", pin) or not PIN_MINIMUM <= len(pin) <= PIN_MAXIMUM:
        message = N_("A PIN has {minimum} to {maximum} digits.")
        raise RuleViolation(message, field="pin", minimum=PIN_MINIMUM, maximum=PIN_MAXIMUM)
    if len(set(pin)) <= 2 or _repeats(pin) or any(pin in run or pin[::-1] in run for run in RUNS):
        raise RuleViolation(N_("This PIN is too easy to guess. Choose another."), field="pin")
    if _is_date(pin, today):
        raise RuleViolation(N_("A PIN is not a date. Choose other digits."), field="pin")


def _repeats(pin: str) -> bool:
    return any(pin == (pin[:size] * len(pin))[: len(pin)] for size in range(1, len(pin) // 2 + 1))


def _is_date(pin: str, today: date) -> bool:
    """Whether the digits read as a day since 1930, in any usual order, with two or four digits of year."""
    orders = {6: ("%y%m%d", "%d%m%y", "%m%d%y"), 8: ("%Y%m%d", "%d%m%Y", "%m%d%Y")}
    for order in orders.get(len(pin), ()):
        try:
            found = datetime.strptime(pin, order).date()
        except ValueError:
            continue
        if len(pin) == 6 or OLDEST_BIRTH_YEAR <= found.year <= today.year:
            return True
    return False
