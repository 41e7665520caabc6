"""Words for tables and columns where the journal is read; a name without a word is shown as it stands."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_, _

TABLES: Final = {
    "alert": N_("Alert"), "clinic_setting": N_("Clinic setting"), "consent": N_("Consent"),
    "contact_point": N_("Contact"), "document": N_("Document"), "document_version": N_("Document content"),
    "event": N_("Event"), "patient": N_("Patient"), "person": N_("Responsible person"),
    "responsibility": N_("Responsibility"), "role_grant": N_("Role permission"), "staff": N_("Staff member"),
    "staff_grant": N_("Exception"), "staff_role": N_("Role held"), "user_setting": N_("Personal setting"),
}  # fmt: skip
COLUMNS: Final = {
    "added_at": N_("Added at"), "born_on": N_("Birth date"), "city": N_("City"), "contact_order": N_("Calling order"),
    "credential_changed_at": N_("Password changed at"), "decided_on": N_("Decided on"), "decision": N_("Decision"),
    "display_name": N_("Name"), "ended_at": N_("Ended at"), "ended_on": N_("Ended on"), "extension": N_("Extension"),
    "family_name": N_("Family name"), "file_name": N_("File name"), "file_number": N_("File number"),
    "from_on": N_("From"), "given_name": N_("Given name"), "initials": N_("Initials"), "is_active": N_("Works here"),
    "is_granted": N_("Granted"), "is_held": N_("Held"), "kind": N_("Kind"), "language": N_("Language"),
    "left_on": N_("Left on"), "lives_with": N_("Lives with"), "may_consent": N_("May consent"),
    "may_text": N_("Text messages"), "nam": N_("Health insurance number"), "nam_expires": N_("Card expires"),
    "note": N_("Note"), "opened_at": N_("Opened at"), "payer_share_percent": N_("Share of the bill"),
    "permission": N_("Permission"), "postal_code": N_("Postal code"), "preferred": N_("Preferred"),
    "preferred_name": N_("Goes by"), "pronoun": N_("Pronouns"), "pronouns": N_("Pronouns"), "province": N_("Province"),
    "purpose": N_("Purpose"), "reason": N_("Reason"), "recorded_at": N_("Recorded at"), "relation": N_("Relation"),
    "role": N_("Role"), "setting": N_("Setting"), "severity": N_("Severity"), "sex_at_ramq": N_("Sex at the RAMQ"),
    "since_on": N_("Since"), "size_bytes": N_("Size in bytes"), "status": N_("Status"), "text": N_("Text"),
    "title": N_("Title"), "to_on": N_("Until"), "until_on": N_("Until"), "username": N_("Username"),
    "value": N_("Value"), "withdrawn_at": N_("Withdrawn at"),
}  # fmt: skip


def table_words(table: str) -> str:
    """What a row of this table is."""
    return _(TABLES[table]) if table in TABLES else table


def column_words(column: str) -> str:
    """What stands in this column."""
    return _(COLUMNS[column]) if column in COLUMNS else column
