"""`day --events FILE --now T`: a written day, projected; the same kernel as the clinic's own day."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.cli.console import Console
from app.cli.plain import table
from app.cli.verbs import Verb
from app.core.errors import UsageError
from app.core.i18n import N_, _

if TYPE_CHECKING:
    from app.orchestration.day import DayVisit
    from app.orchestration.day_file import Written
    from app.orchestration.projection import VisitProjection


def _day(arguments: Namespace, console: Console) -> int:
    from app.orchestration.day_file import read_day
    from app.orchestration.projection import project_day

    try:
        raw = arguments.events.read_bytes()
    except OSError as error:
        raise UsageError(N_("The file {path} cannot be read."), field="events", path=str(arguments.events)) from error
    written = read_day(raw, arguments.now)
    answer = _answer(written, project_day(written.day, written.now))
    console.emit(answer, lambda: _text(answer))
    return 0


def _answer(written: Written, found: dict[str, VisitProjection]) -> dict[str, Any]:
    visits = [_visit(written, visit, found.get(visit.id)) for visit in written.day.visits]
    return {
        "date": written.on, "now": _clock(written, written.now), "visits": visits,
        "chairs": [{"id": chair.id, **_chair(written, chair.id, found)} for chair in written.day.chairs],
        "delay_minutes": sum(max(0, item["delay_minutes"] or 0) for item in visits if item["to_come"]),
    }  # fmt: skip


def _clock(written: Written, minute: int | None) -> str | None:
    from app.practice.local_time import from_minute

    return None if minute is None else from_minute(minute).astimezone(written.zone).isoformat(timespec="minutes")


def _visit(written: Written, visit: DayVisit, item: VisitProjection | None) -> dict[str, Any]:
    start, end = item.span if item else (None, None)
    return {
        "id": visit.id, "status": visit.status, "flow": visit.flow, "doctor": visit.doctor, "to_come": visit.to_come,
        "chair": item.chair if item else None, "planned_start": _clock(written, visit.start),
        "planned_end": _clock(written, visit.start + visit.minutes), "projected_start": _clock(written, start),
        "projected_end": _clock(written, end), "delay_minutes": None if start is None else start - visit.start,
        "parts": [
            {"kind": part.kind, "start": _clock(written, part.span[0]), "end": _clock(written, part.span[1]),
             "person": part.provider_id}
            for part in (item.parts if item else ())
        ],
    }  # fmt: skip


def _chair(written: Written, chair: str, found: dict[str, VisitProjection]) -> dict[str, Any]:
    """Who sits there now, and when the chair is free of those who are there and of the one who comes next."""
    here = [visit for visit in written.day.visits if visit.at_chair and visit.seat == chair]
    ends = [found[visit.id].span[1] + visit.cleaning for visit in here]
    cleaned = [visit.freed + visit.cleaning for visit in written.day.visits
               if visit.over and visit.seat == chair and visit.freed is not None]  # fmt: skip
    return {
        "visits": [visit.id for visit in here],
        "free_at": _clock(written, max([written.now, *ends, *cleaned])),
    }


def _text(answer: dict[str, Any]) -> str:
    names = ("id", "flow", "chair", "planned_start", "projected_start", "projected_end", "delay_minutes")
    titles = (_(N_("Visit")), _(N_("Flow")), _(N_("Chair")), _(N_("Planned")), _(N_("Begins")), _(N_("Ends")),
              _(N_("Minutes late")))  # fmt: skip
    return table(answer["visits"], dict(zip(names, titles, strict=True)))


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--events",
        type=Path,
        required=True,
        metavar="FILE",
        help=_(N_("the day as JSON: see the page “command-line”")),
    )
    parser.add_argument(
        "--now", required=True, metavar="T", help=_(N_("the moment: 9:40, 25:10 for after midnight, or ISO 8601"))
    )


VERBS: Final = [Verb("day", N_("Project a day that stands in a file."), _arguments, _day)]
