"""Everything that staff can do to staff, roles and credentials.

Secrets are given as `Secret`, better as `credentials.prepared(secret)`, which hashes ahead of the writer thread.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NewType

from sqlalchemy import select

from app.access.authority import read_rights
from app.access.confirmation import require_confirmation
from app.access.credentials import hash_of
from app.access.local import credential_of, end_sessions, forget_failures, keep_password
from app.access.model import (
    Credential,
    Language,
    RoleGrant,
    Staff,
    StaffGrant,
    StaffRole,
    Title,
    role_grant_id,
    staff_grant_id,
    staff_role_id,
)
from app.access.names import STAFF_ENTRY, clean_display_name, clean_initials, clean_username
from app.access.passwords import check_pin
from app.access.permissions import LIFT_SIGN_IN_DELAYS, MANAGE_ROLES, MANAGE_STAFF
from app.access.settings import CLINIC_TIME_ZONE, PIN_ALLOWED, PRACTICE_NAME, TimeZone
from app.core.errors import NotFound, RuleViolation
from app.core.i18n import N_
from app.core.ids import StaffId
from app.core.permissions import PERMISSIONS, Role
from app.core.secret import Secret
from app.core.unchanged import require_unchanged
from app.journal.commands import command
from app.journal.settings_store import CHANGE_CLINIC_SETTINGS, change_setting
from app.journal.transaction import Transaction

RoleGrantId = NewType("RoleGrantId", str)
StaffGrantId = NewType("StaffGrantId", str)


@command(permission=MANAGE_STAFF, label=N_("Deactivate the staff member"), icon="sign-out")
def deactivate_staff(tx: Transaction, staff_id: StaffId, left_on: date | None = None) -> None:
    """End a person’s access. They stay named in the journal, and their open sessions on this workstation end."""
    staff = tx.get(Staff, staff_id)
    staff.is_active = False
    staff.left_on = left_on or tx.today
    end_sessions(tx, staff_id)


@command(permission=MANAGE_STAFF, label=N_("Reactivate the staff member"), icon="sign-in")
def reactivate_staff(tx: Transaction, staff_id: StaffId) -> None:
    """Give a person who had left their access and roles back."""
    staff = tx.get(Staff, staff_id)
    staff.is_active = True
    staff.left_on = None


@command(permission=None, label=N_("Create the first administrator"), hidden=True)
def create_first_administrator(
    tx: Transaction,
    username: str,
    display_name: str,
    password: Secret,
    title: Title = Title.NONE,
    language: Language = Language.FRENCH,
    roles: list[Role] | None = None,
) -> StaffId:
    """Create the person who manages this practice. Needs no sign-in, and works only while there is no staff."""
    if tx.connection.execute(select(Staff.id).limit(1)).first() is not None:
        raise RuleViolation(N_("There is staff already. A manager creates further people."))
    held = roles or [Role.PRACTICE_MANAGER]
    staff = _new_staff(tx, username, display_name, held, title=title, language=language)
    keep_password(tx, staff, password)
    return staff.id


@command(permission=MANAGE_STAFF, label=N_("Create the staff member"), undo=(deactivate_staff, Staff), icon="user-plus")
def create_staff(
    tx: Transaction,
    username: str,
    display_name: str,
    roles: list[Role],
    password: Secret | None = None,
    title: Title = Title.NONE,
    pronoun: str = "",
    initials: str = "",
    language: Language = Language.FRENCH,
) -> StaffId:
    """Add a person with their roles. A password given here is temporary: they choose their own at first sign-in."""
    _check_may_assign(tx, roles)
    staff = _new_staff(
        tx, username, display_name, roles, title=title, language=language, pronoun=pronoun, initials=initials
    )
    if password:
        keep_password(tx, staff, password, temporary=True)
    return staff.id


def _new_staff(
    tx: Transaction,
    username: str,
    display_name: str,
    roles: Collection[Role],
    *,
    title: Title,
    language: Language,
    pronoun: str = "",
    initials: str = "",
) -> Staff:
    if not roles:
        raise RuleViolation(N_("A person holds at least one role."), field="roles")
    name = clean_display_name(display_name)
    staff = Staff(
        username=clean_username(username),
        display_name=name,
        title=title,
        pronoun=pronoun.strip() or None,
        initials=clean_initials(initials, name),
        language=language,
    )
    tx.add(staff)
    tx.session.flush()
    for role in Role:
        tx.add(StaffRole(id=staff_role_id(staff.id, role), staff_id=staff.id, role=role, is_held=role in roles))
    return staff


def _check_may_assign(tx: Transaction, roles: Collection[Role]) -> None:
    """Who may not manage roles gives only roles that they hold: a right is not made out of thin air."""
    if tx.actor.may(MANAGE_ROLES):
        return
    held = set(
        tx.session.scalars(select(StaffRole.role).where(StaffRole.staff_id == tx.actor.id, StaffRole.is_held.is_(True)))
    )
    if not set(roles) <= held:
        tx.require(MANAGE_ROLES)


@command(permission=MANAGE_STAFF, label=N_("Change the staff member"), icon="user-gear")
def change_staff(
    tx: Transaction,
    staff_id: StaffId,
    username: str | None = None,
    display_name: str | None = None,
    title: Title | None = None,
    pronoun: str | None = None,
    initials: str | None = None,
    language: Language | None = None,
    seen: str = "",
) -> None:
    """Correct a person’s name, title, pronoun, initials, language or username. What is not given stays."""
    staff = tx.get(Staff, staff_id)
    require_unchanged(staff, STAFF_ENTRY, seen)
    if username is not None:
        staff.username = clean_username(username)
    if display_name is not None:
        staff.display_name = clean_display_name(display_name)
    if title is not None:
        staff.title = title
    if pronoun is not None:
        staff.pronoun = pronoun.strip() or None
    if initials is not None:
        staff.initials = clean_initials(initials, staff.display_name)
    if language is not None:
        staff.language = language


@command(permission=MANAGE_STAFF, label=N_("Give the role"), icon="user-plus")
def assign_role(tx: Transaction, staff_id: StaffId, role: Role) -> None:
    """Give a person one more role; their rights are those of all their roles together."""
    _check_may_assign(tx, [role])
    _role_row(tx, staff_id, role).is_held = True


@command(permission=MANAGE_STAFF, label=N_("Take the role away"), icon="user-minus")
def remove_role(tx: Transaction, staff_id: StaffId, role: Role) -> None:
    """Take a role from a person. Their last role cannot be taken: deactivate them instead."""
    row = _role_row(tx, staff_id, role)
    row.is_held = False
    tx.session.flush()
    left = select(StaffRole.id).where(StaffRole.staff_id == staff_id, StaffRole.is_held.is_(True)).limit(1)
    if tx.connection.execute(left).first() is None:
        raise RuleViolation(N_("A person holds at least one role."), field="role")


def _role_row(tx: Transaction, staff_id: StaffId, role: Role) -> StaffRole:
    tx.get(Staff, staff_id)
    return tx.get(StaffRole, staff_role_id(staff_id, role))


@command(permission=MANAGE_ROLES, label=N_("Return the permission to its preset"), icon="arrow-counter-clockwise")
def follow_preset(tx: Transaction, role_grant_id: RoleGrantId) -> None:
    """Drop the clinic’s decision on one permission of one role, so that its preset applies again."""
    tx.get(RoleGrant, role_grant_id).is_granted = None


@command(
    permission=MANAGE_ROLES,
    label=N_("Change a permission of the role"),
    undo=(follow_preset, RoleGrant),
    icon="shield-check",
)
def set_role_permission(tx: Transaction, role: Role, permission: str, granted: bool) -> None:
    """Decide whether a role holds a permission here, whatever the preset says."""
    _check_known(permission)
    key = role_grant_id(role, permission)
    row = tx.find(RoleGrant, key) or tx.add(RoleGrant(id=key, role=role, permission=permission))
    row.is_granted = granted


@command(permission=MANAGE_ROLES, label=N_("Return the role to its presets"), icon="arrow-counter-clockwise")
def reset_role(tx: Transaction, role: Role) -> None:
    """Drop every decision of the clinic on one role, so that the presets apply again."""
    for row in tx.all(select(RoleGrant).where(RoleGrant.role == role, RoleGrant.is_granted.is_not(None))):
        row.is_granted = None


@command(permission=MANAGE_ROLES, label=N_("End the exception"), icon="arrow-counter-clockwise")
def follow_roles(tx: Transaction, staff_grant_id: StaffGrantId) -> None:
    """End an exception for one person, so that their roles decide again."""
    tx.get(StaffGrant, staff_grant_id).is_granted = None


@command(
    permission=MANAGE_ROLES,
    label=N_("Make an exception for the staff member"),
    undo=(follow_roles, StaffGrant),
    icon="user-gear",
)
def set_staff_permission(tx: Transaction, staff_id: StaffId, permission: str, granted: bool, reason: str) -> None:
    """Give one person a permission that their roles do not hold, or withhold one that they do, for a stated reason."""
    _check_known(permission)
    if not reason.strip():
        raise RuleViolation(N_("An exception needs a reason."), field="reason")
    tx.get(Staff, staff_id)
    key = staff_grant_id(staff_id, permission)
    row = tx.find(StaffGrant, key) or tx.add(StaffGrant(id=key, staff_id=staff_id, permission=permission))
    row.is_granted = granted
    row.reason = reason.strip()


def _check_known(permission: str) -> None:
    if permission not in PERMISSIONS:
        raise NotFound(N_("permission"), permission)


@command(permission=None, label=N_("Set the password"), icon="key")
def set_password(tx: Transaction, staff_id: StaffId, password: Secret) -> None:
    """Set a password on this workstation. Your own needs your present one first; a colleague’s needs “Manage staff”.

    A password set for a colleague is temporary: it ends their sessions here, and they choose their own at the next
    sign-in. The hash is kept on this workstation only; the journal keeps that and when it changed.
    """
    staff = tx.get(Staff, staff_id)
    if tx.actor.id == staff_id:
        require_confirmation(tx)
        keep_password(tx, staff, password)
        return
    tx.require(MANAGE_STAFF)
    _check_may_stand_in_for(tx, staff_id)
    keep_password(tx, staff, password, temporary=True)
    end_sessions(tx, staff_id)


def _check_may_stand_in_for(tx: Transaction, staff_id: str) -> None:
    """Who chooses a password could use it: only for people without rights that they lack themselves."""
    if not tx.actor.may(MANAGE_ROLES) and not read_rights(tx.connection).rights_of(staff_id) <= tx.actor.permissions:
        tx.require(MANAGE_ROLES)


@command(permission=None, label=N_("Set my PIN"), icon="password")
def set_pin(tx: Transaction, pin: Secret) -> None:
    """Choose the PIN that opens this workstation’s screen again. It never replaces the password."""
    if not tx.setting(PIN_ALLOWED):
        raise RuleViolation(N_("PINs are not used on this workstation."), field="pin")
    require_confirmation(tx)
    check_pin(pin.reveal(), tx.today)
    credential = credential_of(tx, tx.actor.id)
    credential.pin_hash = hash_of(pin)
    credential.pin_set_at = tx.now
    credential.pin_failures = 0
    tx.touch_local(Credential, credential.id)
    tx.log_access("pin_set")


@command(permission=None, label=N_("Remove my PIN"), icon="password")
def remove_pin(tx: Transaction) -> None:
    """Unlock this workstation with the password only."""
    tx.get(Staff, tx.actor.id)
    credential = credential_of(tx, tx.actor.id)
    credential.pin_hash = credential.pin_set_at = None
    tx.touch_local(Credential, credential.id)
    tx.log_access("pin_removed")


@command(permission=MANAGE_STAFF, label=N_("Remove the colleague’s PIN"), icon="password")
def clear_pin(tx: Transaction, staff_id: StaffId) -> None:
    """Forget a colleague’s PIN on this workstation: they unlock with the password and choose another PIN."""
    tx.get(Staff, staff_id)
    credential = credential_of(tx, staff_id)
    credential.pin_hash = credential.pin_set_at = None
    credential.pin_failures = 0
    tx.touch_local(Credential, credential.id)
    tx.log_access("pin_removed", detail=staff_id)


@command(permission=LIFT_SIGN_IN_DELAYS, label=N_("Lift the sign-in delay"), icon="lock-open")
def lift_sign_in_delay(tx: Transaction, staff_id: StaffId) -> None:
    """Let a colleague who mistyped try again at once on this workstation."""
    tx.get(Staff, staff_id)
    forget_failures(tx, staff_id)
    tx.log_access("delay_lifted", detail=staff_id)


@command(permission=CHANGE_CLINIC_SETTINGS, label=N_("Name the practice"), icon="buildings")
def create_clinic(tx: Transaction, name: str, time_zone: TimeZone = TimeZone.TORONTO) -> None:
    """Give the practice its name and time zone, as they stand on the sign-in screen, letters and receipts."""
    if not name.strip():
        raise RuleViolation(N_("A name is needed."), field="name")
    change_setting.function(tx, PRACTICE_NAME.name, " ".join(name.split()))
    change_setting.function(tx, CLINIC_TIME_ZONE.name, time_zone.value)
