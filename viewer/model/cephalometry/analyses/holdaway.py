"""Holdaway's soft tissue analysis: the H line runs from the soft tissue chin to the upper lip.

His eleven measures, checked against his abstract and reproductions of his text. He takes the chin over suprapogonion,
here it is soft tissue pogonion. Of the H angle, 10° is ideal where the convexity is 0; with each millimetre of
convexity he allows about a degree more, so that both are read together.
"""

from viewer.errors import N_
from viewer.model.cephalometry.analysis import Analysis, Dimension, Measure, Norm

SOURCE = "Holdaway RA. A soft-tissue cephalometric analysis. Part I. Am J Orthod 1983;84:1–28"
POPULATION = N_("White North Americans, profiles that the author judged balanced")
MM = Dimension.LENGTH


def _norm(mean: float | None, low: float | None = None, high: float | None = None) -> tuple[Norm, ...]:
    return (Norm(SOURCE, POPULATION, mean, low=low, high=high),)


HOLDAWAY = Analysis(
    "holdaway",
    N_("Holdaway"),
    (
        Measure("Facial angle", N_("Soft tissue facial angle"), "between(Or, Po, Ns, Pogs)", norms=_norm(91, 84, 98)),
        Measure("Nose", N_("Nose prominence"), "along(Prn, Po, Or) - along(Ls, Po, Or)", MM, _norm(None, 14, 24)),
        Measure(
            "Superior sulcus",
            N_("Superior sulcus depth"),
            "along(Ls, Po, Or) - along(Ss, Po, Or)",
            MM,
            _norm(3, 1, 4),
        ),
        Measure("Sn-H line", N_("Subnasale to H line"), "-offset(Sn, Ls, Pogs)", MM, _norm(5, 3, 7)),
        # From the abstract: 14 to 16 mm at point A in adolescents.
        Measure(
            "Lip thickness", N_("Upper lip thickness"), "along(Ss, Po, Or) - along(A, Po, Or)", MM, _norm(15, 14, 16)
        ),
        Measure(
            "Lip strain",
            N_("Upper lip at the incisor"),
            "along(Ls, Po, Or) - along(U1L, Po, Or)",
            MM,
            _norm(None, 13, 14),
        ),
        Measure("Convexity mm", N_("Skeletal convexity"), "offset(A, N, Pog)", MM, _norm(0, -2, 2)),
        Measure("H angle", N_("H angle"), "signed(Pogs, Ns, Pogs, Ls)", norms=_norm(10, 7, 15)),
        Measure("Li-H line", N_("Lower lip to H line"), "offset(Li, Ls, Pogs)", MM, _norm(0.5, -1, 2)),
        Measure("Inferior sulcus", N_("Inferior sulcus to H line"), "-offset(Sm, Ls, Pogs)", MM, _norm(5)),
        Measure(
            "Chin",
            N_("Soft tissue chin thickness"),
            "along(Pogs, Po, Or) - along(Pog, Po, Or)",
            MM,
            _norm(None, 10, 12),
        ),
    ),
)
