"""An analysis is data: measures with formulas, and norms with their source and population."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from viewer.errors import N_
from viewer.model.cephalometry.formula import MissingLandmarks, evaluate
from viewer.model.cephalometry.functions import CephError
from viewer.model.cephalometry.tracing import Tracing


class Dimension(StrEnum):
    """What a measure states."""

    ANGLE = "angle"
    LENGTH = "length"
    PERCENT = "percent"
    RATIO = "ratio"


UNITS = {Dimension.ANGLE: "°", Dimension.PERCENT: "%", Dimension.RATIO: ""}

GROWTH_ENDS = 18.0
"""Age in years after which a norm that changes with age stays as it is."""


@dataclass(frozen=True)
class Norm:
    """One row of a norm table. `sd` is one standard deviation; `low` and `high` bound the published range.

    `source` and `population` are what makes a figure a norm: a row without a source is never shown.
    """

    source: str
    population: str
    mean: float | None = None
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    base_age: float | None = None
    """Age in years for which `mean` holds; it changes by `per_year` from there."""
    per_year: float = 0.0
    sex: str = ""
    """'M', 'F', or '' for both (Patient's Sex, PS3.3 §C.2.2)."""

    @property
    def shown(self) -> bool:
        return bool(self.source.strip()) and bool(self.population.strip())

    def expected(self, age: float | None) -> float | None:
        """The mean at an age; None when it depends on an age that is not known."""
        if self.mean is None or self.base_age is None or not self.per_year:
            return self.mean
        return None if age is None else self.mean + self.per_year * (min(age, GROWTH_ENDS) - self.base_age)


@dataclass(frozen=True)
class Measure:
    """One line of an analysis; `measure_id` is its name in files, `label` what is shown."""

    measure_id: str
    label: str
    formula: str
    dimension: Dimension = Dimension.ANGLE
    norms: tuple[Norm, ...] = ()


@dataclass(frozen=True)
class Analysis:
    """A named set of measures."""

    analysis_id: str
    label: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Subject:
    """What chooses a norm: age in years at the exposure and sex ('M', 'F' or '')."""

    age: float | None = None
    sex: str = ""


@dataclass(frozen=True)
class Reading:
    """A measure's value. `problem` says why there is none; `norm` is the row that it was compared with."""

    measure: Measure
    value: float | None
    unit: str
    norm: Norm | None = None
    expected: float | None = None
    difference: float | None = None
    deviation_sd: float | None = None
    """(value − expected) / SD; None without an SD or without calibrated millimetres."""
    within: bool | None = None
    """Inside the published range, or within one SD."""
    problem: CephError | None = None
    uncalibrated: bool = False
    """A length that must not be compared: the image has no trusted millimetres."""

    def stored(self) -> dict[str, str | int | None]:
        """Whole numbers for storing: `_cdeg`, `_um` (or `_mpx`), `_pct100`, `_ppm`."""
        name, factor = {
            Dimension.ANGLE: ("cdeg", 100),
            Dimension.PERCENT: ("pct100", 100),
            Dimension.RATIO: ("ppm", 1_000_000),
            Dimension.LENGTH: ("mpx" if self.unit == "px" else "um", 1000),
        }[self.measure.dimension]
        value = None if self.value is None else round(self.value * factor)
        return {"measure": self.measure.measure_id, f"value_{name}": value, "unit": self.unit}


def read(analysis: Analysis, tracing: Tracing, subject: Subject | None = None) -> tuple[Reading, ...]:
    """Every measure of an analysis, in its order; one that cannot be computed says why and stops no other."""
    who = subject or Subject()
    return tuple(read_measure(measure, tracing, who) for measure in analysis.measures)


def read_measure(measure: Measure, tracing: Tracing, subject: Subject) -> Reading:
    """One measure of a tracing, compared with the first norm row that fits the subject."""
    unit = UNITS.get(measure.dimension, tracing.size.unit.value)
    try:
        value = evaluate(measure.formula, tracing.oriented)
    except MissingLandmarks as missing:
        return Reading(measure, None, unit, problem=missing)
    except CephError as problem:
        return Reading(measure, None, unit, problem=problem)
    norm = choose_norm(measure.norms, subject)
    if measure.dimension is Dimension.LENGTH and not tracing.size.trusted:
        return Reading(measure, value, unit, norm, norm.expected(subject.age) if norm else None, uncalibrated=True)
    return _compared(measure, value, unit, norm, subject)


def choose_norm(norms: Sequence[Norm], subject: Subject) -> Norm | None:
    """The first row with a source that is for this sex or for both."""
    return next((norm for norm in norms if norm.shown and norm.sex in ("", subject.sex)), None)


def _compared(measure: Measure, value: float, unit: str, norm: Norm | None, subject: Subject) -> Reading:
    if norm is None:
        return Reading(measure, value, unit)
    expected = norm.expected(subject.age)
    difference = None if expected is None else value - expected
    deviation = difference / norm.sd if difference is not None and norm.sd else None
    within: bool | None = None
    if norm.low is not None and norm.high is not None:
        within = norm.low <= value <= norm.high
    elif deviation is not None:
        within = abs(deviation) <= 1.0
    return Reading(measure, value, unit, norm, expected, difference, deviation, within)


@dataclass(frozen=True)
class Change:
    """One measure over several tracings, such as T0, T1 and T2; a step is None where either value is missing."""

    measure: Measure
    values: tuple[float | None, ...]
    steps: tuple[float | None, ...]
    comparable: bool
    """False for lengths in different units: their difference means nothing."""


def changes(readings: Sequence[Sequence[Reading]]) -> tuple[Change, ...]:
    """Readings of the same analysis at several times, measure by measure.

    Raises CephError when they are not of the same analysis.
    """
    found = []
    for row in zip(*readings, strict=False):
        if len({reading.measure.measure_id for reading in row}) != 1 or len({len(r) for r in readings}) != 1:
            raise CephError(N_("Only readings of one analysis can be compared."))
        same = len({reading.unit for reading in row}) == 1
        values = tuple(reading.value for reading in row)
        steps = tuple(
            after - before if same and before is not None and after is not None else None
            for before, after in pairwise(values)
        )
        found.append(Change(row[0].measure, values, steps, same))
    return tuple(found)
