"""Responsible persons, shares, contacts and alerts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.core.errors import NotFound, RuleViolation
from app.core.ids import PatientId, PersonId
from app.journal.erasure import erase_subject
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.patients.commands import (
    PayerShare,
    add_contact,
    add_person,
    change_alert,
    change_contact,
    change_responsibility,
    create_patient,
    end_alert,
    end_contact,
    end_responsibility,
    link_person,
    raise_alert,
    set_payer_shares,
    withdraw_alert,
    withdraw_contact,
    withdraw_person,
    withdraw_responsibility,
)
from app.patients.queries import (
    AlertKind,
    AlertSeverity,
    ContactKind,
    HolderId,
    LivesWith,
    Relation,
    alerts_of,
    contacts_of,
    family_of,
    patient_banner,
    persons_of_this_patient_only,
    shown_phone,
)
from tests.conftest import NOW

TODAY = NOW.date()


@pytest.fixture
def marc(runner: Runner, boss: Actor, florence: PatientId, isabelle: PersonId) -> PersonId:
    """The father, who lives apart and pays 40 %."""
    person = runner.run(boss, add_person, "Bergeron", "Marc")
    runner.run(boss, link_person, florence, person, Relation.FATHER, LivesWith.SHARED, 40)
    return person


def test_split_parents_and_brothers(
    runner: Runner, boss: Actor, florence: PatientId, isabelle: PersonId, marc: PersonId
) -> None:
    hugo = runner.run(boss, create_patient, "Bergeron", "Hugo", date(2015, 1, 2))
    runner.run(boss, link_person, hugo, marc, Relation.FATHER)
    family = runner.ask(boss, family_of, florence)
    assert [(p.given_name, p.relation, p.contact_order) for p in family.persons] == [
        ("Isabelle", Relation.MOTHER, 1), ("Marc", Relation.FATHER, 2),
    ]  # fmt: skip
    assert [sibling.id for sibling in family.siblings] == [hugo]
    banner = runner.ask(boss, patient_banner, florence)
    assert [(payer.given_name, payer.percent) for payer in banner.payers] == [("Isabelle", 60), ("Marc", 40)]
    assert banner.responsible is not None
    assert shown_phone(banner.responsible.phone or "") == "514 555-0142"


def test_shares_never_pass_the_whole(
    runner: Runner, boss: Actor, florence: PatientId, isabelle: PersonId, marc: PersonId
) -> None:
    persons = runner.ask(boss, family_of, florence).persons
    with pytest.raises(RuleViolation, match="100%"):
        runner.run(boss, change_responsibility, persons[0].responsibility_id, payer_share_percent=61)
    done = runner.submit(boss, set_payer_shares, florence, [PayerShare(marc, 100)]).result()
    assert [p.percent for p in runner.ask(boss, patient_banner, florence).payers] == [100]
    runner.undo(boss, done.operation_id)
    assert [p.percent for p in runner.ask(boss, patient_banner, florence).payers] == [60, 40]
    for shares in (
        [PayerShare(marc, 70), PayerShare(isabelle, 70)],
        [PayerShare(marc, 50), PayerShare(marc, 50)],
        [PayerShare(PersonId("x"), 50)],
        [PayerShare(marc, 101)],
    ):
        with pytest.raises(RuleViolation):
            runner.run(boss, set_payer_shares, florence, shares)


def test_an_undo_that_would_pass_the_whole_is_refused(
    runner: Runner, boss: Actor, florence: PatientId, isabelle: PersonId, marc: PersonId
) -> None:
    persons = runner.ask(boss, family_of, florence).persons
    done = runner.submit(boss, change_responsibility, persons[0].responsibility_id, payer_share_percent=10).result()
    runner.run(boss, change_responsibility, persons[1].responsibility_id, payer_share_percent=90)
    with pytest.raises(RuleViolation, match="100%"):
        runner.undo(boss, done.operation_id)


def test_links_end_and_can_be_withdrawn(runner: Runner, boss: Actor, florence: PatientId, isabelle: PersonId) -> None:
    with pytest.raises(RuleViolation, match="already answers"):
        runner.run(boss, link_person, florence, isabelle, Relation.GUARDIAN)
    (person,) = runner.ask(boss, family_of, florence).persons
    with pytest.raises(RuleViolation, match="still answers"):
        runner.run(boss, withdraw_person, isabelle)
    with pytest.raises(RuleViolation, match="future"):
        runner.run(boss, end_responsibility, person.responsibility_id, TODAY + timedelta(days=1))
    runner.run(boss, end_responsibility, person.responsibility_id, TODAY - timedelta(days=9))
    assert runner.ask(boss, family_of, florence).persons == ()
    (ended,) = runner.ask(boss, family_of, florence, ended=True).persons
    assert ended.to_on == TODAY - timedelta(days=9)
    with pytest.raises(RuleViolation, match="ended"):
        runner.run(boss, withdraw_responsibility, person.responsibility_id)
    wrong = runner.run(boss, link_person, florence, isabelle, Relation.SPOUSE)
    runner.run(boss, withdraw_responsibility, wrong)
    assert runner.ask(boss, family_of, florence).persons == ()
    again = runner.submit(boss, link_person, florence, isabelle, Relation.GUARDIAN).result()
    runner.undo(boss, again.operation_id)
    assert runner.ask(boss, family_of, florence).persons == ()
    runner.run(boss, withdraw_person, isabelle)
    with pytest.raises(RuleViolation, match="no longer on file"):
        runner.run(boss, link_person, florence, isabelle, Relation.MOTHER)


def test_a_whole_family_is_one_undo_step(runner: Runner, boss: Actor) -> None:
    with runner.group(boss, "New family") as group:
        patient = group.run(create_patient, "Roy", "Léa")
        person = group.run(add_person, "Roy", "Julie")
        group.run(link_person, patient, person, Relation.MOTHER)
        group.run(add_contact, HolderId(person), ContactKind.EMAIL, "julie@courriel.example")
    runner.undo_group(boss, group.id)
    with pytest.raises(NotFound):
        runner.ask(boss, patient_banner, patient)
    assert runner.ask(boss, contacts_of, HolderId(person)) == ()


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (ContactKind.MOBILE, "(514) 555-0142", "5145550142"),
        (ContactKind.HOME, "555 0142", "5145550142"),
        (ContactKind.WORK, "+1.450.555.0142", "4505550142"),
        (ContactKind.WORK, "+33 1 23 45 67 89", "+33123456789"),
        (ContactKind.EMAIL, " a.b@courriel.example ", "a.b@courriel.example"),
        (ContactKind.ADDRESS, "12, rue du Petit-Héron", "12, rue du Petit-Héron"),
    ],
)
def test_contacts_are_kept_in_one_form(
    runner: Runner, boss: Actor, florence: PatientId, kind: ContactKind, typed: str, kept: str
) -> None:
    runner.run(boss, add_contact, HolderId(florence), kind, typed)
    (line,) = runner.ask(boss, contacts_of, HolderId(florence))
    assert line.value == kept


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"kind": ContactKind.MOBILE, "value": "514 555"}, "value"),
        ({"kind": ContactKind.MOBILE, "value": "114 555-0142"}, "value"),
        ({"kind": ContactKind.MOBILE, "value": "514 555-0142 poste 3"}, "value"),
        ({"kind": ContactKind.MOBILE, "value": "+33 12"}, "value"),
        ({"kind": ContactKind.EMAIL, "value": "julie"}, "value"),
        ({"kind": ContactKind.EMAIL, "value": "julie@@courriel.ca"}, "value"),
        ({"kind": ContactKind.EMAIL, "value": "a@b.ca", "may_text": True}, "may_text"),
        ({"kind": ContactKind.ADDRESS, "value": " "}, "value"),
        ({"kind": ContactKind.ADDRESS, "value": "1, rue A", "province": "qc", "postal_code": "12345"}, "postal_code"),
    ],
)
def test_contacts_that_are_none(
    runner: Runner, boss: Actor, florence: PatientId, fields: dict[str, Any], at_fault: str
) -> None:
    with pytest.raises(RuleViolation) as refused:
        runner.run(boss, add_contact, HolderId(florence), **fields)
    assert refused.value.field == at_fault


def test_a_missing_domain_is_named(runner: Runner, boss: Actor, florence: PatientId) -> None:
    with pytest.raises(RuleViolation, match="domain is missing"):
        runner.run(boss, add_contact, HolderId(florence), ContactKind.EMAIL, "julie@")


def test_one_contact_is_preferred(runner: Runner, boss: Actor, florence: PatientId) -> None:
    holder = HolderId(florence)
    first = runner.run(boss, add_contact, holder, ContactKind.HOME, "514 555-0101", preferred=True)
    second = runner.run(boss, add_contact, holder, ContactKind.MOBILE, "514 555-0102")
    assert runner.ask(boss, patient_banner, florence).phone == "5145550101"
    done = runner.submit(boss, change_contact, second, preferred=True, note="Le soir").result()
    assert [(c.id, c.preferred) for c in runner.ask(boss, contacts_of, holder)] == [(second, True), (first, False)]
    runner.undo(boss, done.operation_id)
    assert [c.id for c in runner.ask(boss, contacts_of, holder) if c.preferred] == [first]
    runner.run(boss, end_contact, first)
    runner.run(boss, withdraw_contact, second)
    assert runner.ask(boss, contacts_of, holder) == ()
    with pytest.raises(RuleViolation, match="no longer in use"):
        runner.run(boss, change_contact, first, value="514 555-0103")


def test_a_postal_code_is_written_as_the_post_wants(runner: Runner, boss: Actor, florence: PatientId) -> None:
    holder = HolderId(florence)
    address = runner.run(
        boss, add_contact, holder, ContactKind.ADDRESS, "1, rue A", city="Laval", province="qc", postal_code="h0h0b2"
    )
    runner.run(boss, change_contact, address, city="Montréal")
    (line,) = runner.ask(boss, contacts_of, holder)
    assert (line.city, line.province, line.postal_code) == ("Montréal", "QC", "H0H 0B2")
    runner.run(boss, change_contact, address, province="Vermont", postal_code="05401")
    assert runner.ask(boss, contacts_of, holder)[0].postal_code == "05401"


def test_alerts_stand_until_their_end(runner: Runner, boss: Actor, florence: PatientId) -> None:
    note = runner.run(boss, raise_alert, florence, AlertKind.BEHAVIOUR, "Anxiété", AlertSeverity.NOTE)
    latex = runner.run(boss, raise_alert, florence, AlertKind.ALLERGY, "Latex", AlertSeverity.CRITICAL)
    runner.run(boss, raise_alert, florence, AlertKind.MEDICAL, "Plâtre", until_on=TODAY - timedelta(days=1))
    runner.run(boss, raise_alert, florence, AlertKind.MEDICAL, "Opération", since_on=TODAY + timedelta(days=1))
    assert [alert.text for alert in runner.ask(boss, alerts_of, florence)] == ["Latex", "Anxiété"]
    everything = runner.ask(boss, alerts_of, florence, ended=True)
    assert [(alert.text, alert.active) for alert in everything][:2] == [("Latex", True), ("Anxiété", True)]
    assert len(everything) == 4
    runner.run(boss, change_alert, latex, text="Latex et nickel")
    runner.run(boss, end_alert, note)
    assert [alert.text for alert in runner.ask(boss, alerts_of, florence)] == ["Latex et nickel"]
    with pytest.raises(RuleViolation, match="ended"):
        runner.run(boss, change_alert, note, text="X")
    with pytest.raises(RuleViolation, match="before it begins"):
        runner.run(boss, change_alert, latex, since_on=TODAY, until_on=TODAY - timedelta(days=1))
    runner.run(boss, withdraw_alert, latex)
    assert "Latex" not in repr(runner.ask(boss, alerts_of, florence, ended=True))


def test_erasing_a_patient_leaves_a_shared_parent_and_names_the_others(
    runner: Runner, boss: Actor, florence: PatientId, isabelle: PersonId, marc: PersonId
) -> None:
    hugo = runner.run(boss, create_patient, "Bergeron", "Hugo")
    runner.run(boss, link_person, hugo, isabelle, Relation.MOTHER)
    alone = runner.ask(boss, persons_of_this_patient_only, florence)
    assert alone == (marc,)
    erase_subject(runner, boss, florence)
    for person in alone:
        erase_subject(runner, boss, person)
    with pytest.raises(NotFound):
        runner.ask(boss, patient_banner, florence)
    family = runner.ask(boss, family_of, hugo)
    assert [person.given_name for person in family.persons] == ["Isabelle"]
    assert family.siblings == ()
    assert runner.ask(boss, persons_of_this_patient_only, hugo) == (isabelle,)
    with runner.read(boss) as read:
        left = read.sql("SELECT delta FROM change")
    assert "Marc" not in repr(left)
    assert "Florence" not in repr(left)
