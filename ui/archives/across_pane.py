"""The search in all archives at once: answers as they come, archives that are slow or dead by name, copies, moving."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout

from app.archives.queries import (
    ArchiveId,
    ArchiveLine,
    Came,
    Copy,
    Ended,
    FoundAcross,
    Question,
    archives,
    gathered,
)
from app.core.i18n import N_, _
from app.imaging.permissions import VIEW_IMAGES
from ui.archives.across_search import AcrossSearch
from ui.archives.found_panel import FoundPanel
from ui.archives.words import came_words, dicom_day, dicom_name
from ui.practice.pane import Pane
from ui.shell.formats import counted, day, number
from ui.shell.growing import GrowingModel
from ui.shell.screen import Screen
from ui.shell.table_card import TableCard
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, EmptyState
from ui.widgets.fields import TextField
from ui.widgets.form import Field
from ui.widgets.labels import Label
from ui.widgets.layout import Flow
from ui.widgets.paged_model import Column, Row
from ui.widgets.pills import SeverityChip
from ui.widgets.tables import Table
from ui.widgets.typed_fields import DateField

LEAST_ROWS = 5
SEVERITIES = {Came.OK: "ok", Came.PARTIAL: "warn", Came.TIMEOUT: "warn"}


class FoundModel(GrowingModel[FoundAcross]):
    """A line a study."""

    def __init__(self, pane: AcrossPane) -> None:
        self._pane = pane
        super().__init__(pane.columns())

    def row_of(self, item: FoundAcross) -> Row:
        """Who, when, what, where; a conflict is said in the first cell."""
        first = item.copies[0]
        on = dicom_day(first.study_day)
        where = ", ".join(dict.fromkeys(self._pane.names.get(copy.archive_id, "") for copy in item.copies))
        count = max((copy.instances or 0 for copy in item.copies), default=0)
        kinds = ", ".join(dict.fromkeys(kind for copy in item.copies for kind in copy.modalities))
        who = dicom_name(first.patient_name) or first.patient_number
        flagged = _(N_("Conflict: {name}"), name=who) if item.is_conflict else who
        return flagged, day(on, short=True) if on else first.study_day, kinds, number(count) if count else "", where


class AcrossPane(Pane):
    """What counts is what archives say now: nothing that is found here is kept."""

    title = N_("Search in archives")

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.names: dict[ArchiveId, str] = {}
        self._copies: list[Copy] = []
        self._ends: list[Ended] = []
        self._running = self._asked = False
        self.search = AcrossSearch(self.bench, self)
        self.search.came.connect(self._came)
        self.search.finished.connect(self._finished)
        self.search.refused.connect(self._refused)
        self._make_form()
        self._chips, self._told = Flow(gap=6), Label("", "small", "muted")
        self.model = FoundModel(self)
        self.model.setParent(self)
        self.table = Table(_(self.title), self.model)
        self.table.keep_rows(LEAST_ROWS)
        self.table.row_changed.connect(self._show_row)
        self.nothing = EmptyState("magnifying-glass", "", "")
        card = TableCard()
        card.add(self.table, 1)
        card.add(self.nothing, 1)
        self.found = FoundPanel(self, self.search)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(10)
        for part in (self._form, self._chips, self._told, card, self.found):
            column.addWidget(part, 1 if part is card else 0)
        self._say()

    def _make_form(self) -> None:
        today = self.bench.runner.clock.today
        self.fields = {"name": Field("", TextField()), "number": Field("", TextField())}
        self.fields |= {name: Field("", DateField(today=today, written=day)) for name in ("first", "last")}
        self._form, grid = Card(), QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        self._grid = grid
        self._arrange()
        for field in self.fields.values():
            if isinstance(field.editor, TextField):
                field.editor.returnPressed.connect(self.look)
        self._go = Button("", "primary", "magnifying-glass")
        self._go.clicked.connect(self.look)
        self._form.add(grid)
        self._form.add(Flow(self._go))
        for name, label in (
            ("name", N_("Family name")), ("number", N_("File number")), ("first", N_("From")), ("last", N_("Until")),
        ):  # fmt: skip
            self.words.put(self.fields[name].set_label, label)
        self.words.put(self.fields["name"].set_help, N_("The beginning is enough; accents do not matter."))

    def _arrange(self) -> None:
        """Four fields side by side, or two and two."""
        across = 2 if self.narrow else 4
        for place, field in enumerate(self.fields.values()):
            self._grid.removeWidget(field)
            self._grid.addWidget(field, place // across, place % across, Qt.AlignmentFlag.AlignTop)
            self._grid.setColumnStretch(place, 1 if place < across else 0)

    def fold_room(self, narrow: bool) -> None:
        """The fields in two rows when narrow."""
        super().fold_room(narrow)
        self._arrange()

    def columns(self) -> list[Column]:
        """Heads, in the language in force."""
        return [
            Column("who", _(N_("Patient")), strong=True, sortable=False, share=2),
            Column("day", _(N_("Taken on")), width=130, sortable=False),
            Column("kinds", _(N_("Modality")), width=90, sortable=False),
            Column("count", _(N_("Images")), width=80, right=True, sortable=False),
            Column("where", _(N_("In")), sortable=False, share=2),
        ]

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Which archives there are; what was found stays."""
        self.view.ask(archives, self._know)

    def _know(self, lines: list[ArchiveLine]) -> None:
        self.names = {line.archive_id: line.name for line in lines}
        self.found.know(lines)
        self._say()

    def look(self) -> None:
        """Ask all archives."""
        asked = self.question()
        self._copies, self._ends, self._running, self._asked = [], [], True, True
        self.model.start([], self.columns())
        self.found.show_study(None)
        self._say()
        self.search.ask(asked)

    def question(self) -> Question:
        """What is typed: a name gets its wildcard, days become a range."""
        name = str(self.fields["name"].value() or "").strip()
        first, last = self.fields["first"].value(), self.fields["last"].value()
        days = "-".join(f"{one:%Y%m%d}" if isinstance(one, date) else "" for one in (first, last))
        pattern = name if not name or name.endswith("*") else f"{name}*"
        return Question(pattern, str(self.fields["number"].value() or "").strip(), days if first or last else "")

    def _came(self, one: Copy | Ended) -> None:
        if isinstance(one, Ended):
            self._ends.append(one)
        else:
            self._copies.append(one)
            self._show_found()
        self._say()

    def _show_found(self) -> None:
        chosen = self.model.item(self.table.currentIndex().row())
        found = gathered(self._copies)
        uids = [study.study_instance_uid for study in found]
        self.table.blockSignals(True)
        self.model.start(found, self.columns())
        place = uids.index(chosen.study_instance_uid) if chosen is not None else 0
        self.table.choose(place)
        self.table.blockSignals(False)
        self.found.show_study(found[place])

    def _show_row(self, row: int) -> None:
        self.found.show_study(self.model.item(row))

    def _finished(self) -> None:
        self._running = False
        self._say()

    def _refused(self, error: BaseException) -> None:
        self._running = False
        self._say()
        self.bench.presenter.present(error, "across")

    # -- saying ---------------------------------------------------------------------------------------------
    def _say(self) -> None:
        self._go.setText(_(N_("Searching…")) if self._running else _(N_("Search all archives")))
        allowed = self.bench.may(VIEW_IMAGES)
        self._go.set_available(allowed and not self._running and bool(self.names), self._why_not())
        while (item := self._chips.flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for end in self._ends:
            severity = SEVERITIES.get(end.came, "danger")
            self._chips.add(SeverityChip(severity, came_words(self.names.get(end.archive_id, ""), end)))
        waiting = len(self.names) - len(self._ends)
        count = len({copy.study_instance_uid for copy in self._copies})
        said = [counted(N_("{n} study"), N_("{n} studies"), count)] if self._asked else []
        if self._running and waiting > 0:
            said.append(
                counted(N_("{n} archive has not answered yet"), N_("{n} archives have not answered yet"), waiting)
            )
        self._told.setText(" · ".join(said))
        self._told.setVisible(bool(said))
        self._chips.setVisible(bool(self._ends))
        self.table.setVisible(bool(self._copies))
        self.nothing.setVisible(not self._copies)
        self.nothing.tell(*self._nothing_words())

    def _why_not(self) -> str:
        return _(N_("There is no archive yet.")) if not self.names else ""

    def _nothing_words(self) -> tuple[str, str]:
        if self._running:
            return _(N_("Searching…")), _(N_("Answers stand here as they come."))
        if not self._asked:
            return _(N_("Nothing was searched for yet.")), _(
                N_("All archives are asked at once; nobody is waited for.")
            )
        if any(end.came is not Came.OK for end in self._ends):
            return (
                _(N_("Nothing was found by those that answered.")),
                _(N_("An archive that did not answer may well have something.")),
            )  # fmt: skip
        return _(N_("No archive has anything of this.")), _(N_("Try the file number, or fewer letters of the name."))

    # -- the pane -------------------------------------------------------------------------------------------
    def retranslate(self) -> None:
        """What was found too."""
        super().retranslate()
        self.found.retranslate()
        if self._copies:
            self._show_found()
        self._say()

    def focus_first(self, reason: Qt.FocusReason) -> None:
        """The name."""
        self.fields["name"].editor.setFocus(reason)

    def filter_field(self) -> Any:
        """The name."""
        return self.fields["name"].editor
