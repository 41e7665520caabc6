"""The steps of a journey, read from text: no Qt here."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import Final

from app.core.errors import UsageError
from app.core.i18n import N_

NEEDS: Final = {
    "open": (1, 1), "press": (1, 1), "type": (2, 2), "keys": (1, 1), "choose": (2, 2), "expect": (1, 1),
    "expect-not": (1, 1), "wait": (1, 1), "sign-in": (2, 2), "lock": (0, 0),
    "retype-key": (0, 0),
}  # fmt: skip
"""How many words follow each verb, from and to."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a journey."""

    number: int
    verb: str
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """The line as it is told."""
        return " ".join((self.verb, *(f"“{word}”" for word in self.words)))


def read_steps(text: str) -> list[Step]:
    """The steps of a JSON list of lists, or of lines; `#` begins a remark, quotes hold words together."""
    if text.lstrip().startswith("["):
        listed = [(n, [str(word) for word in line]) for n, line in enumerate(json.loads(text), 1)]
    else:
        listed = [(n, shlex.split(line, comments=True)) for n, line in enumerate(text.splitlines(), 1)]
    return [_step(number, words) for number, words in listed if words]


def _step(number: int, words: list[str]) -> Step:
    verb, given = words[0], words[1:]
    if verb not in NEEDS:
        raise UsageError(N_("Line {number}: there is no step “{verb}”."), number=number, verb=verb)
    least, most = NEEDS[verb]
    if verb in {"press", "expect", "expect-not"} and len(given) > most:  # unquoted words are one text
        given = [" ".join(given)]
    if verb == "type" and len(given) > most:
        given = [given[0], " ".join(given[1:])]
    if not least <= len(given) <= most:
        raise UsageError(N_("Line {number}: “{verb}” takes {count} words."), number=number, verb=verb, count=most)
    return Step(number, verb, tuple(given))
