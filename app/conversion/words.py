"""The words of old systems and ours: what stands in a column of choices, in French and English, folded."""

from __future__ import annotations

import enum
from typing import Final

from app.conversion.vocabulary import RowKind
from app.core.text import fold
from app.patients.nam import RAMQ_SEX_LABELS, RamqSex
from app.patients.vocabulary import (
    LANGUAGE_LABELS,
    RELATION_LABELS,
    STATUS_LABELS,
    FileStatus,
    Language,
    Relation,
)
from app.practice.states import Machine, state
from app.scheduling.vocabulary import RECALL_LABELS, RECALL_STATE_LABELS, RecallKind, RecallState


class VisitStatus(enum.StrEnum):
    """What an old system says of a visit."""

    SCHEDULED = "scheduled"
    CONFIRMED = "confirmed"
    KEPT = "kept"
    MISSED = "missed"
    CANCELLED = "cancelled"


VISIT_LABELS: Final = {
    VisitStatus.SCHEDULED: state(Machine.APPOINTMENT, "scheduled").name,
    VisitStatus.CONFIRMED: state(Machine.APPOINTMENT, "confirmed").name,
    VisitStatus.KEPT: state(Machine.APPOINTMENT, "kept").name,
    VisitStatus.MISSED: state(Machine.APPOINTMENT, "missed").name,
    VisitStatus.CANCELLED: state(Machine.APPOINTMENT, "cancelled").name,
}
WORDS: Final[dict[tuple[RowKind, str], dict[str, str]]] = {
    (RowKind.PATIENTS, "sex"): {
        RamqSex.FEMALE: "f;feminin;femme;fille;female;woman;girl;w",
        RamqSex.MALE: "m;masculin;homme;garcon;male;man;boy;h",
    },
    (RowKind.PATIENTS, "language"): {
        Language.FRENCH: "fr;francais;french;f;fra;fre;francaise;fr ca",
        Language.ENGLISH: "en;anglais;english;a;e;ang;eng;an;anglaise;en ca",
    },
    (RowKind.PATIENTS, "status"): {
        FileStatus.ACTIVE: "active;actif;active patient;a;oui;yes;1;en traitement;in treatment;vrai;true",
        FileStatus.INACTIVE: "inactive;inactif;i;non;no;0;termine;completed;faux;false;transfere;transferred",
        FileStatus.ARCHIVED: "archived;archive;archivee;decede;deceased;ferme;closed",
    },
    (RowKind.RESPONSIBLE, "relation"): {
        Relation.MOTHER: "mother;mere;maman;mom;m",
        Relation.FATHER: "father;pere;papa;dad;p",
        Relation.STEPPARENT: "stepparent;beau pere;belle mere;conjoint du parent;stepmother;stepfather;step parent",
        Relation.GRANDPARENT: "grandparent;grand parent;grand mere;grand pere;grandmother;grandfather",
        Relation.GUARDIAN: "guardian;tuteur;tutrice;legal guardian;parent",
        Relation.FOSTER_FAMILY: "foster family;famille d accueil;foster",
        Relation.YOUTH_PROTECTION: "youth protection;dpj;protection de la jeunesse",
        Relation.SPOUSE: "spouse;conjoint;conjointe;epoux;epouse;husband;wife;partner",
        Relation.SIBLING: "sibling;frere;soeur;brother;sister",
        Relation.CHILD: "child;enfant;fils;fille;son;daughter",
        Relation.OTHER: "other;autre;self;lui meme;elle meme;payeur;payer",
    },
    (RowKind.APPOINTMENTS, "status"): {
        VisitStatus.SCHEDULED: "scheduled;prevu;planifie;a venir;booked;reserve;unconfirmed;non confirme;s;p",
        VisitStatus.CONFIRMED: "confirmed;confirme;c",
        VisitStatus.KEPT: "kept;complete;completed;termine;vu;seen;done;present;arrive;checked out;v",
        VisitStatus.MISSED: "missed;manque;absent;no show;noshow;failed;rate;ns;abs",
        VisitStatus.CANCELLED: "cancelled;canceled;annule;annulee;x;ann",
    },
    (RowKind.RECALLS, "kind"): {
        RecallKind.OBSERVATION: "observation;suivi;croissance;growth;obs",
        RecallKind.PHASE_2: "phase 2;phase ii;phase2",
        RecallKind.RETENTION: "retention;contention;retainer;ret",
        RecallKind.CLEANING: "cleaning;nettoyage;hygiene;prophy",
        RecallKind.PROGRESS_RECORDS: "progress records;records;dossier de progres;progres",
        RecallKind.OTHER: "other;autre;rappel;recall",
    },
    (RowKind.RECALLS, "state"): {
        RecallState.OPEN: "open;ouvert;actif;active;a faire;pending",
        RecallState.BOOKED: "booked;reserve;prevu;scheduled",
        RecallState.DONE: "done;fait;termine;completed;complete",
        RecallState.DROPPED: "dropped;abandonne;annule;cancelled;inactif;inactive",
    },
}
WORDS[RowKind.RESPONSIBLE, "language"] = WORDS[RowKind.PATIENTS, "language"]
CHOICE_LABELS: Final[dict[tuple[RowKind, str], dict[str, str]]] = {
    (RowKind.PATIENTS, "sex"): {item.value: label for item, label in RAMQ_SEX_LABELS.items()},
    (RowKind.PATIENTS, "language"): {item.value: label for item, label in LANGUAGE_LABELS.items()},
    (RowKind.PATIENTS, "status"): {item.value: label for item, label in STATUS_LABELS.items()},
    (RowKind.RESPONSIBLE, "relation"): {item.value: label for item, label in RELATION_LABELS.items()},
    (RowKind.RESPONSIBLE, "language"): {item.value: label for item, label in LANGUAGE_LABELS.items()},
    (RowKind.APPOINTMENTS, "status"): {item.value: label for item, label in VISIT_LABELS.items()},
    (RowKind.RECALLS, "kind"): {item.value: label for item, label in RECALL_LABELS.items()},
    (RowKind.RECALLS, "state"): {item.value: label for item, label in RECALL_STATE_LABELS.items()},
}
"""Our words for each choice, as msgids."""
_BY_WORD: Final = {
    place: {fold(word): str(ours) for ours, words in choices.items() for word in (*words.split(";"), str(ours))}
    for place, choices in WORDS.items()
}
YES: Final = frozenset({"oui", "o", "yes", "y", "vrai", "true", "1", "x"})
NO: Final = frozenset({"non", "n", "no", "faux", "false", "0", ""})


def known_word(kind: RowKind, field: str, given: str) -> str | None:
    """Our word for what stands in the cell; None when nobody could know."""
    return _BY_WORD.get((kind, field), {}).get(fold(given))
