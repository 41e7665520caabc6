"""How the day is looked at: the plan of the clinic, and saved views, one’s own or everybody’s."""

from __future__ import annotations

import json
from typing import Any, Final

from sqlalchemy import select

from app.core.errors import PermissionDenied, RuleViolation
from app.core.i18n import N_
from app.core.ids import ClinicId, StaffId
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.orchestration.floor import MOST_PLACES, FloorSpot, on_plan
from app.orchestration.model import DayLook, FloorPlace, floor_place_id
from app.orchestration.permissions import DRAW_FLOOR, SEE_DAY, SHARE_DAY_LOOKS
from app.orchestration.vocabulary import DayLookId, FloorKind, FloorPlaceId
from app.practice.entry import clean_text
from app.practice.living import living
from app.practice.model import Clinic, Operatory

MOST_LETTERS: Final = 4000
_PLACE: Final = ("across", "down", "width", "height", "label", "withdrawn_at")


@command(permission=DRAW_FLOOR, label=N_("Take the place off the plan"), hidden=True)
def take_off_floor(tx: Transaction, floor_place_id: FloorPlaceId) -> None:
    """The plan does not show this place any more."""
    tx.get(FloorPlace, floor_place_id).withdrawn_at = tx.now


@command(
    permission=DRAW_FLOOR,
    label=N_("Keep the plan of the clinic"),
    undo=(take_off_floor, FloorPlace),
    icon="map-trifold",
)
def draw_floor(tx: Transaction, clinic_id: ClinicId, spots: list[FloorSpot]) -> int:
    """Take these places as the plan of a clinic; what is not among them is taken off. Returns how many there are."""
    living(tx, Clinic, clinic_id, "clinic_id")
    if len(spots) > MOST_PLACES or len({spot.key for spot in spots}) < len(spots):
        raise RuleViolation(N_("A plan has each place once, and at most {count}."), field="spots", count=MOST_PLACES)
    kept = {_place(tx, clinic_id, spot) for spot in spots}
    for row in tx.all(select(FloorPlace).where(FloorPlace.clinic_id == clinic_id, FloorPlace.withdrawn_at.is_(None))):
        if row.id not in kept:
            row.withdrawn_at = tx.now
    return len(kept)


def _place(tx: Transaction, clinic_id: ClinicId, spot: FloorSpot) -> FloorPlaceId:
    if not on_plan(spot):
        raise RuleViolation(N_("This place does not lie on the plan."), field="spots")
    label = clean_text(spot.label, "spots") or ""
    if spot.kind is FloorKind.CHAIR:
        chair = living(tx, Operatory, spot.operatory_id or "", "operatory_id")
        if chair.clinic_id != clinic_id:
            raise RuleViolation(N_("This chair belongs to another clinic."), field="operatory_id")
    key = floor_place_id(clinic_id, spot.kind, spot.operatory_id or label)
    row = tx.find(FloorPlace, key)
    values: dict[str, Any] = {
        "across": spot.across, "down": spot.down, "width": spot.width, "height": spot.height, "label": label,
        "withdrawn_at": None,
    }  # fmt: skip
    if row is None:
        tx.add(FloorPlace(id=key, clinic_id=clinic_id, kind=spot.kind, operatory_id=spot.operatory_id, **values))
    else:
        for name in _PLACE:
            if getattr(row, name) != values[name]:
                setattr(row, name, values[name])
    return key


def _standing(tx: Transaction, day_look_id: DayLookId) -> DayLook:
    """A saved view that the actor may change: one’s own, or a shared one with the right to share."""
    row = tx.get(DayLook, day_look_id)
    if row.withdrawn_at is not None:
        raise RuleViolation(N_("This saved view was withdrawn."), field="day_look_id")
    if row.shared:
        tx.require(SHARE_DAY_LOOKS)
    elif row.owner_id != tx.actor.id:
        raise PermissionDenied(SHARE_DAY_LOOKS.name, SHARE_DAY_LOOKS.label)
    return row


def _needed(name: str) -> str:
    words = clean_text(name, "name")
    if not words:
        raise RuleViolation(N_("Give the view a name."), field="name")
    return words


def _words(look: str) -> dict[str, str]:
    """The look as {word: value}."""
    try:
        found = json.loads(look)
    except ValueError:
        found = None
    if not isinstance(found, dict) or len(look) > MOST_LETTERS:
        raise RuleViolation(N_("This is not a view of the day."), field="look")
    return {str(key): str(value) for key, value in found.items()}


@command(permission=SEE_DAY, label=N_("Withdraw the saved view"), icon="trash", hidden=True)
def withdraw_day_look(tx: Transaction, day_look_id: DayLookId) -> None:
    """Take a saved view out of the list."""
    _standing(tx, day_look_id).withdrawn_at = tx.now


@command(
    permission=SEE_DAY, label=N_("Save the view"), undo=(withdraw_day_look, DayLook), icon="floppy-disk", hidden=True
)
def save_day_look(tx: Transaction, name: str, look: str, shared: bool = False) -> DayLookId:
    """Keep view, filters, order and columns of the day (JSON) under a name, for oneself or for everybody."""
    if shared:
        tx.require(SHARE_DAY_LOOKS)
    row = DayLook(name=_needed(name), owner_id=StaffId(tx.actor.id), shared=shared, look=_words(look), saved_at=tx.now)
    return tx.add(row).id


@command(permission=SEE_DAY, label=N_("Change the saved view"), icon="arrows-clockwise", hidden=True)
def change_day_look(tx: Transaction, day_look_id: DayLookId, look: str | None = None, name: str | None = None) -> None:
    """Keep another look, or another name, for a saved view."""
    row = _standing(tx, day_look_id)
    if look is not None:
        row.look = _words(look)
    if name is not None:
        row.name = _needed(name)
