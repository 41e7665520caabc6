"""Where an image goes: IF conditions THEN destinations, read from top to bottom.

Pure: rules and facts in, a decision with its explanation out. The rules of a clinic are compiled once for many images.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from app.archives.vocabulary import NUMBERS, ArchiveId, Comparison, Fact, RoutingRuleId, Spread, Verification, Why
from app.core.errors import RuleViolation
from app.core.i18n import N_

Facts: TypeAlias = Mapping[Fact, str | int]
Test: TypeAlias = Callable[[str], bool]
PATTERN_LIMIT: Final = 200
VALUES_LIMIT: Final = 50
TEXT_LIMIT: Final = 1024
_RISKY: Final = re.compile(r"[+*}]\)?[+*{]|\)[+*{]")
"""A repetition of a repetition takes exponential time on the wrong text."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition. `values` are one text, several for `ONE_OF`, low and high for `BETWEEN` (both included)."""

    fact: Fact
    comparison: Comparison
    values: list[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. `every`: all conditions must hold, else any; without conditions it always applies. `delay` in seconds.

    `last`: when it applies, no later rule is looked at.
    """

    rule_id: RoutingRuleId
    name: str
    conditions: Sequence[Condition]
    destinations: Sequence[ArchiveId]
    every: bool = True
    spread: Spread = Spread.ALL
    delay: int = 0
    priority: int = 5
    verification: Verification | None = None
    last: bool = False
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Destination:
    """An archive that an image goes to, by which rule (None: the default route)."""

    archive_id: ArchiveId
    rule_id: RoutingRuleId | None
    alternatives: tuple[ArchiveId, ...] = ()
    delay: int = 0
    priority: int = 5
    verification: Verification | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What came of one rule; `condition` is the place of the first condition that does not hold."""

    rule_id: RoutingRuleId
    why: Why
    condition: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Where an image goes and why. `returned` are archives left out because the image came from there."""

    destinations: tuple[Destination, ...]
    steps: tuple[Step, ...]
    by_default: bool = False
    returned: tuple[ArchiveId, ...] = ()


@dataclass(slots=True)
class _Compiled:
    rule: Rule
    tests: list[tuple[Fact, Test]] = field(default_factory=list)


class Router:
    """The rules of a clinic, compiled. `default` are the archives for what no rule applies to."""

    def __init__(self, rules: Iterable[Rule], default: Sequence[ArchiveId] = ()) -> None:
        self._rules = [_compiled(rule) for rule in rules]
        self._default = tuple(default)

    def decide(self, facts: Facts, came_from: Iterable[ArchiveId] = ()) -> Decision:
        """The decision for an image of these facts that came from these archives (never sent back there)."""
        plain = {fact: str(value).strip().casefold() for fact, value in facts.items()}
        steps: list[Step] = []
        found: dict[ArchiveId, Destination] = {}
        applied = stopped = False
        for item in self._rules:
            step = _apply(item, plain, stopped=stopped)
            steps.append(step)
            if step.why is Why.MATCHED:
                applied = True
                stopped = item.rule.last
                for one in _destinations(item.rule):
                    found.setdefault(one.archive_id, one)
        if not applied:
            found = {archive: Destination(archive, None) for archive in self._default}
        back = set(came_from)
        kept = tuple(one for one in (_without(each, back) for each in found.values()) if one is not None)
        returned = tuple(archive for archive in found if archive in back)
        return Decision(kept, tuple(steps), not applied, returned)


def _without(one: Destination, back: set[ArchiveId]) -> Destination | None:
    """A destination without the archives that an image came from."""
    left = [archive for archive in (one.archive_id, *one.alternatives) if archive not in back]
    if not left:
        return None
    return Destination(left[0], one.rule_id, tuple(left[1:]), one.delay, one.priority, one.verification)


def _destinations(rule: Rule) -> list[Destination]:
    more = (rule.delay, rule.priority, rule.verification)
    if rule.spread is Spread.FIRST and rule.destinations:
        first, *others = rule.destinations
        return [Destination(first, rule.rule_id, tuple(others), *more)]
    return [Destination(archive, rule.rule_id, (), *more) for archive in rule.destinations]


def _apply(item: _Compiled, facts: Mapping[Fact, str], *, stopped: bool) -> Step:
    rule = item.rule
    if stopped:
        return Step(rule.rule_id, Why.STOPPED)
    if not rule.enabled:
        return Step(rule.rule_id, Why.OFF)
    if not item.tests:
        return Step(rule.rule_id, Why.MATCHED)
    first_false: int | None = None
    for place, (fact, test) in enumerate(item.tests):
        holds = test(facts.get(fact, ""))
        if holds and not rule.every:
            return Step(rule.rule_id, Why.MATCHED)
        if not holds and first_false is None:
            first_false = place
            if rule.every:
                break
    return Step(rule.rule_id, Why.MATCHED if first_false is None else Why.CONDITION, first_false)


def _compiled(rule: Rule) -> _Compiled:
    return _Compiled(rule, [(one.fact, _test(one)) for one in rule.conditions])


def _test(condition: Condition) -> Test:
    """A test of a fact in small letters."""
    values = [value.strip().casefold() for value in condition.values]
    comparison = condition.comparison
    if comparison is Comparison.MATCHES:
        pattern = re.compile(condition.values[0], re.IGNORECASE)
        return lambda value: pattern.search(value[:TEXT_LIMIT]) is not None
    if comparison is Comparison.BETWEEN and condition.fact in NUMBERS:
        first, last = int(values[0]), int(values[1])
        return lambda value: value.isdigit() and first <= int(value) <= last
    if comparison is Comparison.BETWEEN:
        return lambda value: values[0] <= value <= values[1]
    wanted = frozenset(values)
    if comparison is Comparison.IS_NOT:
        return lambda value: value not in wanted
    return lambda value: value in wanted


def checked(conditions: Sequence[Condition]) -> list[Condition]:
    """The conditions, refused with a sentence when one makes no sense or would take for ever."""
    for one in conditions:
        values = [value for value in one.values if value.strip()]
        needed = 2 if one.comparison is Comparison.BETWEEN else 1
        if len(values) < needed or len(values) > VALUES_LIMIT:
            raise RuleViolation(N_("A condition lacks its value."), field="conditions")
        if (
            one.comparison is Comparison.BETWEEN
            and one.fact in NUMBERS
            and not all(v.strip().isdigit() for v in values)
        ):
            raise RuleViolation(N_("This condition needs whole numbers."), field="conditions")
        if one.comparison is Comparison.MATCHES:
            _check_pattern(values[0])
    return list(conditions)


def _check_pattern(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error:
        raise RuleViolation(N_("The pattern is not a regular expression."), field="conditions") from None
    if len(pattern) > PATTERN_LIMIT or _RISKY.search(pattern):
        raise RuleViolation(N_("The pattern is too intricate: repeat nothing that repeats."), field="conditions")
