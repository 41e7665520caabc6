"""The words on a tile. The viewer translates nothing: the application hands in its own set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from viewer.pixels.errors import PixelError


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
    """Translates the message id of a `PixelError`."""

    def sentence(self, error: PixelError) -> str:
        """What to tell the user about an image that cannot be shown."""
        return self.translate(error.message_id).format(**error.values)

    def direction(self, letters: str) -> str:
        """Patient direction letters in the user's language."""
        return letters.translate(str.maketrans("APRLHF", self.directions))
