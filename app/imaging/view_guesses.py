"""Which view is this photograph? A proposal that somebody confirms; nothing is ever assigned by itself.

| why    | what it goes by                                                                                      |
|--------|------------------------------------------------------------------------------------------------------|
| stated | the file states its view (see `views.stated_view`)                                                   |
| name   | words in the name of the file, in French or English                                                  |
| order  | photographs of one study in the order in which they were taken: upright ones are faces, those that lie |
|        | are of the mouth; three or four faces, and five of the mouth, are the usual series                   |
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.core.i18n import N_
from app.core.text import fold
from app.imaging.views import PhotoView
from app.imaging.vocabulary import InstanceId


class GuessedBy(enum.StrEnum):
    """What a proposal goes by."""

    STATED = "stated"
    NAME = "name"
    ORDER = "order"


GUESS_LABELS: Final[dict[GuessedBy, str]] = {
    GuessedBy.STATED: N_("Stated in the file"),
    GuessedBy.NAME: N_("By the name of the file"),
    GuessedBy.ORDER: N_("By its place in the series"),
}
FACES: Final[dict[int, tuple[PhotoView, ...]]] = {
    3: (PhotoView.EV15, PhotoView.EV19, PhotoView.EV01),
    4: (PhotoView.EV15, PhotoView.EV19, PhotoView.EV12, PhotoView.EV01),
}
MOUTHS: Final[dict[int, tuple[PhotoView, ...]]] = {
    5: (PhotoView.IV07, PhotoView.IV01, PhotoView.IV18, PhotoView.IV25, PhotoView.IV27),
}
_RIGHT, _LEFT = r"(?:right|droite?|dte?)", r"(?:left|gauche|gche?)"
_NAMES: Final = tuple(
    (re.compile(pattern), view)
    for pattern, view in (
        (r"\b(?:upper|maxillary|maxillaire|max|superieure?|haut)\b", PhotoView.IV25),
        (r"\b(?:lower|mandibular|mandibulaire|mand|inferieure?|bas)\b", PhotoView.IV27),
        (rf"\b(?:profile?|profil)\b.*\b{_LEFT}\b|\b{_LEFT}\b.*\bprofile?\b", PhotoView.EV22),
        (r"\b(?:profile?|profil)\b", PhotoView.EV01),
        (r"\b(?:smile|smiling|sourire)\b", PhotoView.EV19),
        (r"\b(?:face|visage|repos|rest)\b", PhotoView.EV15),
        (rf"\b{_RIGHT}\b", PhotoView.IV01),
        (rf"\b{_LEFT}\b", PhotoView.IV18),
        (r"\b(?:front|frontale?|frontal|centre|center)\b", PhotoView.IV07),
    )
)


@dataclass(frozen=True, slots=True)
class Photographed:
    """What is known of one photograph: its size as it is shown upright, its place in time, its name."""

    instance_id: InstanceId
    width: int | None
    height: int | None
    taken: tuple[str, int, str]
    name: str
    stated: PhotoView | None = None


@dataclass(frozen=True, slots=True)
class Guess:
    """A view that is proposed, and why."""

    view: PhotoView
    by: GuessedBy


def guessed(
    photographs: Sequence[Photographed], assigned: frozenset[PhotoView] = frozenset()
) -> dict[InstanceId, Guess]:
    """The proposals for the photographs of one study; no view is proposed that is `assigned`, or proposed already."""
    found = {one.instance_id: Guess(one.stated, GuessedBy.STATED) for one in photographs if one.stated}
    taken = {guess.view for guess in found.values()} | assigned
    for one in photographs:
        view = None if one.instance_id in found else _by_name(one)
        if view is not None and view not in taken:
            found[one.instance_id] = Guess(view, GuessedBy.NAME)
            taken.add(view)
    left = sorted((one for one in photographs if one.instance_id not in found), key=lambda one: one.taken)
    faces = [one for one in left if one.width and one.height and one.height > one.width]
    mouths = [one for one in left if one.width and one.height and one.height <= one.width]
    for group, usual in ((faces, FACES), (mouths, MOUTHS)):
        for one, view in zip(group, usual.get(len(group), ()), strict=False):
            if view not in taken:
                found[one.instance_id] = Guess(view, GuessedBy.ORDER)
    return found


def _by_name(one: Photographed) -> PhotoView | None:
    """By the words of the name. What a profile is and what a cheek is, the side alone does not tell: the shape does."""
    words = re.sub(r"[^a-z0-9]+", " ", fold(one.name.rpartition(".")[0] or one.name))
    view = next((view for pattern, view in _NAMES if pattern.search(words)), None)
    if view is None or not one.width or not one.height:
        return view
    return view if view.extraoral is (one.height > one.width) else None
