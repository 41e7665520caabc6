"""Marks as JSON of texts, flags and whole numbers: nothing that is stored is a float."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from viewer.model.marks import Calibration, Kind, Layer, Mark, MarkError, Sheet

FORM = "archwire-marks-1"


def to_json(sheet: Sheet) -> str:
    """The sheet as one line of JSON; the same sheet always gives the same text."""
    document = {
        "form": FORM,
        "marks": [mark_fields(mark) for mark in sheet.marks],
        "layers": [asdict(layer) for layer in sheet.layers],
        "calibration": asdict(sheet.calibration) if sheet.calibration else None,
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str | bytes) -> Sheet:
    """The sheet that `to_json` wrote. Raises MarkError for anything else, a fraction included."""
    try:
        document = json.loads(text, parse_float=_refuse, parse_constant=_refuse)
        if document["form"] != FORM:
            raise MarkError
        calibration = document["calibration"]
        return Sheet(
            tuple(mark_from_fields(fields) for fields in document["marks"]),
            tuple(_layer(fields) for fields in document["layers"]),
            _calibration(calibration) if calibration else None,
        )
    except MarkError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise MarkError from None


def mark_fields(mark: Mark) -> dict[str, Any]:
    """The fields of a mark as JSON holds them; points are [x, y] in thousandths of a pixel."""
    fields = asdict(mark)
    fields["kind"] = mark.kind.value
    fields["points_mpx"] = [list(point) for point in mark.points_mpx]
    return fields


def mark_from_fields(fields: dict[str, Any]) -> Mark:
    """A mark from its fields. Raises MarkError, ValueError, TypeError or KeyError."""
    points = tuple((_whole(x), _whole(y)) for x, y in fields["points_mpx"])
    tooth, known = fields.get("tooth"), fields.get("known_um")
    return Mark(
        _text(fields["mark_id"]),
        Kind(fields["kind"]),
        points,
        _whole(fields.get("frame", 0)),
        _text(fields["layer"]),
        _text(fields.get("text", "")),
        None if tooth is None else _whole(tooth),
        None if known is None else _whole(known),
    )


def _layer(fields: dict[str, Any]) -> Layer:
    return Layer(_text(fields["name"]), bool(fields["visible"]), bool(fields["locked"]), _text(fields["colour"]))


def _calibration(fields: dict[str, Any]) -> Calibration:
    return Calibration(
        _text(fields["ruler_id"]),
        _whole(fields["known_um"]),
        _whole(fields["length_mpx"]),
        _text(fields["calibrated_by"]),
        _text(fields["calibrated_at"]),
    )


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(value)
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _refuse(number: str) -> float:
    raise ValueError(number)
