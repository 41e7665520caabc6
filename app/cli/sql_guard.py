"""What a statement of the `sql` verb may do, decided by SQLite's authoriser while the statement is prepared.

Reading is confined to reading, whatever the text says. Writing is confined to rows of captured and local tables:
a statement that changed the schema, the pragmas or the journal could write past the triggers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from app.journal.records import REGISTRY, Merge

ALLOW: Final = 0
DENY: Final = 1
DELETE: Final = 9
INSERT: Final = 18
PRAGMA: Final = 19
READ: Final = 20
SELECT: Final = 21
UPDATE: Final = 23
FUNCTION: Final = 31
RECURSIVE: Final = 33
"""Action codes of https://www.sqlite.org/c3ref/c_alter_table.html"""

READABLE_PRAGMAS: Final = frozenset(
    {"table_info", "table_xinfo", "table_list", "index_list", "index_info", "foreign_key_list", "foreign_key_check",
     "integrity_check", "quick_check", "cipher_integrity_check", "user_version", "data_version", "page_count"}
)  # fmt: skip
FORBIDDEN_FUNCTIONS: Final = frozenset({"sqlcipher_export", "load_extension"})
"""The first writes the database out in clear."""


@dataclass(slots=True)
class Guard:
    """An authoriser; `denied` lists what it refused: a table, or nothing for another kind of statement."""

    write: bool
    denied: list[str] = field(default_factory=list)

    def __call__(self, action: int, first: str | None, second: str | None, base: str | None, inner: str | None) -> int:
        if self._allowed(action, first, second, inner):
            return ALLOW
        self.denied.append(first or "" if action in {DELETE, INSERT, UPDATE} else "")
        return DENY

    def _allowed(self, action: int, first: str | None, second: str | None, inner: str | None) -> bool:
        if action in {SELECT, READ, RECURSIVE}:
            return True
        if action == FUNCTION:
            return (second or "").lower() not in FORBIDDEN_FUNCTIONS
        if action == PRAGMA:
            return (first or "").lower() in READABLE_PRAGMAS and (second is None or not (second or "").isdigit())
        if action in {DELETE, INSERT, UPDATE}:
            return self.write and (inner is not None or writable(first or ""))
        return False


def writable(table: str) -> bool:
    """Whether rows of this table may be written directly: captured, or this workstation's own."""
    return table in REGISTRY and REGISTRY[table].merge is not Merge.PROJECTION
