"""The door to archives for people at a screen or the command line: rights are looked at, what is done is noted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.archives.across import Copy, Ended, Moved, Question
from app.archives.commands import note_answer
from app.archives.permissions import MANAGE_ARCHIVES
from app.archives.queries import ArchiveLine, archives
from app.archives.sending import Answered, Probed
from app.archives.vocabulary import ArchiveId, Failure
from app.core.errors import NotFound, PermissionDenied, Unreachable
from app.core.i18n import N_
from app.core.permissions import Permission
from app.imaging.permissions import EXPORT_IMAGES, VIEW_IMAGES
from app.journal.queries import SYSTEM, Actor
from app.journal.runner import Runner
from sync.dicom.across import ANSWER_SECONDS, find_across
from sync.dicom.asking import Unanswered
from sync.dicom.logs import silence_libraries
from sync.dicom.moving import move_between, probe

NO_ANSWER = N_("The archive does not answer.")


def try_archive(runner: Runner, actor: Actor, archive_id: ArchiveId) -> list[Probed]:
    """Try what an archive can do, and keep it. Raises `PermissionDenied`, `NotFound`."""
    _require(actor, MANAGE_ARCHIVES)
    line = archive_line(runner, archive_id)
    silence_libraries()
    probes = probe(runner, runner.place.folder, line)
    failure = None if any(one.works for one in probes) else Failure.TRANSPORT
    runner.run(SYSTEM, note_answer, Answered(archive_id, failure, probes))
    return probes


def look_across(
    runner: Runner, actor: Actor, asked: Question, seconds: float = ANSWER_SECONDS
) -> Iterator[Copy | Ended]:
    """The studies that archives have, as they come; see `find_across`. Raises `PermissionDenied`."""
    _require(actor, VIEW_IMAGES)
    lines: Sequence[ArchiveLine] = [line for line in runner.ask(actor, archives) if line.enabled]
    runner.access(actor, "search", detail="archives")
    silence_libraries()
    yield from find_across(runner, runner.place.folder, lines, asked, seconds)


def bring_over(runner: Runner, actor: Actor, source: ArchiveId, destination: ArchiveId, study: str) -> Moved:
    """Bring a study from one archive to another; what counts is what is there afterwards.

    Raises `PermissionDenied`, `NotFound`, `Unreachable` when one of them does not answer.
    """
    _require(actor, EXPORT_IMAGES)
    here, there = archive_line(runner, source), archive_line(runner, destination)
    runner.access(actor, "export", detail=f"study {study} {there.name}")
    silence_libraries()
    try:
        return move_between(runner, runner.place.folder, here, there, study)
    except Unanswered as error:
        raise Unreachable(NO_ANSWER) from error


def archive_line(runner: Runner, archive_id: ArchiveId) -> ArchiveLine:
    """An archive with its queue. Raises `NotFound`."""
    for line in runner.ask(SYSTEM, archives):
        if line.archive_id == archive_id:
            return line
    raise NotFound(N_("archive"), archive_id)


def _require(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        raise PermissionDenied(permission.name, permission.label)
