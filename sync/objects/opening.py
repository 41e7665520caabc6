"""From a bucket on the clinic's list to one that can be spoken to."""

from __future__ import annotations

from pathlib import Path

from app.core.errors import RuleViolation
from app.storage.commands import NEEDS_ASSESSMENT
from app.storage.credentials import Credentials, read_credentials
from app.storage.queries import TargetLine
from app.storage.vocabulary import StorageProvider
from sync.objects.azure import AzureContainer
from sync.objects.bucket import Bucket
from sync.objects.s3 import S3Bucket


def open_bucket(folder: Path, target: TargetLine, credentials: Credentials | None = None) -> Bucket:
    """The bucket, with the credentials that this computer keeps unless others are given.

    Raises `NotFound` where there are none, and `RuleViolation` for a region whose assessment is not recorded.
    """
    if target.lacks_assessment:
        raise RuleViolation(NEEDS_ASSESSMENT)
    known = credentials or read_credentials(folder, target.id)
    if target.provider is StorageProvider.AZURE:
        return AzureContainer(target.account, target.bucket, known, target.endpoint)
    return S3Bucket(target.bucket, target.region, known, target.endpoint)
