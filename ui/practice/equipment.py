"""Equipment with its maintenance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import ClinicError, RuleViolation
from app.core.i18n import N_, _
from app.core.ids import ClinicId
from app.core.unchanged import mark_of
from app.practice.commands import (
    add_equipment,
    change_equipment,
    plan_maintenance,
    retire_equipment,
    withdraw_equipment,
    withdraw_maintenance,
)
from app.practice.queries import (
    EQUIPMENT,
    EQUIPMENT_LABELS,
    ClinicLine,
    EquipmentKind,
    EquipmentLine,
    MaintenanceLine,
    OperatoryId,
    OperatoryLine,
    clinics,
    clock_minute,
    equipment,
    operatories,
    typed_instant,
)
from ui.patients.facts import empty
from ui.practice.editors import ClockField, Picker
from ui.practice.entry_form import Item, Values
from ui.practice.list_pane import ListPane
from ui.practice.places import in_use
from ui.practice.words import labelled, named
from ui.shell.formats import day, moment
from ui.shell.words import Words
from ui.widgets.buttons import Button, IconButton
from ui.widgets.cards import Hairline
from ui.widgets.fields import TextField
from ui.widgets.form import Field
from ui.widgets.labels import ElidedLabel, WrapLabel, section
from ui.widgets.paged_model import Column
from ui.widgets.typed_fields import DateField


class MaintenanceBox(QWidget):
    """The times when a device cannot be used, and a row of fields for another."""

    def __init__(self, pane: EquipmentPane) -> None:
        super().__init__()
        self._pane = pane
        self._line: EquipmentLine | None = None
        self.words = Words()
        self._head = section("")
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        today = pane.bench.runner.clock.today
        self.fields = {
            "from": Field("", DateField(today=today, written=day)), "start": Field("", ClockField()),
            "to": Field("", DateField(today=today, written=day)), "end": Field("", ClockField()),
            "reason": Field("", TextField()),
        }  # fmt: skip
        for name, label in (
            ("from", N_("From")), ("start", N_("From what time")), ("to", N_("Until")), ("end", N_("Until what time")),
            ("reason", N_("What is done")),
        ):  # fmt: skip
            self.words.put(self.fields[name].set_label, label)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(10)
        for place, field in enumerate(self.fields.values()):
            wide = 2 if place == 4 else 1
            grid.addWidget(field, place // 2, place % 2, 1, wide, Qt.AlignmentFlag.AlignTop)
        self._plan = Button("", "secondary", "wrench")
        self._plan.clicked.connect(self.plan)
        self.words.put(self._plan.setText, N_("Plan maintenance"))
        self.words.put(self._head.setText, N_("Maintenance"))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._plan)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Hairline())
        column.addWidget(self._head)
        column.addLayout(self._list)
        column.addLayout(grid)
        column.addLayout(row)

    def show_device(self, line: EquipmentLine | None) -> None:
        """The maintenance to come of a device."""
        self._line = line
        self.setVisible(line is not None)
        empty(self._list)
        reason = self._pane.bench.reason(plan_maintenance)
        self._plan.set_available(not reason, reason)
        if line is not None and not line.maintenance:
            self._list.addWidget(WrapLabel(_(N_("None is planned.")), "small", "muted"))
        for item in line.maintenance if line is not None else ():
            self._list.addLayout(self._row(item))

    def _row(self, item: MaintenanceLine) -> QHBoxLayout:
        clock = self._pane.bench.runner.clock
        told = _(N_("{start} to {end}"), start=moment(item.starts_at, clock), end=moment(item.ends_at, clock))
        away = IconButton("trash", _(N_("Withdraw the maintenance of {time}"), time=told))
        away.set_available(self._pane.bench.may(withdraw_maintenance), self._pane.bench.reason(withdraw_maintenance))
        away.clicked.connect(lambda: self._pane.bench.run(withdraw_maintenance, item.id))
        row = QHBoxLayout()
        row.addWidget(ElidedLabel(f"{told} · {item.reason}" if item.reason else told), 1)
        row.addWidget(away)
        return row

    def plan(self) -> None:
        """Run the command; days and hours are those of the device's clinic."""
        line = self._line
        values = {name: field.value() for name, field in self.fields.items()}
        for field in self.fields.values():
            field.set_error("")
        if line is None or not self._complete(values):
            return
        zone = self._pane.zone_of(line.clinic_id)
        first: Any = values["from"]
        last: Any = values["to"] or first
        try:
            start = typed_instant(first, clock_minute(str(values["start"]), "start"), zone, "start")
            end = typed_instant(last, clock_minute(str(values["end"]), "end"), zone, "end")
        except RuleViolation as problem:
            self.fields[problem.field or "start"].set_error(problem)
            return
        running = self._pane.bench.run_for(self, plan_maintenance, line.id, start, end, str(values["reason"] or ""))
        running.then(lambda _made: self._clear())

    def _complete(self, values: dict[str, object]) -> bool:
        for name in ("from", "start", "end"):
            editor: Any = self.fields[name].editor
            problem = editor.problem()
            if problem or not values[name]:
                self.fields[name].set_error(problem or _(N_("This is needed.")))
                editor.setFocus(Qt.FocusReason.OtherFocusReason)
                return False
        return True

    def _clear(self) -> None:
        for field in self.fields.values():
            editor: Any = field.editor
            editor.set_value("")

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """An end before the start stands under the end."""
        self.fields["end" if field == "ends_at" else "reason"].set_error(problem)
        return True


