"""What a workspace can do, as rows: the bar, the menus, the keys and the shell's palette are made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from viewer.errors import N_
from viewer.pixels.filters import FILTER_NAMES, Filter
from viewer.pixels.presets import PRESET_NAMES, Preset
from viewer.widgets.pseudo_colour import PSEUDO_COLOUR_NAMES, PseudoColour

if TYPE_CHECKING:
    from viewer.widgets.workspace import Workspace


@dataclass(frozen=True)
class ActionRow:
    """One action. `place` is 'bar', or the menu in which it stands; `checked` says whether it is on."""

    name: str
    label: str
    """An English message."""
    act: Callable[[Workspace], object]
    icon: str = ""
    key: str = ""
    """A letter, digit or Qt key name (Home, End), or one of them with Ctrl (Ctrl+E), that does it while a tile has the
    focus; design has none on AltGr."""
    place: str = "more"
    checked: Callable[[Workspace], bool] | None = None
    keeps: bool = False
    """Stays in a bar that is too narrow while others go into the menu “More”."""


WINDOW_MENU, FILTER_MENU, SIZE_MENU, MORE_MENU, MARK_MENU = "window", "filter", "size", "more", "marks"
MENUS = {
    MARK_MENU: (N_("Image marks"), "polygon"),
    WINDOW_MENU: (N_("Presets"), "sliders-horizontal"),
    SIZE_MENU: (N_("Size"), "frame-corners"),
    FILTER_MENU: (N_("Filters"), "sparkle"),
    MORE_MENU: (N_("More"), "dots-three"),
}


def _preset(kind: Preset) -> ActionRow:
    return ActionRow(f"preset_{kind}", PRESET_NAMES[kind], lambda w: w.apply_preset(kind), place=WINDOW_MENU)


def _filter(kind: Filter) -> ActionRow:
    def on(workspace: Workspace) -> bool:
        return workspace.active is not None and workspace.active.filter is kind

    return ActionRow(
        f"filter_{kind}", FILTER_NAMES[kind], lambda w: w.apply_filter(kind), place=FILTER_MENU, checked=on
    )


def _colour(kind: PseudoColour) -> ActionRow:
    def on(workspace: Workspace) -> bool:
        return workspace.active is not None and workspace.active.pseudo_colour is kind

    return ActionRow(
        f"colour_{kind}", PSEUDO_COLOUR_NAMES[kind], lambda w: w.apply_colour(kind), place=FILTER_MENU, checked=on
    )


ACTIONS: tuple[ActionRow, ...] = (
    ActionRow("rotate", N_("Rotate"), lambda w: w.on_active("rotate"), "arrow-clockwise", "R", "bar", keeps=True),
    ActionRow("mirror", N_("Mirror"), lambda w: w.on_active("mirror"), "flip-horizontal", "M", "bar", keeps=True),
    ActionRow("invert", N_("Invert"), lambda w: w.on_active("invert"), "drop-half", "I", "bar"),
    ActionRow("link", N_("Link"), lambda w: w.toggle_link(), "link", "G", "bar", lambda w: w.links.enabled),
    ActionRow("key_image", N_("Key image"), lambda w: w.toggle_key_image(), "key", "K", "bar", lambda w: w.is_key()),
    ActionRow("cine", N_("Cine"), lambda w: w.toggle_cine(), "play", "P", "bar", lambda w: w.cine_runs()),
    ActionRow("reset", N_("Reset"), lambda w: w.reset(), "arrow-counter-clockwise", "Backspace", "bar"),
    *(_preset(kind) for kind in Preset),
    ActionRow("fit", N_("Whole image"), lambda w: w.on_active("fit"), key="Home", place=SIZE_MENU),
    ActionRow("one_to_one", N_("Pixel for pixel"), lambda w: w.on_active("one_to_one"), key="End", place=SIZE_MENU),
    ActionRow("life_size", N_("Life size"), lambda w: w.life_size(), key="Y", place=SIZE_MENU),
    ActionRow("maximise", N_("One tile alone"), lambda w: w.toggle_maximised(), key="Return", place=SIZE_MENU),
    *(_filter(kind) for kind in Filter),
    *(_colour(kind) for kind in PseudoColour),
    ActionRow("flip", N_("Flip top to bottom"), lambda w: w.on_active("flip"), "flip-vertical", "B"),
    ActionRow("undo", N_("Undo the mark"), lambda w: w.undo(), "arrow-u-up-left"),
    ActionRow("redo", N_("Redo the mark"), lambda w: w.redo(), "arrow-u-up-right"),
    ActionRow("second", N_("Second window"), lambda w: w.open_second(), "monitor", "U"),
    ActionRow("screen", N_("Check the screen"), lambda w: w.check_screen(), "monitor", "E"),
    ActionRow("automatic_layout", N_("Automatic layout"), lambda w: w.hang_automatically(), "layout", "0"),
)
