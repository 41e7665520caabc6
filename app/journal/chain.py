"""Salted commitments and the hash chain over the device's own operations. Pure: no database here.

commitment(change)    = SHA256(salt ‖ table ‖ key ‖ subject ‖ kind ‖ canonical(delta))
commitment(arguments) = SHA256(operation.salt ‖ arguments ‖ reason)
operation.commitments = commitment(arguments), then those of its changes in order, 32 bytes each
operation.hash        = SHA256(previous hash ‖ canonical(header) ‖ commitments)

Commitments stand in the operation, so that erasing a person (delta and salt to NULL) leaves the chain whole.
The canonical form is the sorted JSON of the decoded value, never the stored text: two databases order keys
differently.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

import msgspec

GENESIS: Final = bytes(32)
_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder().decode


class Header(msgspec.Struct, frozen=True):
    """What of an operation the chain protects besides its commitments."""

    id: str
    origin: str
    device: str
    number: int
    command: str
    actor: str | None
    session: str | None
    hlc: int
    schema: int
    undoes: str | None
    group: str | None


def change_commitment(salt: bytes, table: str, key: str, subject: str | None, kind: str, delta: str) -> bytes:
    """The 32 bytes that stand for one change row."""
    return content_commitment(salt, table, key, subject, kind, _decode(delta))


def content_commitment(salt: bytes, table: str, key: str, subject: str | None, kind: str, content: object) -> bytes:
    """As `change_commitment`, from the delta as a value: what has come over the line is decoded already."""
    head = f"{table}\x1f{key}\x1f{subject or ''}\x1f{kind}\x1f".encode()
    return sha256(salt + head + _encode(content)).digest()


def argument_commitment(salt: bytes, arguments: str | None, reason: str | None) -> bytes:
    """The 32 bytes that stand for the arguments and the reason."""
    return sha256(salt + f"{arguments or ''}\x1f{reason or ''}".encode()).digest()


def link(previous: bytes, header: Header, commitments: bytes) -> bytes:
    """The operation's hash."""
    fields = (
        header.id, header.origin, header.device, header.number, header.command, header.actor, header.session,
        header.hlc, header.schema, header.undoes, header.group,
    )  # fmt: skip
    return link_fields(previous, fields, commitments)


def link_fields(previous: bytes, fields: tuple[object, ...], commitments: bytes) -> bytes:
    """As `link`, from the header's fields in their order: verification has them as a row."""
    return sha256(previous + _encode(fields) + commitments).digest()


def access_link(previous: bytes, fields: Iterable[object]) -> bytes:
    """The hash of an access-log entry."""
    return sha256(previous + _encode(list(fields))).digest()