class EquipmentPane(ListPane[EquipmentLine]):
    """Devices that one visit uses at a time."""

    title = N_("Equipment")
    add, change = add_equipment, change_equipment
    others = (retire_equipment, withdraw_equipment)
    icon = "plugs"
    nothing = (N_("There is no equipment yet."), N_("A device is used by one visit at a time."))

    def __init__(self, screen: Any) -> None:
        self._clinics: tuple[ClinicLine, ...] = ()
        self._rooms: tuple[OperatoryLine, ...] = ()
        super().__init__(screen)
        self._box = MaintenanceBox(self)
        self.form.extra.addWidget(self._box)

    def items(self) -> Sequence[Item]:
        """Where, what, which."""
        carried = ("", N_("Carried about"))
        return (
            Item("clinic_id", N_("Clinic"), lambda: Picker(lambda: named(self._clinics)), whole=True, fresh=True),
            Item("name", N_("Name"), example=N_("E.g. Panoramic X-ray")),
            Item("kind", N_("Kind"), lambda: Picker(lambda: labelled(EQUIPMENT_LABELS))),
            Item("operatory_id", N_("Room"), lambda: Picker(lambda: named(self._rooms_here(), carried))),
            Item("serial_number", N_("Serial number")),
        )

    def _rooms_here(self) -> list[OperatoryLine]:
        place = self.chosen.clinic_id if self.chosen is not None else None
        return [room for room in self._rooms if place in (None, room.clinic_id)]

    def columns(self) -> list[Column]:
        """Name, kind, room, maintenance."""
        return [
            Column("name", _(N_("Name")), strong=True, sortable=False),
            Column("kind", _(N_("Kind")), width=130, sortable=False),
            Column("room", _(N_("Room")), width=120, sortable=False),
            Column("until", _(N_("Use")), width=96, sortable=False),
        ]

    def cells(self, line: EquipmentLine) -> Sequence[Any]:
        """The words of a device."""
        room = next((item.name for item in self._rooms if item.id == line.operatory_id), _(N_("Carried about")))
        return line.name, _(EQUIPMENT_LABELS[line.kind]), room, in_use(line.retired_on)

    def reload(self) -> None:
        """Clinics and rooms, then devices."""
        self.view.ask(clinics, self.show_clinics)
        self.view.ask(operatories, self.show_rooms)
        self.ask(equipment, retired=True)

    def show_clinics(self, lines: tuple[ClinicLine, ...]) -> None:
        """Keep them for the form."""
        self._clinics = lines
        self.form.retranslate()

    def show_rooms(self, lines: tuple[OperatoryLine, ...]) -> None:
        """Keep them for the form and the list."""
        self._rooms = lines
        self.form.retranslate()
        self.refilter()

    def zone_of(self, clinic_id: ClinicId) -> ZoneInfo:
        """The time zone of a clinic."""
        found = next((line.time_zone for line in self._clinics if line.id == clinic_id), None)
        return ZoneInfo(found) if found else self.bench.runner.clock.zone

    def show_more(self, line: EquipmentLine | None) -> None:
        """Its maintenance."""
        self._box.show_device(line)

    def retranslate(self) -> None:
        """The box too."""
        super().retranslate()
        self._box.words.again()

    def mark(self, line: EquipmentLine) -> str:
        """Of what the form holds."""
        return mark_of(line, EQUIPMENT)

    def send(self, values: Values, line: EquipmentLine | None, seen: str) -> tuple[Any, tuple[Any, ...], Values]:
        """Add or change."""
        kind, room = EquipmentKind(values["kind"]), values["operatory_id"]
        given: Values = {"name": values["name"], "kind": kind, "serial_number": values["serial_number"]}
        given["operatory_id"] = OperatoryId(str(room)) if room else None
        if line is None:
            return add_equipment, (ClinicId(str(values["clinic_id"])),), given
        return change_equipment, (line.id,), given | {"carried": not room, "seen": seen}
