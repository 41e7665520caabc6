"""The Sync Centre: how this workstation stands, in four facts, and one section at a time below them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.access.queries import StaffLine, staff_list, titled
from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.journal.conflicts import (
    ConflictLine,
    InboxLine,
    SyncStanding,
    WaitingLine,
    conflict_list,
    refused_work,
    sync_standing,
    waiting_to_send,
)
from app.patients.queries import PatientName, patient_names
from app.practice.queries import OperatoryLine, operatories
from sync.client.status import Link, SyncStatus
from ui.patients.words import plain_name
from ui.shell.formats import counted, hour
from ui.shell.screen import Screen
from ui.synchronisation.conflict_section import ConflictSection
from ui.synchronisation.rows import HistoryList, InboxList, SendingList
from ui.synchronisation.station_panel import LINK_WORDS, StationPanel
from ui.widgets.cards import Card, EmptyState, ThemedIcon
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import VScroll, effective_width
from ui.widgets.segmented import Segment, SegmentedControl

CONFLICTS, ATTENTION, SENDING, HISTORY, WORKSTATION = "conflicts", "attention", "sending", "history", "workstation"
SECTIONS: Final = (
    (CONFLICTS, N_("Conflicts"), "git-merge"),
    (ATTENTION, N_("Refused"), "warning-circle"),
    (SENDING, N_("To send"), "paper-plane-tilt"),
    (HISTORY, N_("History"), "clock-counter-clockwise"),
    (WORKSTATION, N_("This workstation"), "desktop"),
)
ICONS_BELOW, FOUR_ABOVE, TWO_ABOVE = 720, 900, 460
LINK_LOOKS: Final = {
    Link.NONE: ("desktop", "info"), Link.CONNECTING: ("cloud-arrow-up", "info"), Link.LIVE: ("cloud-check", "ok"),
    Link.OFFLINE: ("cloud-slash", "warn"), Link.STOPPED: ("cloud-warning", "danger"),
}  # fmt: skip


class FactCard(Card):
    """One fact with a line under it."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = ThemedIcon("desktop", 24)
        self._fact, self._under = WrapLabel("", "name"), WrapLabel("", "small", "muted")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._fact)
        words.addWidget(self._under)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.add(row)
        self.body.addStretch(1)

    def set_brief(self, brief: bool) -> None:
        """The fact alone, where four cards under each other would fill the screen."""
        self._under.setVisible(not brief)

    def tell(self, icon: str, severity: str, fact: str, under: str) -> None:
        """Say it."""
        self._icon.set_icon(icon, severity=severity)
        self._fact.setText(fact)
        self._under.setText(under)


