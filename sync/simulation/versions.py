"""Workstations of an older version in the simulation: a table and a column that they do not know yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any, Final

from app.journal.capture import drop_capture, repair_capture
from app.journal.parking import replay_parked
from app.journal.records import REGISTRY, Registered
from app.journal.runner import Runner
from app.journal.schema_steps import bring_up_to_date
from sync.simulation.memory import copy_of, new_image

TABLE: Final = "sim_late"
COLUMN: Final = ("sim_card", "extra")


@contextmanager
def knowing(old: bool) -> Iterator[None]:
    """Everything inside runs as the older version does, when `old`."""
    if not old:
        yield
        return
    rows: dict[str, Registered] = REGISTRY._rows
    late, (table, column) = rows.pop(TABLE), COLUMN
    whole = rows[table]
    rows[table] = replace(whole, columns=tuple(name for name in whole.columns if name != column))
    try:
        yield
    finally:
        rows[TABLE], rows[table] = late, whole


@cache
def _old_template() -> Any:
    image = new_image()
    drop_capture(image)
    image.execute(f"DROP TABLE {TABLE}")
    image.execute(f"ALTER TABLE {COLUMN[0]} DROP COLUMN {COLUMN[1]}")
    with knowing(True):
        repair_capture(image, REGISTRY.captured())
    return image


def old_image() -> Any:
    """An empty database of the older version."""
    return copy_of(_old_template())


def upgrade(image: Any) -> None:
    """The newer version's schema, as a schema step makes it."""
    image.execute("BEGIN IMMEDIATE")
    drop_capture(image)
    image.execute(f"ALTER TABLE {COLUMN[0]} ADD COLUMN {COLUMN[1]} TEXT")
    repair_capture(image, [row for row in REGISTRY.captured() if row.table != TABLE])
    image.execute("COMMIT")
    bring_up_to_date(image)


def after_upgrade(runner: Runner) -> int:
    """What the newer version does when it is first opened."""
    return replay_parked(runner)
