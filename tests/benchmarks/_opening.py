"""Run by `core` in a process of its own: 90 generated tables must not stand in the registry of anything else."""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

sys.path.insert(0, sys.argv[1])

from app.core.database import connect
from app.core.keys import DataKey
from app.journal.capture import check_capture, repair_capture
from app.journal.records import REGISTRY, Merge, Record, instant, integer, key, text
from app.journal.schema import JOURNAL_TABLES
from app.journal.schema_steps import run_script

TABLES, COLUMNS, TIMES = 90, 20, 25


def declare() -> None:
    """The record classes: an id, then texts, whole numbers and instants in turn."""
    kinds = (text, integer, instant)
    for number in range(TABLES):
        columns = {f"column_{place:02}": kinds[place % 3]() for place in range(COLUMNS - 1)}
        given = {"__tablename__": f"generated_{number:02}", "id": key(), **columns}
        type(f"Generated{number}", (Record,), given, merge=Merge.FIELD, stream="generated")


def main() -> None:
    """Print the milliseconds of each opening as JSON."""
    declare()
    assert len(REGISTRY.captured()) == TABLES
    data_key, times = DataKey.generate(), []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "opening.db"
        with contextlib.closing(connect(path, data_key, create=True)) as run:
            run.execute("BEGIN")
            run_script(run, JOURNAL_TABLES)
            for row in REGISTRY:
                run.execute(str(CreateTable(Record.metadata.tables[row.table]).compile(dialect=sqlite.dialect())))
            repair_capture(run, REGISTRY.captured())
            run.execute("COMMIT")
        for _time in range(TIMES):
            begun = time.perf_counter()
            with contextlib.closing(connect(path, data_key)) as run:
                faults = check_capture(run, REGISTRY.captured())
                times.append((time.perf_counter() - begun) * 1000)
            assert faults == []
    print(json.dumps(times))


if __name__ == "__main__":
    main()
