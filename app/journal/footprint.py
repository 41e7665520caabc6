"""Footprints: the tables and columns that each command may write, generated from the tests into a checked-in file.

The server authorises a named command for its actor, and that its changes lie inside the command's footprint. The
footprint also tells which commands insert or write events, and therefore must name their opposite to be undoable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from app.journal.records import REGISTRY, Merge

FOOTPRINT_FILE: Final = Path(__file__).resolve().parents[1] / "footprints.json"
Footprint = dict[str, dict[str, list[str]]]
RIGHTS: Final = ("app.access.", "app.devices.")
"""The slices whose columns say who may do what."""


def footprint_of(rows: Iterable[tuple[Any, ...]]) -> Footprint:
    """{table: {kind: columns}} of change rows (tbl, pk, subject, kind, delta, …)."""
    found: dict[str, dict[str, set[str]]] = {}
    for table, _key, _subject, kind, delta, *_rest in rows:
        found.setdefault(table, {}).setdefault(kind, set()).update(msgspec.json.decode(delta) if delta else ())
    return {t: {k: sorted(columns) for k, columns in kinds.items()} for t, kinds in found.items()}


def merged(one: Mapping[str, Mapping[str, list[str]]], other: Mapping[str, Mapping[str, list[str]]]) -> Footprint:
    """The union of two footprints, in a stable order."""
    result: Footprint = {}
    for table in sorted({*one, *other}):
        kinds = {*one.get(table, {}), *other.get(table, {})}
        result[table] = {
            kind: sorted({*one.get(table, {}).get(kind, []), *other.get(table, {}).get(kind, [])})
            for kind in sorted(kinds)
        }
    return result


def load_footprints(path: Path = FOOTPRINT_FILE) -> dict[str, Footprint]:
    """The checked-in footprints by command."""
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Footprint]) if path.exists() else {}


def save_footprints(footprints: Mapping[str, Footprint], path: Path = FOOTPRINT_FILE) -> None:
    """Write the file, sorted, so that a change reads well."""
    ordered = {name: footprints[name] for name in sorted(footprints)}
    path.write_bytes(msgspec.json.format(msgspec.json.encode(ordered, order="sorted"), indent=1) + b"\n")


def outside(allowed: Mapping[str, Mapping[str, list[str]]], rows: Iterable[tuple[Any, ...]]) -> list[str]:
    """What change rows write beyond a footprint, as `table kind column` texts."""
    beyond = []
    for table, kinds in footprint_of(rows).items():
        for kind, columns in kinds.items():
            may = allowed.get(table, {}).get(kind)
            beyond += [f"{table} {kind} {name}" for name in columns if may is None or name not in may]
            if may is None and not columns:
                beyond.append(f"{table} {kind}")
    return sorted(beyond)


def with_whole_rows(footprint: Mapping[str, Mapping[str, list[str]]]) -> Footprint:
    """The footprint with every column of the rows that it may insert or change.

    What was recorded lacks the columns that were empty or equal then: a note that nobody typed in a test, a clinic that
    a visit never moved to. Where a column gives rights, the recorded ones alone are allowed.
    """
    whole: Footprint = {}
    for table, kinds in footprint.items():
        row = REGISTRY.get(table)
        columns = sorted(row.columns) if row is not None else []
        narrow = row is not None and row.record.__module__.startswith(RIGHTS)
        whole[table] = {
            kind: names if kind == "del" or not columns or (kind == "upd" and narrow) else columns
            for kind, names in kinds.items()
        }
    return whole


def inserts_or_records(footprint: Mapping[str, Mapping[str, list[str]]]) -> bool:
    """Whether a command of this footprint does more than update merged rows (events of its own aside)."""
    return any(
        kind != "upd" or (table in REGISTRY and REGISTRY[table].merge is Merge.EVENT)
        for table, kinds in footprint.items()
        for kind in kinds
    )
