"""Rules on staff that hold whoever writes: one username for one person, and always somebody who can manage."""

from __future__ import annotations

from sqlalchemy import select

from app.access.authority import read_rights
from app.access.model import RoleGrant, Staff, StaffGrant, StaffRole
from app.access.permissions import MANAGE_ROLES, MANAGE_STAFF
from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.text import fold
from app.journal.rules import rule
from app.journal.transaction import Transaction


@rule(Staff)
def usernames_differ(tx: Transaction, ids: frozenset[str]) -> None:
    """No two people have one username, compared without case, accents and signs; also among those who left."""
    names = {row.id: row.username for row in tx.connection.execute(select(Staff.id, Staff.username))}
    folded = {staff_id: fold(name) for staff_id, name in names.items()}
    for staff_id in sorted(ids & folded.keys()):
        if any(other != staff_id and name == folded[staff_id] for other, name in folded.items()):
            raise RuleViolation(N_("The username “{username}” is taken."), field="username", username=names[staff_id])


def someone_can_manage(tx: Transaction, ids: frozenset[str]) -> None:
    """At least one active person may manage staff and roles, as soon as there is anybody."""
    if tx.connection.execute(select(Staff.id).limit(1)).first() is None:
        return
    rights = read_rights(tx.connection)
    if not rights.holders(MANAGE_STAFF) & rights.holders(MANAGE_ROLES):
        raise RuleViolation(
            N_("Nobody could manage staff and roles any more. Give these permissions to someone else first.")
        )


for _record in (Staff, StaffRole, RoleGrant, StaffGrant):
    rule(_record)(someone_can_manage)
