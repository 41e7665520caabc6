"""What an image shows, worked out from its header: the ground on which hanging protocols stand.

Photographs carry the view numbers EV01–EV43 and IV01–IV30 of ANSI/ADA 1100 (as published with DICOM CP-1570); the
numbers used here are those of orthodontic practice. Radiographs are told by modality, body part and view position.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum


class ViewKind(StrEnum):
    """Kinds of picture that an orthodontic clinic keeps apart."""

    PANORAMIC = "panoramic"
    LATERAL_CEPH = "lateral_ceph"
    FRONTAL_CEPH = "frontal_ceph"
    BITEWING = "bitewing"
    PERIAPICAL = "periapical"
    OCCLUSAL_FILM = "occlusal_film"
    HAND_WRIST = "hand_wrist"
    VOLUME = "volume"
    FACE_FRONT = "face_front"
    FACE_SMILE = "face_smile"
    FACE_OBLIQUE = "face_oblique"
    PROFILE_RIGHT = "profile_right"
    PROFILE_LEFT = "profile_left"
    TEETH_FRONT = "teeth_front"
    BUCCAL_RIGHT = "buccal_right"
    BUCCAL_LEFT = "buccal_left"
    UPPER_OCCLUSAL = "upper_occlusal"
    LOWER_OCCLUSAL = "lower_occlusal"
    OVERJET = "overjet"
    PHOTOGRAPH = "photograph"
    OTHER = "other"


FACES = frozenset(
    {
        ViewKind.FACE_FRONT,
        ViewKind.FACE_SMILE,
        ViewKind.FACE_OBLIQUE,
        ViewKind.PROFILE_RIGHT,
        ViewKind.PROFILE_LEFT,
    }
)
MOUTHS = frozenset(
    {
        ViewKind.TEETH_FRONT,
        ViewKind.BUCCAL_RIGHT,
        ViewKind.BUCCAL_LEFT,
        ViewKind.UPPER_OCCLUSAL,
        ViewKind.LOWER_OCCLUSAL,
        ViewKind.OVERJET,
    }
)
PHOTOGRAPHS = FACES | MOUTHS | {ViewKind.PHOTOGRAPH}
INTRAORAL_FILMS = frozenset({ViewKind.BITEWING, ViewKind.PERIAPICAL, ViewKind.OCCLUSAL_FILM})

_IV = {
    **dict.fromkeys(range(1, 7), ViewKind.BUCCAL_RIGHT),
    **dict.fromkeys(range(7, 14), ViewKind.TEETH_FRONT),
    **dict.fromkeys(range(14, 18), ViewKind.OVERJET),
    **dict.fromkeys(range(18, 24), ViewKind.BUCCAL_LEFT),
    24: ViewKind.UPPER_OCCLUSAL,
    25: ViewKind.UPPER_OCCLUSAL,
    26: ViewKind.LOWER_OCCLUSAL,
    27: ViewKind.LOWER_OCCLUSAL,
}
_EV = {
    **dict.fromkeys(range(1, 8), ViewKind.PROFILE_RIGHT),
    **dict.fromkeys(range(8, 15), ViewKind.FACE_OBLIQUE),
    **dict.fromkeys((15, 16, 17, 18, 21), ViewKind.FACE_FRONT),
    **dict.fromkeys((19, 20), ViewKind.FACE_SMILE),
    **dict.fromkeys(range(22, 29), ViewKind.PROFILE_LEFT),
    **dict.fromkeys(range(29, 36), ViewKind.FACE_OBLIQUE),
}
_MIRROR_UNCORRECTED = frozenset({2, 5, 19, 22, 24, 26})
"""IV views that are taken in a mirror and stored as the mirror showed them."""
_NUMBER = re.compile(r"\b([EI])V-?\s?(\d{1,2})\b")
_PHOTO_MODALITIES = frozenset({"XC", "GM", "ES", "ECOG"})
_WORDS: tuple[tuple[ViewKind, str], ...] = (
    (ViewKind.HAND_WRIST, r"hand|wrist|main|poignet|carp"),
    (ViewKind.FRONTAL_CEPH, r"(ceph|c[ée]ph).*(frontal|pa\b|ap\b|front)|(frontal|pa|ap) (ceph|c[ée]ph)"),
    (ViewKind.LATERAL_CEPH, r"ceph|c[ée]ph|t[ée]l[ée]radio"),
    (ViewKind.PANORAMIC, r"pan(o|oramic|oramique|orex)?\b|opg|orthopanto"),
    (ViewKind.BITEWING, r"bite-?\s?wing|bw\b|interprox"),
    (ViewKind.PERIAPICAL, r"periapical|p[ée]riapical|r[ée]tro-?alv"),
)
_PHOTO_WORDS: tuple[tuple[ViewKind, str], ...] = (
    (ViewKind.UPPER_OCCLUSAL, r"(maxill\w*|upper|sup\w*).*occlus|occlus\w*.*(maxill|upper|sup)"),
    (ViewKind.LOWER_OCCLUSAL, r"(mandib\w*|lower|inf\w*).*occlus|occlus\w*.*(mandib|lower|inf)"),
    (ViewKind.OVERJET, r"overjet|surplomb"),
    (ViewKind.BUCCAL_RIGHT, r"(right|droit\w*).*(buccal|intra)|(buccal\w*|intra\w*).*(right|droit)"),
    (ViewKind.BUCCAL_LEFT, r"(left|gauche).*(buccal|intra)|(buccal\w*|intra\w*).*(left|gauche)"),
    (ViewKind.PROFILE_LEFT, r"(left|gauche).*profil|profil\w*.*(left|gauche)"),
    (ViewKind.FACE_OBLIQUE, r"45|three.quarter|trois.quarts|oblique"),
    (ViewKind.PROFILE_RIGHT, r"profil"),
    (ViewKind.FACE_SMILE, r"smile|sourire"),
    (ViewKind.TEETH_FRONT, r"(intra\w*|teeth|dents).*front|front\w*.*(intra|teeth|dents|occlusion)"),
    (ViewKind.FACE_FRONT, r"face|extra\w*.*front|visage"),
)


def view_of(
    modality: str, body_part: str = "", view_position: str = "", texts: Sequence[str] = (), laterality: str = ""
) -> ViewKind:
    """The kind of view. `texts` are descriptions and comments, in any language that the clinic writes."""
    words = " · ".join(texts)
    if (number := photo_number(words)) is not None:
        return _by_number(*number)
    if modality in _PHOTO_MODALITIES:
        return _by_words(words, _PHOTO_WORDS) or ViewKind.PHOTOGRAPH
    if modality == "PX":
        return ViewKind.PANORAMIC
    if modality == "CT":
        return ViewKind.VOLUME
    found = _by_words(words, _WORDS)
    if modality == "IO":
        return found if found in INTRAORAL_FILMS else ViewKind.PERIAPICAL
    return found or _radiograph(body_part.upper(), view_position.upper(), bool(laterality))


def photo_number(words: str) -> tuple[str, int] | None:
    """('E' or 'I', number) of the first ANSI/ADA 1100 view number in a text."""
    found = _NUMBER.search(words)
    return (found[1], int(found[2])) if found else None


def is_mirror_image(words: str) -> bool:
    """Whether a photograph was stored as the mirror showed it, so that it must be shown mirrored."""
    number = photo_number(words)
    if number is not None:
        return number[0] == "I" and number[1] in _MIRROR_UNCORRECTED
    return bool(re.search(r"with mirror(?! but corrected)|mirror uncorrected|avec miroir", words, re.IGNORECASE))


def _by_number(letter: str, number: int) -> ViewKind:
    return (_IV if letter == "I" else _EV).get(number, ViewKind.PHOTOGRAPH)


def _by_words(words: str, table: tuple[tuple[ViewKind, str], ...]) -> ViewKind | None:
    return next((view for view, pattern in table if re.search(pattern, words, re.IGNORECASE)), None)


def _radiograph(body_part: str, position: str, sided: bool) -> ViewKind:
    if body_part in ("HAND", "WRIST"):
        return ViewKind.HAND_WRIST
    if body_part in ("SKULL", "HEAD", "CEPHALOGRAM"):
        lateral = position in ("LL", "RL", "LAT", "LATERAL") or (not position and sided)
        frontal = position in ("PA", "AP")
        return ViewKind.LATERAL_CEPH if lateral else ViewKind.FRONTAL_CEPH if frontal else ViewKind.OTHER
    if body_part in ("JAW", "MANDIBLE", "MAXILLA") and not position:
        return ViewKind.PANORAMIC
    return ViewKind.OTHER
