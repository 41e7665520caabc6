"""What a person may do: presets of their roles, the clinic's decisions on them, exceptions for the person.

A permission that any slice declares later works at once: where no row decides, the presets of its declaration do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from app.access.model import RoleGrant, Staff, StaffGrant, StaffRole
from app.core.errors import NotFound
from app.core.i18n import N_, translate
from app.core.permissions import PERMISSIONS, Permission, Role
from app.core.text import fold
from app.journal.operations import RAW_ACTOR
from app.journal.queries import SYSTEM, Actor, Reading


@dataclass(frozen=True, slots=True)
class RightsTable:
    """Everything that decides on rights, read at once: a few dozen rows."""

    roles: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    """Roles held, by staff id; inactive people are left out."""
    overrides: Mapping[tuple[Role, str], bool] = field(default_factory=dict)
    exceptions: Mapping[tuple[str, str], bool] = field(default_factory=dict)

    def role_has(self, role: Role, permission: Permission) -> bool:
        """Whether a role holds a permission: the clinic's decision, else the preset."""
        return self.overrides.get((role, permission.name), role in permission.presets)

    def staff_has(self, staff_id: str, permission: Permission) -> bool:
        """Whether an active person holds a permission: the exception for them, else any of their roles."""
        if staff_id not in self.roles:
            return False
        exception = self.exceptions.get((staff_id, permission.name))
        if exception is not None:
            return exception
        return any(self.role_has(role, permission) for role in self.roles[staff_id])

    def rights_of(self, staff_id: str) -> frozenset[str]:
        """The names of every permission held."""
        return frozenset(name for name, item in PERMISSIONS.items() if self.staff_has(staff_id, item))

    def holders(self, permission: Permission) -> frozenset[str]:
        """Who holds a permission."""
        return frozenset(staff_id for staff_id in self.roles if self.staff_has(staff_id, permission))


def read_rights(connection: Connection) -> RightsTable:
    """The rights of everybody, from the tables."""
    held: dict[str, frozenset[Role]] = {
        row.id: frozenset() for row in connection.execute(select(Staff.id).where(Staff.is_active.is_(True)))
    }
    for row in connection.execute(select(StaffRole.staff_id, StaffRole.role).where(StaffRole.is_held.is_(True))):
        if row.staff_id in held:
            held[row.staff_id] |= {row.role}
    decided = select(RoleGrant.role, RoleGrant.permission, RoleGrant.is_granted).where(
        RoleGrant.is_granted.is_not(None)
    )
    excepted = select(StaffGrant.staff_id, StaffGrant.permission, StaffGrant.is_granted).where(
        StaffGrant.is_granted.is_not(None)
    )
    return RightsTable(
        held,
        {(row.role, row.permission): row.is_granted for row in connection.execute(decided)},
        {(row.staff_id, row.permission): row.is_granted for row in connection.execute(excepted)},
    )


class StaffAuthority:
    """Implements the kernel's `Authority`: a username or staff id becomes an `Actor` with the rights of now."""

    tables: frozenset[str] = frozenset({"staff", "staff_role", "role_grant", "staff_grant"})

    def actor(self, read: Reading, who: str) -> Actor:
        """The actor; `NotFound` for a stranger and for somebody who has left."""
        people = read.execute(
            select(Staff.id, Staff.username, Staff.display_name).where(Staff.is_active.is_(True))
        ).fetchall()
        wanted = fold(who)
        by_id = [row for row in people if row.id == who]
        # Two workstations that were offline can make one username twice: the elder keeps it until one is renamed.
        by_name = sorted((row for row in people if fold(row.username) == wanted), key=lambda row: row.id)
        for row in by_id or by_name:
            rights = read_rights(read.connection).rights_of(row.id)
            return Actor(row.id, row.display_name, rights)
        raise NotFound(N_("staff member"), who)

    def name(self, read: Reading, actor_id: str) -> str:
        """The name shown for an actor of the journal, also of somebody who has left; the id when unknown."""
        return names_of(read, [actor_id])[actor_id]


def names_of(read: Reading, actor_ids: Iterable[str]) -> dict[str, str]:
    """The names shown for actors of the journal, automation and writes from outside included."""
    wanted = set(actor_ids)
    found = {SYSTEM.id: SYSTEM.name, RAW_ACTOR: translate(N_("Outside the application"))}
    people = select(Staff.id, Staff.display_name).where(Staff.id.in_(wanted))
    found |= {row.id: row.display_name for row in read.execute(people)}
    return {actor_id: found.get(actor_id, actor_id) for actor_id in wanted}
