"""What a person might do at an earlier moment, from the journal: the server judges offline work by the rights of then.

A moment is a hybrid logical clock value. The clock orders a grant before every operation of somebody who has seen it,
however wrong the clocks of the machines are.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from app.access.authority import RightsTable
from app.access.model import RoleGrant, Staff, StaffGrant, StaffRole
from app.core.errors import NotFound
from app.core.i18n import N_
from app.core.permissions import Role
from app.journal.queries import Actor, Reading

_RECORDS: Final = (Staff, StaffRole, RoleGrant, StaffGrant)
_TABLES: Final = tuple(record.__tablename__ for record in _RECORDS)
_IN: Final = ", ".join(f"'{name}'" for name in _TABLES)
_NEWEST: Final = (
    "SELECT o.id, c.n FROM change c JOIN operation o ON o.n = c.operation"
    f" WHERE c.n = (SELECT max(n) FROM change WHERE tbl IN ({_IN}) AND operation IS NOT NULL)"
)
_CHANGES: Final = (
    "SELECT c.tbl, c.pk, c.kind, c.delta, o.hlc FROM change c JOIN operation o ON o.n = c.operation"
    f" WHERE c.tbl IN ({_IN}) AND c.delta IS NOT NULL ORDER BY o.hlc, o.device, c.n"
)
_pairs = msgspec.json.Decoder(dict[str, tuple[Any, Any]]).decode
Row = dict[str, Any]


@dataclass(slots=True)
class _Past:
    """One row: what it was before the first change known, and its values after each, in order of the clock."""

    before: Row | None
    clocks: list[int] = field(default_factory=list)
    after: list[Row | None] = field(default_factory=list)

    def at(self, hlc: int) -> Row | None:
        place = bisect_right(self.clocks, hlc)
        return self.after[place - 1] if place else self.before

    def follow(self, kind: str, pairs: Mapping[str, tuple[Any, Any]], hlc: int) -> None:
        last = self.after[-1] if self.after else self.before
        row = None if kind == "del" else (last or {}) | {name: after for name, (_before, after) in pairs.items()}
        self.clocks.append(hlc)
        self.after.append(row)


class HasLeft(NotFound):
    """There was such a person, but not at that moment: not yet, or no longer."""

    def __init__(self, staff_id: str) -> None:
        super().__init__(N_("staff member"), staff_id)


class RightsHistory:
    """Everything that ever decided on rights, by table and row."""

    def __init__(self, rows: Mapping[str, Mapping[str, _Past]]) -> None:
        self._rows = rows

    def rights_at(self, hlc: int) -> RightsTable:
        """The rights of everybody at a moment."""
        roles = {row["id"]: frozenset[Role]() for row in self._table("staff", hlc) if row.get("is_active")}
        for row in self._table("staff_role", hlc):
            if row.get("is_held") and row["staff_id"] in roles:
                roles[row["staff_id"]] |= {Role(row["role"])}
        return RightsTable(
            roles,
            {
                (Role(row["role"]), row["permission"]): bool(row["is_granted"])
                for row in self._table("role_grant", hlc)
                if row.get("is_granted") is not None
            },
            {
                (row["staff_id"], row["permission"]): bool(row["is_granted"])
                for row in self._table("staff_grant", hlc)
                if row.get("is_granted") is not None
            },
        )

    def actor_at(self, staff_id: str, hlc: int) -> Actor:
        """The person with the rights of then; `NotFound` for a stranger, `HasLeft` for who was not there then."""
        past = self._rows["staff"].get(staff_id)
        if past is None:
            raise NotFound(N_("staff member"), staff_id)
        row = past.at(hlc)
        if row is None or not row.get("is_active"):
            raise HasLeft(staff_id)
        return Actor(staff_id, str(row.get("display_name") or ""), self.rights_at(hlc).rights_of(staff_id))

    def moments(self) -> list[int]:
        """The clocks at which a right changed: between two of them nothing does."""
        return sorted({clock for rows in self._rows.values() for past in rows.values() for clock in past.clocks})

    def _table(self, name: str, hlc: int) -> list[Row]:
        found = (past.at(hlc) for past in self._rows[name].values())
        return [row for row in found if row is not None]


def read_history(read: Reading) -> RightsHistory:
    """The history, from the journal; a row older than the journal counts as it stands, back to the beginning."""
    rows: dict[str, dict[str, _Past]] = {name: {} for name in _TABLES}
    for table, key, kind, delta, hlc in read.sql(_CHANGES):
        pairs = _pairs(delta)
        past = rows[table].get(key)
        if past is None:
            past = rows[table][key] = _Past(None if kind == "ins" else _before(read, table, key, pairs))
        past.follow(kind, pairs, hlc)
    for record in _RECORDS:
        names = ", ".join(f'"{column.name}"' for column in record.__table__.columns)
        for row in read.sql(f"SELECT {names} FROM {record.__tablename__}"):
            rows[record.__tablename__].setdefault(row.id, _Past(dict(row._mapping)))
    return RightsHistory(rows)


def _before(read: Reading, table: str, key: str, pairs: Mapping[str, tuple[Any, Any]]) -> Row:
    """A row whose beginning the journal no longer holds, as it was before its first change that it holds."""
    found = read.sql(f'SELECT * FROM "{table}" WHERE id = :it', it=key)
    row = dict(found[0]._mapping) if found else {"id": key}
    return row | {name: before for name, (before, _after) in pairs.items()}


class RightsThen:
    """Answers who might do what when, and reads the history again when a right has changed. Safe for threads.

    While one reading is given, no right may change: who changes one goes on with another reading.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read: Reading | None = None
        self._newest: tuple[str, int] | None = None
        self._history: RightsHistory | None = None
        self._moments: list[int] = []
        self._actors: dict[tuple[str, int], Actor] = {}

    def actor(self, read: Reading, staff_id: str, hlc: int) -> Actor:
        """The person with the rights that they had at `hlc`; raises as `RightsHistory.actor_at` does."""
        with self._lock:
            history = self._current(read)
            place = (staff_id, bisect_right(self._moments, hlc))
            found = self._actors.get(place)
            if found is None:
                found = self._actors[place] = history.actor_at(staff_id, hlc)
            return found

    def _current(self, read: Reading) -> RightsHistory:
        """The history; the newest change's operation tells whether what is kept is still whole."""
        if self._history is not None and read is self._read:
            return self._history
        driver = read.connection.connection.driver_connection
        assert driver is not None
        newest = driver.execute(_NEWEST).fetchone() or ("", 0)
        if self._history is None or newest != self._newest:
            self._history, self._newest = read_history(read), newest
            self._moments, self._actors = self._history.moments(), {}
        self._read = read
        return self._history
