"""Schema steps: all or nothing, capture kept, tables of slices from outside made, newer schemas refused."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.orm import Mapped

from app.core.errors import IntegrityFailure
from app.journal import schema_steps
from app.journal.capture import check_capture
from app.journal.records import REGISTRY, Merge, Record, key, text
from app.journal.workplace import Workplace, open_workplace
from tests.app.journal.replay import changes

STEP = """
from alembic import op
import sqlalchemy as sa
revision = "{revision}"
down_revision = {down!r}
branch_labels = depends_on = None

def upgrade():
{body}
"""
BATCH = """
    with op.batch_alter_table("sample_owner", recreate="always") as batch:
        batch.alter_column("phone", new_column_name="phone")
"""
ADD = '    op.add_column("sample_owner", sa.Column("shoe", sa.Text()))\n'
FILL = "    op.execute(\"UPDATE sample_owner SET phone = 'filled'\")\n"
FAIL = '    op.execute("UPDATE nowhere SET x = 1")\n'
ORPHAN = "    op.execute(\"INSERT INTO sample_pet(id, owner_id, name) VALUES('p', 'nobody', 'Rex')\")\n"


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    """A script location of Alembic with the kernel's own environment."""
    location = tmp_path / "steps"
    (location / "versions").mkdir(parents=True)
    (location / "env.py").write_text((schema_steps.VERSIONS.parent / "env.py").read_text())
    return location


def write(location: Path, *bodies: str) -> None:
    down = None
    for number, body in enumerate(bodies, start=9001):
        step = STEP.format(revision=str(number), down=down, body=body)
        (location / "versions" / f"{number}_step.py").write_text(step)
        down = str(number)


@pytest.fixture
def run(workplace: Workplace) -> Iterator[Any]:
    """A connection on a folder with one owner, whose runner has ended, and that no step has touched yet."""
    workplace.runner.close()
    with contextlib.closing(workplace.database.raw()) as connection:
        connection.execute(
            "INSERT INTO sample_owner(id, name, phone, mood, vip, balance) VALUES('a', 'Ada', '1', 'calm', 0, 0)"
        )
        connection.execute("INSERT INTO sample_pet(id, owner_id, name) VALUES('x', 'a', 'Rex')")
        connection.execute("DROP TABLE IF EXISTS alembic_version")
        yield connection


def schema(run: Any) -> list[Any]:
    return list(run.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name").fetchall())


def test_a_batch_step_keeps_capture_rows_and_strictness(run: Any, steps: Path) -> None:
    write(steps, BATCH)
    schema_steps.migrate(run, steps)
    assert check_capture(run, REGISTRY.captured()) == []
    assert schema_steps.schema_of(run) == 9001
    before = len(changes(run))
    run.execute("UPDATE sample_owner SET phone = '2'")
    assert len(changes(run)) == before + 1
    with pytest.raises(sqlcipher.IntegrityError):
        run.execute("UPDATE sample_owner SET vip = 'x'")
    assert run.execute("PRAGMA foreign_keys").fetchone() == (1,)


@pytest.mark.parametrize("bodies", [(BATCH, ADD, FAIL), (ADD + FILL + FAIL,), (FILL, BATCH + FAIL)])
def test_a_step_that_fails_half_way_leaves_nothing(run: Any, steps: Path, bodies: tuple[str, ...]) -> None:
    write(steps, *bodies)
    before = (schema(run), run.execute("SELECT * FROM sample_owner").fetchall(), changes(run))
    with pytest.raises(Exception, match="nowhere"):
        schema_steps.migrate(run, steps)
    assert (schema(run), run.execute("SELECT * FROM sample_owner").fetchall(), changes(run)) == before
    assert check_capture(run, REGISTRY.captured()) == []
    assert run.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert not run.in_transaction


def test_a_step_that_breaks_a_reference_is_taken_back(run: Any, steps: Path) -> None:
    write(steps, ORPHAN)
    before = schema(run)
    with pytest.raises(IntegrityFailure, match="nothing was changed"):
        schema_steps.migrate(run, steps)
    assert schema(run) == before
    assert run.execute("SELECT count(*) FROM sample_pet").fetchone() == (1,)


def test_what_a_step_fills_in_is_not_captured(run: Any, steps: Path) -> None:
    """Every workstation takes the step: thirty captured copies of it would be thirty pushes."""
    write(steps, FILL)
    before = changes(run)
    schema_steps.migrate(run, steps)
    assert run.execute("SELECT phone FROM sample_owner").fetchall() == [("filled",)]
    assert changes(run) == before


def test_the_schema_number_is_kept_beside_the_journal(run: Any) -> None:
    kept = run.execute("SELECT v FROM journal_state WHERE k = 'schema'").fetchone()
    assert kept == (str(schema_steps.SCHEMA),)


def test_a_newer_schema_is_refused(workplace: Workplace, run: Any) -> None:
    run.execute("CREATE TABLE alembic_version(version_num TEXT)")
    run.execute("INSERT INTO alembic_version VALUES('9999')")
    workplace.close()
    for repair in (True, False):
        with pytest.raises(IntegrityFailure, match="newer version"):
            open_workplace(workplace.folder, repair=repair)


def test_an_older_schema_is_not_touched_without_repair(
    workplace: Workplace, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema_steps, "SCHEMA", 9999)
    before = schema(run)
    with pytest.raises(IntegrityFailure, match="older version"):
        schema_steps.bring_up_to_date(run, repair=False)
    assert schema(run) == before


def test_the_table_of_a_slice_from_outside_is_made_and_captured(folder: Path) -> None:
    class TrialGuest(Record, merge=Merge.FIELD, stream="trial"):
        __tablename__ = "trial_guest"
        id: Mapped[str] = key()
        order: Mapped[str] = text(index=True)

    try:
        with open_workplace(folder) as opened:
            assert opened.notices == []
            with contextlib.closing(opened.database.raw()) as raw:
                raw.execute("INSERT INTO trial_guest(id, \"order\") VALUES('g', 'one')")
                raw.execute("UPDATE trial_guest SET \"order\" = 'two'")
                raw.execute("DELETE FROM trial_guest")
                assert [row[2] for row in changes(raw)] == ["ins", "upd", "del"]
                assert raw.execute("PRAGMA index_list(trial_guest)").fetchall()
            opened.runner.adopt_raw()
            assert opened.verify().sound
    finally:
        REGISTRY.remove("trial_guest")
    with open_workplace(folder) as again:
        assert again.verify().problems == [], "a folder stays sound when the slice is taken away"
