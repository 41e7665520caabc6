"""The gateway's log: one JSON object a line, of named fields only. No identifier, no name, no text of an exception."""

from __future__ import annotations

import logging
import sys
import warnings
from datetime import UTC, datetime
from typing import Final, TextIO

import msgspec

FIELDS: Final = ("calling_ae", "address", "refusal", "count", "bytes", "ms", "port", "status", "kind", "service")
LOGGER: Final = "archwire.gateway"
_log = logging.getLogger(LOGGER)


class JsonLines(logging.Formatter):
    """The instant, the level, the event's fixed name and its fields."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        entry = {"at": at, "level": record.levelname.lower(), "event": str(record.msg)}
        entry |= {name: getattr(record, name) for name in FIELDS if getattr(record, name, "") != ""}
        return msgspec.json.encode(entry).decode()


def silence_libraries() -> None:
    """pynetdicom and pydicom quote what they read, which may name a patient: they write nothing anywhere."""
    import pynetdicom  # its import adds a handler
    from pynetdicom import _config

    assert pynetdicom.__name__
    _config.LOG_HANDLER_LEVEL = "none"
    for name in ("pynetdicom", "pydicom"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [logging.NullHandler()]
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)
    warnings.filterwarnings("ignore", module=r"(pydicom|pynetdicom)(\.|$)")


def write_logs(stream: TextIO | None = None, *, quiet: bool = False) -> None:
    """Send the gateway's log to `stream` (standard error); when quiet, only what is out of the ordinary."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    _log.handlers[:] = [handler]
    _log.propagate = False
    _log.setLevel(logging.WARNING if quiet else logging.INFO)


def safe_title(title: str) -> str:
    """An AE title from the network as a log may hold it: at most 16 printable ASCII characters."""
    return "".join(character if " " < character < "\x7f" else "?" for character in title.strip())[:16]
