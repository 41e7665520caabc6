"""Notifications of imaging: images that wait for their patient, and sealed files that are damaged."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.i18n import N_
from app.imaging.permissions import ASSIGN_IMAGES, VIEW_IMAGES
from app.journal.notices import Gravity, Notice, notices
from app.journal.queries import Reading


@notices(permission=ASSIGN_IMAGES)
def images_without_patient(read: Reading) -> Iterable[Notice]:
    """Studies that nobody has matched yet. The newest is part of the key: the next arrival is told again."""
    rows = read.sql(
        "SELECT count(*), max(id) FROM study s WHERE patient_id IS NULL"
        " AND EXISTS(SELECT 1 FROM instance i WHERE i.study_id = s.id)"
    )
    if rows[0][0]:
        yield Notice(
            f"unmatched:{rows[0][1]}", Gravity.INFO, N_("Studies that wait for their patient: {count}"),
            N_("Say whose images they are."), {"count": rows[0][0]}, None, "imports", {"tab": "review"},
        )  # fmt: skip


@notices(permission=VIEW_IMAGES)
def damaged_images(read: Reading) -> Iterable[Notice]:
    """Sealed files that the scrub of this workstation found damaged or gone (`SealedFileFailed`), until they are sound.

    When the last one was found is part of the key: a new finding is told again to whoever put the others away.
    """
    rows = read.sql("SELECT count(*), max(found_at) FROM sealed_check WHERE fault IS NOT NULL")
    if rows[0][0]:
        yield Notice(
            f"damaged_images:{rows[0][0]}:{rows[0][1]}", Gravity.DANGER,
            N_("Image files damaged on this workstation: {count}"),
            N_("Restore them from a backup before anybody needs them."), {"count": rows[0][0]}, None, "imports",
            {"tab": "damaged"},
        )  # fmt: skip
