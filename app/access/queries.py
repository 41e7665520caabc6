"""Answers about staff, rights, the audit trail and the access log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from app.access.audit import (
    ACCESS_LABELS,
    MASKED,
    ORIGIN_LABELS,
    PAGE,
    AccessFilter,
    AccessLine,
    AccessPage,
    AuditFilter,
    AuditLine,
    AuditPage,
    ChangeLine,
    FieldChange,
    OperationDetail,
    Seen,
    read_access,
    read_audit,
    read_operation,
    read_who_saw,
)
from app.access.authority import RightsTable, read_rights
from app.access.confirmation import ConfirmationNeeded
from app.access.exports import export_access_log, export_audit
from app.access.model import (
    LANGUAGE_LABELS,
    TITLE_LABELS,
    Credential,
    Language,
    SignInSession,
    Staff,
    StaffGrant,
    StaffRole,
    Title,
)
from app.access.names import STAFF_ENTRY, titled
from app.access.permissions import MANAGE_STAFF, READ_ACCESS_LOG, READ_AUDIT, SEE_STAFF
from app.access.sessions import (
    PIN_STATE_LABELS,
    PinState,
    SessionState,
    SessionTimes,
    lock_due,
    pin_state,
    session_state,
)
from app.access.settings import AUTO_LOCK_MINUTES, PIN_ALLOWED, PRACTICE_NAME, SESSION_HOURS
from app.core.errors import NotFound
from app.core.i18n import N_
from app.core.ids import OperationId, PatientId, StaffId
from app.core.permissions import PERMISSIONS, Role
from app.core.text import fold
from app.journal.commands import query
from app.journal.queries import Reading
from app.journal.settings_store import value_of

__all__ = [
    "ACCESS_LABELS",
    "LANGUAGE_LABELS",
    "MASKED",
    "ORIGIN_LABELS",
    "PIN_STATE_LABELS",
    "STAFF_ENTRY",
    "TITLE_LABELS",
    "AccessFilter",
    "AccessLine",
    "AccessPage",
    "AuditFilter",
    "AuditLine",
    "AuditPage",
    "Cell",
    "ChangeLine",
    "ConfirmationNeeded",
    "FieldChange",
    "Language",
    "OperationDetail",
    "PermissionRow",
    "PersonHere",
    "PinState",
    "RightsException",
    "Seen",
    "SessionState",
    "SignInScreen",
    "StaffLine",
    "StaffMember",
    "Title",
    "access_log_entries",
    "audit_trail",
    "export_access_log",
    "export_audit",
    "lock_due",
    "operation_detail",
    "roles_and_permissions",
    "sign_in_screen",
    "staff_list",
    "staff_member",
    "titled",
    "who_saw",
]
"""Screens take everything of this slice that they read from here."""


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A person of the staff list."""

    staff_id: StaffId
    username: str
    display_name: str
    title: Title
    initials: str
    language: Language
    roles: tuple[Role, ...]
    is_active: bool
    left_on: date | None


