"""Who may copy the clinic away."""

from __future__ import annotations

from app.core.i18n import N_
from app.core.permissions import EVERY_ROLE, LEADERS, Permission

BACK_UP = Permission("back_up", N_("Make backups and see how they stand"), LEADERS)
MANAGE_ARCHIVES = Permission("manage_archives", N_("Set up archives and routes"), LEADERS)
SEE_ARCHIVES = Permission("see_archives", N_("See archives, routes and queues"), EVERY_ROLE)
SEND_IMAGES = Permission("send_images_to_archives", N_("Act for the queues of archives"), ())
