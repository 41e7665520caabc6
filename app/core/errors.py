"""The error tree: every failure that a person can cause or meet, as a message id with values.

Anything that is not a `ClinicError` is a bug: it is rolled back whole and logged without patient data.
"""

from __future__ import annotations

from typing import Any, ClassVar

from app.core.i18n import N_, translate


class ClinicError(Exception):
    """Base of all errors with a sentence for people.

    `message_id` is the English sentence (a gettext msgid) with `{name}` places; `values` fill them.
    `field` names the argument of the command that is at fault, so that a form can show the sentence beside it.
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, message_id: str, *, field: str | None = None, **values: Any) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.field = field
        self.values = values

    def __str__(self) -> str:
        return translate(self.message_id, **self.values)


class UsageError(ClinicError):
    """The call itself is malformed: unknown command, missing or unreadable argument."""

    exit_code = 2


class RuleViolation(ClinicError):
    """A rule of the clinic refuses the command; shown inline, beside the field."""

    exit_code = 3


class NoRoom(RuleViolation):
    """The disk is full, or does not answer; nothing was written."""


class StaleRecord(RuleViolation):
    """The record has changed since the person read it."""


class PermissionDenied(ClinicError):
    """The actor does not hold the permission of the command or query."""

    exit_code = 4

    def __init__(self, permission: str, label: str) -> None:
        super().__init__(N_("You need the permission “{permission}”."), permission=label)
        self.permission = permission


class NotFound(ClinicError):
    """No living record has this id; `kind` is what people call such a record (a msgid marked with `N_`)."""

    exit_code = 5

    def __init__(self, kind: str, key: str) -> None:
        message = N_("No {kind} has the identifier {key}.") if key.strip() else N_("No {kind} was chosen.")
        super().__init__(message, kind=kind, key=key)


class Unreachable(ClinicError):
    """Another machine does not answer; the sync indicator shows it, never a dialog."""

    exit_code = 6


class IntegrityFailure(ClinicError):
    """The database, the journal or a sealed file is not what was written."""

    exit_code = 7
