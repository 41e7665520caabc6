"""A field that suggests while one types: patients, kinds of visit. Arrows choose, Enter takes, Escape closes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.text import fold
from app.patients.queries import SearchPage, search_patients
from app.scheduling.queries import TypeLine
from ui.patients.words import born, full_name, number
from ui.scheduling.today_words import minutes_words, type_name
from ui.shell.bench import Bench
from ui.widgets.announce import announce
from ui.widgets.fields import SearchField
from ui.widgets.labels import WrapLabel
from ui.widgets.lists import List

MOST = 7


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that can be taken: its value, its words, and the shorter words that the field then shows."""

    value: str
    words: str
    shown: str
    icon: str


class SuggestField(QWidget):
    """The field and, while one types, the list under it. `taken(value, shown)` when something was chosen."""

    taken = Signal(str, str)

    def __init__(self, look: Callable[[str, Callable[[list[Suggestion]], None]], None]) -> None:
        super().__init__()
        self._look = look
        self.field = SearchField("")
        self.list = List("")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._none = WrapLabel("", "small", "muted")
        self._found: list[Suggestion] = []
        self._shown = ""
        self.field.changed.connect(self._typed)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(lambda _item: self._take())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self.field, self.list, self._none):
            column.addWidget(widget)
        self.setFocusProxy(self.field)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._close()

    def setAccessibleName(self, name: str) -> None:
        """Name the field and its list."""
        super().setAccessibleName(name)
        self.field.setAccessibleName(name)
        self.list.setAccessibleName(name)

    def value(self) -> object:
        """What is typed."""
        return self.field.text().strip()

    def show_taken(self, words: str) -> None:
        """Show what was chosen."""
        self._shown = words
        self.field.setText(words)
        self._close()

    def _typed(self, text: str) -> None:
        if text.strip():
            self._look(text.strip(), self._fill)
        else:
            self._close()

    def _fill(self, found: list[Suggestion]) -> None:
        if not self.field.text().strip() or self.field.text() == self._shown:
            return
        self._found = found[:MOST]
        self.list.set_entries([(item.value, item.words, item.icon) for item in self._found])
        self.list.setVisible(bool(self._found))
        self._none.setVisible(not self._found)
        self._none.setText(_(N_("Nothing matches “{text}”."), text=self.field.text().strip()))
        row = self.list.sizeHintForRow(0) if self._found else 0
        self.list.setFixedHeight(row * len(self._found) + 6 if self._found else 0)
        if self._found:
            announce(self.field, self._found[0].words)

    def _close(self) -> None:
        self._found = []
        self.list.hide()
        self._none.hide()

    def _take(self) -> None:
        chosen = next((item for item in self._found if item.value == self.list.value()), None)
        if chosen is not None:
            self.show_taken(chosen.shown)
            self.taken.emit(chosen.value, chosen.shown)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys go to the list while the keyboard stays in the field."""
        if event.type() == QEvent.Type.FocusIn and self.field.text() == self._shown:
            self.field.selectAll()
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress or not self._found:
            return False
        step = {Qt.Key.Key_Down.value: 1, Qt.Key.Key_Up.value: -1}.get(event.key(), 0)
        if step:
            self.list.setCurrentRow((self.list.currentRow() + step) % len(self._found))
            announce(self.field, self._found[self.list.currentRow()].words)
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
            return True
        if event.key() == Qt.Key.Key_Tab:
            self._take()
        if event.key() == Qt.Key.Key_Escape:
            self.show_taken(self._shown)
            return True
        return False


class PatientField(SuggestField):
    """Finds a patient by name, telephone, birth date or file number."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(self._search)
        self._bench = bench
        self._then: Callable[[list[Suggestion]], None] = lambda found: None

    def _search(self, text: str, then: Callable[[list[Suggestion]], None]) -> None:
        self._then = then
        if self._bench.may(search_patients):
            self._bench.ask(search_patients, self._arrived, text, limit=MOST)

    def _arrived(self, page: SearchPage) -> None:
        today = self._bench.runner.clock.today()
        found = []
        for hit in page.rows:
            parts = (full_name(hit), born(hit.born_on, today), number(hit.file_number))
            found.append(Suggestion(hit.id, " · ".join(part for part in parts if part), full_name(hit), "user"))
        self._then(found)


class TypeField(SuggestField):
    """Finds a kind of visit by its code or a word of its name; empty, it lists them all in their order."""

    def __init__(self) -> None:
        super().__init__(self._search)
        self._types: Sequence[TypeLine] = ()

    def set_types(self, types: Sequence[TypeLine]) -> None:
        """What can be booked."""
        self._types = types

    def _search(self, text: str, then: Callable[[list[Suggestion]], None]) -> None:
        words = fold(text).split()
        found = []
        for line in self._types:
            parts = [*fold(type_name(line)).split(), fold(line.code)]
            if all(any(part.startswith(word) for part in parts) for word in words):
                shown = f"{line.code} · {type_name(line)} · {minutes_words(line.minutes)}"
                found.append(Suggestion(line.code, shown, f"{line.code} · {type_name(line)}", "calendar-blank"))
        exact = [item for item in found if fold(item.value) == fold(text)]
        then(exact + [item for item in found if item not in exact])
