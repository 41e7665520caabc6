"""Key images: the frames of a study that somebody chose, who, and when."""

from __future__ import annotations

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import StaffId, derived_id
from app.imaging.model import ImageState, Instance, KeyImage
from app.imaging.permissions import MARK_IMAGES
from app.imaging.vocabulary import Content, InstanceId, KeyImageId
from app.journal.commands import command
from app.journal.transaction import Transaction


@command(permission=MARK_IMAGES, label=N_("Withdraw the key image"))
def withdraw_key_image(tx: Transaction, key_image_id: KeyImageId) -> None:
    """Let an image be a key image no more. The image itself is untouched."""
    row = tx.get(KeyImage, key_image_id)
    if row.withdrawn_at is None:
        row.withdrawn_at = tx.now


@command(permission=MARK_IMAGES, label=N_("Mark as a key image"), undo=(withdraw_key_image, KeyImage))
def mark_key_image(tx: Transaction, instance_id: InstanceId, frame: int = 0) -> KeyImageId:
    """Mark an image, or one frame of it (from 0), as one that whoever opens the study should see first."""
    instance, state = tx.get(Instance, instance_id), tx.find(ImageState, instance_id)
    if instance.content is not Content.IMAGE or state is None or state.withdrawn_at is not None:
        raise RuleViolation(N_("Only an image of the chart can be a key image."), field="instance_id")
    if not 0 <= frame < (instance.frames or 1):
        raise RuleViolation(N_("This image has no such frame."), field="frame")
    key = key_image_id(instance_id, frame)
    row, by = tx.find(KeyImage, key), StaffId(tx.actor.id)
    if row is None:
        tx.add(
            KeyImage(
                id=key, study_id=instance.study_id, instance_id=instance_id, frame=frame, marked_at=tx.now,
                marked_by_id=by,
            )
        )  # fmt: skip
    elif row.withdrawn_at is not None:
        row.marked_at, row.marked_by_id, row.withdrawn_at = tx.now, by, None
    return key


def key_image_id(instance_id: InstanceId, frame: int = 0) -> KeyImageId:
    """The same row on every workstation for one frame."""
    return KeyImageId(derived_id("key image", instance_id, str(frame)))
