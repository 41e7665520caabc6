"""Measuring and breaking text for paper, in points. Needs a QGuiApplication with our typefaces loaded."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtGui import QFont, QFontMetricsF

from ui.printing.marks import BODY, Style, Text
from ui.theme.tokens.metrics import DISPLAY_FAMILY, FAMILY

FINENESS: Final = 10
"""Fonts are measured and drawn at ten times their size, so that widths do not follow a device’s resolution."""


@lru_cache(maxsize=32)
def font_of(style: Style) -> QFont:
    """The font of a style, `FINENESS` times as large, in pixels; figures of one width."""
    font = QFont(DISPLAY_FAMILY if style.display else FAMILY)
    font.setPixelSize(round(style.size * FINENESS))
    font.setWeight(QFont.Weight(style.weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def width_of(text: str, style: Style) -> float:
    """How wide a text is, in points."""
    return float(QFontMetricsF(font_of(style)).horizontalAdvance(text)) / FINENESS


def ascent_of(style: Style) -> float:
    """From the top of a line to its baseline, in points; the rest of the leading is shared above and below."""
    metrics = QFontMetricsF(font_of(style))
    spare = style.leading - (metrics.ascent() + metrics.descent()) / FINENESS
    return float(metrics.ascent()) / FINENESS + spare / 2


def wrapped(text: str, style: Style, room: float) -> list[str]:
    """The lines of a text in a width; words are kept whole unless one alone is too wide. Never loses a character."""
    lines = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if width_of(longer, style) <= room:
                line = longer
                continue
            if line:
                lines.append(line)
            *whole, line = _broken(word, style, room)
            lines += whole
        lines.append(line)
    return lines


def _broken(word: str, style: Style, room: float) -> list[str]:
    """A word in pieces that fit."""
    pieces, piece = [], ""
    for letter in word:
        if piece and width_of(piece + letter, style) > room:
            pieces.append(piece)
            piece = ""
        piece += letter
    return [*pieces, piece]


def placed(text: str, x: float, y: float, room: float, style: Style = BODY, align: str = "left") -> Text:
    """One line at the left, middle or right of its room."""
    width = width_of(text, style)
    spare = {"left": 0.0, "centre": (room - width) / 2, "right": room - width}[align]
    return Text(x + spare, y, width, text, style, room)


def lines_at(
    text: str, x: float, y: float, room: float, style: Style = BODY, align: str = "left"
) -> tuple[list[Text], float]:
    """A text broken into lines from a top on, and where the next line begins."""
    marks = []
    for line in wrapped(text, style, room):
        marks.append(placed(line, x, y, room, style, align))
        y += style.leading
    return marks, y


def shortened(text: str, style: Style, room: float) -> str:
    """A text that ends in “…” where it would not fit: for labels alone, whose size is cut in paper."""
    if width_of(text, style) <= room:
        return text
    while text and width_of(f"{text}…", style) > room:
        text = text[:-1].rstrip()
    return f"{text}…"
