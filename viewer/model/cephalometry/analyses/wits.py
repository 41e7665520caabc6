"""Wits appraisal: points A and B projected on the functional occlusal plane; positive when AO lies in front of BO.

In Jacobson's 21 men BO lay about 1 mm in front of AO, which makes his mean negative; some later texts drop the sign.
"""

from viewer.errors import N_
from viewer.model.cephalometry.analysis import Analysis, Dimension, Measure, Norm

SOURCE = "Jacobson A. The “Wits” appraisal of jaw disharmony. Am J Orthod 1975;67:125–138"
POPULATION = N_("Adults with excellent occlusion, by sex")

WITS = Analysis(
    "wits",
    N_("Wits"),
    (
        Measure(
            "Wits",
            N_("Wits appraisal (AO–BO)"),
            "along(A, FOPP, FOPA) - along(B, FOPP, FOPA)",
            Dimension.LENGTH,
            (
                Norm(SOURCE, POPULATION, -1.17, 1.9, sex="M"),
                Norm(SOURCE, POPULATION, -0.1, 1.77, sex="F"),
            ),
        ),
    ),
)
