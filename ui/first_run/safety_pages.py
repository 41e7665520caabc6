"""The recovery key, which is shown this once, and the place for backups."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QWidget

from app.cli.first_run import check_backup_folder
from app.core.errors import ClinicError, RuleViolation
from app.core.i18n import N_, _, language
from app.core.keys import new_recovery_key
from ui.first_run.page import Page, Pairs
from ui.first_run.paper import document, write_text
from ui.shell.text_printing import print_dialog, write_pdf
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.fields import TextField
from ui.widgets.form import Message
from ui.widgets.labels import Label
from ui.widgets.layout import Flow

ASKED = 2
GIGABYTE = 1_000_000_000


class RecoveryPage(Page):
    """The key stands here once; two of its groups are typed back."""

    step = N_("Recovery key")
    title = N_("Keep this recovery key safe")
    blurb = N_(
        "The data is encrypted. If this computer is lost or its keyring is emptied, only this key opens a copy of the "
        "data. Print it or save it outside this computer, then type two of its groups back."
    )

    def build(self) -> None:
        """The groups, three ways to keep them, two fields."""
        self.answers.plan = replace(
            self.answers.plan, recovery_key=self.answers.plan.recovery_key or new_recovery_key()
        )
        self.groups = self.answers.plan.recovery_key.split("-")
        self.asked = sorted(secrets.SystemRandom().sample(range(len(self.groups)), ASKED))
        card, grid = Card(), QGridLayout()
        grid.setVerticalSpacing(12)
        for number, group in enumerate(self.groups):
            grid.addWidget(_group(number + 1, group), number // 4, number % 4)
        card.add(grid)
        self.add(card)
        self._print, self._pdf, self._text = (Button("", icon=icon) for icon in ("printer", "file-pdf", "file-text"))
        self._print.clicked.connect(self.print_it)
        self._pdf.clicked.connect(lambda: self._save("pdf"))
        self._text.clicked.connect(lambda: self._save("txt"))
        self._told = Message()
        self._told.show_text("", False)
        self.add(Flow(self._print, self._pdf, self._text))
        self.add(self._told)
        self._pairs = Pairs()
        for place in self.asked:
            made = self.put(f"group{place}", " ", TextField())
            self.words.put(made.set_label, N_("Group {number} of the key"), number=place + 1)
            self._pairs.put(made)
        self.add(self._pairs)
        for button, text in (
            (self._print, N_("Print…")),
            (self._pdf, N_("Save as PDF…")),
            (self._text, N_("Save as text…")),
        ):
            self.words.put(button.setText, text)

    def sheet(self) -> QTextDocument:
        """The sheet to keep."""
        plan = self.answers.plan
        return document(plan.practice, plan.recovery_key, date.today())

    def print_it(self) -> None:
        """With the dialog of the system."""
        if print_dialog(self, self.sheet()):
            self._tell(N_("Sent to the printer. Look whether it came out."), False)

    def _save(self, ending: str) -> None:
        name = f"{_(N_('recovery-key'))}.{ending}"
        path, _kind = QFileDialog.getSaveFileName(self, _(N_("Keep the recovery key")), name, f"*.{ending}")
        if path:
            self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        """As PDF or as text, by the ending of the name."""
        plan = self.answers.plan
        try:
            if path.resolve().is_relative_to(self.answers.folder.resolve()):
                self._tell(N_("Not in the data folder: it would be lost with it."), True)
                return
            if path.suffix == ".pdf":
                write_pdf(path, self.sheet())
            else:
                write_text(path, plan.practice, plan.recovery_key, date.today())
        except OSError:
            self._tell(N_("The file {path} cannot be written."), True, path=str(path))
            return
        self._tell(N_("Saved as {path}. Move it off this computer."), False, path=str(path))

    def _tell(self, message: str, wrong: bool, **values: str) -> None:
        def say(text: str) -> None:
            self._told.show_text(text, wrong)

        self._say_told: Callable[[str], None] = say
        say(_(message, **values))
        self._said = (message, values)

    def problems(self) -> Mapping[str, ClinicError]:
        """A group that is not what the key says."""
        return {
            f"group{place}": RuleViolation(N_("This is not group {number} of the key above."), number=place + 1)
            for place in self.asked
            if self.text(f"group{place}").strip().upper() != self.groups[place]
        }

    def retranslate(self) -> None:
        """What was told too."""
        super().retranslate()
        if self._told.text():
            message, values = self._said
            self._say_told(_(message, **values))

    def first(self) -> QWidget:
        """To keep it comes first."""
        return self._print

    def fold(self, narrow: bool) -> None:
        """One column."""
        self._pairs.fold(narrow)


def _group(number: int, group: str) -> QWidget:
    """A group of four with its number before it."""
    host, row = QWidget(), QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(Label(str(number), "small", "muted"), 0, Qt.AlignmentFlag.AlignBaseline)
    letters = Label(group, "figure")
    letters.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    row.addWidget(letters, 0, Qt.AlignmentFlag.AlignBaseline)
    row.addStretch(1)
    host.setLayout(row)
    return host


class BackupPage(Page):
    """Where backups are to be kept: tried now, used by the job of the day."""

    step = N_("Backup place")
    title = N_("Where will backups be kept?")
    blurb = N_(
        "A disk or a network folder that is not this computer. This workstation copies its data there once a day, "
        "encrypted; the settings choose the hour."
    )

    def build(self) -> None:
        """A folder, how it stands, and a way round."""
        self._folder = TextField()
        self.add(self.put("backup_folder", N_("Folder for backups"), self._folder, N_("Empty: decide later.")))
        self._browse, self._try = Button("", icon="folder-open"), Button("", icon="check-circle")
        self._browse.clicked.connect(self._choose)
        self._try.clicked.connect(self.check)
        self.add(Flow(self._browse, self._try))
        self._free = Message()
        self._free.show_text("", False)
        self.add(self._free)
        self._folder.textChanged.connect(lambda _text: self._free.show_text("", False))
        self.words.put(self._browse.setText, N_("Choose a folder…"))
        self.words.put(self._try.setText, N_("Try this folder"))

    def _choose(self) -> None:
        path = QFileDialog.getExistingDirectory(self, _(N_("Folder for backups")), self._folder.text())
        if path:
            self._folder.set_value(path)
            self.check()

    def take(self) -> None:
        """Into the plan."""
        self.answers.plan = replace(self.answers.plan, backup_folder=self.text("backup_folder"))

    def problems(self) -> Mapping[str, ClinicError]:
        """Why nothing could be kept there."""
        place = self.answers.plan.backup_folder
        if not place:
            return {}
        try:
            free = check_backup_folder(Path(place), self.answers.folder)
        except ClinicError as error:
            self._free.show_text("", False)
            return {"backup_folder": error}
        self._say_free(free)
        return {}

    def _say_free(self, free: int) -> None:
        amount = f"{free / GIGABYTE:.0f}" if language() == "fr" else f"{free / GIGABYTE:,.0f}"
        self._free.show_text(_(N_("A file was written and read there. {amount} GB are free."), amount=amount), False)

    def retranslate(self) -> None:
        """Said again when tried again."""
        super().retranslate()
        self._free.show_text("", False)
