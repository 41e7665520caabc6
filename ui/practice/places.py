"""Clinics, chairs and rooms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from app.access.settings import TIME_ZONE_LABELS
from app.core.i18n import N_, _
from app.core.ids import ClinicId
from app.core.unchanged import mark_of
from app.practice.commands import (
    add_clinic,
    add_operatory,
    change_clinic,
    change_operatory,
    order_operatories,
    retire_clinic,
    retire_operatory,
    withdraw_clinic,
    withdraw_operatory,
)
from app.practice.queries import (
    CLINIC,
    LANGUAGES_LABELS,
    OPERATORY,
    OPERATORY_LABELS,
    ClinicLanguages,
    ClinicLine,
    OperatoryKind,
    OperatoryLine,
    clinics,
    operatories,
)
from ui.practice.editors import Checks, Picker
from ui.practice.entry_form import Item, Values
from ui.practice.list_pane import ListPane
from ui.practice.words import labelled, named
from ui.shell.formats import day
from ui.widgets.buttons import IconButton
from ui.widgets.fields import TextArea
from ui.widgets.paged_model import Column


def in_use(retired_on: date | None) -> str:
    """Until when something is in use."""
    return _(N_("until {day}"), day=day(retired_on, short=True)) if retired_on else _(N_("in use"))


class ClinicPane(ListPane[ClinicLine]):
    """The clinics of the practice."""

    title = N_("Clinics")
    add, change = add_clinic, change_clinic
    others = (retire_clinic, withdraw_clinic)
    icon = "map-trifold"
    nothing = (N_("There is no clinic yet."), N_("Chairs, hours and shifts belong to a clinic: begin here."))

    def items(self) -> Sequence[Item]:
        """Name, zone, languages, how to reach it."""
        zones = {zone.value: label for zone, label in TIME_ZONE_LABELS.items()}
        return (
            Item("name", N_("Name"), example=N_("E.g. Clinique Rosemont")),
            Item("short_name", N_("Short name"), help=N_("In narrow columns; at most 20 characters.")),
            Item("time_zone", N_("Time zone"), lambda: Picker(lambda: labelled(zones))),
            Item("languages", N_("Families are received in"), lambda: Picker(lambda: labelled(LANGUAGES_LABELS))),
            Item("phone", N_("Phone"), example=N_("E.g. 514 555-0142")),
            Item("address", N_("Address"), lambda: TextArea(lines=3), whole=True),
        )

    def columns(self) -> list[Column]:
        """Name, zone, languages, until when."""
        return [
            Column("name", _(N_("Name")), strong=True, sortable=False),
            Column("languages", _(N_("Languages")), width=150, sortable=False),
            Column("until", _(N_("Use")), width=120, sortable=False),
        ]

    def cells(self, line: ClinicLine) -> Sequence[Any]:
        """The words of a clinic."""
        return line.name, _(LANGUAGES_LABELS[line.languages]), in_use(line.retired_on)

    def reload(self) -> None:
        """Every clinic, those that were closed too."""
        self.ask(clinics, retired=True)

    def fresh_values(self) -> Values:
        """Montréal, in both languages."""
        return {"time_zone": "America/Toronto", "languages": ClinicLanguages.BOTH.value}

    def mark(self, line: ClinicLine) -> str:
        """Of what the form holds."""
        return mark_of(line, CLINIC)

    def send(self, values: Values, line: ClinicLine | None, seen: str) -> tuple[Any, tuple[Any, ...], Values]:
        """Add or change."""
        given = values | {"languages": ClinicLanguages(values["languages"])}
        return (add_clinic, (), given) if line is None else (change_clinic, (line.id,), given | {"seen": seen})


class ChairPane(ListPane[OperatoryLine]):
    """Chairs, rooms and virtual columns, in the order in which the schedule shows them."""

    title = N_("Chairs and rooms")
    add, change = add_operatory, change_operatory
    others = (retire_operatory, withdraw_operatory)
    icon = "office-chair"
    nothing = (N_("There is no chair yet."), N_("Each chair, room or lab column is a column of the schedule."))

    def __init__(self, screen: Any) -> None:
        self._clinics: tuple[ClinicLine, ...] = ()
        super().__init__(screen)
        self._up, self._down = IconButton("arrow-up", ""), IconButton("arrow-down", "")
        for step, button in ((-1, self._up), (1, self._down)):
            button.clicked.connect(lambda _on=False, step=step: self._move(step))
            self.bar.addWidget(button)
        self.words.put(self._up.set_name, N_("Move this chair up"))
        self.words.put(self._down.set_name, N_("Move this chair down"))

    def items(self) -> Sequence[Item]:
        """Where, what, its names."""
        return (
            Item("clinic_id", N_("Clinic"), lambda: Picker(lambda: named(self._clinics)), whole=True, fresh=True),
            Item("name", N_("Name"), example=N_("E.g. Chair 1")),
            Item("short_name", N_("Short name"), example=N_("E.g. 1"), help=N_("On the board and the wall display.")),
            Item("kind", N_("Kind"), lambda: Picker(lambda: labelled(OPERATORY_LABELS))),
            Item(
                "virtual", N_("Room for visits"),
                lambda: Checks(lambda: [("virtual", _(N_("Virtual: holds any number at once and is no chair")))]),
                whole=True,
            ),
        )  # fmt: skip

    def columns(self) -> list[Column]:
        """Name, kind, clinic, until when."""
        return [
            Column("name", _(N_("Name")), strong=True, sortable=False),
            Column("kind", _(N_("Kind")), width=150, sortable=False),
            Column("clinic", _(N_("Clinic")), width=120, sortable=False),
            Column("until", _(N_("Use")), width=96, sortable=False),
        ]

    def cells(self, line: OperatoryLine) -> Sequence[Any]:
        """The words of a chair."""
        place = next((item.short_name for item in self._clinics if item.id == line.clinic_id), "")
        kind = _(OPERATORY_LABELS[line.kind])
        return line.name, f"{kind} · {_(N_('virtual'))}" if line.virtual else kind, place, in_use(line.retired_on)

    def reload(self) -> None:
        """The clinics first: chairs are named with theirs."""
        self.view.ask(clinics, self.show_clinics)
        self.ask(operatories, retired=True)

    def show_clinics(self, lines: tuple[ClinicLine, ...]) -> None:
        """Keep them for the form and the list."""
        self._clinics = lines
        self.form.retranslate()
        self.refilter()

    def values_of(self, line: OperatoryLine) -> Values:
        """The columns, and the one box."""
        return super().values_of(line) | {"virtual": ("virtual",) if line.virtual else ()}

    def mark(self, line: OperatoryLine) -> str:
        """Of what the form holds."""
        return mark_of(line, OPERATORY)

    def send(self, values: Values, line: OperatoryLine | None, seen: str) -> tuple[Any, tuple[Any, ...], Values]:
        """Add or change. A new lab or emergency column is virtual without being told."""
        kind, virtual = OperatoryKind(values["kind"]), bool(values["virtual"])
        given: Values = {"name": values["name"], "short_name": values["short_name"], "kind": kind}
        if line is None:
            return add_operatory, (ClinicId(str(values["clinic_id"])),), given | {"virtual": virtual or None}
        return change_operatory, (line.id,), given | {"virtual": virtual, "seen": seen}

    def show_more(self, line: OperatoryLine | None) -> None:
        """Whether it can be moved."""
        reason = self.bench.reason(order_operatories)
        for button in (self._up, self._down):
            button.set_available(line is not None and not reason, reason)

    def _move(self, step: int) -> None:
        line = self.chosen
        if line is None:
            return
        row = [item.id for item in self.lines if item.clinic_id == line.clinic_id]
        place = row.index(line.id)
        if 0 <= place + step < len(row):
            row[place], row[place + step] = row[place + step], row[place]
            self.bench.run_for(self.form, order_operatories, line.clinic_id, row)
