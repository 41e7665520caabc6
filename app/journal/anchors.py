"""The anchor file: the heads of both chains, outside the database, so that a cut tail is noticed.

It is written by the idle writer, at most once a second, and authenticated under a key derived from the database key. A
cut of database and anchor file together by somebody who holds the key is only noticed against the server's signed head.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec

from app.core.errors import IntegrityFailure
from app.core.i18n import N_
from app.journal.chain import GENESIS
from app.journal.operations import read_head

ANCHOR_FILE: Final = "workstation.anchor"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The last own operation and the last access-log entry, with their hashes in hexadecimal."""

    device: str
    number: int
    hash: str
    access_n: int
    access_hash: str

    def mac(self, key: bytes) -> str:
        """Authentication of the content."""
        text = f"{self.device}|{self.number}|{self.hash}|{self.access_n}|{self.access_hash}"
        return hmac.new(key, text.encode(), sha256).hexdigest()


def current_anchor(run: Any, device: str) -> Anchor:
    """The heads as the database holds them."""
    head = read_head(run, device)
    row = run.execute("SELECT n, hash FROM access_log ORDER BY n DESC LIMIT 1").fetchone() or (0, GENESIS)
    return Anchor(device, head.number, head.hash.hex(), row[0], row[1].hex())


def holds_operation(run: Any, anchor: Anchor) -> bool:
    """Whether the database still has the operation that the anchor remembers."""
    query = "SELECT hash FROM operation WHERE device = ? AND number = ?"
    row = run.execute(query, (anchor.device, anchor.number)).fetchone()
    return not anchor.number or (row is not None and row[0] is not None and row[0].hex() == anchor.hash)


def holds_access(run: Any, anchor: Anchor) -> bool:
    """Whether the database still has the access-log entry that the anchor remembers."""
    row = run.execute("SELECT hash FROM access_log WHERE n = ?", (anchor.access_n,)).fetchone()
    return not anchor.access_n or (row is not None and row[0].hex() == anchor.access_hash)


def is_contradicted(run: Any, folder: Path, device: str, key: bytes) -> bool:
    """Whether the anchor file is not ours, or remembers what the database no longer holds."""
    try:
        known = read_anchor(folder, key)
    except IntegrityFailure:
        return True
    return known is not None and not (
        known.device == device and holds_operation(run, known) and holds_access(run, known)
    )


def advance_anchor(run: Any, folder: Path, device: str, key: bytes) -> None:
    """Let the anchor remember the heads of now.

    One that the database contradicts stays as it is: replaced, it would hide for ever that the tail was cut.
    """
    if is_contradicted(run, folder, device, key):
        return
    heads = current_anchor(run, device)
    if heads != read_anchor(folder, key):
        write_anchor(folder, heads, key)


def write_anchor(folder: Path, anchor: Anchor, key: bytes) -> None:
    """Replace the anchor file."""
    content = msgspec.json.encode(
        {"device": anchor.device, "number": anchor.number, "hash": anchor.hash, "access_n": anchor.access_n,
         "access_hash": anchor.access_hash, "mac": anchor.mac(key)}
    )  # fmt: skip
    temporary = folder / f"{ANCHOR_FILE}.{os.getpid()}.{secrets.token_hex(4)}"
    temporary.write_bytes(content)
    try:
        temporary.replace(folder / ANCHOR_FILE)
    except OSError:  # Windows: another process holds the file; the next idle moment writes it
        with contextlib.suppress(OSError):
            temporary.unlink()


def read_anchor(folder: Path, key: bytes) -> Anchor | None:
    """The anchor, None when there is no file; `IntegrityFailure` when it was forged or damaged."""
    try:
        content = msgspec.json.decode((folder / ANCHOR_FILE).read_bytes(), type=dict[str, Any])
        mac = content.pop("mac")
        anchor = Anchor(**content)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError) as error:
        raise IntegrityFailure(N_("The anchor file is damaged.")) from error
    if not hmac.compare_digest(mac, anchor.mac(key)):
        raise IntegrityFailure(N_("The anchor file is damaged."))
    return anchor
