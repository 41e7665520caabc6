"""What each kind of file may hold, and by which French and English heads old systems call it."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.conversion.vocabulary import RowKind
from app.core.i18n import N_
from app.core.text import fold


class Form(enum.StrEnum):
    """How a cell is read."""

    TEXT = "text"
    DAY = "day"
    TIME = "time"
    MONEY = "money"
    WHOLE = "whole"
    YES_NO = "yes_no"
    CHOICE = "choice"
    """One of the words of `words.WORDS`."""
    NAMED = "named"
    """The name or code of something set up here: an appointment type, a chair, a provider."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One thing that a row may say. `heads` are folded; a head that begins with one of them is taken too."""

    name: str
    label: str
    heads: tuple[str, ...]
    form: Form = Form.TEXT
    needed: bool = False


_NUMBER = ("numero", "no", "id", "code", "number", "chart", "dossier")
_PATIENT = FieldSpec(
    "patient",
    N_("Number of the patient"),
    ("no patient", "numero patient", "patient id", "patient number", "patient no", "id patient", "no dossier",
     "numero de dossier", "dossier", "chart number", "chart", "patient", "file number", "patient"),
    needed=True,
)  # fmt: skip
_NOTE = FieldSpec("note", N_("Note"), ("note", "remarque", "commentaire", "comment", "remark", "memo"))
_NAMES = (
    FieldSpec("family_name", N_("Family name"), ("nom de famille", "nom", "family name", "last name", "surname")),
    FieldSpec("given_name", N_("Given name"), ("prenom", "given name", "first name", "forename")),
    FieldSpec("full_name", N_("Family name, given name"), ("nom complet", "full name", "nom prenom", "name")),
)
_REACH = (
    FieldSpec("mobile", N_("Mobile"), ("cellulaire", "cell", "mobile", "tel cellulaire", "cell phone", "portable")),
    FieldSpec("home", N_("Home phone"), ("telephone", "tel", "tel maison", "telephone maison", "domicile", "residence",
                                         "phone", "home phone", "tel residence")),
    FieldSpec("work", N_("Work phone"), ("tel travail", "telephone travail", "travail", "bureau", "work phone")),
    FieldSpec("email", N_("E-mail"), ("courriel", "email", "e mail", "adresse courriel", "mail")),
    FieldSpec("street", N_("Number and street"), ("adresse", "rue", "address", "street", "address 1", "adresse 1")),
    FieldSpec("city", N_("City"), ("ville", "municipalite", "city", "town")),
    FieldSpec("province", N_("Province"), ("province", "prov", "state")),
    FieldSpec("postal_code", N_("Postal code"), ("code postal", "cp", "postal code", "zip")),
)  # fmt: skip
_LANGUAGE = FieldSpec("language", N_("Language"), ("langue", "language", "lang"), Form.CHOICE)
_HOUSEHOLD = FieldSpec(
    "household", N_("Household"), ("famille", "menage", "no famille", "household", "family", "family id", "family no")
)

