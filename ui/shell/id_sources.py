"""Choosing a row by its name: for each kind of id, the query that lists what may be chosen.

Packages of `ui` bring `ID_SOURCES`; an id of a kind that nobody lists is typed as it stands.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.access.queries import staff_list, titled
from app.core.i18n import language
from app.core.ids import PatientId
from app.journal.commands import Query
from app.patients.queries import alerts_of, documents_of
from app.practice.queries import clinics, equipment, operatories, procedures, providers
from app.scheduling.queries import appointment_types, recalls, tasks, visit_reasons
from ui.shell.screens import packages


@dataclass(frozen=True, slots=True)
class IdSource:
    """`kind` is the name of the id's type; `words` writes one row of the answer, `identity` gives its id.

    With `of_patient` the query is asked about the patient of the form, and lists nothing before there is one.
    """

    kind: str
    query: Query[..., Any]
    words: Callable[[Any], str]
    identity: Callable[[Any], str] = lambda row: str(row.id)
    of_patient: bool = False

    def arguments(self, context: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """What the query is asked with; None when the patient is not known."""
        if not self.of_patient:
            return ()
        patient = context.get("patient_id")
        return (PatientId(str(patient)),) if patient else None


def by_language(row: Any) -> str:
    """A name in the language of the screen."""
    return str(row.name_fr if language() == "fr" else row.name_en)


def sources() -> dict[str, IdSource]:
    """Every source by the kind of its id; those of packages come after ours and win."""
    found = {source.kind: source for source in OURS}
    for package in packages():
        for source in getattr(importlib.import_module(package), "ID_SOURCES", ()):
            found[source.kind] = source
    return found


OURS = (
    IdSource("StaffId", staff_list, lambda row: titled(row.title, row.display_name), lambda row: str(row.staff_id)),
    IdSource("ClinicId", clinics, lambda row: str(row.name)),
    IdSource("ProviderId", providers, lambda row: str(row.name)),
    IdSource("OperatoryId", operatories, lambda row: str(row.name)),
    IdSource("EquipmentId", equipment, lambda row: str(row.name)),
    IdSource("AppointmentTypeId", appointment_types, by_language),
    IdSource("ReasonId", visit_reasons, by_language),
    IdSource("ProcedureId", procedures, by_language),
    IdSource("RecallId", recalls, lambda row: f"{row.given_name} {row.family_name}, {row.due_on}"),
    IdSource("TaskId", tasks, lambda row: str(row.title)),
    IdSource("AlertId", alerts_of, lambda row: str(row.text), of_patient=True),
    IdSource("DocumentId", documents_of, lambda row: str(row.title), of_patient=True),
)
