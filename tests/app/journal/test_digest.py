"""The digest is a function of the synced rows alone."""

import contextlib

from app.journal.digest import counts, digest, dump
from app.journal.queries import Actor
from app.journal.workplace import Workplace
from tests.sample.commands import change_sample_owner, create_sample_owner


def test_the_digest_follows_the_rows_and_comes_back_with_them(workplace: Workplace, boss: Actor) -> None:
    run = workplace.runner.run
    with contextlib.closing(workplace.database.raw(read_only=True)) as reader:
        empty = digest(reader)
        owner = run(boss, create_sample_owner, "Léa")
        first = digest(reader)
        run(boss, change_sample_owner, owner, "Zoé")
        second = digest(reader)
        run(boss, change_sample_owner, owner, "Léa")
        assert len({empty, first, second}) == 3
        assert digest(reader) == first
        rows = [line["row"] for line in dump(reader) if line["table"] == "sample_owner"]
        assert [(row["id"], row["name"]) for row in rows] == [(owner, "Léa")]
        assert counts(reader)["sample_owner"] == 1
