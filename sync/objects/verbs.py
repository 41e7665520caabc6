"""`storage`: the clinic's bucket from the command line. What a form can do is done by `do` and `ask`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from app.cli.console import Console
from app.cli.verbs import Verb
from app.core.errors import PermissionDenied
from app.core.i18n import N_, _

if TYPE_CHECKING:
    from app.journal.queries import Actor
    from app.journal.workplace import Workplace
    from app.storage.queries import TargetLine

ACTIONS: Final = {
    "test": N_("try the bucket out and say in words what is well and what is not"),
    "lifecycle": N_("write the rules by which old originals become cheaper, and read them back"),
    "send": N_("queue what is not there yet and send what is due"),
    "link": N_("make a link to an object that ends by itself; it is written down nowhere"),
}


def _arguments(parser: ArgumentParser) -> None:
    from app.cli.session import add_actor

    parser.add_argument(
        "action", choices=tuple(ACTIONS), help="; ".join(f"{name}: {_(words)}" for name, words in ACTIONS.items())
    )
    parser.add_argument("target", help=_(N_("the identifier of the bucket, or of the object for “link”")))
    parser.add_argument("--seconds", type=float, default=3600.0, help=_(N_("the longest that “send” goes on")))
    parser.add_argument("--minutes", type=int, help=_(N_("how long a link lasts, at most 60")))
    add_actor(parser)


def _run(arguments: Namespace, console: Console) -> int:
    from app.cli.session import actor_or_system, opened

    with opened(arguments, console) as workplace:
        actor = actor_or_system(workplace, arguments)
        return int(_ACTIONS[arguments.action](arguments, console, workplace, actor))


def _target(arguments: Namespace, workplace: Workplace, actor: Actor) -> TargetLine:
    from app.storage.permissions import MANAGE_STORAGE
    from app.storage.queries import target_line

    if not actor.may(MANAGE_STORAGE):
        raise PermissionDenied(MANAGE_STORAGE.name, MANAGE_STORAGE.label)
    with workplace.runner.read(actor) as read:
        return target_line(read, arguments.target)


def _test(arguments: Namespace, console: Console, workplace: Workplace, actor: Actor) -> int:
    from sync.objects.inspecting import inspect
    from sync.objects.opening import open_bucket

    target = _target(arguments, workplace, actor)
    bucket = open_bucket(workplace.runner, target)
    lines: list[dict[str, Any]] = []
    text = []
    for finding in inspect(bucket, target):
        lines.append({"step": finding.step, "well": finding.is_well, "words": finding.words})
        text.append(f"{'✓' if finding.is_well else '✗'} {_(finding.step)} — {_(finding.words, **finding.values)}")
    console.emit(lines, "\n".join(text))
    return 0 if all(line["well"] for line in lines) else 6


def _lifecycle(arguments: Namespace, console: Console, workplace: Workplace, actor: Actor) -> int:
    from sync.objects.jobs import write_lifecycle
    from sync.objects.opening import open_bucket

    target = _target(arguments, workplace, actor)
    holds = write_lifecycle(open_bucket(workplace.runner, target), target)
    words = N_("The bucket holds the rules.") if holds else N_("The bucket did not keep the rules.")
    console.emit({"target": target.id, "holds": holds}, _(words))
    return 0 if holds else 6


def _send(arguments: Namespace, console: Console, workplace: Workplace, actor: Actor) -> int:
    from app.storage.vocabulary import TROUBLE_LABELS
    from sync.objects.opening import open_bucket
    from sync.objects.transfers import plan, send_waiting

    target = _target(arguments, workplace, actor)
    bucket = open_bucket(workplace.runner, target)
    planned = plan(workplace.runner, target)
    sent = send_waiting(workplace.runner, bucket, target, arguments.seconds)
    payload = {
        "planned": planned, "stored": sent.stored, "bytes": sent.stored_bytes, "removed": sent.removed,
        "failed": sent.failed, "trouble": sent.trouble,
    }  # fmt: skip
    text = _(
        N_("Stored {stored} objects ({size} MB); {removed} removed, {failed} to be tried again."),
        stored=sent.stored, size=round(sent.stored_bytes / 1e6, 1), removed=sent.removed, failed=sent.failed,
    )  # fmt: skip
    console.emit(payload, text)
    if sent.trouble is not None:
        console.note(_(TROUBLE_LABELS[sent.trouble]))
    return 6 if sent.trouble is not None or sent.failed else 0


def _link(arguments: Namespace, console: Console, workplace: Workplace, actor: Actor) -> int:
    from sync.objects.links import link_to

    minutes = arguments.minutes
    made = link_to(workplace.runner, actor, arguments.target, timedelta(minutes=minutes) if minutes else None)
    console.emit({"link": made}, made)
    return 0


_ACTIONS: Final = {
    "test": _test, "lifecycle": _lifecycle, "send": _send, "link": _link,
}  # fmt: skip
VERBS: Final = (Verb("storage", N_("The clinic’s bucket: test, lifecycle, transfers, links"), _arguments, _run),)
