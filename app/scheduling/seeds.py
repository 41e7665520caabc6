"""The appointment types and reasons that an orthodontic clinic begins with; it changes them as it likes.

Minutes are anchored on what public practices state: exam 30 to 60, records 30, bonding 60 to 90, adjustment 15 to 30,
debonding 60, emergency 5 to 10, retainer check 10 to 20.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from app.practice.vocabulary import EquipmentKind, OperatoryKind
from app.scheduling.vocabulary import AppointmentClass as Kind
from app.scheduling.vocabulary import LabState, ReasonKind, VisitEffect


@dataclass(frozen=True, slots=True)
class SeedType:
    """A type to begin with; `more` are further columns of the record."""

    code: str
    name_en: str
    name_fr: str
    segments: str
    appointment_class: Kind
    effect: VisitEffect
    more: dict[str, Any]


def _type(
    code: str, name_en: str, name_fr: str, segments: str, kind: Kind, effect: VisitEffect = VisitEffect.NONE,
    **more: Any,
) -> SeedType:  # fmt: skip
    return SeedType(code, name_en, name_fr, segments, kind, effect, more)


_TALK: Final[dict[str, Any]] = {"operatory_kind": OperatoryKind.CONSULTATION}
_ROOM: Final[dict[str, Any]] = {"operatory_kind": OperatoryKind.RECORDS, "equipment_kind": EquipmentKind.XRAY}

TYPES: Final = (
    _type("EX", "New-patient exam", "Examen initial", "A10 D10 T25", Kind.EXAM, VisitEffect.EXAM, **_TALK),
    _type(
        "OB", "Observation recall", "Suivi de croissance", "A8 D4 A3", Kind.RECALL, VisitEffect.OBSERVATION,
        interval_weeks=26,
    ),
    _type("RC", "Records", "Prise de dossiers", "A20 X10", Kind.RECORDS, VisitEffect.RECORDS, **_ROOM),
    _type("CO", "Consult", "Consultation de plan", "T20 D10 T10", Kind.EXAM, **_TALK, records_due=True),
    _type("SEP", "Separators", "Élastiques séparateurs", "A12 D3", Kind.ADJUSTMENT, interval_weeks=1),
    _type(
        "BD1", "Bond one arch", "Pose (collage) d’une arcade", "A20 D10 A25 D5", Kind.START, VisitEffect.START,
        needs_prep=True, records_due=True, interval_weeks=6,
    ),
    _type(
        "BD2", "Bond both arches", "Pose (collage) des deux arcades", "A30 D15 A37 D8", Kind.START, VisitEffect.START,
        needs_prep=True, records_due=True, interval_weeks=6,
    ),
    _type("ADJ", "Adjustment, wire change", "Ajustement, changement d’arc", "A8 D4 A8", Kind.ADJUSTMENT,
          interval_weeks=8),
    _type("ALN", "Aligner delivery or check", "Remise ou contrôle d’aligneurs", "A10 D4 A6", Kind.ADJUSTMENT,
          interval_weeks=10, lab_state=LabState.MUST_BE_BACK),
    _type("ALA", "Aligners with attachments", "Aligneurs avec attaches", "A25 D8 A12", Kind.START, VisitEffect.START,
          needs_prep=True, interval_weeks=10, lab_state=LabState.MUST_BE_BACK),
    _type("EXP", "Expander delivery", "Pose de l’appareil d’expansion", "A15 D8 A7", Kind.START, VisitEffect.START,
          interval_weeks=2, lab_state=LabState.MUST_BE_BACK),
    _type("RPR", "Bracket repair", "Réparation", "A12 D3 A5", Kind.REPAIR),
    _type("EMG", "Emergency, poking wire", "Urgence", "A7 D3", Kind.EMERGENCY, is_emergency=True,
          should_confirm=False),
    _type("PRG", "Progress records", "Dossiers de progrès", "A25 D5", Kind.RECORDS,
          operatory_kind=OperatoryKind.RECORDS),
    _type("DB", "Debond with impressions or scan", "Dépose", "A15 D10 A35", Kind.DEBAND, VisitEffect.DEBAND,
          needs_prep=True, interval_weeks=1, lab_state=LabState.MUST_GO),
    _type("RD", "Retainer delivery", "Remise de l’appareil de contention", "A15 D3 C2", Kind.RETENTION,
          VisitEffect.RETENTION, lab_state=LabState.MUST_BE_BACK, interval_weeks=4),
    _type("RK", "Retainer check", "Contrôle de la contention", "A6 D3 C1", Kind.RETENTION, VisitEffect.RETENTION,
          interval_weeks=26),
)  # fmt: skip

REASONS: Final = (
    (ReasonKind.CANCEL, "ILL", "Patient is ill", "Patient malade", True),
    (ReasonKind.CANCEL, "SCHOOL", "School or exam", "École ou examen", True),
    (ReasonKind.CANCEL, "WORK", "Parent’s work", "Travail du parent", True),
    (ReasonKind.CANCEL, "TRANSPORT", "No way to come", "Transport", True),
    (ReasonKind.CANCEL, "WEATHER", "Weather", "Météo", True),
    (ReasonKind.CANCEL, "STOPPED", "Stops treatment", "Arrêt du traitement", True),
    (ReasonKind.CANCEL, "CLINIC", "Clinic cancels", "Annulé par la clinique", False),
    (ReasonKind.CANCEL, "OTHER", "Other", "Autre", True),
    (ReasonKind.MOVE, "TIME", "Another time suits better", "Autre moment préféré", True),
    (ReasonKind.MOVE, "ILL", "Patient is ill", "Patient malade", True),
    (ReasonKind.MOVE, "SOONER", "A sooner time came free", "Place libérée plus tôt", True),
    (ReasonKind.MOVE, "ABSENT", "Doctor or staff away", "Absence du docteur ou du personnel", False),
    (ReasonKind.MOVE, "LAB", "Lab case not back", "Labo non reçu", False),
    (ReasonKind.MOVE, "OTHER", "Other", "Autre", True),
)
