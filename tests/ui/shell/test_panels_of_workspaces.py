"""Every workspace with all its panels, in French: named, whole, nothing overlaps. The screens: `test_faces`."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget

from ui.shell.offscreen import settle, wear
from ui.shell.window import Window

Walk = Callable[[QWidget], list[str]]


@pytest.mark.parametrize("text", ["100", "200"])
def test_every_workspace_is_named_and_whole(
    window: Window, text: str, clipped: Walk, overlapping: Walk, unnamed: Walk
) -> None:
    wear(window, "fr", "light", text)
    found = {}
    for spec in window.workspaces():
        window.choose_workspace(spec.name)
        settle(window)
        for panel in window.docks.panels.values():
            if not panel.isVisible():
                window.docks.toggle(panel.spec.name)
        settle(window)
        faults = [*clipped(window), *overlapping(window), *unnamed(window)]
        if faults:
            found[spec.name] = faults
    assert found == {}


def test_planted_neighbours_that_overlap_are_reported(window: Window, overlapping: Walk) -> None:
    from PySide6.QtWidgets import QLabel

    window.open("patients")
    settle(window)
    assert overlapping(window) == []
    for place in (0, 10):
        label = QLabel("Planted", window.workbench)
        label.setGeometry(place, 0, 60, 20)
        label.show()
    assert len(overlapping(window)) == 1
