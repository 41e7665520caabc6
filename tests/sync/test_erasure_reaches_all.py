"""Law 25: who is erased on one workstation is erased at the server and on every other one, journals included."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec
import pytest

from app.core.ids import PatientId
from app.journal.erasure import erase_subject
from app.patients.commands import change_patient, create_patient
from app.scheduling.commands import book_appointment, cancel_appointment
from app.scheduling.vocabulary import AppointmentId
from sync.client.engine import Engine
from sync.client.store import ClientStore
from sync.protocol.messages import Push, Result
from sync.protocol.packing import own_operations, run_of
from tests.app.clinic_world import local
from tests.sync.test_two_workstations import BOSS, Clinic, furnish, same_practice

NAME = "Wyczółkowski-Ouellet"


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    made = Clinic(tmp_path)
    yield made
    for place in made.places.values():
        place.close()


def person(clinic: Clinic) -> PatientId:
    """Somebody with a name, an edit of each workstation, and a visit."""
    chair, _others = furnish(clinic)
    zoe = clinic.places["A"].runner.run(BOSS, create_patient, NAME, "Zoé", pronouns=f"about {NAME}")
    clinic.meet()
    clinic.places["B"].runner.run(BOSS, change_patient, zoe, given_name=f"Zoé {NAME}")
    clinic.places["A"].runner.run(BOSS, book_appointment, zoe, "ADJ", chair, local(2026, 11, 25, 10))
    clinic.meet()
    return zoe


def plain(clinic: Clinic, name: str, target: Path) -> bytes:
    """Everything that a database holds, in clear, free pages included."""
    target.unlink(missing_ok=True)
    with contextlib.closing(clinic.places[name].database.raw()) as raw:
        raw.execute("ATTACH DATABASE ? AS plain KEY ''", (str(target),))
        raw.execute("SELECT sqlcipher_export('plain')")
        raw.execute("DETACH DATABASE plain")
    return target.read_bytes()


def nothing_is_left(clinic: Clinic, target: Path) -> None:
    for name, place in clinic.places.items():
        place.runner.flush()
        report = place.verify()
        assert report.sound, (name, report.problems)
        content = plain(clinic, name, target)
        assert b"Lavoie" in content  # the others are there
        assert NAME.encode() not in content, name
        assert NAME.split("-", maxsplit=1)[0].lower().encode() not in content, name


def test_the_texts_go_everywhere_and_the_chains_hold(clinic: Clinic, tmp_path: Path) -> None:
    zoe = person(clinic)
    assert all(NAME.encode() in plain(clinic, name, tmp_path / "x.db") for name in clinic.places)
    erase_subject(clinic.places["A"].runner, BOSS, zoe)
    clinic.meet()
    assert len(clinic.digests()) == 1
    for name in clinic.places:
        ((left,),) = clinic.rows(
            name,
            "SELECT count(*) FROM change c JOIN operation o ON o.n = c.operation"
            f" WHERE c.subject = '{zoe}' AND o.origin <> 'erasure' AND c.delta IS NOT NULL",
        )
        assert left == 0, name
    nothing_is_left(clinic, tmp_path / "x.db")


def test_what_others_had_not_sent_or_not_pulled_is_erased_too(clinic: Clinic, tmp_path: Path) -> None:
    """B wrote offline, and A had not pulled what B sent: neither comes back."""
    zoe = person(clinic)
    sent, others = clinic.engines["A"], clinic.engines
    clinic.places["B"].runner.run(BOSS, change_patient, zoe, preferred_name=f"known to S: {NAME}")
    clinic.engines = {"B": others["B"]}
    clinic.meet()
    erase_subject(clinic.places["A"].runner, BOSS, zoe)
    clinic.places["B"].runner.run(BOSS, change_patient, zoe, preferred_name=f"offline: {NAME}")
    clinic.engines = {"A": sent}
    clinic.meet()
    clinic.engines = others
    clinic.meet()
    assert len(clinic.digests()) == 1
    assert clinic.rows("B", "SELECT code, json_extract(content, '$.changes') FROM inbox_item") == [
        ("erased_person", "[]")
    ]
    nothing_is_left(clinic, tmp_path / "x.db")


def test_an_operation_that_was_emptied_before_it_was_sent_leaves_no_row(clinic: Clinic, tmp_path: Path) -> None:
    """B pulls the erasure before it sends what it wrote: the visit that it booked meanwhile is nowhere."""
    zoe = person(clinic)
    erase_subject(clinic.places["A"].runner, BOSS, zoe)
    chair = clinic.rows("B", "SELECT id FROM operatory")[0][0]
    runner = clinic.places["B"].runner
    runner.run(BOSS, book_appointment, zoe, "ADJ", chair, local(2026, 11, 26, 10))
    others = clinic.engines
    clinic.engines = {"A": others["A"]}
    clinic.meet()
    clinic.engines = others
    pull_only(clinic, "B")
    with runner.read(BOSS) as read:
        waiting = own_operations(run_of(read), clinic.places["B"].device, others["B"].store.waiting(), 1_000)
    assert all(it.delta is None for it in waiting[-1].changes)
    clinic.meet()
    assert len(clinic.digests()) == 1
    nothing_is_left(clinic, tmp_path / "x.db")


def pull_only(clinic: Clinic, name: str) -> None:
    """Its pushes are lost on the way, its pulls are not."""
    engine = clinic.engines[name]
    for _round in range(20):
        clinic.now += 61_000
        engine.poked(clinic.server.head())
        for request in engine.next(clinic.now):
            if isinstance(request, Push):
                engine.failed(request, clinic.now)
            else:
                engine.received(request, clinic.answer(request), clinic.now)


def test_a_workstation_that_was_away_gets_the_rows_whose_making_was_emptied(clinic: Clinic, tmp_path: Path) -> None:
    """C has seen nothing of the person: what made the rows is empty, and yet its clinic is that of the others."""
    place = clinic.places["C"] = same_practice(tmp_path / "C")
    clinic.server.enrol(place.device, "C")
    zoe = person(clinic)
    erase_subject(clinic.places["A"].runner, BOSS, zoe)
    clinic.meet()
    clinic.engines["C"] = Engine(ClientStore(place.runner), Random(1))
    clinic.meet()
    assert clinic.rows("C", f"SELECT family_name, given_name FROM patient WHERE id = '{zoe}'") == [("", "")]
    assert len(clinic.digests()) == 1
    nothing_is_left(clinic, tmp_path / "x.db")


def test_who_knows_of_an_erasure_may_still_write(clinic: Clinic, tmp_path: Path) -> None:
    """The visits of somebody who was erased are cancelled where it was done, and elsewhere."""
    zoe = person(clinic)
    chair = clinic.rows("B", "SELECT id FROM operatory")[0][0]
    clinic.places["B"].runner.run(BOSS, book_appointment, zoe, "ADJ", chair, local(2026, 11, 26, 10))
    clinic.meet()
    visits = [AppointmentId(str(row[0])) for row in clinic.rows("A", "SELECT id FROM appointment ORDER BY starts_at")]
    erase_subject(clinic.places["A"].runner, BOSS, zoe)
    clinic.places["A"].runner.run(BOSS, cancel_appointment, visits[0])
    clinic.meet()
    clinic.places["B"].runner.run(BOSS, cancel_appointment, visits[1])
    clinic.meet()
    assert clinic.rows("S", "SELECT count(*) FROM appointment_event WHERE kind IN ('cancelled', 'cancelled_late')") == [
        (2,)
    ]
    assert clinic.rows("A", "SELECT * FROM inbox_item") == clinic.rows("B", "SELECT * FROM inbox_item") == []
    assert len(clinic.digests()) == 1
    nothing_is_left(clinic, tmp_path / "x.db")


def test_a_refused_operation_is_forgotten_with_its_person(clinic: Clinic, tmp_path: Path) -> None:
    zoe = person(clinic)
    with clinic.places["B"].runner.read(BOSS) as read:
        device = clinic.places["B"].device
        before = len(own_operations(run_of(read), device, 0, 1_000))
    authorise = clinic.server._authorise
    clinic.server._authorise = lambda read, it: "no_permission" if it.device == device else authorise(read, it)
    clinic.places["B"].runner.run(BOSS, change_patient, zoe, preferred_name=f"refused: {NAME}")
    clinic.meet()
    clinic.server._authorise = authorise
    ((result, content),) = clinic.rows(
        "S", f"SELECT result, content FROM server_receipt WHERE id = '{device}/{before + 1}'"
    )
    assert result == Result.REJECTED
    assert NAME in str(msgspec.json.decode(str(content)))
    erase_subject(clinic.places["A"].runner, BOSS, zoe)
    clinic.meet()
    nothing_is_left(clinic, tmp_path / "x.db")
