"""A container of Azure Blob Storage.

Each block carries its MD5, which the service checks before it takes the block. Blocks that nobody commits are dropped
by Azure after seven days. The rules of an account's lifecycle cannot be reached with the account's key: `keep_cold`
moves old objects to the cool tier one by one, and reads the tier back.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, MutableSequence, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, Final

from app.core.errors import NotFound, RuleViolation
from app.core.i18n import N_
from app.imaging.ports import ObjectDamaged, ObjectHead
from app.storage.credentials import Credentials
from sync.objects import bucket as rules
from sync.objects.bucket import AT_ONCE, CACHE_CONTROL, PIECE, LifecycleRule, Standing
from sync.objects.troubles import azure_trouble, azure_troubles

COLD: Final = "Cool"
BLOCKS_KEPT_DAYS: Final = 7
NO_CONTAINER: Final = "ContainerNotFound"
API_VERSION: Final = "2025-11-05"
"""A version that the service keeps: Azurite, on which the tests run, does not know the newest."""


class AzureContainer:
    """See `Bucket`. Its methods may be called from several threads."""

    def __init__(self, account: str, container: str, credentials: Credentials, endpoint: str = "") -> None:
        from azure.storage.blob import BlobServiceClient

        self._account, self._container, self._key = account, container, credentials.secret
        self._about: dict[str, tuple[str, str]] = {}
        address = endpoint or f"https://{account}.blob.core.windows.net"
        with azure_troubles():
            service = BlobServiceClient(
                address,
                credential={"account_name": account, "account_key": credentials.secret},
                api_version=API_VERSION,
                connection_timeout=5,
                read_timeout=60,
                retry_total=2,
                max_single_put_size=AT_ONCE,
            )
            self._client: Any = service.get_container_client(container)

    def put(self, key: str, content: BinaryIO, sha256: str, media_type: str = "application/octet-stream") -> ObjectHead:
        """See `Bucket.put`."""
        present = rules.same(self.head(key), sha256)
        if present is not None:
            return present
        body = rules.read_checked(content, sha256)
        with azure_troubles():
            self._client.get_blob_client(key).upload_blob(
                body,
                overwrite=True,
                validate_content=True,
                metadata={"sha256": sha256},
                content_settings=_settings(media_type, body),
            )
        return self._present(key)

    def begin(self, key: str, sha256: str, media_type: str) -> None:
        """See `Bucket.begin`: blocks need no beginning; what they will be is told when they are committed."""
        rules.check(key, sha256)
        self._about[key] = (sha256, media_type)

    def received(self, key: str) -> int:
        """See `ObjectStore.received`."""
        return sum(size for _name, size in self._blocks(key))

    def append(self, key: str, offset: int, piece: bytes) -> int:
        """See `ObjectStore.append`: every piece but the last has `PIECE` bytes."""
        if offset % PIECE:
            raise RuleViolation(N_("The upload goes on at another place."), field="offset")
        with azure_troubles():
            self._client.get_blob_client(key).stage_block(_block(offset // PIECE), piece, validate_content=True)
        return offset + len(piece)

    def complete(self, key: str, sha256: str) -> ObjectHead:
        """See `ObjectStore.complete`. Blocks of another run may be among them: what was committed is read back."""
        from azure.storage.blob import BlobBlock

        rules.check(key, sha256)
        blocks = self._blocks(key)
        if not blocks:
            raise NotFound(N_("upload"), key)
        _sha, media_type = self._about.pop(key, (sha256, "application/octet-stream"))
        blob = self._client.get_blob_client(key)
        with azure_troubles():
            blob.commit_block_list(
                [BlobBlock(block_id=name) for name, _size in blocks],
                metadata={"sha256": sha256},
                content_settings=_settings(media_type),
            )
            digest = hashlib.sha256()
            for piece in blob.download_blob(max_concurrency=1).chunks():
                digest.update(piece)
        if digest.hexdigest() != sha256:
            self.delete(key)
            raise ObjectDamaged()
        return self._present(key)

    def get(self, key: str, start: int = 0, length: int | None = None) -> bytes:
        """See `ObjectStore.get`: the whole object is read and checked, whatever range is wanted."""
        head = self._present(key)
        with azure_troubles():
            content: bytes = self._client.get_blob_client(key).download_blob().readall()
        if hashlib.sha256(content).hexdigest() != head.sha256:
            raise ObjectDamaged()
        return content[start : None if length is None else start + length]

    def head(self, key: str) -> ObjectHead | None:
        """See `ObjectStore.head`."""
        from azure.core.exceptions import ResourceNotFoundError

        rules.check(key)
        with azure_troubles():
            try:
                found = self._client.get_blob_client(key).get_blob_properties()
            except ResourceNotFoundError as error:
                if azure_trouble(error)[1] == NO_CONTAINER:
                    raise
                return None
        return ObjectHead(key, found.size, (found.metadata or {}).get("sha256", ""), found.last_modified)

    def list(self, prefix: str = "") -> Iterator[ObjectHead]:
        """See `ObjectStore.list`."""
        with azure_troubles():
            for found in self._client.list_blobs(name_starts_with=prefix, include=["metadata"]):
                yield ObjectHead(found.name, found.size, (found.metadata or {}).get("sha256", ""), found.last_modified)

    def delete(self, key: str) -> bool:
        """See `ObjectStore.delete`. Blocks that were not committed go by themselves."""
        from azure.core.exceptions import ResourceNotFoundError

        rules.check(key)
        with azure_troubles():
            try:
                self._client.get_blob_client(key).delete_blob(delete_snapshots="include")
            except ResourceNotFoundError:
                return False
        return True

    def link(self, key: str, lifetime: timedelta) -> str:
        """See `Bucket.link`."""
        from azure.storage.blob import BlobSasPermissions, generate_blob_sas

        rules.check(key)
        blob = self._client.get_blob_client(key)
        with azure_troubles():
            token = generate_blob_sas(
                self._account, self._container, key, account_key=self._key, permission=BlobSasPermissions(read=True),
                expiry=datetime.now(UTC) + lifetime, protocol="https" if blob.url.startswith("https") else None,
            )  # fmt: skip
        return f"{blob.url}?{token}"

    def standing(self) -> Standing:
        """See `Bucket.standing`. Azure encrypts everything at rest, and tells no region to whoever has a key only."""
        with azure_troubles():
            found = self._client.get_container_properties()
        return Standing(None, "AES256", found.public_access is None, (), BLOCKS_KEPT_DAYS)

    def keep_cold(self, prefixes: tuple[str, ...], days: int) -> tuple[LifecycleRule, ...]:
        """See `Bucket.keep_cold`: what is old enough now is made cold, and its tier read back."""
        before = datetime.now(UTC) - timedelta(days=days)
        done = []
        for prefix in prefixes if days else ():
            with azure_troubles():
                for found in self._client.list_blobs(name_starts_with=prefix):
                    if found.last_modified < before and found.blob_tier != COLD:
                        self.make_cold(found.name)
            done.append(LifecycleRule(prefix, days, COLD))
        return tuple(done)

    def make_cold(self, key: str) -> None:
        """Move an object to the cool tier; `ObjectDamaged` when the service then says something else."""
        blob = self._client.get_blob_client(key)
        with azure_troubles():
            blob.set_standard_blob_tier(COLD)
            if blob.get_blob_properties().blob_tier != COLD:
                raise ObjectDamaged()

    def _present(self, key: str) -> ObjectHead:
        found = self.head(key)
        if found is None:
            raise NotFound(N_("object"), key)
        return found

    def _blocks(self, key: str) -> Sequence[tuple[str, int]]:
        """Uncommitted blocks from the beginning without a gap, each of a whole piece but the last."""
        from azure.core.exceptions import ResourceNotFoundError

        rules.check(key)
        with azure_troubles():
            try:
                _committed, waiting = self._client.get_blob_client(key).get_block_list("uncommitted")
            except ResourceNotFoundError as error:
                if azure_trouble(error)[1] == NO_CONTAINER:
                    raise
                return []
        sizes = {block.id: block.size for block in waiting}
        whole: MutableSequence[tuple[str, int]] = []
        while (name := _block(len(whole))) in sizes and (not whole or whole[-1][1] == PIECE):
            whole.append((name, sizes[name]))
        return whole


def _block(number: int) -> str:
    """Blocks of one blob have names of one length."""
    return uuid.UUID(int=number).hex


def _settings(media_type: str, body: bytes | None = None) -> Any:
    from azure.storage.blob import ContentSettings

    digest = bytearray(hashlib.md5(body, usedforsecurity=False).digest()) if body is not None else None
    return ContentSettings(content_type=media_type, cache_control=CACHE_CONTROL, content_md5=digest)
