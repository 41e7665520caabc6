"""Notifications of imaging: images that wait for their patient, and files set aside."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.i18n import N_
from app.imaging.permissions import ASSIGN_IMAGES
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
            N_("Say whose images they are."), {"count": rows[0][0]}, None, "imports",
        )  # fmt: skip
