"""From a bucket on the clinic's list to one that can be spoken to."""

from __future__ import annotations

from app.core.errors import RuleViolation
from app.journal.effects import HELD_BACK, TRAINING_KIND
from app.journal.runner import Runner
from app.storage.commands import NEEDS_ASSESSMENT
from app.storage.credentials import read_credentials
from app.storage.queries import TargetLine
from app.storage.vocabulary import StorageProvider
from sync.objects.azure import AzureContainer
from sync.objects.bucket import Bucket
from sync.objects.s3 import S3Bucket


def open_bucket(runner: Runner, target: TargetLine) -> Bucket:
    """The bucket, with the credentials that this computer keeps.

    Raises `NotFound` where there are none, and `RuleViolation` for a region whose assessment is not recorded, and in a
    training folder, from which nothing leaves.
    """
    if runner.place.kind == TRAINING_KIND:
        raise RuleViolation(HELD_BACK)
    if target.lacks_assessment:
        raise RuleViolation(NEEDS_ASSESSMENT)
    known = read_credentials(runner.place.folder, target.id)
    if target.provider is StorageProvider.AZURE:
        return AzureContainer(target.account, target.bucket, known, target.endpoint)
    return S3Bucket(target.bucket, target.region, known, target.endpoint)