class CentreView(Screen):
    """`choose(section=…, conflict_id=…)`. What a section shows is asked for with the screen."""

    def build(self) -> None:
        """Facts, sections, one page."""
        self._standing = SyncStanding("", False, 0, 0, 0, 0, None)
        self._section, self._across = CONFLICTS, 0
        self.people: dict[str, str] = {}
        self.subjects: dict[str, str] = {}
        self.facts = [FactCard() for _fact in range(4)]
        self._grid = QGridLayout()
        self._grid.setSpacing(10)
        self.conflicts, self.inbox = ConflictSection(self), InboxList(self)
        self.sending, self.history, self.station = SendingList(self), HistoryList(self), StationPanel(self)
        self._refusal = EmptyState("lock", "", "")
        self.sections: SegmentedControl | None = None
        self._bar, self._page = QHBoxLayout(), QVBoxLayout()
        for part in (self._refusal, *self._parts().values()):
            self._page.addWidget(part)
        self._page.addStretch(1)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(12)
        column.addLayout(self._grid)
        column.addLayout(self._bar)
        column.addLayout(self._page, 1)
        whole = QVBoxLayout(self.body)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(VScroll(inner))
        self._lay_facts(4)
        self._build_sections()
        self.station.retry.clicked.connect(self.bench.server.retry_now)
        self.bench.server.changed.connect(self._link_changed)

    def _parts(self) -> dict[str, QWidget]:
        return {
            CONFLICTS: self.conflicts, ATTENTION: self.inbox, SENDING: self.sending, HISTORY: self.history,
            WORKSTATION: self.station,
        }  # fmt: skip

    def _build_sections(self) -> None:
        """Segments have their words from the start: another language makes them anew."""
        if self.sections is not None:
            self._bar.removeWidget(self.sections)
            self.sections.hide()
            self.sections.deleteLater()
        segments = [Segment(name, _(word), icon) for name, word, icon in SECTIONS]
        self.sections = SegmentedControl(_(N_("Sections")), segments)
        self.sections.set_value(self._section)
        self.sections.changed.connect(lambda value: self.show_section(str(value)))
        self._bar.insertWidget(0, self.sections)
        if self._bar.count() == 1:
            self._bar.addStretch(1)
        self._fit()

    # -- for the window -------------------------------------------------------------------------------------
    def choose(self, **chosen: Any) -> None:
        """Go to a section, or to one conflict."""
        if chosen.get("conflict_id"):
            self.conflicts.choose(str(chosen["conflict_id"]))
        self.show_section(CONFLICTS if chosen.get("conflict_id") else str(chosen.get("section") or self._section))

    def subheading(self) -> str:
        """What matters while the network is away."""
        return _(N_("Everything is saved on this workstation, even without a network"))

    def focus_first(self) -> None:
        """The sections."""
        if self.sections is not None:
            self.sections.setFocus(self.focus_reason)

    def retranslate(self) -> None:
        """The segments too."""
        self._build_sections()
        super().retranslate()

    def show_section(self, name: str) -> None:
        """Show one section."""
        self._section = name if name in self._parts() else CONFLICTS
        if self.sections is not None and self.sections.value() != self._section:
            self.sections.set_value(self._section)
        self._show_parts()

    def _show_parts(self) -> None:
        lacking = self.bench.reason(conflict_list) if self._section in (CONFLICTS, HISTORY) else ""
        self._refusal.setVisible(bool(lacking))
        self._refusal.tell(_(N_("This section needs a right that you do not hold.")), lacking)
        for name, part in self._parts().items():
            part.setVisible(name == self._section and not lacking)

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Ask for everything that waits."""
        self.ask(staff_list, self._take_people, True)
        self.ask(sync_standing, self._take_standing)
        self.ask(refused_work, self._take_inbox)
        self.ask(waiting_to_send, self._take_waiting)
        if self.bench.may(conflict_list):
            self.ask(conflict_list, self._take_conflicts)
            self.bench.ask_for(self, conflict_list, self._take_history, settled=True)
        if self.bench.may(operatories):
            self.ask(operatories, self._take_chairs)
        self.station.ask()
        self._show_parts()

    def _take_people(self, staff: tuple[StaffLine, ...]) -> None:
        self.people = {line.staff_id: titled(line.title, line.display_name) for line in staff}
        self.conflicts.name_people(self.people)
        for part in (self.inbox, self.sending, self.history):
            part.people = self.people

    def _take_chairs(self, chairs: tuple[OperatoryLine, ...]) -> None:
        self.conflicts.double.chairs = {chair.id: chair.name for chair in chairs}

    def _take_standing(self, standing: SyncStanding) -> None:
        self._standing = standing
        self._say_facts()
        self.show_body()

    def _take_inbox(self, lines: tuple[InboxLine, ...]) -> None:
        self._name([line.subject for line in lines], lambda: self.inbox.show_lines(lines))

    def _take_waiting(self, lines: tuple[WaitingLine, ...]) -> None:
        show = self.sending.show_lines
        self._name(
            [line.subject for line in lines],
            lambda: show(lines, max(len(lines), self._standing.to_send), self._standing.has_server),
        )

    def _take_conflicts(self, lines: tuple[ConflictLine, ...]) -> None:
        self._name([line.subject for line in lines], lambda: self.conflicts.show_lines(lines))

    def _take_history(self, lines: tuple[ConflictLine, ...]) -> None:
        self._name([line.subject for line in lines], lambda: self.history.show_lines(lines))

    def _name(self, subjects: list[str], then: Callable[[], None]) -> None:
        """Learn the names of these patients first, for who may know them."""
        unknown = sorted({PatientId(it) for it in subjects if it and it not in self.subjects})
        if not unknown or not self.bench.may(patient_names):
            then()
            return

        def take(names: tuple[PatientName, ...]) -> None:
            self.subjects |= {name.id: plain_name(name) for name in names}
            self.conflicts.name_subjects(self.subjects)
            for part in (self.inbox, self.sending, self.history):
                part.subjects = self.subjects
            then()

        self.bench.ask(patient_names, take, unknown)

    # -- facts ----------------------------------------------------------------------------------------------
    def _link_changed(self, _status: SyncStatus) -> None:
        self._say_facts()
        self.freshen()

    def _say_facts(self) -> None:
        status = self.bench.server.status
        standing, clock = self._standing, self.bench.runner.clock
        icon, severity = LINK_LOOKS[status.link]
        since = _(N_("since {hour}"), hour=hour(status.since, clock)) if status.since else ""
        under = " · ".join(part for part in (status.server, since) if part)
        self.facts[0].tell(icon, severity, _(LINK_WORDS[status.link]), under or _(N_("Everything is saved here.")))
        receive = counted(N_("{n} change to receive"), N_("{n} changes to receive"), status.to_receive)
        nothing = _(N_("no server is set up")) if not standing.has_server else receive
        self.facts[1].tell("paper-plane-tilt", "info", _(N_("To send: {n}"), n=standing.to_send), nothing)
        refused = counted(N_("{n} operation refused"), N_("{n} operations refused"), standing.inbox)
        self.facts[2].tell("warning-circle", "danger" if standing.inbox else "ok", refused,
                           _(N_("Kept until somebody has dealt with it.")))  # fmt: skip
        decide = counted(N_("{n} conflict to settle"), N_("{n} conflicts to settle"), standing.conflicts)
        self.facts[3].tell("git-merge", "danger" if standing.conflicts else "ok", decide,
                           _(N_("Both versions stay in the journal.")))  # fmt: skip
        self.station.show_link(status, standing)

    # -- room -----------------------------------------------------------------------------------------------
    def _lay_facts(self, across: int) -> None:
        if across == self._across:
            return
        self._across = across
        for number, card in enumerate(self.facts):
            self._grid.addWidget(card, number // across, number % across)
            card.set_brief(across == 1)
        for column in range(4):
            self._grid.setColumnStretch(column, 1 if column < across else 0)

    def _fit(self) -> None:
        width = effective_width(self)
        self._lay_facts(4 if width >= FOUR_ABOVE else 2 if width >= TWO_ABOVE else 1)
        if self.sections is not None:
            self.sections.set_icon_only(width < ICONS_BELOW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fewer facts beside each other, icons for words."""
        super().resizeEvent(event)
        self._fit()
