"""Jarabak and Björk: the polygon N–S–Ar–Go–Me, whose three angles add up to 360° + SN–GoMe, and the face heights."""

from viewer.errors import N_
from viewer.model.cephalometry.analysis import Analysis, Dimension, Measure, Norm

SOURCE = "Jarabak JR, Fizzell JA. Technique and treatment with light-wire edgewise appliances, 2nd ed. Mosby 1972"
POPULATION = N_("White North Americans, about 11 years")
MM = Dimension.LENGTH


def _norm(
    mean: float | None = None, sd: float | None = None, low: float | None = None, high: float | None = None
) -> tuple[Norm, ...]:
    return (Norm(SOURCE, POPULATION, mean, sd, low, high),)


JARABAK = Analysis(
    "jarabak",
    N_("Jarabak and Björk"),
    (
        Measure("Saddle", N_("Saddle angle"), "inner(N, S, Ar)", norms=_norm(123, 5)),
        Measure("Articular", N_("Articular angle"), "inner(S, Ar, Go)", norms=_norm(143, 6)),
        Measure("Gonial", N_("Gonial angle"), "inner(Ar, Go, Me)", norms=_norm(130, 7)),
        Measure(
            "Sum", N_("Sum of angles"), "inner(N, S, Ar) + inner(S, Ar, Go) + inner(Ar, Go, Me)", norms=_norm(396, 6)
        ),
        Measure("SN-GoMe", N_("Mandibular plane to SN"), "signed(S, N, Go, Me)"),
        Measure("Upper gonial", N_("Upper gonial angle"), "angle(Ar, Go, N)", norms=_norm(low=52, high=55)),
        Measure("Lower gonial", N_("Lower gonial angle"), "angle(N, Go, Me)", norms=_norm(low=70, high=75)),
        Measure(
            "S-Go/N-Me",
            N_("Posterior to anterior face height"),
            "100 * distance(S, Go) / distance(N, Me)",
            Dimension.PERCENT,
            _norm(low=62, high=65),
        ),
        Measure("S-N", N_("Anterior cranial base"), "distance(S, N)", MM, _norm(71, 3)),
        Measure("S-Ar", N_("Posterior cranial base"), "distance(S, Ar)", MM, _norm(32, 3)),
        Measure("Ar-Go", N_("Ramus height"), "distance(Ar, Go)", MM, _norm(44, 5)),
        Measure("Go-Me", N_("Mandibular body length"), "distance(Go, Me)", MM, _norm(71, 5)),
    ),
)
