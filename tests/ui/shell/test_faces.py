"""Every face of every screen, and what stands over them: brought into view, measured, and put away again."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QTabBar, QTableView, QWidget

from app.journal.queries import NOBODY
from tests.ui import walks
from ui.shell.a11y import mute_nodes, tree_of
from ui.shell.faces import OVER, faces_of
from ui.shell.offscreen import Look, draw_all, dressed, settle
from ui.shell.screens import discover
from ui.shell.verbs import MATRIX_LANGUAGES, MATRIX_SIZES, MATRIX_THEMES
from ui.shell.window import Window
from ui.theme.qss import sheet
from ui.theme.tokens import THEMES
from ui.theme.tokens.metrics import DENSITIES
from ui.widgets.labels import ElidedLabel

Walk = Callable[[QWidget], list[str]]
MATRIX = [
    Look(language, colours, text)
    for language in ("fr", "en") for colours in ("light", "high_contrast") for text in ("100", "200")
]  # fmt: skip
"""Languages, lines and sizes. Dark is light in other colours, which a test below holds."""
LONGER = [Look(text=text, pseudo=True) for text in ("100", "200")]


def faults_of(window: Window, label: str) -> list[str]:
    """What the walks find on a face: all of the window, and across the screen where nothing stands over it."""
    found = [fault for walk in (walks.clipped, walks.shortened, walks.cut_heads) for fault in walk(window)]
    over = label.startswith("over.")
    found += walks.overlapping(window) + ([] if over else walks.strangers_overlapping(window.stack.currentWidget()))
    nodes = tree_of(window)
    without = [str(node["name"]) for node in nodes if "focusable" in node["states"] and node["role"] == "NoRole"]
    return found + mute_nodes(nodes) + [f"{name} has no role" for name in without]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("look", [*MATRIX, *LONGER], ids=lambda look: look.label)
def test_every_face_is_whole_and_named(window: Window, look: Look) -> None:
    """Every screen, tab, section, document and what stands over them: nothing cut, nothing overlaps, all is named."""
    found, seen = {}, []
    with dressed(window, look):
        for face in faces_of(window):
            away = face.bring()
            settle(window)
            seen.append(face.label)
            if faults := faults_of(window, face.label):
                found[face.label] = faults
            away()
            settle(window)
    assert found == {}
    assert len(seen) == len(set(seen))
    assert {spec.name for spec in discover()} <= set(seen)
    assert {f"over.{name}" for name in OVER} <= set(seen)
    assert {"patient.images", "practice.absences", "print.slip", "schedule.week_provider"} <= set(seen)


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("density", ["compact", "normal", "touch"])
def test_dark_is_light_in_other_colours(scale: float, density: str) -> None:
    """Nothing but colours differs, so that what is measured in light holds in the dark."""
    colour = re.compile(r"#[0-9A-Fa-f]{6}|rgba?\([^)]*\)")
    sheets = [colour.sub("colour", sheet(THEMES[name], scale, DENSITIES[density])) for name in ("light", "dark")]
    assert sheets[0] == sheets[1]
    assert THEMES["light"].line == THEMES["dark"].line != THEMES["high_contrast"].line
    assert colour.sub("colour", sheet(THEMES["high_contrast"], scale, DENSITIES[density])) != sheets[0]


def planted(window: Window, *widgets: QWidget) -> None:
    """Put widgets where a face stands, one over the other."""
    next(faces_of(window, ["tasks"], every=False)).bring()
    settle(window)
    for place, widget in enumerate(widgets):
        widget.setParent(window.stack.currentWidget())
        widget.setGeometry(4 * place, 0, 24, 20)
        widget.show()


def test_words_of_which_nothing_is_left_are_reported(window: Window) -> None:
    field, box = QLineEdit(), QComboBox()
    field.setPlaceholderText("Name, phone or file number")
    box.addItem("Everybody who works here")
    planted(window, ElidedLabel("Unreadable in so little room"), field, box)
    assert len(walks.shortened(window)) == 3


def test_a_walk_longer_than_a_person_may_be_away_is_not_locked_out(window: Window) -> None:
    """Of all faces on a slow machine, the last were those of a locked window."""
    window.session._touched -= 100_000
    window.session._watch.setInterval(0)
    settle(window)
    assert window.bench.actor is not NOBODY
    window.session._look_at_clock()
    settle(window)
    assert window.bench.actor is NOBODY, "it is the watch that rests, not the rule"


def test_heads_that_are_cut_are_reported(window: Window) -> None:
    bar = QTabBar()
    for name in ("Summary", "Visits", "Images"):
        bar.addTab(name)
    planted(window, bar)
    (tabs,) = walks.cut_heads(window)
    assert tabs.startswith("tabs ['Summary'")
    next(faces_of(window, ["patients"], every=False)).bring()
    settle(window)
    (table,) = walks.shown(window.screens["patients"], QTableView)
    assert isinstance(table, QTableView)
    assert walks.cut_heads(window) == []
    table.horizontalHeader().setMinimumSectionSize(4)
    table.setColumnWidth(1, 12)
    (head,) = walks.cut_heads(window)
    assert head.startswith("head ")


def test_words_that_stand_on_others_are_reported_across_the_screen(window: Window) -> None:
    host = QWidget()
    planted(window, QLabel("One"), host)
    other = QLabel("Two", host)
    other.show()
    assert walks.overlapping(window) == [], "they are no neighbours"
    assert any("'Two' over 'One'" in fault for fault in walks.strangers_overlapping(window.screens["tasks"]))


def test_a_face_that_is_cut_is_reported(window: Window, clipped: Walk) -> None:
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
