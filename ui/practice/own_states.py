"""What stages of a visit are called here, and finer states within them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.core.i18n import N_, _
from app.core.unchanged import mark_of
from app.orchestration.commands import add_own_state, change_own_state, withdraw_own_state
from app.orchestration.queries import OwnStateLine, own_states
from app.scheduling.queries import Stage
from ui.practice.editors import Picker
from ui.practice.entry_form import Item, Values
from ui.practice.list_pane import ListPane
from ui.practice.words import in_language, labelled
from ui.theme.tokens import STATUSES
from ui.widgets.paged_model import Column

HOW = {"renames": N_("The stage is called so"), "within": N_("A finer state within the stage")}
MARKED = ("name_fr", "name_en", "colour")


def stage_words() -> dict[str, str]:
    """The word of each stage."""
    return {stage.value: STATUSES[stage.value].label for stage in Stage}


class OwnStatePane(ListPane[OwnStateLine]):
    """Figures go by the stage in any case."""

    title = N_("States of visits")
    add, change = add_own_state, change_own_state
    others = (withdraw_own_state,)
    icon = "clipboard-text"
    nothing = (N_("Stages are called as usual."), N_("Give one a name and colour of your own, or add a finer state."))

    def items(self) -> Sequence[Item]:
        """Stage, how, names, colours."""
        return (
            Item("stage", N_("Stage"), lambda: Picker(lambda: labelled(stage_words())), fresh=True),
            Item("how", N_("What it is"), lambda: Picker(lambda: labelled(HOW)), fresh=True),
            Item("name_fr", N_("French name")),
            Item("name_en", N_("English name")),
            Item("colour", N_("Colours of"), lambda: Picker(lambda: labelled(stage_words()))),
        )

    def columns(self) -> list[Column]:
        """Name, stage, how."""
        return [
            Column("name", _(N_("Name")), strong=True, sortable=False),
            Column("stage", _(N_("Stage")), width=150, sortable=False),
            Column("how", _(N_("What it is")), width=220, sortable=False),
            Column("colour", _(N_("Colours of")), width=150, sortable=False),
        ]

    def title_of(self, line: OwnStateLine) -> str:
        """Its name in the language in force."""
        return in_language(line)

    def cells(self, line: OwnStateLine) -> Sequence[Any]:
        """The words of a state."""
        words = stage_words()
        how = _(HOW["renames" if line.renames else "within"])
        return in_language(line), _(words[line.stage.value]), how, _(words[line.colour.value])

    def reload(self) -> None:
        """Every state."""
        self.ask(own_states)

    def values_of(self, line: OwnStateLine) -> Values:
        """Its columns, and what it is."""
        return super().values_of(line) | {"how": "renames" if line.renames else "within"}

    def fresh_values(self) -> Values:
        """A finer state of who waits."""
        return {"stage": Stage.WAITING.value, "how": "within", "colour": Stage.WAITING.value}

    def mark(self, line: OwnStateLine) -> str:
        """Of what the form holds."""
        return mark_of(line, MARKED)

    def send(self, values: Values, line: OwnStateLine | None, seen: str) -> tuple[Any, tuple[Any, ...], Values]:
        """Add or change."""
        given: Values = {
            "name_fr": values["name_fr"], "name_en": values["name_en"] or values["name_fr"],
            "colour": Stage(values["colour"]),
        }  # fmt: skip
        if line is None:
            return add_own_state, (Stage(values["stage"]),), given | {"renames": values["how"] == "renames"}
        return change_own_state, (line.id,), given | {"seen": seen}
