"""What the server knows already of operations that come: their receipts, who has brought them, whose clocks it gave."""

from __future__ import annotations

from typing import Any

import msgspec

from app.journal.records import REGISTRY, Merge
from sync.protocol.messages import Operation
from sync.server.standing import Known


def numbers_after(run: Any, known: Known) -> dict[int, int]:
    """{number: sequence} of operations of a device that are here, though it has not sent them itself."""
    query = "SELECT number, n FROM operation WHERE device = ? AND number > ?"
    return dict(run.execute(query, (known.id, known.last_number)).fetchall())


def receipt_of(run: Any, operation: Operation) -> tuple[Any, ...] | None:
    """(hash, result, why, sequence, hlc) of the answer that was given, None when there was none."""
    key = f"{operation.device}/{operation.number}"
    query = "SELECT hash, result, why, sequence, hlc FROM server_receipt WHERE id = ?"
    found: tuple[Any, ...] | None = run.execute(query, (key,)).fetchone()
    return found


def is_same(run: Any, n: int, operation: Operation) -> bool:
    """Whether what stands here as operation `n`, which was relayed, is this one: its header and its events.

    Of a FIELD row nothing follows: who relayed it may have had own values in it.
    """
    header = run.execute("SELECT id, command, actor FROM operation WHERE n = ?", (n,)).fetchone()
    if header != (operation.id, operation.command, operation.actor):
        return False
    sent = {(change.table, change.key): change.values() for change in operation.changes if change.delta is not None}
    here = run.execute("SELECT tbl, pk, delta FROM change WHERE operation = ? AND delta IS NOT NULL", (n,)).fetchall()
    return all(
        sent[table, key].get(name) == after
        for table, key, delta in here
        if (table, key) in sent and REGISTRY[table].merge is Merge.EVENT
        for name, (_before, after) in msgspec.json.decode(delta).items()
    )


def was_corrected(run: Any, stamp: tuple[int, str]) -> bool:
    """Whether the operation with this clock and device has its clock from this server."""
    found = run.execute(
        "SELECT 1 FROM operation o JOIN server_receipt r ON r.id = o.device || '/' || o.number"
        " WHERE o.hlc = ? AND o.device = ? AND r.hlc IS NOT NULL",
        stamp,
    )
    return found.fetchone() is not None
