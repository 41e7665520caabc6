"""Routes: the rules in the order in which they are read, and the one that is chosen as IF … THEN …."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from app.archives.commands import add_routing_rule, change_routing_rule, order_routing_rules, withdraw_routing_rule
from app.archives.queries import (
    SPREAD_LABELS,
    VERIFICATION_LABELS,
    ArchiveId,
    ArchiveLine,
    RoutingChoices,
    RoutingRuleId,
    Rule,
    RuleLine,
    Spread,
    Verification,
    archives,
    routing_choices,
    routing_rules,
)
from app.core.i18n import N_, _
from ui.archives.conditions import ConditionsField
from ui.archives.trying import DryRun
from ui.archives.words import if_words, then_words
from ui.practice.editors import Checks, Picker
from ui.practice.entry_form import Item, Values
from ui.practice.list_pane import ListPane
from ui.practice.words import labelled
from ui.widgets.buttons import Button
from ui.widgets.paged_model import Column
from ui.widgets.typed_fields import NumberField

EVERY: Final = {"all": N_("All conditions hold"), "any": N_("One of the conditions holds")}
FLAGS: Final = {"enabled": N_("Switched on"), "is_last": N_("No later rule is read when it applies")}
NEW: Final = RoutingRuleId("new")


class RulePane(ListPane[RuleLine]):
    """IF conditions THEN archives, from top to bottom."""

    title = N_("Routes")
    add, change = add_routing_rule, change_routing_rule
    others = (withdraw_routing_rule,)
    icon = "tree-structure"
    nothing = (N_("There is no rule yet."), N_("Everything goes to the archives by default."))

    def __init__(self, screen: Any) -> None:
        self._archives: tuple[ArchiveLine, ...] = ()
        super().__init__(screen)
        self._up, self._down = Button("", "quiet", "arrow-up"), Button("", "quiet", "arrow-down")
        self._up.clicked.connect(lambda: self.shift(-1))
        self._down.clicked.connect(lambda: self.shift(1))
        self.form.others.add(self._up)
        self.form.others.add(self._down)
        self.dry_run = DryRun(self, self.rules_to_try)
        self.form.extra.addWidget(self.dry_run)
        self.words.put(self._up.setText, N_("Read it earlier"))
        self.words.put(self._down.setText, N_("Read it later"))

    # -- the form -------------------------------------------------------------------------------------------
    def items(self) -> Sequence[Item]:
        """IF, THEN, and how."""
        own = ("", N_("As each archive says"))
        return (
            Item("name", N_("Name"), example=N_("E.g. CBCT to the hospital"), whole=True),
            Item("every", N_("If"), lambda: Picker(lambda: labelled(EVERY)), whole=True),
            Item("conditions", N_("Conditions"), ConditionsField, whole=True),
            Item("destinations", N_("Then send to"), lambda: Checks(self._destinations), whole=True),
            Item("spread", N_("If several are ticked"), lambda: Picker(lambda: labelled(SPREAD_LABELS))),
            Item("verification", N_("Verification"), lambda: Picker(lambda: labelled(VERIFICATION_LABELS, own))),
            Item("delay_seconds", N_("Wait first"), lambda: NumberField("0", least=0, most=604800),
                 help=N_("Seconds after the image has come.")),
            Item("priority", N_("Priority"), lambda: NumberField("5", least=0, most=9),
                 help=N_("0 goes before 9 in a queue.")),
            Item("flags", N_("Also"), lambda: Checks(lambda: [(code, _(word)) for code, word in FLAGS.items()]),
                 whole=True),
        )  # fmt: skip

    def _destinations(self) -> list[tuple[object, str]]:
        return [(line.archive_id, line.name) for line in self._archives]

    def columns(self) -> list[Column]:
        """Place, name, IF and THEN."""
        return [
            Column("place", "", width=34, right=True, sortable=False),
            Column("name", _(N_("Name")), strong=True, sortable=False),
            Column("does", _(N_("If … then")), sortable=False, share=2),
        ]

    def cells(self, line: RuleLine) -> Sequence[Any]:
        """The words of a rule."""
        names: dict[str, str] = {one.archive_id: one.name for one in self._archives}
        place = self.lines.index(line) + 1 if line in self.lines else ""
        name = line.name if line.enabled else _(N_("{name} (off)"), name=line.name)
        return place, name, f"{if_words(line)} → {then_words(line, names)}"

    def values_of(self, line: RuleLine) -> Values:
        """Its columns, as the form holds them."""
        told = tuple((one.fact.value, one.comparison.value, tuple(one.values)) for one in line.conditions)
        return super().values_of(line) | {
            "every": "all" if line.every else "any", "conditions": told, "verification": line.verification or "",
            "flags": tuple(code for code in FLAGS if getattr(line, code)),
        }  # fmt: skip

    def fresh_values(self) -> Values:
        """What a new rule usually is."""
        return {
            "every": "all", "conditions": (), "destinations": (), "spread": Spread.ALL.value, "verification": "",
            "delay_seconds": 0, "priority": 5, "flags": ("enabled",),
        }  # fmt: skip

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Archives and what conditions choose from, then the rules."""
        self.view.ask(archives, self._know_archives)
        self.view.ask(routing_choices, self._know_choices)
        self.ask(routing_rules)

    def _know_archives(self, lines: list[ArchiveLine]) -> None:
        self._archives = tuple(lines)
        self.form.retranslate()
        self.refilter()

    def _know_choices(self, known: RoutingChoices) -> None:
        field = self.form.fields["conditions"].editor
        assert isinstance(field, ConditionsField)
        field.know(known)

    def show_more(self, line: RuleLine | None) -> None:
        """The dry run is of the rule on show."""
        self.dry_run.clear()
        places = [one.rule_id for one in self.lines]
        place = places.index(line.rule_id) if line is not None and line.rule_id in places else -1
        reason = self.bench.reason(order_routing_rules)
        for button, free in ((self._up, place > 0), (self._down, 0 <= place < len(places) - 1)):
            button.setVisible(line is not None)
            button.set_available(free and not reason, reason or _(N_("It stands at the end already.")))

    def retranslate(self) -> None:
        """The dry run too."""
        super().retranslate()
        self.dry_run.words.again()
        self.dry_run.clear()

    # -- doing ----------------------------------------------------------------------------------------------
    def shift(self, by: int) -> None:
        """Read the chosen rule earlier or later."""
        ids = [line.rule_id for line in self.lines]
        if self.chosen is None or self.chosen.rule_id not in ids:
            return
        place = ids.index(self.chosen.rule_id)
        to = place + by
        if 0 <= to < len(ids):
            ids[place], ids[to] = ids[to], ids[place]
            self.bench.run(order_routing_rules, ids).then(lambda _none: self.view.freshen())

    def _given(self, values: Values) -> Values:
        field = self.form.fields["conditions"].editor
        assert isinstance(field, ConditionsField)
        return {
            "conditions": field.conditions(), "every": values["every"] == "all", "spread": Spread(values["spread"]),
            "delay_seconds": int(values["delay_seconds"] or 0), "priority": int(values["priority"] or 0),
            "is_last": "is_last" in values["flags"], "enabled": "enabled" in values["flags"],
            "verification": Verification(values["verification"]) if values["verification"] else None,
        }  # fmt: skip

    def rules_to_try(self) -> list[Rule]:
        """The rules as they are saved, with what is typed in place of the one on show."""
        made = [_rule(line) for line in self.lines]
        values = self.form.values()
        given = self._given(values)
        given["delay"], given["last"] = given.pop("delay_seconds"), given.pop("is_last")
        there = [ArchiveId(str(one)) for one in values["destinations"]]
        key = RoutingRuleId(self.form.key) if self.form.key else NEW
        typed = Rule(key, str(values["name"] or ""), destinations=there, **given)
        if key is not NEW:
            return [typed if rule.rule_id == key else rule for rule in made]
        return [*made, typed] if there else made

    def send(self, values: Values, line: RuleLine | None, seen: str) -> tuple[Any, tuple[Any, ...], Values]:
        """Add or change."""
        given = self._given(values)
        there = [ArchiveId(str(one)) for one in values["destinations"]]
        if line is None:
            return add_routing_rule, (str(values["name"] or ""), there), given
        given |= {
            "name": values["name"], "destinations": there,
            "archive_verifies": not values["verification"],
        }  # fmt: skip
        return change_routing_rule, (line.rule_id,), given


def _rule(line: RuleLine) -> Rule:
    return Rule(
        line.rule_id, line.name, line.conditions, line.destinations, line.every, line.spread, line.delay_seconds,
        line.priority, line.verification, line.is_last, line.enabled,
    )  # fmt: skip
