"""Images of a clinic on their way to the bucket: what goes first, what survives, what leaves, what is said."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import NotFound, PermissionDenied, RuleViolation
from app.imaging.commands import turn_image, withdraw_image
from app.imaging.originals import export_original
from app.imaging.renditions import thumbnail
from app.imaging.vocabulary import InstanceId
from app.journal.jobs import EventRow, JobContext
from app.journal.queries import SYSTEM, Actor
from app.journal.settings_store import change_setting
from app.journal.workplace import Workplace
from app.storage.commands import retry_transfers, stop_storage, try_storage_target
from app.storage.packing import packed, unpacked
from app.storage.queries import ImageLocation, TargetLine, due_transfers, image_locations, storage_targets, transfers
from app.storage.report import storage_report
from app.storage.settings import PACK_AFTER_DAYS
from app.storage.uploading import FIRST_WAIT, LONGEST_WAIT, TRIES, Outcome, note_transfers, wait_after
from app.storage.vocabulary import ObjectKind, ObjectState, StorageProvider, Trouble
from sync.objects import transfers as engine
from sync.objects.jobs import ready_targets, send_images_to_bucket, try_bucket_out
from sync.objects.links import link_to
from sync.objects.opening import open_bucket
from sync.objects.s3 import S3Bucket
from sync.objects.transfers import bring_back, pack_old_originals, plan, send_waiting
from sync.objects.troubles import StorageTrouble
from tests.sync.objects import services


def instances(workplace: Workplace) -> list[InstanceId]:
    with workplace.runner.read(SYSTEM) as read:
        return [InstanceId(row[0]) for row in read.sql("SELECT id FROM instance ORDER BY original_kind, id")]


def states(workplace: Workplace) -> dict[tuple[str, str], int]:
    """How many objects there are of each kind and state."""
    with workplace.runner.read(SYSTEM) as read:
        rows = read.sql("SELECT kind, state, count(*) FROM stored_object GROUP BY kind, state")
    return {(kind, state): count for kind, state, count in rows}


def later(workplace: Workplace, by: timedelta) -> None:
    workplace.clock.offset += by


def test_every_image_goes_small_copies_first_and_comes_back_equal(
    images: Workplace, target: TargetLine, bucket: S3Bucket
) -> None:
    runner = images.runner
    assert plan(runner, target) > 0
    assert plan(runner, target) == 0
    with runner.read(SYSTEM) as read:
        order = [item.kind for item in due_transfers(read, target.id, 100)]
    assert order == sorted(order, key=list(ObjectKind).index)
    sent = send_waiting(runner, bucket, target, 60)
    assert sent.trouble is None
    assert sent.stored == len(order)
    assert states(images).keys() == {(kind, "stored") for kind in ("thumbnail", "preview", "full", "original")}
    for instance in instances(images):
        found = {line.kind: line for line in locations(images, instance)}
        original = found[ObjectKind.ORIGINAL]
        content = bucket.get(original.location.removeprefix(f"s3://{services.BUCKET}/"))
        assert hashlib.sha256(content).hexdigest() == original.location.rpartition("/")[2]
        assert content == export_original(runner, SYSTEM, instance).content
        assert found[ObjectKind.THUMBNAIL].stored_bytes < 50_000
        assert original.is_lossless
        assert not found[ObjectKind.PREVIEW].is_lossless


def locations(workplace: Workplace, instance: InstanceId) -> tuple[ImageLocation, ...]:
    return workplace.runner.ask(SYSTEM, image_locations, instance)


def test_the_job_sends_and_a_second_run_has_nothing_to_do(
    images: Workplace, target: TargetLine, bucket: S3Bucket
) -> None:
    context = JobContext(images.runner, "send_images_to_bucket")
    send_images_to_bucket(context)
    first = {head.key for head in bucket.list()}
    assert first
    send_images_to_bucket(context)
    assert {head.key for head in bucket.list()} == first
    images.runner.run(SYSTEM, stop_storage, target.id)
    assert engine.targets_in_use(images.runner) == ()


def test_no_network_ends_the_run_says_why_and_costs_no_try(images: Workplace, target: TargetLine) -> None:
    gone = services.s3(f"http://127.0.0.1:{services.free_port()}")
    plan(images.runner, target)
    sent = send_waiting(images.runner, gone, target, 60)
    assert sent.trouble is Trouble.UNREACHABLE
    assert sent.stored == 0
    told = images.runner.ask(SYSTEM, transfers)
    assert {line.trouble for line in told.lines} == {Trouble.UNREACHABLE, None}
    assert {line.tries for line in told.lines} == {0}
    assert told.stuck == 0


def test_when_the_network_is_back_everything_goes(images: Workplace, target: TargetLine, bucket: S3Bucket) -> None:
    plan(images.runner, target)
    for _round in range(3):
        send_waiting(images.runner, services.s3(f"http://127.0.0.1:{services.free_port()}"), target, 60)
    later(images, timedelta(minutes=1))
    sent = send_waiting(images.runner, bucket, target, 60)
    assert sent.failed == 0
    assert {state for _kind, state in states(images)} == {"stored"}


def test_a_503_and_expired_credentials_are_told_apart(
    images: Workplace, target: TargetLine, bucket: S3Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(images.runner, target)
    for trouble in (Trouble.BUSY, Trouble.EXPIRED, Trouble.CLOCK):
        later(images, timedelta(minutes=1))
        with monkeypatch.context() as broken:
            broken.setattr(bucket, "put", refusing(trouble))
            assert send_waiting(images.runner, bucket, target, 60).trouble is trouble
        assert trouble in {line.trouble for line in images.runner.ask(SYSTEM, transfers).lines}
    later(images, timedelta(minutes=1))
    assert send_waiting(images.runner, bucket, target, 60).failed == 0


def refusing(trouble: Trouble) -> Any:
    def put(*_given: Any) -> None:
        raise StorageTrouble(trouble)

    return put


def test_an_object_that_fails_by_itself_waits_longer_and_longer_and_then_needs_somebody(
    images: Workplace, target: TargetLine
) -> None:
    runner = images.runner
    plan(runner, target)
    first = runner.ask(SYSTEM, transfers).lines[0].id
    for number in range(1, TRIES + 1):
        runner.run(SYSTEM, note_transfers, [Outcome(first, Trouble.DAMAGED)])
        line = next(line for line in runner.ask(SYSTEM, transfers).lines if line.id == first)
        assert line.tries == number
        assert line.next_try_at is not None
        assert line.next_try_at <= images.clock.now() + LONGEST_WAIT + FIRST_WAIT
    assert line.state is ObjectState.STUCK
    assert runner.ask(SYSTEM, transfers).stuck == 1
    runner.run(SYSTEM, retry_transfers)
    assert runner.ask(SYSTEM, transfers).stuck == 0
    assert {wait_after(5) for _again in range(4)} != {wait_after(5)}


def test_an_image_that_is_not_here_is_named_and_the_others_go(
    images: Workplace, target: TargetLine, bucket: S3Bucket
) -> None:
    plan(images.runner, target)
    with images.runner.read(SYSTEM) as read:
        missing = due_transfers(read, target.id, 100)[-1]
    images.files.path(missing.content_hash).unlink()
    sent = send_waiting(images.runner, bucket, target, 60)
    assert sent.failed == 1
    assert sent.trouble is None
    told = [line.trouble for line in images.runner.ask(SYSTEM, transfers).lines]
    assert told == [Trouble.MISSING]


def test_a_turned_image_is_sent_again_and_the_old_copies_leave(
    images: Workplace, target: TargetLine, bucket: S3Bucket
) -> None:
    runner = images.runner
    context = JobContext(runner, "send_images_to_bucket")
    send_images_to_bucket(context)
    turned = instances(images)[-1]  # the radiographs look alike, so that they share their small copies
    before = {line.location for line in locations(images, turned)}
    runner.run(SYSTEM, turn_image, turned)
    assert thumbnail(runner, SYSTEM, turned)
    send_images_to_bucket(context)
    after = {line.location for line in locations(images, turned)}
    assert before != after
    assert {f"s3://{services.BUCKET}/{head.key}" for head in bucket.list()} >= after
    gone = before - after
    assert gone
    assert not gone & {f"s3://{services.BUCKET}/{head.key}" for head in bucket.list()}


def test_what_is_withdrawn_stays_and_nothing_new_is_queued(
    images: Workplace, target: TargetLine, bucket: S3Bucket
) -> None:
    context = JobContext(images.runner, "send_images_to_bucket")
    send_images_to_bucket(context)
    kept = {head.key for head in bucket.list()}
    images.runner.run(SYSTEM, withdraw_image, instances(images)[0])
    send_images_to_bucket(context)
    assert {head.key for head in bucket.list()} == kept


def test_a_link_needs_the_right_is_short_and_is_written_down_nowhere(
    images: Workplace, target: TargetLine, boss: Actor
) -> None:
    runner = images.runner
    send_images_to_bucket(JobContext(runner, "send_images_to_bucket"))
    stored = locations(images, instances(images)[0])[0]
    link = link_to(runner, boss, stored.object_id)
    signature = link.partition("X-Amz-Signature=")[2][:64]
    assert len(signature) == 64
    with pytest.raises(PermissionDenied):
        link_to(runner, Actor("x", "x"), stored.object_id)
    with pytest.raises(RuleViolation):
        link_to(runner, boss, stored.object_id, timedelta(minutes=61))
    with pytest.raises(NotFound):
        link_to(runner, boss, "nothing")
    assert not told_anywhere(images, signature)
    assert not told_anywhere(images, services.S3_KEY.secret)


def told_anywhere(workplace: Workplace, words: str) -> bool:
    """Whether words stand in any column of any table."""
    with workplace.runner.read(SYSTEM) as read:
        tables = [row[0] for row in read.sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in read.sql(f'SELECT * FROM "{table}"'):
                if any(words in str(value) for value in row):
                    return True
    return False


def test_the_test_of_a_bucket_is_kept_with_it(images: Workplace, target: TargetLine) -> None:
    runner = images.runner
    runner.run(SYSTEM, try_storage_target, target.id)
    event = EventRow("1", "STORAGE_TEST_ASKED", None, 0, {"target_id": target.id})
    try_bucket_out(JobContext(runner, "try_bucket_out"), event)
    line = runner.ask(SYSTEM, storage_targets)[0]
    assert line.tested_at is not None
    assert [finding.is_well for finding in line.findings][:4] == [True] * 4


def test_old_originals_are_packed_only_where_every_byte_comes_again(
    images: Workplace, target: TargetLine, bucket: S3Bucket, tmp_path: Path
) -> None:
    runner = images.runner
    context = JobContext(runner, "send_images_to_bucket")
    send_images_to_bucket(context)
    assert pack_old_originals(runner, target, 10) == 0
    runner.run(SYSTEM, change_setting, PACK_AFTER_DAYS.name, "30")
    later(images, timedelta(days=31))
    send_images_to_bucket(context)
    send_images_to_bucket(context)
    found = states(images)
    assert found[("packed", "stored")] == 2
    assert found[("original", "removed")] == 2
    assert found[("original", "stored")] == 1  # the photograph stays as it was received
    for instance in instances(images):
        whole = export_original(runner, SYSTEM, instance)
        line = next(line for line in locations(images, instance) if line.kind in {"packed", "original"})
        path = images.files.path(whole.sha256)
        path.rename(tmp_path / "away")
        assert bring_back(runner, bucket, line.object_id) == whole.sha256
        assert images.files.read(whole.sha256) == whole.content


def test_packing_refuses_what_it_cannot_give_back() -> None:
    assert packed(b"no DICOM at all") is None
    with pytest.raises(ValueError, match="no packed original"):
        unpacked(b"something")
    with pytest.raises(ValueError, match="damaged"):
        unpacked(b"ARCHWIRE PACKED 1\n\x93")


def test_the_report_tells_stored_moved_and_cost_apart(images: Workplace, target: TargetLine) -> None:
    runner = images.runner
    assert runner.ask(SYSTEM, storage_report).kinds == ()
    send_images_to_bucket(JobContext(runner, "send_images_to_bucket"))
    report = runner.ask(SYSTEM, storage_report)
    assert [share.kind for share in report.kinds] == ["thumbnail", "preview", "full", "original"]
    by_source = {share.source: share for share in report.sources}
    assert by_source["photographs"].saved_per_mille == 0
    assert by_source["radiographs"].images == 2
    assert report.original_bytes > 0
    assert report.cold_bytes == 0
    later(images, timedelta(days=target.cold_after_days + 1))
    assert runner.ask(SYSTEM, storage_report).cold_bytes == sum(share.stored_bytes for share in report.kinds)


def test_a_bucket_of_another_provider_is_opened(workplace: Workplace, target: TargetLine) -> None:
    assert isinstance(open_bucket(workplace.runner, target), S3Bucket)
    assert target.provider is StorageProvider.COMPATIBLE


def test_nothing_leaves_a_training_folder(
    images: Workplace, target: TargetLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = images.runner
    monkeypatch.setattr(runner, "place", replace(runner.place, kind="demo"))
    assert ready_targets(runner) == []
    with pytest.raises(RuleViolation, match="training"):
        open_bucket(runner, target)


def test_what_cannot_be_packed_is_tried_once(
    images: Workplace, target: TargetLine, bucket: S3Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = images.runner
    send_images_to_bucket(JobContext(runner, "send_images_to_bucket"))
    later(images, timedelta(days=400))
    tried: list[bytes] = []
    monkeypatch.setattr(engine, "packed", tried.append)
    assert pack_old_originals(runner, target, 10) == 0
    assert len(tried) == 2
    assert pack_old_originals(runner, target, 10) == 0
    assert len(tried) == 2
    assert states(images)[("original", "stored")] == 3
