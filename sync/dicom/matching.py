"""Matching of C-FIND keys (PS3.4 §C.2.2.2): universal, single value, list of UIDs, wildcard, range."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from typing import Any, Final

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from app.core.text import fold

RANGES: Final = frozenset({"DA", "TM", "DT"})
WILDCARDS: Final = frozenset({"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})
FOLDED: Final = frozenset({"PN", "LO", "SH"})
"""Compared without case and accents: whoever types a name on a unit has no accents there."""
IGNORED: Final = frozenset({"SpecificCharacterSet", "QueryRetrieveLevel", "TimezoneOffsetFromUTC"})


def matches(keys: Dataset, found: Dataset | Mapping[str, Any]) -> bool:
    """Whether an answer satisfies every key that has a value."""
    return all(_element(key, found) for key in keys if key.keyword not in IGNORED)


def _element(key: DataElement, found: Dataset | Mapping[str, Any]) -> bool:
    if key.VR == "SQ":
        items = found.get(key.keyword) or []
        return all(not list(wanted) or any(matches(wanted, item) for item in items) for wanted in key.value or [])
    asked = _texts(key.value)
    if not asked or asked == ["*"]:
        return True
    have = _texts(found.get(key.keyword))
    return any(_value(key.VR, one, other) for one in asked for other in have or [""])


def _texts(value: Any) -> list[str]:
    if value is None or value == "":
        return []
    many = value if isinstance(value, MultiValue | list | tuple) else [value]
    return [str(one) for one in many if str(one)]


def _value(vr: str, asked: str, have: str) -> bool:
    if vr in RANGES and "-" in asked:
        low, _dash, high = asked.partition("-")
        return bool(have) and (not low or have[: len(low)] >= low) and (not high or have[: len(high)] <= high)
    if vr in FOLDED:
        return name_matches(asked, have)
    if vr in WILDCARDS and any(mark in asked for mark in "*?"):
        return fnmatch.fnmatchcase(have, asked.replace("[", "[[]"))
    return asked.strip() == have.strip()


def name_matches(asked: str, have: str) -> bool:
    """Whether a name or number matches, wildcards and missing components included, without case and accents."""
    pattern, value = _plain(asked), _plain(have)
    if "^" not in pattern and not pattern.endswith("*"):
        value = value if "*" in pattern or "?" in pattern else value.rstrip("^")
    return fnmatch.fnmatchcase(value, pattern.replace("[", "[[]"))


def _plain(value: str) -> str:
    parts: list[str] = []
    word = ""
    for character in value.split("=", maxsplit=1)[0].rstrip("^ ").strip():
        if character in "*?^":
            parts += [fold(word), character]
            word = ""
        else:
            word += character
    return "".join([*parts, fold(word)])
