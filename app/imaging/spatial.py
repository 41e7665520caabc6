"""Volumes and models of a patient: which there are, their bytes, and what people drew into them."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, BinaryIO, Final

from sqlalchemy import select

from app.core.errors import NotFound, PermissionDenied, RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId, StaffId
from app.imaging.answers import SeriesImages
from app.imaging.model import ImageState, Instance, Series, SpatialPlan, Study
from app.imaging.originals import dicom_bytes, fetch_files, stored_instance
from app.imaging.permissions import MARK_IMAGES, VIEW_IMAGES
from app.imaging.vocabulary import Content, DicomForm, InstanceId, SeriesId, SpatialPlanId, StudyId
from app.journal.commands import command, query
from app.journal.queries import Actor, Reading
from app.journal.transaction import Transaction
from app.patients.charts import chart_ids
from viewer.model.model_plan import ModelPlanError, model_plan_from_json, model_plan_to_json
from viewer.model.volume_plan import PlanError, plan_from_json, plan_to_json

if TYPE_CHECKING:
    from app.journal.runner import Runner

LEAST_SLICES: Final = 12
"""Fewer frames than this with places in the patient are single images, not a volume."""
TOMOGRAPHIC: Final = ("CT", "MR", "OPT", "OCT")
LARGEST: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class VolumeLine:
    """A series that may make a volume. `files` names its instances with the numbers of their frames."""

    series_id: SeriesId
    study_id: StudyId
    series_instance_uid: str
    modality: str
    description: str | None
    taken_on: date | None
    slices: int
    rows: int
    columns: int
    files: tuple[InstanceId, ...]

    @property
    def bytes_needed(self) -> int:
        """Memory for its cells, two bytes each."""
        return 2 * self.slices * self.rows * self.columns


def is_volume(series: SeriesImages) -> bool:
    """Whether a series has enough slices for a volume."""
    slices = sum(image.frames or 1 for image in series.images if image.content is Content.IMAGE)
    return series.modality in TOMOGRAPHIC and slices >= LEAST_SLICES


@query(permission=VIEW_IMAGES, label=N_("Volumes of the patient"))
def volumes_of(read: Reading, patient_id: PatientId) -> tuple[VolumeLine, ...]:
    """The series of a patient with enough slices for a volume, newest first; of merged charts too.

    Whether their geometry makes one is only known when they are opened.
    """
    wanted = (
        select(
            Instance.id, Instance.series_id, Instance.study_id, Instance.frames, Instance.image_rows,
            Instance.image_columns, Series.series_instance_uid, Series.modality, Series.description, Study.studied_on,
        )
        .join(ImageState, ImageState.id == Instance.id)
        .join(Series, Series.id == Instance.series_id)
        .join(Study, Study.id == Instance.study_id)
        .where(Study.patient_id.in_(chart_ids(read, patient_id)), Series.modality.in_(TOMOGRAPHIC))
        .where(ImageState.withdrawn_at.is_(None), Instance.content == Content.IMAGE, Instance.sha256 > "")
        .order_by(Study.studied_on.desc(), Series.number, Series.id, Instance.number, Instance.id)
    )  # fmt: skip
    series = defaultdict(list)
    for row in read.execute(wanted):
        series[row.series_id].append(row)
    found = []
    for rows in series.values():
        first, slices = rows[0], sum(row.frames or 1 for row in rows)
        if slices >= LEAST_SLICES:
            found.append(
                VolumeLine(
                    first.series_id, first.study_id, first.series_instance_uid, first.modality, first.description,
                    first.studied_on, slices, max(row.image_rows or 0 for row in rows),
                    max(row.image_columns or 0 for row in rows), tuple(row.id for row in rows),
                )
            )  # fmt: skip
    return tuple(found)


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A surface model. `kind` is `stl`, `ply` or `obj`."""

    instance_id: InstanceId
    study_id: StudyId
    kind: str
    name: str
    taken_on: date | None
    received_at: datetime


