"""The bar over the schedule: the day, day or week, chairs or people, which way the clock runs, zoom, filters, new."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.scheduling.queries import CLASS_LABELS
from ui.scheduling.schedule_lanes import By
from ui.scheduling.timegrid import Run
from ui.shell.formats import day as day_words
from ui.shell.formats import month as month_words
from ui.theme.tokens import STATUSES
from ui.widgets.buttons import Button, IconButton, Kind
from ui.widgets.fields import Choice
from ui.widgets.labels import Label
from ui.widgets.layout import Flow
from ui.widgets.segmented import Segment, SegmentedControl

DAY, WEEK = "day", "week"
_VIEWS: Final = {
    "span": (N_("Day or week"), ((DAY, N_("Day"), "calendar-blank"), (WEEK, N_("Week"), "calendar-dots"))),
    "by": (N_("Chairs or people"), ((By.CHAIR, N_("Chairs"), "office-chair"), (By.PROVIDER, N_("People"), "users"))),
    "run": (N_("Direction of the clock"), ((Run.RIGHT, N_("Timeline"), "rows"), (Run.DOWN, N_("Columns"), "columns"))),
}
_FIRST_VIEW: Final = 4
_STATUSES = ("expected", "late", "waiting", "seated", "needed", "here", "paused", "checkout", "done", "missed")


class MonthPopup(QFrame):
    """A month to choose a day of: arrows go by day and week, Page keys by month, Escape closes."""

    chosen = Signal(object)

    def __init__(self, shown: date, today: date, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("kind", "card")
        self.setAccessibleName(_(N_("Calendar")))
        self._on, self._today = shown, today
        self._title = Label("", "name")
        before, after = IconButton("caret-left", _(N_("Month before"))), IconButton("caret-right", _(N_("Next month")))
        before.clicked.connect(lambda: self._turn(-1))
        after.clicked.connect(lambda: self._turn(1))
        head = QHBoxLayout()
        head.addWidget(before)
        head.addWidget(self._title, 1, Qt.AlignmentFlag.AlignHCenter)
        head.addWidget(after)
        self._days = QGridLayout()
        self._days.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.addLayout(head)
        column.addLayout(self._days)
        self._fill()

    def _turn(self, months: int) -> None:
        count = self._on.year * 12 + self._on.month - 1 + months
        first = date(count // 12, count % 12 + 1, 1)
        following = date((count + 1) // 12, (count + 1) % 12 + 1, 1)
        self._on = min(first.replace(day=1) + timedelta(days=self._on.day - 1), following - timedelta(days=1))
        self._fill()

    def _fill(self) -> None:
        while (item := self._days.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._title.setText(month_words(self._on))
        first = self._on.replace(day=1)
        at = first - timedelta(days=first.weekday())
        for column in range(7):
            words = day_words(at + timedelta(days=column), weekday=True).split()[0].strip(",")[:2]
            self._days.addWidget(Label(words, "caption", "muted"), 0, column, Qt.AlignmentFlag.AlignCenter)
        for place in range(42):
            on = at + timedelta(days=place)
            kind: Kind = "primary" if on == self._on else "secondary" if on == self._today else "quiet"
            button = Button(str(on.day), kind, size="compact")
            button.setAccessibleName(day_words(on, weekday=True))
            button.setEnabled(on.month == first.month)
            button.clicked.connect(lambda _on=False, on=on: self._take(on))
            self._days.addWidget(button, 1 + place // 7, place % 7)
            if on == self._on:
                button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.adjustSize()

    def _take(self, on: date) -> None:
        self.chosen.emit(on)
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go through the days."""
        steps = {
            Qt.Key.Key_Left.value: -1, Qt.Key.Key_Right.value: 1, Qt.Key.Key_Up.value: -7, Qt.Key.Key_Down.value: 7,
        }  # fmt: skip
        if event.key() in steps:
            self._on += timedelta(days=steps[event.key()])
            self._fill()
        elif event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._turn(-1 if event.key() == Qt.Key.Key_PageUp else 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self._on)
        else:
            super().keyPressEvent(event)


