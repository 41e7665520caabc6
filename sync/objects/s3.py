"""A bucket of Amazon S3, or of a service that speaks its protocol.

Signatures are Signature Version 4: boto3 signs links for other endpoints with the older one unless told. What arrived
is verified by the MD5 that the service computes of it (the ETag, where the bucket does not encrypt with a key of its
own), else by reading it back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, MutableSequence, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, Final

from app.core.errors import NotFound, RuleViolation
from app.core.i18n import N_
from app.imaging.ports import ObjectDamaged, ObjectHead
from app.storage.credentials import Credentials
from sync.objects import bucket as rules
from sync.objects.bucket import CACHE_CONTROL, PIECE, STALE_DAYS, LifecycleRule, Standing
from sync.objects.troubles import s3_troubles

COLD: Final = "GLACIER_IR"
"""Instant retrieval: a cold image opens as any other, it only costs more to read."""
OURS: Final = "archwire-"
_ABSENT: Final = frozenset({"404", "NoSuchKey", "NotFound"})


class S3Bucket:
    """See `Bucket`. Its methods may be called from several threads.

    Amazon refuses a write to a key that is taken (`If-None-Match`, which costs no request); of another service that is
    known only when `conditional` says so: it is asked before.
    """

    def __init__(
        self, bucket: str, region: str, credentials: Credentials, endpoint: str = "", *, conditional: bool | None = None
    ) -> None:
        import boto3
        from botocore.config import Config

        self.bucket = bucket
        self._conditional = not endpoint if conditional is None else conditional
        self._parts: dict[str, dict[int, dict[str, Any]]] = {}
        self._begun: dict[str, str] = {}
        self._empty: set[str] = set()
        self._sent: dict[str, tuple[int, Any]] = {}
        self._client: Any = boto3.session.Session(
            aws_access_key_id=credentials.key_id,
            aws_secret_access_key=credentials.secret,
            aws_session_token=credentials.token or None,
            region_name=region,
        ).client(
            "s3",
            endpoint_url=endpoint or None,
            config=Config(
                signature_version="s3v4",
                connect_timeout=5,
                read_timeout=60,
                retries={"max_attempts": 2, "mode": "standard"},
                s3={"addressing_style": "path" if endpoint else "auto"},
                max_pool_connections=16,
            ),
        )

    def put(self, key: str, content: BinaryIO, sha256: str, media_type: str = "application/octet-stream") -> ObjectHead:
        """See `Bucket.put`: one request, refused by the service where the key is taken."""
        from botocore.exceptions import ClientError

        rules.check(key, sha256)
        body = rules.read_checked(content, sha256)
        digest = hashlib.md5(body, usedforsecurity=False).hexdigest()
        present = None if self._conditional else rules.same(self.head(key), sha256)
        if present is not None:
            return present
        given = {"Bucket": self.bucket, "Key": key, "Body": body, **_described(sha256, media_type)}
        with s3_troubles():
            try:
                answer = self._client.put_object(**given, **({"IfNoneMatch": "*"} if self._conditional else {}))
            except ClientError as error:
                present = rules.same(self.head(key), sha256) if _is_taken(error) else None
                if present is None:
                    raise
                return present
        self._verify(key, sha256, answer, digest)
        return ObjectHead(key, len(body), sha256, datetime.now(UTC))

    def begin(self, key: str, sha256: str, media_type: str) -> None:
        """See `Bucket.begin`."""
        rules.check(key, sha256)
        with s3_troubles():
            found = self._unfinished(key)
            if found is not None:
                self._begun[key] = found
            else:
                answer = self._client.create_multipart_upload(
                    Bucket=self.bucket, Key=key, **_described(sha256, media_type)
                )
                self._begun[key] = answer["UploadId"]
                self._empty.add(answer["UploadId"])

    def received(self, key: str) -> int:
        """See `ObjectStore.received`: whole pieces from the beginning; what lies beyond a gap counts for nothing."""
        with s3_troubles():
            upload = self._upload(key)
            if upload is None or upload in self._empty:  # begun here a moment ago: nothing to ask about
                return 0
            return sum(part["Size"] for part in self._stored_parts(key, upload))

    def append(self, key: str, offset: int, piece: bytes) -> int:
        """See `ObjectStore.append`: every piece but the last has `PIECE` bytes."""
        if offset % PIECE:
            raise RuleViolation(N_("The upload goes on at another place."), field="offset")
        number = offset // PIECE + 1
        digest = hashlib.md5(piece, usedforsecurity=False).hexdigest()
        with s3_troubles():
            upload = self._upload(key)
            if upload is None:
                raise NotFound(N_("upload"), key)
            self._empty.discard(upload)
            answer = self._client.upload_part(
                Bucket=self.bucket, Key=key, UploadId=upload, PartNumber=number, Body=piece
            )
        if _looks_like_md5(answer["ETag"]) and answer["ETag"].strip('"') != digest:
            raise ObjectDamaged()
        self._follow(upload, offset, piece)
        part = {"PartNumber": number, "ETag": answer["ETag"], "Size": len(piece), "MD5": digest}
        self._parts.setdefault(upload, {})[number] = part
        return offset + len(piece)

    def complete(self, key: str, sha256: str) -> ObjectHead:
        """See `ObjectStore.complete`."""
        rules.check(key, sha256)
        with s3_troubles():
            upload = self._upload(key)
            if upload is None:
                raise NotFound(N_("upload"), key)
            parts = self._all_parts(key, upload)
            listed = [{"PartNumber": part["PartNumber"], "ETag": part["ETag"]} for part in parts]
            answer = self._client.complete_multipart_upload(
                Bucket=self.bucket, Key=key, UploadId=upload, MultipartUpload={"Parts": listed}
            )
        self._begun.pop(key, None)
        known = self._parts.pop(upload, {})
        whole = [known[part["PartNumber"]]["MD5"] for part in parts if part["PartNumber"] in known]
        _length, sent = self._sent.pop(upload, (0, None))
        expected = ""
        if len(whole) == len(parts) and sent is not None and sent.hexdigest() == sha256:
            joined = hashlib.md5(b"".join(map(bytes.fromhex, whole)), usedforsecurity=False).hexdigest()
            expected = f"{joined}-{len(parts)}"
        self._verify(key, sha256, answer, expected)
        return ObjectHead(key, sum(part["Size"] for part in parts), sha256, datetime.now(UTC))

    def get(self, key: str, start: int = 0, length: int | None = None) -> bytes:
        """See `ObjectStore.get`: the whole object is read and checked, whatever range is wanted."""
        rules.check(key)
        head = self._present(key)
        with s3_troubles():
            content: bytes = self._client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        if hashlib.sha256(content).hexdigest() != head.sha256:
            raise ObjectDamaged()
        return content[start : None if length is None else start + length]

    def head(self, key: str) -> ObjectHead | None:
        """See `ObjectStore.head`."""
        from botocore.exceptions import ClientError

        rules.check(key)
        with s3_troubles():
            try:
                found = self._client.head_object(Bucket=self.bucket, Key=key)
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") not in _ABSENT:
                    self._say_why()
                    raise
                return None
        return ObjectHead(key, found["ContentLength"], found["Metadata"].get("sha256", ""), found["LastModified"])

    def list(self, prefix: str = "") -> Iterator[ObjectHead]:
        """See `ObjectStore.list`. An object that is not named by its content costs a request of its own."""
        with s3_troubles():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
            for page in pages:
                for found in page.get("Contents", ()):
                    yield self._listed(found["Key"], found["Size"], found["LastModified"])

    def delete(self, key: str) -> bool:
        """See `ObjectStore.delete`."""
        present = self.head(key) is not None
        with s3_troubles():
            upload = self._upload(key)
            if upload is not None:
                self._client.abort_multipart_upload(Bucket=self.bucket, Key=key, UploadId=upload)
                self._begun.pop(key, None)
            self._client.delete_object(Bucket=self.bucket, Key=key)
        return present or upload is not None

    def link(self, key: str, lifetime: timedelta) -> str:
        """See `Bucket.link`."""
        rules.check(key)
        with s3_troubles():
            made: str = self._client.generate_presigned_url(
                "get_object", {"Bucket": self.bucket, "Key": key}, ExpiresIn=int(lifetime.total_seconds())
            )
        return made

    def standing(self) -> Standing:
        """See `Bucket.standing`. A bucket of Amazon's tells everything; others leave out what they do not know."""
        with s3_troubles():
            self._say_why()
        location = self._asked("get_bucket_location")
        encryption = self._asked("get_bucket_encryption")
        access = self._asked("get_public_access_block")
        closed = (access or {}).get("PublicAccessBlockConfiguration")
        lines = self._lifecycle()
        stale = [line["AbortIncompleteMultipartUpload"] for line in lines if "AbortIncompleteMultipartUpload" in line]
        return Standing(
            region=(location["LocationConstraint"] or "us-east-1") if location else None,
            encryption=_algorithm(encryption),
            is_private=all(closed.values()) if closed else None,
            rules=_rules(lines),
            drops_stale_pieces_after=min((item["DaysAfterInitiation"] for item in stale), default=None),
        )

    def keep_cold(self, prefixes: tuple[str, ...], days: int) -> tuple[LifecycleRule, ...]:
        """See `Bucket.keep_cold`. Rules of others stay; ours are written anew and read back."""
        others = [line for line in self._lifecycle() if not str(line.get("ID", "")).startswith(OURS)]
        cold = [
            {
                "ID": f"{OURS}cold-{number}", "Status": "Enabled", "Filter": {"Prefix": prefix},
                "Transitions": [{"Days": days, "StorageClass": COLD}],
            }
            for number, prefix in enumerate(prefixes)
            if days
        ]  # fmt: skip
        stale = {
            "ID": f"{OURS}stale", "Status": "Enabled", "Filter": {"Prefix": ""},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": STALE_DAYS},
        }  # fmt: skip
        with s3_troubles():
            self._client.put_bucket_lifecycle_configuration(
                Bucket=self.bucket, LifecycleConfiguration={"Rules": [*others, *cold, stale]}
            )
        return _rules(self._lifecycle())

    def _follow(self, upload: str, offset: int, piece: bytes) -> None:
        """Hash what is sent without a gap: an upload that went on after a restart is read back instead."""
        length, digest = self._sent.pop(upload, (0, hashlib.sha256()))
        if length == offset:
            digest.update(piece)
            self._sent[upload] = (length + len(piece), digest)

    def _present(self, key: str) -> ObjectHead:
        found = self.head(key)
        if found is None:
            raise NotFound(N_("object"), key)
        return found

    def _listed(self, key: str, size: int, stored_at: datetime) -> ObjectHead:
        name = key.rpartition("/")[2]
        if len(name) == 64:
            return ObjectHead(key, size, name, stored_at)
        return self._present(key)

    def _verify(self, key: str, sha256: str, answer: dict[str, Any], expected: str) -> None:
        """Take away what is not what was sent."""
        tag = str(answer.get("ETag", "")).strip('"')
        encrypted_otherwise = answer.get("ServerSideEncryption", "AES256") != "AES256"
        if expected and tag == expected and not encrypted_otherwise:
            return
        with s3_troubles():
            content = self._client.get_object(Bucket=self.bucket, Key=key)["Body"]
            digest = hashlib.sha256()
            for piece in content.iter_chunks(PIECE):
                digest.update(piece)
        if digest.hexdigest() != sha256:
            self.delete(key)
            raise ObjectDamaged()

    def _upload(self, key: str) -> str | None:
        """The upload that was begun or found here, else the newest unfinished one of the key."""
        return self._begun.get(key) or self._unfinished(key)

    def _unfinished(self, key: str) -> str | None:
        """The newest that the service lists; where it lists none, the one that was begun here."""
        from botocore.exceptions import ClientError

        try:
            found = self._client.list_multipart_uploads(Bucket=self.bucket, Prefix=key).get("Uploads", ())
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "NotImplemented":
                raise
            return self._begun.get(key)
        mine = [item for item in found if item["Key"] == key]
        return max(mine, key=lambda item: item["Initiated"])["UploadId"] if mine else None

    def _say_why(self) -> None:
        """A refused HEAD says only a status: this request is refused with a reason."""
        self._client.list_objects_v2(Bucket=self.bucket, Prefix="test/none")

    def _stored_parts(self, key: str, upload: str) -> Sequence[dict[str, Any]]:
        """The parts from the beginning without a gap, each of a whole piece but the last."""
        from botocore.exceptions import ClientError

        try:
            pages = self._client.get_paginator("list_parts").paginate(Bucket=self.bucket, Key=key, UploadId=upload)
            stored = [part for page in pages for part in page.get("Parts", ())]
        except ClientError:
            if self._begun.get(key) != upload:
                raise
            stored = [*self._parts.get(upload, {}).values()]
        whole: MutableSequence[dict[str, Any]] = []
        for number, part in enumerate(sorted(stored, key=lambda item: item["PartNumber"]), 1):
            if part["PartNumber"] != number or (whole and whole[-1]["Size"] != PIECE):
                break
            whole.append(part)
        return whole

    def _all_parts(self, key: str, upload: str) -> Sequence[dict[str, Any]]:
        """As `_stored_parts`, without asking where all of them were sent from here."""
        known, (length, _digest) = self._parts.get(upload, {}), self._sent.get(upload, (0, None))
        if known and length == sum(part["Size"] for part in known.values()):
            return [known[number] for number in sorted(known)]
        return self._stored_parts(key, upload)

    def _asked(self, operation: str) -> dict[str, Any] | None:
        """What the bucket says; None when it has nothing of the kind, or does not know the question."""
        from botocore.exceptions import ClientError

        with s3_troubles():
            try:
                found: dict[str, Any] = getattr(self._client, operation)(Bucket=self.bucket)
            except ClientError:
                return None
        return found

    def _lifecycle(self) -> Sequence[dict[str, Any]]:
        return list((self._asked("get_bucket_lifecycle_configuration") or {}).get("Rules", ()))


def _is_taken(error: Any) -> bool:
    return bool(error.response.get("Error", {}).get("Code") == "PreconditionFailed")


def _described(sha256: str, media_type: str) -> dict[str, Any]:
    return {"Metadata": {"sha256": sha256}, "ContentType": media_type, "CacheControl": CACHE_CONTROL}


def _looks_like_md5(tag: str) -> bool:
    return len(tag.strip('"')) == 32


def _algorithm(answer: dict[str, Any] | None) -> str | None:
    found = (answer or {}).get("ServerSideEncryptionConfiguration", {}).get("Rules", ())
    for line in found:
        return str(line.get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm", "")) or None
    return None


def _rules(lines: Sequence[dict[str, Any]]) -> tuple[LifecycleRule, ...]:
    return tuple(
        LifecycleRule(
            str(line.get("Filter", {}).get("Prefix", line.get("Prefix", ""))), step["Days"], step["StorageClass"]
        )
        for line in lines
        if line.get("Status") == "Enabled"
        for step in line.get("Transitions", ())
        if "Days" in step
    )
