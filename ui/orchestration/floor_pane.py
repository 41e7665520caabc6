"""The floor with its tools: to look at it, and for who may, to draw the plan of the clinic."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.ids import ClinicId
from app.orchestration.commands import draw_floor
from app.orchestration.queries import FLOOR_LABELS, FloorKind, FloorPlan, FloorSpot
from ui.orchestration.card_space import Spot
from ui.orchestration.floor import FloorSpace
from ui.orchestration.picture import DayPicture
from ui.shell.bench import Bench
from ui.widgets.buttons import Button
from ui.widgets.fields import Choice, TextField
from ui.widgets.labels import Label
from ui.widgets.layout import Flow

NEW = (20, 20, 180, 140)


class FloorPane(QWidget):
    """`dropped(visit, place)` says that a patient was let go over a place of the plan."""

    chosen = Signal(str)
    opened = Signal(str)
    menu_asked = Signal(str, QPoint)
    dropped = Signal(str, object)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = bench
        self._blank: dict[str, FloorSpot] = {}
        self.space = FloorSpace()
        self.edit, self.save = Button("", "secondary", "pencil-simple"), Button("", "primary", "floppy-disk")
        self.cancel, self.remove = Button("", "quiet", "x"), Button("", "secondary", "trash")
        self.add = Choice()
        self.add.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
        self.name = TextField("")
        self.name.setMaximumWidth(200)
        self.hint = Label("", "small", "muted")
        self.edit.clicked.connect(self.begin)
        self.save.clicked.connect(self.keep)
        self.cancel.clicked.connect(self.end)
        self.remove.clicked.connect(self.take_off)
        self.add.changed.connect(self.put)
        self.name.editingFinished.connect(self._rename)
        self.space.chosen.connect(self._tell)
        self.space.opened.connect(lambda spot: self.opened.emit(spot.visit_id) if spot.visit_id else None)
        self.space.menu_asked.connect(
            lambda spot, at: self.menu_asked.emit(spot.visit_id, at) if spot.visit_id else None
        )
        self.space.dropped.connect(self._dropped)
        self._lay_out()

    def _lay_out(self) -> None:
        tools = Flow(self.hint, self.add, self.name, self.remove, self.cancel, self.save, self.edit, gap=8)
        row = QHBoxLayout()
        row.setContentsMargins(12, 2, 12, 8)
        row.addWidget(tools)
        frame = QFrame()
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.space)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(frame, 1)
        self._fold()

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.edit.setText(_(N_("Draw the plan")))
        self.edit.set_available(self._bench.may(draw_floor), self._bench.reason(draw_floor))
        self.save.setText(_(N_("Keep the plan")))
        self.cancel.setText(_(N_("Cancel")))
        self.remove.setText(_(N_("Take off")))
        self.name.setAccessibleName(_(N_("Name of the room")))
        self.name.setPlaceholderText(_(N_("E.g. sterilisation")))
        self.hint.setText(_(N_("Drag places; the corner makes them larger. By keyboard: Alt or Shift with arrows.")))
        self._offer()

    def setAccessibleName(self, name: str) -> None:
        """It is the plan that is read."""
        self.space.setAccessibleName(name)

    # -- showing --------------------------------------------------------------------------------------------
    def show_day(self, picture: DayPicture) -> None:
        """Draw the day."""
        self.retranslate()
        self.space.show_day(picture)

    def show_plan(self, plan: FloorPlan) -> None:
        """Draw another plan; one that is being drawn is let be."""
        self.space.show_plan(plan)
        self._offer()

    def choose_visit(self, visit_id: str) -> bool:
        """Stand on a visit."""
        return self.space.draft is None and self.space.choose_visit(visit_id)

    def _tell(self, spot: Spot | None) -> None:
        if self.space.draft is None:
            self.chosen.emit(spot.visit_id if spot is not None else "")
        else:
            self._fold()

    def _dropped(self, spot: Spot, target: Any) -> None:
        if isinstance(target, FloorSpot):
            self.dropped.emit(spot.visit_id, target)

    # -- drawing --------------------------------------------------------------------------------------------
    def begin(self) -> None:
        """Draw the plan by hand, beginning with the one that is shown."""
        if self.space.plan is not None:
            self.space.draft = list(self.space.plan.spots)
            self.space.cursor_key = ""
            self.space.arrange()
            self._offer()
            self._fold()

    def end(self) -> None:
        """Show the plan as it is kept."""
        self.space.draft = None
        self.space.cursor_key = ""
        self.space.arrange()
        self._fold()

    def keep(self) -> None:
        """Keep the draft: one operation, one undo."""
        plan, draft = self.space.plan, self.space.draft
        if plan is not None and draft:
            running = self._bench.run(draw_floor, ClinicId(plan.clinic_id), list(draft))
            running.say(_(N_("The plan of the clinic is kept"))).then(lambda _count: self.end())

    def _fold(self) -> None:
        drawing = self.space.draft is not None
        held = self._held()
        for widget in (self.hint, self.add, self.remove, self.cancel, self.save):
            widget.setVisible(drawing)
        self.edit.setVisible(not drawing)
        self.remove.setEnabled(held is not None)
        room = held is not None and held.kind is FloorKind.ROOM
        self.name.setVisible(drawing and room)
        if held is not None and room:
            self.name.setText(held.label)

    def _held(self) -> FloorSpot | None:
        draft = self.space.draft or []
        return next((spot for spot in draft if spot.key == self.space.cursor_key), None)

    def _offer(self) -> None:
        """What can be put on the plan: chairs that are not on it, the two rooms that people wait in, any other."""
        draft, plan = self.space.draft, self.space.plan
        if draft is None or plan is None:
            return
        there = {spot.operatory_id for spot in draft} | {spot.kind for spot in draft}
        chairs = [spot.operatory_id for spot in plan.spots if spot.kind is FloorKind.CHAIR]
        ids = [key for key in (*chairs, *plan.missing) if key is not None and key not in there]
        blank = [FloorSpot(FloorKind.CHAIR, *NEW, operatory_id=key) for key in ids]
        blank += [FloorSpot(kind, *NEW) for kind in (FloorKind.WAITING, FloorKind.CHECKOUT) if kind not in there]
        options: list[tuple[object, str]] = [("", _(N_("Add to the plan")))]
        options += [(spot.key, self.space.title(spot)) for spot in blank]
        options.append((FloorKind.ROOM.value, _(FLOOR_LABELS[FloorKind.ROOM])))
        self._blank = {spot.key: spot for spot in blank}
        self.add.blockSignals(True)
        self.add.set_options(options)
        self.add.set_value("")
        self.add.blockSignals(False)
        self.add.setAccessibleName(_(N_("Add to the plan")))

    def put(self, value: object) -> None:
        """Put something on the plan."""
        draft = self.space.draft
        if draft is None or not value:
            return
        rooms = sum(spot.kind is FloorKind.ROOM for spot in draft) + 1
        room = FloorSpot(FloorKind.ROOM, *NEW, label=_(N_("Room {n}"), n=rooms))
        spot = self._blank.get(str(value), room)
        draft.append(spot)
        self.space.cursor_key = spot.key
        self.space.arrange()
        self._offer()
        self._fold()

    def take_off(self) -> None:
        """Take the chosen place off the plan."""
        held, draft = self._held(), self.space.draft
        if held is not None and draft is not None:
            draft.remove(held)
            self.space.cursor_key = ""
            self.space.arrange()
            self._offer()
            self._fold()

    def _rename(self) -> None:
        held, draft, words = self._held(), self.space.draft, self.name.text().strip()
        if held is None or draft is None or not words or held.label == words:
            return
        if all(spot.label != words for spot in draft):
            renamed = replace(held, label=words)
            draft[draft.index(held)] = renamed
            self.space.cursor_key = renamed.key
            self.space.arrange()
