"""Providers: what people do for patients, licences, colours and skills."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.access.queries import StaffLine, staff_list
from app.core.errors import ClinicError
from app.core.i18n import N_, _
from app.core.ids import StaffId
from app.core.unchanged import mark_of
from app.practice.commands import (
    add_provider,
    change_provider,
    end_provider,
    give_skill,
    withdraw_provider,
    withdraw_skill,
)
from app.practice.queries import PROVIDER, PROVIDER_LABELS, ProviderKind, ProviderLine, SkillLine, providers
from ui.patients.facts import empty
from ui.practice.editors import ColourField, Picker
from ui.practice.entry_form import Item, Values
from ui.practice.list_pane import ListPane
from ui.practice.words import labelled
from ui.shell.formats import day
from ui.shell.words import Words
from ui.widgets.buttons import Button, IconButton
from ui.widgets.cards import Hairline
from ui.widgets.fields import TextField
from ui.widgets.form import Field
from ui.widgets.labels import ElidedLabel, WrapLabel, section
from ui.widgets.paged_model import Column
from ui.widgets.pills import SeverityChip
from ui.widgets.typed_fields import DateField


class SkillBox(QWidget):
    """The skills that a provider holds, and two fields for another."""

    def __init__(self, pane: ProviderPane) -> None:
        super().__init__()
        self._pane = pane
        self._line: ProviderLine | None = None
        self.words = Words()
        self._head = section("")
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self.skill = TextField()
        self.until = DateField(today=pane.bench.runner.clock.today, written=day)
        self.fields = {"skill": Field("", self.skill), "until_on": Field("", self.until)}
        self._give = Button("", "secondary", "seal-check")
        self._give.clicked.connect(self.give)
        self.words.put(self._head.setText, N_("Skills and certificates"))
        self.words.put(self.fields["skill"].set_label, N_("Skill code"))
        self.words.put(self.skill.setPlaceholderText, N_("E.g. RADIO"))
        self.words.put(self.fields["until_on"].set_label, N_("Certificate good until"))
        self.words.put(self._give.setText, give_skill.label)
        row = QHBoxLayout()
        row.setSpacing(10)
        for field in self.fields.values():
            row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        answers = QHBoxLayout()
        answers.addStretch(1)
        answers.addWidget(self._give)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Hairline())
        column.addWidget(self._head)
        column.addLayout(self._list)
        column.addLayout(row)
        column.addLayout(answers)

    def show_provider(self, line: ProviderLine | None) -> None:
        """What somebody holds."""
        self._line = line
        self.setVisible(line is not None)
        reason = self._pane.bench.reason(give_skill)
        self._give.set_available(not reason, reason)
        empty(self._list)
        if line is not None and not line.skills:
            self._list.addWidget(WrapLabel(_(N_("No skill is recorded.")), "small", "muted"))
        for item in line.skills if line is not None else ():
            self._list.addLayout(self._row(item))

    def _row(self, item: SkillLine) -> QHBoxLayout:
        until = _(N_("until {day}"), day=day(item.until_on, short=True)) if item.until_on else _(N_("without an end"))
        away = IconButton("trash", _(N_("Take the skill {skill} away"), skill=item.skill))
        away.set_available(self._pane.bench.may(withdraw_skill), self._pane.bench.reason(withdraw_skill))
        away.clicked.connect(lambda: self._pane.bench.run(withdraw_skill, item.id))
        row = QHBoxLayout()
        row.addWidget(ElidedLabel(f"{item.skill} · {until}"), 1)
        if item.expired:
            row.addWidget(SeverityChip("warn", _(N_("expired"))))
        row.addWidget(away)
        return row

    def give(self) -> None:
        """Run the command."""
        for field in self.fields.values():
            field.set_error("")
        if problem := self.until.problem():
            self.fields["until_on"].set_error(problem)
            return
        if self._line is not None:
            running = self._pane.bench.run_for(self, give_skill, self._line.id, self.skill.text(), self.until.value())
            running.then(lambda _made: self._clear())

    def _clear(self) -> None:
        self.skill.clear()
        self.until.set_value(None)

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """Under the field that the rule names."""
        self.fields.get(field, self.fields["skill"]).set_error(problem)
        return True


class ProviderPane(ListPane[ProviderLine]):
    """Everybody who treats or receives patients."""

    title = N_("Providers and skills")
    add, change = add_provider, change_provider
    others = (end_provider, withdraw_provider)
    icon = "stethoscope"
    nothing = (N_("There is no provider yet."), N_("Say of each account what the person does for patients."))

    def __init__(self, screen: Any) -> None:
        self._staff: tuple[StaffLine, ...] = ()
        super().__init__(screen)
        self._box = SkillBox(self)
        self.form.extra.addWidget(self._box)

    def items(self) -> Sequence[Item]:
        """Who, what, which licence."""
        return (
            Item("staff_id", N_("Account"), lambda: Picker(self._accounts), whole=True, fresh=True),
            Item("name", N_("Name in the schedule"), example=N_("E.g. Dr. Gagnon")),
            Item("kind", N_("Work"), lambda: Picker(lambda: labelled(PROVIDER_LABELS))),
            Item("licence_order", N_("Professional order"), example=N_("E.g. ODQ")),
            Item("licence_number", N_("Licence number")),
            Item("colour", N_("Colour in the schedule"), ColourField, whole=True),
        )

    def _accounts(self) -> list[tuple[object, str]]:
        taken = {line.staff_id for line in self.lines if line.ended_on is None}
        return [(line.staff_id, line.display_name) for line in self._staff if line.staff_id not in taken]

    def columns(self) -> list[Column]:
        """Name, work, licence, until when."""
        return [
            Column("name", _(N_("Name")), strong=True, sortable=False),
            Column("kind", _(N_("Work")), width=170, sortable=False),
            Column("licence", _(N_("Licence")), width=110, sortable=False),
            Column("until", _(N_("Works here")), width=110, sortable=False),
        ]

    def cells(self, line: ProviderLine) -> Sequence[Any]:
        """The words of a provider."""
        until = _(N_("until {day}"), day=day(line.ended_on, short=True)) if line.ended_on else _(N_("yes"))
        licence = " ".join(part for part in (line.licence_order, line.licence_number) if part)
        return line.name, _(PROVIDER_LABELS[line.kind]), licence, until

    def reload(self) -> None:
        """Accounts, then providers."""
        self.view.ask(staff_list, self.show_staff)
        self.ask(providers, ended=True)

    def show_staff(self, staff: tuple[StaffLine, ...]) -> None:
        """Keep the accounts for the form."""
        self._staff = staff
        self.form.retranslate()

    def mark(self, line: ProviderLine) -> str:
        """Of what the form holds."""
        return mark_of(line, PROVIDER)

    def send(self, values: Values, line: ProviderLine | None, seen: str) -> tuple[Any, tuple[Any, ...], Values]:
        """Add or change."""
        given: Values = {name: values[name] for name in ("name", "licence_number", "licence_order", "colour")} | {
            "kind": ProviderKind(values["kind"])
        }
        if line is None:
            return add_provider, (StaffId(str(values["staff_id"] or "")),), given
        return change_provider, (line.id,), given | {"seen": seen}

    def show_more(self, line: ProviderLine | None) -> None:
        """The skills."""
        self._box.show_provider(line)

    def retranslate(self) -> None:
        """The box too."""
        super().retranslate()
        self._box.words.again()
