"""Words for the arguments of commands, where a form is made from the signature of one."""

from __future__ import annotations

import enum
import sys
from collections.abc import Mapping
from typing import Any, Final

from app.core.i18n import N_, _
from ui.shell.columns import COLUMNS

ARGUMENTS: Final = {
    "any_chair": N_("Any chair"), "as_of_on": N_("As of"), "balance_cents": N_("Balance, in cents"),
    "balance_id": N_("Opening balance"), "blank": N_("Left empty"), "carried": N_("What is carried over"),
    "conclusion": N_("Conclusion"), "contract_cents": N_("Contract, in cents"),
    "expected_end_id": N_("Expected end"), "expected_on": N_("Expected on"), "layout": N_("Layout"),
    "mapping": N_("Correspondence of the columns"), "mapping_id": N_("Correspondence"), "mount_id": N_("Mount"),
    "mounted_on": N_("Mounted on"), "paid_cents": N_("Paid, in cents"), "reading_id": N_("Reading"),
    "replace": N_("Replace what is there"), "second": N_("Second file"), "seen": N_("What is seen"),
    "system": N_("System"), "view": N_("View"), "views": N_("Views"),
    "absence_id": N_("Absence"), "address": N_("Address"), "alert_id": N_("Alert"),
    "appointment_class": N_("Class of appointment"), "appointment_id": N_("Appointment"),
    "assistant_id": N_("Assistant"), "at": N_("At"), "blocker": N_("What holds it up"), "break_id": N_("Break"),
    "by_patient": N_("By the patient"), "by_person_id": N_("Given by"), "cell_id": N_("Place in the template"),
    "chair_minutes": N_("Chair minutes"), "channel": N_("By which way"), "clear": N_("Values to empty"),
    "clinic_id": N_("Clinic"), "closure_id": N_("Closure"), "code": N_("Code"), "colour": N_("Colour"),
    "consent_id": N_("Consent"), "contact_id": N_("Call or message"), "csv": N_("Table (CSV)"),
    "detail": N_("Details"), "doctor_id": N_("Doctor"), "doctor_minutes": N_("Doctor minutes"),
    "document_id": N_("Document"), "dry_run": N_("Try without writing"), "due_on": N_("Due on"),
    "earliest": N_("Not before"), "effect": N_("Effect"), "end": N_("End"), "ends_at": N_("Ends at"),
    "equipment_id": N_("Equipment"), "event_id": N_("Event"), "every_weeks": N_("Every so many weeks"),
    "fee": N_("Fee"), "first": N_("First day"), "flags": N_("Marks"), "follow_up_id": N_("Follow-up"),
    "given": N_("Values"), "granted": N_("Granted"), "group_id": N_("Group"), "holder_id": N_("Whose it is"),
    "instance_id": N_("Image"), "keep": N_("File to keep"), "lab_state": N_("Laboratory work"),
    "languages": N_("Languages"), "latest": N_("Not after"), "licence_number": N_("Licence number"),
    "licence_order": N_("Professional order"), "list_code": N_("List"), "maintenance_id": N_("Maintenance"),
    "merged": N_("File to merge"), "minutes": N_("Minutes"), "mirror": N_("Mirror"), "name": N_("Name"),
    "name_en": N_("English name"), "name_fr": N_("French name"), "on": N_("On"), "openings": N_("Opening hours"),
    "operatory_id": N_("Chair"), "operatory_ids": N_("Chairs"), "outcome": N_("Outcome"),
    "other_id": N_("The other visit"),
    "override": N_("In spite of conflicts"), "owner_id": N_("Who does it"), "password": N_("Password"),
    "path": N_("File on this computer"), "patient_id": N_("Patient"), "person_id": N_("Responsible person"),
    "phone": N_("Telephone"), "pin": N_("PIN"), "position": N_("Place in the list"), "prep_done": N_("Prepared"),
    "priority": N_("Priority"), "procedure_id": N_("Procedure"), "provider_id": N_("Provider"),
    "quarantine_id": N_("File set aside"), "reason_id": N_("Reason"), "override_reason": N_("Reason for the override"),
    "move_note": N_("Note on the move"), "recall_id": N_("Recall"),
    "responsibility_id": N_("Responsibility"), "rests_until_on": N_("Rests until"),
    "role_grant_id": N_("Role permission"), "roles": N_("Roles"), "segments": N_("Segments"),
    "serial_number": N_("Serial number"), "shares": N_("Shares"), "shift_id": N_("Shift"),
    "short_name": N_("Short name"), "short_notice_id": N_("Short-notice request"), "skill": N_("Skill"),
    "skill_row_id": N_("Skill"), "skills": N_("Skills"), "staff_grant_id": N_("Exception"),
    "staff_id": N_("Staff member"), "start": N_("Start"), "starts_at": N_("Starts at"), "study_id": N_("Study"),
    "task_id": N_("Task"), "template_day_id": N_("Day of the template"), "template_id": N_("Template"),
    "text_version": N_("Version of the text"), "time_zone": N_("Time zone"), "type": N_("Type"),
    "type_id": N_("Type of appointment"), "unassisted": N_("Nobody assists"),
    "version_id": N_("Version"), "virtual": N_("Virtual"), "visits": N_("Visits"),
    "visit_priority_id": N_("Visit that goes first"),
    "conflict_id": N_("Conflict"), "item_id": N_("Refused work"), "side": N_("Which value stands"),
    "invitation_id": N_("Invitation"), "workstation_id": N_("Workstation"), "analysis_row_id": N_("Analysis"),
    "key_image_id": N_("Key image"), "frame": N_("Frame"),
    "archive_id": N_("Archive"), "host": N_("Address of the machine"), "port": N_("Port"), "ae_title": N_("AE title"),
    "base_url": N_("Web address"), "tls": N_("Encrypted line (TLS)"), "verification": N_("How it is verified"),
    "send_mode": N_("When it is sent"), "stable_seconds": N_("Seconds without a new image"),
    "associations": N_("Lines at once"), "is_default": N_("Where everything else goes"), "enabled": N_("In force"),
    "rule_id": N_("Rule"), "destinations": N_("Destinations"), "conditions": N_("Conditions"),
    "every": N_("Every condition"), "spread": N_("How destinations share"), "delay_seconds": N_("Delay, in seconds"),
    "archive_verifies": N_("Each archive verifies its own way"), "no_equipment": N_("No equipment"),
    "user": N_("User"),
    "is_last": N_("No rule after this one"), "rule_ids": N_("Rules in their order"), "peer_id": N_("Device"),
    "rights": N_("Rights"), "character_set": N_("Character set"), "tls_only": N_("Encrypted line only"),
    "spots": N_("Places on the plan"), "step": N_("Step"), "appointment_ids": N_("Appointments"),
    "target_id": N_("Bucket"), "provider": N_("Provider of the service"), "bucket": N_("Name of the bucket"),
    "region": N_("Region"), "account": N_("Account"), "endpoint": N_("Address of the service"),
    "place": N_("Where it is"), "prefix": N_("Folder in the bucket"),
    "cold_after_days": N_("Cheaper class after, in days"), "secret": N_("Secret"),
    "key_id": N_("Identifier of the key"), "token": N_("Temporary token"), "assessment_id": N_("Assessment"),
    "assessor": N_("Who assessed it"), "reference": N_("Where the document is"), "assessed_on": N_("Assessed on"),
    "hold_id": N_("Legal hold"),
    "answer": N_("Answer"), "biological": N_("With a biological indicator"),
    "break_request_id": N_("Break that was asked for"), "celsius_tenths": N_("Tenths of a degree Celsius"),
    "chair_call_id": N_("Call to the chair"), "chemical": N_("Chemical indicator"),
    "clock_entry_id": N_("Entry of the time clock"), "contents": N_("Contents"), "cover_id": N_("Who stands in"),
    "day_message_id": N_("Message"), "hold_minutes": N_("Minutes held"), "kilopascals": N_("Kilopascals"),
    "moves": N_("Visits to move"), "own_state_id": N_("State of the clinic’s own"), "packs": N_("Packs"),
    "program": N_("Program"), "renames": N_("Names the stage itself"), "result": N_("Result"), "stage": N_("Stage"),
    "sterilisation_cycle_id": N_("Sterilisation cycle"), "visit_own_state_id": N_("Own state of the visit"),
    "wanted_at": N_("Wanted at"),
    "weekday": N_("Day of the week"), "weekdays": N_("Days of the week"),
}  # fmt: skip


def argument_words(name: str) -> str:
    """What an argument is; one that nobody has named reads as its name, the underscores as blanks."""
    msgid = ARGUMENTS.get(name) or COLUMNS.get(name)
    return _(msgid) if msgid else name.replace("_", " ").capitalize()


def member_words(kind: type[enum.Enum]) -> list[tuple[object, str]]:
    """The members of an enumeration with their words, which the module that declares it holds in a table."""
    labels: Mapping[Any, str] = {}
    for table in vars(sys.modules[kind.__module__]).values():
        pairs = table.items() if isinstance(table, Mapping) else ()
        if pairs and all(isinstance(member, kind) and isinstance(text, str) for member, text in pairs):
            labels = table
            break
    return [(member.value, _(labels[member]) if member in labels else str(member.value)) for member in kind]
