"""The families of the demonstration that pictures and journeys know by name. Everybody is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.ids import PatientId, PersonId
from app.patients.commands import add_contact, add_person, create_patient, link_person, raise_alert, record_consent
from app.patients.seeding import Runs
from app.patients.vocabulary import (
    AlertKind,
    AlertSeverity,
    ConsentPurpose,
    ContactKind,
    HolderId,
    LivesWith,
    Relation,
)

PASSWORD: Final = "fil-arc-2026-demo"
PIN: Final = "258036"
"""What everybody invented signs in with; the sign-in screen of a demonstration shows it. Used nowhere else."""


@dataclass(frozen=True, slots=True)
class Household:
    """A parent, a telephone, and children as (given name, pronouns, birth date)."""

    family: str
    parent: str
    relation: str
    phone: str
    children: tuple[tuple[str, str, date], ...]
    city: str = "Montréal"


HOUSEHOLDS: Final = (
    Household("Bergeron", "Isabelle Roy", "mother", "514 555-0142", (("Florence", "elle", date(2012, 3, 3)),)),
    Household(
        "Lavoie",
        "Martin Lavoie",
        "father",
        "514 555-0117",
        (("Olivia", "elle", date(2011, 7, 19)), ("William", "il", date(2014, 1, 28))),
    ),
    Household(
        "Beaulieu", "Chantal Beaulieu", "mother", "450 555-0123", (("Liam", "il", date(2013, 5, 30)),), "Longueuil"
    ),
    Household(
        "Tremblay",
        "Josée Tremblay",
        "mother",
        "438 555-0108",
        (("Zachary", "il", date(2010, 11, 2)), ("Éloïse", "elle", date(2015, 2, 14))),
    ),
    Household("Fortin", "Luc Fortin", "father", "514 555-0191", (("Rosalie", "elle", date(2009, 12, 8)),)),
    Household("Desjardins", "Annie Côté", "mother", "450 555-0177", (("Alice", "elle", date(2012, 9, 21)),), "Laval"),
    Household("Caron", "Sylvain Caron", "father", "514 555-0164", (("Émile", "il", date(2011, 4, 12)),)),
    Household(
        "Thibault-Lachance", "Nathalie Lachance", "mother", "438 555-0139", (("Béatrice", "elle", date(2010, 6, 25)),)
    ),
    Household(
        "Girard",
        "Patrick Girard",
        "father",
        "450 555-0150",
        (("Nathan", "il", date(2013, 10, 17)), ("Jade", "elle", date(2011, 8, 5))),
        "Brossard",
    ),
    Household("Paquette", "Mélanie Paquette", "mother", "514 555-0186", (("Juliette", "elle", date(2014, 3, 9)),)),
    Household("Dubé", "Simon Dubé", "father", "514 555-0129", (("Raphaël", "il", date(2012, 12, 1)),)),
    Household(
        "Nguyen",
        "Linh Tran",
        "mother",
        "438 555-0155",
        (("Chloé", "elle", date(2013, 1, 23)), ("Mathis", "il", date(2015, 6, 11))),
    ),
    Household(
        "Morin", "Caroline Morin", "mother", "450 555-0113", (("Samuel", "il", date(2010, 2, 27)),), "Repentigny"
    ),
    Household(
        "O’Connor", "Kathleen O’Connor", "mother", "514 555-0172", (("Aidan", "il", date(2012, 5, 6)),), "Westmount"
    ),
)


def fill_household(group: Runs, home: Household) -> list[PatientId]:
    """Make the charts of one household; returns the children."""

    run = group.run
    made: list[PatientId] = []
    given, _space, family = home.parent.partition(" ")
    person = run(add_person, family, given)
    run(add_contact, HolderId(person), ContactKind.MOBILE, home.phone, preferred=True, may_text=True)
    for name, pronouns, born_on in home.children:
        patient = run(create_patient, home.family, name, born_on, pronouns=pronouns)
        run(
            link_person,
            patient,
            person,
            Relation(home.relation),
            LivesWith.ALWAYS,
            payer_share_percent=100,
            may_consent=True,
        )
        _fill_chart(group, patient, person, name)
        made.append(patient)
    return made


def _fill_chart(group: Runs, patient: PatientId, person: PersonId, name: str) -> None:

    run = group.run
    alerts = {
        "Florence": (
            (AlertKind.ALLERGY, "latex", AlertSeverity.CRITICAL),
            (AlertKind.MEDICAL, "asthme, pompe sur elle", AlertSeverity.WARNING),
        ),
        "Olivia": ((AlertKind.ALLERGY, "latex", AlertSeverity.CRITICAL),),
        "Raphaël": ((AlertKind.MEDICAL, "souffle au cœur, antibiotique avant les bagues", AlertSeverity.WARNING),),
        "Émile": ((AlertKind.LEGAL, "garde partagée, aviser les deux parents", AlertSeverity.NOTE),),
    }
    for kind, text, severity in alerts.get(name, ()):
        run(raise_alert, patient, kind, text, severity)
    for purpose in (ConsentPurpose.CARE, ConsentPurpose.RECORD_PHOTOS, ConsentPurpose.TEXT_MESSAGES):
        run(record_consent, patient, purpose, True, person)
