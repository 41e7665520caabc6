"""Appointment types with their minutes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.core.i18n import N_, _
from app.practice.queries import EQUIPMENT_LABELS, OPERATORY_LABELS, EquipmentKind, OperatoryKind
from app.scheduling.commands import (
    TypeFlags,
    add_appointment_type,
    change_appointment_type,
    seed_appointment_types,
    withdraw_appointment_type,
)
from app.scheduling.queries import (
    CLASS_LABELS,
    EFFECT_LABELS,
    LAB_LABELS,
    AppointmentClass,
    LabState,
    TypeBlank,
    TypeLine,
    VisitEffect,
    appointment_types,
    segments_text,
    type_mark,
)
from ui.practice.editors import Checks, CodesField, ColourField, Picker
from ui.practice.entry_form import Item, Values
from ui.practice.list_pane import ListPane
from ui.practice.segment_field import SegmentField
from ui.practice.words import in_language, labelled, texts, whole_number
from ui.shell.formats import counted
from ui.widgets.buttons import Button
from ui.widgets.paged_model import Column
from ui.widgets.typed_fields import NumberField

FLAGS = {
    "needs_prep": N_("Needs preparation"), "records_due": N_("Records are due"),
    "should_confirm": N_("To be confirmed"), "is_emergency": N_("Emergency"),
    "length_locked": N_("Length is fixed"),
}  # fmt: skip


class TypePane(ListPane[TypeLine]):
    """The kinds of visits that can be booked."""

    title = N_("Appointment types")
    add, change = add_appointment_type, change_appointment_type
    others = (withdraw_appointment_type,)
    icon = "clipboard-text"
    nothing = (N_("There is no appointment type yet."), N_("Fill in the usual ones, then change them as you like."))

    def __init__(self, screen: Any) -> None:
        super().__init__(screen)
        self._seed = Button("", "quiet")
        self._seed.clicked.connect(lambda: self.bench.run(seed_appointment_types))
        self.bar.addWidget(self._seed)
        self.words.put(self._seed.setText, N_("Fill in the usual ones"))

    def items(self) -> Sequence[Item]:
        """Names, minutes, class, needs."""
        nothing = ("", N_("No equipment"))
        return (
            Item("code", N_("Code"), example=N_("E.g. ADJ"), fresh=True),
            Item("appointment_class", N_("Class"), lambda: Picker(lambda: labelled(CLASS_LABELS))),
            Item("name_fr", N_("French name")),
            Item("name_en", N_("English name")),
            Item("segments", N_("Minutes"), SegmentField, whole=True),
            Item("effect", N_("When the visit is kept"), lambda: Picker(lambda: labelled(EFFECT_LABELS))),
            Item("lab_state", N_("Lab case"), lambda: Picker(lambda: labelled(LAB_LABELS))),
            Item("operatory_kind", N_("Where"), lambda: Picker(lambda: labelled(OPERATORY_LABELS))),
            Item("equipment_kind", N_("Equipment"), lambda: Picker(lambda: labelled(EQUIPMENT_LABELS, nothing))),
            Item("buffer_minutes", N_("Minutes to clean up"), lambda: NumberField(least=0, most=120, step=5)),
            Item("interval_weeks", N_("Weeks to the next visit"), lambda: NumberField(least=0, most=104)),
            Item("skills", N_("Skills needed"), CodesField, example=N_("E.g. RADIO BOND")),
            Item("procedures", N_("Procedures of the catalogue"), CodesField, example=N_("E.g. 80672 01202")),
            Item("colour", N_("Colour"), ColourField),
            Item("flags", N_("Marks"), lambda: Checks(lambda: labelled(FLAGS)), whole=True),
        )

    def columns(self) -> list[Column]:
        """Code, name, minutes, class."""
        return [
            Column("code", _(N_("Code")), width=72, strong=True, sortable=False),
            Column("name", _(N_("Name")), sortable=False),
            Column("minutes", _(N_("Minutes")), width=80, right=True, sortable=False),
            Column("class", _(N_("Class")), width=140, sortable=False),
        ]

    def title_of(self, line: TypeLine) -> str:
        """Its name in the language in force."""
        return in_language(line)

    def cells(self, line: TypeLine) -> Sequence[Any]:
        """The words of a type."""
        return line.code, in_language(line), line.minutes, _(CLASS_LABELS[line.appointment_class])

    def reload(self) -> None:
        """Every type."""
        self._seed.set_available(self.bench.may(seed_appointment_types), self.bench.reason(seed_appointment_types))
        self.ask(appointment_types)

    def values_of(self, line: TypeLine) -> Values:
        """Minutes as text, marks as codes."""
        flags = tuple(name for name in FLAGS if getattr(line, name))
        return super().values_of(line) | {"segments": segments_text(line.segments), "flags": flags}

    def fresh_values(self) -> Values:
        """An adjustment, to be confirmed."""
        return {
            "appointment_class": AppointmentClass.ADJUSTMENT.value, "segments": "A8 D4 A8",
            "flags": ("should_confirm",), "buffer_minutes": 0, "interval_weeks": "",
        }  # fmt: skip

    def mark(self, line: TypeLine) -> str:
        """Of what the form holds."""
        return type_mark(line)

    def saved_words(self, values: Values) -> str:
        """Which, and how long."""
        minutes = counted(N_("{n} minute"), N_("{n} minutes"), _minutes(str(values["segments"])))
        return _(N_("“{name}” saved, {minutes}"), name=str(values["name_fr"]), minutes=minutes)

    def send(self, values: Values, line: TypeLine | None, seen: str) -> tuple[Any, tuple[Any, ...], Values]:
        """Add or change."""
        equipment, interval = values["equipment_kind"], values["interval_weeks"]
        ticked = set(texts(values["flags"]))
        flags = TypeFlags(
            buffer_minutes=whole_number(values["buffer_minutes"]),
            operatory_kind=OperatoryKind(values["operatory_kind"]),
            equipment_kind=EquipmentKind(equipment) if equipment else None,
            skills=texts(values["skills"]), procedures=texts(values["procedures"]),
            lab_state=LabState(values["lab_state"]),
            interval_weeks=None if interval is None else int(interval), colour=str(values["colour"] or ""),
            **{name: name in ticked for name in FLAGS},
        )  # fmt: skip
        given: Values = {
            "name_fr": values["name_fr"], "name_en": values["name_en"] or values["name_fr"],
            "segments": values["segments"], "appointment_class": AppointmentClass(values["appointment_class"]),
            "effect": VisitEffect(values["effect"]), "flags": flags,
        }  # fmt: skip
        if line is None:
            return add_appointment_type, (), given | {"code": values["code"]}
        blank = [] if equipment else [TypeBlank.EQUIPMENT]
        blank += [TypeBlank.INTERVAL] if interval is None else []
        return change_appointment_type, (line.id,), given | {"blank": blank, "seen": seen}


def _minutes(text: str) -> int:
    return sum(int(word[1:]) for word in text.split() if word[1:].isdigit())
