"""Search from anywhere: patients as one types, and the screens; Down and Enter go there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.text import fold
from ui.shell.bench import Bench
from ui.shell.screens import Finder, Found, Group, ScreenSpec, finders
from ui.theme.style import on_theme_change, theme
from ui.widgets.buttons import IconButton
from ui.widgets.fields import SearchField
from ui.widgets.labels import Label

WIDTH = 290
_NARROW = 1100


class Results(QFrame):
    """The list under the field; a child of the window, so that it never takes the keyboard from the field."""

    picked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._click)
        self.note = Label("", "small", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.list)
        column.addWidget(self.note)
        self.hide()

    def _click(self, item: QListWidgetItem) -> None:
        self.picked.emit(item.data(Qt.ItemDataRole.UserRole))

    def fill(self, lines: Sequence[Found], note: str) -> None:
        """Show what was found."""
        self.list.clear()
        for found in lines:
            item = QListWidgetItem(theme.icon(found.icon, "muted"), found.words)
            item.setData(Qt.ItemDataRole.UserRole, found)
            self.list.addItem(item)
        self.list.setCurrentRow(0 if lines else -1)
        self.list.setVisible(bool(lines))
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.list.setFixedHeight(len(lines) * (theme.control_height + 2) + 6)


class QuickSearch(QWidget):
    """`chosen(screen, what for)` when a line is taken."""

    chosen = Signal(str, dict)

    def __init__(self, bench: Bench, specs: Sequence[ScreenSpec]) -> None:
        super().__init__()
        self._bench, self._specs = bench, [spec for spec in specs if spec.group is not Group.INNER]
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.field = SearchField("", keys=("Ctrl", "K"))
        self.field.changed.connect(self._look)
        self.field.installEventFilter(self)
        self._icon = IconButton("magnifying-glass", "")
        self._icon.clicked.connect(self.take_focus)
        self.results = Results(self)
        self.results.picked.connect(self._take)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.field)
        row.addWidget(self._icon)
        self.setFocusProxy(self.field)
        self._folded = self._opened = False
        self._finders: list[Finder] | None = None
        on_theme_change(self._restyle)

    def retranslate(self) -> None:
        """Say the words in the language in force."""
        self.field.setPlaceholderText(_(N_("Patient, screen…")))
        self.field.setAccessibleName(_(N_("Search patients and screens")))
        self._icon.set_name(_(N_("Search patients and screens")))
        self.results.list.setAccessibleName(_(N_("Found")))

    def _restyle(self) -> None:
        self.field.setFixedWidth(round(WIDTH * min(theme.text_scale, 1.3)))
        self.fold()

    def fold(self) -> None:
        """An icon in a narrow window, until one searches."""
        host = self.window()
        self._folded = host is not self and host.width() / theme.text_scale < _NARROW
        self.field.setVisible(not self._folded or self._opened)
        self._icon.setVisible(self._folded and not self._opened)

    def take_focus(self) -> None:
        """Open the field and put the keyboard there."""
        self._opened = True
        self.fold()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    # -- looking --------------------------------------------------------------------------------------------
    def _look(self, text: str) -> None:
        if not text.strip():
            self.results.hide()
            return
        if self._finders is None:  # made when one first searches, not at start
            self._finders = finders(self._bench)
        self._show([])
        for finder in self._finders:
            finder.find(text, self._show)

    def _show(self, found: Sequence[Found]) -> None:
        text = self.field.text().strip()
        if not text:
            return
        words = fold(text).split()
        lines = [*found]
        lines += [
            Found(spec.icon, _(spec.title), spec.name)
            for spec in self._specs
            if all(any(part.startswith(word) for part in fold(_(spec.title)).split()) for word in words)
        ]
        note = "" if lines else _(N_("Nothing matches “{text}”. Try a name, phone or file number."), text=text)
        self.results.fill(lines, note)
        self._place()

    def _place(self) -> None:
        host = self.window()
        if self.results.parentWidget() is not host:
            self.results.setParent(host)
        width = max(self.field.width(), theme.px(420))
        self.results.setFixedWidth(min(width, host.width() - 24))
        self.results.adjustSize()
        corner = self.field.mapTo(host, QPoint(self.field.width(), self.field.height() + 6))
        self.results.move(max(12, corner.x() - self.results.width()), corner.y())
        self.results.show()
        self.results.raise_()

    def _take(self, target: Found | None) -> None:
        self.results.hide()
        self.field.clear()
        self._opened = False
        self.fold()
        if target is not None:
            self.chosen.emit(target.screen, target.chosen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list, Enter takes, Escape closes, leaving the field closes too."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event.key())
        if event.type() == QEvent.Type.FocusOut:
            self.results.hide()
            self._opened = False
            self.fold()
        return False

    def _key(self, key: int) -> bool:
        steps = {Qt.Key.Key_Down.value: 1, Qt.Key.Key_Up.value: -1}
        shown = self.results.list
        if key in steps and self.results.isVisible():
            shown.setCurrentRow((shown.currentRow() + steps[key]) % max(shown.count(), 1))
            return True
        if (
            key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and self.results.isVisible()
            and shown.currentItem() is not None
        ):
            self._take(shown.currentItem().data(Qt.ItemDataRole.UserRole))
            return True
        if key == Qt.Key.Key_Escape:
            self.results.hide()
        return False