class ScheduleBar(QWidget):
    """Says what is asked for; the screen does it. Made anew in each language by `retranslate`."""

    stepped = Signal(int)
    """Days or weeks forward; 0 is today."""
    calendar_asked = Signal()
    changed = Signal()
    zoomed = Signal(int)
    filters_asked = Signal(bool)
    created = Signal()
    pasted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back, self.on = IconButton("caret-left", ""), IconButton("caret-right", "")
        self.today, self.date = Button(""), IconButton("calendar-dots", "")
        self.smaller, self.larger = IconButton("magnifying-glass-minus", ""), IconButton("magnifying-glass-plus", "")
        self.filters = IconButton("funnel", "", checkable=True)
        self.new = Button("", "primary", "plus")
        self.paste = Button("", "secondary", "clipboard-text")
        self.back.clicked.connect(lambda: self.stepped.emit(-1))
        self.on.clicked.connect(lambda: self.stepped.emit(1))
        self.today.clicked.connect(lambda: self.stepped.emit(0))
        self.date.clicked.connect(self.calendar_asked)
        self.smaller.clicked.connect(lambda: self.zoomed.emit(-1))
        self.larger.clicked.connect(lambda: self.zoomed.emit(1))
        self.filters.toggled.connect(self.filters_asked)
        self.new.clicked.connect(self.created)
        self.paste.clicked.connect(self.pasted)
        self.paste.hide()
        self._holds = False
        self._values: dict[str, object] = {"span": DAY, "by": By.CHAIR, "run": Run.RIGHT}
        self._controls: dict[str, SegmentedControl] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 9, 12, 9)
        self._row.setSpacing(8)
        for widget in (self.back, self.today, self.on, self.date):
            self._row.addWidget(widget)
        self._row.addStretch(1)
        for widget in (self.smaller, self.larger, self.filters, self.paste, self.new):
            self._row.addWidget(widget)
        self.setMinimumWidth(1)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        week = self.value("span") == WEEK
        self.back.set_name(_(N_("Week before")) if week else _(N_("Day before")))
        self.on.set_name(_(N_("Next week")) if week else _(N_("Next day")))
        self.today.setText(_(N_("Today")))
        self.today.set_help(_(N_("To today (T)")))
        self.smaller.set_name(_(N_("Zoom out")))
        self.larger.set_name(_(N_("Zoom in")))
        self.filters.set_name(_(N_("Filter")))
        for key, (name, options) in _VIEWS.items():
            self._make(key, _(name), [Segment(value, _(words), icon) for value, words, icon in options])
        self._order()
        self.fit()

    def _order(self) -> None:
        """The keyboard goes from left to right, though the views are made anew."""
        views = [button for control in self._controls.values() for button in control.findChildren(QRadioButton)]
        chain = [self.back, self.today, self.on, self.date, *views, self.smaller, self.larger, self.filters,
                 self.paste, self.new]  # fmt: skip
        for before, after in itertools.pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _make(self, key: str, name: str, segments: Sequence[Segment]) -> None:
        old = self._controls.pop(key, None)
        if old is not None:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        control = SegmentedControl(name, segments)
        control.set_value(self._values[key])
        control.changed.connect(lambda value, key=key: self._take(key, value))
        self._controls[key] = control
        self._row.insertWidget(_FIRST_VIEW + list(_VIEWS).index(key), control)

    def _take(self, key: str, value: object) -> None:
        if self._values[key] != value:
            self._values[key] = value
            self.changed.emit()

    def value(self, key: str) -> object:
        """What is chosen: `span`, `by`, `run`."""
        return self._values[key]

    def set_value(self, key: str, value: object) -> None:
        """Choose from outside, by keyboard; tells as if it had been clicked."""
        self._controls[key].set_value(value)

    def take(self, chosen: Mapping[str, object]) -> None:
        """Choose what is named of `span`, `by` and `run`; the rest stays."""
        for key in self._values.keys() & chosen.keys():
            self.set_value(key, next(value for value, _words, _icon in _VIEWS[key][1] if value == chosen[key]))

    @staticmethod
    def faces() -> dict[str, dict[str, object]]:
        """Every way to look at the schedule, the first one last: {name: what `take` takes}."""
        ways = itertools.product((WEEK, DAY), (By.PROVIDER, By.CHAIR))
        return {
            "columns": {"span": DAY, "by": By.CHAIR, "run": Run.DOWN},
            **{f"{span}_{by.value}": {"span": span, "by": by, "run": Run.RIGHT} for span, by in ways},
        }

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words while they fit in one row, else shapes: first those of the lanes, then all."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Take as many words as there is room for."""
        every = frozenset(self._values)
        for folded, words in (({"run"}, True), ({"run", "by"}, True), (every, True), (every, False)):
            for key, control in self._controls.items():
                control.set_icon_only(key in folded)
                layout = control.layout()
                if layout is not None:  # its hint of the words before is still remembered
                    layout.invalidate()
            self.new.setText(_(N_("New appointment")) if words else "")
            self.new.setAccessibleName(_(N_("New appointment")))
            if self._width() <= self.width():
                break

    def _width(self) -> int:
        items = [self._row.itemAt(place) for place in range(self._row.count())]
        shown = [item.widget() for item in items if item is not None]
        # What was just made is not shown yet, and still takes its room.
        counted = [widget for widget in shown if widget is not None and (widget is not self.paste or self._holds)]
        return sum(widget.sizeHint().width() + 8 for widget in counted) + 24

    def set_date(self, words: str) -> None:
        """The day or the days that are shown."""
        self.date.set_name(_(N_("{date}, open the calendar"), date=words))

    def set_cut(self, words: str) -> None:
        """What was cut and waits for its place; empty hides it."""
        self._holds = bool(words)
        self.paste.setVisible(self._holds)
        self.paste.setText(_(N_("Put {name} here"), name=words) if words else "")
        self.paste.set_help(_(N_("Put what was cut on this day (Ctrl V)")))
        self.fit()


