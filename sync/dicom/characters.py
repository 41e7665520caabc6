"""Texts in the characters that the other side reads (PS3.3 §C.12.1.1.2, PS3.5 §6.1)."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

from pydicom.dataset import Dataset

from app.gateway.vocabulary import CharacterSet

_LIGATURES: Final = str.maketrans({"œ": "oe", "Œ": "OE", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})


def in_characters(text: str, characters: CharacterSet) -> str:
    """The text, with what Latin-1 lacks written otherwise: œ as oe, other letters without what makes them so."""
    if characters is CharacterSet.UTF_8:
        return text
    made = []
    for character in text.translate(_LIGATURES):
        if ord(character) < 256:
            made.append(character)
            continue
        bare = [part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part)]
        made.append("".join(part if ord(part) < 256 else "?" for part in bare))
    return "".join(made)


def characters_of(identifier: Dataset, usual: CharacterSet) -> CharacterSet:
    """The characters of the answer: those of the question where we have them, else those of the device."""
    given: Any = identifier.get("SpecificCharacterSet") or ""
    first = given if isinstance(given, str) else (list(given) or [""])[-1]
    return CharacterSet(first) if first in set(CharacterSet) else usual


def person_name(family_name: str, given_name: str, characters: CharacterSet) -> str:
    """A PN of PS3.5 §6.2.1."""
    parts = (family_name, given_name)
    clean = (part.replace("^", " ").replace("=", " ").replace("\\", " ") for part in parts)
    return in_characters("^".join(clean), characters)
