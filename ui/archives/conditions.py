"""The IF side of a rule: a row for each condition, with what the clinic has to choose from; and the whole in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from app.archives.queries import COMPARISON_LABELS, FACT_LABELS, Comparison, Condition, Fact, RoutingChoices
from app.core.i18n import N_, _
from app.practice.queries import WEEKDAY_LABELS
from ui.archives.words import condition_words
from ui.practice.editors import Checks
from ui.practice.words import labelled
from ui.widgets.buttons import Button, IconButton
from ui.widgets.fields import Choice, TextField
from ui.widgets.labels import WrapLabel

Told = tuple[str, str, tuple[str, ...]]
"""Fact, comparison and values, as a form compares them."""
NUMBERS: Final = (Fact.SIZE_KB, Fact.HOUR)
CLOSED: Final = (Fact.CLINIC, Fact.PREFERENCE, Fact.WEEKDAY)
"""Facts whose values are chosen, never typed."""
EXAMPLES: Final = {
    Comparison.MATCHES: N_("A pattern, e.g. ^pano"), Comparison.ONE_OF: N_("Several, with commas between"),
    Comparison.BETWEEN: N_("Two, with a comma between"),
}  # fmt: skip


def comparisons(fact: Fact) -> list[Comparison]:
    """What makes sense of a fact."""
    if fact in NUMBERS:
        return [Comparison.BETWEEN, Comparison.IS, Comparison.IS_NOT]
    if fact in CLOSED:
        return [Comparison.ONE_OF, Comparison.IS, Comparison.IS_NOT]
    return [Comparison.IS, Comparison.ONE_OF, Comparison.IS_NOT, Comparison.MATCHES]


def options_of(fact: Fact, known: RoutingChoices | None) -> list[tuple[str, str]]:
    """(value, word) pairs of what the clinic has of a fact."""
    if fact is Fact.WEEKDAY:
        return [(day.value, _(word)) for day, word in WEEKDAY_LABELS.items()]
    if known is None:
        return []
    lists: Mapping[Fact, Sequence[str]] = {
        Fact.CLINIC: known.clinics, Fact.PREFERENCE: known.archives, Fact.CALLING_AE: known.callers,
        Fact.MODALITY: known.modalities, Fact.SOP_CLASS: known.sop_classes, Fact.VIEW: known.views,
        Fact.BODY_PART: known.body_parts, Fact.STUDY_DESCRIPTION: known.descriptions,
    }  # fmt: skip
    return [(value, value) for value in lists.get(fact, ())]


class ConditionRow(QWidget):
    """One condition: what is looked at, how it compares, with what; and the cross that takes it away."""

    changed = Signal()
    removed = Signal(object)

    def __init__(self, known: RoutingChoices | None) -> None:
        super().__init__()
        self._known = known
        self.fact, self.comparison = Choice(), Choice()
        self._text, self._checks = TextField(), Checks(self._options)
        self._completer = QCompleter(QStringListModel(self), self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._text.setCompleter(self._completer)
        self._away = IconButton("x", "")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self.fact, 0, 0)
        self._grid.addWidget(self.comparison, 0, 1)
        self._grid.addWidget(self._away, 0, 2)
        self._grid.addWidget(self._text, 1, 0, 1, 3)
        self._grid.addWidget(self._checks, 2, 0, 1, 3)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.fact.changed.connect(self._turned)
        self.comparison.changed.connect(self._told)
        self._text.changed.connect(lambda _text: self.changed.emit())
        self._checks.changed.connect(self._ticked)
        self._away.clicked.connect(lambda: self.removed.emit(self))
        self.renew(known)

    def _now(self) -> tuple[Fact, Comparison]:
        return Fact(str(self.fact.value())), Comparison(str(self.comparison.value()))

    def _options(self) -> list[tuple[object, str]]:
        return [*options_of(Fact(str(self.fact.value() or Fact.MODALITY)), self._known)]

    def renew(self, known: RoutingChoices | None) -> None:
        """Say everything in the language in force, with what there is to choose from now."""
        self._known = known
        values = self.value()[2] if self.fact.count() else ()
        self.fact.set_options(labelled(FACT_LABELS))
        self.fact.setAccessibleName(_(N_("What is looked at")))
        self.comparison.setAccessibleName(_(N_("How it compares")))
        self._text.setAccessibleName(_(N_("Value")))
        self._checks.setAccessibleName(_(N_("Values")))
        self._away.set_name(_(N_("Take this condition away")))
        self._offer()
        self._fill(values)

    def _offer(self) -> None:
        fact = Fact(str(self.fact.value()))
        self.comparison.set_options([(one.value, _(COMPARISON_LABELS[one])) for one in comparisons(fact)])
        self._checks.renew()
        model = self._completer.model()
        assert isinstance(model, QStringListModel)
        model.setStringList([value for value, _word in options_of(fact, self._known)])
        self._show_editor()

    def _show_editor(self) -> None:
        fact, comparison = self._now()
        self._checks.setVisible(fact in CLOSED)
        self._text.setVisible(fact not in CLOSED)
        self._text.setPlaceholderText(_(EXAMPLES.get(comparison, N_("Value"))))

    def _turned(self) -> None:
        self._offer()
        self._fill(())
        self.changed.emit()

    def _told(self) -> None:
        self._show_editor()
        self._ticked()

    def _ticked(self, _values: object = None) -> None:
        """“Is” and “is not” one thing only: the box ticked last."""
        fact, comparison = self._now()
        ticked = self._checks.value()
        if fact in CLOSED and comparison is Comparison.IS and len(ticked) > 1:
            self.comparison.set_value(Comparison.ONE_OF.value)
        self.changed.emit()

    def value(self) -> Told:
        """The condition."""
        fact, comparison = self._now()
        if fact in CLOSED:
            return fact.value, comparison.value, tuple(map(str, self._checks.value()))
        text = self._text.text().strip()
        many = comparison in (Comparison.ONE_OF, Comparison.BETWEEN, Comparison.IS_NOT)
        values = [part.strip() for part in text.split(",")] if many else [text]
        return fact.value, comparison.value, tuple(value for value in values if value)

    def set_value(self, told: Told) -> None:
        """Show a condition."""
        fact, comparison, values = told
        self.fact.set_value(fact)
        self._offer()
        if comparison not in [one.value for one in comparisons(Fact(fact))]:
            self.comparison.addItem(_(COMPARISON_LABELS[Comparison(comparison)]), comparison)
        self.comparison.set_value(comparison)
        self._show_editor()
        self._fill(values)

    def _fill(self, values: Sequence[str]) -> None:
        self._checks.set_value(values)
        self._text.setText(", ".join(values))


class ConditionsField(QWidget):
    """All conditions of a rule. The value is a tuple of (fact, comparison, values)."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.known: RoutingChoices | None = None
        self.rows: list[ConditionRow] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self._add = Button("", "secondary", "plus", size="compact")
        self._add.clicked.connect(self.add_row)
        self._words = WrapLabel("", "small", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._list)
        column.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._words)
        self.setFocusProxy(self._add)
        self.renew()

    def add_row(self) -> None:
        """One more condition, with the keyboard in it."""
        row = self._row()
        self._tell()
        row.fact.setFocus(Qt.FocusReason.OtherFocusReason)

    def _row(self) -> ConditionRow:
        row = ConditionRow(self.known)
        row.setEnabled(self.isEnabled())
        row.changed.connect(self._tell)
        row.removed.connect(self._remove)
        self.rows.append(row)
        self._list.addWidget(row)
        return row

    def _remove(self, row: ConditionRow) -> None:
        self.rows.remove(row)
        row.hide()
        row.deleteLater()
        self._add.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell()

    def renew(self) -> None:
        """Say everything in the language in force."""
        self._add.setText(_(N_("Add a condition")))
        for row in self.rows:
            row.renew(self.known)
        self._say()

    def know(self, known: RoutingChoices) -> None:
        """Offer what the clinic has."""
        self.known = known
        self.renew()

    def value(self) -> tuple[Told, ...]:
        """The conditions as they are typed."""
        return tuple(row.value() for row in self.rows)

    def conditions(self) -> list[Condition]:
        """The conditions as a rule takes them."""
        return [Condition(Fact(fact), Comparison(how), list(values)) for fact, how, values in self.value()]

    def set_value(self, told: Any) -> None:
        """Show conditions."""
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for one in told or ():
            self._row().set_value(one)
        self._say()

    def _tell(self) -> None:
        self._say()
        self.changed.emit(self.value())

    def _say(self) -> None:
        said = [condition_words(one) for one in self.conditions() if one.values]
        self._words.setText(" · ".join(said) if said else _(N_("Without conditions the rule applies to every image.")))

    def changeEvent(self, event: QEvent) -> None:
        """Rows that are closed with the form say so."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            for row in self.rows:
                row.setEnabled(self.isEnabled())
