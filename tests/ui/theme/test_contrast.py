"""Every pair of colours that the design puts together is legible, in the four themes (design §2.1-2.3, §7.1)."""

import re
from itertools import product
from pathlib import Path

import pytest

from ui.theme.contrast import mixed, nearest_passing, ratio
from ui.theme.qss import sheet
from ui.theme.tokens import FIXED, SEVERITIES, STATUSES, THEMES, ThemeTokens
from ui.theme.tokens.metrics import DENSITIES, DONE_INK_MIX

GROUNDS = ("canvas", "surface", "sunken", "raised", "accent_soft")
UI = Path(__file__).resolve().parents[3] / "ui"
every_theme = pytest.mark.parametrize("tokens", THEMES.values(), ids=THEMES.keys())


def of(tokens: ThemeTokens, role: str) -> str:
    return str(getattr(tokens.colours, role))


def test_ratio_of_black_on_white_is_21() -> None:
    assert ratio("black", "white") == pytest.approx(21.0)
    assert ratio("#767676", "white") == pytest.approx(4.54, abs=0.01)


@every_theme
def test_text_on_grounds(tokens: ThemeTokens) -> None:
    for ink, ground in product(("text", "muted", "accent"), GROUNDS):
        assert ratio(of(tokens, ink), of(tokens, ground)) >= 4.5, (ink, ground)
    for ground in ("canvas", "surface", "raised"):
        assert ratio(of(tokens, "faint"), of(tokens, ground)) >= 4.5, ground


@every_theme
def test_edges(tokens: ThemeTokens) -> None:
    for ink, ground in product(("control", "focus", "now"), ("surface", "canvas")):
        assert ratio(of(tokens, ink), of(tokens, ground)) >= 3.0, (ink, ground)


@every_theme
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("on_accent", "accent"),
        ("on_accent", "accent_hover"),
        ("on_danger", "danger"),
        ("on_danger", "danger_hover"),
        ("on_call", "call"),
        ("rail_text", "rail"),
        ("rail_on", "rail_active"),
        ("surface", "doctor"),
    ],
)
def test_words_on_fills(tokens: ThemeTokens, ink: str, ground: str) -> None:
    assert ratio(of(tokens, ink), of(tokens, ground)) >= 4.5


@every_theme
def test_statuses_and_severities(tokens: ThemeTokens) -> None:
    assert set(tokens.statuses) == set(STATUSES)
    assert set(tokens.severities) == set(SEVERITIES)
    surface = of(tokens, "surface")
    for key, status in tokens.statuses.items():
        assert ratio(status.fg, status.soft) >= 4.5, key
        assert ratio(status.fg, surface) >= 4.5, key
        assert ratio(status.solid, surface) >= 3.0, key
    for key, severity in tokens.severities.items():
        assert ratio(severity.fg, severity.soft) >= 4.5, key
        assert ratio(severity.fg, surface) >= 4.5, key
    tints = [pair.soft for pair in (*tokens.statuses.values(), *tokens.avatars)]
    tints += [pair.soft for pair in tokens.severities.values()]
    for ink, tint in product(("text", "muted"), tints):
        assert ratio(of(tokens, ink), tint) >= 4.5, (ink, tint)
    for pair in tokens.avatars:
        assert ratio(pair.fg, pair.soft) >= 4.5


@every_theme
def test_done_visits_keep_legible_ink(tokens: ThemeTokens) -> None:
    # White or black initials stand on the doctor's ink, which past visits mix into their surface.
    done = mixed(of(tokens, "surface"), of(tokens, "doctor"), DONE_INK_MIX)
    assert ratio(of(tokens, "surface"), done) >= 4.5


def test_toast() -> None:
    for ink in (FIXED.toast_text, FIXED.toast_undo, FIXED.toast_hint, FIXED.toast_ok):
        assert ratio(ink, FIXED.toast) >= 4.5
        assert ratio(ink, FIXED.toast_well) >= 4.5


def test_overlays_stand_out_on_black_and_their_halo_carries_them_on_grey() -> None:
    for ink in (FIXED.overlay_measure, FIXED.overlay_plane, FIXED.overlay_line):
        assert ratio(ink, "black") >= 4.5
        assert ratio(ink, FIXED.overlay_halo) >= 4.5


def test_a_failing_colour_is_answered_with_the_nearest_that_passes() -> None:
    yellow = "#F2D06B"
    offered = nearest_passing(yellow, "white")
    assert ratio(yellow, "white") < 4.5 <= ratio(offered, "white")
    assert ratio(offered, "white") < 5.0
    assert nearest_passing("#1A2129", "white").name().upper() == "#1A2129"


@every_theme
def test_faint_never_stands_on_sunken_or_accent_soft(tokens: ThemeTokens) -> None:
    text = sheet(tokens, 1.0, DENSITIES["normal"])
    for rule in re.findall(r"\{[^}]*\}", text):
        inks = re.findall(r"(?<![-\w])(?:placeholder-text-)?color: (#\w+)", rule)
        grounds = re.findall(r"background: (#\w+)", rule)
        if of(tokens, "faint") in inks and of(tokens, "faint") not in (of(tokens, "muted"), of(tokens, "text")):
            assert of(tokens, "sunken") not in grounds or tokens.high_contrast, rule
            assert of(tokens, "accent_soft") not in grounds, rule


def test_no_colour_value_outside_the_tokens() -> None:
    value = re.compile(r"#[0-9A-Fa-f]{3,8}\b|rgba?\(|QColor\(\d|GlobalColor\.(?!transparent)")
    found = [
        f"{path.relative_to(UI)}: {line.strip()}"
        for path in UI.rglob("*.py")
        if "tokens" not in path.parts
        for line in path.read_text(encoding="utf-8").splitlines()
        if value.search(line)
    ]
    assert found == []


def test_the_sheet_leaves_no_role_unfilled_and_sets_no_font() -> None:
    for tokens, density in product(THEMES.values(), DENSITIES.values()):
        text = sheet(tokens, 1.5, density)
        assert "@" not in text
        assert "font" not in text
        assert text.count("{") == text.count("}")
