"""Writes the next schema step from the difference between the steps so far and the records as declared.

Use: `.venv/bin/python installers/new_schema_step.py "what it adds"`. Read the file before it is
committed: steps only expand.
Projections are left out: they are derived, made and computed anew when their declaration changes.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.types import Integer, TypeDecorator

from app.journal.discovery import load_slices
from app.journal.records import REGISTRY, Merge, Record
from app.journal.schema_steps import SCHEMA, VERSIONS, migrate

HEAD = '''"""{what}"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "{revision:04d}"
down_revision = {previous!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand the schema."""
    {body}
'''


def _render(kind: str, item: Any, _context: Any) -> str | bool:
    """Column types as the plain type that the database sees."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return "sa.Integer()" if isinstance(item.impl, Integer) else "sa.Text()"
    return False


def _counts(item: Any, name: str | None, kind: str, *_rest: Any) -> bool:
    table = name if kind == "table" else getattr(getattr(item, "table", None), "name", None)
    return table in REGISTRY and REGISTRY[str(table)].merge is not Merge.PROJECTION


def difference() -> str:
    """The body of the step that brings the shipped steps to the declared records; `pass` when they agree."""
    import sqlcipher3.dbapi2 as sqlcipher

    load_slices()
    with tempfile.TemporaryDirectory() as folder:
        raw = sqlcipher.connect(str(Path(folder) / "plain.db"), isolation_level=None)
        raw.execute("PRAGMA recursive_triggers = ON")
        if SCHEMA:
            migrate(raw)
        engine = create_engine("sqlite://", creator=lambda: raw)
        with engine.connect() as connection:
            options = {"include_object": _counts, "render_item": _render, "compare_type": False}
            context = MigrationContext.configure(connection, opts=options)
            produced = produce_migrations(context, Record.metadata).upgrade_ops
            assert produced is not None
            return render_python_code(produced, render_item=_render, migration_context=context)


def main(what: str) -> int:
    """Write the file; 1 when there is nothing to do."""
    body = difference()
    lines = [line for line in body.splitlines() if line.strip() and not line.strip().startswith("#")]
    if [line.strip() for line in lines] == ["pass"]:
        print("The steps and the records agree.")
        return 1
    number = SCHEMA + 1
    name = re.sub(r"\W+", "_", what.lower()).strip("_")
    path = VERSIONS / f"{number:04d}_{name}.py"
    previous = f"{SCHEMA:04d}" if SCHEMA else None
    path.write_text(
        HEAD.format(what=what.rstrip(".") + ".", revision=number, previous=previous, body="\n".join(lines).strip()),
        encoding="utf-8",
    )
    print(path.relative_to(VERSIONS.parents[3]))
    return 0


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:]) or "Schema step"))
