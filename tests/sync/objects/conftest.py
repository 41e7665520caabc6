"""A storage service for the tests of a process, and a clinic with a few images."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.journal.queries import SYSTEM
from app.journal.workplace import Workplace
from app.storage.commands import add_storage_target, use_storage_target
from app.storage.credentials import store_credentials
from app.storage.queries import TargetLine, target_line
from app.storage.vocabulary import Place, StorageProvider
from sync.objects.s3 import S3Bucket
from tests.app.imaging import samples
from tests.app.imaging.conftest import _workers, given, take  # noqa: F401 - fixtures
from tests.app.imaging.test_showing import Take
from tests.sync.objects.services import BUCKET, REGION, S3_KEY, client, moto, s3


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """moto's."""
    with moto() as found:
        yield found


@pytest.fixture
def bucket(address: str) -> S3Bucket:
    """An empty bucket of moto, without rules."""
    found = s3(address)
    for head in list(found.list()):
        found.delete(head.key)
    for upload in client(found).list_multipart_uploads(Bucket=BUCKET).get("Uploads", ()):
        client(found).abort_multipart_upload(Bucket=BUCKET, Key=upload["Key"], UploadId=upload["UploadId"])
    client(found).delete_bucket_lifecycle(Bucket=BUCKET)
    return found


@pytest.fixture
def images(workplace: Workplace, take: Take, given: Path) -> Workplace:  # noqa: F811 - fixtures
    """A clinic with two small radiographs and a photograph."""
    for number in range(2):
        samples.dicom_file(given / f"{number}.dcm", f"1.7.{number}", shade=number)
    samples.photographs(given, "front.jpg")
    take(given)
    return workplace


@pytest.fixture
def target(workplace: Workplace, address: str, bucket: S3Bucket) -> TargetLine:
    """moto's bucket in use, with its credentials on this machine."""
    key = workplace.runner.run(
        SYSTEM, add_storage_target, "Montréal", StorageProvider.COMPATIBLE, BUCKET, REGION,
        endpoint=address, place=Place.QUEBEC,
    )  # fmt: skip
    workplace.runner.run(SYSTEM, use_storage_target, key)
    store_credentials(workplace.runner.place.folder, key, S3_KEY)
    with workplace.runner.read(SYSTEM) as read:
        return target_line(read, key)