FIELDS: Final[dict[RowKind, tuple[FieldSpec, ...]]] = {
    RowKind.PATIENTS: (
        FieldSpec("number", N_("Number in the old system"),
                  ("no patient", "numero patient", "patient id", "patient number", "id patient", *_NUMBER),
                  needed=True),
        FieldSpec("file_number", N_("File number"), ("no dossier", "numero de dossier", "file number", "chart number")),
        *_NAMES,
        FieldSpec("preferred_name", N_("Preferred name"), ("prenom usuel", "surnom", "preferred name", "nickname")),
        FieldSpec("born_on", N_("Birth date"), ("date de naissance", "naissance", "ddn", "date naissance", "birth date",
                                                "birthdate", "date of birth", "dob", "birthday"), Form.DAY),
        FieldSpec("sex", N_("Sex at the RAMQ"), ("sexe", "genre", "sex", "gender"), Form.CHOICE),
        _LANGUAGE,
        FieldSpec("nam", N_("NAM"), ("nam", "ramq", "no assurance maladie", "numero d assurance maladie",
                                     "assurance maladie", "health insurance", "medicare", "health card")),
        FieldSpec("nam_expires", N_("Expiry of the NAM"), ("expiration nam", "exp nam", "expiration ramq", "nam expiry",
                                                           "expiration", "health card expiry")),
        FieldSpec("status", N_("Status of the file"), ("statut", "etat", "status", "actif", "active"), Form.CHOICE),
        FieldSpec("opened_on", N_("Opened on"), ("date d ouverture", "ouverture", "date creation", "opened", "created",
                                                 "date opened", "first visit"), Form.DAY),
        _HOUSEHOLD,
        *_REACH,
    ),
    RowKind.RESPONSIBLE: (
        FieldSpec("number", N_("Number in the old system"),
                  ("no responsable", "numero responsable", "responsible id", "guardian id", "payer id", "account id",
                   "no payeur", *_NUMBER), needed=True),
        FieldSpec("patient", _PATIENT.label, _PATIENT.heads),
        _HOUSEHOLD,
        *_NAMES,
        FieldSpec("relation", N_("Relation"), ("lien", "relation", "parente", "lien de parente", "relationship"),
                  Form.CHOICE),
        FieldSpec("share", N_("Share of the bill"), ("part", "pourcentage", "share", "percent"), Form.WHOLE),
        FieldSpec("may_consent", N_("May consent"), ("consentement", "autorite parentale", "tuteur", "guardian",
                                                     "may consent", "consent"), Form.YES_NO),
        _LANGUAGE,
        *_REACH,
    ),
    RowKind.APPOINTMENTS: (
        FieldSpec("number", N_("Number in the old system"),
                  ("no rendez vous", "id rendez vous", "appointment id", "appointment number", "no rdv", "id rdv",
                   *_NUMBER), needed=True),
        _PATIENT,
        FieldSpec("on", N_("Date"), ("date", "date rendez vous", "date rdv", "jour", "appointment date", "day"),
                  Form.DAY, needed=True),
        FieldSpec("at", N_("Time"), ("heure", "heure debut", "time", "start", "start time"), Form.TIME, needed=True),
        FieldSpec("minutes", N_("Minutes"), ("duree", "minutes", "duration", "length"), Form.WHOLE),
        FieldSpec("type", N_("Appointment type"), ("type", "acte", "type rendez vous", "type rdv", "appointment type",
                                                   "procedure", "motif", "reason"), Form.NAMED, needed=True),
        FieldSpec("chair", N_("Chair"), ("fauteuil", "salle", "chair", "operatory", "room", "colonne", "column"),
                  Form.NAMED, needed=True),
        FieldSpec("doctor", N_("Doctor"), ("docteur", "dentiste", "orthodontiste", "doctor", "provider", "praticien"),
                  Form.NAMED),
        FieldSpec("assistant", N_("Assistant"), ("assistant", "assistante", "hygieniste", "hygienist"), Form.NAMED),
        FieldSpec("status", N_("Status of the visit"), ("statut", "etat", "status"), Form.CHOICE),
        _NOTE,
    ),
    RowKind.RECALLS: (
        FieldSpec("number", N_("Number in the old system"), ("no rappel", "id rappel", "recall id", *_NUMBER),
                  needed=True),
        _PATIENT,
        FieldSpec("kind", N_("Kind of recall"), ("type", "type rappel", "sorte", "recall type", "kind", "reason"),
                  Form.CHOICE),
        FieldSpec("due_on", N_("Due on"), ("date", "date rappel", "prevu le", "due", "due date", "recall date"),
                  Form.DAY, needed=True),
        FieldSpec("weeks", N_("Every so many weeks"), ("intervalle", "semaines", "interval", "weeks"), Form.WHOLE),
        FieldSpec("state", N_("State of the recall"), ("statut", "etat", "status", "state"), Form.CHOICE),
        _NOTE,
    ),
    RowKind.NOTES: (
        FieldSpec("number", N_("Number in the old system"), ("no note", "id note", "note id", *_NUMBER), needed=True),
        _PATIENT,
        FieldSpec("written_on", N_("Written on"), ("date", "date note", "ecrit le", "note date", "written"), Form.DAY),
        FieldSpec("author", N_("Author"), ("auteur", "par", "utilisateur", "author", "by", "user", "initiales")),
        FieldSpec("text", N_("Text"), ("texte", "note", "contenu", "text", "body", "description"), needed=True),
    ),
    RowKind.BALANCES: (
        FieldSpec("number", N_("Number in the old system"),
                  ("no compte", "id compte", "account id", "account number", "contract id", "no contrat", *_NUMBER)),
        _PATIENT,
        FieldSpec("as_of_on", N_("As of"), ("date", "en date du", "au", "as of", "balance date"), Form.DAY,
                  needed=True),
        FieldSpec("contract", N_("Contract total"), ("contrat", "total contrat", "montant contrat", "total", "contract",
                                                     "contract total"), Form.MONEY),
        FieldSpec("paid", N_("Paid to date"), ("paye", "total paye", "paiements", "paid", "payments", "paid to date"),
                  Form.MONEY),
        FieldSpec("balance", N_("Balance"), ("solde", "solde du", "a payer", "balance", "owing", "due", "balance due"),
                  Form.MONEY, needed=True),
    ),
}  # fmt: skip
FILE_WORDS: Final[dict[RowKind, tuple[str, ...]]] = {
    RowKind.RESPONSIBLE: ("responsable", "payeur", "parent", "tuteur", "guardian", "payer", "responsible", "household"),
    RowKind.APPOINTMENTS: ("rendez", "rdv", "appointment", "visit", "schedule", "agenda"),
    RowKind.RECALLS: ("rappel", "recall"),
    RowKind.BALANCES: ("solde", "balance", "contrat", "contract", "compte", "ledger"),
    RowKind.NOTES: ("note", "comment"),
    RowKind.PATIENTS: ("patient", "dossier", "client", "chart"),
}
"""Words in the name of a file, most telling first: “patient notes” are notes."""


