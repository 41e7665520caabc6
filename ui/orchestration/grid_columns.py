"""The columns of the grid: who, what, where, when, and where it stands; which are shown is everybody’s own choice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.core.i18n import N_, _
from app.core.money import Money
from app.orchestration.queries import DayVisitLine
from app.scheduling.queries import Stage
from ui.orchestration.picture import OVER, DayPicture
from ui.patients.words import plain_name
from ui.scheduling.block_look import minute_of, minutes_words, type_name
from ui.shell.formats import amount
from ui.theme.tokens import STATUSES

Words = Callable[[DayPicture, DayVisitLine], str]
Order = Callable[[DayPicture, DayVisitLine], Any]
LATEST: Final = 1 << 40


@dataclass(frozen=True, slots=True)
class GridColumn:
    """One column: its msgid, its words, what it sorts by, its width in px at 100 % text (0 shares what is left)."""

    key: str
    title: str
    words: Words
    order: Order
    width: int = 0
    right: bool = False


def _planned(_picture: DayPicture, visit: DayVisitLine) -> int:
    return minute_of(visit.line.starts_at) if visit.line.starts_at else LATEST


def _span(picture: DayPicture, visit: DayVisitLine, end: int) -> str:
    """Begin or end, as it was, or ≈ as it will be."""
    if visit.projected is None or visit.stage in {Stage.MISSED, Stage.CANCELLED}:
        return ""
    was = visit.line.completed_at if end else visit.line.seated_at
    words = picture.at(visit.projected[end])
    return words if was else _(N_("≈ {time}"), time=words)


def _wait(picture: DayPicture, visit: DayVisitLine) -> int:
    age = picture.age(visit)
    return -1 if age is None else age.minutes


def _wait_words(picture: DayPicture, visit: DayVisitLine) -> str:
    minutes = _wait(picture, visit)
    return minutes_words(minutes) if minutes >= 0 else ""


def _doctor(picture: DayPicture, visit: DayVisitLine) -> str:
    return picture.person_name(visit.line.doctor_id)


def _hands(picture: DayPicture, visit: DayVisitLine) -> str:
    who = visit.assistants or ((visit.line.assistant_id,) if visit.line.assistant_id else ())
    return ", ".join(picture.person_name(each) for each in who)


def _chair(picture: DayPicture, visit: DayVisitLine) -> str:
    return picture.chair_name(visit.operatory_id or visit.line.operatory_id)


def _late(_picture: DayPicture, visit: DayVisitLine) -> str:
    if not visit.delay or visit.stage in OVER:
        return ""
    return _(N_("{sign}{n} min"), sign="+" if visit.delay > 0 else "−", n=abs(visit.delay))


def _stage(_picture: DayPicture, visit: DayVisitLine) -> str:
    return _(STATUSES[visit.stage.value].label)


def _state(_picture: DayPicture, visit: DayVisitLine) -> str:
    return _(visit.mission)


def _flags(picture: DayPicture, visit: DayVisitLine) -> str:
    return ", ".join(words for _severity, _icon, words in picture.flags(visit))


def _charge(_picture: DayPicture, visit: DayVisitLine) -> str:
    return amount(visit.expected_charge) if visit.expected_charge is not None else ""


def _cents(_picture: DayPicture, visit: DayVisitLine) -> int:
    charge: Money | None = visit.expected_charge
    return charge.cents if charge is not None else -1


def _spelt(words: Words) -> Order:
    return lambda picture, visit: words(picture, visit).casefold()


def _name(_picture: DayPicture, visit: DayVisitLine) -> str:
    return plain_name(visit.line)


def _sorted_name(_picture: DayPicture, visit: DayVisitLine) -> tuple[str, str]:
    return visit.line.family_name.casefold(), visit.line.given_name.casefold()


_STAGES: Final = {stage: place for place, stage in enumerate(Stage)}
COLUMNS: Final = (
    GridColumn("time", N_("Planned"), lambda p, v: p.at(_planned(p, v)) if v.line.starts_at else "", _planned, 78),
    GridColumn("patient", N_("Patient"), _name, _sorted_name, 158),
    GridColumn("type", N_("Procedure"), lambda _p, v: type_name(v.line), _spelt(lambda _p, v: type_name(v.line))),
    GridColumn("chair", N_("Chair"), _chair, _spelt(_chair), 104),
    GridColumn("doctor", N_("Doctor"), _doctor, _spelt(_doctor), 106),
    GridColumn("assistant", N_("Assistant"), _hands, _spelt(_hands), 130),
    GridColumn("stage", N_("Status"), _stage, lambda _p, v: _STAGES[v.stage], 132),
    GridColumn("state", N_("State of the visit"), _state, _spelt(_state), 120),
    GridColumn("wait", N_("Wait"), _wait_words, _wait, 74, True),
    GridColumn("begin", N_("Begins"), lambda p, v: _span(p, v, 0), lambda _p, v: (v.projected or (LATEST, 0))[0], 86),
    GridColumn("minutes", N_("Expected length"),
               lambda _p, v: minutes_words(v.projected[1] - v.projected[0]) if v.projected else "",
               lambda _p, v: (v.projected[1] - v.projected[0]) if v.projected else 0, 90, True),
    GridColumn("end", N_("Ends"), lambda p, v: _span(p, v, 1), lambda _p, v: (v.projected or (0, LATEST))[1], 86),
    GridColumn("delay", N_("Delay"), _late, lambda _p, v: v.delay, 78, True),
    GridColumn("flags", N_("To mind"), _flags, _spelt(_flags), 150),
    GridColumn("charge", N_("Expected charge"), _charge, _cents, 110, True),
)  # fmt: skip
BY_KEY: Final = {column.key: column for column in COLUMNS}
STANDARD: Final = ("time", "patient", "type", "chair", "doctor", "stage", "wait", "begin", "end", "delay")


def offered(picture: DayPicture) -> tuple[GridColumn, ...]:
    """The columns that there is something to show in: money only for who may see it."""
    paid = any(visit.expected_charge is not None for visit in picture.shot.visits)
    return tuple(column for column in COLUMNS if column.key != "charge" or paid)


def ordered(picture: DayPicture, visits: Sequence[DayVisitLine], key: str, falling: bool) -> list[DayVisitLine]:
    """The visits by a column; those that are equal in it stay by their time."""
    column = BY_KEY.get(key, COLUMNS[0])
    by_time = sorted(visits, key=lambda visit: (_planned(picture, visit), visit.id))
    return sorted(by_time, key=lambda visit: column.order(picture, visit), reverse=falling)
