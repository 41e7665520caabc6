"""Why visits are cancelled or moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.core.i18n import N_, _
from app.core.unchanged import mark_of
from app.scheduling.commands import add_reason, change_reason, seed_reasons, withdraw_reason
from app.scheduling.queries import REASON, REASON_KIND_LABELS, ReasonKind, ReasonLine, visit_reasons
from ui.practice.editors import Picker
from ui.practice.entry_form import Item, Values
from ui.practice.list_pane import ListPane
from ui.practice.words import in_language, labelled
from ui.widgets.buttons import Button
from ui.widgets.paged_model import Column

WHOSE = {"family": N_("The family’s reason"), "clinic": N_("The clinic’s reason")}


class ReasonPane(ListPane[ReasonLine]):
    """Reasons that are offered when a visit is cancelled or moved."""

    title = N_("Reasons")
    add, change = add_reason, change_reason
    others = (withdraw_reason,)
    icon = "chat-circle-text"
    nothing = (N_("There is no reason yet."), N_("Reasons tell the family’s cancellations from the clinic’s."))

    def __init__(self, screen: Any) -> None:
        super().__init__(screen)
        self._seed = Button("", "quiet")
        self._seed.clicked.connect(lambda: self.bench.run(seed_reasons))
        self.bar.addWidget(self._seed)
        self.words.put(self._seed.setText, N_("Fill in the usual ones"))

    def items(self) -> Sequence[Item]:
        """When, code, words, whose."""
        return (
            Item("kind", N_("When"), lambda: Picker(lambda: labelled(REASON_KIND_LABELS)), fresh=True),
            Item("code", N_("Code"), example=N_("E.g. WEATHER"), fresh=True),
            Item("name_fr", N_("French name")),
            Item("name_en", N_("English name")),
            Item("whose", N_("Counts as"), lambda: Picker(lambda: labelled(WHOSE))),
        )

    def columns(self) -> list[Column]:
        """Name, when, whose."""
        return [
            Column("name", _(N_("Name")), strong=True, sortable=False),
            Column("kind", _(N_("When")), width=110, sortable=False),
            Column("whose", _(N_("Counts as")), width=170, sortable=False),
            Column("code", _(N_("Code")), width=110, sortable=False),
        ]

    def title_of(self, line: ReasonLine) -> str:
        """Its name in the language in force."""
        return in_language(line)

    def cells(self, line: ReasonLine) -> Sequence[Any]:
        """The words of a reason."""
        whose = _(WHOSE["family" if line.by_patient else "clinic"])
        return in_language(line), _(REASON_KIND_LABELS[line.kind]), whose, line.code

    def reload(self) -> None:
        """Every reason."""
        self._seed.set_available(self.bench.may(seed_reasons), self.bench.reason(seed_reasons))
        self.ask(visit_reasons)

    def values_of(self, line: ReasonLine) -> Values:
        """Its columns, and whose it is."""
        return super().values_of(line) | {"whose": "family" if line.by_patient else "clinic"}

    def mark(self, line: ReasonLine) -> str:
        """Of what the form holds."""
        return mark_of(line, REASON)

    def send(self, values: Values, line: ReasonLine | None, seen: str) -> tuple[Any, tuple[Any, ...], Values]:
        """Add or change."""
        names: Values = {
            "name_fr": values["name_fr"], "name_en": values["name_en"], "by_patient": values["whose"] == "family",
        }  # fmt: skip
        if line is None:
            return add_reason, (ReasonKind(values["kind"]), values["code"]), names
        return change_reason, (line.id,), names | {"seen": seen}
