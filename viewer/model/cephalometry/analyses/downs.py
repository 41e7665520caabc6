"""Downs: ten measures on the Frankfort horizontal, with mean, deviation and range of twenty excellent occlusions.

Checked against two reproductions of his table. One of them repeats the mean of the A–B plane as its deviation; taken is
3.67, which the range of 9° asks for.
"""

from viewer.errors import N_
from viewer.model.cephalometry.analysis import Analysis, Dimension, Measure, Norm

SOURCE = "Downs WB. Variations in facial relationships. Am J Orthod 1948;34:812–840"
POPULATION = N_("20 White North Americans of 12 to 17 years, excellent occlusion")


def _norm(mean: float, sd: float, low: float, high: float) -> tuple[Norm, ...]:
    return (Norm(SOURCE, POPULATION, mean, sd, low, high),)


DOWNS = Analysis(
    "downs",
    N_("Downs"),
    (
        Measure("Facial angle", N_("Facial angle"), "between(Or, Po, N, Pog)", norms=_norm(87.8, 3.57, 82, 95)),
        Measure("Convexity", N_("Angle of convexity"), "signed(N, A, A, Pog)", norms=_norm(0, 5.09, -8.5, 10)),
        Measure("AB-NPog", N_("A–B plane to facial plane"), "signed(A, B, N, Pog)", norms=_norm(-4.6, 3.67, -9, 0)),
        Measure(
            "MP-FH", N_("Mandibular plane to Frankfort"), "signed(Po, Or, Go, Me)", norms=_norm(21.9, 3.24, 17, 28)
        ),
        Measure("Y axis", N_("Y axis to Frankfort"), "signed(Po, Or, S, Gn)", norms=_norm(59.4, 3.82, 53, 66)),
        Measure(
            "OP-FH", N_("Occlusal plane to Frankfort"), "signed(Po, Or, OPP, OPA)", norms=_norm(9.3, 3.83, 1.5, 14)
        ),
        Measure(
            "U1-L1", N_("Interincisal angle"), "180 - signed(U1A, U1T, L1T, L1A)", norms=_norm(135.4, 5.76, 130, 150.5)
        ),
        Measure(
            "L1-OP",
            N_("Lower incisor to occlusal plane"),
            "90 - signed(L1T, L1A, OPA, OPP)",
            norms=_norm(14.5, 3.48, 3.5, 20),
        ),
        Measure(
            "L1-MP",
            N_("Lower incisor to mandibular plane"),
            "signed(Me, Go, L1A, L1T) - 90",
            norms=_norm(1.4, 3.78, -8.5, 7),
        ),
        Measure(
            "U1-APog", N_("Upper incisor to A–Pog"), "offset(U1T, A, Pog)", Dimension.LENGTH, _norm(2.7, 1.8, -1, 5)
        ),
    ),
)
