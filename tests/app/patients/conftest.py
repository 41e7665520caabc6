"""A few charts to work with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from app.core.ids import PatientId, PersonId
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.patients.commands import add_contact, add_person, create_patient, link_person
from app.patients.queries import ContactKind, HolderId, Relation, SearchPage, search_patients

BORN = date(2012, 3, 14)


@pytest.fixture
def florence(runner: Runner, boss: Actor) -> PatientId:
    """Florence Bergeron, 14 years old."""
    return runner.run(boss, create_patient, "Bergeron", "Florence", BORN)


@pytest.fixture
def isabelle(runner: Runner, boss: Actor, florence: PatientId) -> PersonId:
    """Her mother, who may consent, pays 60 % and has a mobile."""
    person = runner.run(boss, add_person, "Roy", "Isabelle")
    runner.run(boss, link_person, florence, person, Relation.MOTHER, payer_share_percent=60, may_consent=True)
    runner.run(boss, add_contact, HolderId(person), ContactKind.MOBILE, "514 555-0142", may_text=True)
    return person


@pytest.fixture
def search(runner: Runner, boss: Actor) -> Callable[[str], SearchPage]:
    """What a typed text finds."""
    return lambda words: runner.ask(boss, search_patients, words)
