"""What the server remembers of its devices and of its own epochs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from app.core.ids import new_id
from app.journal.operations import set_state, state
from app.journal.queries import Reading
from sync.protocol.packing import run_of

EPOCH: Final = "epoch"
EPOCHS: Final = "epochs"
EPOCH_SINCE: Final = "epoch_since"
FOUNDER: Final = "founder"
"""The device that had the practice before there was a server."""
FOUNDER_UNTIL: Final = "founder_until"
"""The number of its last operation of that time."""


@dataclass(slots=True)
class Known:
    """A device as the server knows it, while a push is taken in."""

    id: str
    last_number: int
    last_hash: bytes
    last_hlc: int
    is_revoked: bool = False
    """What it still sends is set aside; it gets nothing any more."""


def device_named(run: Any, device: str) -> Known | None:
    """A device that was let in, perhaps shut out since; None for a stranger."""
    row = run.execute(
        "SELECT last_number, last_hash, last_hlc, revoked_at FROM server_device WHERE id = ?", (device,)
    ).fetchone()
    if row is None:
        return None
    return Known(device, row[0], bytes.fromhex(row[1]) if row[1] else bytes(32), row[2], row[3] is not None)


def head_of(run: Any) -> int:
    """The newest sequence."""
    return int(run.execute("SELECT coalesce(max(n), 0) FROM operation WHERE hash IS NOT NULL").fetchone()[0])


def epochs_of(run: Any) -> list[tuple[str, int]]:
    """The epochs before this one, the oldest first, each with the sequence at which it ended."""
    return msgspec.json.decode(state(run, EPOCHS) or "[]", type=list[tuple[str, int]])


def begin_epoch(run: Any, now: int) -> str:
    """After a restore: a new epoch, from which every workstation notices that sequences count anew.

    Inside a transaction; `now` is milliseconds since 1970. Who calls it gives the server a new device too: its old
    numbers were given.
    """
    former = [*epochs_of(run), (state(run, EPOCH) or "", head_of(run))]
    epoch = new_id()
    set_state(run, EPOCHS, msgspec.json.encode(former).decode())
    set_state(run, EPOCH, epoch)
    set_state(run, EPOCH_SINCE, str(now))
    return epoch


def rewind_to(run: Any, epoch: str | None) -> int:
    """How far sequences of an earlier epoch still count; none do of an epoch that is not remembered."""
    if epoch is None or epoch == state(run, EPOCH):
        return head_of(run)
    former = epochs_of(run)
    names = [name for name, _end in former]
    return min(end for _name, end in former[names.index(epoch) :]) if epoch in names else 0


def founder_of(read: Reading) -> tuple[str | None, int]:
    """The founder, and the number of its last operation from before there was a server."""
    run = run_of(read)
    return state(run, FOUNDER), int(state(run, FOUNDER_UNTIL) or 0)
