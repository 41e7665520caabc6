"""Where the films of a patient lie in the mounts of the clinic, for hanging them by their teeth on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.ids import PatientId
from app.imaging.queries import LAYOUTS, MountPlace, Position, mount_detail, mounts_of
from app.journal.queries import Actor
from app.journal.runner import Runner
from viewer.widgets import ViewKind


@dataclass(frozen=True, slots=True)
class FilmPlace:
    """The teeth (FDI) of a film’s place, what kind of film lies there, and how the mount turns it."""

    teeth: tuple[int, ...]
    view: ViewKind
    quarter_turns: int = 0
    mirrored: bool = False

    @property
    def is_turned(self) -> bool:
        """Shown otherwise than the image by itself."""
        return bool(self.quarter_turns or self.mirrored)

    def upright(self, quarter_turns: int, mirrored: bool) -> tuple[int, bool]:
        """Turns and mirroring of an image that is itself shown so: the mount’s come after its own."""
        own = -quarter_turns if self.mirrored else quarter_turns
        return (own + self.quarter_turns) % 4, mirrored is not self.mirrored


def film_places(runner: Runner, actor: Actor, patient_id: PatientId) -> Mapping[str, FilmPlace]:
    """By image; the newest mount counts. Photographs hang by their views and need no place."""
    found: dict[str, FilmPlace] = {}
    for line in runner.ask(actor, mounts_of, patient_id):
        positions = {one.key: one for one in LAYOUTS[line.layout].positions if one.teeth}
        if not positions:
            continue
        for place in runner.ask(actor, mount_detail, line.mount_id).places:
            if place.image is not None and place.position in positions:
                found.setdefault(place.image.instance_id, _film(place, positions[place.position]))
    return found


def _film(place: MountPlace, position: Position) -> FilmPlace:
    """Upper and lower teeth together are those of a bitewing."""
    arches = {tooth // 10 in (1, 2) for tooth in position.teeth}
    view = ViewKind.BITEWING if len(arches) == 2 else ViewKind.PERIAPICAL
    return FilmPlace(position.teeth, view, place.quarter_turns, place.mirrored)
