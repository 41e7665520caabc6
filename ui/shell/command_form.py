"""A form made from the signature of a command: whatever somebody may do can be done, before a screen of its own exists.

It is a screen, so that a lock or a change of user keeps every character that was typed.
"""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import ClinicError, PermissionDenied, RuleViolation, UsageError
from app.core.i18n import N_, _
from app.journal.commands import COMMANDS, Command, Parameter
from app.practice.queries import localised
from ui.shell.argument_fields import PatientField, RowChoice, editor_for, fill, shape_of, value_of
from ui.shell.command_words import argument_words
from ui.shell.id_sources import sources
from ui.shell.screen import Screen
from ui.theme.style import on_theme_change, theme
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.checks import CheckBox
from ui.widgets.form import Field, Message
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.layout import VScroll

WIDTH: Final = 620


class CommandForm(Screen):
    """`choose(command=name, …)`: the other values fill the arguments of the same name."""

    def build(self) -> None:
        """The frame; the fields come with the command."""
        self._command: Command[..., Any] | None = None
        self._context: dict[str, Any] = {}
        self.fields: dict[str, Field] = {}
        self._card = Card()
        self._help = WrapLabel("", "body", "muted")
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self._problem = Message()
        self._go, self._cancel = Button("", "primary"), Button("")
        self._go.clicked.connect(self.save)
        self._cancel.clicked.connect(self.went_back)
        answers = QHBoxLayout()
        answers.addStretch(1)
        answers.addWidget(self._cancel)
        answers.addWidget(self._go)
        self._card.add(self._help)
        self._card.add(self._list)
        self._card.add(self._problem)
        self._card.add(answers)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(24, 18, 24, 24)
        column.addWidget(self._card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        whole = QVBoxLayout(self.body)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(VScroll(inner))
        self.words.put(self._cancel.setText, N_("Cancel"))
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self._card.setFixedWidth(theme.px(WIDTH) if theme.text_scale <= 1.25 else round(WIDTH * 1.4))

    # -- the command --------------------------------------------------------------------------------------------
    def choose(self, **chosen: Any) -> None:
        """Take the command, and what is known of its arguments."""
        name = str(chosen.pop("command", ""))
        if name not in COMMANDS or (
            self._command is not None and self._command.name == name and chosen == self._context
        ):
            return
        self._command, self._context = COMMANDS[name], chosen
        self._make()
        self.titled.emit()
        self.freshen()

    def context(self) -> dict[str, Any]:
        """The ids that the form was opened with."""
        return {name: value for name, value in self._context.items() if name.endswith("_id")}

    def heading(self) -> str:
        """The command."""
        return _(self._command.label) if self._command is not None else _(self.title)

    def reload(self) -> None:
        """Look again whether it is allowed."""
        if self._command is None:
            self.show_state("clipboard-text", N_("No command is chosen."), N_("The palette (Ctrl K) lists them all."))
        elif (right := self._command.permission) is not None and not self.bench.may(right):
            self.show_error(PermissionDenied(right.name, right.label))
        else:
            self.show_body()

    def _make(self) -> None:
        assert self._command is not None
        while (taken := self._list.takeAt(0)) is not None:
            if (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.fields, ids = {}, sources()
        self._problem.show_text("", False)
        self._help.setText(_(self._command.help))
        self._go.setText(_(self._command.label))
        ordered = sorted(self._command.parameters, key=lambda item: not item.required)
        optional = False
        for item in ordered:
            if not item.required and not optional and self.fields:
                optional = True
                self._list.addWidget(Label(_(N_("If needed")), "name"))
            editor = editor_for(self.bench, item, ids, self._context)
            field = self.fields[item.name] = Field(argument_words(item.name), editor, _help_of(item))
            field.label.setVisible(not isinstance(editor, CheckBox))  # a box has its words beside it
            self._list.addWidget(field)
            fill(editor, self._context.get(item.name, None if item.required else item.default))
            if isinstance(editor, PatientField):
                editor.chosen.connect(self._another_patient)

    def _another_patient(self, patient: str) -> None:
        for field in self.fields.values():
            if isinstance(field.editor, RowChoice) and field.editor.source.of_patient:
                field.editor.look({"patient_id": patient})

    def retranslate(self) -> None:
        """Labels and choices in the language in force; what is typed stays."""
        super().retranslate()
        if self._command is not None:
            self._help.setText(_(self._command.help))
            self._go.setText(_(self._command.label))
            for name, field in self.fields.items():
                field.set_label(argument_words(name))

    def focus_first(self) -> None:
        """The first field that holds nothing, else the button."""
        empty = next((f.editor for f in self.fields.values() if value_of(f.editor) is None), None)
        (empty or self._go).setFocus(self.focus_reason)

    # -- running ------------------------------------------------------------------------------------------------
    def arguments(self) -> dict[str, Any]:
        """What was entered, by name; what was left empty keeps the command's own default."""
        assert self._command is not None
        given = {}
        for item in self._command.parameters:
            value = value_of(self.fields[item.name].editor)
            if value is not None and (item.required or value != item.default):
                given[item.name] = value
        return given

    def save(self) -> None:
        """Check, and run; what is wrong stands under its field."""
        if self._command is None:
            return
        for field in self.fields.values():
            field.set_error("")
        self._problem.show_text("", False)
        given = self.arguments()
        missing = [item.name for item in self._command.parameters if item.required and item.name not in given]
        for name in missing:
            self.fields[name].set_error(UsageError(N_("This is needed.")))
        if missing:
            self.fields[missing[0]].editor.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        try:
            zone, parsed = self.bench.runner.clock.zone, self._command.parse(given)
            arguments = {name: localised(value, zone, name) for name, value in parsed.items()}
        except (UsageError, RuleViolation) as error:
            if error.field is None or not self.show_field_error(error.field, error):
                self._problem.show_text(str(error), True)
            return
        self._go.setEnabled(False)
        self.bench.run_bound(self, self._command, arguments).then(self._done).instead(self._refused).at_end(self._wake)

    def _done(self, _result: object) -> None:
        self._command = None
        self.went_back.emit()

    def _refused(self, error: BaseException) -> bool:
        """A rule without a field is said here, for the form is what must change."""
        if isinstance(error, ClinicError) and error.field is None and not isinstance(error, PermissionDenied):
            self._problem.show_text(str(error), True)
            return True
        return False

    def _wake(self) -> None:
        self._go.setEnabled(True)

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """Under the field that the rule names."""
        if field in self.fields:
            self.fields[field].set_error(problem)
        return field in self.fields


def _help_of(item: Parameter) -> str:
    """How a structure is written; nothing for what explains itself."""
    if shape_of(item.annotation).many:
        return _(N_("Several: separated by commas, or as JSON"))
    return ""
