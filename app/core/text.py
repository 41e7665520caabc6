"""Text as the database keeps it and as search compares it."""

from __future__ import annotations

import unicodedata
from typing import Final

_FOLDED: Final = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "’": " ", "'": " "}
)

_BLANKS: Final = str.maketrans({chr(code): " " for code in range(128) if not chr(code).isalnum()})


def canonical_text(value: str) -> str:
    """NFC; refuses U+0000 and lone surrogates, which not every database can hold."""
    if "\x00" in value:
        raise ValueError("text holds a character that cannot be stored")
    if value.isascii():  # most of what is stored, and NFC already
        return value
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("text holds a character that cannot be stored")
    return unicodedata.normalize("NFC", value)


def fold(value: str) -> str:
    """Lower case without accents, ligatures opened, apostrophes and hyphens as blanks: what search compares."""
    if value.isascii():  # most of what is searched: nothing to take apart
        return " ".join(value.lower().translate(_BLANKS).split())
    lowered = value.casefold().translate(_FOLDED)
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare.casefold()).split())


def digits(value: str) -> str:
    """Only the digits 0-9."""
    return "".join(character for character in value if character in "0123456789")
