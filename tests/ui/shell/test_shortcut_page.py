"""Shortcuts, what’s new, About and the banner of an update."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableView, QWidget

from app.access.settings import NEWS_SEEN
from app.core.i18n import set_language
from ui.shell.about import AboutScreen
from ui.shell.preferences import TEXT_SIZE, TextSize
from ui.shell.shortcut_page import ShortcutPage, key_lines
from ui.shell.shortcuts import WINDOW_KEYS, key_words
from ui.shell.versions import RUNNING, UpdateWatch, tell_news
from ui.shell.window import Window

Rest = Callable[[Window], None]


def test_every_key_of_the_window_is_listed_once() -> None:
    listed = [(line.where, line.what) for line in key_lines()]
    assert len(listed) == len(set(listed))
    words = {line.what for line in key_lines()}
    assert {item.title for item in WINDOW_KEYS} <= words
    assert "Ctrl 1 … Ctrl 9" in {line.keys for line in key_lines()}


def test_no_key_is_bound_twice() -> None:
    keys = [item.keys for item in WINDOW_KEYS]
    assert len(keys) == len(set(keys))


def test_keys_are_said_in_the_language() -> None:
    set_language("fr")
    assert key_words("Ctrl+Shift+Up") == "Ctrl Maj ↑"
    set_language("en")
    assert key_words("Ctrl+Shift+Up") == "Ctrl Shift ↑"


def test_the_page_opens_by_its_key_and_filters(window: Window, rest: Rest, tmp_path: Path) -> None:
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_F1, Qt.KeyboardModifier.ControlModifier)
    rest(window)
    page = window.screens["shortcuts"]
    assert isinstance(page, ShortcutPage)
    before = len(page.shown())
    page.filter_field().setText("undo")
    rest(window)
    assert [line.keys for line in page.shown()] == ["Ctrl Z"]
    assert before > 20
    page.save_to(tmp_path / "keys.pdf")
    assert (tmp_path / "keys.pdf").read_bytes().startswith(b"%PDF")
    assert "Ctrl Z" in page.sheet().toPlainText()
    page.filter_field().setText("nothing has such a name")
    rest(window)
    assert page.shown() == []


def test_what_is_new_is_shown_once_to_who_knew_another_version(window: Window, rest: Rest) -> None:
    bench = window.bench
    assert window.help.isHidden(), "somebody new has seen no other version"
    assert bench.setting(NEWS_SEEN) == RUNNING
    assert tell_news(window, "99.0")
    rest(window)
    assert window.help.isVisible()
    window.toggle_help()
    assert not tell_news(window, "99.0"), "once"
    assert window.help.isHidden()


def test_an_installed_version_is_told_once(window: Window) -> None:
    watch = UpdateWatch(window)
    watch.look(RUNNING)
    assert window.banner_host.isHidden()
    watch.look("99.0")
    assert window.banner_host.isVisible()
    window.banner_host.hide()
    watch.look("99.0")
    assert window.banner_host.isHidden()


def test_the_support_file_is_written_from_about(window: Window, rest: Rest, tmp_path: Path) -> None:
    window.open("about")
    rest(window)
    page = window.screens["about"]
    assert isinstance(page, AboutScreen)
    page.write_to(tmp_path / "support.zip")
    rest(window)
    with zipfile.ZipFile(tmp_path / "support.zip") as archive:
        assert json.loads(archive.read("versions.json"))["program"] == RUNNING
        assert json.loads(archive.read("verify.json"))["sound"]


@pytest.mark.parametrize("name", ["shortcuts", "about", "access_log", "settings"])
@pytest.mark.parametrize("size", [TextSize.P100, TextSize.P200])
def test_the_screens_are_named_whole_and_never_scroll_sideways(
    window: Window, rest: Rest, name: str, size: TextSize, unnamed: Callable[[QWidget], list[str]],
    clipped: Callable[[QWidget], list[str]],
) -> None:  # fmt: skip
    window.resize(1280, 800)
    window.prefer(TEXT_SIZE, size)
    rest(window)
    window.open(name)
    rest(window)
    screen: Any = window.screens[name]
    assert unnamed(screen) == []
    assert clipped(screen) == []
    for table in screen.findChildren(QTableView):
        assert table.horizontalScrollBar().maximum() == 0
