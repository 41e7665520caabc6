"""The component sheet: nothing cut, nothing unnamed, everything repainted by a live switch."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from ui.theme.style import Theme, theme
from ui.theme.tokens import THEMES
from ui.widgets.gallery import Gallery
from ui.widgets.layout import VScroll
from ui.widgets.logo import Logo
from ui.widgets.pills import StatusPill


def application() -> QApplication:
    running = QApplication.instance()
    assert isinstance(running, QApplication)
    return running


Walk = Callable[[QWidget], list[str]]
Settle = Callable[[QWidget], None]


@pytest.fixture
def gallery(qtbot: QtBot, themed: Theme, french: Callable[..., str], settled: Settle) -> Gallery:
    window = Gallery(french)
    qtbot.addWidget(window)
    window.resize(1600, 900)
    window.show()
    settled(window)
    return window


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("density", ["compact", "normal", "touch"])
@pytest.mark.usefixtures("themed")
def test_nothing_is_cut_in_french(gallery: Gallery, clipped: Walk, settled: Settle, scale: float, density: str) -> None:
    theme.apply(application(), text_scale=scale, density=density)
    for width in (1600, 1920):
        gallery.resize(width, 900)
        settled(gallery)
        assert clipped(gallery) == []


def test_the_walk_finds_what_is_cut(qtbot: QtBot, clipped: Walk) -> None:
    label = QLabel("Zachary Tremblay")
    qtbot.addWidget(label)
    label.setFixedSize(20, 8)
    label.show()
    assert len(clipped(label)) == 0
    holder = QWidget()
    qtbot.addWidget(holder)
    label.setParent(holder)
    holder.show()
    label.show()
    assert len(clipped(holder)) == 1


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_page_never_scrolls_sideways(
    gallery: Gallery, qapp: QApplication, themed: Theme, settled: Settle, scale: float
) -> None:
    themed.apply(qapp, text_scale=scale)
    gallery.resize(round(800 * scale), 900)
    settled(gallery)
    scroll = gallery.findChild(VScroll)
    assert scroll is not None
    page = scroll.widget()
    assert page is not None
    assert page.width() <= scroll.viewport().width()


def test_every_focusable_node_has_a_name(gallery: Gallery, unnamed: Walk) -> None:
    assert unnamed(gallery) == []


def tab_stops(window: QWidget) -> set[QWidget]:
    """Widgets that the Tab key must reach: of the segments of a control, only the chosen one."""
    return {
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and widget.isEnabled()
        and not (isinstance(widget, QRadioButton) and not widget.isChecked())
    }


def test_tab_reaches_every_stop(gallery: Gallery, qtbot: QtBot) -> None:
    with qtbot.waitActive(gallery):
        gallery.activateWindow()
    stops = tab_stops(gallery)
    assert len(stops) > 25
    visited: set[QWidget] = set()
    for _step in range(len(stops) + 5):
        gallery.focusNextChild()
        focused = QApplication.focusWidget()
        assert focused is not None
        visited.add(focused)
    assert stops <= visited


def test_all_labels_hold_plain_text(gallery: Gallery) -> None:
    labels = gallery.findChildren(QLabel)
    assert len(labels) > 40
    rich = [label.text() for label in labels if label.text() and label.textFormat() != Qt.TextFormat.PlainText]
    assert rich == []


def colours_in(image: QImage, step: int = 3) -> set[str]:
    return {
        image.pixelColor(x, y).name().upper()
        for x in range(0, image.width(), step)
        for y in range(0, image.height(), step)
    }


@pytest.mark.parametrize("name", list(THEMES))
def test_a_theme_switch_repaints_the_same_widgets(
    gallery: Gallery, qapp: QApplication, themed: Theme, settled: Settle, name: str
) -> None:
    pill = gallery.findChild(StatusPill)
    before = gallery.findChildren(QWidget)
    # The mark keeps its bracket colour in every theme.
    for logo in gallery.findChildren(Logo):
        logo.hide()
    themed.apply(qapp, name)
    settled(gallery)
    image = gallery.grab().toImage()
    tokens = THEMES[name]
    assert image.pixelColor(QPoint(4, 4)) == QColor(tokens.colours.canvas)
    shown = colours_in(image)
    for role in ("surface", "accent", "danger", "control"):
        assert getattr(tokens.colours, role) in shown, role
    for status in tokens.statuses.values():
        assert status.soft in shown
    others = [other for other in THEMES.values() if other.colours.accent != tokens.colours.accent]
    assert not {other.colours.accent for other in others} & shown
    assert gallery.findChild(StatusPill) is pill
    assert gallery.findChildren(QWidget) == before


def test_columns_follow_the_effective_width(
    gallery: Gallery, qapp: QApplication, themed: Theme, settled: Settle
) -> None:
    cards = [card for group in gallery._cards for card in group]
    lefts = {card.x() for card in cards}
    assert len(lefts) == 3
    themed.apply(qapp, text_scale=2.0)
    settled(gallery)
    assert len({card.x() for card in cards}) == 1
