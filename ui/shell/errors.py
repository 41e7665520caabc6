"""The one presenter: every failure that reaches the screen passes here, and none opens a box.

A rule with a field goes to the form that asked, other sentences to a banner, an unreachable machine to the sync
indicator, and a fault of the program to a short sentence and a log line without anything about a patient.
"""

from __future__ import annotations

import logging
import traceback
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from app.core.errors import ClinicError, NotFound, PermissionDenied, StaleRecord, Unreachable
from app.core.i18n import N_, _

log = logging.getLogger("archwire.ui")

BUG = N_("This could not be done, and nothing was changed. The fault is noted in the log of this workstation.")


class Form(Protocol):
    """Whatever holds fields that can carry a sentence."""

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """Put its sentence under the field; False when there is no such field here."""
        ...


def sentence_of(error: BaseException) -> str:
    """What a person reads; a fault of the program never shows its own words."""
    return str(error) if isinstance(error, ClinicError) else _(BUG)


def severity_of(error: BaseException) -> str:
    """`warn` for what the person can settle, `danger` for a fault of the program."""
    return "warn" if isinstance(error, ClinicError) else "danger"


def icon_of(error: BaseException) -> str:
    """The shape that stands beside the sentence on a screen that cannot show its content."""
    match error:
        case PermissionDenied():
            return "lock"
        case NotFound():
            return "magnifying-glass"
        case _:
            return "warning"


def log_fault(error: BaseException, doing: str, identity: str = "") -> None:
    """Write what failed and where: types and places only, for messages and values may speak of a patient."""
    places = [
        f"{frame.filename.rsplit('/', 1)[-1].rsplit(chr(92), 1)[-1]}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    log.error(
        "%s failed%s: %s at %s",
        doing,
        f" ({identity})" if identity else "",
        type(error).__name__,
        " < ".join(reversed(places)),
    )


class Presenter(QObject):
    """Decides where a failure is said; the window listens to the signals."""

    said = Signal(str, str)
    """(severity, sentence) for the banner under the top bar."""
    unreachable = Signal(str)
    """The sentence for the sync indicator only."""

    def present(self, error: BaseException, doing: str = "", form: Form | None = None) -> None:
        """Say the error in its one place. `doing` is the name of the command or query, `form` who asked."""
        if isinstance(error, Unreachable):
            self.unreachable.emit(str(error))
            return
        if not isinstance(error, ClinicError):
            log_fault(error, doing)
        if isinstance(error, ClinicError) and not isinstance(error, StaleRecord) and self._in_form(error, form):
            return
        self.said.emit(severity_of(error), sentence_of(error))

    @staticmethod
    def _in_form(error: ClinicError, form: Form | None) -> bool:
        return form is not None and error.field is not None and form.show_field_error(error.field, error)