class FilterRow(QWidget):
    """One lane or all; whose, which class and which status are not dimmed."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.resource, self.provider = Choice(), Choice()
        self.kind, self.status = Choice(), Choice()
        self.clear = Button("", "quiet", "x", size="compact")
        self.clear.clicked.connect(self._clear)
        flow = Flow(gap=8, row_gap=6)
        for choice in (self.resource, self.provider, self.kind, self.status):
            choice.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
            choice.changed.connect(lambda _value: self.changed.emit())
            flow.add(choice)
        flow.add(self.clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 0, 12, 9)
        column.addWidget(flow)

    def fill(self, lanes: Sequence[tuple[str, str]], people: Sequence[tuple[str, str]], *, chairs: bool) -> None:
        """Offer the chairs or people that there are, in the language in force."""

        def everything(words: str) -> tuple[object, str]:
            return "", words

        self.resource.set_options([everything(_(N_("All chairs")) if chairs else _(N_("All people"))), *lanes])
        self.provider.set_options([everything(_(N_("Anybody’s visits"))), *people])
        self.kind.set_options(
            [everything(_(N_("All classes"))), *((key, _(word)) for key, word in CLASS_LABELS.items())]
        )
        self.status.set_options(
            [everything(_(N_("All statuses"))), *((key, _(STATUSES[key].label)) for key in _STATUSES)]
        )
        for choice, name in (
            (self.resource, N_("Chair or person")), (self.provider, N_("Whose visits")),
            (self.kind, N_("Class of visits")), (self.status, N_("Status of visits")),
        ):  # fmt: skip
            choice.setAccessibleName(_(name))
        self.clear.setText(_(N_("Show everything")))

    def _clear(self) -> None:
        for choice in (self.resource, self.provider, self.kind, self.status):
            choice.set_value("")
        self.changed.emit()
