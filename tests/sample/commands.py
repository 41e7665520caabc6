"""Commands of the sample slice."""

from datetime import date

from app.core.errors import RuleViolation
from app.core.secret import Secret
from app.journal.commands import command
from app.journal.transaction import Transaction
from tests.sample.events import OwnerVisited
from tests.sample.model import Mood, Owner, OwnerId, Pet, Visit
from tests.sample.permissions import EDIT_OWNERS


@command(permission=EDIT_OWNERS, label="Withdraw the sample owner")
def withdraw_sample_owner(tx: Transaction, owner_id: OwnerId) -> None:
    """Take an owner out of the lists."""
    tx.get(Owner, owner_id).withdrawn_at = tx.now


@command(permission=EDIT_OWNERS, label="Create a sample owner", undo=(withdraw_sample_owner, Owner))
def create_sample_owner(
    tx: Transaction, name: str, phone: str | None = None, born_on: date | None = None, mood: Mood = Mood.CALM
) -> OwnerId:
    """Add an owner."""
    owner = tx.add(Owner(name=name, phone=phone, born_on=born_on, mood=mood))
    return owner.id


@command(permission=EDIT_OWNERS, label="Change the sample owner")
def change_sample_owner(tx: Transaction, owner_id: OwnerId, name: str | None = None, phone: str | None = None) -> None:
    """Change name or phone."""
    owner = tx.get(Owner, owner_id)
    if name is not None:
        owner.name = name
    if phone is not None:
        owner.phone = phone


@command(permission=EDIT_OWNERS, label="Record a sample visit")
def record_sample_visit(tx: Transaction, owner_id: OwnerId, note: str = "") -> str:
    """Add a visit, which nothing undoes."""
    tx.get(Owner, owner_id)
    visit = tx.add(Visit(owner_id=owner_id, note=note))
    tx.record(OwnerVisited(owner_id))
    return visit.id


@command(permission=EDIT_OWNERS, label="Add a sample pet")
def add_sample_pet(tx: Transaction, owner_id: OwnerId, name: str) -> str:
    """Add a pet without checking its owner: the database does, at commit."""
    return tx.add(Pet(owner_id=owner_id, name=name)).id


@command(permission=EDIT_OWNERS, label="Fail after writing")
def fail_sample(tx: Transaction, owner_id: OwnerId, password: Secret) -> None:
    """Write, then refuse."""
    tx.get(Owner, owner_id).name = "half"
    tx.session.flush()
    raise RuleViolation("No.", field="owner_id")


@command(permission=EDIT_OWNERS, label="Keep a sample secret")
def keep_sample_secret(tx: Transaction, owner_id: OwnerId, password: Secret) -> None:
    """Change an owner, given a secret that is kept nowhere."""
    tx.get(Owner, owner_id).vip = bool(password)
