"""Images that were made here of a volume or a model: sealed like any other, then added to their study by a command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from app.core.errors import PermissionDenied, RuleViolation
from app.core.i18n import N_
from app.core.sealed import SealedBatch
from app.imaging.found import Found, RefusedFile
from app.imaging.kinds import Kind
from app.imaging.permissions import MARK_IMAGES
from app.imaging.vocabulary import DicomForm
from app.journal.queries import Actor

if TYPE_CHECKING:
    from app.journal.runner import Runner

UNREADABLE: Final = N_("This picture could not be kept.")


def seal_made(runner: Runner, actor: Actor, contents: Sequence[tuple[str, bytes]]) -> list[Found]:
    """Seal DICOM files (name, bytes) and say what they are, for `keep_reconstructions`. Not for a screen’s thread.

    Raises `PermissionDenied`, `RuleViolation` for bytes that are no image, OSError when the disk is full.
    """
    from app.imaging import dicom_files

    if not actor.may(MARK_IMAGES):
        runner.access(actor, "refused", detail=MARK_IMAGES.name)
        raise PermissionDenied(MARK_IMAGES.name, MARK_IMAGES.label)
    batch, found = SealedBatch(runner.files), []
    try:
        for number, (name, content) in enumerate(contents):
            received = dicom_files.read(content, batch)
            if isinstance(received, tuple):
                raise RuleViolation(UNREADABLE)
            found.append(
                Found(
                    source_number=number, name=name, sha256=batch.put(content), size_bytes=len(content),
                    original_kind=Kind.DICOM.value, form=DicomForm.RECEIVED, study=received.study,
                    series=received.series, instance=received.instance, renditions=received.renditions,
                    stated_view=received.stated_view, upright=received.upright,
                )
            )  # fmt: skip
        runner.files.finish(batch.unfinished)
    except RefusedFile:
        batch.discard()
        raise RuleViolation(UNREADABLE) from None
    except BaseException:
        batch.discard()
        raise
    return found
