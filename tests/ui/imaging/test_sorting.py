"""Photographs on a composite: proposals, moving by keyboard and by dragging, confirming, a mount."""

import shutil
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.core.ids import PatientId
from app.imaging.importing import ImportReport
from app.imaging.queries import mounts_of, proposed_views
from app.journal.queries import SYSTEM
from tests.ui.imaging.conftest import DATA, Until
from ui.imaging.sorting_view import SortingView
from ui.shell.window import Window

Rest = Callable[[Window], None]
Take = Callable[..., ImportReport]


def sorting(window: Window, rest: Rest, take: Take, patient_id: PatientId, folder: Path, until: Until) -> SortingView:
    """Two different photographs: one whose name tells the view, one whose name tells nothing."""
    shutil.copy(DATA / "photos" / "front.jpg", folder / "frontale.jpg")
    shutil.copy(DATA / "photos" / "small.heif", folder / "x1.heif")
    take(folder / "frontale.jpg", folder / "x1.heif", patient_id=patient_id)
    window.resize(1440, 900)
    window.open("photographs", patient_id=patient_id)
    rest(window)
    view = window.screens["photographs"]
    assert isinstance(view, SortingView)
    until(lambda: bool(view._places))
    return view


def test_a_proposal_is_moved_by_keyboard_and_confirmed(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until, tmp_path: Path
) -> None:
    view = sorting(window, rest, take, rosalie, tmp_path, until)
    start = next(iter(view._at), "")
    assert start, "the name of the file proposes a view"
    place = view._places[start]
    assert "proposed" in place.accessibleName()
    place.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(place, Qt.Key.Key_Return)
    assert "in hand" in place.accessibleName()
    free = next(p for p in view.layout_in_force.positions if p.key not in view._at)
    QTest.keyClick(view._places[free.key], Qt.Key.Key_Return)
    assert free.key in view._at
    assert start not in view._at
    view.confirm_all()
    runner = window.bench.runner
    until(lambda: any(one.assigned for one in runner.ask(SYSTEM, proposed_views, view._study_id)))
    until(lambda: "confirmed" in view._places[free.key].accessibleName())
    assert not view.confirm.isEnabled()
    window.undo_last()
    until(lambda: not any(one.assigned for one in runner.ask(SYSTEM, proposed_views, view._study_id)))


def test_arrows_move_and_delete_takes_out(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until, tmp_path: Path
) -> None:
    view = sorting(window, rest, take, rosalie, tmp_path, until)
    upper, front = view._places["upper"], view._places["right"]
    upper.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(upper, Qt.Key.Key_Down)
    assert view.focusWidget() is front
    held = next(iter(view._at))
    QTest.keyClick(view._places[held], Qt.Key.Key_Delete)
    assert held not in view._at
    assert len([name for name in view._places if name.startswith("loose:")]) >= 1


def test_a_mount_is_filled_with_the_views_that_stand_there(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until, tmp_path: Path
) -> None:
    view = sorting(window, rest, take, rosalie, tmp_path, until)
    runner = window.bench.runner
    view.make_mount()
    until(lambda: bool(runner.ask(SYSTEM, mounts_of, rosalie)))
    [mount] = runner.ask(SYSTEM, mounts_of, rosalie)
    assert mount.filled == len(view._at)
    window.undo_last()
    until(lambda: not runner.ask(SYSTEM, mounts_of, rosalie))
    assert all(one.assigned is None for one in runner.ask(SYSTEM, proposed_views, view._study_id))


def test_every_place_is_named(
    window: Window, rest: Rest, take: Take, rosalie: PatientId, until: Until, tmp_path: Path,
    unnamed: Callable[[QWidget], list[str]], clipped: Callable[[QWidget], list[str]],
) -> None:  # fmt: skip
    view = sorting(window, rest, take, rosalie, tmp_path, until)
    assert unnamed(view) == []
    assert clipped(view) == []
