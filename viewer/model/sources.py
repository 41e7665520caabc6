"""The port through which a workspace gets its images and keeps what the user chose. The shell brings its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from viewer.model.catalogue import Catalogue

Progress = Callable[[float], None]
"""Told the part (0.0 to 1.0) of an original that has arrived."""


class ImageSource(Protocol):
    """`catalogue`, `rendition` and `original` are called from worker threads and may block.

    They raise a ViewerError whose sentence is shown in the tile; any other exception becomes a general sentence. The
    other methods are called on the screen's thread and must answer at once.
    """

    def catalogue(self) -> Catalogue:
        """What there is to look at."""
        ...

    def rendition(self, key: str, longest_px: int) -> bytes | None:
        """A small JPEG or PNG, upright, at most `longest_px` wide and high; None when none is ready at once."""
        ...

    def original(self, key: str, progress: Progress) -> Path | bytes:
        """The DICOM file. Fetches it when it is elsewhere, and tells how far it is."""
        ...

    def layout(self, situation: str) -> str:
        """The name of the layout that the user kept for this situation; '' for none."""
        ...

    def keep_layout(self, situation: str, name: str) -> None:
        """Remember the user's choice."""
        ...

    def key_images(self) -> frozenset[tuple[str, int]]:
        """(key, frame from 0) of the images that are marked as key images."""
        ...

    def keep_key_images(self, chosen: Sequence[tuple[str, int]]) -> None:
        """Remember which images are key images."""
        ...
