"""Permissions by subject: the slice that declares one, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.core.i18n import N_
from app.core.permissions import PERMISSIONS, Permission
from app.journal.commands import COMMANDS, QUERIES

SUBJECTS: Final = {
    "patients": N_("Patients"), "scheduling": N_("Schedule"), "imaging": N_("Imaging"), "practice": N_("Practice"),
    "access": N_("Staff and audit trail"), "journal": N_("Journal"),
}  # fmt: skip
OTHERS: Final = N_("Other subjects")


def subjects_of() -> Mapping[str, str]:
    """The msgid of the subject of each permission: that of the slice whose commands or queries ask for it first."""
    found: dict[str, str] = {}
    asked: list[tuple[Permission | None, str]] = [(item.permission, item.slice) for item in COMMANDS.values()]
    asked += [(item.permission, item.slice) for item in QUERIES.values()]
    for permission, slice_name in asked:
        if permission is not None:
            found.setdefault(permission.name, SUBJECTS.get(slice_name, OTHERS))
    return {name: found.get(name, OTHERS) for name in PERMISSIONS}


def subject_order() -> tuple[str, ...]:
    """The subjects in the order in which tables show them."""
    return (*SUBJECTS.values(), OTHERS)
