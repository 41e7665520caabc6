"""The standard views of orthodontic photographs: ANSI/ADA 1107 numbers (EV, IV) and the codes that DICOM writes.

Codes are those of DICOM CP-1570 for the VL photographic objects: Anatomic Region (0008,2218) with its modifier, View
Code (0054,0220) with its modifier (mirror), and the functional condition present during acquisition (DCM 130324) in
the Acquisition Context. All are SNOMED CT. `PatientOrientation` is what rows and columns run towards.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.core.i18n import N_

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

SCT: Final = "SCT"
MOUTH, HEAD_AND_NECK = "123851003", "774007"
RIGHT, LEFT = "24028007", "7771000"
RIGHT_LATERAL, LEFT_LATERAL, FRONTAL, OCCLUSAL, OBLIQUE = (
    "399198007", "399173006", "399033003", "260499007", "260454004",
)  # fmt: skip
MIRROR_UNCORRECTED, MIRROR_CORRECTED, CLOSE_UP = "789135000", "787610003", "789131009"
CENTRIC_OCCLUSION, CENTRIC_RELATION = "110320000", "736783005"
LIPS_RELAXED, LIPS_CLOSED, SMILE = "789314008", "787607005", "225583004"
TEETH_APART, MOUTH_OPEN, RECESSION = "789130005", "262016004", "4356008"
FACE, ORAL_CAVITY, BUCCAL, UPPER_ARCH, LOWER_ARCH, FRENULUM = (
    "89545001", "74262004", "261063000", "39481002", "88176008", "7652006",
)  # fmt: skip


class PhotoView(enum.StrEnum):
    """The views in use here, by their numbers in ANSI/ADA 1107."""

    EV01 = "EV01"
    EV03 = "EV03"
    EV05 = "EV05"
    EV08 = "EV08"
    EV12 = "EV12"
    EV15 = "EV15"
    EV17 = "EV17"
    EV19 = "EV19"
    EV22 = "EV22"
    EV24 = "EV24"
    EV26 = "EV26"
    EV29 = "EV29"
    EV33 = "EV33"
    IV01 = "IV01"
    IV02 = "IV02"
    IV03 = "IV03"
    IV07 = "IV07"
    IV08 = "IV08"
    IV09 = "IV09"
    IV10 = "IV10"
    IV11 = "IV11"
    IV14 = "IV14"
    IV16 = "IV16"
    IV18 = "IV18"
    IV19 = "IV19"
    IV20 = "IV20"
    IV24 = "IV24"
    IV25 = "IV25"
    IV26 = "IV26"
    IV27 = "IV27"
    IV28 = "IV28"
    IV29 = "IV29"

    @property
    def extraoral(self) -> bool:
        """Of the face, not of the mouth."""
        return self.value.startswith("E")


@dataclass(frozen=True, slots=True)
class ViewFacts:
    """A view: its name (a msgid) and its codes; `view` is empty where the standard leaves the projection open."""

    name: str
    orientation: tuple[str, str] | None
    region: str
    side: str | None
    structure: str
    view: str
    modifier: str | None
    conditions: tuple[str, ...]


def _face(name: str, side: str | None, view: str, *conditions: str) -> ViewFacts:
    towards = {RIGHT: ("A", "F"), LEFT: ("P", "F"), None: ("L", "F")}[side]
    return ViewFacts(name, towards, HEAD_AND_NECK, side, FACE, view, None, (CENTRIC_OCCLUSION, *conditions))


def _buccal(name: str, side: str, mirror: str | None = None) -> ViewFacts:
    """The side of the teeth. An uncorrected mirror image runs the other way."""
    towards = ("A", "F") if (side == RIGHT) is not (mirror == MIRROR_UNCORRECTED) else ("P", "F")
    view = RIGHT_LATERAL if side == RIGHT else LEFT_LATERAL
    return ViewFacts(name, towards, MOUTH, side, BUCCAL, view, mirror, (CENTRIC_OCCLUSION,))


def _overjet(name: str, side: str) -> ViewFacts:
    towards, view = (("A", "F"), RIGHT_LATERAL) if side == RIGHT else (("P", "F"), LEFT_LATERAL)
    return ViewFacts(name, towards, MOUTH, side, ORAL_CAVITY, view, None, (CENTRIC_OCCLUSION,))


def _front(name: str, *conditions: str) -> ViewFacts:
    return ViewFacts(name, ("L", "F"), MOUTH, None, ORAL_CAVITY, FRONTAL, None, conditions)


def _arch(name: str, arch: str, mirror: str, towards: tuple[str, str]) -> ViewFacts:
    return ViewFacts(name, towards, MOUTH, None, arch, OCCLUSAL, mirror, (MOUTH_OPEN,))


VIEWS: Final[dict[PhotoView, ViewFacts]] = {
    PhotoView.EV01: _face(N_("Right profile, lips relaxed"), RIGHT, RIGHT_LATERAL, LIPS_RELAXED),
    PhotoView.EV03: _face(N_("Right profile, lips closed"), RIGHT, RIGHT_LATERAL, LIPS_CLOSED),
    PhotoView.EV05: _face(N_("Right profile, smiling"), RIGHT, RIGHT_LATERAL, SMILE),
    PhotoView.EV08: _face(N_("Right three-quarter, lips relaxed"), RIGHT, OBLIQUE, LIPS_RELAXED),
    PhotoView.EV12: _face(N_("Right three-quarter, smiling"), RIGHT, OBLIQUE, SMILE),
    PhotoView.EV15: _face(N_("Full face, lips relaxed"), None, FRONTAL, LIPS_RELAXED),
    PhotoView.EV17: _face(N_("Full face, lips closed"), None, FRONTAL, LIPS_CLOSED),
    PhotoView.EV19: _face(N_("Full face, smiling"), None, FRONTAL, SMILE),
    PhotoView.EV22: _face(N_("Left profile, lips relaxed"), LEFT, LEFT_LATERAL, LIPS_RELAXED),
    PhotoView.EV24: _face(N_("Left profile, lips closed"), LEFT, LEFT_LATERAL, LIPS_CLOSED),
    PhotoView.EV26: _face(N_("Left profile, smiling"), LEFT, LEFT_LATERAL, SMILE),
    PhotoView.EV29: _face(N_("Left three-quarter, lips relaxed"), LEFT, OBLIQUE, LIPS_RELAXED),
    PhotoView.EV33: _face(N_("Left three-quarter, smiling"), LEFT, OBLIQUE, SMILE),
    PhotoView.IV01: _buccal(N_("Right buccal"), RIGHT),
    PhotoView.IV02: _buccal(N_("Right buccal, in a mirror"), RIGHT, MIRROR_UNCORRECTED),
    PhotoView.IV03: _buccal(N_("Right buccal, mirror corrected"), RIGHT, MIRROR_CORRECTED),
    PhotoView.IV07: _front(N_("Frontal, in occlusion"), CENTRIC_OCCLUSION),
    PhotoView.IV08: _front(N_("Frontal, in centric relation"), CENTRIC_RELATION),
    PhotoView.IV09: _front(N_("Frontal, teeth apart"), TEETH_APART),
    PhotoView.IV10: _front(N_("Frontal, mouth open"), MOUTH_OPEN),
    PhotoView.IV11: _front(N_("Frontal from below, overbite and overjet"), CENTRIC_OCCLUSION),
    PhotoView.IV14: _overjet(N_("Right lateral, overjet"), RIGHT),
    PhotoView.IV16: _overjet(N_("Left lateral, overjet"), LEFT),
    PhotoView.IV18: _buccal(N_("Left buccal"), LEFT),
    PhotoView.IV19: _buccal(N_("Left buccal, in a mirror"), LEFT, MIRROR_UNCORRECTED),
    PhotoView.IV20: _buccal(N_("Left buccal, mirror corrected"), LEFT, MIRROR_CORRECTED),
    PhotoView.IV24: _arch(N_("Upper occlusal, in a mirror"), UPPER_ARCH, MIRROR_UNCORRECTED, ("R", "A")),
    PhotoView.IV25: _arch(N_("Upper occlusal, mirror corrected"), UPPER_ARCH, MIRROR_CORRECTED, ("L", "P")),
    PhotoView.IV26: _arch(N_("Lower occlusal, in a mirror"), LOWER_ARCH, MIRROR_UNCORRECTED, ("L", "P")),
    PhotoView.IV27: _arch(N_("Lower occlusal, mirror corrected"), LOWER_ARCH, MIRROR_CORRECTED, ("L", "A")),
    PhotoView.IV28: ViewFacts(N_("Gingival recession"), None, MOUTH, None, ORAL_CAVITY, "", CLOSE_UP, (RECESSION,)),
    PhotoView.IV29: ViewFacts(N_("Frenum"), ("L", "F"), MOUTH, None, FRENULUM, "", CLOSE_UP, ()),
}


def taken_in_mirror(view: PhotoView | None) -> bool:
    """Whether a photograph of this view is stored as the mirror showed it, so that it must be mirrored to be shown."""
    return view is not None and VIEWS[view].modifier == MIRROR_UNCORRECTED


def stated_view(ds: Dataset) -> PhotoView | None:
    """The view that a file states: by its number before a caret in Image Comments, else by its codes.

    None where it states none, or so little that several views would do.
    """
    from viewer.pixels.attributes import text

    number = text(ds, "ImageComments").partition("^")[0].strip().replace("-", "")
    if number in PhotoView.__members__:
        return PhotoView(number)
    view = _codes(ds, "ViewCodeSequence")
    if not view:
        return None
    said = _said(ds, view)
    found = [one for one, facts in VIEWS.items() if facts.view in view and _agrees(facts, said)]
    return found[0] if len(found) == 1 else None


def _said(ds: Dataset, view: set[str]) -> dict[str, set[str]]:
    regions = _codes(ds, "AnatomicRegionSequence")
    return {
        "region": regions,
        "side": _inner(ds, "AnatomicRegionSequence", "AnatomicRegionModifierSequence"),
        "structure": _codes(ds, "PrimaryAnatomicStructureSequence")
        | _inner(ds, "PrimaryAnatomicStructureSequence", "PrimaryAnatomicStructureModifierSequence"),
        "modifier": _inner(ds, "ViewCodeSequence", "ViewModifierCodeSequence"),
        "conditions": _inner(ds, "AcquisitionContextSequence", "ConceptCodeSequence"),
        "view": view,
    }


def _agrees(facts: ViewFacts, said: dict[str, set[str]]) -> bool:
    """Whether nothing that the file says speaks against this view; the region and the conditions must be said."""
    if facts.region not in said["region"] or not set(facts.conditions) <= said["conditions"]:
        return False
    if said["side"] and facts.side and facts.side not in said["side"]:
        return False
    if facts.view == OCCLUSAL and facts.structure not in said["structure"]:
        return False
    return (facts.modifier in said["modifier"]) if facts.modifier else not said["modifier"]


def _codes(ds: Any, keyword: str) -> set[str]:
    """The code values of a sequence."""
    from viewer.pixels.attributes import text

    return {text(item, "CodeValue") for item in _items(ds, keyword)} - {""}


def _inner(ds: Any, outer: str, inner: str) -> set[str]:
    return {code for item in _items(ds, outer) for code in _codes(item, inner)}


def _items(ds: Any, keyword: str) -> list[Any]:
    """The items of a sequence; a damaged one has none."""
    try:
        return list(ds.get(keyword) or ())
    except Exception:  # what a damaged file may raise has no common class
        return []
