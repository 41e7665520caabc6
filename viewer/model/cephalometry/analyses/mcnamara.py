"""McNamara: jaws to the perpendicular through nasion, effective lengths, airway.

The composite table that pairs midfacial with mandibular length is not reproduced here; the three lengths are measured.
Point A lies on the perpendicular in the mixed dentition and 1 mm in front of it in adults; taken are the adults, whose
pogonion he gives by the size of the face: the medium one stands for women, the large one for men.
"""

from viewer.errors import N_
from viewer.model.cephalometry.analysis import Analysis, Dimension, Measure, Norm

SOURCE = "McNamara JA Jr. A method of cephalometric evaluation. Am J Orthod 1984;86:449–469"
POPULATION = N_("White North American adults (Ann Arbor sample), well-balanced faces")
MM = Dimension.LENGTH


def _norm(
    mean: float | None = None, sd: float | None = None, low: float | None = None, high: float | None = None
) -> tuple[Norm, ...]:
    return (Norm(SOURCE, POPULATION, mean, sd, low, high),)


MCNAMARA = Analysis(
    "mcnamara",
    N_("McNamara"),
    (
        Measure("A-Nperp", N_("Point A to nasion perpendicular"), "offset(A, N, below(N, Po, Or))", MM, _norm(1)),
        Measure(
            "Pog-Nperp",
            N_("Pogonion to nasion perpendicular"),
            "offset(Pog, N, below(N, Po, Or))",
            MM,
            (
                Norm(SOURCE, POPULATION, low=-4, high=0, sex="F"),
                Norm(SOURCE, POPULATION, low=-2, high=2, sex="M"),
            ),
        ),
        Measure("Co-A", N_("Effective midfacial length"), "distance(Co, A)", MM),
        Measure("Co-Gn", N_("Effective mandibular length"), "distance(Co, Gn)", MM),
        # Its norm depends on the size of the face by the composite table, so that no single row is right.
        Measure("Difference", N_("Maxillomandibular difference"), "distance(Co, Gn) - distance(Co, A)", MM),
        Measure("ANS-Me", N_("Lower anterior face height"), "distance(ANS, Me)", MM),
        Measure("MP-FH", N_("Mandibular plane to Frankfort"), "signed(Po, Or, Go, Me)", norms=_norm(22, 4)),
        Measure("Facial axis", N_("Facial axis less 90°"), "between(N, Ba, Pt, Gn) - 90", norms=_norm(0, 3.5)),
        Measure(
            "U1-Aperp",
            N_("Upper incisor to point A vertical"),
            "along(U1L, Po, Or) - along(A, Po, Or)",
            MM,
            _norm(low=4, high=6),
        ),
        Measure("L1-APog mm", N_("Lower incisor to A–Pog"), "offset(L1T, A, Pog)", MM, _norm(low=1, high=3)),
        Measure("Upper pharynx", N_("Upper pharynx"), "distance(UPA, UPP)", MM, _norm(low=15, high=20)),
        Measure("Lower pharynx", N_("Lower pharynx"), "distance(LPA, LPP)", MM, _norm(low=11, high=14)),
        Measure("Nasolabial", N_("Nasolabial angle"), "angle(Cm, Sn, Ls)", norms=_norm(102, 8)),
    ),
)
