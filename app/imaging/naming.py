"""Saying which view a photograph shows. Guesses are proposals of a query; only these commands assign."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.imaging.model import ImageState, Instance
from app.imaging.permissions import IMPORT_IMAGES
from app.imaging.views import PhotoView, taken_in_mirror
from app.imaging.vocabulary import Content, InstanceId
from app.journal.commands import command
from app.journal.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ViewOf:
    """One image and the view that it shows."""

    instance_id: InstanceId
    view: PhotoView


@command(permission=IMPORT_IMAGES, label=N_("Name the view"))
def assign_view(tx: Transaction, instance_id: InstanceId, view: PhotoView | None = None) -> None:
    """Say which standard view a photograph shows; without a view, it shows none of them.

    One that was taken in a mirror is from now on shown mirrored back.
    """
    _name(_image(tx, instance_id), view)


@command(permission=IMPORT_IMAGES, label=N_("Name the views"))
def assign_views(tx: Transaction, views: list[ViewOf]) -> None:
    """Say which standard views several photographs show, as when a proposal for a whole series is accepted."""
    for item in views:
        _name(_image(tx, item.instance_id), item.view)


def _name(state: ImageState, view: PhotoView | None) -> None:
    """Name the view. What a mirror showed is shown mirrored back, unless somebody has done so already."""
    before = taken_in_mirror(state.view or state.stated_view)
    state.view = view
    after = taken_in_mirror(view or state.stated_view)
    if before is not after and state.mirrored is not after:
        # Mirroring what is shown: the turn before it runs the other way after it.
        state.mirrored, state.quarter_turns = after, -state.quarter_turns % 4


def _image(tx: Transaction, instance_id: InstanceId) -> ImageState:
    state = tx.get(ImageState, instance_id)
    if tx.get(Instance, instance_id).content is not Content.IMAGE:
        raise RuleViolation(N_("Only an image shows a view."), field="instance_id")
    if state.withdrawn_at is not None:
        raise RuleViolation(N_("This image has been withdrawn."), field="instance_id")
    return state
