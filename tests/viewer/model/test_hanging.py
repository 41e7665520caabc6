"""Which layout is chosen, and which image stands where."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from viewer.model.catalogue import Catalogue, ImageItem, SeriesItem, StudyItem
from viewer.model.hanging import protocol as protocols
from viewer.model.hanging.choosing import choose, hang, known_protocols, score_of, situation
from viewer.model.hanging.mounts import mounts
from viewer.model.hanging.protocol import PLAIN, WHOLE, ProtocolError, read_protocols, shipped, uniform
from viewer.model.marks import FDI_TEETH
from viewer.model.views import ViewKind as V

DAYS = {"new": date(2026, 1, 14), "old": date(2024, 3, 2), "oldest": date(2022, 5, 1)}


def study(uid: str, *views: V, stage: str = "", teeth: tuple[tuple[int, ...], ...] = ()) -> StudyItem:
    numbers = teeth or ((),) * len(views)
    images = tuple(
        ImageItem(f"{uid}:{index}:{view}", view, "IO" if teeth else "DX", teeth=wanted)
        for index, (view, wanted) in enumerate(zip(views, numbers, strict=True))
    )
    return StudyItem(uid, DAYS.get(uid), stage=stage, series=(SeriesItem(f"{uid}.1", images=images),))


def hung(catalogue: Catalogue, uid: str = "new", remembered: str = "") -> tuple[str, list[str]]:
    chosen = choose(catalogue, uid, remembered)
    return chosen.name, [placement.key for placement in hang(chosen, catalogue, uid)]


def test_records_take_the_layout_of_records() -> None:
    views = (V.BUCCAL_LEFT, V.PANORAMIC, V.LOWER_OCCLUSAL, V.LATERAL_CEPH, V.BUCCAL_RIGHT, V.UPPER_OCCLUSAL)
    name, keys = hung(Catalogue(studies=(study("new", *views),)))
    assert name == "records"
    assert [key.split(":")[2] for key in keys] == [
        "panoramic", "lateral_ceph", "buccal_right", "buccal_left", "upper_occlusal", "lower_occlusal",
    ]  # fmt: skip


def test_a_prior_stands_beside_the_current_image() -> None:
    catalogue = Catalogue(studies=(study("new", V.LATERAL_CEPH), study("old", V.LATERAL_CEPH)))
    assert hung(catalogue) == ("ceph_prior", ["new:0:lateral_ceph", "old:0:lateral_ceph"])
    assert choose(catalogue, "new").linked
    assert hung(catalogue, "old")[0] == "single", "what came later is nobody's prior"


def test_the_newest_of_several_priors_is_shown() -> None:
    studies = tuple(study(uid, V.PANORAMIC) for uid in ("new", "old", "oldest"))
    assert hung(Catalogue(studies=studies)) == ("panoramic_prior", ["new:0:panoramic", "old:0:panoramic"])


def test_three_stages_stand_side_by_side_in_their_order() -> None:
    stages = (("new", "T2"), ("old", "T1"), ("oldest", "T0"))
    catalogue = Catalogue(studies=tuple(study(uid, V.LATERAL_CEPH, stage=stage) for uid, stage in stages))
    name, keys = hung(catalogue)
    assert name == "ceph_stages"
    assert [key.split(":")[0] for key in keys] == ["oldest", "old", "new"]


def test_photographs_make_a_composite_and_say_what_is_missing() -> None:
    views = (V.UPPER_OCCLUSAL, V.BUCCAL_RIGHT, V.BUCCAL_LEFT, V.FACE_FRONT, V.PROFILE_RIGHT)
    catalogue = Catalogue(studies=(study("new", *views),))
    chosen = choose(catalogue, "new")
    placements = hang(chosen, catalogue, "new")
    assert chosen.name == "photos8"
    assert [p.cell.label for p in placements if not p.key] == ["Smile", "Lower occlusal", "Front"]
    with_overjet = Catalogue(studies=(study("new", *views, V.OVERJET),))
    assert choose(with_overjet, "new").name == "photos9"


def test_no_image_hangs_twice() -> None:
    catalogue = Catalogue(studies=(study("new", V.OTHER, V.OTHER, V.OTHER),))
    _name, keys = hung(catalogue)
    filled = [key for key in keys if key]
    assert len(filled) == len(set(filled)) == 3


def test_the_users_own_layout_wins() -> None:
    catalogue = Catalogue(studies=(study("new", V.PANORAMIC, V.LATERAL_CEPH),))
    assert hung(catalogue)[0] == "panoramic_ceph"
    assert hung(catalogue, remembered="2x2")[0] == "2x2"
    assert hung(catalogue, remembered="no such layout")[0] == "panoramic_ceph"


def test_a_situation_is_the_kinds_of_image_and_whether_there_is_a_prior() -> None:
    one = Catalogue(studies=(study("new", V.PANORAMIC, V.LATERAL_CEPH),))
    two = Catalogue(studies=(study("new", V.LATERAL_CEPH, V.PANORAMIC), study("old", V.PANORAMIC)))
    assert situation(one, "new") == "lateral_ceph+panoramic"
    assert situation(two, "new") == "lateral_ceph+panoramic|prior"


def test_nothing_hangs_nothing() -> None:
    assert hung(Catalogue()) == ("1x1", [""])


FILMS_18 = (
    (18, 17, 16), (15, 14), (13, 12), (11, 21), (22, 23), (24, 25), (26, 27, 28), (48, 47, 46), (45, 44), (43, 42),
    (41, 31), (32, 33), (34, 35), (36, 37, 38),
)  # fmt: skip
WINGS = ((17, 16, 47, 46), (15, 14, 45, 44), (25, 24, 35, 34), (27, 26, 37, 36))


def test_a_full_mouth_series_is_mounted_by_its_teeth() -> None:
    shuffled = [*FILMS_18[::-2], *FILMS_18[-2::-2]]
    views = (*(V.PERIAPICAL for _film in shuffled), *(V.BITEWING for _film in WINGS))
    catalogue = Catalogue(studies=(study("new", *views, teeth=(*shuffled, *WINGS[::-1])),))
    chosen = choose(catalogue, "new")
    assert chosen.name == "fmx18"
    for placement in hang(chosen, catalogue, "new"):
        found = catalogue.find(placement.key)
        assert found is not None
        assert ", ".join(map(str, sorted(found[1].teeth))) == ", ".join(sorted(placement.cell.label.split(", ")))


def test_a_film_goes_where_its_teeth_agree_best() -> None:
    """A film of 16, 15 and 14 shares a tooth with the molar place, but belongs to the premolars."""
    teeth = ((16, 15, 14), (18, 17, 16))
    catalogue = Catalogue(studies=(study("new", V.PERIAPICAL, V.PERIAPICAL, teeth=teeth),))
    mount = next(mount for mount in mounts() if mount.name == "fmx18")
    placed = {p.cell.label: p.key for p in hang(mount, catalogue, "new") if p.key}
    assert placed == {"15, 14": "new:0:periapical", "18, 17, 16": "new:1:periapical"}


def test_the_patients_right_is_at_the_left_of_the_mount() -> None:
    for mount in mounts():
        for cell in mount.cells:
            middle = cell.left + cell.width / 2
            quadrants = {tooth // 10 for want in cell.wants for tooth in want.teeth if tooth // 10 <= 4}
            if middle < WHOLE / 2 - 10:
                assert quadrants <= {1, 4}
            if middle > WHOLE / 2 + 10:
                assert quadrants <= {2, 3}
            assert all(want.teeth <= FDI_TEETH for want in cell.wants)


@pytest.mark.parametrize(("name", "films"), [("fmx18", 18), ("fmx20", 20), ("bitewings4", 4), ("bitewings2", 2)])
def test_mounts_have_as_many_places_as_their_name_says(name: str, films: int) -> None:
    assert len(next(mount for mount in mounts() if mount.name == name).cells) == films


def test_two_bitewings_are_mounted_by_side() -> None:
    teeth = ((24, 25, 26, 34, 35, 36), (14, 15, 16, 44, 45, 46))
    catalogue = Catalogue(studies=(study("new", V.BITEWING, V.BITEWING, teeth=teeth),))
    name, keys = hung(catalogue)
    assert name == "bitewings2"
    assert keys == ["new:1:bitewing", "new:0:bitewing"]


def test_every_layout_has_a_name_of_its_own_and_its_cells_do_not_overlap() -> None:
    known = known_protocols()
    assert len({protocol.name for protocol in known}) == len(known)
    for protocol in known:
        for index, one in enumerate(protocol.cells):
            for other in protocol.cells[index + 1 :]:
                across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
                down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
                assert min(across, down) < 0.2, protocol.name


def test_plain_layouts_are_one_to_nine_tiles() -> None:
    assert [len(protocol.cells) for protocol in PLAIN] == [1, 2, 3, 2, 4, 6, 3, 6, 9]
    with pytest.raises(ProtocolError):
        uniform(4, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": [0, 0, 120, 50]},
        {"at": [0, 0, 50]},
        {"at": [0, 0, 50, 50], "wants": [{"views": ["no such view"]}]},
        {"at": [0, 0, 50, 50], "wants": [{"view": ["panoramic"]}]},
    ],
)
def test_an_impossible_row_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ProtocolError):
        read_protocols([{"name": "x", "label": "X", "cells": [wrong]}])


def test_a_required_rule_that_does_not_match_takes_all_points() -> None:
    catalogue = Catalogue(studies=(study("new", V.PANORAMIC),))
    row = {
        "name": "x", "label": "X", "cells": [{"at": [0, 0, 100, 100]}],
        "rules": [
            {"want": {"views": ["panoramic"]}, "score": 50},
            {"want": {"views": ["bitewing"]}, "score": 1, "required": True},
        ],
    }  # fmt: skip
    (made,) = read_protocols([row])
    assert score_of(made, catalogue, "new") == 0


def test_the_shipped_rows_are_read_from_their_file() -> None:
    rows = json.loads((Path(protocols.__file__).parent / "protocols.json").read_text("utf-8"))
    assert [protocol.name for protocol in shipped()] == [row["name"] for row in rows]
