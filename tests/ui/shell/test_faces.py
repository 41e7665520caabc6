"""Every face of every screen, and what stands over them: brought into view, whole, and put away again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from ui.shell.a11y import mute_nodes, tree_of
from ui.shell.faces import OVER, faces_of
from ui.shell.offscreen import Look, draw_all, settle, wear
from ui.shell.screens import discover
from ui.shell.verbs import MATRIX_LANGUAGES, MATRIX_SIZES, MATRIX_THEMES
from ui.shell.window import Window

Walk = Callable[[QWidget], list[str]]


def test_every_face_is_whole_and_named_at_the_largest_text(window: Window, clipped: Walk) -> None:
    wear(window, "fr", "light", "200")
    found, seen = {}, []
    for face in faces_of(window):
        away = face.bring()
        settle(window)
        seen.append(face.label)
        if faults := [*clipped(window), *mute_nodes(tree_of(window))]:
            found[face.label] = faults
        away()
        settle(window)
    assert found == {}
    assert len(seen) == len(set(seen))
    assert {spec.name for spec in discover()} <= set(seen)
    assert {f"over.{name}" for name in OVER} <= set(seen)
    assert {"patient.images", "practice.absences", "print.slip", "schedule.week_provider"} <= set(seen)


def test_a_face_that_is_cut_is_reported(window: Window, clipped: Walk) -> None:
    from PySide6.QtWidgets import QLabel

    next(faces_of(window, ["tasks"], every=False)).bring()
    settle(window)
    label = QLabel("These words are longer than their label", window.workbench)
    label.setGeometry(0, 0, 20, 20)
    label.show()
    assert len(clipped(window)) == 1


def test_the_matrix_is_two_languages_three_themes_and_two_sizes() -> None:
    assert len(MATRIX_LANGUAGES) * len(MATRIX_THEMES) * len(MATRIX_SIZES) == 12


@pytest.mark.parametrize("look", [Look("fr"), Look("en", "dark", "200", "compact"), Look(pseudo=True)])
def test_a_look_is_drawn_and_taken_off_again(window: Window, tmp_path: Path, look: Look) -> None:
    names = draw_all(window, tmp_path, [look], ["about"], plain=False, every=False)
    assert names == [f"about-{look.label}.png"]
    assert (tmp_path / names[0]).stat().st_size > 10_000
    settle(window)
    draw_all(window, tmp_path, [Look("en")], ["about"], plain=True, every=False)
    assert window.top.title.text() == "About Archwire", "the longer words are gone"
