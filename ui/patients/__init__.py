"""Patients: finding them, their page, and the form that opens or corrects a chart."""

from app.core.i18n import N_
from ui.shell.screens import Group, ScreenSpec, TabSpec

SCREENS = (
    ScreenSpec(
        "patients", N_("Patients"), "users", "ui.patients.patients_view:PatientsView", Group.MAIN, 20,
        permission="view_patients",
    ),
    ScreenSpec(
        "patient", N_("Patient file"), "user", "ui.patients.patient_view:PatientView", Group.INNER, 21,
        permission="view_patients", needs=("patient",), above="patients",
    ),
    ScreenSpec(
        "patient_form", N_("New patient"), "user-plus", "ui.patients.form_view:PatientFormView", Group.INNER, 22,
        permission="edit_patients", above="patients",
    ),
)  # fmt: skip
TABS = (
    TabSpec("summary", N_("Summary"), "ui.patients.summary_tab:SummaryTab", 10),
    TabSpec("family", N_("Family"), "ui.patients.family_tab:FamilyTab", 20),
    TabSpec("documents", N_("Documents"), "ui.patients.documents_tab:DocumentsTab", 40, "view_documents"),
    TabSpec("history", N_("History"), "ui.patients.history_tab:HistoryTab", 50, "view_patient_history"),
)
FINDERS = ("ui.patients.finder:PatientFinder",)
