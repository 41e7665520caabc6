"""Sealed files that no row names: left by a crash between the file and its row, or put back after an erasure."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta
from typing import Final

from app.journal.copies import FILE_COLUMN
from app.journal.queries import SYSTEM, Reading
from app.journal.records import REGISTRY
from app.journal.runner import Runner

_NAME: Final = re.compile(r"[0-9a-f]{64}")
REST: Final = timedelta(days=1)
"""How long a file must have been left alone: its row may still be on the way."""


def named_files(read: Reading) -> frozenset[str]:
    """Every sealed file that a row of any slice names, or work that the server refused and somebody may want back."""
    found: set[str] = set()
    for row in REGISTRY:
        for column in (name for name in row.columns if name.endswith(FILE_COLUMN)):
            found |= {value for (value,) in read.sql(f'SELECT "{column}" FROM "{row.table}" WHERE "{column}" > \'\'')}
    for (content,) in read.sql("SELECT content FROM inbox_item WHERE content IS NOT NULL"):
        found |= set(_NAME.findall(content))
    return frozenset(found)


def sweep(runner: Runner) -> int:
    """Remove the orphans that have been left alone for a day; returns how many went."""
    with runner.read(SYSTEM) as read:
        named = named_files(read)
    return runner.files.sweep(named, older_than=REST)


def drop_unnamed(runner: Runner, names: Collection[str]) -> None:
    """Remove those of these files that no row names, at once."""
    with runner.read(SYSTEM) as read:
        unnamed = set(names) - named_files(read)
    for name in unnamed:
        runner.files.remove(name)
