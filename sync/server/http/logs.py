"""The server's log: one JSON object a line, of named fields only. No body, no argument, no text of an exception."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import Final, TextIO

import msgspec

FIELDS: Final = ("route", "status", "ms", "device", "address", "practice", "port", "kind", "count")
LOGGER: Final = "archwire.server"


class JsonLines(logging.Formatter):
    """The instant, the level, the event's fixed name and its fields."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        entry = {"at": at, "level": record.levelname.lower(), "event": record.msg}
        entry |= {name: getattr(record, name) for name in FIELDS if getattr(record, name, "") != ""}
        return msgspec.json.encode(entry).decode()


def write_logs(stream: TextIO | None = None, *, requests: bool = True) -> None:
    """Send the server's log to `stream` (standard error); without `requests`, only what is out of the ordinary."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    for name in (LOGGER, "uvicorn"):  # its own words too, without the text of an exception
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.propagate = False
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    logging.getLogger(LOGGER).setLevel(logging.INFO if requests else logging.WARNING)
