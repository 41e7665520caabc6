"""Giving up files that the server holds, and fetching tomorrow's in the evening."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final

from app.core.clock import to_millis
from app.core.errors import ClinicError
from app.imaging.renditions import preview, thumbnail
from app.imaging.vocabulary import InstanceId
from app.journal.changes import ChangeSet
from app.journal.queries import SYSTEM
from app.journal.runner import Runner, Step
from app.practice.local_time import instant_of
from sync.client.channel import Channel
from sync.client.sending_files import Sender
from sync.protocol.packing import run_of

EVENING: Final = 18 * 60
"""Minutes after midnight from which tomorrow's images are fetched."""
AHEAD_DAYS: Final = 4
"""How far the next day with appointments may be: a long weekend."""
AT_ONCE: Final = 200
_ON_DAY: Final = (
    "SELECT DISTINCT patient_id FROM appointment WHERE withdrawn_at IS NULL AND starts_at >= :start"
    " AND starts_at < :end AND patient_id IS NOT NULL"
)
_IMAGES: Final = (
    "SELECT i.id, i.sha256, i.dicom_sha256 FROM instance i JOIN study s ON s.id = i.study_id"
    " JOIN image_state t ON t.id = i.id WHERE s.patient_id = :patient AND t.withdrawn_at IS NULL AND i.sha256 > ''"
    " ORDER BY i.acquired_on DESC, i.id"
)


def bytes_here(runner: Runner) -> int:
    """How much room the sealed files take."""
    return sum(map(runner.files.room, runner.files.names()))


def make_room(runner: Runner, sender: Sender, channel: Channel, budget: int) -> int:
    """Give up confirmed files, the longest unused first, until the sealed files fit into `budget` bytes.

    Never a file that the server does not confirm again at this moment, nor one that is wanted; returns the bytes that
    were won. Raises `Unanswered`, `Refusal`.
    """
    excess, won = bytes_here(runner) - budget, 0
    for names in _candidates(runner) if excess > 0 else ():
        held = sender.standings(channel, names)
        for name in names:
            if won >= excess:
                return won
            known, size = held.get(name), runner.files.room(name)
            if known is None or not known.is_held or not size:
                continue
            with contextlib.suppress(OSError):  # Windows: somebody reads it just now
                runner.files.remove(name)
                won += size
    return won


def _candidates(runner: Runner) -> list[list[str]]:
    now = to_millis(runner.clock.now())
    with runner.read(SYSTEM) as read:
        rows = run_of(read).execute(
            "SELECT id FROM sealed_copy WHERE confirmed_at IS NOT NULL AND coalesce(wanted_until_at, 0) < ?",
            (now,),
        ).fetchall()  # fmt: skip
    here = sorted((name for (name,) in rows if runner.files.exists(name)), key=runner.files.used_at)
    return [here[start : start + AT_ONCE] for start in range(0, len(here), AT_ONCE)]


def next_day(runner: Runner, today: date) -> tuple[date, list[str]]:
    """The next day with appointments, and its patients; none within the next days: tomorrow, and nobody."""
    zone = runner.clock.zone
    for ahead in range(1, AHEAD_DAYS + 1):
        day = today + timedelta(days=ahead)
        span = {"start": to_millis(instant_of(day, 0, zone)), "end": to_millis(instant_of(day, 24 * 60, zone))}
        with runner.read(SYSTEM) as read:
            patients = [row[0] for row in read.sql(_ON_DAY, **span)]
        if patients:
            return day, patients
    return today + timedelta(days=1), []


def is_evening(now: datetime, runner: Runner) -> bool:
    """Whether tomorrow's images are due, by the clinic's clock."""
    local = now.astimezone(runner.clock.zone)
    return local.hour * 60 + local.minute >= EVENING


def fetch_ahead(runner: Runner, stopped: Callable[[], bool] = lambda: False) -> int:
    """Bring the images of the next day's patients here, small copies first; returns how many images are here then.

    What cannot be had now is left out: it comes when somebody looks.
    """
    day, patients = next_day(runner, runner.clock.today())
    until = to_millis(instant_of(day, 24 * 60, runner.clock.zone))
    images: list[Any] = []
    for patient in patients:
        with runner.read(SYSTEM) as read:
            images += read.sql(_IMAGES, patient=patient)
    for image, _sha256, _dicom in images:
        for small in (thumbnail, preview):
            if stopped():
                return 0
            with contextlib.suppress(ClinicError):
                small(runner, SYSTEM, InstanceId(image))
    here = 0
    for _image, *names in images:
        if stopped():
            return here
        wanted = [name for name in names if name]
        with contextlib.suppress(ClinicError):
            for name in wanted:
                runner.files.fetch(name)
            _want(runner, wanted, until)
            here += 1
    return here


def _want(runner: Runner, names: list[str], until: int) -> None:
    def work(step: Step) -> ChangeSet:
        step.raw.executemany(
            "UPDATE sealed_copy SET wanted_until_at = max(coalesce(wanted_until_at, 0), ?) WHERE id = ?",
            [(until, it) for it in names],
        )
        step.wrote = True
        return ChangeSet()

    runner.transact(work)
