"""Import and review: taking files in, saying whose they are, and looking after what could not be taken in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout

from app.core.i18n import N_, _
from app.imaging.commands import ImportReport
from app.imaging.permissions import IMPORT_IMAGES
from app.imaging.queries import LibraryCounts, library_counts, quarantine_page, review_queue
from ui.imaging.import_panel import ImportStrip, ResultsPane, drop_card
from ui.imaging.review_pane import ReviewPane
from ui.imaging.set_aside_pane import DamagedPane, SetAsidePane
from ui.shell.formats import number
from ui.shell.screen import Screen
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import Weight
from ui.widgets.cards import Hairline

TABS = {
    "review": N_("To review"), "results": N_("Last import"), "aside": N_("Set aside"), "damaged": N_("Damaged"),
}  # fmt: skip


class ImportsView(Screen):
    """`choose(tab="review", study_id=…)`."""

    def build(self) -> None:
        """The strip above, four lists below."""
        self.setAcceptDrops(True)
        self.strip = ImportStrip(self, lambda: None)
        self.strip.imports.finished.connect(self._imported)
        self.review, self.results = ReviewPane(self), ResultsPane(self)
        self.aside, self.damaged = SetAsidePane(self), DamagedPane(self)
        self.tabs, self._lists = QTabBar(), QStackedWidget()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self._counts: LibraryCounts | None = None
        for name, page in zip(TABS, (self.review, self.results, self.aside, self.damaged), strict=True):
            self.tabs.addTab(_(TABS[name]))
            self._lists.addWidget(page)
        self.tabs.currentChanged.connect(self._lists.setCurrentIndex)
        bar = QVBoxLayout()
        bar.setSpacing(4)
        bar.addWidget(self.tabs)
        bar.addWidget(Hairline())
        column = QVBoxLayout(self.body)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addWidget(drop_card(self.strip))
        column.addLayout(bar)
        column.addWidget(self._lists, 1)
        self.words.put(self.tabs.setAccessibleName, N_("Lists of the import"))
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.tabs.setFont(theme.font("body", Weight.SEMIBOLD))

    def choose(self, **chosen: Any) -> None:
        """Show a list, and a study in it."""
        if chosen.get("study_id"):
            self.review.choose_study(str(chosen["study_id"]))
            self.stale = True
        if chosen.get("tab") in TABS:
            self.show_tab(str(chosen["tab"]))
        if self.stale and self.isVisible():
            self.freshen()

    def faces(self) -> dict[str, dict[str, Any]]:
        """Each list."""
        return {name: {"tab": name} for name in TABS}

    def show_tab(self, name: str) -> None:
        """Show one of the lists."""
        self.tabs.setCurrentIndex(list(TABS).index(name))

    def subheading(self) -> str:
        """The way here."""
        return " › ".join((_(N_("Images")), _(self.title)))

    def focus_first(self) -> None:
        """What waits, else the button that imports."""
        first = (
            self.review.table if self.review.model.rowCount() and self.tabs.currentIndex() == 0 else self.strip.files
        )
        first.setFocus(self.focus_reason)

    def reload(self) -> None:
        """Ask for everything that stands here."""
        self.strip.refresh()
        if self.bench.may(review_queue):
            self.review.reload()
        self.tabs.setTabVisible(0, self.bench.may(review_queue))
        if self.bench.may(quarantine_page):
            self.aside.reload()
        self.damaged.reload()
        self.ask(library_counts, self._show_counts)

    def _show_counts(self, counts: LibraryCounts) -> None:
        self._counts = counts
        self._say_tabs()
        self.show_body()

    def _say_tabs(self) -> None:
        found = self._counts
        numbers = (found.without_patient, 0, found.quarantined, found.damaged) if found else (0, 0, 0, 0)
        for place, (word, count) in enumerate(zip(TABS.values(), numbers, strict=True)):
            self.tabs.setTabText(place, f"{_(word)} ({number(count)})" if count else _(word))

    def retranslate(self) -> None:
        """The tabs too."""
        self._say_tabs()
        self.results.refresh()
        super().retranslate()

    def _imported(self, _report: ImportReport) -> None:
        """What became of each file; the tab beside it counts what needs somebody."""
        if self.isVisible():
            self.show_tab("results")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the review."""
        super().resizeEvent(event)
        self.review.fold()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls() and self.bench.may(IMPORT_IMAGES) and not self.strip.imports.busy:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import them."""
        self.strip.take_in([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
