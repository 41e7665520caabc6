"""The window and everything that screens of all subjects share; the workspaces and the shell's own panels."""

from app.core.i18n import N_
from app.core.permissions import Role
from ui.shell.screens import Group, PanelSpec, ScreenSpec
from ui.shell.workspaces import WorkspaceSpec

_LEADERS = (Role.ORTHODONTIST, Role.PRACTICE_MANAGER)

SCREENS = (
    ScreenSpec("command", N_("Command"), "lightning", "ui.shell.command_form:CommandForm", Group.INNER, 95),
    ScreenSpec(
        "shortcuts", N_("Keyboard shortcuts"), "keyboard", "ui.shell.shortcut_page:ShortcutPage", Group.INNER, 96
    ),
    ScreenSpec("about", N_("About Archwire"), "info", "ui.shell.about:AboutScreen", Group.INNER, 97),
)
WORKSPACES = (
    WorkspaceSpec(
        "reception", N_("Reception"), "armchair", ("today", "day", "schedule", "patients", "lists", "tasks", "imaging"),
        "today", roles=(Role.FRONT_DESK, Role.CLINICAL_STAFF, *_LEADERS), home_of=(Role.FRONT_DESK,),
        without=("journal", "access_log", "roles", "practice", "conversion"), order=10,
    ),
    WorkspaceSpec(
        "chairside", N_("Chairside"), "office-chair", ("today", "day", "patients", "schedule", "tasks"), "today",
        roles=(Role.CLINICAL_STAFF, Role.ASSISTANT, *_LEADERS), home_of=(Role.CLINICAL_STAFF, Role.ASSISTANT),
        without=(
            "journal", "access_log", "roles", "practice", "conversion", "lists", "imports"),
        density="touch", order=20,
    ),
    WorkspaceSpec(
        "doctor", N_("Doctor"), "stethoscope", ("today", "day", "patients", "imaging", "schedule", "tasks"), "today",
        roles=(Role.ORTHODONTIST,), home_of=(Role.ORTHODONTIST,), without=("access_log", "roles"), order=30,
    ),
    WorkspaceSpec(
        "manager", N_("Manager"), "chart-bar",
        ("today", "day", "schedule", "patients", "lists", "tasks", "imaging"),
        "today", roles=_LEADERS, home_of=(Role.PRACTICE_MANAGER,), order=40,
    ),
)  # fmt: skip
PANELS = (
    PanelSpec("notices", N_("Notifications"), "bell", "ui.shell.notice_panel:NoticePanel", order=10),
    PanelSpec(
        "recent_work", N_("My recent work"), "clock-counter-clockwise", "ui.shell.work_panel:WorkPanel", order=20
    ),
)
