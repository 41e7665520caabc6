"""Archives, rules and wishes are changed, ordered and withdrawn: what is listed and routed before and after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.archives.commands import (
    add_archive,
    add_routing_rule,
    change_archive,
    change_routing_rule,
    forget_archive_preference,
    order_routing_rules,
    prefer_archive,
    withdraw_archive,
    withdraw_routing_rule,
)
from app.archives.queries import ArchiveLine, RuleLine, archives, dry_run, routing_rules
from app.archives.routing import Condition
from app.archives.vocabulary import ArchiveId, Comparison, Fact, RoutingRuleId, SendMode, Spread, Verification
from app.core.errors import NotFound, PermissionDenied, RuleViolation
from app.core.ids import PatientId
from app.imaging import workers
from app.imaging.importing import import_paths
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.patients.commands import create_patient
from tests.app.imaging import samples

NOTHING_ALLOWED = Actor("x", "x")


@pytest.fixture
def hospital(runner: Runner, boss: Actor) -> ArchiveId:
    """An archive that nothing goes to unless a rule says so."""
    return runner.run(boss, add_archive, "Hospital", host="10.0.0.5", port=104, ae_title="HOSP")


@pytest.fixture
def vault(runner: Runner, boss: Actor) -> ArchiveId:
    """The archive that is given what no rule applies to."""
    return runner.run(boss, add_archive, "Vault", host="10.0.0.6", port=104, ae_title="VAULT", is_default=True)


@pytest.fixture
def film(runner: Runner, boss: Actor, tmp_path: Path) -> Iterator[PatientId]:
    """The patient whose chart holds one image."""
    patient = runner.run(boss, create_patient, "Roy", "Ève", date(2010, 1, 1))
    given = tmp_path / "given"
    given.mkdir()
    samples.dicom_file(given / "film.dcm", "1.1.1")
    (read,) = import_paths(runner, boss, [given], patient_id=patient).files
    assert read.instance_id is not None
    yield patient
    workers.close()


def archive_of(runner: Runner, boss: Actor, archive_id: ArchiveId) -> ArchiveLine:
    return next(line for line in runner.ask(boss, archives) if line.archive_id == archive_id)


def rule_of(runner: Runner, boss: Actor) -> RuleLine:
    (line,) = runner.ask(boss, routing_rules)
    return line


def names(runner: Runner, boss: Actor) -> list[str]:
    return [line.name for line in runner.ask(boss, routing_rules)]


def goes_to(runner: Runner, boss: Actor) -> tuple[str, ...]:
    (line,) = runner.ask(boss, dry_run)
    return line.destinations


def test_a_withdrawn_archive_is_listed_no_more_and_changed_no_more(
    runner: Runner, boss: Actor, hospital: ArchiveId, vault: ArchiveId, film: PatientId
) -> None:
    assert ([line.name for line in runner.ask(boss, archives)], goes_to(runner, boss)) == (
        ["Hospital", "Vault"], ("Vault",)
    )  # fmt: skip
    with pytest.raises(PermissionDenied):
        runner.run(NOTHING_ALLOWED, withdraw_archive, vault)
    done = runner.submit(boss, withdraw_archive, vault).result()
    assert ([line.name for line in runner.ask(boss, archives)], goes_to(runner, boss)) == (["Hospital"], ())
    for command, arguments in ((withdraw_archive, {}), (change_archive, {"name": "Other"})):
        with pytest.raises(RuleViolation, match="This archive was withdrawn"):
            runner.run(boss, command, vault, **arguments)
    with pytest.raises(RuleViolation, match="This archive was withdrawn"):
        runner.run(boss, add_routing_rule, "To the vault", [vault])
    runner.undo(boss, done.operation_id)
    assert goes_to(runner, boss) == ("Vault",)


def test_to_undo_an_archive_or_a_rule_withdraws_it(runner: Runner, boss: Actor, hospital: ArchiveId) -> None:
    archive = runner.submit(boss, add_archive, "Second", host="10.0.0.7", port=104, ae_title="TWO").result()
    rule = runner.submit(boss, add_routing_rule, "Everything", [hospital]).result()
    assert (len(runner.ask(boss, archives)), names(runner, boss)) == (2, ["Everything"])
    runner.undo(boss, rule.operation_id)
    runner.undo(boss, archive.operation_id)
    assert ([line.name for line in runner.ask(boss, archives)], names(runner, boss)) == (["Hospital"], [])
    with pytest.raises(RuleViolation, match="This archive was withdrawn"):
        runner.run(boss, change_archive, archive.result, name="Second again")
    with pytest.raises(RuleViolation, match="This rule was withdrawn"):
        runner.run(boss, change_routing_rule, rule.result, name="Everything again")


def test_of_an_archive_what_is_given_changes_and_the_rest_stays(
    runner: Runner, boss: Actor, hospital: ArchiveId
) -> None:
    before = archive_of(runner, boss, hospital)
    runner.run(boss, change_archive, hospital, port=11112)
    after = archive_of(runner, boss, hospital)
    assert (before.port, after.port, after.host, after.ae_title) == (104, 11112, "10.0.0.5", "HOSP")
    given: dict[str, Any] = {
        "name": "Hôpital", "host": "10.0.0.9", "ae_title": "HOPITAL", "base_url": "https://pacs.example.ca/dicom",
        "tls": True, "verification": Verification.NONE, "send_mode": SendMode.STABLE, "stable_seconds": 300,
        "associations": 4, "is_default": True, "enabled": False,
    }  # fmt: skip
    assert all(getattr(after, column) != value for column, value in given.items())
    done = runner.submit(boss, change_archive, hospital, **given).result()
    changed = archive_of(runner, boss, hospital)
    assert {column: getattr(changed, column) for column in given} == given
    runner.undo(boss, done.operation_id)
    assert archive_of(runner, boss, hospital) == after


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"port": 70000}, "port"),
        ({"associations": 9}, "associations"),
        ({"stable_seconds": 1}, "stable_seconds"),
        ({"host": ""}, "host"),
        ({"ae_title": "TOO LONG A TITLE FOR IT"}, "ae_title"),
    ],
)
def test_an_archive_that_could_not_be_reached_is_refused(
    runner: Runner, boss: Actor, hospital: ArchiveId, given: dict[str, Any], field: str
) -> None:
    before = archive_of(runner, boss, hospital)
    with pytest.raises(RuleViolation) as refused:
        runner.run(boss, change_archive, hospital, name="Renamed", **given)
    assert refused.value.field == field
    assert archive_of(runner, boss, hospital) == before


def test_a_rule_is_changed_and_withdrawn_and_the_image_goes_elsewhere(
    runner: Runner, boss: Actor, hospital: ArchiveId, vault: ArchiveId, film: PatientId
) -> None:
    rule = runner.run(boss, add_routing_rule, "Films", [hospital])
    before = rule_of(runner, boss)
    assert goes_to(runner, boss) == ("Hospital",)
    given: dict[str, Any] = {
        "name": "Scans", "destinations": (vault, hospital),
        "conditions": (Condition(Fact.MODALITY, Comparison.IS, ["CT"]),),
        "every": False, "spread": Spread.FIRST, "delay_seconds": 60, "priority": 2,
        "verification": Verification.NONE, "is_last": True, "enabled": False,
    }  # fmt: skip
    lists = {"destinations": [vault, hospital], "conditions": list(given["conditions"])}
    done = runner.submit(boss, change_routing_rule, rule, **(given | lists)).result()
    after = rule_of(runner, boss)
    assert {column: getattr(after, column) for column in given} == given
    assert goes_to(runner, boss) == ("Vault",)  # by default
    runner.undo(boss, done.operation_id)
    assert rule_of(runner, boss) == before
    runner.run(boss, withdraw_routing_rule, rule)
    assert (names(runner, boss), goes_to(runner, boss)) == ([], ("Vault",))
    with pytest.raises(RuleViolation, match="This rule was withdrawn"):
        runner.run(boss, withdraw_routing_rule, rule)


def test_a_change_that_a_rule_cannot_take_leaves_it_as_it_was(runner: Runner, boss: Actor, hospital: ArchiveId) -> None:
    rule = runner.run(boss, add_routing_rule, "Films", [hospital])
    before = rule_of(runner, boss)
    gone = runner.run(boss, add_archive, "Gone", host="10.0.0.8", port=104, ae_title="GONE")
    runner.run(boss, withdraw_archive, gone)
    for given in (
        {"destinations": []}, {"destinations": [gone]}, {"priority": 10}, {"delay_seconds": 8 * 24 * 3600},
        {"conditions": [Condition(Fact.MODALITY, Comparison.IS, [" "])]},
    ):  # fmt: skip
        with pytest.raises(RuleViolation):
            runner.run(boss, change_routing_rule, rule, name="Renamed", **given)
        assert rule_of(runner, boss) == before


def test_rules_are_read_in_the_order_given_and_those_not_named_after_them(
    runner: Runner, boss: Actor, hospital: ArchiveId
) -> None:
    one, two, three = (runner.run(boss, add_routing_rule, name, [hospital]) for name in ("one", "two", "three"))
    assert names(runner, boss) == ["one", "two", "three"]
    done = runner.submit(boss, order_routing_rules, [three, two]).result()
    assert names(runner, boss) == ["three", "two", "one"]
    runner.undo(boss, done.operation_id)
    assert names(runner, boss) == ["one", "two", "three"]
    runner.run(boss, order_routing_rules, [two, three, one])
    assert names(runner, boss) == ["two", "three", "one"]
    runner.run(boss, add_routing_rule, "four", [hospital])
    assert names(runner, boss)[-1] == "four"
    runner.run(boss, withdraw_routing_rule, two)
    with pytest.raises(RuleViolation, match="This rule was withdrawn"):
        runner.run(boss, order_routing_rules, [one, two, three])
    with pytest.raises(NotFound):
        runner.run(boss, order_routing_rules, [one, RoutingRuleId("none")])
    assert names(runner, boss) == ["three", "one", "four"]


def test_images_follow_the_wish_of_the_patient_until_it_is_forgotten(
    runner: Runner, boss: Actor, hospital: ArchiveId, vault: ArchiveId, film: PatientId
) -> None:
    wish = [Condition(Fact.PREFERENCE, Comparison.IS, ["Hospital"])]
    runner.run(boss, add_routing_rule, "Wished", [hospital], conditions=wish)
    assert goes_to(runner, boss) == ("Vault",)
    first = runner.submit(boss, prefer_archive, film, hospital).result()
    assert goes_to(runner, boss) == ("Hospital",)
    runner.undo(boss, first.operation_id)
    assert goes_to(runner, boss) == ("Vault",), "the first wish can be taken back too"
    runner.run(boss, prefer_archive, film, hospital)
    runner.run(boss, forget_archive_preference, film)
    assert goes_to(runner, boss) == ("Vault",)
    runner.run(boss, prefer_archive, film, hospital)
    done = runner.submit(boss, prefer_archive, film).result()
    assert goes_to(runner, boss) == ("Vault",)
    runner.undo(boss, done.operation_id)
    assert goes_to(runner, boss) == ("Hospital",)
    gone = runner.run(boss, add_archive, "Gone", host="10.0.0.8", port=104, ae_title="GONE")
    runner.run(boss, withdraw_archive, gone)
    with pytest.raises(RuleViolation, match="This archive was withdrawn"):
        runner.run(boss, prefer_archive, film, gone)
    with pytest.raises(NotFound):
        runner.run(boss, prefer_archive, PatientId("none"), hospital)
    assert goes_to(runner, boss) == ("Hospital",)
