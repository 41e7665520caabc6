"""Which bucket may be used, where, and what holds a record back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.core.errors import NotFound, PermissionDenied, RuleViolation
from app.journal.queries import SYSTEM, Actor
from app.journal.runner import Runner
from app.journal.workplace import Workplace
from app.patients.commands.patients import create_patient
from app.storage.commands import (
    add_storage_target,
    change_storage_target,
    lift_legal_hold,
    place_legal_hold,
    record_privacy_assessment,
    revoke_privacy_assessment,
    stop_storage,
    use_storage_target,
    withdraw_storage_target,
)
from app.storage.credentials import (
    Credentials,
    forget_credentials,
    has_credentials,
    read_credentials,
    store_credentials,
)
from app.storage.queries import legal_holds, privacy_assessments, storage_targets
from app.storage.vocabulary import Place, StorageProvider, StorageTargetId


def added(runner: Runner, **given: Any) -> StorageTargetId:
    values: dict[str, Any] = {"name": "Bucket", "provider": StorageProvider.S3, "bucket": "clinic-images"} | given
    return runner.run(SYSTEM, add_storage_target, **values)


@pytest.mark.parametrize(
    ("provider", "region", "place"),
    [
        (StorageProvider.S3, "", Place.QUEBEC),
        (StorageProvider.S3, "ca-west-1", Place.CANADA),
        (StorageProvider.S3, "us-east-1", Place.ELSEWHERE),
        (StorageProvider.AZURE, "", Place.QUEBEC),
        (StorageProvider.AZURE, "canadacentral", Place.CANADA),
        (StorageProvider.AZURE, "eastus", Place.ELSEWHERE),
    ],
)
def test_the_place_follows_from_the_region(
    runner: Runner, provider: StorageProvider, region: str, place: Place
) -> None:
    added(runner, provider=provider, region=region, account="clinic1")
    assert runner.ask(SYSTEM, storage_targets)[0].place is place


def test_a_region_outside_canada_waits_for_its_assessment(runner: Runner) -> None:
    key = added(runner, region="us-east-1")
    assert runner.ask(SYSTEM, storage_targets)[0].lacks_assessment
    with pytest.raises(RuleViolation, match="outside Canada") as refused:
        runner.run(SYSTEM, use_storage_target, key)
    assert refused.value.exit_code == 3
    assessment = runner.run(SYSTEM, record_privacy_assessment, StorageProvider.S3, "us-east-1", "L. Roy", "binder 4")
    runner.run(SYSTEM, use_storage_target, key)
    line = runner.ask(SYSTEM, storage_targets)[0]
    assert (line.in_use, line.lacks_assessment) == (True, False)
    runner.run(SYSTEM, revoke_privacy_assessment, assessment, "L. Roy")
    line = runner.ask(SYSTEM, storage_targets)[0]
    assert (line.in_use, line.lacks_assessment) == (False, True)
    assert [found.holds for found in runner.ask(SYSTEM, privacy_assessments)] == [False]


def test_an_assessment_names_who_and_where_and_is_of_the_past(runner: Runner) -> None:
    for given in (("", "binder"), ("L. Roy", " ")):
        with pytest.raises(RuleViolation):
            runner.run(SYSTEM, record_privacy_assessment, StorageProvider.S3, "us-east-1", *given)
    with pytest.raises(RuleViolation, match="to come"):
        runner.run(SYSTEM, record_privacy_assessment, StorageProvider.S3, "us-east-1", "L. Roy", "b", date(2030, 1, 1))


def test_another_service_is_elsewhere_until_somebody_says_where(runner: Runner) -> None:
    given: dict[str, Any] = {
        "provider": StorageProvider.COMPATIBLE,
        "region": "qc-1",
        "endpoint": "https://s3.example.ca",
    }
    added(runner, **given)
    added(runner, place=Place.QUEBEC, **given)
    assert {line.place for line in runner.ask(SYSTEM, storage_targets)} == {Place.ELSEWHERE, Place.QUEBEC}


@pytest.mark.parametrize(
    "given",
    [
        {"bucket": "Capital"},
        {"bucket": "a"},
        {"bucket": "../x"},
        {"name": " "},
        {"region": "Montréal!"},
        {"prefix": "../up"},
        {"cold_after_days": -1},
        {"provider": StorageProvider.COMPATIBLE, "region": "x1"},
        {"provider": StorageProvider.COMPATIBLE, "region": "x1", "endpoint": "http://s3.example.ca"},
        {"provider": StorageProvider.COMPATIBLE, "region": "x1", "endpoint": "https://u:p@s3.example.ca"},
        {"provider": StorageProvider.AZURE, "account": "No"},
    ],
)
def test_what_no_service_would_take_is_refused(runner: Runner, given: dict[str, Any]) -> None:
    with pytest.raises(RuleViolation):
        added(runner, **given)
    assert runner.ask(SYSTEM, storage_targets) == ()


def test_one_bucket_is_in_use_and_one_in_use_stays_on_the_list(runner: Runner) -> None:
    first, second = added(runner), added(runner, name="Other", bucket="other-images")
    runner.run(SYSTEM, use_storage_target, first)
    runner.run(SYSTEM, use_storage_target, second)
    assert [line.id for line in runner.ask(SYSTEM, storage_targets) if line.in_use] == [second]
    with pytest.raises(RuleViolation, match="in use"):
        runner.run(SYSTEM, withdraw_storage_target, second)
    runner.run(SYSTEM, stop_storage, second)
    runner.run(SYSTEM, withdraw_storage_target, second)
    assert [line.id for line in runner.ask(SYSTEM, storage_targets)] == [first]
    with pytest.raises(RuleViolation, match="removed"):
        runner.run(SYSTEM, use_storage_target, second)
    runner.run(SYSTEM, change_storage_target, first, "Montréal", 0)
    assert runner.ask(SYSTEM, storage_targets)[0].cold_after_days == 0


def test_whoever_may_not_manage_is_refused(runner: Runner) -> None:
    with pytest.raises(PermissionDenied):
        runner.run(Actor("x", "x"), add_storage_target, "Bucket", StorageProvider.S3, "clinic-images")


def test_a_hold_stands_until_it_is_lifted(runner: Runner, boss: Actor) -> None:
    patient = runner.run(boss, create_patient, "Roy", "Ève", date(2010, 1, 1))
    with pytest.raises(RuleViolation):
        runner.run(boss, place_legal_hold, patient, " ")
    hold = runner.run(boss, place_legal_hold, patient, "complaint")
    with pytest.raises(RuleViolation, match="already"):
        runner.run(boss, place_legal_hold, patient, "again")
    assert runner.ask(boss, legal_holds) == (patient,)
    runner.run(boss, lift_legal_hold, hold)
    assert runner.ask(boss, legal_holds) == ()
    with pytest.raises(RuleViolation):
        runner.run(boss, lift_legal_hold, hold)


class Ring:
    """A keyring of this test."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[(service, username)] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[(service, username)]


def test_credentials_stand_in_the_keyring_or_in_a_private_file(workplace: Workplace) -> None:
    folder, target, ring = workplace.folder, StorageTargetId("t-1"), Ring()
    given = Credentials("secret words", "id", "token")
    assert not store_credentials(folder, target, given)
    assert read_credentials(folder, target) == given
    assert store_credentials(folder, target, given, ring)
    assert not list(folder.glob("bucket-*"))
    assert read_credentials(folder, target, ring) == given
    assert has_credentials(folder, target, ring)
    forget_credentials(folder, target, ring)
    assert not has_credentials(folder, target, ring)
    with pytest.raises(NotFound):
        read_credentials(folder, target, ring)
