"""The words of the chart: ids, enumerations and their labels. Screens import these; the records use them."""

from __future__ import annotations

import enum
from typing import Final, NewType

from app.core.i18n import N_

ResponsibilityId = NewType("ResponsibilityId", str)
ContactPointId = NewType("ContactPointId", str)
AlertId = NewType("AlertId", str)
SavedFilterId = NewType("SavedFilterId", str)
ConsentId = NewType("ConsentId", str)
DocumentId = NewType("DocumentId", str)
DocumentVersionId = NewType("DocumentVersionId", str)
HolderId = NewType("HolderId", str)
"""A patient or a person: whoever has a telephone, an address."""


class Language(enum.StrEnum):
    """The language that the family is written and spoken to in."""

    FRENCH = "fr"
    ENGLISH = "en"


class FileStatus(enum.StrEnum):
    """Whether the clinic still sees the patient. Where the treatment stands is another machine (treatment)."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    ARCHIVED = "archived"


class Relation(enum.StrEnum):
    """What the person is to the patient."""

    MOTHER = "mother"
    FATHER = "father"
    STEPPARENT = "stepparent"
    GRANDPARENT = "grandparent"
    GUARDIAN = "guardian"
    FOSTER_FAMILY = "foster_family"
    YOUTH_PROTECTION = "youth_protection"
    SPOUSE = "spouse"
    SIBLING = "sibling"
    CHILD = "child"
    OTHER = "other"


class LivesWith(enum.StrEnum):
    """Whether the patient lives with the person."""

    ALWAYS = "always"
    SHARED = "shared"
    SOMETIMES = "sometimes"
    NEVER = "never"
    UNKNOWN = "unknown"


class ContactKind(enum.StrEnum):
    """How somebody is reached."""

    MOBILE = "mobile"
    HOME = "home"
    WORK = "work"
    EMAIL = "email"
    ADDRESS = "address"


PHONES: Final = frozenset({ContactKind.MOBILE, ContactKind.HOME, ContactKind.WORK})


class AlertKind(enum.StrEnum):
    """What an alert is about."""

    ALLERGY = "allergy"
    MEDICAL = "medical"
    BEHAVIOUR = "behaviour"
    LEGAL = "legal"
    FINANCIAL = "financial"


class AlertSeverity(enum.StrEnum):
    """How loudly an alert speaks; `CRITICAL` stands first everywhere."""

    CRITICAL = "critical"
    WARNING = "warning"
    NOTE = "note"


class ConsentPurpose(enum.StrEnum):
    """What is consented to: one purpose, one decision (R-22.1)."""

    CARE = "care"
    RECORD_PHOTOS = "record_photos"
    PUBLISHED_PHOTOS = "published_photos"
    TEXT_MESSAGES = "text_messages"
    EMAIL_MESSAGES = "email_messages"
    COMMERCIAL_MESSAGES = "commercial_messages"
    SHARE_WITH_DENTIST = "share_with_dentist"
    SHARE_WITH_INSURER = "share_with_insurer"
    OUTSIDE_QUEBEC = "outside_quebec"
    TEACHING = "teaching"


class ConsentDecision(enum.StrEnum):
    """What was decided. `VOIDED` takes back a row that was entered by mistake."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"


class DocumentKind(enum.StrEnum):
    """What a document is."""

    REFERRAL = "referral"
    MEDICAL_HISTORY = "medical_history"
    CONSENT_FORM = "consent_form"
    TREATMENT_PLAN = "treatment_plan"
    CONTRACT = "contract"
    INSURANCE = "insurance"
    LETTER = "letter"
    LAB = "lab"
    COURT = "court"
    OTHER = "other"


class PatientSort(enum.StrEnum):
    """By what the patient list is sorted."""

    NAME = "name"
    FILE_NUMBER = "file_number"
    BORN_ON = "born_on"
    OPENED_AT = "opened_at"


class PatientField(enum.StrEnum):
    """What of a patient can be emptied."""

    PREFERRED_NAME = "preferred_name"
    PRONOUNS = "pronouns"
    BORN_ON = "born_on"
    SEX_AT_RAMQ = "sex_at_ramq"