@dataclass(frozen=True, slots=True)
class RightsException:
    """An exception for one person."""

    id: str
    permission: str
    label: str
    is_granted: bool
    reason: str


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One person with their rights, and what this workstation knows of their credentials."""

    line: StaffLine
    pronoun: str
    credential_changed_at: datetime | None
    permissions: frozenset[str]
    exceptions: tuple[RightsException, ...]
    has_password_here: bool
    has_pin_here: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """Whether a role holds a permission; `is_decided` when the clinic decided so and not the preset."""

    role: Role
    is_granted: bool
    is_decided: bool
    preset: bool


@dataclass(frozen=True, slots=True)
class PermissionRow:
    """One permission across the five roles. `label` is a msgid."""

    permission: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class PersonHere:
    """A tile of the sign-in screen; `session_id` is empty when only the password lets this person in."""

    staff_id: StaffId
    username: str
    display_name: str
    title: Title
    initials: str
    roles: tuple[Role, ...]
    session_id: str
    pin: PinState


@dataclass(frozen=True, slots=True)
class SignInScreen:
    """What the sign-in screen shows."""

    practice_name: str
    auto_lock_minutes: int
    people: tuple[PersonHere, ...]


def _staff_columns() -> Select[*tuple[Any, ...]]:
    return select(
        Staff.id, Staff.username, Staff.display_name, Staff.title, Staff.initials, Staff.language, Staff.is_active,
        Staff.left_on, Staff.pronoun, Staff.credential_changed_at,
    )  # fmt: skip


def _roles(read: Reading) -> dict[str, tuple[Role, ...]]:
    held: dict[str, set[Role]] = {}
    for row in read.execute(select(StaffRole.staff_id, StaffRole.role).where(StaffRole.is_held.is_(True))):
        held.setdefault(row.staff_id, set()).add(row.role)
    return {staff_id: tuple(role for role in Role if role in roles) for staff_id, roles in held.items()}


def _staff_line(row: Any, roles: dict[str, tuple[Role, ...]]) -> StaffLine:
    return StaffLine(
        row.id, row.username, row.display_name, row.title, row.initials, row.language, roles.get(row.id, ()),
        row.is_active, row.left_on,
    )  # fmt: skip


@query(permission=SEE_STAFF, label=N_("Staff"))
def staff_list(read: Reading, include_inactive: bool = False) -> tuple[StaffLine, ...]:
    """Everybody who works here, by name; with those who left if asked."""
    roles = _roles(read)
    found = [row for row in read.execute(_staff_columns()) if row.is_active or include_inactive]
    return tuple(_staff_line(row, roles) for row in sorted(found, key=lambda row: (fold(row.display_name), row.id)))


@query(permission=MANAGE_STAFF, label=N_("Staff member"))
def staff_member(read: Reading, staff_id: StaffId) -> StaffMember:
    """One person with their roles, rights, exceptions and credentials on this workstation."""
    row = read.execute(_staff_columns().where(Staff.id == staff_id)).first()
    if row is None:
        raise NotFound(N_("staff member"), staff_id)
    here = read.execute(
        select(Credential.password_hash.is_not(None).label("password"), Credential.pin_hash.is_not(None).label("pin"))
        .where(Credential.id == staff_id)
    ).first()  # fmt: skip
    return StaffMember(
        _staff_line(row, _roles(read)), row.pronoun or "", row.credential_changed_at,
        read_rights(read.connection).rights_of(staff_id), _exceptions(read, staff_id),
        bool(here and here.password), bool(here and here.pin),
    )  # fmt: skip


def _exceptions(read: Reading, staff_id: str) -> tuple[RightsException, ...]:
    columns = (StaffGrant.id, StaffGrant.permission, StaffGrant.is_granted, StaffGrant.reason)
    decided = select(*columns).where(StaffGrant.staff_id == staff_id, StaffGrant.is_granted.is_not(None))
    return tuple(
        RightsException(row.id, row.permission, _label(row.permission), row.is_granted, row.reason)
        for row in read.execute(decided.order_by(StaffGrant.permission))
    )


def _label(permission: str) -> str:
    return PERMISSIONS[permission].label if permission in PERMISSIONS else permission


@query(permission=SEE_STAFF, label=N_("Roles and permissions"))
def roles_and_permissions(read: Reading) -> tuple[PermissionRow, ...]:
    """What each role may do here, and where the clinic decided otherwise than the preset."""
    rights = read_rights(read.connection)
    return tuple(
        PermissionRow(name, item.label, tuple(_cell(rights, role, name) for role in Role))
        for name, item in sorted(PERMISSIONS.items())
    )


def _cell(rights: RightsTable, role: Role, permission: str) -> Cell:
    item = PERMISSIONS[permission]
    decided = (role, permission) in rights.overrides
    return Cell(role, rights.role_has(role, item), decided, role in item.presets)


@query(permission=None, label=N_("Who works at this workstation"))
def sign_in_screen(read: Reading) -> SignInScreen:
    """The people who may sign in here, by name, and whose session is open. No patient is named."""
    sessions = _sessions_here(read)
    roles = _roles(read)
    statement = select(
        Staff.id, Staff.username, Staff.display_name, Staff.title, Staff.initials, Credential.pin_hash,
        Credential.pin_failures, Credential.password_used_at,
    ).outerjoin(Credential, Credential.id == Staff.id).where(Staff.is_active.is_(True))  # fmt: skip
    allowed = value_of(read, PIN_ALLOWED)
    people = [
        PersonHere(
            row.id, row.username, row.display_name, row.title, row.initials, roles.get(row.id, ()),
            sessions.get(row.id, ""),
            pin_state(
                allowed=allowed, has_pin=row.pin_hash is not None, failures=row.pin_failures or 0,
                password_used_at=row.password_used_at if row.id in sessions else None, now=read.now,
            ),
        )
        for row in read.execute(statement)
    ]  # fmt: skip
    people.sort(key=lambda person: (fold(person.display_name), person.staff_id))  # a tile keeps its place
    return SignInScreen(value_of(read, PRACTICE_NAME), value_of(read, AUTO_LOCK_MINUTES), tuple(people))


def _sessions_here(read: Reading) -> dict[str, str]:
    hours, minutes = value_of(read, SESSION_HOURS), value_of(read, AUTO_LOCK_MINUTES)
    columns = (SignInSession.started_at, SignInSession.seen_at, SignInSession.locked_at)
    statement = select(SignInSession.id, SignInSession.staff_id, *columns).where(SignInSession.ended_at.is_(None))
    found = {}
    for row in read.execute(statement):
        times = SessionTimes(row.started_at, row.seen_at, row.locked_at)
        if session_state(times, read.now, hours=hours, minutes=minutes) is not SessionState.EXPIRED:
            found[row.staff_id] = row.id
    return found


@query(permission=READ_AUDIT, label=N_("Audit trail"))
def audit_trail(
    read: Reading,
    from_day: date | None = None,
    to_day: date | None = None,
    who: str = "",
    action: str = "",
    subject: str = "",
    table: str = "",
    origin: str = "",
    before: int | None = None,
    limit: int = PAGE,
) -> AuditPage:
    """Who did what and when, newest first, by pages: give `before` the `next_before` of the page you have."""
    chosen = AuditFilter(from_day, to_day, who, action, subject, table, origin)
    return read_audit(read, chosen, before, limit)


@query(permission=READ_AUDIT, label=N_("Operation in detail"))
def operation_detail(read: Reading, operation_id: OperationId) -> OperationDetail:
    """What one operation was given and every value before and after it."""
    return read_operation(read, operation_id)


@query(permission=READ_ACCESS_LOG, label=N_("Access log"))
def access_log_entries(
    read: Reading,
    from_day: date | None = None,
    to_day: date | None = None,
    who: str = "",
    kind: str = "",
    subject: str = "",
    before: int | None = None,
    limit: int = PAGE,
) -> AccessPage:
    """Sign-ins, openings, prints, exports and refusals, newest first, by pages."""
    return read_access(read, AccessFilter(from_day, to_day, who, kind, subject), before, limit)


@query(permission=READ_ACCESS_LOG, label=N_("Who saw this patient"))
def who_saw(read: Reading, patient_id: PatientId) -> tuple[Seen, ...]:
    """Everybody who opened, printed, exported or changed one patient’s information, the latest first."""
    return read_who_saw(read, patient_id)
