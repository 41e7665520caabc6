"""This workstation: its server, its clock, its backups; and the computers of the practice."""

from __future__ import annotations

import threading

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.archives.commands import back_up
from app.archives.permissions import BACK_UP
from app.archives.queries import BackupLine, BackupStanding, backup_standing
from app.archives.settings import BACKUP_FOLDER
from app.core.i18n import N_, _, language
from app.journal.conflicts import SyncStanding
from app.journal.queries import Actor
from app.journal.runner import Runner
from sync.client.status import Link, SyncStatus
from ui.patients.facts import Facts, empty
from ui.shell.formats import NBSP, counted, moment, number
from ui.shell.progress import Work
from ui.shell.screen import Screen
from ui.synchronisation.workstations_card import WorkstationsCard
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, ThemedIcon
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.layout import Flow, effective_width
from ui.widgets.pills import SeverityChip

SIDE_BY_SIDE = 900
TRIES = 5
BUSY = N_("A backup of this workstation is being made already.")
LINK_WORDS = {
    Link.NONE: N_("No server: this workstation alone"), Link.CONNECTING: N_("Looking for the server"),
    Link.LIVE: N_("In step with the server"), Link.OFFLINE: N_("The server does not answer"),
    Link.STOPPED: N_("Stopped: somebody has to look"),
}  # fmt: skip


def size_words(size_bytes: int) -> str:
    """`12 Mo`, `1,4 Go` in French; `12 MB`, `1.4 GB`."""
    if size_bytes < 1_000_000_000:
        return _(N_("{n} MB"), n=number(max(1, round(size_bytes / 1_000_000))))
    gigabytes = f"{size_bytes / 1_000_000_000:.1f}"
    return _(N_("{n} GB"), n=gigabytes.replace(".", ",") if language() == "fr" else gigabytes)


