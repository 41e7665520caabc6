"""Answers that come late: a page has overtaken the answer to a push, in either order of their making."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.ids import PatientId
from app.patients.commands import change_patient
from sync.protocol.messages import Pull, Push, Result
from sync.simulation.mutants import alive
from tests.sync.test_two_workstations import BOSS, Clinic, furnish


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    made = Clinic(tmp_path)
    yield made
    for place in made.places.values():
        place.close()


def said(clinic: Clinic, name: str) -> tuple[Push, Pull]:
    """What a workstation's engine says at once: both are on their way then."""
    engine = clinic.engines[name]
    clinic.now += 1_000
    engine.written()
    engine.poked(clinic.server.head() + 1)
    push, pull = engine.next(clinic.now)
    assert isinstance(push, Push)
    assert isinstance(pull, Pull)
    return push, pull


def meet_alone(clinic: Clinic, name: str) -> None:
    others = dict(clinic.engines)
    clinic.engines = {name: others[name]}
    clinic.meet()
    clinic.engines = others


def name_of(clinic: Clinic, place: str, patient: PatientId) -> tuple[object, ...]:
    return clinic.rows(place, f"SELECT family_name, given_name FROM patient WHERE id = '{patient}'")[0]


def change(clinic: Clinic, place: str, patient: PatientId, **values: str) -> None:
    clinic.places[place].runner.run(BOSS, change_patient, patient, **values)


def an_answer_that_a_page_overtook(clinic: Clinic) -> None:
    """A's edit is superseded by B's; before A hears it, B changes the row once more and A pulls that."""
    _chair, (olivia, _hugo) = furnish(clinic)
    clinic.meet()
    change(clinic, "A", olivia, family_name="Aubin")
    change(clinic, "B", olivia, family_name="Bédard")
    change(clinic, "B", olivia, family_name="Bernier")
    meet_alone(clinic, "B")
    request, pull = said(clinic, "A")
    reply = clinic.server.push(request)
    assert [it.result for it in reply.verdicts] == [Result.SUPERSEDED]
    assert reply.verdicts[0].fixes[0].values is not None
    change(clinic, "B", olivia, given_name="Béatrice")
    meet_alone(clinic, "B")
    engine = clinic.engines["A"]
    engine.received(pull, clinic.answer(pull), clinic.now)
    assert name_of(clinic, "A", olivia)[1] == "Béatrice"
    engine.received(request, reply, clinic.now)
    clinic.meet()
    assert name_of(clinic, "A", olivia) == name_of(clinic, "S", olivia) == ("Bernier", "Béatrice")
    assert len(clinic.digests()) == 1


def test_an_answer_older_than_what_was_pulled_puts_nothing_back(clinic: Clinic) -> None:
    an_answer_that_a_page_overtook(clinic)


def test_the_protocol_without_that_rule_is_noticed(clinic: Clinic) -> None:
    with alive("old_row_put_back"), pytest.raises(AssertionError):
        an_answer_that_a_page_overtook(clinic)


def test_an_own_edit_that_came_back_in_a_page_is_answered(clinic: Clinic) -> None:
    """The server took A's edit in, then B's later one; A pulls both before it hears the answer to its push."""
    _chair, (olivia, _hugo) = furnish(clinic)
    clinic.meet()
    change(clinic, "A", olivia, family_name="Aubin")
    request, pull = said(clinic, "A")
    reply = clinic.server.push(request)
    assert [it.result for it in reply.verdicts] == [Result.ACCEPTED]
    meet_alone(clinic, "B")
    change(clinic, "B", olivia, family_name="Bédard")
    meet_alone(clinic, "B")
    engine = clinic.engines["A"]
    engine.received(pull, clinic.answer(pull), clinic.now)
    engine.received(request, reply, clinic.now)
    clinic.meet()
    assert name_of(clinic, "A", olivia) == name_of(clinic, "S", olivia) == ("Bédard", "Olivia")
