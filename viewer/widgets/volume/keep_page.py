"""The page of what is kept: cephalogram, panoramic, sections and captures, into the patient's images."""

from __future__ import annotations

from collections.abc import Callable

from viewer.errors import N_
from viewer.volume.projection import Beam, Direction, Half
from viewer.widgets.look import Look
from viewer.widgets.texts import TileTexts
from viewer.widgets.volume.form import Page, say

VIEWS = {Direction.LATERAL: N_("Lateral"), Direction.PA: N_("Frontal (PA)")}
HALVES = {Half.BOTH: N_("Both halves"), Half.RIGHT: N_("Right half only"), Half.LEFT: N_("Left half only")}
RAYS = ((None, N_("Parallel: no magnification")), (Beam(), N_("From a point, as a cephalostat (×1.1)")))
KEEPING = N_("Keeping…")
KEPT_WORDS = N_("What is kept stands with the patient’s images; the original volume is untouched.")


class KeepPage(Page):
    """Its buttons do the `deeds`: `cephalogram`, `panoramic`, `section`, `pane`, `all`, `report`."""

    def __init__(self, texts: TileTexts, look: Look, deeds: dict[str, Callable[[], None]], refusal: str) -> None:
        super().__init__(texts, look)
        self.head(N_("Cephalogram"))
        self.view = self.choice(N_("View"), list(VIEWS.items()), lambda: None)
        self.half = self.choice(N_("Half of the head"), list(HALVES.items()), lambda: None)
        self.rays = self.choice(N_("Rays"), list(RAYS), lambda: None)
        buttons = [self.button(N_("Make it and measure it"), deeds["cephalogram"], primary=True)]
        self.head(N_("Keep"))
        for words, name in (
            (N_("Panoramic"), "panoramic"), (N_("Section in hand, with its values"), "section"),
            (N_("Picture of the pane in hand"), "pane"), (N_("Picture of all panes"), "all"),
        ):  # fmt: skip
            buttons.append(self.button(words, deeds[name]))
        self.words = self.note(KEPT_WORDS)
        self.head(N_("Report"))
        buttons.append(self.button(N_("Report as PDF…"), deeds["report"]))
        self.end()
        for button in buttons[:-1]:
            button.setEnabled(not refusal)
            button.setToolTip(refusal)
        if refusal:
            say(self.words, refusal)

    @property
    def chosen(self) -> tuple[Direction, Half, Beam | None]:
        """The cephalogram that is asked for."""
        return Direction(self.view.currentData()), Half(self.half.currentData()), self.rays.currentData()
