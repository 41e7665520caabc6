"""Moving a study between two archives, and trying what an archive can do.

The source sends directly where both archives know each other (C-MOVE), else through us (C-GET, C-STORE). What counts is
the set of objects that the destination says it has when it is asked afterwards, never the word “success”.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

from pydicom.dataset import Dataset
from pynetdicom import build_context, build_role, evt

from app.archives.across import Moved, Way
from app.archives.credentials import credentials_of
from app.archives.queries import ArchiveLine
from app.archives.sending import Probed
from app.archives.vocabulary import ArchiveKind, Failure
from app.core.i18n import N_
from app.journal.runner import Runner
from sync.dicom.asking import PENDING, SYNTAXES, Unanswered, instances_there, opened
from sync.dicom.calling import Parcel, Target
from sync.dicom.contexts import (
    COMMITMENT,
    STORED,
    STUDY_ROOT_FIND,
    STUDY_ROOT_GET,
    STUDY_ROOT_MOVE,
    VERIFICATION,
)
from sync.dicom.sending import failure_of, target_of
from sync.dicom.spooling import OUT_OF_RESOURCES, file_head
from sync.dicom.web import WebArchive, web_archive

TRIED: Final = (
    "1.2.840.10008.5.1.4.1.1.1.1", "1.2.840.10008.5.1.4.1.1.1.3", "1.2.840.10008.5.1.4.1.1.2",
    "1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.77.1.4", "1.2.840.10008.5.1.4.1.1.104.1",
)  # fmt: skip
"""Digital radiographs, intra-oral ones, CT, secondary captures, photographs, PDF."""
TRIES: Final = 3


def move_between(
    runner: Runner, folder: Path, source: ArchiveLine, destination: ArchiveLine, study_instance_uid: str
) -> Moved:
    """Bring a study from one archive to another; what is there already is not sent. Raises `Unanswered`."""
    with contextlib.ExitStack() as stack:
        here, there = (stack.enter_context(end_of(runner, folder, line)) for line in (source, destination))
        wanted = here.instances_there([study_instance_uid])
        before = there.instances_there([study_instance_uid]) & wanted
        missing = wanted - before
        if not missing:
            return Moved(Way.NOTHING, len(wanted), len(before), 0, (), None)
        said, way, left = None, Way.THROUGH_US, missing
        if here.target is not None and there.target is not None:
            said = _move(here.target, destination.ae_title or "", study_instance_uid)
            way, left = Way.MOVE, missing - there.instances_there([study_instance_uid])
        for _try in range(TRIES):
            if not left:
                break
            way = Way.THROUGH_US
            here.give(study_instance_uid, left, there)
            left = missing - there.instances_there([study_instance_uid])
    return Moved(way, len(wanted), len(before), len(missing - left), tuple(sorted(left)), said)


class ClassicEnd:
    """One end of a move, by DIMSE."""

    def __init__(self, target: Target) -> None:
        self.target: Target | None = target
        self._own = target
        self._giving: list[Any] = []

    def instances_there(self, studies: list[str]) -> set[str]:
        """What it says that it has. Raises `Unanswered`."""
        return instances_there(self._own, studies)

    def take(self, dicom: bytes) -> int:
        """Store an object here; the status of PS3.4 §B.2.3."""
        return _give(self._giving, self._own, Parcel.of(dicom))

    def give(self, study: str, left: set[str], to: End) -> None:
        """Give objects on as they come (C-GET)."""
        _through_us(self._own, to, study, left)

    def close(self) -> None:
        """End what is open."""
        for one in self._giving:
            if one.is_established:
                one.release()


class WebEnd:
    """One end of a move, by DICOMweb."""

    def __init__(self, archive: WebArchive) -> None:
        self.target: Target | None = None
        self._archive = archive

    def instances_there(self, studies: list[str]) -> set[str]:
        """What it says that it has. Raises `Unanswered`."""
        return self._archive.instances_there(studies)

    def take(self, dicom: bytes) -> int:
        """Store an object here; the status as of a C-STORE."""
        try:
            failure, status = self._archive.store(str(Parcel.of(dicom).SOPInstanceUID), dicom)
        except Unanswered:
            return OUT_OF_RESOURCES
        return 0x0000 if failure is None else status or OUT_OF_RESOURCES

    def give(self, study: str, left: set[str], to: End) -> None:
        """Give objects on as they are (WADO-RS)."""
        for dicom in self._archive.fetch(study, left):
            to.take(dicom)

    def close(self) -> None:
        """End the connection."""
        self._archive.close()


End: TypeAlias = ClassicEnd | WebEnd


@contextlib.contextmanager
def end_of(runner: Runner, folder: Path, line: ArchiveLine) -> Iterator[End]:
    """An archive as an end of a move, whatever it speaks."""
    made: End
    if line.kind is ArchiveKind.DICOMWEB:
        made = WebEnd(WebArchive(line.base_url or "", credentials_of(folder, line.archive_id)))
    else:
        made = ClassicEnd(target_of(runner, folder, line))
    try:
        yield made
    finally:
        made.close()


def _move(source: Target, destination: str, study: str) -> int | None:
    """Ask the source to send; its final status, None when it does not offer this."""
    try:
        assoc = opened(source, [build_context(STUDY_ROOT_MOVE, list(SYNTAXES))])
    except Unanswered:
        return None
    code: int | None = None
    try:
        for status, _answer in assoc.send_c_move(_images(study), destination, STUDY_ROOT_MOVE):
            code = status.get("Status")
            if code not in PENDING:
                break
    except (ValueError, RuntimeError):
        return None
    finally:
        if assoc.is_established:
            assoc.release()
    return code


def _images(study: str) -> Dataset:
    keys = Dataset()
    keys.QueryRetrieveLevel, keys.StudyInstanceUID = "STUDY", study
    return keys


def _through_us(source: Target, destination: End, study: str, left: set[str]) -> None:
    """Take objects from the source one by one as they come, and give them on as they are."""

    def store(event: Any) -> int:
        request, context = event.request, event.context
        if str(request.AffectedSOPInstanceUID) not in left:
            return 0x0000
        head = file_head(
            str(request.AffectedSOPClassUID), str(request.AffectedSOPInstanceUID), str(context.transfer_syntax)
        )
        return destination.take(head + request.DataSet.getvalue())

    classes = list(TRIED)
    contexts = [build_context(STUDY_ROOT_GET, list(SYNTAXES))]
    contexts += [build_context(one, [syntax]) for one in classes for syntax in STORED]
    roles = [build_role(one, scp_role=True) for one in classes]
    try:
        assoc = opened(source, contexts[:128], roles=roles, handlers=[(evt.EVT_C_STORE, store)])
    except Unanswered:
        return
    try:
        for status, _answer in assoc.send_c_get(_images(study), STUDY_ROOT_GET):
            if status.get("Status") not in PENDING:
                break
    except (ValueError, RuntimeError):
        return
    finally:
        if assoc.is_established:
            assoc.release()


def _give(giving: list[Any], destination: Target, parcel: Parcel) -> int:
    """Hand an object on, over one association for each class and transfer syntax."""
    for one in giving:
        if any(
            cx.abstract_syntax == parcel.SOPClassUID and cx.transfer_syntax[0] == parcel.transfer_syntax
            for cx in one.accepted_contexts
        ):
            break
    else:
        try:
            one = opened(destination, [build_context(parcel.SOPClassUID, [parcel.transfer_syntax])])
        except Unanswered:
            return OUT_OF_RESOURCES
        giving.append(one)
    try:
        failure, status = failure_of(one.send_c_store(parcel))
    except (ValueError, RuntimeError):
        return OUT_OF_RESOURCES
    return 0x0000 if failure is None else status or OUT_OF_RESOURCES


REFUSED: Final = N_("It does not offer this.")
NO_ANSWER: Final = N_("The archive does not answer.")
TURNED_AWAY: Final = N_("The archive turns us away: check AE titles and certificates on both sides.")


def probe(runner: Runner, folder: Path, archive: ArchiveLine) -> list[Probed]:
    """What an archive can do, each tried by negotiation, with the reason where it can't."""
    if archive.kind is ArchiveKind.DICOMWEB:
        with web_archive(folder, archive) as there:
            return there.probe()
    services = {
        "echo": VERIFICATION, "find": STUDY_ROOT_FIND, "move": STUDY_ROOT_MOVE, "get": STUDY_ROOT_GET,
        "commitment": COMMITMENT,
    }  # fmt: skip
    contexts = [build_context(uid, list(SYNTAXES)) for uid in services.values()]
    contexts += [build_context(uid, list(SYNTAXES)) for uid in TRIED]
    try:
        assoc = opened(target_of(runner, folder, archive), contexts)
    except Unanswered as error:
        why = TURNED_AWAY if error.failure is Failure.REJECTED else NO_ANSWER
        return [Probed(name, False, why) for name in (*services, "store")]
    try:
        accepted = {str(cx.abstract_syntax) for cx in assoc.accepted_contexts}
        made = [Probed(name, uid in accepted, "" if uid in accepted else REFUSED) for name, uid in services.items()]
        takes = any(uid in accepted for uid in TRIED)
        return [*made, Probed("store", takes, "" if takes else REFUSED)]
    finally:
        assoc.release()
