"""A screen of sections: their list at the left, the one that is chosen at the right; folded where it is narrow."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any, ClassVar

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


class SectionedView(Screen):
    """`choose(section="chairs")` opens a section; subclasses say which there are, the first being shown first."""

    sections: ClassVar[tuple[Section, ...]] = ()

    def build(self) -> None:
        """Index, heading, stack of panes."""
        self.section = self.sections[0]
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

    def choose(self, **chosen: Any) -> None:
        """Open a section."""
        wanted = chosen.get("section")
        self._go(next((item.page for item in self.sections if item.page.name == wanted), self.section.page))

    def faces(self) -> dict[str, dict[str, Any]]:
        """Each section."""
        return {item.page.name: {"section": item.page.name} for item in self.sections}

    def prepare(self) -> None:
        """The section that opens first."""
        if self._allowed():
            self._stack.setCurrentWidget(self.pane)

    def reload(self) -> None:
        """Say the sections, and have the one on show read again."""
        self._index.show_pages([item.page for item in self.sections], self.section.page, "")
        self._show()
        self._fold()
        self.show_body()

    def _go(self, page: Page) -> None:
        self.section = next(item for item in self.sections if item.page == page)
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
