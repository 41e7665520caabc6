"""Matching what is typed against words: without accents, by beginnings of words, then parts, then letters in order.

No Qt here; the places of the letters that matched come back, for the palette prints them bold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.core.text import fold

START: Final = 100
"""A word that begins with what is typed; the first word of the text counts a little more."""
INSIDE: Final = 40
SCATTERED: Final = 10
LEAST_SCATTERED: Final = 3
"""Letters in order mean something from three of them on."""


@dataclass(frozen=True, slots=True)
class Match:
    """How well a text answers, and the places of its letters that did, as (from, to) pairs in order.

    `loose` when a word was only found as letters in order: that counts where nothing better is found.
    """

    score: int
    ranges: tuple[tuple[int, int], ...]
    loose: bool = False


def match(typed: str, text: str) -> Match | None:
    """Every word that is typed is found somewhere in `text`, or None. Nothing typed matches everything."""
    letters, places = _folded(text)
    score, marked, loose = 0, set[int](), False
    for word in _words(typed):
        found = _find(word, letters)
        if found is None:
            return None
        points, hit = found
        score += points
        loose = loose or points == SCATTERED
        marked |= {places[place] for place in hit}
    return Match(score - min(len(letters), 60) // 6, tuple(_ranges(sorted(marked))), loose)


@lru_cache(maxsize=16)
def _words(typed: str) -> tuple[str, ...]:
    return tuple(fold(typed).split())


@lru_cache(maxsize=1024)
def _letters(character: str) -> str:
    return fold(character) or " "


@lru_cache(maxsize=4096)
def _folded(text: str) -> tuple[str, tuple[int, ...]]:
    """The folded letters, and for each the place in the text that it came from."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in _letters(character):
            letters.append(letter)
            places.append(place)
    return "".join(letters), tuple(places)


def _find(word: str, letters: str) -> tuple[int, Sequence[int]] | None:
    start = _word_start(word, letters)
    if start >= 0:
        whole = start + len(word) == len(letters) or letters[start + len(word)] == " "
        return START + (15 if start == 0 else 0) + (10 if whole else 0), range(start, start + len(word))
    inside = letters.find(word)
    if inside >= 0 and len(word) > 1:
        return INSIDE, range(inside, inside + len(word))
    scattered = _in_order(word, letters) if len(word) >= LEAST_SCATTERED else None
    return None if scattered is None else (SCATTERED, scattered)


def _word_start(word: str, letters: str) -> int:
    if letters.startswith(word):
        return 0
    found = letters.find(" " + word)
    return found + 1 if found >= 0 else -1


def _in_order(word: str, letters: str) -> list[int] | None:
    """Each letter after the one before, the first at the beginning of a word, and never far apart."""
    for start in (n for n, letter in enumerate(letters) if letter == word[0] and (n == 0 or letters[n - 1] == " ")):
        hit, place = [start], start
        for letter in word[1:]:
            place = letters.find(letter, place + 1)
            if place < 0:
                break
            hit.append(place)
        if len(hit) == len(word) and hit[-1] - hit[0] <= 4 * len(word):
            return hit
    return None


def _ranges(places: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for place in places:
        if found and found[-1][1] == place:
            found[-1] = (found[-1][0], place + 1)
        else:
            found.append((place, place + 1))
    return found
