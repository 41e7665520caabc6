"""What `archives` does on the command line."""

from __future__ import annotations

from argparse import Namespace

from app.archives.commands import note_answer
from app.archives.permissions import MANAGE_ARCHIVES
from app.archives.queries import ArchiveLine, archives
from app.archives.sending import Answered
from app.archives.vocabulary import ArchiveKind, Failure
from app.cli.console import Console
from app.core.errors import NotFound, PermissionDenied, Unreachable
from app.core.i18n import N_, _
from app.core.permissions import Permission
from app.imaging.permissions import EXPORT_IMAGES, VIEW_IMAGES
from app.journal.queries import SYSTEM, Actor
from app.journal.workplace import Workplace
from sync.dicom.across import CAME_LABELS, Came, Copy, Ended, Question, find_across, gathered
from sync.dicom.asking import Unanswered
from sync.dicom.moving import move_between, probe

DEAF = 6


def probed(workplace: Workplace, actor: Actor, arguments: Namespace, console: Console) -> int:
    """Try each archive, and keep what it can do."""
    _require(actor, MANAGE_ARCHIVES)
    told, lines, deaf = [], [], False
    for line in workplace.runner.ask(actor, archives):
        if line.kind is ArchiveKind.DICOMWEB:
            continue
        probes = probe(workplace.runner, workplace.folder, line)
        works = any(one.works for one in probes)
        deaf = deaf or not works
        answered = Answered(line.archive_id, None if works else Failure.TRANSPORT, probes)
        workplace.runner.run(SYSTEM, note_answer, answered)
        told.append({"archive": line.name, "capabilities": {one.capability: one.works for one in probes}})
        lines += [f"{line.name}  {one.capability:<11}{'✓' if one.works else '✗ ' + _(one.reason)}" for one in probes]
    console.emit(told, "\n".join(lines) or _(N_("Nothing to show.")))
    return DEAF if deaf else 0


def found(workplace: Workplace, actor: Actor, arguments: Namespace, console: Console) -> int:
    """Look in all archives at once; each answer is said as it comes, slow and dead archives by name."""
    _require(actor, VIEW_IMAGES)
    lines = {line.archive_id: line for line in workplace.runner.ask(actor, archives)}
    asked = Question(arguments.patient_name, arguments.patient_number, arguments.days)
    copies: list[Copy] = []
    ends: list[Ended] = []
    for one in find_across(workplace.runner, workplace.folder, list(lines.values()), asked, arguments.seconds):
        if isinstance(one, Ended):
            ends.append(one)
            console.note(f"{lines[one.archive_id].name}: {_(CAME_LABELS[one.came])} ({one.found})")
        else:
            copies.append(one)
    workplace.runner.access(actor, "search", detail="archives")
    studies = gathered(copies)
    payload = {
        "studies": [
            {
                "study_instance_uid": study.study_instance_uid, "conflict": study.is_conflict,
                "copies": [{"archive": lines[copy.archive_id].name, "instances": copy.instances,
                            "patient_number": copy.patient_number, "day": copy.study_day} for copy in study.copies],
            }
            for study in studies
        ],
        "archives": {lines[end.archive_id].name: end.came for end in ends},
    }  # fmt: skip
    text = "\n".join(
        f"{study.copies[0].study_day}  {study.copies[0].patient_name}  {study.study_instance_uid}  "
        + ", ".join(lines[copy.archive_id].name for copy in study.copies)
        for study in studies
    )
    console.emit(payload, text or _(N_("Nothing to show.")))
    return 0 if all(end.came is Came.OK for end in ends) else DEAF


def moved(workplace: Workplace, actor: Actor, arguments: Namespace, console: Console) -> int:
    """Bring a study over, and tell what the destination has afterwards."""
    _require(actor, EXPORT_IMAGES)
    lines = workplace.runner.ask(actor, archives)
    source, destination = _named(lines, arguments.source), _named(lines, arguments.to)
    workplace.runner.access(actor, "export", detail=f"study {arguments.study} {destination.name}")
    try:
        done = move_between(workplace.runner, workplace.folder, source, destination, arguments.study)
    except Unanswered as error:
        raise Unreachable(N_("The archive does not answer.")) from error
    sentence = _(N_("{arrived} of {wanted} objects are there now."), arrived=done.wanted - len(done.missing),
                 wanted=done.wanted)  # fmt: skip
    payload = {
        "way": done.way, "wanted": done.wanted, "there_before": done.there_before, "arrived": done.arrived,
        "missing": list(done.missing), "said": done.said,
    }  # fmt: skip
    console.emit(payload, sentence)
    return 0 if done.is_whole else DEAF


def _named(lines: list[ArchiveLine], name: str) -> ArchiveLine:
    for line in lines:
        if line.name == name:
            return line
    raise NotFound(N_("archive"), name)


def _require(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        raise PermissionDenied(permission.name, permission.label)
