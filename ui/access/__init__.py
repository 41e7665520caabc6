"""Roles and people: what each role may do, what a person can do, and the accounts of the staff."""

from app.core.i18n import N_
from ui.shell.screens import Group, ScreenSpec

SCREENS = (
    ScreenSpec(
        "roles", N_("Roles"), "shield-check", "ui.access.roles_view:RolesView", Group.FOOT, 30, permission="see_staff"
    ),
)
