"""What screens ask about charts."""

from __future__ import annotations

from app.patients.queries.chart import (
    AlertLine,
    ContactLine,
    PatientBanner,
    PatientPage,
    Payer,
    Responsible,
    alerts_of,
    contacts_of,
    patient_banner,
    patient_page,
)
from app.patients.queries.doubles import (
    Duplicate,
    DuplicatePair,
    NumberConflict,
    duplicate_pairs,
    duplicates_of,
    file_number_conflicts,
    possible_duplicates,
)
from app.patients.queries.family import (
    Family,
    FamilyPerson,
    Sibling,
    family_of,
    persons_of_this_patient_only,
)
from app.patients.queries.finding import (
    PatientLine,
    PatientListPage,
    SearchHit,
    SearchPage,
    patient_list,
    search_patients,
)
from app.patients.queries.papers import (
    ConsentLine,
    DocumentLine,
    FieldChange,
    HistoryLine,
    VersionLine,
    consents_of,
    documents_of,
    patient_history,
)

__all__ = [
    "AlertLine",
    "ConsentLine",
    "ContactLine",
    "DocumentLine",
    "Duplicate",
    "DuplicatePair",
    "Family",
    "FamilyPerson",
    "FieldChange",
    "HistoryLine",
    "NumberConflict",
    "PatientBanner",
    "PatientLine",
    "PatientListPage",
    "PatientPage",
    "Payer",
    "Responsible",
    "SearchHit",
    "SearchPage",
    "Sibling",
    "VersionLine",
    "alerts_of",
    "consents_of",
    "contacts_of",
    "documents_of",
    "duplicate_pairs",
    "duplicates_of",
    "family_of",
    "file_number_conflicts",
    "patient_banner",
    "patient_history",
    "patient_list",
    "patient_page",
    "persons_of_this_patient_only",
    "possible_duplicates",
    "search_patients",
]
