"""Asking an archive: what it has (C-FIND), and to answer for what it was given (storage commitment)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from pydicom.dataset import Dataset
from pynetdicom import build_context

from app.archives.vocabulary import Failure
from sync.dicom.calling import Target, associate
from sync.dicom.contexts import EXPLICIT_LITTLE, IMPLICIT_LITTLE, STUDY_ROOT_FIND

PENDING: Final = (0xFF00, 0xFF01)
SYNTAXES: Final = (EXPLICIT_LITTLE, IMPLICIT_LITTLE)
UIDS_AT_ONCE: Final = 50


class Unanswered(Exception):
    """An archive did not do what it was asked; `failure` says what kind of fault it is, `status` its own word."""

    def __init__(self, failure: Failure, status: int | None = None) -> None:
        super().__init__(failure.value)
        self.failure, self.status = failure, status


def opened(target: Target, contexts: list[Any], **more: Any) -> Any:
    """An association. Raises `Unanswered`."""
    try:
        assoc = associate(target, contexts, **more)
    except (OSError, RuntimeError, ValueError) as error:
        raise Unanswered(Failure.TRANSPORT) from error
    if not assoc.is_established:
        raise Unanswered(Failure.REJECTED if assoc.is_rejected else Failure.TRANSPORT)
    return assoc


def find(target: Target, keys: Dataset, model: str = STUDY_ROOT_FIND) -> Iterator[Dataset]:
    """The answers to a question, as they come. Raises `Unanswered`, also when it breaks off."""
    assoc = opened(target, [build_context(model, list(SYNTAXES))])
    try:
        for status, answer in assoc.send_c_find(keys, model):
            code = status.get("Status")
            if code is None:
                raise Unanswered(Failure.TRANSPORT)
            if code in PENDING and answer is not None:
                yield answer
            elif code != 0x0000:
                raise Unanswered(Failure.RESOURCES if 0xA700 <= code <= 0xA7FF else Failure.NOT_UNDERSTOOD, code)
    except (ValueError, RuntimeError) as error:
        raise Unanswered(Failure.NOT_SUPPORTED if isinstance(error, ValueError) else Failure.TRANSPORT) from error
    finally:
        if assoc.is_established:
            assoc.release()


def instances_there(target: Target, studies: Iterable[str]) -> set[str]:
    """The SOP Instance UIDs that an archive has of some studies: what it says of itself when it is asked anew."""
    found: set[str] = set()
    for study in dict.fromkeys(studies):
        for series in [str(item.SeriesInstanceUID) for item in find(target, _keys("SERIES", study))]:
            found |= {str(item.SOPInstanceUID) for item in find(target, _keys("IMAGE", study, series))}
    return found


def _keys(level: str, study: str, series: str = "") -> Dataset:
    keys = Dataset()
    keys.QueryRetrieveLevel, keys.StudyInstanceUID, keys.SeriesInstanceUID = level, study, series
    if level == "IMAGE":
        keys.SOPInstanceUID = ""
    return keys
