"""The words on a tile. The viewer translates nothing: the application hands in its own set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time

from viewer.errors import N_, ViewerError


def as_is(message_id: str) -> str:
    """The message itself: English."""
    return message_id


@dataclass(frozen=True)
class TileTexts:
    """Sentences and patterns of a tile, in English by default; names in braces are filled in by the tile."""

    image: str = "Image"
    empty: str = "No image"
    loading: str = "Loading…"
    window: str = "W {width}  C {center}"
    table: str = "Table {name}"
    automatic: str = "automatic"
    zoom: str = "{percent}%"
    frame: str = "Image {number} of {count}"
    inverted: str = "Inverted"
    mirrored: str = "Mirrored"
    rotated: str = "Rotated {degrees}°"
    directions: str = "APRLHF"
    """Letters for anterior, posterior, right, left, head, foot, in this order."""
    translate: Callable[[str], str] = as_is
    """Translates a message id of the viewer: of a `ViewerError`, or any text that is marked with `N_`."""
    day: Callable[[date], str] = date.isoformat
    """A day as the user writes it."""
    clock: Callable[[time], str] = "{:%H:%M}".format
    """A time of day as the user writes it."""

    def sentence(self, error: ViewerError) -> str:
        """What to tell the user about an image that cannot be shown."""
        return self.translate(error.message_id).format(**error.values)

    def say(self, message_id: str, **values: str | int) -> str:
        """A message of the viewer in the user's language, its places filled."""
        return self.translate(message_id).format(**values)

    def direction(self, letters: str) -> str:
        """Patient direction letters in the user's language."""
        return letters.translate(str.maketrans("APRLHF", self.directions))


PREVIEW = N_("{pixels} px preview")
PREVIEW_PART = N_("{pixels} px preview · original {percent}%")
LOSSLESS = N_("Lossless original")
LOSSY = N_("Lossy compression")
LOSSY_RATIO = N_("Lossy compression {ratio}:1")
FLIPPED = N_("Flipped top to bottom")
FILTERED = N_("Filter: {name}")
KEY_IMAGE = N_("Key image")
LIFE_SIZE = N_("Life size {percent}%")
LIFE_SIZE_ESTIMATED = N_("About life size {percent}%")
WAIT_FOR_ORIGINAL = N_("Nothing is measured on a preview. The original is still being read.")
