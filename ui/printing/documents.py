"""The documents that can be printed, as data, and the one door through which they are made."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from app.core.errors import NotFound, RuleViolation
from app.core.i18n import N_, language, spoken
from app.core.permissions import Permission
from app.orchestration.permissions import SEE_DAY
from app.patients.permissions import VIEW_PATIENTS
from app.patients.queries import Language, PatientBanner, patient_banner
from app.practice.settings import PAPER_SIZE
from app.scheduling.permissions import SEE_SCHEDULE
from ui.printing.marks import Composition
from ui.printing.orders import Order, Sources
from ui.printing.papers import PAPERS, SHEETS

FAMILY_LANGUAGES: Final = {Language.FRENCH: "fr", Language.ENGLISH: "en"}


@dataclass(frozen=True, slots=True)
class PrintSpec:
    """One document. `title` is a msgid; `factory` is `module:function`, imported when it is first made.

    `needs` is `patient`, `day` or empty; `sheets` are the label sheets that it fits, the usual one first;
    `for_family`: it speaks the family's language unless another is asked for.
    """

    name: str
    title: str
    icon: str
    needs: str
    permission: Permission
    factory: str
    landscape: bool = False
    sheets: tuple[str, ...] = ()
    for_family: bool = False

    def load(self) -> Callable[[Sources, Order], Composition]:
        """The maker, imported now."""
        module, _colon, name = self.factory.partition(":")
        maker: Callable[[Sources, Order], Composition] = getattr(importlib.import_module(module), name)
        return maker


PRINTS: Final = {
    spec.name: spec
    for spec in (
        PrintSpec(
            "day_by_chair", N_("Day sheet by chair"), "chair", "day", SEE_SCHEDULE,
            "ui.printing.day_sheets:day_by_chair", landscape=True,
        ),
        PrintSpec(
            "day_by_doctor", N_("Day sheet by doctor"), "stethoscope", "day", SEE_SCHEDULE,
            "ui.printing.day_sheets:day_by_doctor", landscape=True,
        ),
        PrintSpec(
            "morning_huddle", N_("Morning huddle"), "sun", "day", SEE_DAY, "ui.printing.huddle_sheet:huddle_sheet",
        ),
        PrintSpec(
            "paper_mode", N_("Schedule on paper"), "scroll", "day", SEE_SCHEDULE,
            "ui.printing.paper_day:paper_schedule", landscape=True,
        ),
        PrintSpec(
            "evacuation", N_("Evacuation list"), "sign-out", "", SEE_SCHEDULE, "ui.printing.evacuation:evacuation_list"
        ),
        PrintSpec(
            "slip", N_("Routing slip"), "clipboard-text", "patient", SEE_SCHEDULE, "ui.printing.slips:routing_slip",
            for_family=True,
        ),
        PrintSpec(
            "card", N_("Appointment card"), "calendar-check", "patient", SEE_SCHEDULE,
            "ui.printing.cards:appointment_card", sheets=("5371", "5163"), for_family=True,
        ),
        PrintSpec(
            "chart_labels", N_("Chart labels"), "tag", "patient", VIEW_PATIENTS, "ui.printing.labels:chart_labels",
            sheets=("5160", "5163", "L7160", "L7163"),
        ),
        PrintSpec(
            "address_labels", N_("Address labels"), "envelope-simple", "patient", VIEW_PATIENTS,
            "ui.printing.labels:address_labels", sheets=("5160", "5163", "L7160", "L7163"),
        ),
        PrintSpec(
            "summary", N_("Patient summary"), "file-text", "patient", VIEW_PATIENTS, "ui.printing.summaries:summary"
        ),
    )
}  # fmt: skip
"""By name, in the order in which they are offered."""


def compose(sources: Sources, order: Order) -> Composition:
    """The pages of a document, in its language; `NotFound`, `RuleViolation`, `PermissionDenied` when there are none."""
    spec = PRINTS.get(order.document)
    if spec is None:
        raise NotFound(N_("document"), order.document)
    banner = None
    if spec.needs == "patient":
        if order.patient_id is None:
            raise RuleViolation(N_("Choose the patient first."))
        banner = sources.ask(patient_banner, order.patient_id)
    order = replace(
        order,
        sheet=order.sheet if order.sheet in spec.sheets else next(iter(spec.sheets), ""),
        paper=order.paper if order.paper in PAPERS else sources.setting(PAPER_SIZE).value,
        language=order.language or _language_of(spec, banner),
    )
    if spec.sheets:
        order = replace(order, paper=SHEETS[order.sheet].paper.code)
    with spoken(order.language):
        return spec.load()(sources, order)


def _language_of(spec: PrintSpec, banner: PatientBanner | None) -> str:
    """The language of who is called first, else the patient's, for what goes home; else that of the screen."""
    if not spec.for_family or banner is None:
        return language()
    return FAMILY_LANGUAGES[banner.responsible.language if banner.responsible else banner.language]


def note_print(sources: Sources, composition: Composition, kind: str = "print") -> None:
    """Write the access log: one line for each patient on the document (Health information Act, R-22.1)."""
    for subject in composition.subjects or (None,):
        sources.runner.access(sources.actor, kind, subject, composition.document)
