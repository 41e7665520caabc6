"""The same engine over real folders: what two chairs do apart is one clinic afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec
import pytest

import sync.server.model  # noqa: F401 - registers the server's tables before a folder is made
from app.core.clock import Clock
from app.core.ids import PatientId, StaffId
from app.journal.changes import ChangeSet
from app.journal.digest import digest
from app.journal.operations import set_state
from app.journal.queries import SYSTEM, Actor
from app.journal.runner import Step
from app.journal.workplace import Workplace, open_workplace
from app.patients.commands import change_patient, create_patient
from app.practice.commands import add_clinic, add_operatory, add_provider, repeat_shift
from app.practice.vocabulary import OperatoryId, ProviderKind, Weekday
from app.scheduling.commands import book_appointment, seed_appointment_types
from sync.client.engine import Engine, Standing
from sync.client.store import ClientStore
from sync.protocol.messages import Hello, Operation, Push, Reply, Request
from sync.server.authorisation import refusal
from sync.server.store import ServerStore
from tests.app.clinic_world import local
from tests.conftest import NOW

BOSS = Actor("boss", "Boss", everything=True)


def same_practice(path: Path) -> Workplace:
    opened = open_workplace(path, create=True, kind="test", clock=Clock.fixed(NOW))

    def work(step: Step) -> ChangeSet:
        set_state(step.raw, "practice", "one practice")
        step.wrote = True
        return ChangeSet()

    opened.runner.transact(work)
    return opened


class Clinic:
    """Two workstations and a server; `meet` lets everybody say everything."""

    def __init__(self, folder: Path) -> None:
        self.places = {name: same_practice(folder / name) for name in ("A", "B", "S")}
        actors = lambda read, who, hlc: BOSS  # noqa: E731 - one who may do all
        self.server = ServerStore(self.places["S"].runner, lambda read, it: refusal(read, it, actors))
        self.engines = {}
        for name in ("A", "B"):
            place = self.places[name]
            self.server.enrol(place.device, name)
            self.engines[name] = Engine(ClientStore(place.runner), Random(1))
        self.now = 0

    def answer(self, request: Request) -> Reply:
        if isinstance(request, Hello):
            return self.server.hello(request)
        return self.server.push(request) if isinstance(request, Push) else self.server.pull(request)

    def meet(self) -> None:
        for _round in range(200):
            self.now += 1_000
            said = 0
            for engine in self.engines.values():
                engine.poked(self.server.head())
                engine.written()
                for request in engine.next(self.now):
                    engine.received(request, self.answer(request), self.now)
                    said += 1
            if not said:
                return
        raise AssertionError("they never come to an end")

    def digests(self) -> set[str]:
        found = set()
        for place in self.places.values():
            with place.runner.read(SYSTEM) as read:
                found.add(digest(read.connection.connection.driver_connection))
        return found

    def rows(self, name: str, query: str) -> list[tuple[object, ...]]:
        with self.places[name].runner.read(SYSTEM) as read:
            return [tuple(row) for row in read.sql(query)]


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    made = Clinic(tmp_path)
    yield made
    for place in made.places.values():
        place.close()


def furnish(clinic: Clinic) -> tuple[OperatoryId, list[PatientId]]:
    run = clinic.places["A"].runner.run
    home = run(BOSS, add_clinic, "Clinique Test")
    chair = run(BOSS, add_operatory, home, "Fauteuil 1")
    doctor = run(BOSS, add_provider, StaffId("d"), "Dre Gagnon", ProviderKind.DOCTOR)
    hands = run(BOSS, add_provider, StaffId("h"), "Karim", ProviderKind.ASSISTANT)
    for who in (doctor, hands):
        run(BOSS, repeat_shift, who, home, NOW.date(), local(2027, 1, 30).date(), list(Weekday)[:5], "8:00", "17:00")
    run(BOSS, seed_appointment_types)
    return chair, [run(BOSS, create_patient, "Lavoie", given) for given in ("Olivia", "Hugo")]


def test_a_second_workstation_has_everything(clinic: Clinic) -> None:
    furnish(clinic)
    clinic.meet()
    assert len(clinic.digests()) == 1
    assert clinic.rows("B", "SELECT count(*) FROM patient") == [(2,)]
    assert clinic.rows("B", "SELECT count(*) FROM patient_search") == [(2,)]
    for place in clinic.places.values():
        place.runner.flush()
        assert place.verify().sound


def test_one_chair_booked_twice_apart_is_one_conflict_that_names_both(clinic: Clinic) -> None:
    chair, patients = furnish(clinic)
    clinic.meet()
    at = local(2026, 11, 25, 10)
    visits = [
        clinic.places[name].runner.run(BOSS, book_appointment, patient, "ADJ", chair, at)
        for name, patient in zip(("A", "B"), patients, strict=True)
    ]
    clinic.meet()
    assert len(clinic.digests()) == 1
    found = clinic.rows("A", "SELECT kind, json_extract(details, '$.visits[0]'), json_extract(details, '$.visits[1]'),"
                             " json_extract(details, '$.devices') FROM conflict")  # fmt: skip
    assert len(found) == 1
    kind, one, two, devices = found[0]
    assert kind == "double_booking"
    assert {one, two} == set(visits)
    assert all(clinic.places[name].device in str(devices) for name in ("A", "B"))
    assert clinic.rows("B", "SELECT count(*) FROM appointment_state") == [(2,)]


def test_a_sensitive_field_that_two_changed_is_told_and_the_later_stands(clinic: Clinic) -> None:
    _chair, (patient, _other) = furnish(clinic)
    clinic.meet()
    clinic.places["A"].runner.run(BOSS, change_patient, patient, family_name="Lavoye")
    clinic.places["B"].clock.source = lambda: NOW.replace(minute=1)
    clinic.places["B"].runner.run(BOSS, change_patient, patient, family_name="Lavois")
    clinic.meet()
    assert len(clinic.digests()) == 1
    assert clinic.rows("A", "SELECT family_name FROM patient WHERE given_name = 'Olivia'") == [("Lavois",)]
    assert clinic.rows("A", "SELECT kind FROM conflict") == [("concurrent_edit",)]


def test_a_push_beyond_the_footprint_of_its_command_is_refused_and_put_back(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(clinic)
    clinic.meet()
    a = clinic.places["A"]
    a.runner.run(BOSS, create_patient, "Tremblay", "Zoé")
    store = clinic.engines["A"].store
    honest = store.unsent

    def forged(limit: int) -> list[Operation]:
        return [msgspec.structs.replace(item, command="check_in") for item in honest(limit)]

    monkeypatch.setattr(store, "unsent", forged)
    clinic.meet()
    assert clinic.engines["A"].standing is Standing.STOPPED  # the chain does not hold with another name
    assert clinic.rows("S", "SELECT count(*) FROM patient") == [(2,)]
