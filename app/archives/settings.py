"""Where, when and how many: the backups of this workstation."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_
from app.core.settings import Page, Scope, Setting

BACKUPS: Final = Page("backups", N_("Backups"), "hard-drives", 85)

BACKUP_FOLDER: Final = Setting(
    "backup_folder",
    Scope.WORKSTATION,
    str,
    "",
    N_("Backup folder"),
    N_("A disk or a network folder where backups of this workstation are kept. Empty: no backup is made."),
    BACKUPS,
)
BACKUP_HOUR: Final = Setting(
    "backup_hour",
    Scope.WORKSTATION,
    int,
    19,
    N_("Hour of the backup"),
    N_("From this hour on, one backup a day. A computer that was off makes it when Archwire is next opened."),
    BACKUPS,
    minimum=0,
    maximum=23,
    unit=N_("o’clock"),
)
BACKUPS_KEPT: Final = Setting(
    "backups_kept",
    Scope.WORKSTATION,
    int,
    14,
    N_("Backups kept"),
    N_("When a new backup has been read back and is whole, the oldest beyond this number are removed."),
    BACKUPS,
    minimum=2,
    maximum=400,
    unit=N_("backups"),
)
BACKUP_WARNING_DAYS: Final = Setting(
    "backup_warning_days",
    Scope.WORKSTATION,
    int,
    3,
    N_("Warn without a backup for"),
    N_("A notification stands for those in charge when the last whole backup is older than this."),
    BACKUPS,
    minimum=1,
    maximum=60,
    unit=N_("days"),
)
ARCHIVES: Final = Page("archives", N_("Archives"), "hard-drives", 56)

CALLING_AE_TITLE: Final = Setting(
    "archives_calling_ae",
    Scope.CLINIC,
    str,
    "",
    N_("AE title towards archives"),
    N_("The name under which this clinic calls archives. Empty: that of the gateway."),
    ARCHIVES,
)
FIRST_RETRY_SECONDS: Final = Setting(
    "archives_first_retry_seconds",
    Scope.CLINIC,
    int,
    30,
    N_("First pause after a failure"),
    N_("It doubles with each failure, up to six hours."),
    ARCHIVES,
    minimum=1,
    maximum=3600,
    unit=N_("seconds"),
)
MOST_TRIES: Final = Setting(
    "archives_most_tries",
    Scope.CLINIC,
    int,
    12,
    N_("Tries for one image"),
    N_("An image that an archive refuses so often is given up and shown. One that does not answer is tried for ever."),
    ARCHIVES,
    minimum=1,
    maximum=100,
)
