"""The bar over the day: which day, which view, lanes and direction, zoom, filters, saved views, a new appointment."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QRadioButton, QWidget

from app.core.i18n import N_, _
from app.orchestration.queries import FLAG_LABELS
from app.scheduling.queries import CLASS_LABELS, Stage
from ui.orchestration.picture import FLAG_LOOKS, DayFilter, DayPicture
from ui.orchestration.timeline import By
from ui.scheduling.block_look import doctor_name
from ui.scheduling.timegrid import Run
from ui.theme.tokens import STATUSES
from ui.widgets.buttons import Button, IconButton
from ui.widgets.fields import Choice, SearchField
from ui.widgets.layout import Flow
from ui.widgets.segmented import Segment, SegmentedControl

TIMELINE, GRID, BOARD, FLOOR = "timeline", "grid", "board", "floor"
_VIEWS: Final = {
    "view": (N_("View of the day"), (
        (TIMELINE, N_("Timeline"), "rows"), (GRID, N_("Grid"), "list"), (BOARD, N_("Board"), "kanban"),
        (FLOOR, N_("Floor plan"), "map-trifold"))),
    "by": (N_("Chairs, doctors or staff"), (
        (By.CHAIR, N_("Chairs"), "office-chair"), (By.PROVIDER, N_("Doctors"), "stethoscope"),
        (By.STAFF, N_("Staff"), "users"))),
    "run": (N_("Direction of the clock"), (
        (Run.RIGHT, N_("To the right"), "rows"), (Run.DOWN, N_("Downwards"), "columns"))),
}  # fmt: skip
_PLACES: Final = {"view": 4, "by": 0, "run": 1}


class DayBar(QWidget):
    """Says what is asked for; the screen does it. Made anew in each language by `retranslate`."""

    stepped = Signal(int)
    """Days forward; 0 is today."""
    calendar_asked = Signal()
    changed = Signal(str)
    """One of `view`, `by`, `run`."""
    zoomed = Signal(int)
    filters_asked = Signal(bool)
    created = Signal()
    folded = Signal()
    """Panels beside the view are wanted, or are not any more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back, self.on = IconButton("caret-left", ""), IconButton("caret-right", "")
        self.today, self.date = Button(""), IconButton("calendar-dots", "")
        self.smaller, self.larger = IconButton("magnifying-glass-minus", ""), IconButton("magnifying-glass-plus", "")
        self.filters = IconButton("funnel", "", checkable=True)
        self.wall, self.beside = IconButton("monitor", ""), IconButton("sidebar-simple", "", checkable=True)
        self.morning = IconButton("sun", "")
        self._beside: dict[tuple[str, bool], bool] = {(BOARD, False): False}
        self._narrow = self._tight = self._wrapped = False
        self.beside.setChecked(True)
        self.beside.toggled.connect(self._keep_beside)
        self.new = Button("", "primary", "plus")
        self.back.clicked.connect(lambda: self.stepped.emit(-1))
        self.on.clicked.connect(lambda: self.stepped.emit(1))
        self.today.clicked.connect(lambda: self.stepped.emit(0))
        self.date.clicked.connect(self.calendar_asked)
        self.smaller.clicked.connect(lambda: self.zoomed.emit(-1))
        self.larger.clicked.connect(lambda: self.zoomed.emit(1))
        self.filters.toggled.connect(self.filters_asked)
        self.new.clicked.connect(self.created)
        self._values: dict[str, object] = {"view": TIMELINE, "by": By.CHAIR, "run": Run.RIGHT}
        self._controls: dict[str, SegmentedControl] = {}
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._rows.setContentsMargins(12, 9, 12, 9)
        self._rows.setSpacing(8)
        self._head, self._tail = QHBoxLayout(), QHBoxLayout()
        for row, stretch in ((self._head, 0), (self._tail, 1)):
            row.setSpacing(8)
            self._rows.addLayout(row, stretch)
        for widget in (self.back, self.today, self.on, self.date):
            self._head.addWidget(widget)
        for row in (self._head, self._tail):
            row.addStretch(1)
        for widget in (self.smaller, self.larger, self.filters, self.morning, self.wall, self.beside, self.new):
            self._tail.addWidget(widget)
        self.setMinimumWidth(1)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.back.set_name(_(N_("Day before")))
        self.on.set_name(_(N_("Next day")))
        self.today.setText(_(N_("Today")))
        self.today.set_help(_(N_("To today (T)")))
        self.smaller.set_name(_(N_("Zoom out")))
        self.larger.set_name(_(N_("Zoom in")))
        self.filters.set_name(_(N_("Filter and saved views")))
        self.morning.set_name(_(N_("Morning huddle and record")))
        self.wall.set_name(_(N_("Show the wall")))
        self.beside.set_name(_(N_("Panels beside the view")))
        for key, (name, options) in _VIEWS.items():
            self._make(key, _(name), [Segment(value, _(words), icon) for value, words, icon in options])
        views = [button for control in self._controls.values() for button in control.findChildren(QRadioButton)]
        chain = [self.back, self.today, self.on, self.date, *views, self.smaller, self.larger, self.filters,
                 self.morning, self.wall, self.beside, self.new]  # fmt: skip
        for before, after in itertools.pairwise(chain):
            QWidget.setTabOrder(before, after)
        self.fit()

    def _make(self, key: str, name: str, segments: Sequence[Segment]) -> None:
        old = self._controls.pop(key, None)
        if old is not None:
            self._row_of(key).removeWidget(old)
            old.hide()
            old.deleteLater()
        control = SegmentedControl(name, segments)
        control.set_value(self._values[key])
        control.changed.connect(lambda value, key=key: self._take(key, value))
        self._controls[key] = control
        self._row_of(key).insertWidget(_PLACES[key], control)

    def _row_of(self, key: str) -> QHBoxLayout:
        """Which view ends the first part of the bar; how its lanes lie begins the second."""
        return self._head if key == "view" else self._tail

    def _take(self, key: str, value: object) -> None:
        if self._values[key] != value:
            self._values[key] = value
            if key == "view":
                self._recall_beside()
            self.fit()
            self.changed.emit(key)

    def _keep_beside(self, on: bool) -> None:
        """Each view remembers whether panels stand beside it; the board needs its width."""
        self._beside[str(self._values["view"]), self._narrow] = on
        self.folded.emit()

    def _recall_beside(self) -> None:
        known = self._beside.get((str(self._values["view"]), self._narrow), not self._narrow)
        self.beside.setChecked(known)

    def set_narrow(self, narrow: bool) -> None:
        """In a narrow window panels stand beside the view only when they are asked for."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._recall_beside()

    def value(self, key: str) -> str:
        """What is chosen: `view`, `by`, `run`."""
        return str(self._values[key])

    def take(self, chosen: Mapping[str, object]) -> None:
        """Choose what is named of `view`, `by` and `run`; the rest stays."""
        for key in _VIEWS:
            known = next((value for value, _words, _icon in _VIEWS[key][1] if value == chosen.get(key)), None)
            if known is not None and key in self._controls:
                self._controls[key].set_value(known)
            elif known is not None:
                self._values[key] = known

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words while they fit in one row, else shapes, else a second row."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Show what belongs to the view, with as many words as there is room for."""
        timeline = self._values["view"] == TIMELINE
        for key in ("by", "run"):
            if key in self._controls:
                self._controls[key].setVisible(timeline)
        every = frozenset(_VIEWS)
        lanes = {"run", "by"}
        steps: list[tuple[Collection[str], bool]] = [((), True), (("run",), True), (lanes, True), (lanes, False)]
        steps.append((every, False))
        ways = [(wrapped, False, *step) for wrapped in (False, True) for step in steps]
        for wrapped, tight, folded, words in [*ways, (True, True, every, False)]:
            self._wrap(wrapped)
            self._tight = tight
            for button in (self.smaller, self.larger):  # keys and the wheel zoom too
                button.setVisible(timeline and not tight)
            self.date.setVisible(not tight)
            for key, control in self._controls.items():
                control.set_icon_only(key in folded)
                layout = control.layout()
                if layout is not None:  # its hint of the words before is still remembered
                    layout.invalidate()
            self.new.setText(_(N_("New appointment")) if words else "")
            self.new.setAccessibleName(_(N_("New appointment")))
            if self._width() <= self.width():
                break

    def _wrap(self, wrapped: bool) -> None:
        """Large text needs a second row before a segment is cut; the order stays, so Tab goes as one reads."""
        self._wrapped = wrapped
        way = QBoxLayout.Direction.TopToBottom if wrapped else QBoxLayout.Direction.LeftToRight
        if self._rows.direction() != way:
            self._rows.setDirection(way)

    def _width(self) -> int:
        """What the rows need; what was just made is not shown yet, and still takes its room."""
        away: set[QWidget] = {self.smaller, self.larger, self.date} if self._tight else set()
        if self._values["view"] != TIMELINE:
            away |= {self.smaller, self.larger, *(self._controls[key] for key in ("by", "run"))}
        needs = []
        for row in (self._head, self._tail):
            items = [row.itemAt(place) for place in range(row.count())]
            widgets = [item.widget() for item in items if item is not None]
            shown = [widget for widget in widgets if widget is not None and widget not in away]
            needs.append(sum(widget.sizeHint().width() + 8 for widget in shown))
        return (max(needs) if self._wrapped else sum(needs)) + 24

    def set_date(self, words: str) -> None:
        """The day that is shown."""
        self.date.set_name(_(N_("{date}, open the calendar"), date=words))


