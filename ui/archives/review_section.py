"""Studies that devices have sent and no chart has taken: the review of the images, where devices are looked at."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from app.core.i18n import N_
from ui.imaging.review_pane import ReviewPane
from ui.practice.pane import Pane
from ui.shell.screen import Screen


class ReviewSection(Pane):
    """The same queue as in *Import and review*."""

    title = N_("To review")

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self.review = ReviewPane(screen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self.review)

    def reload(self) -> None:
        """Ask what waits."""
        self.review.reload()

    def focus_first(self, reason: Qt.FocusReason) -> None:
        """The list."""
        self.review.table.setFocus(reason)
