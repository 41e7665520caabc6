"""Free times for a kind of visit: nothing stands against it, to the minute.

A person's free minutes are their shift less breaks, absences and what is booked; the doctor's are shortened by the
walk from and to other chairs. The tests compare the answer with one that looks at every minute.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.core.ids import PatientId
from app.practice.roster import Chair, Person
from app.practice.spans import Span, union, without
from app.practice.vocabulary import HANDS, NEVER_BOOKED, EquipmentId, ProviderId, ProviderKind
from app.scheduling.conflicts import device_free, in_template, missing_skills
from app.scheduling.occupancy import device_spans
from app.scheduling.rooms import may_stand, suits
from app.scheduling.scene import Proposal, Scene, devices_for
from app.scheduling.segments import Segment, length_of, parts_of, with_people
from app.scheduling.visit_types import TypeInfo
from app.scheduling.vocabulary import SegmentKind


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for. Without a doctor, an assistant or a chair, any that fits."""

    type: TypeInfo
    segments: tuple[Segment, ...]
    doctor_id: ProviderId | None = None
    assistant_id: ProviderId | None = None
    operatory_id: str | None = None
    patient_id: PatientId | None = None
    earliest: int = 0
    latest: int = 24 * 60 * 2
    own: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """A time that fits, with the people and the device that are free for it."""

    proposal: Proposal
    doctor_id: ProviderId | None
    assistant_id: ProviderId | None
    coordinator_id: ProviderId | None
    in_template: bool | None


