"""Ricketts: the factors of his summary analysis, with a change for each year of growth from the age of nine.

Means and changes are those of the summary of 1981 (one degree in three years for the chin and the mandibular plane, one
in two for the arc, one millimetre in five for the convexity), checked against later reproductions of it. Where these
differ: the lower face height is 47° and not the 45° of some lecture notes, the molar stands at age + 3 mm and not half
the age + 3 mm. Deviations of the incisors, of the angle between them and of the taper, which the summary leaves out or
rounds (2 mm, 10°, 4°), are those of the whole analysis as Rocky Mountain Data Systems computed it.
"""

from viewer.errors import N_
from viewer.model.cephalometry.analysis import Analysis, Dimension, Measure, Norm

SOURCE = "Ricketts RM. Perspectives in the clinical application of cephalometrics. Angle Orthod 1981;51:115–150"
WHOLE = "Ricketts RM, Bench RW, Gugino CF, Hilgers JJ, Schulhof RJ. Bioprogressive therapy. Rocky Mountain 1979"
POPULATION = N_("White North Americans, at 9 years with yearly change")


def _norm(mean: float, sd: float, per_year: float = 0.0, source: str = SOURCE) -> tuple[Norm, ...]:
    return (Norm(source, POPULATION, mean, sd, base_age=9.0, per_year=per_year),)


RICKETTS = Analysis(
    "ricketts",
    N_("Ricketts"),
    (
        Measure("Facial axis", N_("Facial axis"), "between(N, Ba, Pt, Gn)", norms=_norm(90, 3)),
        Measure("Facial depth", N_("Facial depth"), "between(Or, Po, N, Pog)", norms=_norm(87, 3, 0.33)),
        Measure("MP-FH", N_("Mandibular plane to Frankfort"), "signed(Po, Or, Go, Me)", norms=_norm(26, 4, -0.33)),
        Measure("Facial taper", N_("Facial taper"), "between(Pog, N, Me, Go)", norms=_norm(68, 3.5, source=WHOLE)),
        Measure("Lower face height", N_("Lower face height"), "angle(ANS, Xi, Pm)", norms=_norm(47, 4)),
        Measure("Mandibular arc", N_("Mandibular arc"), "signed(Pm, Xi, Xi, DC)", norms=_norm(26, 4, 0.5)),
        Measure("Convexity mm", N_("Convexity"), "offset(A, N, Pog)", Dimension.LENGTH, _norm(2, 2, -0.2)),
        Measure("Maxillary depth", N_("Maxillary depth"), "between(Or, Po, N, A)", norms=_norm(90, 3)),
        Measure(
            "L1-APog mm",
            N_("Lower incisor to A–Pog"),
            "offset(L1T, A, Pog)",
            Dimension.LENGTH,
            _norm(1, 2.3, source=WHOLE),
        ),
        Measure("L1-APog", N_("Lower incisor to A–Pog"), "signed(Pog, A, L1A, L1T)", norms=_norm(22, 4)),
        Measure(
            "U1-APog mm",
            N_("Upper incisor to A–Pog"),
            "offset(U1T, A, Pog)",
            Dimension.LENGTH,
            _norm(3.5, 2.3, source=WHOLE),
        ),
        Measure("U1-APog", N_("Upper incisor to A–Pog"), "signed(U1A, U1T, A, Pog)", norms=_norm(28, 4, source=WHOLE)),
        Measure(
            "U6-PTV",
            N_("Upper molar to pterygoid vertical"),
            "along(U6D, Po, Or) - along(PTV, Po, Or)",
            Dimension.LENGTH,
            # Age plus 3 mm: 12 mm at nine years, one more each year.
            _norm(12, 3, 1.0),
        ),
        Measure(
            "U1-L1", N_("Interincisal angle"), "180 - signed(U1A, U1T, L1T, L1A)", norms=_norm(130, 6, source=WHOLE)
        ),
        Measure("Li-E line", N_("Lower lip to E line"), "offset(Li, Prn, Pogs)", Dimension.LENGTH, _norm(-2, 2, -0.2)),
    ),
)
