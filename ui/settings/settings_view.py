"""The settings screen: pages at the left, the settings of one page or of a search at the right."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.core.errors import ClinicError, PermissionDenied
from app.core.i18n import N_, _
from app.core.settings import SCOPE_LABELS, SETTINGS, Page, Scope, Setting
from app.core.text import fold
from app.journal.commands import Query
from app.journal.queries import Reading
from app.journal.settings_store import CHANGE_CLINIC_SETTINGS, change_setting, reset_setting, values_of
from ui.settings.controls import Control
from ui.settings.index import PageIndex
from ui.shell.formats import counted
from ui.shell.screen import Screen
from ui.shell.table_card import TableCard
from ui.widgets.buttons import Button
from ui.widgets.cards import Hairline
from ui.widgets.fields import SearchField
from ui.widgets.form import Message
from ui.widgets.labels import Label, WrapLabel, heading
from ui.widgets.layout import Flow, VScroll, effective_width
from ui.widgets.pills import Tag

SCOPE_ICONS = {Scope.USER: "user", Scope.WORKSTATION: "desktop", Scope.CLINIC: "buildings", Scope.SEAT: "desktop"}
STACKED_BELOW = 1000
"""Effective width under which a control stands under its words, and the pages become a list."""


def settings_in_force(read: Reading) -> dict[str, Any]:
    """Every declared setting with its value in force for the reader."""
    return values_of(read)


IN_FORCE: Query[[], dict[str, Any]] = Query(settings_in_force, None, N_("Settings in force"))


def _listed() -> list[Setting[Any]]:
    """The settings that have a row here."""
    return [setting for setting in SETTINGS.values() if setting.shown]


class SettingRow(QWidget):
    """Words and scope at the left, control at the right, a refusal under both."""

    def __init__(self, view: SettingsView, setting: Setting[Any], value: Any, may: bool) -> None:
        super().__init__()
        self._view, self.setting = view, setting
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.control = Control(setting, value)
        self.control.chosen.connect(self._change)
        self.control.setEnabled(may)
        self._message = Message()
        self._message.show_text("", False)
        marks = Flow(Label(_(setting.label), "name"), Tag(_(SCOPE_LABELS[setting.scope]), SCOPE_ICONS[setting.scope]))
        if value != setting.default:
            marks.add(Tag(_(N_("modified")), accent=True))
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addStretch()
        words.addWidget(marks)
        words.addWidget(WrapLabel(_(setting.help), "small", "muted"))
        if not may:
            words.addWidget(
                WrapLabel(
                    str(PermissionDenied(CHANGE_CLINIC_SETTINGS.name, CHANGE_CLINIC_SETTINGS.label)), "small", "muted"
                )
            )
        words.addWidget(self._message)
        words.addStretch()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(14, 9, 14, 9)
        self._row.setSpacing(12)
        self._row.addLayout(words, 1)
        self._row.addWidget(self.control, 0, Qt.AlignmentFlag.AlignVCenter)

    def stack(self, stacked: bool) -> None:
        """Put the control under the words."""
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight)
        self._row.setAlignment(self.control, Qt.AlignmentFlag.AlignLeft if stacked else Qt.AlignmentFlag.AlignVCenter)

    def _change(self, text: str) -> None:
        self._message.show_text("", False)
        self._view.bench.run_for(self, change_setting, self.setting.name, text).say(
            _(N_("“{setting}” changed"), setting=self.setting.label)
        )

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """The refusal of the value."""
        self._message.show_text(str(problem), True)
        return True


class SettingsView(Screen):
    """All settings that have been declared, by page."""

    def build(self) -> None:
        """Index at the left, page at the right."""
        self.title = N_("Settings")
        self._page: Page | None = None
        self._values: dict[str, Any] = {}
        self._rows: dict[str, SettingRow] = {}
        self._search = SearchField("")
        self._search.changed.connect(lambda _text: self._show())
        self._index = PageIndex(self._search)
        self._index.chosen.connect(self._go)
        self._heading = heading("")
        self._reset = Button("", "quiet", "arrow-counter-clockwise")
        self._reset.clicked.connect(self._reset_page)
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self._reset)
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(24, 14, 24, 20)
        column.setSpacing(10)
        column.addLayout(head)
        column.addLayout(self._list)
        column.addStretch(1)
        self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight, self.body)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(0)
        self._whole.addWidget(self._index)
        self._whole.addWidget(VScroll(inner), 1)
        self.words.put(self._search.setPlaceholderText, N_("Find a setting"))
        self.words.put(self._search.setAccessibleName, N_("Find a setting"))
        self.words.put(self._reset.setText, N_("Reset this page"))

    def subheading(self) -> str:
        """What the chips mean."""
        return _(N_("Each setting says whom it applies to"))

    def choose(self, **chosen: Any) -> None:
        """Go to a page (`page=name`), or to one setting (`find=name`), found as if it had been typed."""
        page = next((setting.page for setting in _listed() if setting.page.name == chosen.get("page")), None)
        if page is not None:
            self._page = page
            self.freshen()
        setting = SETTINGS.get(str(chosen.get("find", "")))
        if setting is not None:
            self._search.setText(_(setting.label))
            if self._values:
                self._show()

    def faces(self) -> dict[str, dict[str, Any]]:
        """Each page."""
        return {setting.page.name: {"page": setting.page.name} for setting in _listed()}

    def reload(self) -> None:
        """Read what is in force."""
        self.ask(IN_FORCE, self.show_values)

    def filter_field(self) -> QWidget:
        """The search."""
        return self._search

    def focus_first(self) -> None:
        """The list of pages."""
        self._index.take_focus(self.focus_reason)

    def show_values(self, values: dict[str, Any]) -> None:
        """Draw the pages anew; the keyboard stays on the setting that it was on."""
        now = self.focusWidget()
        held = next((name for name, row in self._rows.items() if now is not None and row.isAncestorOf(now)), None)
        self._values = values
        pages = sorted({s.page for s in _listed()}, key=lambda page: (page.order, _(page.title)))
        self._page = self._page if self._page in pages else pages[0]
        different = sum(values[setting.name] != setting.default for setting in _listed())
        foot = counted(
            N_("{n} setting differs from its original value"),
            N_("{n} settings differ from their original values"),
            different,
        )
        self._index.show_pages(pages, self._page, foot)
        self._show()
        if held in self._rows:
            self._rows[held].control.setFocus(Qt.FocusReason.OtherFocusReason)
        self.show_body()

    def _go(self, page: Page) -> None:
        self._page = page
        self._search.clear()
        self._show()

    def _shown(self) -> list[Setting[Any]]:
        words = fold(self._search.text()).split()
        if not words:
            return [setting for setting in _listed() if setting.page == self._page]
        return [s for s in _listed() if all(word in fold(f"{_(s.label)} {_(s.help)} {s.name}") for word in words)]

    def _show(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        searching, shown = bool(self._search.text().strip()), self._shown()
        title = _(N_("Found")) if searching else _(self._page.title if self._page else "")
        self._heading.setText(title)
        self._reset.setVisible(not searching and any(self._values[s.name] != s.default for s in shown))
        self._rows = {}
        if not shown:
            self._list.addWidget(
                WrapLabel(_(N_("No setting matches “{text}”."), text=self._search.text().strip()), ink="muted")
            )
            return
        card = TableCard()
        card.body.setSpacing(0)
        for number, setting in enumerate(shown):
            may = setting.scope is not Scope.CLINIC or self.bench.may(CHANGE_CLINIC_SETTINGS)
            row = self._rows[setting.name] = SettingRow(self, setting, self._values[setting.name], may)
            if number:
                card.add(Hairline())
            card.add(row)
        self._list.addWidget(card)
        self._fold()

    def _reset_page(self) -> None:
        for setting in self._shown():
            if self._values[setting.name] != setting.default:
                self.bench.run(reset_setting, setting.name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold when narrow."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        narrow = effective_width(self) < STACKED_BELOW
        self._whole.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self._index.fold(narrow)
        for row in self._rows.values():
            row.stack(narrow)
