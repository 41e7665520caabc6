"""What the database refuses, as sentences; the values that it refused never stand in them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.exc import DBAPIError

from app.core.errors import IntegrityFailure, NoRoom, RuleViolation, StaleRecord
from app.core.i18n import N_


@contextlib.contextmanager
def in_sentences() -> Iterator[None]:
    """Turn what the database refuses into sentences; values never stand in them."""
    try:
        yield
    except DBAPIError as error:
        _sentence_of(str(error.orig))
        raise
    except sqlcipher.DatabaseError as error:  # written through the driver or sqlite-utils
        _sentence_of(str(error))
        raise


def _sentence_of(refusal: str) -> None:
    if "FOREIGN KEY" in refusal:
        raise RuleViolation(N_("Another record still refers to this one, or one that it refers to is gone.")) from None
    if "immutable" in refusal:
        raise StaleRecord(N_("What has been recorded does not change; add a correction.")) from None
    if "malformed" in refusal:  # a page whose authentication fails, too
        raise IntegrityFailure(N_("The database file is damaged.")) from None
    if "disk is full" in refusal or "disk I/O error" in refusal:
        raise NoRoom(N_("The disk is full or does not answer. Nothing was written; what was there is whole.")) from None
    if "readonly" in refusal:
        raise RuleViolation(N_("The data folder may not be written. Nothing was changed.")) from None
    if "an operation is open" in refusal:
        raise IntegrityFailure(N_("The journal of this folder is damaged. “verify” says where.")) from None
    if "locked" in refusal:
        raise StaleRecord(N_("Another program holds the database. Try again.")) from None
