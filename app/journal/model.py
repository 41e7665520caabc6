"""The journal's records: events, effects, settings, job runs. They are captured like any others."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped

from app.core.i18n import N_
from app.journal.records import Merge, Record, choice, instant, integer, json, key, text


class Event(Record, merge=Merge.EVENT, stream="events", subject="subject"):
    """A domain event, as server jobs read it in order."""

    __tablename__ = "event"
    __noun__ = N_("event")

    id: Mapped[str] = key()
    type: Mapped[str] = text(index=True)
    subject: Mapped[str | None] = text(index=True)
    at: Mapped[datetime] = instant()
    payload: Mapped[Any] = json()


class EffectState(enum.StrEnum):
    """Where an outside effect stands."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Effect(Record, merge=Merge.FIELD, stream="effects", subject="subject"):
    """Work outside the database (mail, print, upload) that a job does after the commit that asked for it."""

    __tablename__ = "effect"
    __noun__ = N_("work to be sent out")

    id: Mapped[str] = key()
    kind: Mapped[str] = text(index=True)
    subject: Mapped[str | None] = text()
    payload: Mapped[Any] = json()
    due_at: Mapped[datetime] = instant(index=True)
    state: Mapped[EffectState] = choice(EffectState, default=EffectState.WAITING, index=True)
    tries: Mapped[int] = integer(default=0)
    failure: Mapped[str | None] = text()


class ClinicSetting(Record, merge=Merge.CONFIG, stream="settings"):
    """The clinic's value of a setting; `id` is the setting's name."""

    __tablename__ = "clinic_setting"
    __noun__ = N_("clinic setting")

    id: Mapped[str] = key()
    value: Mapped[Any] = json()


class UserSetting(Record, merge=Merge.FIELD, stream="settings"):
    """One person's value of a setting; `id` is `staff:setting`."""

    __tablename__ = "user_setting"
    __noun__ = N_("personal setting")

    id: Mapped[str] = key()
    staff_id: Mapped[str] = text(index=True)
    setting: Mapped[str] = text()
    value: Mapped[Any | None] = json()


class WorkstationSetting(Record, merge=Merge.LOCAL):
    """This workstation's value of a setting; `id` is the setting's name."""

    __tablename__ = "workstation_setting"
    __noun__ = N_("workstation setting")

    id: Mapped[str] = key()
    value: Mapped[Any] = json()


class SealedCopy(Record, merge=Merge.LOCAL):
    """A sealed file as this machine knows it; `id` is the SHA-256 of its plain bytes.

    On a workstation `confirmed_at` is when the server said last that it holds the file, read again and found to be of
    this hash; on the server, when it did that itself. Only a confirmed file is ever given up here. One that is wanted
    (`wanted_until_at`: tomorrow's patients) is not given up before.
    """

    __tablename__ = "sealed_copy"
    __noun__ = N_("copy of a file")

    id: Mapped[str] = key()
    size_bytes: Mapped[int | None] = integer()
    confirmed_at: Mapped[datetime | None] = instant(index=True)
    wanted_until_at: Mapped[datetime | None] = instant()


class JobRun(Record, merge=Merge.LOCAL):
    """When a job last ran here and how far its cursor over events has come; `id` is the job's name."""

    __tablename__ = "job_run"
    __noun__ = N_("run of a background job")

    id: Mapped[str] = key()
    last_at: Mapped[datetime | None] = instant()
    cursor: Mapped[int] = integer(default=0)
    failure: Mapped[str | None] = text()


class JobLease(Record, merge=Merge.LOCAL):
    """Which process of this folder runs jobs; `id` is always `jobs`."""

    __tablename__ = "job_lease"
    __noun__ = N_("lease of the background work")

    id: Mapped[str] = key()
    holder: Mapped[str] = text()
    until_at: Mapped[datetime] = instant()


class ConflictState(enum.StrEnum):
    """Where a conflict stands."""

    OPEN = "open"
    RESOLVED = "resolved"


class Conflict(Record, merge=Merge.FIELD, stream="conflicts", subject="subject"):
    """What two workstations wrote and people must decide; both writes were accepted, nothing was dropped.

    `kind` is the detector's name; `table_name` and `row_id` say where; `details` hold the parties (base, mine, theirs).
    """

    __tablename__ = "conflict"
    __noun__ = N_("conflict")

    id: Mapped[str] = key()
    kind: Mapped[str] = text(index=True)
    table_name: Mapped[str] = text()
    row_id: Mapped[str] = text(index=True)
    subject: Mapped[str | None] = text()
    details: Mapped[Any] = json()
    state: Mapped[ConflictState] = choice(ConflictState, default=ConflictState.OPEN, index=True)
    opened_at: Mapped[datetime] = instant()
    resolution: Mapped[str | None] = text()
    resolved_by: Mapped[str | None] = text()
    resolved_at: Mapped[datetime | None] = instant()


class InboxItem(Record, merge=Merge.LOCAL):
    """An operation that was refused by the other side, kept with its reason until a person has dealt with it."""

    __tablename__ = "inbox_item"
    __noun__ = N_("entry of the Sync Centre")

    id: Mapped[str] = key()
    operation: Mapped[str] = text(index=True)
    code: Mapped[str] = text()
    content: Mapped[Any] = json()
    received_at: Mapped[datetime] = instant()
    settled_at: Mapped[datetime | None] = instant()


class ParkedChange(Record, merge=Merge.LOCAL):
    """A change of a table, column or row that this workstation does not know yet; replayed after an update."""

    __tablename__ = "parked_change"
    __noun__ = N_("parked change")

    id: Mapped[str] = key()
    operation: Mapped[str] = text(index=True)
    table_name: Mapped[str] = text(index=True)
    content: Mapped[Any] = json()
    hlc: Mapped[int] = integer()
    device: Mapped[str] = text()


class ClockFix(Record, merge=Merge.LOCAL):
    """The clock that the server gave an own operation whose device ran ahead; `id` is the operation's."""

    __tablename__ = "clock_fix"
    __noun__ = N_("correction of the clock")

    id: Mapped[str] = key()
    hlc: Mapped[int] = integer()


class RelayItem(Record, merge=Merge.LOCAL):
    """An operation of another device that a restored server may have lost; `id` is the operation's."""

    __tablename__ = "relay_item"
    __noun__ = N_("entry to be passed on")

    id: Mapped[str] = key()
    position: Mapped[int] = integer(index=True)
