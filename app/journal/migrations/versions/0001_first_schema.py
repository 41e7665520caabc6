"""First schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand the schema."""
    op.create_table(
        "appointment_type",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_fr", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("appointment_class", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("segments", sa.Text(), nullable=False),
        sa.Column("buffer_minutes", sa.Integer(), nullable=False),
        sa.Column("operatory_kind", sa.Text(), nullable=False),
        sa.Column("equipment_kind", sa.Text(), nullable=True),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("lab_state", sa.Text(), nullable=False),
        sa.Column("needs_prep", sa.Integer(), nullable=False),
        sa.Column("records_due", sa.Integer(), nullable=False),
        sa.Column("should_confirm", sa.Integer(), nullable=False),
        sa.Column("is_emergency", sa.Integer(), nullable=False),
        sa.Column("length_locked", sa.Integer(), nullable=False),
        sa.Column("interval_weeks", sa.Integer(), nullable=True),
        sa.Column("expected_charge", sa.Integer(), nullable=True),
        sa.Column("colour", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_appointment_type_code"), "appointment_type", ["code"], unique=False)
    op.create_table(
        "clinic",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_on", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "clinic_setting",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "conflict",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Integer(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.Column("resolved_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_conflict_kind"), "conflict", ["kind"], unique=False)
    op.create_index(op.f("ix_conflict_row_id"), "conflict", ["row_id"], unique=False)
    op.create_index(op.f("ix_conflict_state"), "conflict", ["state"], unique=False)
    op.create_table(
        "contact_point",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("holder_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("extension", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("province", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("preferred", sa.Integer(), nullable=False),
        sa.Column("may_text", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("ended_on", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_contact_point_holder_id"), "contact_point", ["holder_id"], unique=False)
    op.create_index(op.f("ix_contact_point_value"), "contact_point", ["value"], unique=False)
    op.create_table(
        "credential",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("password_set_at", sa.Integer(), nullable=True),
        sa.Column("password_used_at", sa.Integer(), nullable=True),
        sa.Column("must_change", sa.Integer(), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=True),
        sa.Column("pin_set_at", sa.Integer(), nullable=True),
        sa.Column("pin_failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "effect",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_effect_due_at"), "effect", ["due_at"], unique=False)
    op.create_index(op.f("ix_effect_kind"), "effect", ["kind"], unique=False)
    op.create_index(op.f("ix_effect_state"), "effect", ["state"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_event_subject"), "event", ["subject"], unique=False)
    op.create_index(op.f("ix_event_type"), "event", ["type"], unique=False)
    op.create_table(
        "inbox_item",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_inbox_item_operation"), "inbox_item", ["operation"], unique=False)
    op.create_table(
        "job_lease",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until_at", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "job_run",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("last_at", sa.Integer(), nullable=True),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "parked_change",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("hlc", sa.Integer(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_parked_change_operation"), "parked_change", ["operation"], unique=False)
    op.create_index(op.f("ix_parked_change_table_name"), "parked_change", ["table_name"], unique=False)
    op.create_table(
        "patient",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("file_number", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("preferred_name", sa.Text(), nullable=True),
        sa.Column("pronouns", sa.Text(), nullable=True),
        sa.Column("born_on", sa.Text(), nullable=True),
        sa.Column("sex_at_ramq", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("nam", sa.Text(), nullable=True),
        sa.Column("nam_expires", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Integer(), nullable=False),
        sa.Column("merged_into_id", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["merged_into_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_patient_file_number"), "patient", ["file_number"], unique=False)
    op.create_index(op.f("ix_patient_merged_into_id"), "patient", ["merged_into_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("pronouns", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "procedure",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_fr", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("fee_cents", sa.Integer(), nullable=False),
        sa.Column("doctor_minutes", sa.Integer(), nullable=False),
        sa.Column("chair_minutes", sa.Integer(), nullable=False),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Text(), nullable=False),
        sa.Column("to_on", sa.Text(), nullable=True),
        sa.Column("replaces_id", sa.Text(), nullable=True),
        sa.Column("replaced_to_on", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["replaces_id"], ["procedure.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_procedure_code"), "procedure", ["code"], unique=False)
    op.create_index(op.f("ix_procedure_replaces_id"), "procedure", ["replaces_id"], unique=False)
    op.create_table(
        "provider",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("licence_number", sa.Text(), nullable=True),
        sa.Column("licence_order", sa.Text(), nullable=True),
        sa.Column("colour", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_provider_staff_id"), "provider", ["staff_id"], unique=False)
    op.create_table(
        "quarantined_image",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("study_id", sa.Text(), nullable=True),
        sa.Column("received_file", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("dicom_sha256", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.Column("sop_instance_uid", sa.Text(), nullable=True),
        sa.Column("received_at", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_quarantined_image_study_id"), "quarantined_image", ["study_id"], unique=False)
    op.create_table(
        "rendition",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("study_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("quarter_turns", sa.Integer(), nullable=False),
        sa.Column("mirrored", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_rendition_instance_id"), "rendition", ["instance_id"], unique=False)
    op.create_index(op.f("ix_rendition_study_id"), "rendition", ["study_id"], unique=False)
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("is_granted", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.Integer(), nullable=False),
        sa.Column("locked_at", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_sign_in_session_staff_id"), "sign_in_session", ["staff_id"], unique=False)
    op.create_table(
        "sign_in_throttle",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("wait_until_at", sa.Integer(), nullable=True),
        sa.Column("failed_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("pronoun", sa.Text(), nullable=True),
        sa.Column("initials", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Integer(), nullable=False),
        sa.Column("left_on", sa.Text(), nullable=True),
        sa.Column("credential_changed_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "study",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("study_instance_uid", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=True),
        sa.Column("match", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("candidate_id", sa.Text(), nullable=True),
        sa.Column("rejected_patients", sa.Text(), nullable=True),
        sa.Column("studied_on", sa.Text(), nullable=True),
        sa.Column("studied_at_time", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("accession_number", sa.Text(), nullable=True),
        sa.Column("received_name", sa.Text(), nullable=True),
        sa.Column("received_number", sa.Text(), nullable=True),
        sa.Column("received_issuer", sa.Text(), nullable=True),
        sa.Column("received_birth_on", sa.Text(), nullable=True),
        sa.Column("received_sex", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_study_match"), "study", ["match"], unique=False)
    op.create_index(op.f("ix_study_patient_id"), "study", ["patient_id"], unique=False)
    op.create_table(
        "user_setting",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("setting", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_user_setting_staff_id"), "user_setting", ["staff_id"], unique=False)
    op.create_table(
        "visit_reason",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_fr", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("by_patient", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "workstation_setting",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_absence_provider_id"), "absence", ["provider_id"], unique=False)
    op.create_index(op.f("ix_absence_starts_at"), "absence", ["starts_at"], unique=False)
    op.create_table(
        "alert",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("since_on", sa.Text(), nullable=True),
        sa.Column("until_on", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_alert_patient_id"), "alert", ["patient_id"], unique=False)
    op.create_table(
        "closure",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Text(), nullable=False),
        sa.Column("to_on", sa.Text(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=True),
        sa.Column("end_minute", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_closure_clinic_id"), "closure", ["clinic_id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("by_person_id", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("collected_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Integer(), nullable=False),
        sa.Column("corrects_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["corrects_id"], ["consent.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_consent_by_person_id"), "consent", ["by_person_id"], unique=False)
    op.create_index(op.f("ix_consent_corrects_id"), "consent", ["corrects_id"], unique=False)
    op.create_index(op.f("ix_consent_patient_id"), "consent", ["patient_id"], unique=False)
    op.create_table(
        "contact_attempt",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("corrects_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["corrects_id"], ["contact_attempt.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_contact_attempt_corrects_id"), "contact_attempt", ["corrects_id"], unique=False)
    op.create_index(op.f("ix_contact_attempt_patient_id"), "contact_attempt", ["patient_id"], unique=False)
    op.create_table(
        "day_template",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_day_template_clinic_id"), "day_template", ["clinic_id"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_document_patient_id"), "document", ["patient_id"], unique=False)
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("list_code", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=True),
        sa.Column("blocker", sa.Text(), nullable=True),
        sa.Column("rests_until_on", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_follow_up_owner_id"), "follow_up", ["owner_id"], unique=False)
    op.create_index(op.f("ix_follow_up_patient_id"), "follow_up", ["patient_id"], unique=False)
    op.create_table(
        "image_state",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("study_id", sa.Text(), nullable=False),
        sa.Column("received_at", sa.Integer(), nullable=False),
        sa.Column("received_file", sa.Text(), nullable=True),
        sa.Column("quarter_turns", sa.Integer(), nullable=False),
        sa.Column("mirrored", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_image_state_study_id"), "image_state", ["study_id"], unique=False)
    op.create_table(
        "opening_hours",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("weekday", sa.Text(), nullable=False),
        sa.Column("spans", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_opening_hours_clinic_id"), "opening_hours", ["clinic_id"], unique=False)
    op.create_table(
        "operatory",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("virtual", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_on", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_operatory_clinic_id"), "operatory", ["clinic_id"], unique=False)
    op.create_table(
        "provider_skill",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("skill", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_provider_skill_provider_id"), "provider_skill", ["provider_id"], unique=False)
    op.create_table(
        "responsibility",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("lives_with", sa.Text(), nullable=False),
        sa.Column("payer_share_percent", sa.Integer(), nullable=False),
        sa.Column("may_consent", sa.Integer(), nullable=False),
        sa.Column("contact_order", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("from_on", sa.Text(), nullable=True),
        sa.Column("to_on", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_responsibility_patient_id"), "responsibility", ["patient_id"], unique=False)
    op.create_index(op.f("ix_responsibility_person_id"), "responsibility", ["person_id"], unique=False)
    op.create_table(
        "series",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("study_id", sa.Text(), nullable=False),
        sa.Column("series_instance_uid", sa.Text(), nullable=False),
        sa.Column("modality", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("body_part", sa.Text(), nullable=True),
        sa.Column("manufacturer", sa.Text(), nullable=True),
        sa.Column("model_name", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_series_modality"), "series", ["modality"], unique=False)
    op.create_index(op.f("ix_series_study_id"), "series", ["study_id"], unique=False)
    op.create_table(
        "staff_grant",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("is_granted", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_staff_grant_staff_id"), "staff_grant", ["staff_id"], unique=False)
    op.create_table(
        "staff_role",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("is_held", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_staff_role_staff_id"), "staff_role", ["staff_id"], unique=False)
    op.create_table(
        "document_version",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("mime", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("preview_sha256", sa.Text(), nullable=True),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sa.Integer(), nullable=False),
        sa.Column("withdraws_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["withdraws_id"], ["document_version.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_document_version_document_id"), "document_version", ["document_id"], unique=False)
    op.create_index(op.f("ix_document_version_patient_id"), "document_version", ["patient_id"], unique=False)
    op.create_index(op.f("ix_document_version_sha256"), "document_version", ["sha256"], unique=False)
    op.create_index(op.f("ix_document_version_withdraws_id"), "document_version", ["withdraws_id"], unique=False)
    op.create_table(
        "equipment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("operatory_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("serial_number", sa.Text(), nullable=True),
        sa.Column("retired_on", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["operatory_id"], ["operatory.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_equipment_clinic_id"), "equipment", ["clinic_id"], unique=False)
    op.create_index(op.f("ix_equipment_operatory_id"), "equipment", ["operatory_id"], unique=False)
    op.create_table(
        "instance",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("study_id", sa.Text(), nullable=False),
        sa.Column("series_id", sa.Text(), nullable=False),
        sa.Column("sop_instance_uid", sa.Text(), nullable=False),
        sa.Column("sop_class_uid", sa.Text(), nullable=False),
        sa.Column("transfer_syntax_uid", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("original_kind", sa.Text(), nullable=False),
        sa.Column("dicom_form", sa.Text(), nullable=False),
        sa.Column("dicom_sha256", sa.Text(), nullable=True),
        sa.Column("dicom_split", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("image_rows", sa.Integer(), nullable=True),
        sa.Column("image_columns", sa.Integer(), nullable=True),
        sa.Column("frames", sa.Integer(), nullable=True),
        sa.Column("bits_stored", sa.Integer(), nullable=True),
        sa.Column("photometric", sa.Text(), nullable=True),
        sa.Column("lossy", sa.Integer(), nullable=False),
        sa.Column("acquired_on", sa.Text(), nullable=True),
        sa.Column("acquired_at_time", sa.Text(), nullable=True),
        sa.Column("laterality", sa.Text(), nullable=True),
        sa.Column("view_position", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_instance_series_id"), "instance", ["series_id"], unique=False)
    op.create_index(op.f("ix_instance_sha256"), "instance", ["sha256"], unique=False)
    op.create_index(op.f("ix_instance_study_id"), "instance", ["study_id"], unique=False)
    op.create_table(
        "shift",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("operatory_id", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["operatory_id"], ["operatory.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_shift_clinic_id"), "shift", ["clinic_id"], unique=False)
    op.create_index(op.f("ix_shift_operatory_id"), "shift", ["operatory_id"], unique=False)
    op.create_index(op.f("ix_shift_provider_id"), "shift", ["provider_id"], unique=False)
    op.create_index("shift_by_start", "shift", ["starts_at"], unique=False)
    op.create_table(
        "template_cell",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("operatory_id", sa.Text(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.Column("appointment_class", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["operatory_id"], ["operatory.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["template_id"], ["day_template.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_template_cell_operatory_id"), "template_cell", ["operatory_id"], unique=False)
    op.create_index(op.f("ix_template_cell_template_id"), "template_cell", ["template_id"], unique=False)
    op.create_table(
        "template_day",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=True),
        sa.Column("on_day", sa.Text(), nullable=True),
        sa.Column("weekday", sa.Text(), nullable=True),
        sa.Column("from_on", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["template_id"], ["day_template.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_template_day_clinic_id"), "template_day", ["clinic_id"], unique=False)
    op.create_index(op.f("ix_template_day_on_day"), "template_day", ["on_day"], unique=False)
    op.create_index(op.f("ix_template_day_template_id"), "template_day", ["template_id"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("type_id", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("operatory_id", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("segments", sa.Text(), nullable=False),
        sa.Column("doctor_id", sa.Text(), nullable=True),
        sa.Column("assistant_id", sa.Text(), nullable=True),
        sa.Column("equipment_id", sa.Text(), nullable=True),
        sa.Column("group_id", sa.Text(), nullable=True),
        sa.Column("lab_state", sa.Text(), nullable=False),
        sa.Column("prep_done", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("allowed", sa.Text(), nullable=False),
        sa.Column("booked_at", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["assistant_id"], ["provider.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["doctor_id"], ["provider.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["equipment_id"], ["equipment.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["operatory_id"], ["operatory.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["type_id"], ["appointment_type.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index("appointment_by_start", "appointment", ["starts_at"], unique=False)
    op.create_index(op.f("ix_appointment_assistant_id"), "appointment", ["assistant_id"], unique=False)
    op.create_index(op.f("ix_appointment_clinic_id"), "appointment", ["clinic_id"], unique=False)
    op.create_index(op.f("ix_appointment_doctor_id"), "appointment", ["doctor_id"], unique=False)
    op.create_index(op.f("ix_appointment_equipment_id"), "appointment", ["equipment_id"], unique=False)
    op.create_index(op.f("ix_appointment_group_id"), "appointment", ["group_id"], unique=False)
    op.create_index(op.f("ix_appointment_operatory_id"), "appointment", ["operatory_id"], unique=False)
    op.create_index(op.f("ix_appointment_patient_id"), "appointment", ["patient_id"], unique=False)
    op.create_index(op.f("ix_appointment_type_id"), "appointment", ["type_id"], unique=False)
    op.create_table(
        "maintenance",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("equipment_id", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["equipment_id"], ["equipment.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_maintenance_equipment_id"), "maintenance", ["equipment_id"], unique=False)
    op.create_index(op.f("ix_maintenance_starts_at"), "maintenance", ["starts_at"], unique=False)
    op.create_table(
        "shift_break",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("shift_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_shift_break_shift_id"), "shift_break", ["shift_id"], unique=False)
    op.create_table(
        "appointment_event",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("appointment_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("operatory_id", sa.Text(), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("reason_id", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous_id", sa.Text(), nullable=True),
        sa.Column("corrects_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["corrects_id"], ["appointment_event.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["operatory_id"], ["operatory.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["reason_id"], ["visit_reason.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_appointment_event_appointment_id"), "appointment_event", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_appointment_event_at"), "appointment_event", ["at"], unique=False)
    op.create_index(op.f("ix_appointment_event_corrects_id"), "appointment_event", ["corrects_id"], unique=False)
    op.create_index(op.f("ix_appointment_event_patient_id"), "appointment_event", ["patient_id"], unique=False)
    op.create_table(
        "recall",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Text(), nullable=False),
        sa.Column("every_weeks", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("appointment_id", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("made_at", sa.Integer(), nullable=False),
        sa.Column("announced_at", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_recall_appointment_id"), "recall", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_recall_due_on"), "recall", ["due_on"], unique=False)
    op.create_index(op.f("ix_recall_owner_id"), "recall", ["owner_id"], unique=False)
    op.create_index(op.f("ix_recall_patient_id"), "recall", ["patient_id"], unique=False)
    op.create_table(
        "short_notice",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("appointment_id", sa.Text(), nullable=True),
        sa.Column("type_id", sa.Text(), nullable=True),
        sa.Column("clinic_id", sa.Text(), nullable=True),
        sa.Column("weekdays", sa.Text(), nullable=False),
        sa.Column("earliest_minute", sa.Integer(), nullable=True),
        sa.Column("latest_minute", sa.Integer(), nullable=True),
        sa.Column("until_on", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("added_at", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["type_id"], ["appointment_type.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_short_notice_appointment_id"), "short_notice", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_short_notice_patient_id"), "short_notice", ["patient_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Text(), nullable=True),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=True),
        sa.Column("appointment_id", sa.Text(), nullable=True),
        sa.Column("made_at", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("done_at", sa.Integer(), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_task_appointment_id"), "task", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_task_due_on"), "task", ["due_on"], unique=False)
    op.create_index(op.f("ix_task_owner_id"), "task", ["owner_id"], unique=False)
    op.create_index(op.f("ix_task_patient_id"), "task", ["patient_id"], unique=False)
