"""What `archives` does on the command line."""

from __future__ import annotations

from argparse import Namespace

from app.archives.across import CAME_LABELS, Came, Copy, Ended, Question, gathered
from app.archives.queries import ArchiveLine, archives
from app.cli.console import Console
from app.core.errors import NotFound
from app.core.i18n import N_, _
from app.journal.queries import Actor
from app.journal.workplace import Workplace
from sync.dicom.reaching import bring_over, look_across, try_archive

DEAF = 6


def probed(workplace: Workplace, actor: Actor, arguments: Namespace, console: Console) -> int:
    """Try each archive, and keep what it can do."""
    told, lines, deaf = [], [], False
    for line in workplace.runner.ask(actor, archives):
        probes = try_archive(workplace.runner, actor, line.archive_id)
        deaf = deaf or not any(one.works for one in probes)
        told.append({"archive": line.name, "capabilities": {one.capability: one.works for one in probes}})
        lines += [f"{line.name}  {one.capability:<11}{'✓' if one.works else '✗ ' + _(one.reason)}" for one in probes]
    console.emit(told, "\n".join(lines) or _(N_("Nothing to show.")))
    return DEAF if deaf else 0


def found(workplace: Workplace, actor: Actor, arguments: Namespace, console: Console) -> int:
    """Look in all archives at once; each answer is said as it comes, slow and dead archives by name."""
    lines = {line.archive_id: line for line in workplace.runner.ask(actor, archives)}
    asked = Question(arguments.patient_name, arguments.patient_number, arguments.days)
    copies: list[Copy] = []
    ends: list[Ended] = []
    for one in look_across(workplace.runner, actor, asked, arguments.seconds):
        if isinstance(one, Ended):
            ends.append(one)
            console.note(f"{lines[one.archive_id].name}: {_(CAME_LABELS[one.came])} ({one.found})")
        else:
            copies.append(one)
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
    lines = workplace.runner.ask(actor, archives)
    source, destination = _named(lines, arguments.source), _named(lines, arguments.to)
    done = bring_over(workplace.runner, actor, source.archive_id, destination.archive_id, arguments.study)
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
