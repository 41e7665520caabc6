"""Notifications: what waits for somebody's attention, asked of every slice that has something to say.

A slice declares functions with `@notices(...)` in its `notices.py`; nothing is stored twice. A notification stands as
long as what it speaks of does, except for who has put it away: their own list of keys is a setting of the person.
A `key` names the occurrence, so that the next failure of the same job is told again.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from app.core.clock import from_millis, hlc_instant
from app.core.i18n import N_
from app.core.permissions import LEADERS, Permission
from app.journal.commands import query
from app.journal.queries import Reading

MOST: Final = 100
PUT_AWAY_MOST: Final = 300
"""Keys that a person's list holds; the oldest go, and what they spoke of has ended long ago."""
RECENT: Final = 5000
"""Operations that are looked at for raw writes: what is older has long been read in the journal."""
SEE_TECHNICAL_NOTICES: Final = Permission(
    "see_technical_notices", N_("See notifications about automatic work and integrity"), LEADERS
)


class Gravity(enum.StrEnum):
    """How soon somebody must look (the severities of the design language)."""

    INFO = "info"
    WARN = "warn"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Notice:
    """One notification. `title` and `detail` are msgids with `values`; `screen` is where to go, opened for `chosen`."""

    key: str
    gravity: Gravity
    title: str
    detail: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    screen: str = ""
    chosen: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """A function that looks for notifications, and the right that its reader needs."""

    name: str
    look: Callable[[Reading], Iterable[Notice]]
    permission: Permission | None


SOURCES: dict[str, Source] = {}
_ORDER: Final = {Gravity.DANGER: 0, Gravity.WARN: 1, Gravity.INFO: 2}


def notices(
    *, permission: Permission | None
) -> Callable[[Callable[[Reading], Iterable[Notice]]], Callable[[Reading], Iterable[Notice]]]:
    """Declare a source. It is asked whenever a table that it read has changed, so it must be quick."""

    def declare(look: Callable[[Reading], Iterable[Notice]]) -> Callable[[Reading], Iterable[Notice]]:
        SOURCES[look.__name__] = Source(look.__name__, look, permission)
        return look

    return declare


@query(permission=None, label=N_("Notifications"))
def notifications(read: Reading) -> tuple[Notice, ...]:
    """List what waits for the reader’s attention, the gravest and then the newest first."""
    found = [
        notice
        for source in SOURCES.values()
        if source.permission is None or read.may(source.permission)
        for notice in source.look(read)
    ]
    found.sort(key=lambda notice: notice.at.timestamp() if notice.at else 0.0, reverse=True)
    found.sort(key=lambda notice: _ORDER[notice.gravity])
    return tuple(found[:MOST])


def read_put_away(kept: str) -> tuple[str, ...]:
    """The keys that a person's setting holds; what cannot be read holds none."""
    try:
        keys = json.loads(kept or "[]")
    except ValueError:
        return ()
    return tuple(str(key) for key in keys) if isinstance(keys, list) else ()


def with_put_away(kept: str, keys: Iterable[str]) -> str:
    """The setting's next value, with these keys added."""
    return json.dumps(list(dict.fromkeys((*read_put_away(kept), *keys)))[-PUT_AWAY_MOST:])


@notices(permission=SEE_TECHNICAL_NOTICES)
def failed_jobs(read: Reading) -> Iterable[Notice]:
    """Automatic work whose last run failed."""
    for name, last_at in read.sql("SELECT id, last_at FROM job_run WHERE failure IS NOT NULL"):
        at = from_millis(last_at) if last_at is not None else None
        yield Notice(
            f"job:{name}:{last_at or 0}", Gravity.WARN, N_("Automatic work failed: {job}"),
            N_("It is tried again by itself. The log of this workstation says why."), {"job": name}, at,
        )  # fmt: skip


@notices(permission=SEE_TECHNICAL_NOTICES)
def failed_effects(read: Reading) -> Iterable[Notice]:
    """Mail, print or upload that was given up."""
    for kind, times, newest, due in read.sql(
        "SELECT kind, count(*), max(id), max(due_at) FROM effect WHERE state = 'failed' GROUP BY kind"
    ):
        yield Notice(
            f"effect:{kind}:{newest}", Gravity.WARN, N_("Could not be sent: {kind} ({count})"),
            N_("It is kept here. Nothing is lost."), {"kind": kind, "count": times}, from_millis(due),
        )  # fmt: skip


@notices(permission=SEE_TECHNICAL_NOTICES)
def open_conflicts(read: Reading) -> Iterable[Notice]:
    """What two workstations wrote and people must settle."""
    rows = read.sql("SELECT count(*), max(opened_at) FROM conflict WHERE state = 'open'")
    if rows[0][0]:
        yield Notice(
            f"conflicts:{rows[0][1]}", Gravity.DANGER, N_("Conflicts to settle: {count}"),
            N_("Both versions stay in the journal. Nothing is deleted."), {"count": rows[0][0]},
            from_millis(rows[0][1]),
        )  # fmt: skip


@notices(permission=SEE_TECHNICAL_NOTICES)
def refused_operations(read: Reading) -> Iterable[Notice]:
    """Operations that the other side refused."""
    rows = read.sql("SELECT count(*), max(received_at) FROM inbox_item WHERE settled_at IS NULL")
    if rows[0][0]:
        yield Notice(
            f"inbox:{rows[0][1]}", Gravity.WARN, N_("Work that another workstation refused: {count}"),
            N_("It is kept until somebody has dealt with it."), {"count": rows[0][0]}, from_millis(rows[0][1]),
        )  # fmt: skip


@notices(permission=SEE_TECHNICAL_NOTICES)
def raw_writes(read: Reading) -> Iterable[Notice]:
    """Writes outside any command, which the journal took in."""
    rows = read.sql(
        "SELECT count(*), max(n), max(hlc) FROM operation"
        " WHERE n > (SELECT max(n) FROM operation) - :recent AND origin = 'raw' AND hash IS NOT NULL",
        recent=RECENT,
    )
    if rows[0][0]:
        yield Notice(
            f"raw:{rows[0][1]}", Gravity.WARN, N_("The database was written outside the application: {count}"),
            N_("The journal holds every change."), {"count": rows[0][0]}, hlc_instant(rows[0][2]), "journal",
        )  # fmt: skip
