"""The pages of the settings: a list at the left that scrolls when it is long, or one field in a narrow window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.settings import Page
from ui.shell.nav_button import NavButton
from ui.theme.style import on_theme_change, theme
from ui.widgets.fields import Choice, SearchField
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import VScroll

WIDTH = 264


class PageIndex(QWidget):
    """`chosen(page)` when a page is asked for."""

    chosen = Signal(object)

    def __init__(self, search: SearchField | None = None) -> None:
        super().__init__()
        self.setProperty("surface", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._pages: list[Page] = []
        self._group = QButtonGroup(self)
        self._buttons: list[NavButton] = []
        self._narrow = False
        self._choice = Choice()
        self._choice.changed.connect(self.chosen)
        listed = QWidget()
        whole = QVBoxLayout(listed)
        whole.setContentsMargins(0, 0, 0, 0)
        self._column = QVBoxLayout()
        self._column.setSpacing(2)
        whole.addLayout(self._column)
        whole.addStretch(1)
        self._scroll = VScroll(listed)  # squeezed instead, the lines would be too low for a finger or for large text
        self._scroll.verticalScrollBar().rangeChanged.connect(self._keep_in_sight)
        self._foot = WrapLabel("", "small", "muted")
        self._foot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        inner = QVBoxLayout()
        inner.setContentsMargins(14, 14, 14, 14)
        inner.setSpacing(8)
        if search is not None:
            inner.addWidget(search)
        inner.addWidget(self._choice)
        inner.addWidget(self._scroll, 1)
        inner.addWidget(self._foot)
        line = QFrame()
        line.setProperty("kind", "hairline_v")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(inner, 1)
        row.addWidget(line)
        on_theme_change(self._restyle)

    def show_pages(self, pages: Sequence[Page], now: Page, foot: str) -> None:
        """List the pages and mark the present one."""
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._pages = list(pages)
        self._buttons = [NavButton(_(page.title), page.icon) for page in pages]
        for page, button in zip(pages, self._buttons, strict=True):
            self._group.addButton(button)
            button.setChecked(page == now)
            button.clicked.connect(lambda _on=False, page=page: self._press(page))
            button.toggled.connect(self._keep_in_sight)
            self._column.addWidget(button)
        self._choice.setAccessibleName(_(N_("Page")))
        self._choice.set_options([(page, _(page.title)) for page in pages])
        self._choice.set_value(now)
        self._foot.setText(foot)
        self.fold(self._narrow)

    def _press(self, page: Page) -> None:
        self._choice.set_value(page)
        self.chosen.emit(page)

    def _keep_in_sight(self, *_what: object) -> None:
        for button in self._buttons:
            if button.isChecked():
                self._scroll.ensureWidgetVisible(button, 0, 0)

    def take_focus(self, reason: Qt.FocusReason) -> None:
        """To the page that is shown."""
        for button in self._buttons:
            if button.isChecked() and button.isVisible():
                button.setFocus(reason)
                return
        self._choice.setFocus(reason)

    def fold(self, narrow: bool) -> None:
        """One field in place of the list."""
        self._narrow = narrow
        self._choice.setVisible(narrow)
        self._scroll.setVisible(not narrow)
        self._foot.setVisible(not narrow)
        for button in self._buttons:
            button.setVisible(not narrow)
        self._restyle()

    def _restyle(self) -> None:
        vertical = QSizePolicy.Policy.Maximum if self._narrow else QSizePolicy.Policy.Expanding
        self.setSizePolicy(QSizePolicy.Policy.Expanding if self._narrow else QSizePolicy.Policy.Fixed, vertical)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """264 px, or the longest page name beside the scroll bar."""
        beside = 28 + self._scroll.verticalScrollBar().sizeHint().width()
        longest = max((button.sizeHint().width() + beside for button in self._buttons), default=0)
        return QSize(max(round(WIDTH * min(theme.text_scale, 1.25)), longest), super().sizeHint().height())
