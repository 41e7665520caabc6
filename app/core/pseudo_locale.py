"""A language that nobody speaks: English with accents and a third more letters, to see which layouts hold.

French (Canada) is 0.95 to 2 times as long as English; what is whole in this language is whole in a translation to come.
"""

from __future__ import annotations

import gettext
import math
import re
from typing import Final

_ACCENTED: Final = str.maketrans("aceginosuyACEGINOSUY", "åçéĝïñôšûýÅÇÉĜÏÑÔŠÛÝ")
_KEPT: Final = re.compile(r"(\{[^}]*\}|%\(\w+\)[sd]|&\w)")
_SYLLABLES: Final = ("ïñ", "ôr", "åm", "éš", "ût")
LONGER: Final = 0.35
SHORT: Final = 10
"""Up to so many letters a text becomes longer by half: short words grow most from one language to another."""


def pseudo(text: str) -> str:
    """The text with accents on its letters and syllables at its end; places for values stay as they are."""
    if not text.strip() or (text.isupper() and text.isalpha()):  # letters that stand for something: A P R L H F
        return text
    plain = "".join(part if _KEPT.fullmatch(part) else part.translate(_ACCENTED) for part in _KEPT.split(text))
    more = math.ceil(len(text) * (0.5 if len(text) <= SHORT else LONGER))
    tail = ""
    while len(tail) < more:
        tail += (" " if len(tail) % 9 == 0 and len(text) > SHORT else "") + _SYLLABLES[len(tail) % len(_SYLLABLES)]
    return plain + tail


class PseudoTranslations(gettext.NullTranslations):
    """A catalogue that has every text."""

    def gettext(self, message: str) -> str:
        """The lengthened English."""
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The lengthened English singular or plural."""
        return pseudo(msgid1 if n == 1 else msgid2)
