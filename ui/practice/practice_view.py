"""The set-up of the practice: sections at the left, the list and the form of one of them at the right."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_, _
from app.core.settings import Page
from ui.practice.sectioned import Section, SectionedView

SECTIONS: Final = (
    Section(Page("clinics", N_("Clinics"), "buildings", 1), "ui.practice.places:ClinicPane"),
    Section(Page("hours", N_("Opening hours"), "clock", 2), "ui.practice.hours:HoursPane"),
    Section(Page("closures", N_("Holidays and closures"), "calendar-x", 3), "ui.practice.closures:ClosurePane"),
    Section(Page("chairs", N_("Chairs and rooms"), "office-chair", 4), "ui.practice.places:ChairPane"),
    Section(Page("equipment", N_("Equipment"), "wrench", 5), "ui.practice.equipment:EquipmentPane"),
    Section(Page("staff", N_("Staff accounts"), "users-three", 6), "ui.access.staff_pane:StaffPane", "see_staff"),
    Section(Page("providers", N_("Providers and skills"), "stethoscope", 7), "ui.practice.providers:ProviderPane"),
    Section(Page("shifts", N_("Shifts and breaks"), "calendar-dots", 8), "ui.practice.shifts:ShiftPane"),
    Section(Page("absences", N_("Absences"), "calendar-blank", 9), "ui.practice.absences:AbsencePane"),
    Section(Page("types", N_("Appointment types"), "tag", 10), "ui.practice.types:TypePane", "see_schedule"),
    Section(Page("templates", N_("Day templates"), "grid-four", 11), "ui.practice.templates:TemplatePane",
            "see_schedule"),
    Section(Page("catalogue", N_("Procedure catalogue"), "receipt", 12), "ui.practice.catalogue:CataloguePane"),
    Section(Page("reasons", N_("Reasons"), "chat-text", 13), "ui.practice.reasons:ReasonPane", "see_schedule"),
    Section(Page("states", N_("States of visits"), "kanban", 14), "ui.practice.own_states:OwnStatePane", "see_day"),
)  # fmt: skip


class PracticeView(SectionedView):
    """`choose(section="chairs")` opens a section."""

    sections = SECTIONS

    def subheading(self) -> str:
        """What is set up here."""
        return _(N_("Places, people, hours and the kinds of visits"))
