"""What is remembered of backups: on this workstation only, for each has its own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped

from app.core.i18n import N_
from app.journal.records import Merge, Record, instant, integer, key, text


class BackupRun(Record, merge=Merge.LOCAL):
    """One try to make a backup; `failure` is the sentence that was said, empty when it is whole."""

    __tablename__ = "backup_run"
    __noun__ = N_("backup that was made")

    id: Mapped[str] = key()
    at: Mapped[datetime] = instant(index=True)
    folder: Mapped[str] = text()
    name: Mapped[str] = text()
    size_bytes: Mapped[int] = integer(default=0)
    files: Mapped[int] = integer(default=0)
    new_bytes: Mapped[int] = integer(default=0)
    failure: Mapped[str] = text()
