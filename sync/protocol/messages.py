"""The messages of protocol 1. JSON by msgspec; fields that a side does not know are ignored, so that they may grow.

The unit of everything is the operation: it is pushed whole, accepted or refused whole, and pulled whole. A refusal
is an answer like any other: errors of the transport are only those of the transport.
"""

from __future__ import annotations

import enum
from typing import Any, Final

import msgspec

PROTOCOL: Final = 1
ERASED_PERSON: Final = "erased_person"
"""Why an operation is refused whose author did not know that the person had been erased; its content is not kept."""
PUSH_OPERATIONS: Final = 500
"""At most so many operations in one push."""
PAGE_OPERATIONS: Final = 250
"""At most so many operations in one page while a window is watched: a longer page would hold the write lock."""
CATCH_UP_OPERATIONS: Final = 2_000
"""At most so many operations in one page for a workstation that is far behind."""


class Must(enum.StrEnum):
    """What a workstation has to do before anything else."""

    REPUSH = "repush"
    """The server was restored: send again what it does not have."""
    BOOTSTRAP = "bootstrap"
    """Too far behind, or refused writes that cannot be taken back one by one: begin from a snapshot."""
    REENROL = "reenrol"
    """The server does not know this device, or knows another history of it (its folder was copied or restored)."""
    REVOKED = "revoked"
    """This device was shut out: it hands over what it has written, then destroys its keys."""
    UPGRADE = "upgrade"
    """The server no longer reads this version's operations."""


class Result(enum.StrEnum):
    """What became of a pushed operation."""

    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"
    """Accepted; everything in it had been overwritten by later edits."""
    DUPLICATE = "duplicate"
    """It was here already."""
    REJECTED = "rejected"
    """Kept in the inbox of both sides, applied nowhere."""


class Change(msgspec.Struct, omit_defaults=True, frozen=True, rename={"table": "t", "key": "k", "kind": "c"}):
    """One change row: `delta` is {column: [before, after]}, None once its person was erased."""

    table: str
    key: str
    kind: str
    subject: str | None = None
    delta: dict[str, tuple[Any, Any]] | None = None
    salt: bytes | None = None

    def values(self) -> dict[str, Any]:
        """The columns' new values, as stored."""
        return {name: after for name, (_before, after) in (self.delta or {}).items()}


class Operation(msgspec.Struct, omit_defaults=True, frozen=True):
    """An operation on its way. `hash` links it to the device's operation before; `sequence` is the server's number.

    `again`: a server of an earlier epoch judged it, and lost that when it was restored; `refused` is why it was
    refused then, and stays; `corrected` the clock that it was given then.
    """

    id: str
    device: str
    number: int
    origin: str
    command: str
    hlc: int
    schema: int
    changes: tuple[Change, ...] = ()
    actor: str | None = None
    session: str | None = None
    arguments: str | None = None
    reason: str | None = None
    undoes: str | None = None
    group: str | None = None
    salt: bytes | None = None
    commitments: bytes | None = None
    hash: bytes | None = None
    sequence: int | None = None
    again: bool = False
    refused: str = ""
    corrected: int | None = None


class Hello(msgspec.Struct, omit_defaults=True, frozen=True):
    """The first word of a workstation: who it is and how far it has come."""

    device: str
    practice: str
    schema: int
    cursor: int = 0
    last_number: int = 0
    epoch: str | None = None
    protocol: int = PROTOCOL


class HelloReply(msgspec.Struct, omit_defaults=True, frozen=True):
    """`have_number` is the last of the device's operations that the server has; `head` the newest sequence.

    `rewind_to` is the sequence from which this epoch counts: a workstation that is beyond it comes back to it.
    """

    epoch: str
    now: int
    head: int
    have_number: int
    rewind_to: int = 0
    must: Must | None = None


class Push(msgspec.Struct, omit_defaults=True, frozen=True):
    """Own operations, in order, without a gap.

    `relayed`: operations of others instead, which a server that was restored may have lost with their author.
    `cursor` tells which erasures the device has seen: what it wrote before them is empty.
    """

    device: str
    epoch: str
    operations: tuple[Operation, ...]
    relayed: bool = False
    cursor: int = 0


class RowState(msgspec.Struct, omit_defaults=True, frozen=True):
    """A row as the server has it; no values: it has none. `hlc` is the latest clock that wrote it."""

    table: str
    key: str
    values: dict[str, Any] | None = None
    hlc: int = 0


class Verdict(msgspec.Struct, omit_defaults=True, frozen=True):
    """What became of one operation. `hlc` is given when the server corrected its clock; `why` is a code."""

    number: int
    result: Result
    operation: str = ""
    sequence: int | None = None
    hlc: int | None = None
    why: str = ""
    fixes: tuple[RowState, ...] = ()


class PushReply(msgspec.Struct, omit_defaults=True, frozen=True):
    """The verdicts, and where the server stands now. Never moves the workstation's cursor."""

    epoch: str
    now: int
    head: int
    have_number: int
    verdicts: tuple[Verdict, ...] = ()
    must: Must | None = None


class Pull(msgspec.Struct, frozen=True):
    """A wish for what comes after `cursor`. `whole`: own operations with their changes too, for they have lost their
    places among the others when the server was restored.
    """

    device: str
    epoch: str
    cursor: int
    maximum: int = PAGE_OPERATIONS
    whole: bool = False


class Page(msgspec.Struct, omit_defaults=True, frozen=True):
    """Operations after `start`, whole ones only; `next` is the cursor once they are applied."""

    epoch: str
    now: int
    start: int
    next: int
    head: int
    operations: tuple[Operation, ...] = ()
    must: Must | None = None


Request = Hello | Push | Pull
Reply = HelloReply | PushReply | Page
