"""How a person is called on screen: title, name, initials."""

from __future__ import annotations

from typing import Final

from app.access.model import Title
from app.core.errors import RuleViolation
from app.core.i18n import N_, translate
from app.core.text import fold

INITIALS_MAXIMUM: Final = 3
USERNAME_MINIMUM: Final = 2
USERNAME_MAXIMUM: Final = 40
STAFF_ENTRY: Final = ("username", "display_name", "title", "initials", "language")
"""What a form of a person holds: a change of these by somebody else stops a correction."""

_TITLED: Final[dict[Title, str]] = {Title.DR: N_("Dr. {name}"), Title.DRE: N_("Dr. {name} (feminine)")}


def titled(title: Title | str, name: str) -> str:
    """The name with its title in the language in force: “Dre Marie Gagnon”, “Dr. Marie Gagnon”."""
    form = _TITLED.get(Title(title))
    return translate(form, name=name) if form else name


def initials_of(display_name: str) -> str:
    """The first letters of the first and last words: “Anne-Marie St-Onge” is AS."""
    words = [word for word in display_name.split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def clean_display_name(display_name: str) -> str:
    """The name without superfluous blanks; an empty one is refused."""
    cleaned = " ".join(display_name.split())
    if not fold(cleaned):
        raise RuleViolation(N_("A name is needed."), field="display_name")
    return cleaned


def clean_username(username: str) -> str:
    """The username without outer blanks: 2 to 40 characters, at least one of them a letter or a digit."""
    cleaned = username.strip()
    if not USERNAME_MINIMUM <= len(cleaned) <= USERNAME_MAXIMUM or not fold(cleaned) or not cleaned.isprintable():
        message = N_("A username has {minimum} to {maximum} characters.")
        raise RuleViolation(message, field="username", minimum=USERNAME_MINIMUM, maximum=USERNAME_MAXIMUM)
    return cleaned


def clean_initials(initials: str, display_name: str) -> str:
    """One to three letters in capitals; empty takes them from the name."""
    cleaned = "".join(initials.split()).upper() or initials_of(display_name)
    if not cleaned or len(cleaned) > INITIALS_MAXIMUM:
        raise RuleViolation(N_("Initials are one to {maximum} letters."), field="initials", maximum=INITIALS_MAXIMUM)
    return cleaned
