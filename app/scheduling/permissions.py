"""Who may see and change the schedule."""

from __future__ import annotations

from app.core.i18n import N_
from app.core.permissions import EVERY_ROLE, LEADERS, Permission, Role

_CLINIC = (Role.ORTHODONTIST, Role.PRACTICE_MANAGER, Role.FRONT_DESK, Role.CLINICAL_STAFF)

SEE_SCHEDULE = Permission("see_schedule", N_("See the schedule"), EVERY_ROLE)
BOOK_APPOINTMENTS = Permission("book_appointments", N_("Book, move and cancel appointments"), _CLINIC)
OVERRIDE_CONFLICTS = Permission("override_conflicts", N_("Book in spite of a conflict"), LEADERS)
CHECK_IN_PATIENTS = Permission("check_in_patients", N_("Check patients in and out"), EVERY_ROLE)
TREAT_AT_CHAIR = Permission("treat_at_chair", N_("Seat patients and call the doctor"), EVERY_ROLE)
CORRECT_VISITS = Permission("correct_visits", N_("Correct what was recorded of a visit"), _CLINIC)
FOLLOW_UP = Permission("follow_up", N_("Work on recalls, lists and tasks"), EVERY_ROLE)
EDIT_SCHEDULE_SETUP = Permission("edit_schedule_setup", N_("Edit appointment types, reasons and templates"), LEADERS)
