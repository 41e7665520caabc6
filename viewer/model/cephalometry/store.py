"""The port through which the analyses of a clinic are kept: its own norms, its own measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from viewer.model.cephalometry.analyses import ANALYSES
from viewer.model.cephalometry.analysis import Analysis, Measure, Norm

CLINIC = "clinic"
"""The analysis that holds the measures which a clinic has made for itself."""


class AnalysisStore(Protocol):
    """Called on the screen's thread; answers at once."""

    def analyses(self) -> Mapping[str, Analysis]:
        """The analyses that the clinic has changed or added, by id."""
        ...

    def keep(self, analysis: Analysis) -> None:
        """Keep one, in the place of that of its id. Raises a ViewerError where it cannot be kept."""
        ...

    def forget(self, analysis_id: str) -> None:
        """Go back to the analysis that came with the program. Raises a ViewerError where that cannot be."""
        ...


class Fleeting:
    """Keeps analyses as long as the program runs: where no store was handed in."""

    def __init__(self) -> None:
        self._kept: dict[str, Analysis] = {}

    def analyses(self) -> Mapping[str, Analysis]:
        return self._kept

    def keep(self, analysis: Analysis) -> None:
        self._kept[analysis.analysis_id] = analysis

    def forget(self, analysis_id: str) -> None:
        self._kept.pop(analysis_id, None)


def offered(store: AnalysisStore) -> dict[str, Analysis]:
    """Every analysis: those of the program as the clinic has changed them, then the clinic's own."""
    return {**ANALYSES, **store.analyses()}


def with_norm(analysis: Analysis, measure_id: str, norm: Norm) -> Analysis:
    """The analysis with the clinic's norm for a measure; the published rows stay behind it as they were."""

    def changed(measure: Measure) -> Measure:
        if measure.measure_id != measure_id:
            return measure
        published = original(analysis.analysis_id, measure_id)
        return replace(measure, norms=(norm, *(published.norms if published else measure.norms[1:])))

    return replace(analysis, measures=tuple(changed(measure) for measure in analysis.measures))


def original(analysis_id: str, measure_id: str) -> Measure | None:
    """A measure as it came with the program."""
    shipped = ANALYSES.get(analysis_id)
    return next((m for m in shipped.measures if m.measure_id == measure_id), None) if shipped else None


def with_measure(analysis: Analysis, measure: Measure) -> Analysis:
    """The analysis with a measure added, or changed in its place."""
    if any(old.measure_id == measure.measure_id for old in analysis.measures):
        lines = tuple(measure if old.measure_id == measure.measure_id else old for old in analysis.measures)
        return replace(analysis, measures=lines)
    return replace(analysis, measures=(*analysis.measures, measure))


def without_measure(analysis: Analysis, measure_id: str) -> Analysis:
    """The analysis without a measure."""
    return replace(analysis, measures=tuple(m for m in analysis.measures if m.measure_id != measure_id))
