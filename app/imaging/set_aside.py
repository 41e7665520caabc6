"""Files that were set aside: having their bytes back, and trying once more to take them in."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.core.errors import NotFound, PermissionDenied, RuleViolation
from app.core.i18n import N_
from app.core.permissions import Permission
from app.imaging.importing import GROUP_LABEL, ImportReport, import_paths
from app.imaging.model import Quarantined
from app.imaging.originals import ExportedOriginal
from app.imaging.permissions import EXPORT_IMAGES, IMPORT_IMAGES
from app.imaging.vocabulary import QuarantineId
from app.journal.commands import command
from app.journal.queries import Actor
from app.journal.transaction import Transaction

if TYPE_CHECKING:
    from app.journal.runner import Runner


@command(permission=IMPORT_IMAGES, label=N_("Settle the file set aside"), hidden=True)
def settle_quarantined(tx: Transaction, quarantine_id: QuarantineId) -> None:
    """Take a file off the list after a second attempt, which has left its own line where it failed again."""
    row = tx.find(Quarantined, quarantine_id)
    if row is not None:
        tx.touch_local(Quarantined, row.id)
        tx.session.delete(row)


def export_quarantined(runner: Runner, actor: Actor, quarantine_id: QuarantineId) -> ExportedOriginal:
    """The bytes that were kept of a file set aside, the export noted.

    Raises `PermissionDenied`, `NotFound`, `RuleViolation` where nothing was kept.
    """
    _demand(runner, actor, EXPORT_IMAGES)
    found = _kept(runner, actor, quarantine_id)
    runner.access(actor, "export", subject=found[2], detail=f"image set aside {quarantine_id}")
    return ExportedOriginal(found[0], found[1], runner.files.read(found[1]))


def retry_quarantined(
    runner: Runner, actor: Actor, quarantine_id: QuarantineId, path: Path | None = None
) -> ImportReport:
    """Take a file in once more: the bytes that were kept, or the file that is given now. One undo step.

    Raises `PermissionDenied`, `NotFound`, `RuleViolation` where nothing was kept and no file is given.
    """
    _demand(runner, actor, IMPORT_IMAGES)
    with runner.group(actor, GROUP_LABEL) as group, tempfile.TemporaryDirectory(prefix="archwire-") as folder:
        if path is None:
            name, sha256, _study = _kept(runner, actor, quarantine_id)
            path = Path(folder) / (PurePosixPath(name.replace("\\", "/")).name or "image")
            path.write_bytes(runner.files.read(sha256))
        report = import_paths(runner, actor, [path], group=group)
        group.run(settle_quarantined, quarantine_id)
    return report


def _kept(runner: Runner, actor: Actor, quarantine_id: QuarantineId) -> tuple[str, str, str | None]:
    """Name, SHA-256 and study of a file whose bytes were kept."""
    with runner.read(actor) as read:
        wanted = select(Quarantined.received_file, Quarantined.sha256, Quarantined.study_id)
        row = read.execute(wanted.where(Quarantined.id == quarantine_id)).first()
    if row is None:
        raise NotFound(N_("file set aside"), quarantine_id)
    if row.sha256 is None:
        raise RuleViolation(N_("The bytes of this file were not kept: choose the file again."))
    return row.received_file, row.sha256, row.study_id


def _demand(runner: Runner, actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        runner.access(actor, "refused", detail=permission.name)
        raise PermissionDenied(permission.name, permission.label)
