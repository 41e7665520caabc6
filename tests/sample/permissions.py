"""Rights of the sample slice."""

from app.core.permissions import Permission, Role

EDIT_OWNERS = Permission("edit_sample_owners", "Edit sample owners", (Role.PRACTICE_MANAGER, Role.FRONT_DESK))
READ_OWNERS = Permission("read_sample_owners", "Read sample owners", (Role.PRACTICE_MANAGER, Role.FRONT_DESK))
