"""Images and where they go: a list, and below it why the chosen one goes there, rule by rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.archives.queries import WHY_LABELS, Reason, Why
from app.core.i18n import N_, _
from ui.archives.words import told
from ui.shell.formats import day
from ui.shell.growing import GrowingModel
from ui.shell.table_card import TableCard
from ui.widgets.labels import WrapLabel
from ui.widgets.paged_model import Column, Row
from ui.widgets.tables import Table

LEAST_ROWS = 4


class Decided(Protocol):
    """A decision about one image, made or tried."""

    @property
    def destinations(self) -> tuple[str, ...]: ...
    @property
    def by_default(self) -> bool: ...
    @property
    def reasons(self) -> tuple[Reason, ...]: ...
    @property
    def modality(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def studied_on(self) -> object: ...


def columns() -> list[Column]:
    """Heads, in the language in force."""
    return [
        Column("day", _(N_("Taken on")), width=130, sortable=False),
        Column("modality", _(N_("Modality")), width=84, sortable=False),
        Column("description", _(N_("Study")), sortable=False),
        Column("there", _(N_("Goes to")), strong=True, sortable=False),
    ]


def there_words(line: Decided) -> str:
    """Where an image goes."""
    if not line.destinations:
        return _(N_("Nowhere"))
    names = ", ".join(line.destinations)
    return _(N_("{archives} (by default)"), archives=names) if line.by_default else names


def reason_words(reason: Reason) -> str:
    """What came of one rule."""
    said = _(WHY_LABELS[reason.why])
    if reason.why is Why.CONDITION and reason.condition is not None:
        said = _(N_("condition {n} does not hold"), n=reason.condition + 1)
    return told(reason.rule_name, said)


class DecidedModel(GrowingModel[Decided]):
    """A line an image."""

    def row_of(self, item: Decided) -> Row:
        """Day, modality, study, archives."""
        taken = day(item.studied_on, short=True) if item.studied_on else ""  # type: ignore[arg-type]  # a date
        return taken, item.modality, item.description, there_words(item)


class Explained(QWidget):
    """`show_lines`, and the reasons of the line that is chosen."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.model = DecidedModel(columns())
        self.model.setParent(self)
        self.table = Table(_(name), self.model)
        self.table.keep_rows(LEAST_ROWS)
        self.table.row_changed.connect(self._explain)
        self.reasons = WrapLabel("", "small", "muted")
        card = TableCard()
        card.add(self.table, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(card, 1)
        column.addWidget(self.reasons)

    def show_lines(self, lines: Sequence[Decided]) -> None:
        """Other images; the first one is explained."""
        self.table.setAccessibleName(_(self._name))
        self.model.start(lines, columns())
        if lines:
            self.table.choose(0)
        self._explain(0 if lines else -1)

    def _explain(self, row: int) -> None:
        line = self.model.item(row)
        if line is None:
            self.reasons.setText("")
        elif not line.reasons:
            self.reasons.setText(_(N_("No rule: the archives by default.")))
        else:
            self.reasons.setText("\n".join(map(reason_words, line.reasons)))
