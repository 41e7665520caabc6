"""Cephalometry as data and pure functions: landmarks, formulas, analyses with sourced norms, superimposition.

    tracing = Tracing({"S": (812.0, 640.5), "N": (1490.2, 575.1), ...}, header.pixel_size)
    for reading in read(ANALYSES["steiner"], tracing, Subject(age=13.5, sex="F")):
        ...

The norm figures are those taught under each publication that a row names; none is pooled or averaged here.
"""

from viewer.model.cephalometry.analyses import ANALYSES
from viewer.model.cephalometry.analysis import (
    Analysis,
    Change,
    Dimension,
    Measure,
    Norm,
    Reading,
    Subject,
    changes,
    read,
)
from viewer.model.cephalometry.formula import FormulaError, MissingLandmarks
from viewer.model.cephalometry.functions import CephError
from viewer.model.cephalometry.landmarks import DERIVED, LANDMARKS, Landmark, Tissue
from viewer.model.cephalometry.superimposition import METHODS, Superimposition, superimpose
from viewer.model.cephalometry.tracing import Tracing

__all__ = [
    "ANALYSES",
    "DERIVED",
    "LANDMARKS",
    "METHODS",
    "Analysis",
    "CephError",
    "Change",
    "Dimension",
    "FormulaError",
    "Landmark",
    "Measure",
    "MissingLandmarks",
    "Norm",
    "Reading",
    "Subject",
    "Superimposition",
    "Tissue",
    "Tracing",
    "changes",
    "read",
    "superimpose",
]
