"""A process that writes until it is killed: commands, groups and sealed files, each acknowledged on its output.

Run as `python -m tests.app.journal.writer_process FOLDER NAME COUNT`; a COUNT of 0 means without end.
"""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path

from app.journal.commands import Command
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.journal.transaction import Transaction
from app.journal.workplace import open_workplace
from tests.sample.commands import change_sample_owner, create_sample_owner, record_sample_visit
from tests.sample.model import Owner, OwnerId

ACTOR = Actor("writer", "Writer", everything=True)


def keep_photo(tx: Transaction, owner_id: str, content: bytes) -> None:
    """The file first, the row second."""
    tx.get(Owner, owner_id).photo_sha256 = tx.files.put(content)


PHOTO = Command(keep_photo, None, "Keep a photo")


def acknowledge(kind: str, *ids: str) -> None:
    """Tell the parent that these operations were committed."""
    sys.stdout.write(" ".join((kind, *ids)) + "\n")
    sys.stdout.flush()


def write_round(runner: Runner, name: str, photo: int) -> None:
    """Create, change in a group, visit, keep a file of `photo` bytes."""
    made = runner.submit(ACTOR, create_sample_owner, name).result()
    owner = OwnerId(made.result)
    acknowledge("operation", made.operation_id)
    with runner.group(ACTOR, "A group") as group:
        for phone in "123":
            group.run(change_sample_owner, owner, None, phone)
    acknowledge("group", group.id)
    acknowledge("operation", runner.submit(ACTOR, record_sample_visit, owner).result().operation_id)
    done = runner.submit(ACTOR, PHOTO, owner, os.urandom(photo)).result()
    acknowledge("operation", done.operation_id)


def main(folder: str, name: str, count: str) -> None:
    """Write rounds until killed or orphaned, or `count` operations."""
    parent = os.getppid()
    with open_workplace(Path(folder)) as workplace:
        acknowledge("ready")
        for number in itertools.count() if count == "0" else range(int(count)):
            if os.getppid() != parent:  # a test that was stopped kills nobody any more
                return
            if count == "0":
                write_round(workplace.runner, f"{name} {number}", 100_000 * (number % 3))
            else:
                done = workplace.runner.submit(ACTOR, create_sample_owner, f"{name} {number}").result()
                acknowledge("operation", done.operation_id)


if __name__ == "__main__":
    main(*sys.argv[1:])