class StationPanel(QWidget):
    """The connection and the backups beside each other, the workstations under them."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen, self._bench, self._clock = screen, screen.bench, screen.bench.runner.clock
        self._link, self._link_facts = Card(" ", icon="desktop"), Facts()
        self._retry = Button("", "secondary", "arrows-clockwise")
        self._link.add(self._link_facts)
        self._link.add(Flow(self._retry))
        self._link.body.addStretch(1)
        self._backup, self._backup_facts = Card(" ", icon="hard-drives"), Facts()
        self._late = SeverityChip("danger", "")
        self._backup.head.addWidget(self._late)
        self._now, self._settings = Button("", "primary", "hard-drives"), Button("", "quiet", "gear-six")
        self._now.clicked.connect(self._back_up)
        self._settings.clicked.connect(lambda: screen.open_screen.emit("settings", {"find": BACKUP_FOLDER.name}))
        self._tries = QVBoxLayout()
        self._tries.setSpacing(4)
        self._backup.add(self._backup_facts)
        self._backup.add(Flow(self._now, self._settings))
        self._backup.add(self._tries)
        self._backup.body.addStretch(1)
        self.workstations = WorkstationsCard(screen)
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._whole.setSpacing(10)
        self._whole.addWidget(self._link, 1)
        self._whole.addWidget(self._backup, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._whole)
        column.addWidget(self.workstations)
        self._busy = False
        self._bench.progress.finished.connect(self._ended)
        self._bench.progress.failed.connect(self._ended)

    @property
    def retry(self) -> Button:
        """Try the server again now."""
        return self._retry

    def show_link(self, status: SyncStatus, standing: SyncStanding) -> None:
        """How this workstation stands."""
        clock = self._clock
        self._link.set_title(_(N_("This workstation")))
        self._retry.setText(_(N_("Try now")))
        self._retry.setVisible(status.link in {Link.OFFLINE, Link.STOPPED})
        self._link_facts.show_facts(
            [
                (_(N_("State")), _(LINK_WORDS[status.link])),
                (_(N_("Since")), moment(status.since, clock) if status.since else ""),
                (_(N_("Server")), status.server),
                (_(N_("Last contact")), moment(status.last_contact, clock) if status.last_contact else ""),
                (_(N_("To send")), number(standing.to_send) if standing.has_server else ""),
                (_(N_("Kept for a later version")), number(standing.parked) if standing.parked else ""),
                (_(N_("Identifier")), standing.device[-12:]),
            ]
        )

    def ask(self) -> None:
        """Ask how the backups stand, for who may know; and who is in the practice."""
        self.workstations.ask()
        self._backup.setVisible(self._bench.may(BACK_UP))
        if self._bench.may(BACK_UP):
            self._screen.ask(backup_standing, self._show_backups)

    def _show_backups(self, found: BackupStanding) -> None:
        last, clock = found.last, self._clock
        self._backup.set_title(_(N_("Backups")))
        self._late.setVisible(found.is_late or not found.folder)
        self._late.set_severity(
            "danger" if found.is_late else "warn", _(N_("Late")) if found.is_late else _(N_("No folder chosen"))
        )
        self._backup_facts.show_facts(
            [
                (_(N_("Last whole backup")), moment(last.at, clock) if last else _(N_("none yet"))),
                (_(N_("Size")), self._size(last) if last else ""),
                (_(N_("Folder")), found.folder or _(N_("none: no backup is made by itself"))),
                (_(N_("Every day")), _(N_("from {hour} on"), hour=f"{found.hour}{NBSP}h") if found.folder else ""),
            ]
        )
        self._now.setText(_(N_("Back up now")))
        self._settings.setText(_(N_("Backup settings")))
        ready = bool(found.folder) and not self._busy
        why = BUSY if self._busy else N_("Choose a folder in the settings first.")
        self._now.set_available(ready, "" if ready else _(why))
        self._show_tries(found.runs[:TRIES])

    @staticmethod
    def _size(line: BackupLine) -> str:
        files = counted(N_("{n} sealed file"), N_("{n} sealed files"), line.files)
        return f"{size_words(line.size_bytes)} · {files}"

    def _show_tries(self, runs: tuple[BackupLine, ...]) -> None:
        empty(self._tries)
        if runs:
            self._tries.addWidget(Label(_(N_("Latest tries")), "small", "muted"))
        for run in runs:
            row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
            row.setSpacing(8)
            row.addWidget(ThemedIcon("x-circle" if run.failure else "check-circle", 16,
                                     severity="danger" if run.failure else "ok"))  # fmt: skip
            fresh = _(N_("{size} new"), size=size_words(run.new_bytes)) if not run.failure else ""
            said = _(run.failure, path=run.folder) if run.failure else _(N_("whole, read back · {fresh}"), fresh=fresh)
            row.addWidget(WrapLabel(f"{moment(run.at, self._clock)} · {said}", "small"), 1)
            self._tries.addLayout(row)

    # -- backing up -----------------------------------------------------------------------------------------
    def _back_up(self) -> None:
        """In a thread of its own: the clinic works on, and no question waits behind it."""
        self._busy = True
        self._now.set_available(False, _(BUSY))
        work = self._bench.progress.start(_(N_("Backup")))
        threading.Thread(target=_make, args=(self._bench.runner, self._bench.actor, work), name="backup").start()

    def _ended(self, *_what: object) -> None:
        if self._busy:
            self._busy = False
            self.ask()

    def fit(self) -> None:
        """Under each other where two cards do not stand side by side."""
        narrow = effective_width(self._screen) < SIDE_BY_SIDE
        directions = QBoxLayout.Direction
        self._whole.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
        self.workstations.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the room."""
        super().resizeEvent(event)
        self.fit()


def _make(runner: Runner, actor: Actor, work: Work) -> None:
    try:
        made = back_up(runner, actor, progress=lambda _done, total: _tell(work, total))
    except Exception as error:  # said by the list of long works, whatever it is
        work.fail(error)
    else:
        work.finish(_(N_("The backup {name} is whole: it was read back."), name=made.generation.name))


def _tell(work: Work, total: int) -> None:
    """One more sealed file is kept; how many there are is known with the first."""
    work.set_total(total)
    work.advance()
