"""Marks and landmarks on images: kept beside the image, never in its bytes."""

from __future__ import annotations

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import StaffId
from app.imaging.model import ImageMarks, ImageState, Instance
from app.imaging.permissions import MARK_IMAGES
from app.imaging.vocabulary import Content, InstanceId
from app.journal.commands import command
from app.journal.transaction import Transaction
from viewer.model.cephalometry.functions import CephError
from viewer.model.cephalometry.kept import tracing_from_json, tracing_to_json
from viewer.model.mark_storage import from_json, to_json
from viewer.model.marks import MarkError

LARGEST = 4_000_000
"""Characters of one sheet: far above any drawing, far below what would slow a workstation down."""


@command(permission=MARK_IMAGES, label=N_("Withdraw the marks"), hidden=True)
def withdraw_marks(tx: Transaction, marks_id: InstanceId) -> None:
    """Take all marks and landmarks of an image away. The image itself is untouched."""
    marks = tx.get(ImageMarks, marks_id)
    if marks.withdrawn_at is None:
        marks.withdrawn_at = tx.now


@command(permission=MARK_IMAGES, label=N_("Restore the marks"), hidden=True)
def restore_marks(tx: Transaction, marks_id: InstanceId) -> None:
    """Bring back the marks of an image that were withdrawn."""
    tx.get(ImageMarks, marks_id).withdrawn_at = None


@command(permission=MARK_IMAGES, label=N_("Save the marks"), undo=(withdraw_marks, ImageMarks), hidden=True)
def save_marks(
    tx: Transaction, instance_id: InstanceId, sheet: str | None = None, tracing: str | None = None
) -> InstanceId:
    """Keep the marks or the landmarks of an image as they are now; what is not given stays as it was."""
    instance = tx.get(Instance, instance_id)
    state = tx.find(ImageState, instance_id)
    if instance.content is not Content.IMAGE or state is None or state.withdrawn_at is not None:
        raise RuleViolation(N_("Only an image of the chart can be marked."), field="instance_id")
    drawn, placed = _sheet(sheet), _tracing(tracing)
    marks = tx.find(ImageMarks, instance_id)
    if marks is None:
        marks = tx.add(ImageMarks(id=instance_id, study_id=instance.study_id, saved_at=tx.now))
    if (drawn or marks.sheet, placed or marks.tracing, None) == (marks.sheet, marks.tracing, marks.withdrawn_at):
        return instance_id
    marks.sheet, marks.tracing = drawn or marks.sheet, placed or marks.tracing
    marks.saved_at, marks.saved_by_id, marks.withdrawn_at = tx.now, StaffId(tx.actor.id), None
    return instance_id


def _sheet(text: str | None) -> str | None:
    """The sheet as the viewer writes it, so that the same marks are the same text."""
    if text is None:
        return None
    try:
        return to_json(from_json(_short(text)))
    except MarkError:
        raise RuleViolation(N_("These marks cannot be read."), field="sheet") from None


def _tracing(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return tracing_to_json(tracing_from_json(_short(text)))
    except (CephError, MarkError):
        raise RuleViolation(N_("This tracing cannot be read."), field="tracing") from None


def _short(text: str) -> str:
    if len(text) > LARGEST:
        raise MarkError
    return text
