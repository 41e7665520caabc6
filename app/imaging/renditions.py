"""Renditions as screens ask for them: from memory, from the sealed files, or made by a worker now."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from app.core.errors import NotFound, PermissionDenied
from app.imaging import workers
from app.imaging.found import MadeRendition
from app.imaging.indexing import keep_rendition_rows
from app.imaging.model import Instance, Rendition
from app.imaging.originals import StoredInstance, dicom_bytes, stored_instance
from app.imaging.permissions import VIEW_IMAGES
from app.imaging.pictures import render
from app.imaging.ports import SmallCopies
from app.imaging.vocabulary import Content, InstanceId, RenditionKind
from app.journal.commands import command
from app.journal.queries import SYSTEM, Actor
from app.journal.transaction import Transaction

if TYPE_CHECKING:
    from app.journal.runner import Runner

from app.core.i18n import N_

CACHE_BYTES: Final = 32 << 20
WAIT_SECONDS: Final = 60


class _Cache:
    """The renditions shown last, by folder and SHA-256; the oldest go when they pass `CACHE_BYTES`."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[Path, str], bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: tuple[Path, str]) -> bytes | None:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: tuple[Path, str], content: bytes) -> None:
        with self._lock:
            if key not in self._held:
                self._size += len(content)
            self._held[key] = content
            while self._size > CACHE_BYTES:
                self._size -= len(self._held.popitem(last=False)[1])


_cache = _Cache()


@command(permission=None, label=N_("Keep the renditions"), hidden=True)
def keep_renditions(tx: Transaction, instance_id: InstanceId, made: list[MadeRendition]) -> None:
    """Note the small copies that this workstation has made of an image."""
    tx.require(VIEW_IMAGES)
    keep_rendition_rows(tx, instance_id, tx.get(Instance, instance_id).study_id, made)


def thumbnail(runner: Runner, actor: Actor, instance_id: InstanceId) -> bytes | None:
    """A JPEG or PNG of at most 200 × 200 pixels; None for what has no picture. Call it off the screen's thread.

    Raises `NotFound` and `PermissionDenied`.
    """
    return _rendition(runner, actor, instance_id, RenditionKind.THUMBNAIL)


def preview(runner: Runner, actor: Actor, instance_id: InstanceId) -> bytes | None:
    """As `thumbnail`, of at most 800 × 800 pixels. It is for looking; nobody measures on it."""
    return _rendition(runner, actor, instance_id, RenditionKind.PREVIEW)


def full_rendition(runner: Runner, actor: Actor, instance_id: InstanceId) -> bytes | None:
    """As `thumbnail`, with every pixel of the image where 2 MB allow it. It is for looking; nobody measures on it."""
    return _rendition(runner, actor, instance_id, RenditionKind.FULL)


def _rendition(runner: Runner, actor: Actor, instance_id: InstanceId, kind: RenditionKind) -> bytes | None:
    if not actor.may(VIEW_IMAGES):
        raise PermissionDenied(VIEW_IMAGES.name, VIEW_IMAGES.label)
    with runner.read(actor) as read:
        stored = stored_instance(read, instance_id)
        wanted = select(Rendition.sha256).where(
            Rendition.instance_id == instance_id,
            Rendition.kind == kind,
            Rendition.quarter_turns == stored.upright.quarter_turns,
            Rendition.mirrored == stored.upright.mirrored,
        )
        sha256 = read.execute(wanted).scalar()
    if stored.content is not Content.IMAGE:
        return None
    if sha256 is None or not runner.files.exists(sha256):
        sha256 = _from_elsewhere(runner, stored, kind)
    if sha256 is None:
        sha256 = next((item.sha256 for item in make_again(runner, instance_id) if item.kind is kind), None)
    if sha256 is None:
        return None
    key = (runner.place.folder, sha256)
    content = _cache.get(key)
    if content is None:
        content = runner.files.read(sha256)
        _cache.put(key, content)
    return content


def kept_rendition(runner: Runner, instance_id: InstanceId, kind: RenditionKind) -> MadeRendition | None:
    """A rendition that is kept here for an image as it is turned now, its file being here; made where the image is.

    Raises `NotFound` for an image that is withdrawn, erased or unknown.
    """
    with runner.read(SYSTEM) as read:
        stored = stored_instance(read, instance_id)
        found = read.execute(
            select(
                Rendition.kind, Rendition.sha256, Rendition.quarter_turns, Rendition.mirrored, Rendition.media_type,
                Rendition.width, Rendition.height, Rendition.size_bytes,
            ).where(Rendition.instance_id == instance_id, Rendition.kind == kind)
        ).first()  # fmt: skip
    turned = (stored.upright.quarter_turns, stored.upright.mirrored)
    if found is not None and (found.quarter_turns, found.mirrored) == turned and runner.files.exists(found.sha256):
        return MadeRendition(**found._mapping)
    if stored.content is not Content.IMAGE or not runner.files.exists(stored.sha256):
        return None
    return next((one for one in make_again(runner, instance_id) if one.kind is kind), None)


def _from_elsewhere(runner: Runner, stored: StoredInstance, kind: RenditionKind) -> str | None:
    """The rendition that the server has, where the original is not here to make one of."""
    elsewhere = runner.files.elsewhere
    if not isinstance(elsewhere, SmallCopies) or runner.files.exists(stored.sha256):
        return None
    found = elsewhere.small_copy(stored.instance_id, kind)
    turned = (stored.upright.quarter_turns, stored.upright.mirrored)
    if found is None or (found.quarter_turns, found.mirrored) != turned:
        return None
    runner.run(SYSTEM, keep_renditions, stored.instance_id, [found])
    return found.sha256


def make_again(runner: Runner, instance_id: InstanceId) -> tuple[MadeRendition, ...]:
    """Have a worker make the renditions of an image, turned as it is now; empty when it can't be shown."""
    with runner.read(SYSTEM) as read:
        stored = stored_instance(read, instance_id)
    try:
        content = dicom_bytes(runner.files, stored)
        made = workers.submit(render, runner.files, content, stored.upright).result(WAIT_SECONDS)
    except TimeoutError:
        workers.restart()
        return ()
    except (BrokenProcessPool, CancelledError, NotFound):
        return ()
    if made:
        runner.run(SYSTEM, keep_renditions, instance_id, list(made))
    return made
