"""Words for tables, columns and values where the journal is read; a column without a word is shown as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import msgspec

from app.core.i18n import N_, _
from app.core.permissions import ROLE_LABELS
from app.core.settings import SETTINGS, Setting
from app.journal.records import REGISTRY
from app.patients.queries import (
    ALERT_LABELS,
    CONTACT_LABELS,
    DECISION_LABELS,
    DOCUMENT_LABELS,
    LANGUAGE_LABELS,
    LIVES_WITH_LABELS,
    PURPOSE_LABELS,
    RAMQ_SEX_LABELS,
    RELATION_LABELS,
    SEVERITY_LABELS,
    STATUS_LABELS,
)
from app.scheduling.queries import EVENT_LABELS, RECALL_LABELS
from ui.shell.formats import day

COLUMNS: Final = {
    "acquired_on": N_("Taken on"), "added_at": N_("Added at"), "added_by": N_("Added by"),
    "body_part": N_("Body part"), "born_on": N_("Birth date"), "city": N_("City"), "collected_by": N_("Collected by"),
    "contact_order": N_("Calling order"), "credential_changed_at": N_("Password changed at"),
    "decided_on": N_("Decided on"), "decision": N_("Decision"), "description": N_("Description"),
    "display_name": N_("Name"), "ended_at": N_("Ended at"), "ended_on": N_("Ended on"), "extension": N_("Extension"),
    "family_name": N_("Family name"), "file_name": N_("File name"), "file_number": N_("File number"),
    "from_on": N_("From"), "given_name": N_("Given name"), "initials": N_("Initials"), "is_active": N_("Works here"),
    "is_granted": N_("Granted"), "is_held": N_("Held"), "kind": N_("Kind"), "language": N_("Language"),
    "left_on": N_("Left on"), "lives_with": N_("Lives with"), "manufacturer": N_("Manufacturer"),
    "may_consent": N_("May consent"), "may_text": N_("Text messages"), "mirrored": N_("Mirrored"),
    "modality": N_("Modality"), "nam": N_("Health insurance number"), "nam_expires": N_("Card expires"),
    "note": N_("Note"), "opened_at": N_("Opened at"), "payer_share_percent": N_("Share of the bill"),
    "permission": N_("Permission"), "postal_code": N_("Postal code"), "preferred": N_("Preferred"),
    "preferred_name": N_("Goes by"), "pronoun": N_("Pronouns"), "pronouns": N_("Pronouns"), "province": N_("Province"),
    "purpose": N_("Purpose"), "quarter_turns": N_("Quarter turns"), "reason": N_("Reason"),
    "received_at": N_("Received at"), "received_file": N_("File received"), "received_name": N_("Name in the image"),
    "recorded_at": N_("Recorded at"), "relation": N_("Relation"), "role": N_("Role"), "setting": N_("Setting"),
    "severity": N_("Severity"), "sex_at_ramq": N_("Sex at the RAMQ"), "since_on": N_("Since"),
    "size_bytes": N_("Size in bytes"), "status": N_("Status"), "studied_on": N_("Studied on"), "text": N_("Text"),
    "title": N_("Title"), "to_on": N_("Until"), "until_on": N_("Until"), "username": N_("Username"),
    "value": N_("Value"), "withdrawn_at": N_("Withdrawn at"),
}  # fmt: skip


def _by_code(*labels: Mapping[Any, str]) -> dict[str, str]:
    return {str(code): label for table in labels for code, label in table.items()}


CODES: Final[dict[str, dict[str, str]]] = {
    "relation": _by_code(RELATION_LABELS), "lives_with": _by_code(LIVES_WITH_LABELS),
    "purpose": _by_code(PURPOSE_LABELS), "decision": _by_code(DECISION_LABELS), "severity": _by_code(SEVERITY_LABELS),
    "status": _by_code(STATUS_LABELS), "language": _by_code(LANGUAGE_LABELS), "role": _by_code(ROLE_LABELS),
    "kind": _by_code(DOCUMENT_LABELS, CONTACT_LABELS, ALERT_LABELS, EVENT_LABELS, RECALL_LABELS),
    "sex_at_ramq": _by_code(RAMQ_SEX_LABELS),
}  # fmt: skip
"""The words of the codes that a column holds."""


def table_words(table: str) -> str:
    """What a row of this table is, with a capital; a table that this version does not know by its name."""
    known = REGISTRY.get(table)
    words = _(known.noun) if known else table
    return words[:1].upper() + words[1:]


def column_words(column: str) -> str:
    """What stands in this column."""
    return _(COLUMNS[column]) if column in COLUMNS else column


def code_words(column: str, text: str, people: Mapping[str, str]) -> str:
    """A value that is text: a code, a day or a member of the staff in words, anything else as it stands."""
    if column.endswith("_by"):
        return people.get(text, text)
    if column.endswith("_on"):
        try:
            return day(date.fromisoformat(text), short=True)
        except ValueError:
            return text
    labels = CODES.get(column, {})
    return _(labels[text]) if text in labels else text


def setting_of(table: str, row_id: str) -> Setting[Any] | None:
    """The setting that a row of one of the three tables of settings holds; the person's id stands before its name."""
    return SETTINGS.get(row_id.rpartition(":")[2]) if table.endswith("_setting") else None


def setting_words(setting: Setting[Any], kept: str) -> str:
    """The value of a setting, kept as JSON, as its page shows it."""
    value = msgspec.json.decode(kept)
    if isinstance(value, bool):
        return _(N_("yes") if value else N_("no"))
    text = str(value)
    words = _(dict(setting.labels).get(text, text))
    return f"{words} {_(setting.unit)}" if setting.unit else words
