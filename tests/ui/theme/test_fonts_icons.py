"""The typefaces and shapes are those shipped, not what Qt falls back to in silence."""

import ast
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF

from ui.theme.fonts import role_font, sized_font
from ui.theme.icons import UnknownIconError, icon_pixmap, shipped_icons
from ui.theme.resources import FONTS, ICONS
from ui.theme.style import Theme
from ui.theme.tokens import SEVERITIES, STATUSES
from ui.theme.tokens.metrics import TEXT_SCALES, TYPE, Weight

UI = Path(__file__).resolve().parents[3] / "ui"


@pytest.mark.parametrize("weight", list(Weight))
def test_each_weight_of_both_families_is_ours(themed: Theme, weight: Weight) -> None:
    for px, family in ((13, "Inter"), (20, "Inter Display")):
        info = QFontInfo(sized_font(px, weight))
        assert info.family() == family
        assert info.weight() == weight
        assert info.pixelSize() == px


def test_figures_are_tabular(themed: Theme) -> None:
    for role in ("small", "body", "figure"):
        metrics = QFontMetricsF(role_font(role))
        widths = {round(metrics.horizontalAdvance(digit * 20), 3) for digit in "0123456789"}
        assert len(widths) == 1


def test_tabular_figures_leave_words_whole(themed: Theme) -> None:
    """The original `tnum` widens the hyphen too, and "rendez-vous" falls apart."""
    for role in ("body", "title"):
        font = role_font(role)
        plain = role_font(role)
        plain.setFeature(QFont.Tag("tnum"), 0)
        for text in ("rendez-vous", "Garder: (Roy, Côté)."):
            assert QFontMetricsF(font).horizontalAdvance(text) == QFontMetricsF(plain).horizontalAdvance(text)


def test_nothing_is_smaller_than_the_caption_at_full_size() -> None:
    assert min(step.px for step in TYPE.values()) == 11
    for scale in TEXT_SCALES:
        for role, step in TYPE.items():
            assert role_font(role, scale).pixelSize() == round(step.px * scale)


def test_every_status_and_severity_has_its_shape() -> None:
    for status in STATUSES.values():
        assert (ICONS / status.weight / f"{status.icon}.svg").is_file()
    for severity in SEVERITIES.values():
        for weight in ("bold", "fill"):
            assert (ICONS / weight / f"{severity.icon}.svg").is_file()
    assert len({status.icon for status in STATUSES.values()}) == len(STATUSES)


def test_the_weights_hold_the_same_names() -> None:
    assert shipped_icons("regular") == shipped_icons("bold") == shipped_icons("fill")
    assert shipped_icons("duotone") <= shipped_icons("regular")


def test_icons_named_in_widgets_are_shipped() -> None:
    """Every string given as an icon in the component sheet or in a widget."""
    known = shipped_icons() | {"logo", ""}
    for path in (UI / "widgets").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                for keyword in node.keywords:
                    if keyword.arg == "icon" and isinstance(keyword.value, ast.Constant):
                        assert keyword.value.value in known, (path.name, keyword.value.value)


def test_an_icon_is_drawn_in_its_colour_at_the_screens_resolution(themed: Theme) -> None:
    ink = QColor(themed.status("late").fg)
    pixmap = icon_pixmap("clock-countdown", ink, 16, "fill", ratio=2.0)
    assert (pixmap.width(), pixmap.devicePixelRatio()) == (32, 2.0)
    image = pixmap.toImage()
    colours = {
        image.pixelColor(x, y).name() for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() == 255
    }
    assert colours == {ink.name()}


def test_the_same_icon_is_drawn_once(themed: Theme) -> None:
    first = icon_pixmap("bell", "red", 18)
    assert icon_pixmap("bell", "red", 18).cacheKey() == first.cacheKey()
    assert icon_pixmap("bell", "blue", 18).cacheKey() != first.cacheKey()


def test_an_unknown_icon_is_refused(themed: Theme) -> None:
    with pytest.raises(UnknownIconError):
        icon_pixmap("no-such-shape", "red")


def test_licences_travel_with_the_files() -> None:
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert "Phosphor Icons" in (ICONS / "LICENSE").read_text(encoding="utf-8")
