"""What is left to do at the invented clinic: recalls, follow-ups, contacts, the short-notice list, tasks."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.cli.demonstration.packing import kinds
from app.cli.demonstration.practice import Site
from app.cli.demonstration.rhythm import Rhythm
from app.cli.demonstration.rows import Rows, as_json
from app.cli.demonstration.simulation import Simulation
from app.cli.demonstration.stories import Life
from app.cli.demonstration.visits import DAY, MINUTE, Visit
from app.core.clock import to_millis
from app.core.ids import derived_id, new_id
from app.practice.vocabulary import ProviderKind
from app.scheduling.vocabulary import (
    Blocker,
    ContactChannel,
    ContactOutcome,
    EventKind,
    FollowUpList,
    RecallKind,
    RecallState,
    TaskPriority,
)

OLDEST_RECALL: Final = 150
"""Days: a recall that is overdue for longer has been dropped."""
CLEANING: Final = 0.25
SHORT_NOTICE: Final = 0.02
CONTACTED: Final = 0.6
PLANNED: Final = 0.15
"""Of those in treatment who have nothing booked: a visit without a time waits for them."""
CONTRACTS: Final = 0.1
"""Of those in treatment: an opening balance was brought over from the former system."""
PAID_IN_FULL: Final = 0.15
CONTRACT_CENTS: Final = (390_000, 580_000, 680_000, 720_000)
FORMER_SYSTEM: Final = "Ancien logiciel"
TASKS: Final = (
    ("Appeler la famille au sujet du plan de paiement", 0, TaskPriority.HIGH, True),
    ("Envoyer le rapport de progrès au dentiste traitant", 2, TaskPriority.NORMAL, True),
    ("Vérifier l’arrivée des aligneurs au laboratoire", 1, TaskPriority.HIGH, True),
    ("Demander la radiographie récente au dentiste", 3, TaskPriority.NORMAL, True),
    ("Obtenir le consentement du deuxième parent", -2, TaskPriority.HIGH, True),
    ("Rappeler pour le nettoyage avant la pose", -1, TaskPriority.NORMAL, True),
    ("Préparer le modèle pour la consultation", 1, TaskPriority.NORMAL, True),
    ("Expliquer l’hygiène autour des boîtiers", 4, TaskPriority.LOW, True),
    ("Confirmer l’adresse courriel de la famille", 6, TaskPriority.LOW, True),
    ("Commander des arcs 0,016 NiTi", 2, TaskPriority.NORMAL, False),
    ("Faire réparer la lampe du fauteuil 6", -5, TaskPriority.NORMAL, False),
    ("Réviser l’horaire des vacances d’été", 12, TaskPriority.LOW, False),
    ("Tester le stérilisateur (indicateur biologique)", 0, TaskPriority.HIGH, False),
    ("Préparer la réunion d’équipe", 5, TaskPriority.NORMAL, False),
)
"""Words, days from now until it is due, how pressing, whether it is about a patient."""


@dataclass(slots=True)
class Following:
    """Writes what waits to be done, from what the simulation left open."""

    rows: Rows
    site: Site
    rhythm: Rhythm
    chance: random.Random
    simulation: Simulation

    def write(self) -> None:
        """All of it."""
        for life in self.simulation.idle:
            self.rows.room_for(12)
            self._recall(life)
            if life.treated and life.steps:
                self._lost(life, FollowUpList.ACTIVE_WITHOUT_NEXT)
            elif life.seen == ["EX"] and life.fate == "pending":
                self._lost(life, FollowUpList.PENDING_START)
        for visit in self.simulation.future.values():
            self.rows.room_for(4)
            self._booked_recall(visit)
            self._short_notice(visit)
        self._treatments()
        self._tasks()
        self.rows.flush()

    @property
    def now(self) -> int:
        """The moment, in milliseconds."""
        return to_millis(self.rhythm.now)

    def _owner(self) -> str:
        office = self.site.of_kind(ProviderKind.FRONT_DESK, ProviderKind.COORDINATOR)
        return self.site.staff[self.site.people[self.chance.choice(office)].username]

    def _recall(self, life: Life) -> None:
        step = life.next
        if step is None or step[0] not in {"OB", "RK"} or self._today() - life.due > OLDEST_RECALL:
            return
        kind = RecallKind.RETENTION if step[0] == "RK" else RecallKind.OBSERVATION
        if step[0] == "OB" and "EXP" in life.seen:
            kind = RecallKind.PHASE_2
        self._write_recall(life.patient_id, kind, life.due, RecallState.OPEN, None)

    def _write_recall(
        self, patient: str, kind: RecallKind, due: int, state: RecallState, appointment: str | None
    ) -> None:
        owner = self._owner() if self.chance.random() < 0.4 else None
        self.rows.add(
            "recall", id=new_id(), patient_id=patient, kind=kind.value, due_on=date.fromordinal(due), every_weeks=26,
            state=state.value, appointment_id=appointment, owner_id=owner,
            made_at=self.now - self.chance.randrange(30, 190) * DAY,
        )  # fmt: skip

    def _booked_recall(self, visit: Visit) -> None:
        kind = {"OB": RecallKind.OBSERVATION, "RK": RecallKind.RETENTION}.get(visit.kind.code)
        if kind is not None and self.chance.random() < 0.5:
            self._write_recall(visit.patient_id, kind, visit.on.toordinal(), RecallState.BOOKED, visit.id)

    def _treatments(self) -> None:
        """Of those in treatment: when it should end, and the cleaning that is due meanwhile."""
        for life in self.simulation.lives:
            if not life.treated:
                continue
            self.rows.room_for(3)
            self._expected_end(life)
            self._opening_balance(life)
            if self.chance.random() < CLEANING:
                due = self._today() + self.chance.randrange(-70, 160)
                self._write_recall(life.patient_id, RecallKind.CLEANING, due, RecallState.OPEN, None)

    def _expected_end(self, life: Life) -> None:
        """Most treatments end about when they should; some run late, and some of those were put off already."""
        left = sum(days for code, days in life.steps if code not in {"RK", "RD"})
        first = life.due + left - self.chance.randrange(-60, 150)
        late = first < self._today()
        put_off = late and self.chance.random() < 0.5
        expected = first + 120 if put_off else first
        self.rows.add(
            "expected_end", id=derived_id("expected_end", life.patient_id), patient_id=life.patient_id,
            expected_on=date.fromordinal(expected), first_expected_on=date.fromordinal(first), changes=int(put_off),
        )  # fmt: skip

    def _opening_balance(self, life: Life) -> None:
        """What some families of those in treatment owed in the system before; a few paid too little, or all of it."""
        chance = self.chance
        if not life.steps or chance.random() >= CONTRACTS:
            return
        contract = chance.choice(CONTRACT_CENTS)
        paid = contract if chance.random() < PAID_IN_FULL else contract * chance.randrange(15, 95) // 100
        self.rows.add(
            "opening_balance", id=new_id(), patient_id=life.patient_id, contract_total=contract, paid_to_date=paid,
            as_of_on=date.fromordinal(self._today() - chance.randrange(20, 150)), balance=contract - paid,
            system=FORMER_SYSTEM, recorded_at=self.now - chance.randrange(1, 15) * DAY, recorded_by=self._owner(),
        )  # fmt: skip

    def _lost(self, life: Life, on_list: FollowUpList) -> None:
        """Whoever has nothing booked was called, or not yet."""
        chance = self.chance
        if chance.random() < CONTACTED:
            self._contacts(life.patient_id, max(1, self._today() - life.last))
            blockers = (Blocker.COST, Blocker.TIMING, Blocker.INSURANCE, Blocker.CONFIDENCE, Blocker.UNREACHABLE)
            pending = on_list is FollowUpList.PENDING_START
            self.rows.add(
                "follow_up", id=derived_id("follow_up", life.patient_id, on_list.value), patient_id=life.patient_id,
                list_code=on_list.value, owner_id=self._owner(),
                blocker=chance.choice(blockers[:4]).value if pending else chance.choice((None, blockers[4].value)),
                rests_until_on=date.fromordinal(self._today() + 10) if chance.random() < 0.1 else None,
            )  # fmt: skip
        if life.treated and chance.random() < PLANNED:
            self._plan(life)

    def _contacts(self, patient: str, days: int) -> None:
        chance = self.chance
        for _attempt in range(chance.randrange(1, 4)):
            channel = chance.choice((ContactChannel.PHONE, ContactChannel.PHONE, ContactChannel.TEXT))
            outcomes = (ContactOutcome.NO_ANSWER, ContactOutcome.LEFT_MESSAGE, ContactOutcome.WILL_CALL_BACK)
            self.rows.add(
                "contact_attempt", id=new_id(), patient_id=patient, channel=channel.value,
                outcome=chance.choice(outcomes).value, at=self.now - chance.randrange(60, max(days, 2) * 1440) * MINUTE,
                by=self._owner(),
            )  # fmt: skip

    def _plan(self, life: Life) -> None:
        """A visit that is kept in mind and has no time yet."""
        kind, appointment = kinds()[life.steps[-1][0]], new_id()
        booked = self.now - self.chance.randrange(1, 40) * DAY
        segments = [[part.value, minutes, None] for part, minutes in kind.segments]
        self.rows.add(
            "appointment", id=appointment, patient_id=life.patient_id, type_id=kind.id, clinic_id=self.site.clinic_id,
            minutes=kind.minutes, segments=as_json(segments), lab_state=kind.lab_state.value, prep_done=False,
            allowed="[]", booked_at=booked,
        )  # fmt: skip
        self.rows.add(
            "appointment_event", id=new_id(), appointment_id=appointment, patient_id=life.patient_id,
            kind=EventKind.MADE.value, at=booked, recorded_at=booked, by=self._owner(),
            detail=as_json({"planned": True}),
        )  # fmt: skip

    def _short_notice(self, visit: Visit) -> None:
        chance, ahead = self.chance, visit.on.toordinal() - self._today()
        if ahead < 12 or chance.random() >= SHORT_NOTICE:
            return
        weekdays = chance.choice(([], ["monday", "wednesday"], ["tuesday", "thursday", "friday"]))
        after_school = chance.random() < 0.5
        self.rows.add(
            "short_notice", id=new_id(), patient_id=visit.patient_id, appointment_id=visit.id,
            clinic_id=self.site.clinic_id, weekdays=as_json(weekdays),
            earliest_minute=15 * 60 if after_school else None,
            note="Peut venir à la dernière minute" if chance.random() < 0.4 else None,
            added_at=self.now - chance.randrange(1, 30) * DAY,
        )  # fmt: skip

    def _tasks(self) -> None:
        patients = [life.patient_id for life in self.simulation.lives if life.seen]
        everybody = list(self.site.staff.values())
        for words, days, priority, about in TASKS:
            self.rows.room_for(1)
            made = self.now - self.chance.randrange(1, 9) * DAY
            done = self.chance.random() < 0.2
            self.rows.add(
                "task", id=new_id(), title=words, owner_id=self.chance.choice(everybody),
                due_on=date.fromordinal(self._today() + days), priority=priority.value,
                patient_id=self.chance.choice(patients) if about and patients else None, made_at=made,
                made_by=self._owner(), done_at=made + DAY // 2 if done else None,
                done_by=self._owner() if done else None,
            )  # fmt: skip

    def _today(self) -> int:
        return self.rhythm.today.toordinal()
