"""The bar above the tiles: tools and actions with a shape and a word; shapes alone where the bar is narrow."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QMenu, QToolButton, QWidget

from viewer.errors import N_
from viewer.widgets.actions import MENUS, MORE_MENU, ActionRow
from viewer.widgets.look import Look
from viewer.widgets.texts import TileTexts
from viewer.widgets.tools import ToolRow

LAYOUT = N_("Layout")
SPACING, GAP, GAPS, MARGINS = 2, 12, 4, 16
MENU = "menu "


class ToolBar(QFrame):
    """Buttons made of rows. The shell may add widgets of its own before and after them (`lead`, `trail`)."""

    def __init__(self, look: Look, texts: TileTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._look, self._texts = look, texts
        self._buttons: list[QToolButton] = []
        self._tools = QButtonGroup(self)
        self._by_name: dict[str, QToolButton] = {}
        self._rows: dict[str, ActionRow] = {}
        self.lead, self.trail = QHBoxLayout(), QHBoxLayout()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 4, 8, 4)
        self._row.setSpacing(SPACING)
        self._row.addLayout(self.lead)
        self._middle = QHBoxLayout()
        self._middle.setSpacing(SPACING)
        self._row.addLayout(self._middle)
        self._row.addStretch(1)
        self._row.addLayout(self.trail)

    def fill(
        self, tools: Iterable[ToolRow], actions: Iterable[ActionRow], take: Callable[[str], None],
        act: Callable[[ActionRow], None], layouts: Callable[[QMenu], None], state: Callable[[ActionRow], bool],
    ) -> None:  # fmt: skip
        """Make all buttons anew."""
        while (item := self._middle.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._buttons.clear()
        self._by_name.clear()
        self._rows.clear()
        group: int | None = None
        for tool in (tool for tool in tools if tool.in_bar):
            self._space(group is not None and tool.group != group)
            group = tool.group
            button = self._button(tool.name, tool.label, tool.icon, tool.key)
            button.setCheckable(True)
            self._tools.addButton(button)
            button.clicked.connect(lambda _on=False, name=tool.name: take(name))
        self._space(True)
        rows = list(actions)
        for row in (row for row in rows if row.place == "bar"):
            button = self._button(row.name, row.label, row.icon, row.key)
            button.setCheckable(row.checked is not None)
            button.clicked.connect(lambda _on=False, row=row: act(row))
            self._rows[row.name] = row
        self._space(True)
        self._menu_button("layout", LAYOUT, "layout").aboutToShow.connect(self._filler(f"{MENU}layout", layouts))
        for place, (label, icon) in MENUS.items():
            here = [row for row in rows if row.place == place]
            if not here:
                continue
            menu = self._menu_button(place, label, icon)
            more = place == MORE_MENU
            menu.aboutToShow.connect(
                lambda menu=menu, here=here, more=more: self._fill_menu(
                    menu, [*(self._hidden_rows() if more else ()), *here], act, state
                )
            )
        self._fold()

    def _hidden_rows(self) -> list[ActionRow]:
        return [row for name, row in self._rows.items() if self._by_name[name].isHidden()]

    def _filler(self, name: str, layouts: Callable[[QMenu], None]) -> Callable[[], None]:
        menu = self._by_name[name].menu()

        def fill() -> None:
            menu.clear()
            layouts(menu)

        return fill

    def _fill_menu(
        self, menu: QMenu, rows: list[ActionRow], act: Callable[[ActionRow], None], state: Callable[[ActionRow], bool]
    ) -> None:
        menu.clear()
        for row in rows:
            words = self._texts.say(row.label)
            entry = QAction(f"{words}\t{key_words(row.key, self._texts)}" if row.key else words, menu)
            entry.setCheckable(row.checked is not None)
            entry.setChecked(row.checked is not None and state(row))
            entry.triggered.connect(lambda _on=False, row=row: act(row))
            menu.addAction(entry)

    def _button(self, name: str, label: str, icon: str, key: str) -> QToolButton:
        words = self._texts.say(label)
        button = QToolButton()
        button.setText(words)
        button.setIcon(self._look.icon(icon))
        side = self._look.px(20)
        button.setIconSize(QSize(side, side))
        button.setAccessibleName(words)
        button.setToolTip(f"{words} ({key_words(key, self._texts)})" if key else words)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._buttons.append(button)
        self._by_name[name] = button
        self._middle.addWidget(button)
        return button

    def _menu_button(self, name: str, label: str, icon: str) -> QMenu:
        # A menu may bear the name of a tool: the tool of the window, and the menu of windows.
        button = self._button(f"{MENU}{name}", label, icon, "")
        menu = QMenu(button)
        menu.setStyleSheet(self._look.sheet())
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return menu

    def _space(self, wanted: bool) -> None:
        if wanted:
            self._middle.addSpacing(GAP)

    def show_tool(self, name: str) -> None:
        """Press the button of the tool in hand."""
        if (button := self._by_name.get(name)) is not None:
            button.setChecked(True)

    def show_states(self, actions: Iterable[ActionRow], state: Callable[[ActionRow], bool]) -> None:
        """Press the buttons of what is on."""
        for row in actions:
            if row.checked is not None and (button := self._by_name.get(row.name)) is not None:
                button.setChecked(state(row))

    def minimumSizeHint(self) -> QSize:
        """The words give way before the window grows wider than it was asked to be."""
        return QSize(240, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """Words under all shapes where there is room, else under tools and actions, else under tools alone.

        Before a tool loses its word, the last actions go into the menu “More”.
        """
        under, bare = Qt.ToolButtonStyle.ToolButtonTextUnderIcon, Qt.ToolButtonStyle.ToolButtonIconOnly
        room = self.width() - self.lead.sizeHint().width() - self.trail.sizeHint().width() - MARGINS
        room -= (len(self._buttons) + 4) * SPACING + GAPS * GAP
        wide, plain = self._widths(under), self._widths(bare)
        tools = [b for b in self._buttons if b in self._tools.buttons()]
        acting = [b for b in self._buttons if b.menu() is None]
        may_go = [self._by_name[name] for name, row in self._rows.items() if not row.keeps]
        kept = [b for b in self._buttons if b not in may_go]
        for worded, shown in ((self._buttons, self._buttons), (acting, self._buttons), (tools, kept), ([], [])):
            if sum(wide[b] if b in worded else plain[b] for b in shown) <= room:
                break
        for button in self._buttons:
            button.setToolButtonStyle(under if button in worded else bare)
        self._put_away(room, {b: wide[b] if b in worded else plain[b] for b in self._buttons})

    def _put_away(self, room: int, widths: dict[QToolButton, int]) -> None:
        """Where even the shapes are too many, the last actions go into the menu “More”, their keys stay."""
        going = sorted(self._rows.values(), key=lambda row: row.keeps, reverse=True)
        left = sum(widths.values())
        for button in (self._by_name[row.name] for row in reversed(going)):
            button.setVisible(left <= room)
            if left > room:
                left -= widths[button] + SPACING

    def _widths(self, style: Qt.ToolButtonStyle) -> dict[QToolButton, int]:
        """How wide each button wants to be; only a polished one knows the letters of the style sheet."""
        found: dict[QToolButton, int] = {}
        for button in self._buttons:
            button.ensurePolished()
            button.setToolButtonStyle(style)
            found[button] = button.sizeHint().width()
        return found


KEY_NAMES = {
    "Home": N_("Home"), "End": N_("End"), "Return": N_("Enter"), "Backspace": N_("Backspace"),
}  # fmt: skip


def key_words(key: str, texts: TileTexts) -> str:
    """A key as it is printed on the keyboard."""
    return texts.say(KEY_NAMES[key]) if key in KEY_NAMES else key
