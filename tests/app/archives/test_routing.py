"""The rule engine: what applies, in which order, why, and never back to where an image came from."""

from __future__ import annotations

import pytest

from app.archives.routing import Condition, Router, Rule, checked
from app.archives.vocabulary import ArchiveId, Comparison, Fact, RoutingRuleId, Spread, Why
from app.core.errors import RuleViolation

A, B, C = ArchiveId("a"), ArchiveId("b"), ArchiveId("c")
PANO = {Fact.MODALITY: "PX", Fact.SIZE_KB: 9000, Fact.STUDY_DESCRIPTION: "Panoramique", Fact.CALLING_AE: "PANO"}


def rule(name: str, *conditions: Condition, to: tuple[ArchiveId, ...] = (A,), **more: object) -> Rule:
    return Rule(RoutingRuleId(name), name, conditions, to, **more)


def is_(fact: Fact, *values: str, how: Comparison = Comparison.IS) -> Condition:
    return Condition(fact, how, list(values))


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (is_(Fact.MODALITY, "px"), True),
        (is_(Fact.MODALITY, "CT"), False),
        (is_(Fact.MODALITY, "CT", how=Comparison.IS_NOT), True),
        (is_(Fact.MODALITY, "CT", "PX", how=Comparison.ONE_OF), True),
        (is_(Fact.STUDY_DESCRIPTION, "^pano", how=Comparison.MATCHES), True),
        (is_(Fact.STUDY_DESCRIPTION, "^ceph", how=Comparison.MATCHES), False),
        (is_(Fact.SIZE_KB, "100", "10000", how=Comparison.BETWEEN), True),
        (is_(Fact.SIZE_KB, "10", "9", how=Comparison.BETWEEN), False),
        (is_(Fact.VIEW, ""), True),
    ],
)
def test_each_comparison(condition: Condition, holds: bool) -> None:
    decision = Router([rule("one", condition)]).decide(PANO)
    assert bool(decision.destinations) is holds
    assert decision.steps[0].why is (Why.MATCHED if holds else Why.CONDITION)


def test_all_or_any_and_the_condition_that_failed_is_named() -> None:
    pair = (is_(Fact.MODALITY, "PX"), is_(Fact.CALLING_AE, "OTHER"))
    decision = Router([rule("all", *pair), rule("any", *pair, every=False, to=(B,))]).decide(PANO)
    assert [one.archive_id for one in decision.destinations] == [B]
    assert (decision.steps[0].why, decision.steps[0].condition) == (Why.CONDITION, 1)


def test_rules_add_up_until_a_last_one_and_a_destination_is_there_once() -> None:
    rules = [rule("one"), rule("two", to=(A, B), last=True), rule("three", to=(C,)), rule("off", enabled=False)]
    decision = Router(rules).decide(PANO)
    assert [(one.archive_id, one.rule_id) for one in decision.destinations] == [(A, "one"), (B, "two")]
    assert [step.why for step in decision.steps] == [Why.MATCHED, Why.MATCHED, Why.STOPPED, Why.STOPPED]


def test_without_a_rule_the_default_route_is_taken() -> None:
    router = Router([rule("one", is_(Fact.MODALITY, "CT"))], [B])
    assert router.decide(PANO).by_default
    assert [one.archive_id for one in router.decide(PANO).destinations] == [B]
    assert not router.decide({Fact.MODALITY: "CT"}).by_default


def test_nothing_goes_back_to_where_it_came_from() -> None:
    decision = Router([rule("one", to=(A, B))]).decide(PANO, [A])
    assert [one.archive_id for one in decision.destinations] == [B]
    assert decision.returned == (A,)
    first = Router([rule("one", to=(A, B), spread=Spread.FIRST)])
    assert [(one.archive_id, one.alternatives) for one in first.decide(PANO).destinations] == [(A, (B,))]
    assert [(one.archive_id, one.alternatives) for one in first.decide(PANO, [A]).destinations] == [(B, ())]


@pytest.mark.parametrize("pattern", ["(a+)+$", "a" * 300, "(", "(x*)*"])
def test_a_pattern_that_may_never_end_is_refused(pattern: str) -> None:
    with pytest.raises(RuleViolation):
        checked([is_(Fact.STUDY_DESCRIPTION, pattern, how=Comparison.MATCHES)])


def test_a_condition_without_its_value_is_refused() -> None:
    for wrong in (is_(Fact.MODALITY), is_(Fact.HOUR, "8", how=Comparison.BETWEEN), is_(Fact.MODALITY, " ")):
        with pytest.raises(RuleViolation):
            checked([wrong])
    with pytest.raises(RuleViolation):
        checked([is_(Fact.SIZE_KB, "a", "b", how=Comparison.BETWEEN)])
