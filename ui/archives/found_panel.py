"""A study that archives have: its copies side by side, what they disagree about, and the way to another archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.archives.queries import WAY_LABELS, ArchiveId, ArchiveLine, Copy, FoundAcross, Moved
from app.core.i18n import N_, _
from app.imaging.permissions import EXPORT_IMAGES
from ui.archives.words import dicom_day, dicom_name, told
from ui.patients.facts import empty
from ui.practice.editors import Picker
from ui.shell.formats import counted, day, number
from ui.shell.words import Words
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, ThemedIcon
from ui.widgets.form import Field, Message
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import Flow

if TYPE_CHECKING:
    from ui.archives.across_pane import AcrossPane
    from ui.archives.across_search import AcrossSearch


class FoundPanel(Card):
    """`show_study`; moving tells what the destination has afterwards, not what the source said."""

    def __init__(self, pane: AcrossPane, search: AcrossSearch) -> None:
        super().__init__(" ", icon="stack")
        self._pane, self._search = pane, search
        self._study: FoundAcross | None = None
        self._archives: list[ArchiveLine] = []
        self._moving = False
        self.words = Words()
        self._copies = QVBoxLayout()
        self._copies.setSpacing(6)
        self.source = Field("", Picker(self._sources))
        self.destination = Field("", Picker(self._destinations))
        self._go = Button("", "secondary", "arrow-right")
        self._go.clicked.connect(self.move_study)
        self._said = Message()
        self._said.show_text("", False)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.source, 1)
        row.addWidget(self.destination, 1)
        self.add(self._copies)
        self.add(row)
        self.add(Flow(self._go))
        self.add(self._said)
        self.words.put(self.source.set_label, N_("From"))
        self.words.put(self.destination.set_label, N_("To"))
        picker = self.source.editor
        assert isinstance(picker, Picker)
        picker.changed.connect(lambda _value: self._say())
        search.moved.connect(self._moved)
        search.refused.connect(self._refused)
        self.hide()

    def know(self, lines: list[ArchiveLine]) -> None:
        """The archives that a study can go to."""
        self._archives = lines
        self._say()

    def show_study(self, study: FoundAcross | None) -> None:
        """The copies of a study; None hides the panel."""
        same = study is not None and self._study is not None and (
            study.study_instance_uid == self._study.study_instance_uid
        )  # fmt: skip
        self._study = study
        self.setVisible(study is not None)
        if study is None:
            return
        if not same:
            self._said.show_text("", False)
        first = study.copies[0]
        self.set_title(dicom_name(first.patient_name) or first.patient_number or study.study_instance_uid)
        empty(self._copies)
        if study.is_conflict:
            self._copies.addLayout(_line("warning", "danger", _(N_(
                "The archives disagree about whose this study is. Nothing is merged: compare, and have it corrected."
            ))))  # fmt: skip
        for copy in study.copies:
            self._copies.addLayout(_line("hard-drives", "", self._copy_words(copy)))
        self._say()

    def _copy_words(self, copy: Copy) -> str:
        count = _(N_("number of images not told"))
        if copy.instances is not None:
            count = counted(N_("{n} image"), N_("{n} images"), copy.instances)
        born = dicom_day(copy.birth_day)
        parts = [
            dicom_name(copy.patient_name), copy.patient_number,
            _(N_("born on {day}"), day=day(born)) if born else "", copy.description, count,
        ]  # fmt: skip
        name = self._pane.names.get(copy.archive_id, "")
        return told(name, " · ".join(part for part in parts if part))

    # -- moving ---------------------------------------------------------------------------------------------
    def _sources(self) -> list[tuple[object, str]]:
        has = {copy.archive_id for copy in self._study.copies} if self._study is not None else set()
        return [(line.archive_id, line.name) for line in self._archives if line.archive_id in has]

    def _destinations(self) -> list[tuple[object, str]]:
        source = self.source.value() if hasattr(self, "source") else None
        return [(line.archive_id, line.name) for line in self._archives if line.archive_id != source]

    def _say(self) -> None:
        for field in (self.source, self.destination):
            editor = field.editor
            assert isinstance(editor, Picker)
            editor.renew()
        self._go.setText(_(N_("Moving…")) if self._moving else _(N_("Copy it there")))
        self._go.set_help(_(N_("The study stays where it is; what is there already is not sent again.")))
        free = self._study is not None and bool(self._destinations()) and not self._moving
        allowed = self._pane.bench.may(EXPORT_IMAGES)
        reason = _(N_("There is no other archive to copy it to.")) if allowed else _(
            N_("This needs the right “{right}”."), right=_(EXPORT_IMAGES.label)
        )  # fmt: skip
        self._go.set_available(free and allowed, reason)

    def move_study(self) -> None:
        """Bring the study over, off the main thread."""
        source, destination = self.source.value(), self.destination.value()
        if self._study is None or not source or not destination:
            return
        self._moving = True
        self._said.show_text(_(N_("The study is on its way; this may take minutes.")), False)
        self._say()
        self._search.move(ArchiveId(str(source)), ArchiveId(str(destination)), self._study.study_instance_uid)

    def _moved(self, done: Moved) -> None:
        self._moving = False
        there = done.wanted - len(done.missing)
        if done.is_whole:
            said = _(N_("All {n} images are there now."), n=number(done.wanted))
        else:
            said = _(N_("Only {there} of {n} images are there. Try again: what is there is not sent twice."),
                     there=number(there), n=number(done.wanted))  # fmt: skip
            if done.said == 0:
                said = f"{said} {_(N_('The source had said that it sent everything.'))}"
        self._said.show_text(f"{said} {_(WAY_LABELS[done.way])}", not done.is_whole)
        self._say()

    def _refused(self, _error: object) -> None:
        self._moving = False
        self._said.show_text("", False)
        self._say()

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.words.again()
        self.show_study(self._study)
        self._say()


def _line(icon: str, severity: str, words: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(ThemedIcon(icon, 16, severity=severity))
    row.addWidget(WrapLabel(words), 1)
    return row
