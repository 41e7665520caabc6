"""Mounts: layouts as data, putting, swapping, turning, filling, and what undo gives back."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import NotFound, RuleViolation
from app.core.ids import PatientId
from app.imaging.commands import (
    assign_view,
    create_mount,
    fill_mount,
    mirror_in_mount,
    put_in_mount,
    rename_mount,
    restore_mount,
    swap_in_mount,
    take_out_of_mount,
    turn_in_mount,
    withdraw_image,
    withdraw_mount,
)
from app.imaging.queries import LAYOUTS, PhotoView, mount_detail, mounts_of
from app.imaging.vocabulary import InstanceId, MountId
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.journal.workplace import Workplace
from tests.app.imaging import samples
from tests.app.imaging.test_showing import DATA, Take, only


@pytest.fixture
def films(take: Take, given: Path, noemie: PatientId) -> list[InstanceId]:
    """Four films in the chart."""
    for number in range(4):
        samples.dicom_file(given / f"{number}.dcm", f"1.1.{number}", Modality="IO", shade=number)
    report = take(given, patient_id=noemie)
    return [item.instance_id for item in report.files if item.instance_id]


@pytest.fixture
def mount(runner: Runner, boss: Actor, noemie: PatientId) -> MountId:
    """An empty mount of four bitewings."""
    return runner.run(boss, create_mount, noemie, "bitewings_4")


def held(runner: Runner, boss: Actor, mount: MountId) -> dict[str, tuple[str | None, int, bool]]:
    """Image, turn and mirroring of each place."""
    places = runner.ask(boss, mount_detail, mount).places
    return {
        place.position: (place.image.instance_id if place.image else None, place.quarter_turns, place.mirrored)
        for place in places
    }


def test_layouts_hold_what_their_names_say() -> None:
    sizes = {key: len(layout.positions) for key, layout in LAYOUTS.items()}
    assert sizes == {
        "full_mouth_18": 18, "full_mouth_20": 20, "full_mouth_14": 14, "bitewings_4": 4, "bitewings_2": 2,
        "photographs_5": 5, "photographs_8": 8, "photographs_9": 9, "photographs_10": 10,
    }  # fmt: skip
    for layout in LAYOUTS.values():
        cells = [(place.row, place.column + span) for place in layout.positions for span in range(place.column_span)]
        assert len(set(cells)) == len(cells), f"two images of {layout.key} lie on each other"
        assert all(row < layout.rows and column < layout.columns for row, column in cells)
        assert len({place.key for place in layout.positions}) == len(layout.positions)
        assert all(bool(place.teeth) is not bool(place.views) for place in layout.positions)


@pytest.mark.parametrize("key", ["full_mouth_18", "full_mouth_20", "full_mouth_14"])
def test_a_full_mouth_series_shows_every_tooth_the_right_side_on_the_left(key: str) -> None:
    layout = LAYOUTS[key]
    every = {quadrant * 10 + tooth for quadrant in (1, 2, 3, 4) for tooth in range(1, 9)}
    films = [place for place in layout.positions if not place.key.startswith("BW")]
    assert {tooth for place in films for tooth in place.teeth} == every
    assert {tooth for place in films if place.row == 0 for tooth in place.teeth} == {t for t in every if t < 30}
    assert films[0].teeth == (18, 17, 16)
    assert films[-1].teeth == (36, 37, 38)


def test_an_image_is_put_replaced_and_taken_out(
    runner: Runner, boss: Actor, mount: MountId, films: list[InstanceId]
) -> None:
    done = runner.submit(boss, put_in_mount, mount, "BW1", films[0]).result()
    runner.run(boss, put_in_mount, mount, "BW1", films[0])
    with pytest.raises(RuleViolation):
        runner.run(boss, put_in_mount, mount, "BW1", films[1])
    with pytest.raises(RuleViolation):
        runner.run(boss, put_in_mount, mount, "BW2", films[0])
    replaced = runner.submit(boss, put_in_mount, mount, "BW1", films[1], replace=True).result()
    assert held(runner, boss, mount)["BW1"] == (films[1], 0, False)
    runner.undo(boss, replaced.operation_id)
    runner.undo(boss, done.operation_id)
    assert {one[0] for one in held(runner, boss, mount).values()} == {None}
    runner.run(boss, put_in_mount, mount, "BW1", films[2])
    runner.run(boss, take_out_of_mount, mount, "BW1")
    assert held(runner, boss, mount)["BW1"] == (None, 0, False)


def test_swapping_carries_turn_and_mirroring_and_undo_gives_them_back(
    runner: Runner, boss: Actor, mount: MountId, films: list[InstanceId]
) -> None:
    runner.run(boss, put_in_mount, mount, "BW1", films[0])
    runner.run(boss, turn_in_mount, mount, "BW1")
    runner.run(boss, mirror_in_mount, mount, "BW1", True)
    assert held(runner, boss, mount)["BW1"] == (films[0], 3, True), "the turn runs the other way once mirrored"
    done = runner.submit(boss, swap_in_mount, mount, "BW1", "BW4").result()
    assert held(runner, boss, mount) == {
        "BW1": (None, 0, False), "BW2": (None, 0, False), "BW3": (None, 0, False), "BW4": (films[0], 3, True),
    }  # fmt: skip
    runner.undo(boss, done.operation_id)
    assert held(runner, boss, mount)["BW1"] == (films[0], 3, True)
    with pytest.raises(RuleViolation):
        runner.run(boss, turn_in_mount, mount, "BW2")
    with pytest.raises(NotFound):
        runner.run(boss, swap_in_mount, mount, "BW1", "BW9")


def test_only_images_of_the_chart_are_mounted(
    runner: Runner, boss: Actor, mount: MountId, take: Take, jerome: PatientId, noemie: PatientId
) -> None:
    other = only(take(DATA / "photos" / "front.jpg", patient_id=jerome))
    model = only(take(DATA / "mesh" / "unit_cube.stl", patient_id=noemie))
    for wrong in (other, model):
        with pytest.raises(RuleViolation):
            runner.run(boss, put_in_mount, mount, "BW1", wrong)


def test_a_withdrawn_image_leaves_its_place_free(
    runner: Runner, boss: Actor, mount: MountId, films: list[InstanceId]
) -> None:
    runner.run(boss, put_in_mount, mount, "BW1", films[0])
    runner.run(boss, withdraw_image, films[0])
    assert held(runner, boss, mount)["BW1"] == (None, 0, False)
    runner.run(boss, put_in_mount, mount, "BW1", films[1])
    assert held(runner, boss, mount)["BW1"][0] == films[1]


def test_mounts_are_listed_renamed_withdrawn_and_made_undone(
    workplace: Workplace, boss: Actor, noemie: PatientId, films: list[InstanceId]
) -> None:
    runner = workplace.runner
    done = runner.submit(boss, create_mount, noemie, "full_mouth_18", "Bilan").result()
    (line,) = runner.ask(boss, mounts_of, noemie)
    assert (line.title, line.filled, line.places, line.layout) == ("Bilan", 0, 18, "full_mouth_18")
    runner.run(boss, rename_mount, done.result, "Bilan initial")
    runner.run(boss, withdraw_mount, done.result)
    assert runner.ask(boss, mounts_of, noemie) == ()
    with pytest.raises(RuleViolation):
        runner.run(boss, put_in_mount, done.result, "U1", films[0])
    runner.run(boss, restore_mount, done.result)
    assert runner.ask(boss, mount_detail, done.result).line.title == "Bilan initial"
    again = runner.submit(boss, create_mount, noemie, "bitewings_2").result()
    runner.undo(boss, again.operation_id)
    assert len(runner.ask(boss, mounts_of, noemie)) == 1
    with pytest.raises(NotFound):
        runner.run(boss, create_mount, noemie, "no_such_layout")
    assert workplace.verify().sound


def test_a_composite_is_filled_by_the_views_that_were_assigned(
    runner: Runner, boss: Actor, take: Take, noemie: PatientId, given: Path
) -> None:
    views = {"front": PhotoView.IV07, "right": PhotoView.IV01, "upper": PhotoView.IV24, "lower": None}
    report = take(*samples.photographs(given, *views), patient_id=noemie)
    ids = {item.name.removesuffix(".jpg"): item.instance_id for item in report.files}
    for name, view in views.items():
        runner.run(boss, assign_view, ids[name], view)
    mount = runner.run(boss, create_mount, noemie, "photographs_8")
    done = runner.submit(boss, fill_mount, mount, report.studies[0]).result()
    assert done.result == 3
    filled = {key: one[0] for key, one in held(runner, boss, mount).items() if one[0]}
    assert filled == {"front": ids["front"], "right": ids["right"], "upper": ids["upper"]}
    assert runner.run(boss, fill_mount, mount, report.studies[0]) == 0, "nothing is mounted twice"
    runner.undo(boss, done.operation_id)
    assert not any(one[0] for one in held(runner, boss, mount).values())
