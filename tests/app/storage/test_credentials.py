"""The credentials of a bucket are entered: kept beside the database, and nowhere in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.core.errors import PermissionDenied, RuleViolation
from app.core.secret import Secret
from app.journal.queries import SYSTEM, Actor
from app.journal.runner import Runner
from app.journal.workplace import Workplace
from app.storage.commands import add_storage_target, enter_storage_credentials, withdraw_storage_target
from app.storage.credentials import Credentials, has_credentials, read_credentials
from app.storage.vocabulary import StorageProvider, StorageTargetId

SECRET, KEY_ID, TOKEN = "wJalrXUtnFEMI-K7MDENG", "AKIAIOSFODNN7", "FwoGZXIvYXdzEBY"
NAME = "clinic-images"


@pytest.fixture
def bucket(runner: Runner) -> StorageTargetId:
    """A bucket of Amazon's."""
    return runner.run(SYSTEM, add_storage_target, "Bucket", StorageProvider.S3, NAME)


def everything(runner: Runner) -> dict[str, str]:
    """What each table holds, the journal's own among them, as one text."""
    runner.flush()
    with runner.read(SYSTEM) as read:
        raw = read.connection.connection.driver_connection
        tables = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: repr(raw.execute(f'SELECT * FROM "{name}"').fetchall()) for name in tables}


def in_files(folder: Path, words: str) -> list[str]:
    """The files of the folder that hold these words as they are."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if words.encode() in path.read_bytes()]


def test_credentials_stand_beside_the_database_and_nowhere_in_it(
    workplace: Workplace, bucket: StorageTargetId, caplog: pytest.LogCaptureFixture
) -> None:
    runner, folder = workplace.runner, workplace.folder
    caplog.set_level(0)
    assert not has_credentials(folder, bucket)
    before = everything(runner)
    done = runner.submit(
        SYSTEM, enter_storage_credentials, bucket, Secret(f" {SECRET}\n"), KEY_ID, token=Secret(TOKEN)
    ).result()
    assert read_credentials(folder, bucket) == Credentials(SECRET, KEY_ID, TOKEN)
    assert (folder / f"bucket-{bucket}.key").stat().st_mode & 0o077 == 0
    assert not done.changes.tables
    after = everything(runner)
    assert {"operation", "change", "storage_target"} <= after.keys()
    assert NAME in after["storage_target"]
    assert NAME in after["change"]  # what is written is found by this search
    for words in (SECRET, KEY_ID, TOKEN):
        assert [name for name, text in after.items() if words in text] == []
        assert in_files(folder, words) == [f"bucket-{bucket}.key"]
        assert words not in caplog.text
    assert after["storage_target"] == before["storage_target"]
    assert after["change"] == before["change"]


@pytest.mark.parametrize(
    ("provider", "given", "field"),
    [
        (StorageProvider.S3, {"secret": Secret(SECRET)}, "key_id"),
        (StorageProvider.S3, {"secret": Secret(SECRET), "key_id": "  "}, "key_id"),
        (StorageProvider.S3, {"secret": Secret(" \n"), "key_id": KEY_ID}, "secret"),
        (StorageProvider.AZURE, {"secret": Secret("")}, "secret"),
    ],
)
def test_half_of_the_credentials_is_refused_and_what_stood_there_stays(
    workplace: Workplace, provider: StorageProvider, given: dict[str, Any], field: str
) -> None:
    runner, folder = workplace.runner, workplace.folder
    target = runner.run(SYSTEM, add_storage_target, "Bucket", provider, NAME, account="clinic1")
    for standing in (None, Credentials("before", KEY_ID)):
        if standing is not None:
            runner.run(SYSTEM, enter_storage_credentials, target, Secret("before"), KEY_ID)
        with pytest.raises(RuleViolation) as refused:
            runner.run(SYSTEM, enter_storage_credentials, target, **given)
        assert refused.value.field == field
        assert SECRET not in str(refused.value)
        assert has_credentials(folder, target) is (standing is not None)
    assert read_credentials(folder, target) == standing


def test_of_azure_the_key_of_the_account_is_enough(workplace: Workplace) -> None:
    target = workplace.runner.run(SYSTEM, add_storage_target, "B", StorageProvider.AZURE, NAME, account="clinic1")
    workplace.runner.run(SYSTEM, enter_storage_credentials, target, Secret(SECRET))
    assert read_credentials(workplace.folder, target) == Credentials(SECRET)


def test_none_are_kept_for_a_bucket_that_was_removed_or_by_somebody_who_may_not(
    workplace: Workplace, bucket: StorageTargetId
) -> None:
    with pytest.raises(PermissionDenied):
        workplace.runner.run(Actor("x", "x"), enter_storage_credentials, bucket, Secret(SECRET), KEY_ID)
    workplace.runner.run(SYSTEM, withdraw_storage_target, bucket)
    with pytest.raises(RuleViolation, match="removed"):
        workplace.runner.run(SYSTEM, enter_storage_credentials, bucket, Secret(SECRET), KEY_ID)
    assert not has_credentials(workplace.folder, bucket)
