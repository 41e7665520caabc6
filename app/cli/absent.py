"""What was named on the command line and is not there."""

from __future__ import annotations

from typing import Any

from app.core.errors import ClinicError, NotFound


class Absent(NotFound):
    """`NotFound` with a sentence of its own: French needs the gender of what is missing."""

    def __init__(self, message_id: str, **values: Any) -> None:
        ClinicError.__init__(self, message_id, **values)
