"""A folder in which everybody is invented: a practice, its staff, families. Made by the clinic's own commands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from app.core.secret import Secret
from app.journal.queries import SYSTEM

if TYPE_CHECKING:
    from app.core.ids import PatientId, PersonId
    from app.journal.workplace import Workplace

PASSWORD: Final = "fil-arc-2026-demo"
PIN: Final = "258036"
"""What everybody invented signs in with; said on screen in demo folders, and used nowhere else."""


@dataclass(frozen=True, slots=True)
class Household:
    """A parent, a telephone, and children as (given name, pronouns, birth date)."""

    family: str
    parent: str
    relation: str
    phone: str
    children: tuple[tuple[str, str, date], ...]
    city: str = "Montréal"


STAFF: Final = (
    ("gagnon", "Marie Gagnon", "orthodontist", "dre"),
    ("nguyen", "Thomas Nguyen", "orthodontist", "dr"),
    ("julie", "Julie Roy", "front_desk", "none"),
    ("sophie", "Sophie Lamarre", "assistant", "none"),
    ("karim", "Karim Benali", "clinical_staff", "none"),
)
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


def fill(workplace: Workplace) -> None:
    """Fill an empty demo folder; every fact passes through a command, so that the journal tells all of it."""
    from argon2 import PasswordHasher

    from app.access.credentials import Argon2Hasher, use_hasher

    class QuickHasher(Argon2Hasher):
        """Hashes of a password that stands on screen anyway; each first sign-in makes a full one."""

        def __init__(self) -> None:
            self._argon2 = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)

    use_hasher(QuickHasher())
    try:
        _fill_staff(workplace)
    finally:
        use_hasher()
    for household in HOUSEHOLDS:
        _fill_household(workplace, household)


def _fill_staff(workplace: Workplace) -> None:
    from app.access.commands import create_first_administrator, create_staff, set_password, set_pin
    from app.access.credentials import prepared
    from app.access.model import Title
    from app.access.settings import PRACTICE_NAME
    from app.access.sign_in import Gatekeeper
    from app.core.permissions import Role
    from app.journal.settings_store import change_setting

    run, keeper = workplace.runner.run, Gatekeeper(workplace.runner)
    secret = prepared(Secret(PASSWORD))
    run(SYSTEM, change_setting, PRACTICE_NAME.name, "Clinique Rosemont")
    run(SYSTEM, create_first_administrator, "claire", "Claire Brunet", secret, roles=[Role.PRACTICE_MANAGER])
    for username, name, role, title in STAFF:
        run(SYSTEM, create_staff, username, name, [Role(role)], secret, Title(title))
    for username in ("claire", *(person[0] for person in STAFF)):
        signed = keeper.sign_in(username, Secret(PASSWORD))
        keeper.confirm_identity(signed.session_id, Secret(PASSWORD))
        if signed.must_change_password:
            run(signed.actor, set_password, signed.staff_id, secret)
        run(signed.actor, set_pin, Secret(PIN))
        keeper.sign_out(signed.session_id)


def _fill_household(workplace: Workplace, home: Household) -> None:
    from app.core.ids import PatientId
    from app.patients.commands import add_contact, add_person, create_patient, link_person
    from app.patients.vocabulary import ContactKind, HolderId, LivesWith, Relation

    run = workplace.runner.run
    given, _space, family = home.parent.partition(" ")
    person = run(SYSTEM, add_person, family, given)
    run(SYSTEM, add_contact, HolderId(person), ContactKind.MOBILE, home.phone, preferred=True, may_text=True)
    for name, pronouns, born_on in home.children:
        patient = run(SYSTEM, create_patient, home.family, name, born_on, pronouns=pronouns)
        run(
            SYSTEM, link_person, PatientId(patient), person, Relation(home.relation), LivesWith.ALWAYS,
            payer_share_percent=100, may_consent=True,
        )  # fmt: skip
        _fill_chart(workplace, PatientId(patient), person, name)


def _fill_chart(workplace: Workplace, patient: PatientId, person: PersonId, name: str) -> None:
    from app.patients.commands import raise_alert, record_consent
    from app.patients.vocabulary import AlertKind, AlertSeverity, ConsentPurpose

    run = workplace.runner.run
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
        run(SYSTEM, raise_alert, patient, kind, text, severity)
    for purpose in (ConsentPurpose.CARE, ConsentPurpose.RECORD_PHOTOS, ConsentPurpose.TEXT_MESSAGES):
        run(SYSTEM, record_consent, patient, purpose, True, person)
