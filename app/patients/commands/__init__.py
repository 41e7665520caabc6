"""Everything that staff or automation can do with charts."""

from __future__ import annotations

from app.patients.commands.alerts import change_alert, end_alert, raise_alert, withdraw_alert
from app.patients.commands.consents import record_consent, void_consent, withdraw_consent
from app.patients.commands.contacts import add_contact, change_contact, end_contact, withdraw_contact
from app.patients.commands.documents import (
    add_document,
    add_document_version,
    change_document,
    withdraw_document,
    withdraw_document_version,
)
from app.patients.commands.filters import change_filter, keep_columns, rename_filter, save_filter, withdraw_filter
from app.patients.commands.merging import merge_patients, unmerge_patients
from app.patients.commands.patients import (
    archive_patient,
    change_patient,
    create_patient,
    make_patient_inactive,
    reactivate_patient,
    restore_patient,
    set_nam,
    withdraw_patient,
)
from app.patients.commands.people import (
    PayerShare,
    add_person,
    change_person,
    change_responsibility,
    end_responsibility,
    link_person,
    set_payer_shares,
    withdraw_person,
    withdraw_responsibility,
)

__all__ = [
    "PayerShare",
    "add_contact",
    "add_document",
    "add_document_version",
    "add_person",
    "archive_patient",
    "change_alert",
    "change_contact",
    "change_document",
    "change_filter",
    "change_patient",
    "change_person",
    "change_responsibility",
    "create_patient",
    "end_alert",
    "end_contact",
    "end_responsibility",
    "keep_columns",
    "link_person",
    "make_patient_inactive",
    "merge_patients",
    "raise_alert",
    "reactivate_patient",
    "record_consent",
    "rename_filter",
    "restore_patient",
    "save_filter",
    "set_nam",
    "set_payer_shares",
    "unmerge_patients",
    "void_consent",
    "withdraw_alert",
    "withdraw_consent",
    "withdraw_contact",
    "withdraw_document",
    "withdraw_document_version",
    "withdraw_filter",
    "withdraw_patient",
    "withdraw_person",
    "withdraw_responsibility",
]
