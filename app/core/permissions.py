"""Named permissions, declared beside the commands that need them; roles are presets over them."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from app.core.i18n import N_


class Role(enum.StrEnum):
    """The mission's five roles."""

    ORTHODONTIST = "orthodontist"
    PRACTICE_MANAGER = "practice_manager"
    FRONT_DESK = "front_desk"
    CLINICAL_STAFF = "clinical_staff"
    ASSISTANT = "assistant"


ROLE_LABELS: dict[Role, str] = {
    Role.ORTHODONTIST: N_("Orthodontist"),
    Role.PRACTICE_MANAGER: N_("Practice manager"),
    Role.FRONT_DESK: N_("Front desk"),
    Role.CLINICAL_STAFF: N_("Clinical staff"),
    Role.ASSISTANT: N_("Assistant"),
}
EVERY_ROLE = tuple(Role)
LEADERS = (Role.ORTHODONTIST, Role.PRACTICE_MANAGER)


@dataclass(frozen=True, slots=True)
class Permission:
    """One right. `presets` are the roles that hold it unless the clinic decides otherwise."""

    name: str
    label: str
    presets: tuple[Role, ...] = LEADERS

    def __post_init__(self) -> None:
        known = PERMISSIONS.setdefault(self.name, self)
        if known != self:
            raise ValueError(f"permission {self.name} is declared twice, differently")


PERMISSIONS: dict[str, Permission] = {}
"""Every permission that has been declared, by name."""
