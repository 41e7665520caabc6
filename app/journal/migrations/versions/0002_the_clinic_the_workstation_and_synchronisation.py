"""the clinic, the workstation and synchronisation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand the schema."""
    op.create_table(
        "backup_run",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("new_bytes", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_backup_run_at"), "backup_run", ["at"], unique=False)
    op.create_table(
        "clinic_analysis",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.Integer(), nullable=False),
        sa.Column("saved_by_id", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "clock_fix",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hlc", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "conversion_mapping",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_conversion_mapping_name"), "conversion_mapping", ["name"], unique=False)
    op.create_table(
        "conversion_run",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.Integer(), nullable=False),
        sa.Column("begun_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "mount",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("mounted_on", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_mount_patient_id"), "mount", ["patient_id"], unique=False)
    op.create_table(
        "rejected_row",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("weight", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_rejected_row_run_id"), "rejected_row", ["run_id"], unique=False)
    op.create_table(
        "relay_item",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_relay_item_position"), "relay_item", ["position"], unique=False)
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("shared", sa.Integer(), nullable=False),
        sa.Column("filters", sa.Text(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("descending", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_saved_filter_owner_id"), "saved_filter", ["owner_id"], unique=False)
    op.create_table(
        "sealed_check",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("found_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_sealed_check_checked_at"), "sealed_check", ["checked_at"], unique=False)
    op.create_index(op.f("ix_sealed_check_fault"), "sealed_check", ["fault"], unique=False)
    op.create_table(
        "sealed_copy",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.Integer(), nullable=True),
        sa.Column("wanted_until_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_sealed_copy_confirmed_at"), "sealed_copy", ["confirmed_at"], unique=False)
    op.create_table(
        "workstation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("enrolled_at", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "workstation_invitation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.Integer(), nullable=True),
        sa.Column("workstation_id", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_workstation_invitation_code_hash"), "workstation_invitation", ["code_hash"], unique=False)
    op.create_table(
        "conversion_batch",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("first_line", sa.Integer(), nullable=False),
        sa.Column("last_line", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["conversion_run.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_conversion_batch_run_id"), "conversion_batch", ["run_id"], unique=False)
    op.create_table(
        "conversion_report",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("images", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["conversion_run.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_conversion_report_run_id"), "conversion_report", ["run_id"], unique=False)
    op.create_table(
        "expected_end",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("expected_on", sa.Text(), nullable=False),
        sa.Column("first_expected_on", sa.Text(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_expected_end_expected_on"), "expected_end", ["expected_on"], unique=False)
    op.create_index(op.f("ix_expected_end_patient_id"), "expected_end", ["patient_id"], unique=False)
    op.create_table(
        "image_marks",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("study_id", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=True),
        sa.Column("tracing", sa.Text(), nullable=True),
        sa.Column("saved_at", sa.Integer(), nullable=False),
        sa.Column("saved_by_id", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_image_marks_study_id"), "image_marks", ["study_id"], unique=False)
    op.create_table(
        "key_image",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("study_id", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("frame", sa.Integer(), nullable=False),
        sa.Column("marked_at", sa.Integer(), nullable=False),
        sa.Column("marked_by_id", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_key_image_instance_id"), "key_image", ["instance_id"], unique=False)
    op.create_index(op.f("ix_key_image_study_id"), "key_image", ["study_id"], unique=False)
    op.create_table(
        "learnt_duration",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("type_id", sa.Text(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("whole_minutes", sa.Integer(), nullable=False),
        sa.Column("low_minutes", sa.Integer(), nullable=False),
        sa.Column("high_minutes", sa.Integer(), nullable=False),
        sa.Column("before_minutes", sa.Integer(), nullable=True),
        sa.Column("doctor_minutes", sa.Integer(), nullable=True),
        sa.Column("after_minutes", sa.Integer(), nullable=True),
        sa.Column("learnt_on", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["type_id"], ["appointment_type.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_learnt_duration_type_id"), "learnt_duration", ["type_id"], unique=False)
    op.create_table(
        "legacy_row",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("legacy_number", sa.Text(), nullable=False),
        sa.Column("household", sa.Text(), nullable=True),
        sa.Column("target_id", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["conversion_run.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_legacy_row_household"), "legacy_row", ["household"], unique=False)
    op.create_index(op.f("ix_legacy_row_run_id"), "legacy_row", ["run_id"], unique=False)
    op.create_index(op.f("ix_legacy_row_subject_id"), "legacy_row", ["subject_id"], unique=False)
    op.create_index(op.f("ix_legacy_row_target_id"), "legacy_row", ["target_id"], unique=False)
    op.create_table(
        "mounted_image",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("mount_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=True),
        sa.Column("quarter_turns", sa.Integer(), nullable=False),
        sa.Column("mirrored", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["mount_id"], ["mount.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_mounted_image_instance_id"), "mounted_image", ["instance_id"], unique=False)
    op.create_index(op.f("ix_mounted_image_mount_id"), "mounted_image", ["mount_id"], unique=False)
    op.create_index(op.f("ix_mounted_image_patient_id"), "mounted_image", ["patient_id"], unique=False)
    op.create_table(
        "old_note",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("written_on", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_old_note_patient_id"), "old_note", ["patient_id"], unique=False)
    op.create_table(
        "opening_balance",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=True),
        sa.Column("as_of_on", sa.Text(), nullable=False),
        sa.Column("contract_total", sa.Integer(), nullable=False),
        sa.Column("paid_to_date", sa.Integer(), nullable=False),
        sa.Column("balance", sa.Integer(), nullable=False),
        sa.Column("system", sa.Text(), nullable=True),
        sa.Column("legacy_number", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("corrects_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["corrects_id"], ["opening_balance.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_opening_balance_corrects_id"), "opening_balance", ["corrects_id"], unique=False)
    op.create_index(op.f("ix_opening_balance_patient_id"), "opening_balance", ["patient_id"], unique=False)
    op.create_table(
        "study_reading",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("study_id", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("images", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_study_reading_staff_id"), "study_reading", ["staff_id"], unique=False)
    op.create_index(op.f("ix_study_reading_study_id"), "study_reading", ["study_id"], unique=False)
    op.create_table(
        "workstation_revocation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("workstation_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workstation_id"], ["workstation.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_workstation_revocation_workstation_id"), "workstation_revocation", ["workstation_id"], unique=False
    )
    op.create_table(
        "flow_alert",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("appointment_id", sa.Text(), nullable=True),
        sa.Column("patient_id", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("interrupts", sa.Integer(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("fired_at", sa.Integer(), nullable=False),
        sa.Column("escalated_at", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", sa.Integer(), nullable=True),
        sa.Column("acknowledged_by", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.Integer(), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_flow_alert_appointment_id"), "flow_alert", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_flow_alert_clinic_id"), "flow_alert", ["clinic_id"], unique=False)
    op.create_index(op.f("ix_flow_alert_fired_at"), "flow_alert", ["fired_at"], unique=False)
    op.create_index(op.f("ix_flow_alert_patient_id"), "flow_alert", ["patient_id"], unique=False)
    op.create_index(op.f("ix_flow_alert_state"), "flow_alert", ["state"], unique=False)
    op.create_index(op.f("ix_flow_alert_subject"), "flow_alert", ["subject"], unique=False)
    op.create_table(
        "visit_priority",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("appointment_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_at", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_visit_priority_appointment_id"), "visit_priority", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_visit_priority_patient_id"), "visit_priority", ["patient_id"], unique=False)
    op.create_index("appointment_of_day", "appointment", ["clinic_id", "starts_at"], unique=False)
    op.add_column("image_state", sa.Column("view", sa.Text(), nullable=True))
    op.add_column("image_state", sa.Column("stated_view", sa.Text(), nullable=True))
    op.create_index(op.f("ix_image_state_view"), "image_state", ["view"], unique=False)
    op.add_column("instance", sa.Column("teeth", sa.Text(), nullable=True))
    op.add_column("study", sa.Column("reader_id", sa.Text(), nullable=True))
    op.add_column("study", sa.Column("reading_id", sa.Text(), nullable=True))
    op.add_column("study", sa.Column("read_at", sa.Integer(), nullable=True))
    op.add_column("study", sa.Column("read_by_id", sa.Text(), nullable=True))
    op.create_index(op.f("ix_study_read_at"), "study", ["read_at"], unique=False)
    op.create_index(op.f("ix_study_reader_id"), "study", ["reader_id"], unique=False)
