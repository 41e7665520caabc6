"""Colours that no theme changes: toast, image overlays, scrim and shadow."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fixed:
    """The toast is dark everywhere. Overlays stand on images with a 1 px halo, because yellow is 14.0:1 on black
    but 2.6:1 on mid-grey."""

    toast: str = "#18202B"
    toast_text: str = "#FFFFFF"
    toast_undo: str = "#B9C4FF"
    toast_hint: str = "#AEB8C4"
    toast_well: str = "#2A3545"
    toast_ok: str = "#93D8A8"
    toast_edge: str = "#4A5A70"
    overlay_measure: str = "#F2D06B"
    overlay_plane: str = "#6FDACB"
    overlay_line: str = "#98A8FF"
    overlay_halo: str = "#000000"
    scrim: str = "#10141A"
    scrim_alpha: int = 115
    shadow: str = "#000000"


FIXED = Fixed()
