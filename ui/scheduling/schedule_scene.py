"""From the answer of the board to what is painted: looks, spoken words, days, and the load of the doctors."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from app.core.clock import Clock
from app.core.i18n import N_, _
from app.practice.queries import ProviderKind
from app.scheduling.queries import Board
from ui.scheduling.block_look import Look, doctor_clashes, doctor_name, look_of, minutes_words, spoken
from ui.scheduling.schedule_lanes import Shown
from ui.scheduling.timegrid import Item
from ui.scheduling.timegrid_paint import Ribbon, free_words
from ui.scheduling.timegrid_view import Scene
from ui.shell.formats import day, hour

LATE_FROM: Final = 3
"""Minutes that somebody waits for a doctor from which on the doctor is behind."""


def scene_of(board: Board, shown: Shown, clock: Clock) -> Scene:
    """Everything that the grid paints; looks are made when they are painted."""
    people: dict[str, str] = {person.id: person.name for person in board.people}
    names: dict[str, str] = {chair.id: chair.name for chair in board.chairs}
    clashes = doctor_clashes(board.visits, board.now)
    looks: dict[tuple[str, bool, tuple[int, int]], Look] = {}

    def look(item: Item) -> Look:
        visit = item.visit
        assert visit is not None
        key = (visit.id, item.dim, item.span)
        if key not in looks:
            marks = board.marks.get(visit.id, ())
            looks[key] = look_of(visit, item.span, board.now, clock, people, clashes, marks, item.dim)
        return looks[key]

    def said(item: Item) -> str:
        if item.visit is not None:
            return spoken(item.visit, board.now, clock, names.get(item.visit.operatory_id or "", ""))
        at = hour(datetime.fromtimestamp(item.span[0] * 60, clock.zone), clock)
        return ", ".join([at, shown.lanes[item.lane].name, free_words(item)])

    days = [day(each.on, short=True, weekday=True) + (f" · {_(each.reason)}" if each.reason else "")
            for each in board.days]  # fmt: skip
    ribbons = tuple(_ribbons(board)) if len(board.days) == 1 and shown.lanes else ()
    return Scene(shown.lanes, shown.first, shown.last, board.now, clock, days, look, said, ribbons)


def _ribbons(board: Board) -> list[Ribbon]:
    chairs: dict[str, str] = {chair.id: chair.short_name or chair.name for chair in board.chairs}
    found = []
    for person in board.people:
        if person.kind is not ProviderKind.DOCTOR:
            continue
        mine = [visit for visit in board.visits if visit.doctor_id == person.id]
        here = next((visit for visit in mine if visit.doctor == "here"), None)
        waits = [visit.doctor_needed_at for visit in mine if visit.doctor in {"needed", "needed_first"}]
        late = max([board.now - int(at.timestamp()) // 60 for at in waits if at is not None], default=0)
        words = [chairs.get(here.seated_operatory_id or "", "")] if here is not None else []
        if late >= LATE_FROM:
            words.append(_(N_("{time} behind"), time=minutes_words(late)))
        elif here is not None:
            words.append(_(N_("on time")))
        steps = tuple((int(line.starts_at.timestamp()) // 60, line.percent)
                      for line in board.days[0].load if line.doctor_id == person.id)  # fmt: skip
        found.append(Ribbon(doctor_name(person.name), " · ".join(words), late >= LATE_FROM, steps))
    return found


def first_minute(board: Board) -> int:
    """What is seen first: now, else an hour after the opening of the first day."""
    first = board.days[0]
    if first.span[0] <= board.now < first.span[1]:
        return board.now
    starts = [start for start, _end in first.openings]
    return (min(starts) if starts else first.span[0] + 8 * 60) + 60
