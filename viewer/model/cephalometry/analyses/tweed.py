"""Tweed's diagnostic triangle; its three angles always add up to 180°. Merrifield's profile angle goes with it.

The ranges of FMA and IMPA are those that Tweed's text calls normal; he gives none for FMIA. Reproductions of Merrifield
differ about the Z angle (80 ± 5, or 71 to 89): taken is the wider range.
"""

from viewer.errors import N_
from viewer.model.cephalometry.analysis import Analysis, Measure, Norm

SOURCE = "Tweed CH. The Frankfort-mandibular incisor angle (FMIA). Angle Orthod 1954;24:121–169"
POPULATION = N_("White North Americans, faces that the author judged balanced")

TWEED = Analysis(
    "tweed",
    N_("Tweed"),
    (
        Measure("FMA", N_("FMA"), "signed(Po, Or, Go, Me)", norms=(Norm(SOURCE, POPULATION, 25, low=20, high=30),)),
        Measure("FMIA", N_("FMIA"), "signed(L1A, L1T, Po, Or)", norms=(Norm(SOURCE, POPULATION, 65),)),
        Measure("IMPA", N_("IMPA"), "signed(Me, Go, L1A, L1T)", norms=(Norm(SOURCE, POPULATION, 90, low=85, high=95),)),
        Measure(
            "Z angle",
            N_("Z angle"),
            "between(Or, Po, foremost(Ls, Li, Po, Or), Pogs)",
            norms=(
                Norm(
                    "Merrifield LL. The profile line as an aid in critically evaluating facial esthetics. "
                    "Am J Orthod 1966;52:804–822",
                    N_("White North American adults with normal occlusion"),
                    80,
                    low=71,
                    high=89,
                ),
            ),
        ),
    ),
)
