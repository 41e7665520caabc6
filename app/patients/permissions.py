"""Who may do what with charts."""

from __future__ import annotations

from app.core.i18n import N_
from app.core.permissions import EVERY_ROLE, LEADERS, Permission, Role

_CLINIC = (Role.ORTHODONTIST, Role.PRACTICE_MANAGER, Role.FRONT_DESK, Role.CLINICAL_STAFF)
_OFFICE = (Role.ORTHODONTIST, Role.PRACTICE_MANAGER, Role.FRONT_DESK)

VIEW_PATIENTS = Permission("view_patients", N_("See patients"), EVERY_ROLE)
VIEW_NAM = Permission("view_nam", N_("See health insurance numbers"), _OFFICE)
VIEW_DOCUMENTS = Permission("view_documents", N_("See documents"), EVERY_ROLE)
VIEW_HISTORY = Permission("view_patient_history", N_("See the history of a chart"), LEADERS)
EDIT_PATIENTS = Permission("edit_patients", N_("Edit patients"), _OFFICE)
EDIT_ALERTS = Permission("edit_alerts", N_("Edit alerts"), _CLINIC)
EDIT_DOCUMENTS = Permission("edit_documents", N_("Add documents"), _CLINIC)
MANAGE_CONSENTS = Permission("manage_consents", N_("Record consents"), _CLINIC)
MERGE_PATIENTS = Permission("merge_patients", N_("Merge charts"), LEADERS)
EXPORT_PATIENTS = Permission("export_patients", N_("Export charts"), LEADERS)
SHARE_FILTERS = Permission("share_filters", N_("Share saved filters with the clinic"), _OFFICE)
