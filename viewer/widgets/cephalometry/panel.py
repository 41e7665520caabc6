"""The panel of cephalometry: analysis, the landmark that is asked for with picture and definition, measures."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from viewer.errors import N_
from viewer.model.cephalometry import LANDMARKS
from viewer.model.spacing import PixelSize
from viewer.widgets.cephalometry.board import Cephalometry
from viewer.widgets.cephalometry.diagram import FaceDiagram
from viewer.widgets.cephalometry.measures import MeasureTable
from viewer.widgets.cephalometry.words import CALIBRATE, trusted
from viewer.widgets.marking.panel import heading, panel_width, tool_button
from viewer.widgets.marking.words import UNIT_NAMES

TITLE, ANALYSIS = N_("Cephalometry"), N_("Analysis")
COUNT = N_("{placed} of {count} points")
NEXT_LANDMARK = N_("Landmark to place")
ALL_PLACED = N_("All landmarks of this analysis are placed.")
START = N_("Open a lateral cephalogram and take the Ceph tool (C), then click where the picture shows.")
OFFER = N_("Proposal: {what} ({percent}%). Space confirms, Escape drops it.")
BACK, SKIP, CONFIRM, REMOVE = N_("Back"), N_("Skip"), N_("Confirm"), N_("Remove the landmark")
MORE = N_("More")
PLACED, TO_PLACE, SKIPPED = N_("{name}, placed"), N_("{name}, to place"), N_("{name}, skipped")
ID_ROLE = Qt.ItemDataRole.UserRole
DEFINITION_LINES = 3

MenuRow = tuple[str, Callable[[], object], Callable[[], bool] | None]
"""Message, what it does, whether it is on (None for what is no switch)."""


class CephPanel(QWidget):
    """Follows the active tile. `rows` fill the menu “More”."""

    def __init__(
        self, cephalometry: Cephalometry, rows: tuple[MenuRow, ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._ceph, self._rows = cephalometry, rows
        self._say, self._look = cephalometry.texts.say, cephalometry.look
        self._filling = False
        self.setMinimumWidth(panel_width(self._look) + self._look.px(70))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addLayout(self._head())
        column.addWidget(self._landmark_box())
        self.diagram = FaceDiagram(self._look)
        column.addWidget(self.diagram)
        self.definition = self._wrapped()
        column.addWidget(self.definition)
        self.offer = self._wrapped()
        column.addWidget(self.offer)
        column.addLayout(self._buttons())
        self.measures = MeasureTable(cephalometry)
        column.addWidget(self.measures, 1)
        self.note = self._wrapped()
        column.addWidget(self.note)
        cephalometry.changed.connect(self.refresh)
        self.refresh()

    def _wrapped(self) -> QLabel:
        label = QLabel()
        label.setObjectName("muted")
        label.setWordWrap(True)
        return label

    def _head(self) -> QVBoxLayout:
        rows, row = QVBoxLayout(), QHBoxLayout()
        self.count = QLabel()
        self.count.setObjectName("muted")
        row.addWidget(heading(self._say(TITLE)))
        row.addStretch(1)
        row.addWidget(self.count)
        rows.addLayout(row)
        self.analysis = QComboBox()
        self.analysis.setAccessibleName(self._say(ANALYSIS))
        self.analysis.activated.connect(lambda place: self._ceph.choose_analysis(str(self.analysis.itemData(place))))
        rows.addWidget(self.analysis)
        return rows

    def _landmark_box(self) -> QComboBox:
        self.landmark = QComboBox()
        self.landmark.setAccessibleName(self._say(NEXT_LANDMARK))
        self.landmark.setMaxVisibleItems(18)
        self.landmark.setPlaceholderText(self._say(NEXT_LANDMARK))
        self.landmark.activated.connect(lambda place: self._ceph.choose(str(self.landmark.itemData(place))))
        return self.landmark

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        self.confirm = tool_button(self._look, "check", self._say(CONFIRM), words=True)
        self.confirm.clicked.connect(self._ceph.accept)
        for icon, words, act in (
            ("arrow-left", BACK, self._ceph.back), ("arrow-right", SKIP, self._ceph.skip),
            ("trash", REMOVE, self._ceph.remove),
        ):  # fmt: skip
            button = tool_button(self._look, icon, self._say(words))
            button.clicked.connect(act)
            row.addWidget(button)
        row.addWidget(self.confirm)
        row.addStretch(1)
        self.more = tool_button(self._look, "dots-three", self._say(MORE))
        menu = QMenu(self.more)
        menu.aboutToShow.connect(lambda: self._fill_menu(menu))
        self.more.setMenu(menu)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        row.addWidget(self.more)
        return row

    def _fill_menu(self, menu: QMenu) -> None:
        menu.clear()
        for message, act, on in self._rows:
            entry = menu.addAction(self._say(message))
            entry.setCheckable(on is not None)
            entry.setChecked(on is not None and on())
            entry.triggered.connect(lambda _on=False, act=act: act())

    # -- showing

    def refresh(self) -> None:
        """Show what stands now."""
        order, placed = self._ceph.order(), self._ceph.placed()
        done = sum(name in placed.points for name in order)
        self.count.setText(self._say(COUNT, placed=done, count=len(order)))
        self._show_analyses()
        self._show_landmarks(order)
        self._show_guide()
        self.measures.show_readings(self._ceph.readings())
        self._show_note(self._ceph.size())

    def _show_analyses(self) -> None:
        known = self._ceph.analyses()
        if [self.analysis.itemData(place) for place in range(self.analysis.count())] != list(known):
            self.analysis.clear()
            for name, analysis in known.items():
                self.analysis.addItem(self._say(analysis.label), name)
        self.analysis.setCurrentIndex(self.analysis.findData(self._ceph.analysis.analysis_id))

    def _show_landmarks(self, order: tuple[str, ...]) -> None:
        placed = self._ceph.placed()
        self.landmark.clear()
        for name in order:
            skipped = ("⤼", SKIPPED) if name in placed.skipped else ("○", TO_PLACE)
            sign, state = ("●", PLACED) if name in placed.points else skipped
            words = f"{LANDMARKS[name].symbol} · {self._say(LANDMARKS[name].name)}"
            self.landmark.addItem(f"{sign}  {words}", name)
            spoken = self._say(state, name=words)
            self.landmark.setItemData(self.landmark.count() - 1, spoken, Qt.ItemDataRole.AccessibleTextRole)
        self.landmark.setCurrentIndex(self.landmark.findData(self._ceph.current))

    def _show_guide(self) -> None:
        name = self._ceph.current
        mark = LANDMARKS.get(name)
        if mark is None:
            words = self._say(ALL_PLACED if self._ceph.placed().points else START)
        else:
            words = self._say(mark.definition)
        self.definition.setText(words)
        self.diagram.show_landmark(name, f"{self._say(mark.name)}. {words}" if mark else words)
        self.diagram.setVisible(mark is not None)
        found = self._ceph.offer()
        self.offer.setVisible(found is not None)
        self.confirm.setVisible(found is not None)
        if found is not None:
            percent = self._ceph.workspace.locale().toString(round(100 * found.confidence))
            what = f"{LANDMARKS[found.landmark_id].symbol}, {self._say(found.origin)}"
            self.offer.setText(self._say(OFFER, what=what, percent=percent))

    def _show_note(self, size: PixelSize) -> None:
        shown = bool(self._ceph.key) and not trusted(size.unit)
        self.note.setVisible(shown)
        if shown:
            self.note.setText(self._say(CALIBRATE, unit=self._say(UNIT_NAMES[size.unit.value])))
