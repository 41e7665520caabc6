"""Steiner: jaws to the anterior cranial base, incisors to their own jaw, lips to the S line.

For the angle between the incisors some have 130 or 131: taken is 131, which with his 22°, 25° and 2° gives 180.
"""

from viewer.errors import N_
from viewer.model.cephalometry.analysis import Analysis, Dimension, Measure, Norm

SOURCE = "Steiner CC. Cephalometrics for you and me. Am J Orthod 1953;39:729–755"
REFINED = "Steiner CC. Cephalometrics in clinical practice. Angle Orthod 1959;29:8–29"
POPULATION = N_("White North Americans, ideal chosen by the author")


def _norm(mean: float, source: str = SOURCE) -> tuple[Norm, ...]:
    """An ideal figure: Steiner published none of the standard deviations that are often quoted under his name."""
    return (Norm(source, POPULATION, mean),)


STEINER = Analysis(
    "steiner",
    N_("Steiner"),
    (
        Measure("SNA", N_("SNA"), "angle(S, N, A)", norms=_norm(82)),
        Measure("SNB", N_("SNB"), "angle(S, N, B)", norms=_norm(80)),
        # Never the unsigned angle A-N-B: a Class III would read like a Class II.
        Measure("ANB", N_("ANB"), "angle(S, N, A) - angle(S, N, B)", norms=_norm(2)),
        Measure("SND", N_("SND"), "angle(S, N, D)", norms=(Norm(REFINED, POPULATION, 76.5, low=76, high=77),)),
        Measure("U1-NA", N_("Upper incisor to NA"), "signed(U1A, U1T, N, A)", norms=_norm(22)),
        Measure("U1-NA mm", N_("Upper incisor to NA"), "offset(U1T, N, A)", Dimension.LENGTH, _norm(4)),
        Measure("L1-NB", N_("Lower incisor to NB"), "signed(B, N, L1A, L1T)", norms=_norm(25)),
        Measure("L1-NB mm", N_("Lower incisor to NB"), "offset(L1T, N, B)", Dimension.LENGTH, _norm(4)),
        Measure("Pog-NB mm", N_("Pogonion to NB"), "offset(Pog, N, B)", Dimension.LENGTH),
        Measure(
            "Holdaway ratio",
            N_("Holdaway ratio"),
            "offset(L1T, N, B) / offset(Pog, N, B)",
            Dimension.RATIO,
            _norm(1, source="Holdaway RA. Changes in relationship of points A and B. Am J Orthod 1956;42:176–193"),
        ),
        Measure("U1-L1", N_("Interincisal angle"), "180 - signed(U1A, U1T, L1T, L1A)", norms=_norm(131)),
        Measure("OP-SN", N_("Occlusal plane to SN"), "signed(S, N, OPP, OPA)", norms=_norm(14)),
        Measure("GoGn-SN", N_("Mandibular plane to SN"), "signed(S, N, Go, Gn)", norms=_norm(32)),
        Measure(
            "Ls-S line", N_("Upper lip to S line"), "offset(Ls, Cm, Pogs)", Dimension.LENGTH, _norm(0, source=REFINED)
        ),
        Measure(
            "Li-S line", N_("Lower lip to S line"), "offset(Li, Cm, Pogs)", Dimension.LENGTH, _norm(0, source=REFINED)
        ),
    ),
)
