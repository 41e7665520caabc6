"""The day against the clock: chairs, doctors or staff in lanes, visits where they are and where they will be."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.orchestration.queries import (
    CHAIR_STATE_LABELS,
    PERSON_STATE_LABELS,
    ChairLane,
    ChairState,
    DayVisitLine,
    PersonLane,
    PersonState,
    VisitFlag,
)
from app.practice.queries import ProviderKind
from app.scheduling.queries import Stage
from ui.orchestration.picture import DayPicture
from ui.scheduling.block_look import Look, doctor_clashes, doctor_name, look_of, minutes_words
from ui.scheduling.schedule_drop import Dropper
from ui.scheduling.schedule_legend import Legend
from ui.scheduling.timegrid import (
    AWAY_WORDS,
    BREAK_WORDS,
    CLOSED_WORDS,
    LATE_PLAN,
    OFF_WORDS,
    Hatch,
    Item,
    Lane,
    Run,
    Span,
    stack,
)
from ui.scheduling.timegrid_hands import WorkGrid
from ui.scheduling.timegrid_paint import Ribbon, free_words
from ui.scheduling.timegrid_view import Scene
from ui.shell.bench import Bench
from ui.theme.style import theme
from ui.theme.tokens import STATUSES
from ui.widgets.painted_items import make_accessible

MARGIN: Final = 30
HALF_DAY: Final = 13 * 60
LEAST_GAP: Final = 15
_MARKS: Final = {
    VisitFlag.ALERT: "alert", VisitFlag.LAB: "lab", VisitFlag.NEW: "new", VisitFlag.PREP: "prep",
}  # fmt: skip
_PERSON_STATUS: Final = {
    PersonState.AT_CHAIR: "here", PersonState.FREE: "free", PersonState.BREAK: "paused", PersonState.AWAY: "cancelled",
    PersonState.NOT_HERE: "cancelled",
}  # fmt: skip


class By(enum.StrEnum):
    """What a lane stands for."""

    CHAIR = "chair"
    PROVIDER = "provider"
    STAFF = "staff"


def noon_of(picture: DayPicture) -> int:
    """The local noon of the day, minutes since 1970."""
    on = picture.shot.on
    return int(datetime(on.year, on.month, on.day, 12, tzinfo=picture.clock.zone).timestamp()) // 60


def lanes_of(picture: DayPicture, by: By) -> list[Lane]:
    """The lanes with everything that stands in them."""
    noon = noon_of(picture)
    if by is By.CHAIR:
        lanes = [_chair_lane(picture, chair, noon) for chair in picture.shot.chairs]
    else:
        doctors = by is By.PROVIDER
        people = [each for each in picture.shot.people if (each.kind is ProviderKind.DOCTOR) == doctors]
        lanes = [_person_lane(picture, person, noon) for person in people]
    for place, lane in enumerate(lanes):
        if place and by is By.CHAIR:  # the whole clinic is closed for one reason: said once
            lane.hatches = tuple(Hatch(hatch.span) for hatch in lane.hatches)
        lane.items = list(_items(picture, lane, place, by))
        lane.rows = stack(lane.items)
        if by is By.CHAIR:
            lane.items += _gaps(picture, lane, place)
        else:
            for item in lane.items:
                item.rows = lane.rows
    return lanes


def _chair_lane(picture: DayPicture, chair: ChairLane, noon: int) -> Lane:
    reason = picture.shot.reason or CLOSED_WORDS
    hatches = tuple(Hatch(span, reason) for span in _outside(picture.shot.span, picture.shot.openings))
    status, words = chair_status(picture, chair)
    current = picture.visits.get((*chair.visits, *chair.queue, "")[0])
    hands = picture.person_name(current.line.assistant_id) if current is not None else ""
    return Lane(0, chair.id, chair.name, noon, chair.short_name, hands, status, words, hatches)


def chair_status(picture: DayPicture, chair: ChairLane) -> tuple[str, str]:
    """The status that a chair is drawn with, and its word."""
    if chair.visits:
        stage = picture.visits[chair.visits[0]].stage.value
        return stage, _(STATUSES[stage].label)
    status = {
        ChairState.FREE: "free", ChairState.OCCUPIED: "seated", ChairState.CLEANING: "cleaning",
        ChairState.MAINTENANCE: "paused",
    }[chair.state]  # fmt: skip
    return status, _(N_("Free")) if chair.state is ChairState.FREE else _(CHAIR_STATE_LABELS[chair.state])


def _person_lane(picture: DayPicture, person: PersonLane, noon: int) -> Lane:
    day = picture.shot.span
    hatches = [Hatch(span, OFF_WORDS) for span in _outside(day, person.shifts)]
    hatches += [Hatch(span, BREAK_WORDS) for span in person.breaks]
    hatches += [Hatch(span, AWAY_WORDS) for span in person.absences]
    words = _(PERSON_STATE_LABELS[person.state])
    where = picture.chair_name(person.operatory_id, short=True)
    until = _(N_("until {time}"), time=picture.at(person.until)) if person.until else ""
    detail = " · ".join(part for part in (where, until) if part)
    return Lane(
        0, person.id, doctor_name(person.name), noon, "", detail, _PERSON_STATUS[person.state], words, tuple(hatches)
    )


def _outside(whole: Span, spans: tuple[Span, ...]) -> list[Span]:
    """The minutes of a day that are in none of the spans, which are sorted and apart."""
    found, at = [], whole[0]
    for start, end in spans:
        if start > at:
            found.append((at, start))
        at = max(at, end)
    return [*found, (at, whole[1])] if at < whole[1] else found


def _items(picture: DayPicture, lane: Lane, place: int, by: By) -> Iterator[Item]:
    for visit in picture.shot.visits:
        line = visit.line
        if line.starts_at is None or visit.stage is Stage.CANCELLED:
            continue
        if by is By.CHAIR:
            here = (visit.operatory_id or line.operatory_id) == lane.resource
        else:
            people = {line.doctor_id, line.assistant_id, *visit.assistants}
            here = lane.resource in people | {part.provider_id for part in line.segments}
        if here:
            yield _item(picture, visit, place)


def _item(picture: DayPicture, visit: DayVisitLine, place: int) -> Item:
    """A visit where the kernel says that it was or will be, with its plan under it when it ran away from it."""
    assert visit.line.starts_at is not None
    start = int(visit.line.starts_at.timestamp()) // 60
    plan = (start, start + visit.line.minutes)
    span = visit.projected or plan
    span = (span[0], max(span[1], span[0] + 1))
    off = abs(span[0] - plan[0]) >= LATE_PLAN or abs(span[1] - plan[1]) >= LATE_PLAN
    return Item(place, span, visit.line, plan if off else None, dim=picture.dims(visit))


def _gaps(picture: DayPicture, lane: Lane, place: int) -> Iterator[Item]:
    """Free minutes, as the kernel sees them; who fits was counted of the plan, whose gaps may begin earlier."""
    before = picture.shot.span[0]
    for gap in picture.shot.gaps:
        if gap.operatory_id != lane.resource:
            continue
        fits = [count for (chair, start), count in picture.fits.items()
                if chair == lane.resource and before <= start < gap.span[1]]  # fmt: skip
        before = gap.span[1]
        if gap.minutes >= LEAST_GAP:
            yield Item(place, gap.span, patients=max(fits, default=0))


def ribbons_of(picture: DayPicture) -> Iterator[Ribbon]:
    """The load of each doctor: as planned until now, as projected from now on."""
    now = picture.shot.now
    for load in picture.shot.ribbons:
        person = picture.people.get(load.doctor_id)
        steps = []
        for place, planned in enumerate(load.planned):
            minute = load.start + place * load.step
            later = load.projected[place] if place < len(load.projected) else 0
            steps.append((minute, later if minute + load.step > now else planned))
        waits = [visit.doctor_wait or 0 for visit in picture.shot.visits
                 if visit.line.doctor_id == load.doctor_id and visit.doctor_wait is not None]  # fmt: skip
        late = max(waits, default=0)
        where = picture.chair_name(person.operatory_id, short=True) if person is not None else ""
        words = [where] if where else []
        if late >= picture.ages.doctor[0]:
            words.append(_(N_("{time} behind"), time=minutes_words(late)))
        elif where:
            words.append(_(N_("on time")))
        name = doctor_name(person.name) if person is not None else ""
        yield Ribbon(name, " · ".join(words), late >= picture.ages.doctor[0], tuple(steps))


def scene_of(picture: DayPicture, by: By) -> Scene:
    """Everything that the grid paints; looks are made when they are painted."""
    shot = picture.shot
    lanes = lanes_of(picture, by)
    clashes = doctor_clashes((visit.line for visit in shot.visits), shot.now)
    looks: dict[tuple[str, bool, Span], Look] = {}

    def look(item: Item) -> Look:
        line = item.visit
        assert line is not None
        key = (line.id, item.dim, item.span)
        if key not in looks:
            flags = picture.visits[line.id].flags
            marks = tuple(mark for flag, mark in _MARKS.items() if flag in flags)
            looks[key] = look_of(
                line, item.span, shot.now, picture.clock, picture.names, clashes, marks, item.dim
            )  # fmt: skip
        return looks[key]

    def said(item: Item) -> str:
        if item.visit is not None:
            return picture.sentence(picture.visits[item.visit.id])
        return ", ".join([picture.at(item.span[0]), lanes[item.lane].name, free_words(item)])

    first, last = _clock(picture, lanes)
    return Scene(lanes, first, last, shot.now, picture.clock, ("",), look, said, tuple(ribbons_of(picture)))


def _clock(picture: DayPicture, lanes: list[Lane]) -> tuple[int, int]:
    """Whole hours from noon that hold hours and visits."""
    noon = noon_of(picture)
    spans = [*picture.shot.openings, *(item.span for lane in lanes for item in lane.items)]
    if not spans:
        return -5 * 60, 6 * 60
    first, last = min(span[0] for span in spans) - noon - MARGIN, max(span[1] for span in spans) - noon + MARGIN
    return max(first // 60 * 60, -HALF_DAY), min(-(-last // 60) * 60, HALF_DAY)


class Timeline(QWidget):
    """The grid with its legend; what is dropped on it is written by the same commands as on the schedule."""

    chosen = Signal(str)
    """A visit; empty when free time or nothing is chosen."""
    opened = Signal(str)
    booked = Signal(dict)
    menu_asked = Signal(str, QPoint)
    settled = Signal(str)

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bench, self.grid = bench, WorkGrid()
        self.by, self.run = By.CHAIR, Run.RIGHT
        self._picture: DayPicture | None = None
        self._shown_day: object = None
        make_accessible(self.grid)
        theme.changed.connect(self._find_now)
        self.dropper = Dropper(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.grid, 1)
        column.addWidget(Legend())
        self.grid.chosen.connect(lambda item: self.chosen.emit(item.visit.id if item and item.visit else ""))
        self.grid.opened.connect(self._open)
        self.grid.stretched.connect(self._book)
        self.grid.menu_asked.connect(
            lambda item, at: self.menu_asked.emit(item.visit.id, at) if item.visit is not None else None
        )

    # -- what the dropper asks ------------------------------------------------------------------------------
    @property
    def by_chair(self) -> bool:
        """Whether lanes are chairs, not people."""
        return self.by is By.CHAIR

    def kind_of(self, provider_id: str) -> ProviderKind | None:
        """What somebody who treats is."""
        person = self._picture.people.get(provider_id) if self._picture is not None else None
        return person.kind if person is not None else None

    def landed(self, appointment_id: str) -> None:
        """A visit was moved: the keyboard goes with it."""
        self.settled.emit(appointment_id)

    # -- showing --------------------------------------------------------------------------------------------
    def show_day(self, picture: DayPicture) -> None:
        """Draw the day; another day begins at now."""
        self._picture = picture
        self.grid.show_scene(scene_of(picture, self.by), self.run)
        seen = (picture.shot.clinic_id, picture.shot.on, self.by, self.run)
        if seen != self._shown_day and self.isVisible():
            self._shown_day = seen
            opening = min((start for start, _end in picture.shot.openings), default=picture.shot.span[0] + 8 * 60)
            within = picture.shot.span[0] <= picture.shot.now < picture.shot.span[1]
            self.grid.show_minute(picture.shot.now if within else opening + 60)

    def _find_now(self) -> None:
        """With text of another size everything lies elsewhere: now is looked for again."""
        self._shown_day = None
        if self._picture is not None:
            self.show_day(self._picture)

    def choose(self, visit_id: str) -> None:
        """Stand on a visit."""
        held = self.grid.cursor_item
        if visit_id and not (held is not None and held.visit is not None and held.visit.id == visit_id):
            self.grid.blockSignals(True)
            self.grid.choose_visit(visit_id)
            self.grid.blockSignals(False)

    def _open(self, item: Item) -> None:
        if item.visit is not None:
            self.opened.emit(item.visit.id)
        else:
            self._book(item.lane, *item.span)

    def _book(self, lane: int, first: int, last: int) -> None:
        resource = self.grid.grid.lanes[lane].resource
        given = "operatory_id" if self.by_chair else "doctor_id" if self.by is By.PROVIDER else "assistant_id"
        zone = self.bench.runner.clock.zone
        self.booked.emit({
            "starts_at": datetime.fromtimestamp(first * 60, zone), "minutes": last - first, given: resource,
        })  # fmt: skip
