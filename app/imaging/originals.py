"""The bytes of an instance: as received, and as DICOM. Every reading is noted in the access log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.core.errors import NotFound, PermissionDenied
from app.core.i18n import N_
from app.core.ids import PatientId, derived_id
from app.core.permissions import Permission
from app.core.sealed import SealedStore
from app.imaging.answers import Original
from app.imaging.found import Upright
from app.imaging.model import ImageState, Instance, Study
from app.imaging.permissions import EXPORT_IMAGES, VIEW_IMAGES
from app.imaging.vocabulary import Content, DicomForm, InstanceId, StudyId
from app.journal.commands import query
from app.journal.queries import Actor, Reading

if TYPE_CHECKING:
    from app.journal.runner import Runner


@dataclass(frozen=True, slots=True)
class StoredInstance:
    """Where the bytes of an instance are, and whose it is."""

    instance_id: InstanceId
    study_id: StudyId
    patient_id: PatientId | None
    sop_instance_uid: str
    content: Content
    sha256: str
    dicom_form: DicomForm
    dicom_sha256: str | None
    dicom_split: int | None
    received_file: str | None
    upright: Upright


@dataclass(frozen=True, slots=True)
class OpenedImage:
    """An instance as a DICOM file (PS3.10), ready for the viewer. To be shown turned as `upright` says."""

    instance_id: InstanceId
    study_id: StudyId
    patient_id: PatientId | None
    sop_instance_uid: str
    content: Content
    dicom: bytes
    upright: Upright


@dataclass(frozen=True, slots=True)
class ExportedOriginal:
    """The bytes exactly as they were received, and the name under which they came."""

    name: str
    sha256: str
    content: bytes


def stored_instance(read: Reading, instance_id: InstanceId) -> StoredInstance:
    """Where an instance is; raises `NotFound`, also for one that was withdrawn or erased."""
    wanted = (
        select(
            Instance.id.label("instance_id"),
            Instance.study_id,
            Study.patient_id,
            Instance.sop_instance_uid,
            Instance.content,
            Instance.sha256,
            Instance.dicom_form,
            Instance.dicom_sha256,
            Instance.dicom_split,
            ImageState.received_file,
            ImageState.quarter_turns,
            ImageState.mirrored,
        )
        .join(ImageState, ImageState.id == Instance.id)
        .join(Study, Study.id == Instance.study_id)
        .where(Instance.id == instance_id, ImageState.withdrawn_at.is_(None), Instance.sha256 > "")
    )
    row = read.execute(wanted).first()
    if row is None:
        raise NotFound(N_("image"), instance_id)
    values: dict[str, Any] = dict(row._mapping)
    upright = Upright(values.pop("quarter_turns"), values.pop("mirrored"))
    return StoredInstance(upright=upright, **values)


def _unheard(part: float) -> None:
    """Nobody watches."""


def fetch_files(files: SealedStore, stored: StoredInstance, progress: Callable[[float], None] = _unheard) -> None:
    """Have the files of an instance here; raises as `SealedStore.fetch` does. Not for the thread of a screen."""
    names = [name for name in (stored.sha256, stored.dicom_sha256) if name]
    for number, name in enumerate(names):
        files.fetch(name, lambda part, number=number: progress((number + part) / len(names)))  # type: ignore[misc]  # mypy infers no lambda that has a default


def dicom_bytes(files: SealedStore, stored: StoredInstance) -> bytes:
    """The instance as a DICOM file."""
    if stored.dicom_form is DicomForm.RECEIVED:
        return files.read(stored.sha256)
    sealed = files.read(stored.dicom_sha256 or "")
    if stored.dicom_form is DicomForm.CONVERTED:
        return sealed
    split = stored.dicom_split or 0
    return b"".join((sealed[:split], files.read(stored.sha256), sealed[split:]))


def open_image(
    runner: Runner, actor: Actor, instance_id: InstanceId, progress: Callable[[float], None] = _unheard
) -> OpenedImage:
    """An instance for the viewer, the opening noted; fetched from the server when it is only there.

    Raises `NotFound`, `PermissionDenied`, `IntegrityFailure`, `Unreachable`.
    """
    stored = _allowed(runner, actor, instance_id, VIEW_IMAGES)
    fetch_files(runner.files, stored, progress)
    content = dicom_bytes(runner.files, stored)
    runner.access(actor, "open", subject=stored.patient_id or stored.study_id, detail=f"image {instance_id}")
    return OpenedImage(
        stored.instance_id,
        stored.study_id,
        stored.patient_id,
        stored.sop_instance_uid,
        stored.content,
        content,
        stored.upright,
    )


def note_export(runner: Runner, actor: Actor, instance_id: InstanceId, how: str) -> None:
    """Note that an image leaves in some form, before it does. Raises as `open_image` does."""
    stored = _allowed(runner, actor, instance_id, EXPORT_IMAGES)
    runner.access(actor, "export", subject=stored.patient_id or stored.study_id, detail=f"image {instance_id} {how}")


def export_original(runner: Runner, actor: Actor, instance_id: InstanceId) -> ExportedOriginal:
    """The received bytes, for a file outside, the export noted. Raises as `open_image` does."""
    stored = _allowed(runner, actor, instance_id, EXPORT_IMAGES)
    runner.files.fetch(stored.sha256)
    content = runner.files.read(stored.sha256)
    runner.access(actor, "export", subject=stored.patient_id or stored.study_id, detail=f"image {instance_id}")
    return ExportedOriginal(stored.received_file or f"{stored.instance_id}.dcm", stored.sha256, content)


def _allowed(runner: Runner, actor: Actor, instance_id: InstanceId, permission: Permission) -> StoredInstance:
    if not actor.may(permission):
        runner.access(actor, "refused", detail=permission.name)
        raise PermissionDenied(permission.name, permission.label)
    with runner.read(actor) as read:
        return stored_instance(read, instance_id)


@query(permission=EXPORT_IMAGES, label=N_("Original of the image"))
def original_of(read: Reading, sop_instance_uid: str) -> Original | None:
    """The name of the sealed file that holds an image exactly as it was received; nothing when it is not here."""
    wanted = (
        select(Instance.sha256, ImageState.received_file, Instance.size_bytes, Instance.id, Study.patient_id)
        .join(ImageState, ImageState.id == Instance.id)
        .join(Study, Study.id == Instance.study_id)
        .where(Instance.id == derived_id(sop_instance_uid), Instance.sha256 > "")
    )
    row = read.execute(wanted).first()
    if row is None:
        return None
    return Original(row.sha256, row.received_file or "", row.size_bytes, row.id, row.patient_id)
