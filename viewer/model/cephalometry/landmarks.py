"""The landmarks of a lateral cephalogram, in the order in which they are usually placed.

Definitions follow the original analyses that use each point (Downs 1948, Steiner 1953, Ricketts 1960 and 1981, Jacobson
1975, Holdaway 1983, McNamara 1984). Bilateral structures are placed midway between their two shadows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from viewer.errors import N_


class Tissue(StrEnum):
    """What a landmark lies on."""

    BONE = "bone"
    TOOTH = "tooth"
    SKIN = "skin"
    AIRWAY = "airway"


@dataclass(frozen=True)
class Landmark:
    """`landmark_id` is its name in formulas and files, `symbol` what is written beside the point."""

    landmark_id: str
    symbol: str
    name: str
    definition: str
    tissue: Tissue = Tissue.BONE


_BONE = (
    Landmark("S", "S", N_("Sella"), N_("Centre of the pituitary fossa.")),
    Landmark("N", "N", N_("Nasion"), N_("Most anterior point of the frontonasal suture.")),
    Landmark("Or", "Or", N_("Orbitale"), N_("Lowest point of the lower margin of the orbit.")),
    Landmark("Po", "Po", N_("Porion"), N_("Highest point of the bony external ear canal.")),
    Landmark("PoM", "PoM", N_("Machine porion"), N_("Highest point of the shadow of the ear rod.")),
    Landmark("Ba", "Ba", N_("Basion"), N_("Lowest point of the front margin of the foramen magnum.")),
    Landmark(
        "Pt",
        "Pt",
        N_("Pterygoid point"),
        N_("Where the lower border of the foramen rotundum meets the back wall of the pterygomaxillary fissure."),
    ),
    Landmark(
        "PTV",
        "PTV",
        N_("Pterygoid vertical point"),
        N_("Most posterior point of the outline of the pterygomaxillary fissure."),
    ),
    Landmark("Ptm", "Ptm", N_("Pterygomaxillare"), N_("Lowest point of the outline of the pterygomaxillary fissure.")),
    Landmark(
        "Ar",
        "Ar",
        N_("Articulare"),
        N_("Where the back border of the ramus crosses the lower border of the cranial base."),
    ),
    Landmark("Co", "Co", N_("Condylion"), N_("Most superior and posterior point of the condyle.")),
    Landmark("DC", "DC", N_("Condyle centre"), N_("Centre of the condylar neck on the line from basion to nasion.")),
    Landmark("ANS", "ANS", N_("Anterior nasal spine"), N_("Tip of the anterior nasal spine.")),
    Landmark("PNS", "PNS", N_("Posterior nasal spine"), N_("Tip of the posterior nasal spine.")),
    Landmark(
        "A",
        "A",
        N_("Point A"),
        N_(
            "Deepest point of the front outline of the maxilla between the anterior nasal spine and the alveolar crest."
        ),
    ),
    Landmark("Pr", "Pr", N_("Prosthion"), N_("Lowest and most anterior point of the upper alveolar crest.")),
    Landmark("Id", "Id", N_("Infradentale"), N_("Highest and most anterior point of the lower alveolar crest.")),
    Landmark(
        "B",
        "B",
        N_("Point B"),
        N_("Deepest point of the front outline of the mandible between the alveolar crest and the chin."),
    ),
    Landmark(
        "Pm",
        "Pm",
        N_("Protuberance menti"),
        N_("Where the front outline of the symphysis turns from concave to convex."),
    ),
    Landmark("Pog", "Pog", N_("Pogonion"), N_("Most anterior point of the bony chin.")),
    Landmark(
        "Gn",
        "Gn",
        N_("Gnathion"),
        N_("Most anterior and inferior point of the bony chin, midway between pogonion and menton."),
    ),
    Landmark("Me", "Me", N_("Menton"), N_("Lowest point of the outline of the symphysis.")),
    Landmark("D", "D", N_("Point D"), N_("Centre of the symphysis.")),
    Landmark(
        "MT",
        "MT",
        N_("Mandibular tangent point"),
        N_("Where the tangent from menton touches the lower border of the mandible near its angle."),
    ),
    Landmark(
        "RT",
        "RT",
        N_("Ramus tangent point"),
        N_("Where the tangent from articulare touches the back border of the ramus."),
    ),
    Landmark(
        "Go", "Go", N_("Gonion"), N_("Where the tangents of the ramus and of the lower border of the mandible meet.")
    ),
    Landmark(
        "GoA", "GoA", N_("Anatomic gonion"), N_("Most posterior and inferior point of the angle of the mandible.")
    ),
    Landmark("R1", "R1", N_("Ramus point 1"), N_("Deepest point of the front border of the ramus.")),
    Landmark("R2", "R2", N_("Ramus point 2"), N_("Point of the back border of the ramus opposite ramus point 1.")),
    Landmark("R3", "R3", N_("Ramus point 3"), N_("Deepest point of the sigmoid notch.")),
    Landmark(
        "R4", "R4", N_("Ramus point 4"), N_("Point of the lower border of the ramus straight below ramus point 3.")
    ),
    Landmark(
        "Xi",
        "Xi",
        N_("Xi point"),
        N_("Centre of the ramus: of the rectangle through ramus points 1 to 4 along the Frankfort horizontal."),
    ),
    Landmark("MC1", "MC1", N_("Mandibular canal, front"), N_("Front end of the visible mandibular canal.")),
    Landmark("MC2", "MC2", N_("Mandibular canal, back"), N_("Back end of the visible mandibular canal.")),
)

_TEETH = tuple(
    Landmark(landmark_id, symbol, name, definition, Tissue.TOOTH)
    for landmark_id, symbol, name, definition in (
        ("U1T", "U1", N_("Upper incisor tip"), N_("Incisal edge of the most prominent upper central incisor.")),
        ("U1A", "U1a", N_("Upper incisor apex"), N_("Root apex of the same upper central incisor.")),
        ("U1L", "U1f", N_("Upper incisor labial surface"), N_("Most anterior point of its crown.")),
        ("L1T", "L1", N_("Lower incisor tip"), N_("Incisal edge of the most prominent lower central incisor.")),
        ("L1A", "L1a", N_("Lower incisor apex"), N_("Root apex of the same lower central incisor.")),
        ("U4", "U4", N_("Upper premolar cusp"), N_("Buccal cusp tip of the upper first premolar.")),
        ("L4", "L4", N_("Lower premolar cusp"), N_("Buccal cusp tip of the lower first premolar.")),
        ("U6", "U6", N_("Upper molar cusp"), N_("Mesiobuccal cusp tip of the upper first molar.")),
        ("L6", "L6", N_("Lower molar cusp"), N_("Mesiobuccal cusp tip of the lower first molar.")),
        (
            "U6D",
            "U6d",
            N_("Upper molar distal surface"),
            N_("Most posterior point of the crown of the upper first molar."),
        ),
        (
            "L6D",
            "L6d",
            N_("Lower molar distal surface"),
            N_("Most posterior point of the crown of the lower first molar."),
        ),
    )
)

_SKIN = tuple(
    Landmark(landmark_id, symbol, name, definition, Tissue.SKIN)
    for landmark_id, symbol, name, definition in (
        ("Gs", "G′", N_("Soft tissue glabella"), N_("Most anterior point of the forehead between the eyebrows.")),
        ("Ns", "N′", N_("Soft tissue nasion"), N_("Deepest point of the root of the nose.")),
        ("Prn", "Prn", N_("Pronasale"), N_("Most anterior point of the tip of the nose.")),
        ("Cm", "Cm", N_("Columella"), N_("Middle of the curve between the tip of the nose and subnasale.")),
        ("Sn", "Sn", N_("Subnasale"), N_("Where the columella meets the upper lip.")),
        ("Ss", "A′", N_("Superior labial sulcus"), N_("Deepest point of the outline of the upper lip.")),
        ("Ls", "Ls", N_("Labrale superius"), N_("Most anterior point of the upper lip.")),
        ("Stms", "Stms", N_("Stomion superius"), N_("Lowest point of the upper lip.")),
        ("Stmi", "Stmi", N_("Stomion inferius"), N_("Highest point of the lower lip.")),
        ("Li", "Li", N_("Labrale inferius"), N_("Most anterior point of the lower lip.")),
        ("Sm", "B′", N_("Inferior labial sulcus"), N_("Deepest point between the lower lip and the soft tissue chin.")),
        ("Pogs", "Pog′", N_("Soft tissue pogonion"), N_("Most anterior point of the soft tissue chin.")),
        ("Gns", "Gn′", N_("Soft tissue gnathion"), N_("Midway between soft tissue pogonion and soft tissue menton.")),
        ("Mes", "Me′", N_("Soft tissue menton"), N_("Lowest point of the soft tissue chin.")),
        ("C", "C", N_("Throat point"), N_("Where the outline of the chin meets the outline of the neck.")),
    )
)

_AIRWAY = tuple(
    Landmark(landmark_id, landmark_id, name, definition, Tissue.AIRWAY)
    for landmark_id, name, definition in (
        ("UPA", N_("Upper airway, front"), N_("Point of the back outline of the front half of the soft palate.")),
        ("UPP", N_("Upper airway, back"), N_("Closest point of the back wall of the pharynx.")),
        (
            "LPA",
            N_("Lower airway, front"),
            N_("Where the back border of the tongue crosses the lower border of the mandible."),
        ),
        ("LPP", N_("Lower airway, back"), N_("Point of the back wall of the pharynx closest to the tongue there.")),
    )
)

LANDMARKS: dict[str, Landmark] = {mark.landmark_id: mark for mark in (*_BONE, *_TEETH, *_SKIN, *_AIRWAY)}

DERIVED: dict[str, str] = {
    "Gn": "mid(Pog, Me)",
    "Go": "meet(Ar, RT, Me, MT)",
    "Xi": "box(R1, R2, R3, R4, Po, Or)",
    "OPA": "mid(U1T, L1T)",
    "OPP": "mid(U6, L6)",
    "FOPA": "mid(U4, L4)",
    "FOPP": "mid(U6, L6)",
}
"""Points that are constructed when nobody placed them: OP is the bisected occlusal plane of Downs and Steiner, FOP the
functional one of Jacobson (premolars and molars); A is the front end and P the back end."""
