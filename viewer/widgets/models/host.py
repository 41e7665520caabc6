"""What a workspace over study models needs of whoever shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from viewer.io.reconstructions import Reference, reference_of_document
from viewer.mesh.mesh import Mesh
from viewer.mesh.reading import read_mesh
from viewer.pixels.reading import Source
from viewer.widgets.volume.making import Author, Kept

__all__ = [
    "Author",
    "Entry",
    "Kept",
    "Mesh",
    "ModelsHost",
    "Reference",
    "read_mesh",
    "reference_of_document",
    "teeth_of",
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One model that may be shown. `words` are day and name in the user's language; `volume` one made of a scan."""

    key: str
    words: str
    volume: bool = False


@dataclass(frozen=True)
class ModelsHost:
    """`read` is called from a worker thread and raises a ViewerError; all else on the thread of the screen."""

    entries: tuple[Entry, ...]
    read: Callable[[str], Mesh]
    keep_plan: Callable[[str, str], None]
    """The key of a model, and the JSON of its points."""
    keep_placement: Callable[[str, str], None]
    """The same after the model was aligned: where it stands is in the JSON, too."""
    save: Callable[[str, Callable[[], bytes]], None]
    reference: Callable[[str], Reference]
    """What a picture repeats of the model with this key; from a worker thread, raises a ViewerError."""
    keep: Callable[[Sequence[Kept]], None]
    """Add these images to the patient’s."""
    author: Author
    whose: tuple[str, ...] = ()
    """Lines that a report names the patient by."""
    refusal: str = ""
    """Why this person may place no points; '' when they may."""


def teeth_of(sources: Sequence[Source]) -> Mesh:
    """The surface of the teeth of a volume, for models to be laid onto. Raises a ViewerError."""
    from viewer.volume.assembling import assemble
    from viewer.volume.errors import NoSlices
    from viewer.volume.series import stacks
    from viewer.volume.surfaces import PRESETS, Recipe, level_of, surface

    found = stacks(sources)
    if not found:
        raise NoSlices
    volume = assemble(found[0])
    return surface(volume, Recipe(level_of(volume, PRESETS[-1]), thinned=True))
