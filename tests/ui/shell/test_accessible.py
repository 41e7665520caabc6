"""The gate is named and whole, every screen has its help, declared rights exist. The screens: `test_faces`."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget

from app.core.i18n import set_language
from app.core.permissions import PERMISSIONS
from app.journal.discovery import load_slices
from ui.shell.a11y import mute_nodes, tree_of
from ui.shell.help import FOLDER, page_path
from ui.shell.offscreen import settle
from ui.shell.screens import Group, discover, patient_tabs
from ui.shell.window import Window

SCREENS = [spec.name for spec in discover()]
TABS = [tab.name for tab in patient_tabs()]


@pytest.mark.parametrize("text", ["100", "200"])
def test_the_gate_is_named_and_whole(
    gate: Window, text: str, clipped: Callable[[QWidget], list[str]], unnamed: Callable[[QWidget], list[str]]
) -> None:
    gate.session.at_gate["text_size"] = text
    set_language("fr")
    from PySide6.QtWidgets import QApplication

    from ui.shell.preferences import apply_looks

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_looks(app, gate.session.looks())
    settle(gate)
    assert [*clipped(gate), *unnamed(gate)] == []


def test_a_planted_control_without_a_name_is_reported(window: Window) -> None:
    from PySide6.QtWidgets import QToolButton

    window.open("patients")
    settle(window)
    assert mute_nodes(tree_of(window)) == []
    planted = QToolButton(window.workbench)
    planted.setFocusPolicy(window.search.field.focusPolicy())
    planted.show()
    settle(window)
    assert len(mute_nodes(tree_of(window))) == 1


@pytest.mark.parametrize("code", ["fr", "en"])
def test_every_screen_has_its_help(code: str) -> None:
    missing = [spec.name for spec in discover() if not page_path(spec.name, code).exists()]
    assert missing == []
    assert (FOLDER / code / "keys.md").exists()


def test_declared_rights_exist() -> None:
    load_slices()
    named = {spec.permission for spec in discover()} | {tab.permission for tab in patient_tabs()}
    assert named - {None} <= set(PERMISSIONS)
    assert {spec.group for spec in discover()} <= set(Group)