def guess_kind(stem: str, headings: tuple[str, ...]) -> RowKind:
    """What a file holds, by its name, else by the heads that fit best."""
    folded = fold(stem)
    for kind, words in FILE_WORDS.items():
        if any(word in folded for word in words):
            return kind
    return max(RowKind, key=lambda kind: (len(guess_columns(kind, headings)), -list(RowKind).index(kind)))


_GLUED: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Where the words of a head like “PatientID” or “LastName” meet."""


def guess_columns(kind: RowKind, headings: tuple[str, ...]) -> dict[str, str]:
    """Field → head: equal heads first, then heads that begin alike. A head is used once."""
    heads = {heading: fold(_GLUED.sub(" ", heading)) for heading in headings}
    found: dict[str, str] = {}
    for exact in (True, False):
        for spec, known in _offers(kind):
            if spec.name in found:
                continue
            left = [h for h in headings if h not in found.values()]
            match = next((h for h in left if _fits(heads[h], known, exact)), None)
            if match is not None:
                found[spec.name] = match
    return {spec.name: found[spec.name] for spec in FIELDS[kind] if spec.name in found}


def _offers(kind: RowKind) -> Iterator[tuple[FieldSpec, str]]:
    """Every field with each of its heads: the first head of all fields, then the second, so that telling ones win."""
    for place in range(max(len(spec.heads) for spec in FIELDS[kind])):
        for spec in FIELDS[kind]:
            if place < len(spec.heads):
                yield spec, spec.heads[place]


def _fits(head: str, known: str, exact: bool) -> bool:
    return head == known if exact else len(known) > 3 and (head.startswith(f"{known} ") or head.endswith(f" {known}"))
