"""Links to stored images: made when somebody asks, written down nowhere, ended within an hour."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from app.core.errors import NotFound, PermissionDenied, RuleViolation
from app.core.i18n import N_
from app.imaging.permissions import EXPORT_IMAGES
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.storage.model import StoredObject
from app.storage.queries import target_line
from app.storage.settings import LINK_MINUTES
from app.storage.vocabulary import ObjectState, StoredObjectId
from sync.objects.opening import open_bucket

LONGEST: Final = timedelta(hours=1)


def link_to(runner: Runner, actor: Actor, object_id: StoredObjectId, lifetime: timedelta | None = None) -> str:
    """A link to an object that is in the bucket; the access log notes that it was made, never the link.

    Needs the right to export images. `RuleViolation` beyond an hour; `NotFound` for what is not in the bucket.
    """
    if not actor.may(EXPORT_IMAGES):
        runner.access(actor, "refused", subject=None, detail="link_to")
        raise PermissionDenied(EXPORT_IMAGES.name, EXPORT_IMAGES.label)
    asked = lifetime or timedelta(minutes=runner.setting(actor, LINK_MINUTES))
    if not timedelta(0) < asked <= LONGEST:
        raise RuleViolation(N_("A link lasts at most an hour."), field="minutes")
    with runner.read(actor) as read:
        found = read.execute(
            select(
                StoredObject.target_id, StoredObject.object_key, StoredObject.instance_id, StoredObject.study_id
            ).where(StoredObject.id == object_id, StoredObject.state == ObjectState.STORED)
        ).first()
        if found is None:
            raise NotFound(N_("object"), object_id)
        target = target_line(read, found.target_id)
    made = open_bucket(runner, target).link(found.object_key, asked)
    minutes = int(asked.total_seconds() // 60)
    runner.access(actor, "export", subject=found.study_id, detail=f"image {found.instance_id} link {minutes} min")
    return made
