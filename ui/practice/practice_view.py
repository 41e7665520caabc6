"""The set-up of the practice: sections at the left, the list and the form of one of them at the right."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.settings import Page
from ui.practice.pane import Pane
from ui.settings.index import PageIndex
from ui.shell.screen import Screen
from ui.widgets.cards import EmptyState
from ui.widgets.labels import heading
from ui.widgets.layout import CurrentPage, VScroll, effective_width

STACKED_BELOW = 1000
"""Effective width under which the sections become one field."""
FORM_BELOW = 1180
"""Effective width under which a form stands under its list."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section; `factory` is `package.module:Class`, imported when it is first shown."""

    page: Page
    factory: str
    permission: str = "see_practice"


SECTIONS: Final = (
    Section(Page("clinics", N_("Clinics"), "buildings", 1), "ui.practice.places:ClinicPane"),
    Section(Page("hours", N_("Opening hours"), "clock", 2), "ui.practice.hours:HoursPane"),
    Section(Page("closures", N_("Holidays and closures"), "calendar-x", 3), "ui.practice.closures:ClosurePane"),
    Section(Page("chairs", N_("Chairs and rooms"), "office-chair", 4), "ui.practice.places:ChairPane"),
    Section(Page("equipment", N_("Equipment"), "wrench", 5), "ui.practice.equipment:EquipmentPane"),
    Section(Page("staff", N_("Staff accounts"), "users-three", 6), "ui.access.staff_pane:StaffPane", "see_staff"),
    Section(Page("providers", N_("Providers and skills"), "stethoscope", 7), "ui.practice.providers:ProviderPane"),
    Section(Page("shifts", N_("Shifts and breaks"), "calendar-dots", 8), "ui.practice.shifts:ShiftPane"),
    Section(Page("absences", N_("Absences"), "calendar-blank", 9), "ui.practice.absences:AbsencePane"),
    Section(Page("types", N_("Appointment types"), "tag", 10), "ui.practice.types:TypePane", "see_schedule"),
    Section(Page("templates", N_("Day templates"), "grid-four", 11), "ui.practice.templates:TemplatePane",
            "see_schedule"),
    Section(Page("catalogue", N_("Procedure catalogue"), "receipt", 12), "ui.practice.catalogue:CataloguePane"),
    Section(Page("reasons", N_("Reasons"), "chat-text", 13), "ui.practice.reasons:ReasonPane", "see_schedule"),
    Section(Page("states", N_("States of visits"), "kanban", 14), "ui.practice.own_states:OwnStatePane", "see_day"),
)  # fmt: skip


class PracticeView(Screen):
    """`choose(section="chairs")` opens a section."""

    def build(self) -> None:
        """Index, heading, stack of panes."""
        self.section = SECTIONS[0]
        self._panes: dict[str, Pane] = {}
        self._index = PageIndex()
        self._index.chosen.connect(self._go)
        self._heading = heading("")
        self._denied = EmptyState("lock", "", "")
        self._stack = CurrentPage()
        self._stack.addWidget(self._denied)
        inner = QWidget()
        page = QVBoxLayout(inner)
        page.setContentsMargins(20, 12, 14, 12)
        page.setSpacing(8)
        page.addWidget(self._heading)
        page.addLayout(self._stack, 1)
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight, self.body)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(0)
        self._whole.addWidget(self._index)
        self._whole.addWidget(VScroll(inner), 1)  # in a low window, or with large text, the page scrolls as a whole
        self.bench.actor_changed.connect(lambda _actor: self.freshen())

    def subheading(self) -> str:
        """What is set up here."""
        return _(N_("Places, people, hours and the kinds of visits"))

    def choose(self, **chosen: Any) -> None:
        """Open a section."""
        wanted = chosen.get("section")
        self._go(next((item.page for item in SECTIONS if item.page.name == wanted), self.section.page))

    def faces(self) -> dict[str, dict[str, Any]]:
        """Each section."""
        return {item.page.name: {"section": item.page.name} for item in SECTIONS}

    def reload(self) -> None:
        """Say the sections, and have the one on show read again."""
        self._index.show_pages([item.page for item in SECTIONS], self.section.page, "")
        self._show()
        self._fold()
        self.show_body()

    def _go(self, page: Page) -> None:
        self.section = next(item for item in SECTIONS if item.page == page)
        if self.isVisible():
            with self.bench.reloading(self):
                self.reload()
            self._index.take_focus(self.focus_reason)
        else:
            self.stale = True

    def _allowed(self) -> bool:
        actor = self.bench.actor
        return actor.everything or self.section.permission in actor.permissions

    def _show(self) -> None:
        self._heading.setText(_(self.section.page.title))
        if not self._allowed():
            self._denied.tell(
                _(N_("This section needs a right that you do not hold.")),
                _(N_("Somebody who manages roles can grant it.")),
            )
            self._stack.setCurrentWidget(self._denied)
            return
        self._stack.setCurrentWidget(self.pane)
        self.pane.reload()

    @property
    def pane(self) -> Pane:
        """The pane of the section on show, made when it is first wanted."""
        name = self.section.page.name
        if name not in self._panes:
            module, _colon, made = self.section.factory.partition(":")
            factory: type[Pane] = getattr(importlib.import_module(module), made)
            pane = self._panes[name] = factory(self)
            self._stack.addWidget(pane)
            pane.fold_room(effective_width(self) < FORM_BELOW)
        return self._panes[name]

    def focus_first(self) -> None:
        """The list of sections."""
        self._index.take_focus(self.focus_reason)

    def filter_field(self) -> QWidget | None:
        """The filter of the section."""
        return self.pane.filter_field() if self._allowed() else None

    def retranslate(self) -> None:
        """Every pane that was made."""
        for pane in self._panes.values():
            pane.retranslate()
        super().retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold when narrow."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        width = effective_width(self)
        narrow = width < STACKED_BELOW
        self._whole.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self._index.fold(narrow)
        for pane in self._panes.values():
            if pane.narrow != (width < FORM_BELOW):
                pane.fold_room(width < FORM_BELOW)