LANGUAGE_LABELS: Final = {Language.FRENCH: N_("French"), Language.ENGLISH: N_("English")}
STATUS_LABELS: Final = {
    FileStatus.ACTIVE: N_("Active file"),
    FileStatus.INACTIVE: N_("Inactive file"),
    FileStatus.ARCHIVED: N_("Archived file"),
}
RELATION_LABELS: Final = {
    Relation.MOTHER: N_("Mother"),
    Relation.FATHER: N_("Father"),
    Relation.STEPPARENT: N_("Stepparent"),
    Relation.GRANDPARENT: N_("Grandparent"),
    Relation.GUARDIAN: N_("Guardian"),
    Relation.FOSTER_FAMILY: N_("Foster family"),
    Relation.YOUTH_PROTECTION: N_("Youth protection"),
    Relation.SPOUSE: N_("Spouse"),
    Relation.SIBLING: N_("Sibling"),
    Relation.CHILD: N_("Child of the patient"),
    Relation.OTHER: N_("Other relation"),
}
LIVES_WITH_LABELS: Final = {
    LivesWith.ALWAYS: N_("Lives here"),
    LivesWith.SHARED: N_("Shared custody"),
    LivesWith.SOMETIMES: N_("Some weekends"),
    LivesWith.NEVER: N_("Does not live here"),
    LivesWith.UNKNOWN: N_("Not known"),
}
CONTACT_LABELS: Final = {
    ContactKind.MOBILE: N_("Mobile"),
    ContactKind.HOME: N_("Home phone"),
    ContactKind.WORK: N_("Work phone"),
    ContactKind.EMAIL: N_("E-mail"),
    ContactKind.ADDRESS: N_("Address"),
}
ALERT_LABELS: Final = {
    AlertKind.ALLERGY: N_("Allergy"),
    AlertKind.MEDICAL: N_("Medical"),
    AlertKind.BEHAVIOUR: N_("Behaviour"),
    AlertKind.LEGAL: N_("Legal"),
    AlertKind.FINANCIAL: N_("Financial"),
}
SEVERITY_LABELS: Final = {
    AlertSeverity.CRITICAL: N_("Critical"),
    AlertSeverity.WARNING: N_("Warning"),
    AlertSeverity.NOTE: N_("Note"),
}
PURPOSE_LABELS: Final = {
    ConsentPurpose.CARE: N_("Orthodontic care"),
    ConsentPurpose.RECORD_PHOTOS: N_("Photos for the file"),
    ConsentPurpose.PUBLISHED_PHOTOS: N_("Published photos"),
    ConsentPurpose.TEXT_MESSAGES: N_("Text messages"),
    ConsentPurpose.EMAIL_MESSAGES: N_("E-mail messages"),
    ConsentPurpose.COMMERCIAL_MESSAGES: N_("Commercial messages"),
    ConsentPurpose.SHARE_WITH_DENTIST: N_("Sharing with the dentist"),
    ConsentPurpose.SHARE_WITH_INSURER: N_("Sharing with the insurer"),
    ConsentPurpose.OUTSIDE_QUEBEC: N_("Communication outside Québec"),
    ConsentPurpose.TEACHING: N_("Teaching"),
}
DECISION_LABELS: Final = {
    ConsentDecision.GIVEN: N_("Given"),
    ConsentDecision.REFUSED: N_("Refused"),
    ConsentDecision.WITHDRAWN: N_("Withdrawn"),
    ConsentDecision.VOIDED: N_("Entered by mistake"),
}
DOCUMENT_LABELS: Final = {
    DocumentKind.REFERRAL: N_("Referral"),
    DocumentKind.MEDICAL_HISTORY: N_("Medical history"),
    DocumentKind.CONSENT_FORM: N_("Consent form"),
    DocumentKind.TREATMENT_PLAN: N_("Treatment plan document"),
    DocumentKind.CONTRACT: N_("Contract"),
    DocumentKind.INSURANCE: N_("Insurance document"),
    DocumentKind.LETTER: N_("Letter"),
    DocumentKind.LAB: N_("Lab document"),
    DocumentKind.COURT: N_("Court document"),
    DocumentKind.OTHER: N_("Other document"),
}
