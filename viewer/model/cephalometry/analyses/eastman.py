"""The Eastman correction: ANB for a maxilla whose SNA is not average, half a degree for each degree from 81°.

It assumes that SNA is unusual because nasion is; when the maxillary plane is not within 8 ± 3° of SN, it says nothing.
For SNB, textbooks have 78 or 79: taken is 78, which with the ANB of 3 gives the SNA of 81.
"""

from viewer.errors import N_
from viewer.model.cephalometry.analysis import Analysis, Measure, Norm

SOURCE = "Mills JRE. Principles and practice of orthodontics. Churchill Livingstone 1982 (Eastman standard)"
POPULATION = N_("White British adults, Class I")

EASTMAN = Analysis(
    "eastman",
    N_("Eastman correction"),
    (
        Measure("SNA", N_("SNA"), "angle(S, N, A)", norms=(Norm(SOURCE, POPULATION, 81, 3),)),
        Measure("SNB", N_("SNB"), "angle(S, N, B)", norms=(Norm(SOURCE, POPULATION, 78, 3),)),
        Measure("ANB", N_("ANB"), "angle(S, N, A) - angle(S, N, B)", norms=(Norm(SOURCE, POPULATION, 3, 2),)),
        Measure(
            "ANB corrected",
            N_("ANB, corrected for SNA"),
            "angle(S, N, A) - angle(S, N, B) + 0.5 * (81 - angle(S, N, A))",
            norms=(Norm(SOURCE, POPULATION, 3, 2),),
        ),
        Measure(
            "SN-MxP", N_("Maxillary plane to SN"), "signed(S, N, PNS, ANS)", norms=(Norm(SOURCE, POPULATION, 8, 3),)
        ),
    ),
)
