"""the team, sterilisation and the states of the clinic."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Expand the schema."""
    op.create_table(
        "own_state",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("renames", sa.Integer(), nullable=False),
        sa.Column("name_fr", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_table(
        "break_request",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("wanted_at", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("cover_id", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["cover_id"], ["provider.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_break_request_clinic_id"), "break_request", ["clinic_id"], unique=False)
    op.create_index(op.f("ix_break_request_provider_id"), "break_request", ["provider_id"], unique=False)
    op.create_index(op.f("ix_break_request_wanted_at"), "break_request", ["wanted_at"], unique=False)
    op.create_table(
        "clock_entry",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("break_kind", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("cover_id", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("corrects_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["corrects_id"], ["clock_entry.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["cover_id"], ["provider.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_clock_entry_at"), "clock_entry", ["at"], unique=False)
    op.create_index(op.f("ix_clock_entry_clinic_id"), "clock_entry", ["clinic_id"], unique=False)
    op.create_index(op.f("ix_clock_entry_corrects_id"), "clock_entry", ["corrects_id"], unique=False)
    op.create_index(op.f("ix_clock_entry_provider_id"), "clock_entry", ["provider_id"], unique=False)
    op.create_table(
        "sterilisation_cycle",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("equipment_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("program", sa.Text(), nullable=False),
        sa.Column("contents", sa.Text(), nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Integer(), nullable=True),
        sa.Column("tenths_celsius", sa.Integer(), nullable=True),
        sa.Column("kilopascals", sa.Integer(), nullable=True),
        sa.Column("hold_minutes", sa.Integer(), nullable=True),
        sa.Column("chemical", sa.Text(), nullable=False),
        sa.Column("biological", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.Integer(), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["equipment_id"], ["equipment.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_sterilisation_cycle_clinic_id"), "sterilisation_cycle", ["clinic_id"], unique=False)
    op.create_index(op.f("ix_sterilisation_cycle_code"), "sterilisation_cycle", ["code"], unique=False)
    op.create_index(op.f("ix_sterilisation_cycle_equipment_id"), "sterilisation_cycle", ["equipment_id"], unique=False)
    op.create_index(op.f("ix_sterilisation_cycle_started_at"), "sterilisation_cycle", ["started_at"], unique=False)
    op.create_table(
        "chair_call",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("appointment_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("operatory_id", sa.Text(), nullable=False),
        sa.Column("called_at", sa.Integer(), nullable=False),
        sa.Column("called_by", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["operatory_id"], ["operatory.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_chair_call_appointment_id"), "chair_call", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_chair_call_called_at"), "chair_call", ["called_at"], unique=False)
    op.create_index(op.f("ix_chair_call_patient_id"), "chair_call", ["patient_id"], unique=False)
    op.create_table(
        "day_message",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("appointment_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.Integer(), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_day_message_appointment_id"), "day_message", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_day_message_drafted_at"), "day_message", ["drafted_at"], unique=False)
    op.create_index(op.f("ix_day_message_patient_id"), "day_message", ["patient_id"], unique=False)
    op.create_table(
        "left_without",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("appointment_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("noted_at", sa.Integer(), nullable=False),
        sa.Column("noted_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_left_without_appointment_id"), "left_without", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_left_without_patient_id"), "left_without", ["patient_id"], unique=False)
    op.create_table(
        "pack_use",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("cycle_id", sa.Text(), nullable=False),
        sa.Column("appointment_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Integer(), nullable=False),
        sa.Column("used_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["sterilisation_cycle.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_pack_use_appointment_id"), "pack_use", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_pack_use_cycle_id"), "pack_use", ["cycle_id"], unique=False)
    op.create_index(op.f("ix_pack_use_patient_id"), "pack_use", ["patient_id"], unique=False)
    op.create_table(
        "visit_own_state",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("appointment_id", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Text(), nullable=False),
        sa.Column("own_state_id", sa.Text(), nullable=True),
        sa.Column("set_at", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["own_state_id"], ["own_state.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_visit_own_state_appointment_id"), "visit_own_state", ["appointment_id"], unique=False)
    op.create_index(op.f("ix_visit_own_state_own_state_id"), "visit_own_state", ["own_state_id"], unique=False)
    op.create_index(op.f("ix_visit_own_state_patient_id"), "visit_own_state", ["patient_id"], unique=False)
    op.add_column("appointment_type", sa.Column("procedure_codes", sa.Text(), nullable=True))
