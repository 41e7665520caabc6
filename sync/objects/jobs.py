"""Automatic work with the bucket, in the one process that holds the lease and has the credentials."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Final

from app.core.errors import ClinicError
from app.core.i18n import N_
from app.journal.effects import TRAINING_KIND
from app.journal.jobs import EventRow, JobContext, job
from app.journal.queries import SYSTEM
from app.journal.runner import Runner
from app.storage.commands import note_storage_test
from app.storage.credentials import has_credentials
from app.storage.events import StorageTestAsked
from app.storage.queries import Finding, TargetLine, target_line
from app.storage.vocabulary import ObjectKind, StorageTargetId
from sync.objects.bucket import Bucket
from sync.objects.inspecting import inspect
from sync.objects.opening import open_bucket
from sync.objects.transfers import pack_old_originals, plan, send_waiting, targets_in_use

SECONDS: Final = 120.0
"""The longest that one run sends; the next one goes on."""
PACKING_SECONDS: Final = 10.0
COLD_KINDS: Final = (ObjectKind.ORIGINAL, ObjectKind.PACKED)
"""Small copies stay in the ordinary class: they are looked at, and cost almost nothing."""


@job(every=timedelta(seconds=30))
def send_images_to_bucket(context: JobContext) -> None:
    """Queue new images for the bucket and send what is due."""
    for target in ready_targets(context.runner):
        plan(context.runner, target)
        pack_old_originals(context.runner, target, PACKING_SECONDS)
        send_waiting(context.runner, open_bucket(context.runner, target), target, SECONDS)


@job(daily_at=time(4, 0))
def keep_lifecycle_rules(context: JobContext) -> None:
    """Write the rules by which old originals become cheaper, where the bucket does not hold them."""
    for target in ready_targets(context.runner):
        write_lifecycle(open_bucket(context.runner, target), target)


@job(on=StorageTestAsked)
def try_bucket_out(context: JobContext, event: EventRow) -> None:
    """Try the bucket out that somebody asked about, and keep what was found."""
    with context.runner.read(SYSTEM) as read:
        target = target_line(read, StorageTargetId(event.payload["target_id"]))
    try:
        found = list(inspect(open_bucket(context.runner, target), target))
    except ClinicError as error:
        found = [Finding(N_("Open the bucket"), False, error.message_id, {k: str(v) for k, v in error.values.items()})]
    context.run(note_storage_test, target.id, found)


def ready_targets(runner: Runner) -> list[TargetLine]:
    """The buckets in use to which this computer can transfer."""
    folder = runner.place.folder
    if runner.place.kind == TRAINING_KIND:
        return []
    return [
        target
        for target in targets_in_use(runner)
        if not target.lacks_assessment and has_credentials(folder, target.id)
    ]


def write_lifecycle(bucket: Bucket, target: TargetLine) -> bool:
    """Write the rules and read them back; whether the bucket then holds them."""
    prefixes = tuple(f"{target.prefix}{kind}/" for kind in COLD_KINDS)
    held = bucket.keep_cold(prefixes, target.cold_after_days)
    wanted = {(prefix, target.cold_after_days) for prefix in prefixes} if target.cold_after_days else set()
    return wanted <= {(rule.prefix, rule.days) for rule in held}