class FilterRow(QWidget):
    """Which visits are looked for, the same in every view."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = SearchField("")
        self.text.setMaximumWidth(260)
        self.text.changed.connect(lambda _text: self.changed.emit())
        self._choices = {key: Choice() for key in ("stage", "chair", "person", "kind", "flag")}
        self.clear = Button("", "quiet", "x", size="compact")
        self.clear.clicked.connect(lambda: self.put(DayFilter()))
        flow = Flow(self.text, gap=8, row_gap=6)
        for choice in self._choices.values():
            choice.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
            choice.changed.connect(lambda _value: self.changed.emit())
            flow.add(choice)
        flow.add(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 9)
        row.addWidget(flow)

    def fill(self, picture: DayPicture) -> None:
        """Offer what the day has, in the language in force."""
        people = [(person.id, doctor_name(person.name)) for person in picture.shot.people]
        offered: dict[str, tuple[str, list[tuple[object, str]], str]] = {
            "stage": (_(N_("All states")), [(s.value, _(STATUSES[s.value].label)) for s in Stage], _(N_("State"))),
            "chair": (_(N_("All chairs")), [(c.id, c.name) for c in picture.shot.chairs], _(N_("Chair"))),
            "person": (_(N_("Anybody")), [*people], _(N_("Who treats"))),
            "kind": (_(N_("All classes")), [(k.value, _(w)) for k, w in CLASS_LABELS.items()],
                     _(N_("Class of visits"))),
            "flag": (_(N_("With or without marks")), [(f.value, _(FLAG_LABELS[f])) for f in FLAG_LOOKS],
                     _(N_("Mark"))),
        }  # fmt: skip
        for key, (everything, options, name) in offered.items():
            choice = self._choices[key]
            choice.blockSignals(True)
            choice.set_options([("", everything), *options])
            choice.blockSignals(False)
            choice.setAccessibleName(name)
        self.text.setPlaceholderText(_(N_("Name, procedure or file number")))
        self.text.setAccessibleName(_(N_("Search the day")))
        self.clear.setText(_(N_("Show everything")))

    def value(self) -> DayFilter:
        """What is set."""
        words = {key: str(choice.value() or "") for key, choice in self._choices.items()}
        return DayFilter(text=self.text.text().strip(), **words)

    def put(self, wanted: DayFilter) -> None:
        """Set everything at once."""
        self.blockSignals(True)
        self.text.setText(wanted.text)
        for key, choice in self._choices.items():
            choice.set_value(getattr(wanted, key))
        self.blockSignals(False)
        self.changed.emit()
