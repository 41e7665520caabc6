"""Which protocol applies, and which image goes where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from viewer.model.catalogue import Catalogue, ImageItem, StudyItem
from viewer.model.hanging.mounts import mounts
from viewer.model.hanging.protocol import ANY, CURRENT, PLAIN, PRIOR, Cell, Protocol, Want, shipped

Pair = tuple[StudyItem, ImageItem]


@dataclass(frozen=True, slots=True)
class Placement:
    """A cell and the key of the image in it; '' when nothing that there is belongs there."""

    cell: Cell
    key: str = ""


def known_protocols() -> tuple[Protocol, ...]:
    """Every protocol that can be chosen by name: plain layouts, those of the viewer, the mounts."""
    return (*PLAIN, *shipped(), *mounts())


def choose(
    catalogue: Catalogue, study_uid: str, remembered: str = "", protocols: Sequence[Protocol] | None = None
) -> Protocol:
    """The layout that the user kept for this situation, else the protocol with the highest score, else 1×1."""
    known = known_protocols() if protocols is None else tuple(protocols)
    kept = next((protocol for protocol in known if protocol.name == remembered), None)
    if kept is not None:
        return kept
    scored = [(score_of(protocol, catalogue, study_uid), -index, protocol) for index, protocol in enumerate(known)]
    best = max(scored, default=None, key=lambda row: row[:2])
    return best[2] if best is not None and best[0] > 0 else PLAIN[0]


def score_of(protocol: Protocol, catalogue: Catalogue, study_uid: str) -> int:
    """The points of a protocol for a study; 0 when a required rule does not match."""
    total = 0
    for rule in protocol.rules:
        found = sum(1 for _pair in _matching(rule.want, catalogue, study_uid))
        met = found >= rule.count and (rule.at_most is None or found <= rule.at_most)
        if rule.required and not met:
            return 0
        total += rule.score if met else 0
    return total


def hang(protocol: Protocol, catalogue: Catalogue, study_uid: str) -> tuple[Placement, ...]:
    """An image for each cell, no image twice.

    Places of a mount take films in the order of how well their teeth agree, all others in the order of the layout.
    """
    offers = [
        (not _by_teeth(cell), 0 if not _by_teeth(cell) else -_teeth_shared(cell, image), index, choice, image.key)
        for index, cell in enumerate(protocol.cells)
        for choice, want in enumerate(cell.wants)
        for _study, image in _matching(want, catalogue, study_uid)
    ]
    taken: dict[int, str] = {}
    used: set[str] = set()
    # Sorting is stable: among equal offers the catalogue's own order of images stays.
    for _plain, _shared, index, _choice, key in sorted(offers, key=lambda offer: offer[:4]):
        if index not in taken and key not in used:
            taken[index] = key
            used.add(key)
    return tuple(Placement(cell, taken.get(index, "")) for index, cell in enumerate(protocol.cells))


def situation(catalogue: Catalogue, study_uid: str) -> str:
    """A name for what there is to hang, under which a user's own choice is remembered: kinds of view, and priors."""
    study = next((study for study in catalogue.studies if study.uid == study_uid), None)
    kinds = sorted({image.view.value for image in study.images}) if study is not None else []
    return "+".join(kinds) + ("|prior" if catalogue.priors(study_uid) else "")


def _matching(want: Want, catalogue: Catalogue, study_uid: str) -> Iterable[Pair]:
    for study in _studies(want, catalogue, study_uid):
        for image in study.images:
            if image.has_pixels and _fits(want, image):
                yield study, image


def _studies(want: Want, catalogue: Catalogue, study_uid: str) -> Sequence[StudyItem]:
    if want.study == ANY:
        return catalogue.of_one(study_uid)
    if want.study == CURRENT:
        return [study for study in catalogue.studies if study.uid == study_uid]
    if want.study == PRIOR:
        return catalogue.priors(study_uid)
    return [study for study in catalogue.of_one(study_uid) if study.stage == want.study]


def _fits(want: Want, image: ImageItem) -> bool:
    return (
        (not want.views or image.view in want.views)
        and (not want.modalities or image.modality in want.modalities)
        and (not want.body_parts or image.body_part in want.body_parts)
        and (not want.lateralities or image.laterality in want.lateralities)
        and (not want.teeth or bool(want.teeth & set(image.teeth)))
        and image.frames >= want.frames_at_least
    )


def _by_teeth(cell: Cell) -> bool:
    return any(want.teeth for want in cell.wants)


def _teeth_shared(cell: Cell, image: ImageItem) -> int:
    """How well the image fits the cell's teeth: shared ones count for it, others against it."""
    wanted, shown = frozenset().union(*(want.teeth for want in cell.wants)), set(image.teeth)
    return 2 * len(wanted & shown) - len(shown - wanted)