@query(permission=VIEW_IMAGES, label=N_("Models of the patient"))
def models_of(read: Reading, patient_id: PatientId) -> tuple[ModelLine, ...]:
    """The surface models of a patient, newest first; of merged charts too."""
    wanted = (
        select(
            Instance.id, Instance.study_id, Instance.original_kind, ImageState.received_file, Study.studied_on,
            ImageState.received_at, Series.description,
        )
        .join(ImageState, ImageState.id == Instance.id)
        .join(Series, Series.id == Instance.series_id)
        .join(Study, Study.id == Instance.study_id)
        .where(Study.patient_id.in_(chart_ids(read, patient_id)), Instance.content == Content.MODEL)
        .where(ImageState.withdrawn_at.is_(None), Instance.sha256 > "")
        .order_by(Study.studied_on.desc(), ImageState.received_at.desc(), Instance.id)
    )  # fmt: skip
    return tuple(
        ModelLine(
            row.id, row.study_id, row.original_kind, row.received_file or row.description or "", row.studied_on,
            row.received_at,
        )
        for row in read.execute(wanted)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SealedSlice:
    """One file of a series: `opening` gives its plain bytes as a stream, decrypted as they are read."""

    opening: Callable[[], BinaryIO]
    size: int


def open_volume(
    runner: Runner, actor: Actor, line: VolumeLine, progress: Callable[[float], bool]
) -> tuple[SealedSlice, ...]:
    """The files of a volume for the viewer, the opening noted once; fetched from the server where they are only there.

    `progress` is told the part that is here, and answers False to stop: nothing is given then. Not for a screen’s
    thread. Raises `NotFound`, `PermissionDenied`, `IntegrityFailure`, `Unreachable`.
    """
    _check(runner, actor)
    found = []
    with runner.read(actor) as read:
        stored = [stored_instance(read, instance_id) for instance_id in line.files]
    for number, one in enumerate(stored):
        if not progress(number / len(stored)):
            return ()
        fetch_files(runner.files, one)
        if one.dicom_form is DicomForm.RECEIVED:
            with runner.files.open(one.sha256) as stream:
                size = stream.seek(0, io.SEEK_END)
            found.append(SealedSlice(lambda sha=one.sha256: runner.files.open(sha), size))  # type: ignore[misc]  # mypy infers no lambda that has a default
        else:
            content = dicom_bytes(runner.files, one)
            found.append(SealedSlice(lambda content=content: io.BytesIO(content), len(content)))  # type: ignore[misc]  # mypy infers no lambda that has a default
    if stored:
        subject = stored[0].patient_id or stored[0].study_id
        runner.access(actor, "open", subject=subject, detail=f"series {line.series_id}")
    return tuple(found)


def open_model(runner: Runner, actor: Actor, instance_id: InstanceId) -> tuple[str, bytes]:
    """The kind (`stl`, `ply`, `obj`) and the bytes of a surface model, the opening noted. Raises as `open_volume`."""
    _check(runner, actor)
    with runner.read(actor) as read:
        stored = stored_instance(read, instance_id)
        kind = read.execute(select(Instance.original_kind).where(Instance.id == instance_id)).scalar_one()
    if stored.content is not Content.MODEL:
        raise NotFound(N_("model"), instance_id)
    fetch_files(runner.files, stored)
    runner.access(actor, "open", subject=stored.patient_id or stored.study_id, detail=f"model {instance_id}")
    if stored.dicom_form is not DicomForm.RECEIVED:
        return str(kind), runner.files.read(stored.sha256)
    return _encapsulated(runner.files.read(stored.sha256))


def _encapsulated(content: bytes) -> tuple[str, bytes]:
    """The model within an encapsulated document (PS3.3 §A.85.1)."""
    import pydicom

    ds = pydicom.dcmread(io.BytesIO(content))
    media = str(ds.get("MIMETypeOfEncapsulatedDocument", "")).lower()
    body = bytes(ds.get("EncapsulatedDocument", b""))
    length = ds.get("EncapsulatedDocumentLength")
    return ("obj" if media.endswith("obj") else "stl"), body[: int(length)] if length else body


def _check(runner: Runner, actor: Actor) -> None:
    if not actor.may(VIEW_IMAGES):
        runner.access(actor, "refused", detail=VIEW_IMAGES.name)
        raise PermissionDenied(VIEW_IMAGES.name, VIEW_IMAGES.label)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """What is kept of a volume or a model: the JSON of the viewer."""

    plan_id: SpatialPlanId
    document: str
    saved_at: datetime


@query(permission=VIEW_IMAGES, label=N_("Drawings in volumes and models of the patient"))
def spatial_plans_of(read: Reading, patient_id: PatientId) -> tuple[PlanLine, ...]:
    """What was drawn into the volumes and placed on the models of a patient."""
    wanted = (
        select(SpatialPlan.id, SpatialPlan.document, SpatialPlan.saved_at)
        .join(Study, Study.id == SpatialPlan.study_id)
        .where(Study.patient_id.in_(chart_ids(read, patient_id)), SpatialPlan.withdrawn_at.is_(None))
        .order_by(SpatialPlan.id)
    )
    return tuple(PlanLine(row.id, row.document, row.saved_at) for row in read.execute(wanted))


@command(permission=MARK_IMAGES, label=N_("Withdraw the drawing"), hidden=True)
def withdraw_spatial_plan(tx: Transaction, plan_id: SpatialPlanId) -> None:
    """Take away what was drawn into a volume or placed on a model. The images stay."""
    plan = tx.get(SpatialPlan, plan_id)
    if plan.withdrawn_at is None:
        plan.withdrawn_at = tx.now


@command(permission=MARK_IMAGES, label=N_("Save the drawing"), undo=(withdraw_spatial_plan, SpatialPlan), hidden=True)
def save_volume_plan(tx: Transaction, series_id: SeriesId, document: str) -> SpatialPlanId:
    """Keep what was drawn into a volume as it is now."""
    series = tx.get(Series, series_id)
    return _keep(tx, SpatialPlanId(series_id), series.study_id, _read(document, volume=True))


@command(permission=MARK_IMAGES, label=N_("Save the points"), undo=(withdraw_spatial_plan, SpatialPlan), hidden=True)
def save_model_plan(tx: Transaction, instance_id: InstanceId, document: str) -> SpatialPlanId:
    """Keep the points that were placed on a model as they are now."""
    return _keep_of_model(tx, instance_id, document)


@command(permission=MARK_IMAGES, label=N_("Align the model"), undo=(withdraw_spatial_plan, SpatialPlan), hidden=True)
def align_model(tx: Transaction, instance_id: InstanceId, document: str) -> SpatialPlanId:
    """Keep where a model stands after it was aligned to another model or to a volume."""
    return _keep_of_model(tx, instance_id, document)


def _keep_of_model(tx: Transaction, instance_id: InstanceId, document: str) -> SpatialPlanId:
    instance = tx.get(Instance, instance_id)
    if instance.content is not Content.MODEL:
        raise RuleViolation(N_("This is no surface model."), field="instance_id")
    return _keep(tx, SpatialPlanId(instance_id), instance.study_id, _read(document, volume=False))


def _read(document: str, *, volume: bool) -> str:
    """The document as the viewer writes it, so that the same drawing is the same text."""
    if len(document) > LARGEST:
        raise RuleViolation(N_("This drawing cannot be read."), field="document")
    try:
        return plan_to_json(plan_from_json(document)) if volume else model_plan_to_json(model_plan_from_json(document))
    except (PlanError, ModelPlanError):
        raise RuleViolation(N_("This drawing cannot be read."), field="document") from None


def _keep(tx: Transaction, plan_id: SpatialPlanId, study_id: StudyId, document: str) -> SpatialPlanId:
    plan, by = tx.find(SpatialPlan, plan_id), StaffId(tx.actor.id)
    if plan is None:
        tx.add(SpatialPlan(id=plan_id, study_id=study_id, document=document, saved_at=tx.now, saved_by_id=by))
    elif (plan.document, plan.withdrawn_at) != (document, None):
        plan.document, plan.saved_at, plan.saved_by_id, plan.withdrawn_at = document, tx.now, by, None
    return plan_id
