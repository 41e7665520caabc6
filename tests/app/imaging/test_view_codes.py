"""The SNOMED CT codes of the photograph views, against pydicom's copy of PS3.16 and against their own check digit."""

from __future__ import annotations

import itertools

import pytest
from pydicom.sr import _concepts_dict

from app.imaging import views

MEANINGS = {
    views.MOUTH: "Mouth", views.HEAD_AND_NECK: "Head and Neck", views.RIGHT: "Right", views.LEFT: "Left",
    views.RIGHT_LATERAL: "right lateral", views.LEFT_LATERAL: "left lateral", views.FRONTAL: "frontal",
    views.OCCLUSAL: "Occlusal projection", views.FACE: "Face", views.ORAL_CAVITY: "oral cavity",
    views.UPPER_ARCH: "Maxillary dental arch", views.LOWER_ARCH: "Mandibular dental arch",
}  # fmt: skip
"""Those that pydicom's context groups hold, by the meaning that PS3.16 gives (CID 4, 244, 4010, 7482, 8134)."""
ELSEWHERE = {
    views.OBLIQUE, views.MIRROR_UNCORRECTED, views.MIRROR_CORRECTED, views.CLOSE_UP, views.CENTRIC_OCCLUSION,
    views.CENTRIC_RELATION, views.LIPS_RELAXED, views.LIPS_CLOSED, views.SMILE, views.TEETH_APART, views.MOUTH_OPEN,
    views.RECESSION, views.BUCCAL, views.FRENULUM,
}  # fmt: skip
"""Those of the groups of the photographic objects (CP-1570), which pydicom does not carry."""
TIMES = ((0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 3, 4, 0, 6, 7, 8, 9, 5), (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
         (3, 4, 0, 1, 2, 8, 9, 5, 6, 7), (4, 0, 1, 2, 3, 9, 5, 6, 7, 8), (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
         (6, 5, 9, 8, 7, 1, 0, 4, 3, 2), (7, 6, 5, 9, 8, 2, 1, 0, 4, 3), (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
         (9, 8, 7, 6, 5, 4, 3, 2, 1, 0))  # fmt: skip
TURN = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def sound(identifier: str) -> bool:
    """Whether the last digit fits (Verhoeff, SNOMED CT Technical Implementation Guide §4.2)."""
    check = 0
    for place, character in enumerate(reversed(identifier)):
        digit = int(character)
        for _time in range(place % 8):
            digit = TURN[digit]
        check = TIMES[check][digit]
    return check == 0


def used() -> set[str]:
    """Every code that a view writes."""
    facts = views.VIEWS.values()
    single = {code for one in facts for code in (one.region, one.side, one.structure, one.view, one.modifier) if code}
    return single | set(itertools.chain.from_iterable(one.conditions for one in facts))


def test_every_code_in_use_is_looked_at() -> None:
    assert used() == set(MEANINGS) | ELSEWHERE


@pytest.mark.parametrize(("code", "meaning"), MEANINGS.items())
def test_codes_mean_what_the_standard_says(code: str, meaning: str) -> None:
    known = {found[code][0] for found in _concepts_dict.concepts["SCT"].values() if code in found}
    assert meaning in known


def test_the_others_are_in_no_group_that_pydicom_carries() -> None:
    carried = set(itertools.chain.from_iterable(_concepts_dict.concepts["SCT"].values()))
    assert not carried & ELSEWHERE


@pytest.mark.parametrize("code", sorted({*MEANINGS, *ELSEWHERE}))
def test_no_code_has_a_digit_wrong(code: str) -> None:
    assert sound(code)
    assert not any(sound(code[:place] + str((int(code[place]) + 1) % 10) + code[place + 1 :]) for place in range(3))
