"""Analyses as JSON of texts and whole numbers, so that a clinic can edit norms and add measures of its own."""

from __future__ import annotations

import json
from typing import Any

from viewer.errors import N_
from viewer.model.cephalometry.analysis import Analysis, Dimension, Measure, Norm
from viewer.model.cephalometry.formula import parse
from viewer.model.cephalometry.functions import CephError

FORM = "archwire-analysis-1"
NUMBERS = ("mean", "sd", "low", "high", "base_age", "per_year")


class AnalysisError(CephError):
    """A stored analysis that cannot be read."""

    message_id = N_("This analysis cannot be read.")


def analysis_to_json(analysis: Analysis) -> str:
    """One line of JSON; norm figures in thousandths (`…_milli`) of a degree, millimetre, per cent or year."""
    measures = [
        {
            "measure_id": measure.measure_id,
            "label": measure.label,
            "formula": measure.formula,
            "dimension": measure.dimension.value,
            "norms": [_norm_fields(norm) for norm in measure.norms],
        }
        for measure in analysis.measures
    ]
    document = {"form": FORM, "analysis_id": analysis.analysis_id, "label": analysis.label, "measures": measures}
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def analysis_from_json(text: str | bytes) -> Analysis:
    """The analysis that `analysis_to_json` wrote, its formulas checked. Raises AnalysisError or FormulaError."""
    try:
        document = json.loads(text)
        if document["form"] != FORM:
            raise AnalysisError
        measures = tuple(_measure(fields) for fields in document["measures"])
        return Analysis(str(document["analysis_id"]), str(document["label"]), measures)
    except CephError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise AnalysisError from None


def _measure(fields: dict[str, Any]) -> Measure:
    parse(fields["formula"])
    norms = tuple(_norm(row) for row in fields["norms"])
    return Measure(
        str(fields["measure_id"]), str(fields["label"]), fields["formula"], Dimension(fields["dimension"]), norms
    )


def _norm_fields(norm: Norm) -> dict[str, str | int | None]:
    fields: dict[str, str | int | None] = {"source": norm.source, "population": norm.population, "sex": norm.sex}
    for name in NUMBERS:
        value = getattr(norm, name)
        fields[f"{name}_milli"] = None if value is None else round(value * 1000)
    return fields


def _norm(fields: dict[str, Any]) -> Norm:
    numbers: dict[str, float | None] = {}
    for name in NUMBERS:
        value = fields[f"{name}_milli"]
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise TypeError(value)
        numbers[name] = None if value is None else value / 1000
    per_year = numbers.pop("per_year") or 0.0
    return Norm(str(fields["source"]), str(fields["population"]), sex=str(fields["sex"]), per_year=per_year, **numbers)
