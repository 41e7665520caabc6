"""Values as JSON carries them and as a table cell shows them."""

from __future__ import annotations

import dataclasses
import enum
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import msgspec

from app.core.i18n import N_, _
from app.core.money import Money
from app.core.secret import MASK, Secret

GAP: Final = "  "
CELL_WIDTH: Final = 60
"""Columns of the terminal before a cell is cut; JSON is never cut."""

_SIMPLE: Final[tuple[tuple[Any, Callable[[Any], Any]], ...]] = (
    (enum.Enum, lambda value: value.value),
    (str, str),
    ((bool, int, float, type(None)), lambda value: value),
    (Secret, lambda value: MASK),
    (bytes, bytes.hex),
    (datetime, lambda value: value.astimezone(UTC).isoformat().replace("+00:00", "Z")),
    ((date, time), lambda value: value.isoformat()),
    (timedelta, lambda value: round(value.total_seconds() * 1000)),
)
"""In order: an instant is also a day, an enumeration's member is also a text. A span of time is in milliseconds."""


def plain(value: Any) -> Any:
    """What JSON can carry: structures as objects, instants as ISO text in UTC, bytes as hexadecimal, secrets masked."""
    for kinds, convert in _SIMPLE:
        if isinstance(value, kinds):
            return convert(value)
    return _plain_structure(value)


def _plain_structure(value: Any) -> Any:
    fields = field_values(value)
    if fields is not None:
        return {name: plain(item) for name, item in fields.items()}
    if isinstance(value, AbstractSet):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, Sequence):
        return [plain(item) for item in value]
    return str(value)


def field_values(value: Any) -> dict[str, Any] | None:
    """The named parts of a dataclass, struct, row, named tuple or mapping; None for anything else."""
    if isinstance(value, Mapping):
        return {str(plain(name)): item for name, item in value.items()}
    if isinstance(value, type):
        return None
    if dataclasses.is_dataclass(value):
        return {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}
    if isinstance(value, msgspec.Struct):
        return {name: getattr(value, name) for name in value.__struct_fields__}
    named = getattr(value, "_mapping", None) or getattr(value, "_asdict", dict)()
    return dict(named) or None


def cell(value: Any) -> str:
    """One value as a table shows it, on one line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _(N_("Yes")) if value else _(N_("No"))
    if isinstance(value, Money):
        sign = "-" if value.cents < 0 else ""
        return f"{sign}{abs(value.cents) // 100}.{abs(value.cents) % 100:02d}"
    reduced = plain(value)
    if isinstance(reduced, list) and all(isinstance(item, str | int) for item in reduced):
        return ", ".join(cell(item) for item in reduced)
    text = reduced if isinstance(reduced, str) else msgspec.json.encode(reduced).decode()
    return " ".join(text.split())


def table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> str:
    """Rows under titles; `columns` maps the key of a value to its title, already translated."""
    if not rows:
        return _(N_("Nothing to show."))
    lines = [list(columns.values())] + [[_cut(cell(row.get(name))) for name in columns] for row in rows]
    widths = [max(_width(line[index]) for line in lines) for index in range(len(columns))]
    lines.insert(1, ["─" * width for width in widths])
    return "\n".join(_line(line, widths) for line in lines)


def listing(values: Mapping[str, Any]) -> str:
    """Named values one below the other."""
    width = max((_width(name) for name in values), default=0)
    return "\n".join(f"{_padded(name, width)}{GAP}{cell(item)}".rstrip() for name, item in values.items())


def answer(value: Any) -> str:
    """Any result for people: a table of structures, a listing of one, otherwise a line for each item."""
    if value is None:
        return _(N_("Nothing to show."))
    fields = field_values(value)
    if fields is not None:
        return _structure(fields)
    if isinstance(value, Sequence | AbstractSet) and not isinstance(value, str | bytes):
        return _items(list(value))
    return cell(value)


def _structure(fields: Mapping[str, Any]) -> str:
    """Simple fields as a listing, then each list of structures as a table under its name."""
    tables = {name: item for name, item in fields.items() if _is_table(item)}
    parts = [listing({name: item for name, item in fields.items() if name not in tables})]
    parts += [f"{name}\n{_items(list(item))}" for name, item in tables.items()]
    return "\n\n".join(part for part in parts if part)


def _is_table(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and field_values(value[0]) is not None


def _items(items: list[Any]) -> str:
    rows = [field_values(item) for item in items]
    if items and all(row is not None for row in rows):
        known = [row for row in rows if row is not None]
        return table(known, {name: name for row in known for name in row})
    return "\n".join(cell(item) for item in items) if items else _(N_("Nothing to show."))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return GAP.join(_padded(text, width) for text, width in zip(cells, widths, strict=True)).rstrip()


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Terminal columns (UAX #11): wide and full-width characters take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def _cut(text: str) -> str:
    return text if len(text) <= CELL_WIDTH else text[: CELL_WIDTH - 1] + "…"
