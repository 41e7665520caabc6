"""The root of everything that the viewer can refuse.

The `message_id` is an English sentence with named places, which the screens translate; the values hold only technical
facts (a UID, a number of bytes, a landmark), never anything about the patient.
"""

from __future__ import annotations


def N_(message_id: str) -> str:
    """Mark a sentence for extraction; the viewer is stand-alone and translates nothing itself."""
    return message_id


class ViewerError(Exception):
    """`message_id.format(**values)` says in English what went wrong."""

    message_id = N_("This cannot be done.")

    def __init__(self, message_id: str | None = None, **values: str | int) -> None:
        self.message_id = message_id or type(self).message_id
        self.values = values
        super().__init__(self.message_id.format(**values))
