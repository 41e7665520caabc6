"""The patient's page: the banner, and the tabs that every subject adds to it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.patients.commands import change_patient
from app.patients.queries import PatientBanner, patient_banner
from ui.patients.banner import Banner
from ui.patients.words import plain_name
from ui.shell.screen import Screen
from ui.shell.screens import patient_tabs
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import Weight
from ui.widgets.buttons import Button
from ui.widgets.cards import Hairline
from ui.widgets.layout import effective_width

STACKED_BELOW = 1000
HEAD_AIR = 46
"""Px of the margins and gaps beside the tabs."""


class PatientView(Screen):
    """One patient at a time; `choose(patient_id=..., tab=...)`."""

    def build(self) -> None:
        """Banner, tab bar, pages; a page is made when it is first shown."""
        self._patient_id = PatientId("")
        self._name = ""
        self._tabs = patient_tabs()
        self._made: dict[str, Screen] = {}
        self._banner = Banner()
        self._bar = QTabBar()
        self._bar.setExpanding(False)
        self._bar.setDrawBase(False)
        self._bar.setUsesScrollButtons(True)
        for tab in self._tabs:
            self._bar.addTab(_(tab.title))
        self._bar.currentChanged.connect(self._show_tab)
        self._edit = Button("", "secondary", "pencil-simple")
        self._edit.clicked.connect(self._correct)
        self._print = Button("", "secondary", "printer")
        self._print.clicked.connect(lambda: self.open_screen.emit("print", self.printed()))
        self._tab_pages = QStackedWidget()
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._print)
        buttons.addWidget(self._edit)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setContentsMargins(4, 0, 0, 0)
        self._head.addWidget(self._bar, 1, Qt.AlignmentFlag.AlignBottom)
        self._head.addLayout(buttons)
        tabs = QVBoxLayout()
        tabs.setSpacing(4)
        tabs.addLayout(self._head)
        tabs.addWidget(Hairline())
        column = QVBoxLayout(self.body)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addWidget(self._banner)
        column.addLayout(tabs)
        column.addWidget(self._tab_pages, 1)
        self.words.put(self._bar.setAccessibleName, N_("Parts of the patient file"))
        self.words.put(self._edit.setText, N_("Edit the file"))
        self.words.put(self._print.setText, N_("Print"))
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self._bar.setFont(theme.font("body", Weight.SEMIBOLD))
        self._fold_head()

    def _fold_head(self) -> None:
        """Without room beside the tabs, the buttons stand over them: a tab behind an arrow is not found."""
        need = self._bar.sizeHint().width() + self._print.sizeHint().width() + self._edit.sizeHint().width() + HEAD_AIR
        directions = QBoxLayout.Direction
        self._head.setDirection(directions.BottomToTop if need > self.width() else directions.LeftToRight)

    def choose(self, **chosen: Any) -> None:
        """Take the patient, and the tab if one is asked for."""
        patient_id = PatientId(chosen["patient_id"])
        if patient_id != self._patient_id or not self.isVisible():  # coming back to a chart is opening it again
            self.bench.runner.access(self.bench.actor, "open", patient_id)
        if patient_id != self._patient_id:
            self._patient_id = patient_id
            for name, page in self._made.items():
                page.choose(patient_id=patient_id)
                page.stale = True
                if name == self._tabs[self._bar.currentIndex()].name and page.isVisible():
                    page.freshen()
            self._banner.setVisible(False)
            self.stale = True
            if self.isVisible():
                self.freshen()
        names = [tab.name for tab in self._tabs]
        if chosen.get("tab") in names:
            self._bar.setCurrentIndex(names.index(chosen["tab"]))

    def prepare(self) -> None:
        """The tab that opens first."""
        if not self._made:
            self._show_tab(max(self._bar.currentIndex(), 0))

    def faces(self) -> dict[str, dict[str, Any]]:
        """Each tab."""
        return {tab.name: {"tab": tab.name, "patient_id": ""} for tab in self._tabs}

    def printed(self) -> dict[str, Any]:
        """The summary of this patient; labels, card and slip are beside it."""
        return {"document": "summary", "patient_id": self._patient_id} if self._patient_id else {}

    def heading(self) -> str:
        """The name of the screen."""
        return _(N_("Patient file"))

    def subheading(self) -> str:
        """The way here."""
        return " › ".join(part for part in (_(N_("Patients")), self._name) if part)

    def focus_first(self) -> None:
        """The tabs."""
        self._bar.setFocus(self.focus_reason)

    def reload(self) -> None:
        """Read the banner; the tabs read their own."""
        self._edit.set_available(self.bench.may(change_patient), self.bench.reason(change_patient))
        self._offer_tabs()
        if self._patient_id:
            self.ask(patient_banner, self.show_banner, self._patient_id)
        else:
            self.show_state("user", N_("No patient is chosen."), N_("Find one with the search, Ctrl K."))

    def _offer_tabs(self) -> None:
        actor = self.bench.actor
        for index, tab in enumerate(self._tabs):
            allowed = actor.everything or tab.permission is None or tab.permission in actor.permissions
            self._bar.setTabVisible(index, allowed)
        self._fold_head()

    def show_banner(self, banner: PatientBanner) -> None:
        """Fill the banner and show the tab."""
        self._name = plain_name(banner)
        self._banner.show_patient(banner, self.bench.runner.clock.today())
        self._banner.setVisible(True)
        self.show_body()
        self.titled.emit()
        if not self._made:
            self._show_tab(max(self._bar.currentIndex(), 0))

    def _show_tab(self, index: int) -> None:
        tab = self._tabs[index]
        if tab.name not in self._made:
            page = self._made[tab.name] = tab.load()(self.bench)
            page.title = tab.title
            page.open_screen.connect(self.open_screen)
            page.choose(patient_id=self._patient_id)
            self._tab_pages.addWidget(page)
        self._tab_pages.setCurrentWidget(self._made[tab.name])

    def retranslate(self) -> None:
        """Say the tabs too."""
        for index, tab in enumerate(self._tabs):
            self._bar.setTabText(index, _(tab.title))
        self._fold_head()
        for page in self._made.values():
            page.retranslate()
        super().retranslate()

    def _correct(self) -> None:
        self.open_screen.emit("patient_form", {"patient_id": self._patient_id, "typed": ""})

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the banner when narrow."""
        super().resizeEvent(event)
        self._banner.fold(effective_width(self) < STACKED_BELOW)
        self._fold_head()


class PatientTab(Screen):
    """Base of the tabs: knows the patient."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.patient_id = PatientId("")
        super().__init__(*args, **kwargs)

    def choose(self, **chosen: Any) -> None:
        """Take the patient."""
        self.patient_id = PatientId(chosen["patient_id"])

    def page(self) -> QVBoxLayout:
        """A column in which cards stand, scrolled when it is higher than the window."""
        from ui.widgets.layout import VScroll

        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(10)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)
        whole = QVBoxLayout(self.body)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(VScroll(inner))
        return column
