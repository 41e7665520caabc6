"""Moving a study between two archives, and trying what an archive can do.

The source sends directly where both archives know each other (C-MOVE), else through us (C-GET, C-STORE). What counts is
the set of objects that the destination says it has when it is asked afterwards, never the word “success”.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from pydicom.dataset import Dataset
from pynetdicom import build_context, build_role, evt

from app.archives.across import Moved, Way
from app.archives.queries import ArchiveLine
from app.archives.sending import Probed
from app.archives.vocabulary import Failure
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
from sync.dicom.spooling import file_head

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
    here, there = target_of(runner, folder, source), target_of(runner, folder, destination)
    wanted = instances_there(here, [study_instance_uid])
    before = instances_there(there, [study_instance_uid]) & wanted
    missing = wanted - before
    if not missing:
        return Moved(Way.NOTHING, len(wanted), len(before), 0, (), None)
    said = _move(here, destination.ae_title or "", study_instance_uid)
    way, left = Way.MOVE, missing - instances_there(there, [study_instance_uid])
    for _try in range(TRIES):
        if not left:
            break
        way = Way.THROUGH_US
        _through_us(here, there, study_instance_uid, left)
        left = missing - instances_there(there, [study_instance_uid])
    return Moved(way, len(wanted), len(before), len(missing - left), tuple(sorted(left)), said)


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


def _through_us(source: Target, destination: Target, study: str, left: set[str]) -> None:
    """Take objects from the source one by one as they come, and give them on as they are."""
    giving: list[Any] = []

    def store(event: Any) -> int:
        request, context = event.request, event.context
        if str(request.AffectedSOPInstanceUID) not in left:
            return 0x0000
        head = file_head(
            str(request.AffectedSOPClassUID), str(request.AffectedSOPInstanceUID), str(context.transfer_syntax)
        )
        parcel = Parcel.of(head + request.DataSet.getvalue())
        return _give(giving, destination, parcel)

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
        for one in (assoc, *giving):
            if one.is_established:
                one.release()


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
            return 0xA700
        giving.append(one)
    try:
        failure, status = failure_of(one.send_c_store(parcel))
    except (ValueError, RuntimeError):
        return 0xA700
    return 0x0000 if failure is None else status or 0xA700


REFUSED: Final = N_("It does not offer this.")
NO_ANSWER: Final = N_("The archive does not answer.")
TURNED_AWAY: Final = N_("The archive turns us away: check AE titles and certificates on both sides.")


def probe(runner: Runner, folder: Path, archive: ArchiveLine) -> list[Probed]:
    """What an archive can do, each tried by negotiation, with the reason where it can't."""
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
