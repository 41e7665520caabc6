"""Why images went where they did, where past ones would go, and what conditions may ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from app.archives.facts import facts_of, router_of
from app.archives.model import RouteDecision, RoutingRule, VnaConfiguration
from app.archives.permissions import MANAGE_ARCHIVES, SEE_ARCHIVES
from app.archives.routing import Rule
from app.archives.vocabulary import Fact, RoutingRuleId, Why
from app.core.i18n import N_
from app.gateway.model import DicomPeer
from app.imaging.model import ImageState, Instance, Series, Study
from app.imaging.vocabulary import InstanceId, StudyId
from app.journal.commands import query
from app.journal.queries import Reading
from app.practice.model import Clinic

MOST_LINES: Final = 500
MOST_CHOICES: Final = 60


@dataclass(frozen=True, slots=True)
class Reason:
    """What came of one rule; `condition` is the place (from 0) of the first that did not hold."""

    rule_id: RoutingRuleId
    rule_name: str
    why: Why
    condition: int | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an image went where it did."""

    instance_id: InstanceId
    study_id: StudyId
    sop_instance_uid: str
    at: datetime
    destinations: tuple[str, ...]
    returned: tuple[str, ...]
    by_default: bool
    reasons: tuple[Reason, ...]
    modality: str
    description: str
    studied_on: date | None


@dataclass(frozen=True, slots=True)
class DryRunLine:
    """Where an image would go by the rules as they stand."""

    instance_id: InstanceId
    study_id: StudyId
    sop_instance_uid: str
    destinations: tuple[str, ...]
    by_default: bool
    reasons: tuple[Reason, ...]
    modality: str
    description: str
    studied_on: date | None


@dataclass(frozen=True, slots=True)
class RoutingChoices:
    """What the clinic has of each fact: words to choose from, the usual ones first."""

    clinics: tuple[str, ...]
    callers: tuple[str, ...]
    modalities: tuple[str, ...]
    sop_classes: tuple[str, ...]
    views: tuple[str, ...]
    body_parts: tuple[str, ...]
    descriptions: tuple[str, ...]
    archives: tuple[str, ...]


@query(permission=SEE_ARCHIVES, label=N_("Why images went where they did"))
def route_explanations(
    read: Reading, study_id: StudyId | None = None, instance_ids: list[InstanceId] | None = None, most: int = MOST_LINES
) -> list[Explanation]:
    """Explain the decisions about a study, about some images, or the latest ones."""
    wanted = (
        select(
            RouteDecision.__table__, Instance.sop_instance_uid, Series.modality, Study.description, Study.studied_on
        )
        .join(Instance, Instance.id == RouteDecision.id)
        .join(Series, Series.id == Instance.series_id)
        .join(Study, Study.id == Instance.study_id)
        .order_by(RouteDecision.at.desc(), RouteDecision.id)
        .limit(most)
    )  # fmt: skip
    if study_id is not None:
        wanted = wanted.where(RouteDecision.study_id == study_id)
    if instance_ids is not None:
        wanted = wanted.where(RouteDecision.id.in_(instance_ids))
    names, rules = _names(read)
    return [
        Explanation(
            row.id, row.study_id, row.sop_instance_uid, row.at,
            tuple(names.get(one[0], one[0]) for one in row.destinations or ()),
            tuple(names.get(one, one) for one in row.returned or ()), row.by_default,
            tuple(Reason(one[0], rules.get(one[0], ""), Why(one[1]), one[2]) for one in row.steps or ()),
            row.modality, row.description or "", row.studied_on,
        )
        for row in read.execute(wanted)
    ]  # fmt: skip


@query(permission=MANAGE_ARCHIVES, label=N_("Try the routing rules"))
def dry_run(
    read: Reading,
    study_ids: list[StudyId] | None = None,
    rules: list[Rule] | None = None,
    most: int = MOST_LINES,
) -> list[DryRunLine]:
    """Tell where past images would go, by the rules as they stand or by others. Nothing is sent."""
    wanted = select(Instance.id).join(Study, Study.id == Instance.study_id).order_by(Instance.id.desc()).limit(most)
    if study_ids is not None:
        wanted = wanted.where(Instance.study_id.in_(study_ids))
    ids = [row[0] for row in read.execute(wanted)]
    router, titles = router_of(read, rules)
    names, labels = _names(read)
    uids, days = _uids(read, ids), _days(read, ids)
    made = []
    for item in facts_of(read, ids):
        decision = router.decide(item.facts, titles.get(item.calling_ae, ()))
        there = tuple(names.get(one.archive_id, one.archive_id) for one in decision.destinations)
        steps = decision.steps
        reasons = tuple(Reason(one.rule_id, labels.get(one.rule_id, ""), one.why, one.condition) for one in steps)
        uid = uids[item.instance_id]
        what = (str(item.facts[Fact.MODALITY]), str(item.facts[Fact.STUDY_DESCRIPTION]), days.get(item.study_id))
        made.append(DryRunLine(item.instance_id, item.study_id, uid, there, decision.by_default, reasons, *what))
    return made


@query(permission=SEE_ARCHIVES, label=N_("What routing rules can ask for"))
def routing_choices(read: Reading) -> RoutingChoices:
    """List the values that a condition of a rule can choose from: what the clinic has, and what its images carry."""
    views = {view.value for view in _texts(read, ImageState.view) + _texts(read, ImageState.stated_view)}
    living = VnaConfiguration.withdrawn_at.is_(None)
    return RoutingChoices(
        clinics=tuple(_texts(read, Clinic.name)),
        callers=tuple(_texts(read, DicomPeer.ae_title, DicomPeer.withdrawn_at.is_(None))),
        modalities=tuple(_texts(read, Series.modality)),
        sop_classes=tuple(_texts(read, Instance.sop_class_uid)),
        views=tuple(sorted(views | set(_texts(read, Instance.view_position)))),
        body_parts=tuple(_texts(read, Series.body_part)),
        descriptions=tuple(_texts(read, Study.description)),
        archives=tuple(_texts(read, VnaConfiguration.name, living)),
    )


def _texts(read: Reading, column: Any, *where: Any) -> list[Any]:
    wanted = select(column).where(column.is_not(None), *where).distinct().order_by(column).limit(MOST_CHOICES)
    return [row[0] for row in read.execute(wanted) if row[0] != ""]


def _names(read: Reading) -> tuple[dict[str, str], dict[str, str]]:
    """The names of archives and rules, withdrawn ones too."""
    archives_by_id = {row.id: row.name for row in read.execute(select(VnaConfiguration.id, VnaConfiguration.name))}
    rules_by_id = {row.id: row.name for row in read.execute(select(RoutingRule.id, RoutingRule.name))}
    return archives_by_id, rules_by_id


def _uids(read: Reading, ids: Sequence[str]) -> dict[str, str]:
    wanted = select(Instance.id, Instance.sop_instance_uid).where(Instance.id.in_(ids))
    return {row.id: row.sop_instance_uid for row in read.execute(wanted)}


def _days(read: Reading, ids: Sequence[str]) -> dict[str, date]:
    wanted = (
        select(Study.id, Study.studied_on).join(Instance, Instance.study_id == Study.id).where(Instance.id.in_(ids))
    )
    return {row.id: row.studied_on for row in read.execute(wanted)}
