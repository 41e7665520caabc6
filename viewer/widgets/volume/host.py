"""What a workspace over a volume needs of whoever shows it: the bytes, and where what is made goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from viewer.io.reconstructions import Reference, reference_of
from viewer.pixels.reading import Source, Stored
from viewer.volume.assembling import BUDGET, assemble
from viewer.volume.errors import Cancelled, NoSlices
from viewer.volume.grid import Volume
from viewer.volume.returning import give_back
from viewer.volume.series import stacks
from viewer.volume.session_cache import SessionCache
from viewer.widgets.volume.making import Author, Kept
from viewer.widgets.volume.windows import opening_window

Progress = Callable[[float], bool]
"""Told the part (0.0 to 1.0) that is done; answers False to stop."""
FETCHED = 0.2
"""Part of the way at which the files are here, and decoding begins."""

__all__ = ["Author", "Kept", "Opened", "Progress", "SessionCache", "Source", "Stored", "VolumeHost", "open_volume"]


@dataclass(frozen=True, eq=False)
class Opened:
    """A volume, and what a reconstruction repeats of its images."""

    volume: Volume
    reference: Reference


@dataclass(frozen=True)
class VolumeHost:
    """`opening` is called from a worker thread and raises a ViewerError; all else on the thread of the screen."""

    opening: Callable[[Progress], Opened]
    keep: Callable[[Sequence[Kept]], None]
    """Add these images to the patient’s, and go on where they say."""
    save: Callable[[str, Callable[[], bytes]], None]
    """Ask where to, and write a file of this name there; the bytes are made off the thread of the screen."""
    keep_plan: Callable[[str], None]
    """The JSON of what is drawn, when the hand has rested."""
    author: Author
    title: str = ""
    refusal: str = ""
    """Why this person may keep nothing; '' when they may."""
    megabytes: int = 0
    """Memory that the volume will take."""
    whose: tuple[str, ...] = ()
    """Lines that a report names the patient and the series by."""


def open_volume(
    files: Callable[[Progress], Sequence[Source]], progress: Progress, cache: SessionCache | None = None, key: str = ""
) -> Opened:
    """Bring the files, put the slices together, and do beforehand what the first picture would wait for.

    A volume that is in the cache is not read again. Raises a ViewerError; Cancelled when `progress` answered False.
    """
    sources = files(lambda part: progress(part * FETCHED))
    if not sources:
        raise Cancelled
    known = cache.find(key) if cache is not None and key else None
    if known is not None:
        return Opened(_warm(known), reference_of(sources[len(sources) // 2]))
    found = stacks(sources)
    if not found:
        raise NoSlices
    volume = assemble(found[0], lambda part: progress(FETCHED + part * (1 - FETCHED)), BUDGET)
    reference = reference_of(found[0].slices[len(found[0].slices) // 2].source)
    _warm(volume)
    if cache is not None and key:
        cache.keep(key, volume)
    give_back()
    return Opened(volume, reference)


def _warm(volume: Volume) -> Volume:
    """Levels, range and the image for oblique planes: found here, not in the first picture."""
    from viewer.volume.resampling import index_image

    index_image(volume)
    opening_window(volume)
    _known = volume.range
    return volume
