"""The lists of patients who fell through the cracks, the recalls, and who comes sooner."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.access.queries import StaffLine, staff_list, titled
from app.core.i18n import N_, _
from app.scheduling.queries import LIST_LABELS, FollowUpList, follow_up_counts
from ui.following.follow_panel import FollowPanel
from ui.following.recall_panel import RecallPanel
from ui.following.waiting_panel import WaitingPanel
from ui.shell.formats import number
from ui.shell.screen import Screen
from ui.shell.table_card import TableCard
from ui.theme.style import on_theme_change, theme
from ui.widgets.fields import Choice
from ui.widgets.layout import effective_width
from ui.widgets.lists import List

RECALLS = "recalls"
INDEX_WIDTH = 280
NARROW_BELOW = 1060
ICONS = {
    FollowUpList.ACTIVE_WITHOUT_NEXT: "calendar-x", FollowUpList.ACTIVE_NOT_SEEN: "clock-countdown",
    FollowUpList.OVER_ESTIMATE: "flag", FollowUpList.MISSED_NOT_REBOOKED: "prohibit",
    FollowUpList.OBSERVATION_DUE: "eye", FollowUpList.PENDING_START: "hourglass-medium",
    FollowUpList.PHASE_2_DUE: "steps", FollowUpList.RETENTION_DUE: "shield-check",
    FollowUpList.CLEANING_DUE: "tooth", FollowUpList.LAB_NOT_BACK: "flask",
    FollowUpList.PAYMENT_AND_TREATMENT: "wallet", FollowUpList.SHORT_NOTICE: "lightning",
}  # fmt: skip


class ListsView(Screen):
    """The lists with their counts at the left, the chosen one at the right; `choose(list="active_not_seen")`."""

    def build(self) -> None:
        """Index and panels."""
        self._wanted = FollowUpList.ACTIVE_WITHOUT_NEXT.value
        self._marking = False
        self._counts: dict[FollowUpList, int] = {}
        self.people: dict[str, str] = {}
        self.index, self.pick = List(""), Choice()
        self.index.changed.connect(self._turn_to)
        self.pick.changed.connect(self._turn_to)
        self.follow, self.recall, self.waiting = FollowPanel(self), RecallPanel(self), WaitingPanel(self)
        self._panels = QStackedWidget()
        for panel in (self.follow, self.recall, self.waiting):
            self._panels.addWidget(panel)
        self._card = TableCard()
        self._card.add(self.index, 1)
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addWidget(self.pick)
        right.addWidget(self._panels, 1)
        row = QHBoxLayout(self.body)
        row.setContentsMargins(14, 12, 14, 10)
        row.setSpacing(12)
        row.addWidget(self._card)
        row.addLayout(right, 1)
        self.pick.hide()
        self.words.put(self.index.setAccessibleName, N_("Lists"))
        self.words.put(self.pick.setAccessibleName, N_("List"))
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self._card.setFixedWidth(theme.px(INDEX_WIDTH))

    def choose(self, **chosen: Any) -> None:
        """Show a list by its code, or the recalls."""
        if chosen.get("list"):
            self._wanted = str(chosen["list"])
            self._mark()
            self.freshen()

    def faces(self) -> dict[str, dict[str, Any]]:
        """Recalls, who comes sooner, and each list of patients."""
        return {RECALLS: {"list": RECALLS}, **{code.value: {"list": code.value} for code in reversed(FollowUpList)}}

    def subheading(self) -> str:
        """What the screen is for."""
        return _(N_("Nobody is forgotten: who is to be called, by whom, and what came of it"))

    def focus_first(self) -> None:
        """The lists."""
        (self.pick if self.pick.isVisible() else self.index).setFocus(self.focus_reason)

    def filter_field(self) -> QWidget | None:
        """The table."""
        return self.panel.table

    @property
    def panel(self) -> FollowPanel | RecallPanel | WaitingPanel:
        """The panel on show."""
        if self._wanted == RECALLS:
            return self.recall
        return self.waiting if self._wanted == FollowUpList.SHORT_NOTICE else self.follow

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Ask for the people, the counts, the list."""
        self.ask(staff_list, self._show_people, True)
        self.ask(follow_up_counts, self._show_counts)
        self._read_panel()

    def _read_panel(self) -> None:
        panel = self.panel
        self._panels.setCurrentWidget(panel)
        if isinstance(panel, FollowPanel):
            panel.show_list(FollowUpList(self._wanted), self.people)
        elif isinstance(panel, RecallPanel):
            panel.show_list(self.people)
        else:
            panel.show_list()

    def _show_people(self, staff: tuple[StaffLine, ...]) -> None:
        people: dict[str, str] = {
            line.staff_id: titled(line.title, line.display_name) for line in staff if line.is_active
        }
        if people != self.people:
            self.people = people
            self._read_panel()

    def _show_counts(self, counts: dict[FollowUpList, int]) -> None:
        self._counts = counts
        self._mark()
        self.titled.emit()

    def _mark(self) -> None:
        entries: list[tuple[object, str, str]] = [
            (code.value, _(LIST_LABELS[code]), ICONS[code]) for code in self._counts
        ]
        entries.append((RECALLS, _(N_("All recalls")), "bell-ringing"))
        if not self._counts:
            return
        self._marking = True  # to fill the index chooses rows in passing
        counts: dict[object, str] = {code.value: number(count) for code, count in self._counts.items()}
        self.index.set_entries(entries)
        self.index.show_counts(counts)
        self.pick.set_options(
            [(value, f"{words} ({counts[value]})" if value in counts else words) for value, words, _icon in entries]
        )
        self.index.set_value(self._wanted)
        self.pick.set_value(self._wanted)
        self._marking = False

    def _turn_to(self, value: object) -> None:
        if value and not self._marking and str(value) != self._wanted:
            self._wanted = str(value)
            self._mark()
            self.freshen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A list to choose from in place of the index, and fewer columns, when narrow."""
        super().resizeEvent(event)
        narrow = effective_width(self) < NARROW_BELOW
        if narrow != self.pick.isVisibleTo(self):
            self.pick.setVisible(narrow)
            self._card.setVisible(not narrow)
            for panel in (self.follow, self.recall, self.waiting):
                panel.narrow = narrow
                panel.filter_rows()