@dataclass(slots=True)
class Search:
    """One search in one scene; free minutes are worked out once a person and chair."""

    scene: Scene
    wish: Wish
    grid: int
    _free: dict[tuple[str, str | None], list[Span]] = field(default_factory=dict)

    def fits_on(self, on: date) -> Iterator[Fit]:
        """Every start of a day that fits, by time, then chair."""
        starts = sorted(
            (start, chair.position, chair.id) for chair in self._chairs(on) for start in self._starts(chair, on)
        )
        for start, _position, operatory_id in starts:
            fit = self.fit(self.scene.roster.chairs[operatory_id], start, on)
            if fit is not None:
                yield fit

    def _chairs(self, on: date) -> list[Chair]:
        named, kind = self.wish.operatory_id, self.wish.type.operatory_kind
        return [
            chair
            for chair in self.scene.roster.chairs.values()
            if (chair.id == named and may_stand(chair.kind, kind) if named else suits(chair.kind, kind))
            and (chair.retired_on is None or chair.retired_on > on)
        ]

    def _starts(self, chair: Chair, on: date) -> Iterator[int]:
        """Grid starts, counted from the day's midnight, whose whole visit lies in an opening and a free chair."""
        minutes = length_of(self.wish.segments)
        midnight = self.scene.calendar.day(on)[0]
        low, high = self.scene.calendar.span(on, self.wish.earliest, self.wish.latest)
        free = self.free_chair(chair)
        for opened, closed in self.scene.calendar.openings(on):
            begin = max(opened, low, self.scene.now)
            start = begin + (midnight - begin) % self.grid
            while start + minutes <= min(closed, high):
                if inside(free, (start, start + minutes + self.wish.type.buffer_minutes)):
                    yield start
                start += self.grid

    def free_chair(self, chair: Chair) -> list[Span]:
        """Minutes in which nobody sits in a chair; a virtual one is always free."""
        taken = () if chair.virtual else self.scene.occupancy.chairs.get(chair.id, ())
        key = ("chair", chair.id)
        if key not in self._free:
            spans = [item.span for item in taken if item.appointment_id != self.wish.own or not self.wish.own]
            self._free[key] = without([(0, 1 << 40)], spans)
        return self._free[key]

    def free_person(self, person: Person, operatory_id: str) -> list[Span]:
        """Minutes in which a person can work at a chair."""
        walker = person.kind is ProviderKind.DOCTOR
        key = (person.id, operatory_id if walker else None)
        if key not in self._free:
            walk = self.scene.walk if walker else 0
            taken = []
            for item in self.scene.occupancy.people.get(person.id, ()):
                if self.wish.own and item.appointment_id == self.wish.own:
                    continue
                margin = 0 if item.operatory_id == operatory_id else walk
                taken.append((item.span[0] - margin, item.span[1] + margin))
            self._free[key] = without(self.scene.roster.present(person.id), taken)
        return self._free[key]

    def fit(self, chair: Chair, start: int, on: date) -> Fit | None:
        """The people and the device for one start, None when somebody is missing. The chair is known to be free."""
        wish = self.wish
        if not self._patient_free(start):
            return None
        coordinator = self._one(SegmentKind.COORDINATOR, (ProviderKind.COORDINATOR,), chair, start, on)
        for doctor in self._some((SegmentKind.DOCTOR,), (ProviderKind.DOCTOR,), chair, start, on, wish.doctor_id):
            hands = (SegmentKind.ASSISTANT, SegmentKind.XRAY)
            for assistant in self._some(hands, HANDS, chair, start, on, wish.assistant_id):
                people = with_people(wish.segments, doctor, assistant, coordinator)
                proposal = Proposal(wish.patient_id or PatientId(""), wish.type, chair.id, start, people)
                if not missing_skills(self.scene, proposal) and self._coordinated(coordinator):
                    return self._with_device(proposal, (doctor, assistant, coordinator), on)
        return None

    def _with_device(
        self, proposal: Proposal, people: tuple[ProviderId | None, ProviderId | None, ProviderId | None], on: date
    ) -> Fit | None:
        device: EquipmentId | None = None
        if proposal.type.equipment_kind is not None:
            spans = device_spans(proposal.parts, proposal.span)
            fitting = devices_for(self.scene, proposal.type, proposal.operatory_id)
            free = (item.id for item in fitting if device_free(self.scene, item.id, spans, self.wish.own))
            device = next(free, None)
            if device is None:
                return None
        found = Proposal(
            proposal.patient_id, proposal.type, proposal.operatory_id, proposal.start, proposal.segments, device
        )
        return Fit(found, *people, in_template(self.scene, found, on))

    def _patient_free(self, start: int) -> bool:
        wish = self.wish
        if wish.patient_id is None:
            return True
        end = start + length_of(wish.segments)
        taken = self.scene.occupancy.patients.get(wish.patient_id, ())
        return not any(
            item.span[0] < end and start < item.span[1] and (item.appointment_id != wish.own or not wish.own)
            for item in taken
        )

    def _needed(self, kinds: Sequence[SegmentKind], start: int) -> list[Span]:
        return union(part.span for part in parts_of(self.wish.segments, start) if part.kind in kinds)

    def _some(
        self, kinds: Sequence[SegmentKind], who: Sequence[ProviderKind], chair: Chair, start: int, on: date,
        named: ProviderId | None,
    ) -> Iterator[ProviderId | None]:  # fmt: skip
        """The people who are free for segments of some kinds; one None when no such segment exists.

        Somebody who is named counts whatever his or her kind, except one who is not booked with patients.
        """
        spans = self._needed(kinds, start)
        if not spans:
            yield None
            return
        for person in self.scene.roster.people.values():
            wanted = person.id == named if named else person.kind in who
            if wanted and person.kind not in NEVER_BOOKED and (person.ended_on is None or person.ended_on > on):
                free = self.free_person(person, chair.id)
                if all(inside(free, span) for span in spans):
                    yield person.id

    def _one(
        self, kind: SegmentKind, who: Sequence[ProviderKind], chair: Chair, start: int, on: date
    ) -> ProviderId | None:
        return next(self._some((kind,), who, chair, start, on, None), None)

    def _coordinated(self, coordinator: ProviderId | None) -> bool:
        """Where the practice has coordinators, one is needed; where it has none, anybody sits with the family."""
        needs = any(item.kind is SegmentKind.COORDINATOR for item in self.wish.segments)
        exist = any(person.kind is ProviderKind.COORDINATOR for person in self.scene.roster.people.values())
        return coordinator is not None or not needs or not exist


def inside(free: Sequence[Span], span: Span) -> bool:
    """Whether a span lies in one of the sorted free spans."""
    at = bisect_right(free, (span[0], 1 << 62)) - 1
    return at >= 0 and free[at][0] <= span[0] and span[1] <= free[at][1]
