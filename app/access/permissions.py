"""Rights over staff, roles and the reading of the audit trail.

The journal itself declares the right to undo what somebody else did.
"""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_
from app.core.permissions import EVERY_ROLE, LEADERS, Permission, Role

SEE_STAFF: Final = Permission("see_staff", N_("See the staff list"), EVERY_ROLE)
MANAGE_STAFF: Final = Permission("manage_staff", N_("Manage staff"), LEADERS)
MANAGE_ROLES: Final = Permission("manage_roles", N_("Manage roles and permissions"), LEADERS)
LIFT_SIGN_IN_DELAYS: Final = Permission("lift_sign_in_delays", N_("Lift a colleague’s sign-in delay"), LEADERS)
READ_AUDIT: Final = Permission("read_audit", N_("Read the audit trail"), LEADERS)
READ_SENSITIVE_CHANGES: Final = Permission(
    "read_sensitive_changes", N_("See sensitive values in the audit trail"), LEADERS
)
READ_ACCESS_LOG: Final = Permission("read_access_log", N_("Read the access log"), LEADERS)
EXPORT_AUDIT: Final = Permission("export_audit", N_("Export the audit trail and the access log"), LEADERS)
SIGN_DOCUMENTS: Final = Permission(
    "sign_documents", N_("Sign clinical documents"), (Role.ORTHODONTIST, Role.CLINICAL_STAFF)
)
