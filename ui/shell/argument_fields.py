"""The field for one argument of a command, chosen by its type; `value_of` gives what the command parses."""

from __future__ import annotations

import enum
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QStringListModel, Signal
from PySide6.QtWidgets import QCompleter, QWidget

from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.core.secret import Secret
from app.journal.commands import Parameter
from app.patients.queries import PatientName, SearchPage, patient_names, search_patients
from ui.shell.bench import Bench
from ui.shell.id_sources import IdSource
from ui.widgets.checks import CheckBox
from ui.widgets.fields import Choice, SecretField, TextArea, TextField
from ui.widgets.typed_fields import DateField, NumberField

CHOICES_MOST = 10


@dataclass(frozen=True, slots=True)
class Shape:
    """The type of an argument without its option: `kind` is the plain type, `id_kind` the name of an id's type."""

    kind: Any
    optional: bool
    id_kind: str = ""
    many: bool = False


def shape_of(annotation: Any) -> Shape:
    """What an annotation asks for."""
    optional = False
    if typing.get_origin(annotation) in {typing.Union, types.UnionType}:
        inner = [part for part in typing.get_args(annotation) if part is not type(None)]
        optional = len(inner) < len(typing.get_args(annotation))
        annotation = inner[0] if len(inner) == 1 else str
    if typing.get_origin(annotation) in {list, tuple, set, frozenset}:
        return Shape(annotation, optional, many=True)
    if isinstance(annotation, typing.NewType):
        return Shape(str, optional, annotation.__name__ if annotation.__name__.endswith("Id") else "")
    return Shape(annotation, optional)


class PatientField(TextField):
    """A patient by name, telephone or file number: what is typed is looked for, one of the found is taken."""

    chosen = Signal(str)

    def __init__(self, bench: Bench) -> None:
        super().__init__(_(N_("Name, telephone or file number")))
        self._bench, self._ids, self._patient = bench, dict[str, str](), ""
        self._words = QStringListModel(self)
        self._completer = QCompleter(self._words, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(CHOICES_MOST)
        self._completer.activated.connect(self._take)
        found = self._completer.popup()
        if found is not None:
            found.setAccessibleName(_(N_("Found")))
        self.setCompleter(self._completer)
        self.textEdited.connect(self._look)

    def value(self) -> object:
        """The id of the patient who was taken, None before."""
        return self._patient or None

    def set_value(self, value: str) -> None:
        """Take a patient by id; the name is asked for."""
        self._patient = value
        if value:
            self._bench.ask(patient_names, self._name, [PatientId(value)])

    def _name(self, names: tuple[PatientName, ...]) -> None:
        for name in names:
            if name.id == self._patient:
                self.setText(f"{name.given_name} {name.family_name}")

    def _look(self, text: str) -> None:
        self._patient = ""
        if text.strip():
            self._bench.ask(search_patients, self._found, text, limit=CHOICES_MOST)

    def _found(self, page: SearchPage) -> None:
        self._ids = {f"{hit.given_name} {hit.family_name} · {hit.file_number}": hit.id for hit in page.rows}
        self._words.setStringList(list(self._ids))
        if self.hasFocus() and self._ids:
            self._completer.complete()

    def _take(self, words: str) -> None:
        self._patient = self._ids.get(words, "")
        self.chosen.emit(self._patient)


class RowChoice(Choice):
    """One row of a query's answer, by its words."""

    def __init__(self, bench: Bench, source: IdSource, context: Mapping[str, Any], optional: bool) -> None:
        super().__init__()
        self._bench, self.source, self._wanted = bench, source, ""
        self._none = [(None, _(N_("None") if optional else N_("Choose…")))]
        self.set_options(self._none)
        self.look(context)

    def look(self, context: Mapping[str, Any]) -> None:
        """Ask again, for instance about another patient."""
        arguments = self.source.arguments(context)
        if arguments is not None and self._bench.may(self.source.query):
            self._bench.ask(self.source.query, self._take, *arguments)

    def set_value(self, value: object) -> None:
        """Choose a row, now or when the rows have arrived."""
        self._wanted = str(value or "")
        super().set_value(value)

    def _take(self, rows: tuple[Any, ...]) -> None:
        wanted = self._wanted
        self.set_options([*self._none, *((self.source.identity(row), self.source.words(row)) for row in rows)])
        if wanted:
            self.set_value(wanted)


class MomentField(TextField):
    """A day and an hour on the clinic’s clock, written `2026-11-24 10:42`; `-05:00` after it says which of two."""

    def __init__(self, bench: Bench) -> None:
        now = bench.runner.clock.now().astimezone(bench.runner.clock.zone)
        super().__init__(f"{now:%Y-%m-%d %H:%M}")

    def value(self) -> object:
        """Day and hour as ISO 8601; what cannot be read, as it stands, for the command to refuse."""
        text = self.text().strip().replace(" h ", ":").replace(" ", "T", 1)
        try:
            return datetime.fromisoformat(text).isoformat() if text else None
        except ValueError:
            return self.text().strip()


def editor_for(bench: Bench, item: Parameter, ids: Mapping[str, IdSource], context: Mapping[str, Any]) -> QWidget:
    """The widget for an argument; structures are written as JSON, as on the command line."""
    shape = shape_of(item.annotation)
    if item.secret or shape.kind is Secret:
        return SecretField()
    if shape.id_kind == "PatientId":
        return PatientField(bench)
    if shape.id_kind in ids:
        return RowChoice(bench, ids[shape.id_kind], context, not item.required)
    return _plain(bench, item, shape)


def _plain(bench: Bench, item: Parameter, shape: Shape) -> QWidget:
    kind = shape.kind
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        from ui.shell.command_words import member_words

        none: list[tuple[object, str]] = [] if item.required else [(None, _(N_("Unchanged or none")))]
        return Choice([*none, *member_words(kind)])
    makers: dict[Any, Callable[[], QWidget]] = {
        bool: lambda: _flag(item, shape),
        int: NumberField,
        date: lambda: DateField(today=bench.runner.clock.today),
        datetime: lambda: MomentField(bench),
        str: lambda: TextArea(lines=3) if item.name in {"note", "detail", "text", "csv", "reason"} else TextField(),
    }
    return makers[kind]() if kind in makers else TextArea(lines=3)


def _flag(item: Parameter, shape: Shape) -> QWidget:
    if shape.optional:
        return Choice([(None, _(N_("Unchanged"))), (True, _(N_("yes"))), (False, _(N_("no")))])
    box = CheckBox("")
    box.setChecked(bool(item.default))
    return box


def value_of(editor: QWidget) -> object:
    """What was entered, None for nothing."""
    if isinstance(editor, CheckBox):
        return editor.isChecked()
    value = editor.value() if hasattr(editor, "value") else None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(editor, NumberField):
        return None if value is None else int(str(value))
    return None if value == "" else value


def fill(editor: QWidget, value: object) -> None:
    """Put what is known from where the form was opened."""
    if isinstance(editor, CheckBox):
        editor.setChecked(bool(value))
    elif value is not None and isinstance(editor, Choice | DateField | NumberField):
        editor.set_value(value)  # type: ignore[arg-type]  # the default is of the argument’s own type
    elif value is not None and isinstance(editor, TextField | TextArea):
        editor.set_value(str(value))
