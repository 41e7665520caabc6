"""Buckets of the three services: what they keep, how uploads go on, links, lifecycle, troubles in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.storage.credentials import Credentials
from app.storage.queries import TargetLine
from app.storage.vocabulary import Trouble
from sync.objects.inspecting import inspect
from sync.objects.jobs import write_lifecycle
from sync.objects.s3 import COLD, S3Bucket
from sync.objects.troubles import StorageTrouble, trouble_of
from tests.sync.objects import behaviour, services


def test_an_s3_bucket_keeps_objects(bucket: S3Bucket) -> None:
    behaviour.keeps_objects(bucket)


def test_a_service_that_refuses_a_taken_key_is_not_asked_before(address: str, bucket: S3Bucket) -> None:
    behaviour.keeps_objects(S3Bucket(services.BUCKET, services.REGION, services.S3_KEY, address, conditional=True))


def test_an_upload_to_s3_goes_on_in_another_process(bucket: S3Bucket, address: str) -> None:
    behaviour.goes_on_where_it_was_cut_off(bucket, services.s3(address))


def test_s3_keeps_nothing_that_was_not_sent(bucket: S3Bucket) -> None:
    behaviour.refuses_what_is_not_what_was_sent(bucket)


def test_links_of_s3_are_of_signature_version_4_and_name_no_secret(bucket: S3Bucket) -> None:
    behaviour.gives_links(bucket, end=False)  # moto looks at no expiry
    link = bucket.link("thumbnail/aa/bb", timedelta(minutes=15))
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in link
    assert "X-Amz-Expires=900" in link
    assert services.S3_KEY.secret.replace(" ", "") not in link.replace("+", "").replace("%20", "")


def test_lifecycle_rules_are_written_read_back_and_leave_those_of_others(bucket: S3Bucket, target: TargetLine) -> None:
    other = {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": "x/"}, "Expiration": {"Days": 5}}
    services.client(bucket).put_bucket_lifecycle_configuration(
        Bucket=services.BUCKET, LifecycleConfiguration={"Rules": [other]}
    )
    assert write_lifecycle(bucket, target)
    assert write_lifecycle(bucket, target)
    rules = services.client(bucket).get_bucket_lifecycle_configuration(Bucket=services.BUCKET)["Rules"]
    assert [rule["ID"] for rule in rules] == ["theirs", "archwire-cold-0", "archwire-cold-1", "archwire-stale"]
    assert [(rule.prefix, rule.days, rule.storage_class) for rule in bucket.standing().rules] == [
        ("original/", 90, COLD), ("packed/", 90, COLD),
    ]  # fmt: skip
    assert bucket.standing().drops_stale_pieces_after == 14


def test_the_inspection_says_what_is_missing_and_then_that_all_is_well(bucket: S3Bucket, target: TargetLine) -> None:
    found = {finding.step: finding.is_well for finding in inspect(bucket, target)}
    assert found["Reach the bucket"]
    assert found["Write an object"]
    assert found["Read it back"]
    assert found["Remove it"]
    assert not found["Encryption at rest"]
    assert not found["Closed to the public"]
    assert not found["Unfinished uploads"]
    write_lifecycle(bucket, target)
    own = services.client(bucket)
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    own.put_bucket_encryption(Bucket=services.BUCKET, ServerSideEncryptionConfiguration={"Rules": [rule]})
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    own.put_public_access_block(
        Bucket=services.BUCKET, PublicAccessBlockConfiguration=dict.fromkeys(names, True)
    )  # fmt: skip
    try:
        assert all(finding.is_well for finding in inspect(bucket, target))
        assert list(bucket.list()) == []
    finally:
        own.delete_bucket_encryption(Bucket=services.BUCKET)
        own.delete_public_access_block(Bucket=services.BUCKET)


def test_a_bucket_that_is_not_there_is_named(address: str, target: TargetLine) -> None:
    missing = services.s3(address, bucket="nobodys-bucket")
    found = list(inspect(missing, target))
    assert [finding.is_well for finding in found] == [False]
    assert found[0].words == "There is no bucket of this name in this region."


def test_a_service_that_does_not_answer_is_unreachable() -> None:
    gone = services.s3(f"http://127.0.0.1:{services.free_port()}")
    with pytest.raises(StorageTrouble) as refused:
        gone.head("a/b")
    assert refused.value.trouble is Trouble.UNREACHABLE


@pytest.mark.parametrize(
    ("code", "status", "message", "trouble"),
    [
        ("RequestTimeTooSkewed", 403, "", Trouble.CLOCK),
        ("ExpiredToken", 400, "", Trouble.EXPIRED),
        ("InvalidAccessKeyId", 403, "", Trouble.CREDENTIALS),
        ("SignatureDoesNotMatch", 403, "", Trouble.CREDENTIALS),
        ("AuthenticationFailed", 403, "Request date header too old: clock skew", Trouble.CLOCK),
        ("AuthenticationFailed", 403, "Signature not valid: the token has expired", Trouble.EXPIRED),
        ("AccessDenied", 403, "", Trouble.DENIED),
        ("SlowDown", 503, "", Trouble.BUSY),
        ("", 500, "", Trouble.BUSY),
        ("", 403, "", Trouble.DENIED),
        ("NoSuchBucket", 404, "", Trouble.NO_BUCKET),
        ("Strange", 418, "", Trouble.OTHER),
    ],
)
def test_answers_are_troubles(code: str, status: int, message: str, trouble: Trouble) -> None:
    assert trouble_of(code, status, message) is trouble


def test_credentials_are_not_shown() -> None:
    assert "not a secret" not in repr(services.S3_KEY)


def test_signature_version_4_of_a_link_is_that_of_the_published_example(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example of Amazon's documentation of query-string authentication (24 May 2013, examplebucket, test.txt)."""
    import botocore.auth

    moment = datetime(2013, 5, 24, tzinfo=UTC)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda *_given: moment.replace(tzinfo=None))
    example = Credentials("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "AKIAIOSFODNN7EXAMPLE")
    link = S3Bucket("examplebucket", "us-east-1", example).link("test.txt", timedelta(seconds=86400))
    signature = re.search(r"X-Amz-Signature=([0-9a-f]{64})", link)
    assert signature is not None
    assert signature[1] == "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"


@pytest.mark.soak
def test_azurite_keeps_objects_and_judges_keys_and_links(tmp_path: Path) -> None:
    with services.azurite(tmp_path) as address:
        found = services.container(address)
        behaviour.keeps_objects(found)
        behaviour.goes_on_where_it_was_cut_off(found, services.container(address))
        behaviour.refuses_what_is_not_what_was_sent(found)
        behaviour.gives_links(found, end=True)
        key, _sha = behaviour.stored(found, b"old" * 100, "original", "application/dicom")
        found.make_cold(key)
        assert services.client(found).get_blob_client(key).get_blob_properties().blob_tier == "Cool"
        wrong = services.container(address, Credentials(services.AZURITE_KEY.secret.replace("Eby", "Aby")))
        with pytest.raises(StorageTrouble) as refused:
            wrong.head("a/b")
        assert refused.value.trouble in {Trouble.CREDENTIALS, Trouble.DENIED}
        with pytest.raises(StorageTrouble) as absent:
            services.container(address, name="nobody").head("a/b")
        assert absent.value.trouble is Trouble.NO_BUCKET


@pytest.mark.soak
def test_s3rver_keeps_objects_and_judges_keys_and_links(tmp_path: Path) -> None:
    with services.s3rver(tmp_path) as address:
        found = services.s3(address, services.S3RVER_KEY)
        behaviour.keeps_objects(found)
        behaviour.goes_on_where_it_was_cut_off(found, found)  # it lists no unfinished uploads
        behaviour.refuses_what_is_not_what_was_sent(found)
        behaviour.gives_links(found, end=True)
        with pytest.raises(StorageTrouble) as refused:
            services.s3(address, Credentials("S3RVER", "nobody")).standing()
        assert refused.value.trouble in {Trouble.CREDENTIALS, Trouble.DENIED}
