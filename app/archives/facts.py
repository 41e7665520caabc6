"""What rules ask of an image, read from the tables; and the rules and archives as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.archives.model import ArchivePreference, RoutingRule, VnaConfiguration
from app.archives.routing import Condition, Facts, Router, Rule
from app.archives.vocabulary import ArchiveId, Comparison, Fact
from app.gateway.model import DicomPeer, ReceivedInstance
from app.imaging.model import ImageState, Instance, Series, Study
from app.imaging.vocabulary import InstanceId, StudyId
from app.journal.queries import Reading
from app.practice.model import Clinic, Equipment
from app.practice.vocabulary import Weekday


@dataclass(frozen=True, slots=True)
class Routed:
    """An image, what rules ask of it, and the AE title that it came from."""

    instance_id: InstanceId
    study_id: StudyId
    calling_ae: str
    facts: Facts


def facts_of(read: Reading, instance_ids: Sequence[str]) -> list[Routed]:
    """Of the living images among these, in the order of the ids."""
    zone = read.clock.zone
    wanted = (
        select(
            Instance.id, Instance.study_id, Instance.sop_class_uid, Instance.size_bytes, Instance.view_position,
            Series.modality, Series.body_part, Study.description, Study.studied_at_time, ImageState.view,
            ImageState.stated_view, ImageState.received_at, ReceivedInstance.calling_ae,
            Clinic.name.label("clinic"), VnaConfiguration.name.label("preference"),
        )
        .join(Series, Series.id == Instance.series_id)
        .join(Study, Study.id == Instance.study_id)
        .join(ImageState, ImageState.id == Instance.id)
        .outerjoin(ReceivedInstance, ReceivedInstance.id == Instance.id)
        .outerjoin(
            DicomPeer, (DicomPeer.ae_title == ReceivedInstance.calling_ae) & DicomPeer.withdrawn_at.is_(None)
        )
        .outerjoin(Equipment, Equipment.id == DicomPeer.equipment_id)
        .outerjoin(Clinic, Clinic.id == Equipment.clinic_id)
        .outerjoin(ArchivePreference, ArchivePreference.id == Study.patient_id)
        .outerjoin(VnaConfiguration, VnaConfiguration.id == ArchivePreference.archive_id)
        .where(Instance.id.in_(instance_ids), ImageState.withdrawn_at.is_(None), Instance.sha256 > "")
        .order_by(Instance.id)
    )  # fmt: skip
    return [_routed(row, row.received_at.astimezone(zone)) for row in read.execute(wanted)]


def _routed(row: Any, received: Any) -> Routed:
    view = row.view or row.stated_view
    facts: Facts = {
        Fact.CLINIC: row.clinic or "",
        Fact.CALLING_AE: row.calling_ae or "",
        Fact.MODALITY: row.modality or "",
        Fact.SOP_CLASS: row.sop_class_uid,
        Fact.VIEW: view.value if view is not None else row.view_position or "",
        Fact.BODY_PART: row.body_part or "",
        Fact.STUDY_DESCRIPTION: row.description or "",
        Fact.PREFERENCE: row.preference or "",
        Fact.SIZE_KB: row.size_bytes // 1024,
        Fact.HOUR: received.hour,
        Fact.WEEKDAY: list(Weekday)[received.weekday()].value,
    }
    return Routed(row.id, row.study_id, row.calling_ae or "", facts)


def rules_of(read: Reading) -> list[Rule]:
    """The rules of the clinic in their order."""
    wanted = (
        select(RoutingRule.__table__)
        .where(RoutingRule.withdrawn_at.is_(None))
        .order_by(RoutingRule.position, RoutingRule.id)
    )
    return [_rule(row) for row in read.execute(wanted)]


def _rule(row: Any) -> Rule:
    conditions = [Condition(Fact(fact), Comparison(how), list(values)) for fact, how, values in row.conditions or ()]
    return Rule(
        row.id, row.name, conditions, [ArchiveId(one) for one in row.destinations or ()], row.every, row.spread,
        row.delay_seconds, row.priority, row.verification, row.is_last, row.enabled,
    )  # fmt: skip


def router_of(read: Reading, rules: Sequence[Rule] | None = None) -> tuple[Router, dict[str, list[ArchiveId]]]:
    """The compiled rules, and which archives each AE title is."""
    wanted = select(VnaConfiguration.id, VnaConfiguration.ae_title, VnaConfiguration.is_default).where(
        VnaConfiguration.withdrawn_at.is_(None)
    )
    archives = read.execute(wanted).fetchall()
    titles: dict[str, list[ArchiveId]] = {}
    for row in archives:
        if row.ae_title:
            titles.setdefault(row.ae_title, []).append(row.id)
    router = Router(rules_of(read) if rules is None else rules, [row.id for row in archives if row.is_default])
    return router, titles
