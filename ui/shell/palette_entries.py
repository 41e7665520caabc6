"""What the command palette offers: screens, settings, help, windows and panels, commands; patients come by finders.

Each entry says what it does, which keys do the same, and why it cannot be chosen, when it cannot.
"""

from __future__ import annotations

import enum
import importlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from app.core.i18n import N_, _, language
from app.core.permissions import PERMISSIONS, ROLE_LABELS, Permission
from app.core.settings import SETTINGS
from app.journal.commands import COMMANDS, Command
from ui.shell.fuzzy import Match, match
from ui.shell.help import FOLDER
from ui.shell.screens import Found, Group, ScreenSpec, packages
from ui.shell.shortcuts import key_words
from ui.theme.icons import shipped_icons

if TYPE_CHECKING:
    from ui.shell.window import Window


class Section(enum.StrEnum):
    """The groups, in the order in which they are shown."""

    ACTIONS = "actions"
    RECENT = "recent"
    PATIENTS = "patients"
    SCREENS = "screens"
    COMMANDS = "commands"
    PAPER = "paper"
    WINDOW = "window"
    SETTINGS = "settings"
    HELP = "help"


SECTION_LABELS: Final = {
    Section.ACTIONS: N_("Actions for {name}"),
    Section.RECENT: N_("Recent"),
    Section.PATIENTS: N_("Patients"),
    Section.SCREENS: N_("Screens"),
    Section.COMMANDS: N_("Commands"),
    Section.PAPER: N_("Printing and paper"),
    Section.WINDOW: N_("Windows, panels and session"),
    Section.SETTINGS: N_("Settings"),
    Section.HELP: N_("Help"),
}
PREFIXES: Final[dict[str, frozenset[Section]]] = {
    ">": frozenset({Section.ACTIONS, Section.COMMANDS, Section.PAPER, Section.WINDOW}),
    "@": frozenset({Section.PATIENTS}),
    "#": frozenset({Section.SCREENS, Section.SETTINGS}),
    "?": frozenset({Section.HELP}),
}
"""What each prefix narrows to. No prefix is needed: they are for those who know."""


NO_ANSWER: Final = Match(0, ())


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `key` names it among the recent ones; `reason` says why it is refused, `words` are also searched."""

    key: str
    section: Section
    icon: str
    title: str
    act: Callable[[], Any]
    under: str = ""
    keys: tuple[str, ...] = ()
    reason: str = ""
    words: str = ""
    answer: Match = NO_ANSWER


def split_prefix(typed: str) -> tuple[frozenset[Section] | None, str]:
    """The sections that a prefix asks for (None: all), and what is typed after it."""
    if typed[:1] == "#" and typed[1:].strip().isdigit():  # a file number
        return PREFIXES["@"], typed[1:].strip()
    sections = PREFIXES.get(typed[:1])
    return (sections, typed[1:].strip()) if sections is not None else (None, typed.strip())


def answering(entries: Iterable[Entry], typed: str, recent: Sequence[str]) -> list[Entry]:
    """The entries that answer, the best first; those chosen lately rank higher, those refused lower."""
    places = {key: len(recent) - place for place, key in enumerate(recent)}
    found = []
    for entry in entries:
        answer = match(typed, entry.title)
        if answer is None and entry.words:
            other = match(typed, f"{entry.title} {entry.words}")
            limit = len(entry.title)
            if other is not None and not other.loose:
                answer = Match(other.score - 20, tuple(pair for pair in other.ranges if pair[1] <= limit))
        if answer is not None:
            bonus = 2 * places.get(entry.key, 0) - (30 if entry.reason else 0)
            found.append(replace(entry, answer=replace(answer, score=answer.score + bonus)))
    if any(not entry.answer.loose for entry in found):
        found = [entry for entry in found if not entry.answer.loose]
    return sorted(found, key=lambda entry: -entry.answer.score)


# -- sources ---------------------------------------------------------------------------------------------------------
def screen_entries(window: Window) -> list[Entry]:
    """The screens that need nothing chosen, in rail order; those without the right carry the reason."""
    order = [spec.name for spec in window.rail_specs()]
    shown = [spec for spec in window.specs.values() if not spec.needs and spec.group is not Group.INNER]
    shown.sort(key=lambda spec: order.index(spec.name) if spec.name in order else len(order))
    return [_screen(window, spec, order) for spec in shown]


def _screen(window: Window, spec: ScreenSpec, order: list[str]) -> Entry:
    number = order.index(spec.name) + 1 if spec.name in order else 0
    reason = "" if spec.name in window.allowed() else who_may(PERMISSIONS.get(spec.permission or ""))
    return Entry(
        f"screen:{spec.name}", Section.SCREENS, spec.icon, _(spec.title), partial(window.open, spec.name),
        keys=("Ctrl", str(number)) if 1 <= number <= 9 else (), reason=reason, words=spec.name,
    )  # fmt: skip


def setting_entries(window: Window) -> list[Entry]:
    """Every setting that has a row, under its page."""
    return [
        Entry(
            f"setting:{setting.name}", Section.SETTINGS, setting.page.icon, _(setting.label),
            partial(window.open, "settings", find=setting.name),
            under=f"{_(N_('Settings'))} › {_(setting.page.title)}", words=_(setting.help),
        )
        for setting in SETTINGS.values()
        if setting.shown and "settings" in window.specs
    ]  # fmt: skip


def help_entries(window: Window) -> list[Entry]:
    """Every page of the help in the language in force, by its first heading."""
    found = []
    for path in sorted((FOLDER / language()).glob("*.md")):
        with path.open(encoding="utf-8") as page:
            title = page.readline().lstrip("# ").strip()
        found.append(
            Entry(
                f"help:{path.stem}",
                Section.HELP,
                "question",
                title,
                partial(window.show_help, path.stem),
                words=path.stem,
            )
        )
    return found


def command_entries(window: Window) -> list[Entry]:
    """Every command that people give; those that are not allowed say who may."""
    context = window.context()
    return [_command(window, command, context) for command in COMMANDS.values() if not command.hidden]


def _command(window: Window, command: Command[..., Any], context: dict[str, Any]) -> Entry:
    reason = "" if window.bench.may(command) else who_may(command.permission)
    return Entry(
        f"command:{command.name}", Section.COMMANDS, icon_of(command), _(command.label),
        partial(window.give_command, command, context), under=_(command.help), keys=_keys_of(command.shortcut),
        reason=reason, words=command.name.replace("_", " "),
    )  # fmt: skip


def icon_of(command: Command[..., Any]) -> str:
    """The command’s own shape when both cuts that the palette draws are shipped, else that of all commands."""
    return command.icon if command.icon in shipped_icons("regular") & shipped_icons("fill") else "lightning"


def _keys_of(shortcut: str) -> tuple[str, ...]:
    return tuple(key_words(part) for part in shortcut.split("+")) if shortcut else ()


def window_entries(window: Window) -> list[Entry]:
    """What one does with windows, workspaces, panels and the session."""
    made: list[tuple[str, str, str, Callable[[], Any], str]] = [
        ("new_window", "arrow-square-out", N_("Open in a new window"), window.open_new_window, "Ctrl+Shift+N"),
        ("undo", "arrow-u-up-left", N_("Undo"), window.undo_last, "Ctrl+Z"),
        ("redo", "arrow-u-up-right", N_("Do again"), window.redo_last, "Ctrl+Y"),
        ("reset_layout", "layout", N_("Reset the layout of the panels"), window.docks.reset, ""),
        ("shortcuts", "keyboard", N_("Keyboard shortcuts"), partial(window.open, "shortcuts"), "Ctrl+F1"),
        ("about", "info", N_("About Archwire"), partial(window.open, "about"), ""),
        ("lock", "lock", N_("Lock"), window.lock, "Ctrl+L"),
        ("switch_user", "user-switch", N_("Switch user"), window.lock, ""),
        ("sign_out", "sign-out", N_("Sign out"), window.sign_out, ""),
    ]
    found = [
        Entry(f"window:{name}", Section.WINDOW, icon, _(title), act, keys=_keys_of(keys))
        for name, icon, title, act, keys in made
    ]
    for panel in window.docks.panels.values():
        words = N_("Put away the panel “{name}”") if panel.isVisible() else N_("Show the panel “{name}”")
        found.append(
            Entry(
                f"panel:{panel.spec.name}", Section.WINDOW, panel.spec.icon, _(words, name=_(panel.spec.title)),
                partial(window.docks.toggle, panel.spec.name),
            )
        )  # fmt: skip
    for spec in window.workspaces():
        if spec is not window.workspace:
            title = _(N_("Go to the workspace {name}"), name=_(spec.title))
            act = partial(window.choose_workspace, spec.name)
            found.append(Entry(f"workspace:{spec.name}", Section.WINDOW, spec.icon, title, act))
    return found


def subject_entries(window: Window) -> list[Entry]:
    """What subjects add of their own: `ENTRIES` in a package names functions as `package.module:function`."""
    found: list[Entry] = []
    for package in packages():
        for factory in getattr(importlib.import_module(package), "ENTRIES", ()):
            module, _colon, name = factory.partition(":")
            found += getattr(importlib.import_module(module), name)(window)
    return found


def patient_entry(window: Window, found: Found) -> Entry:
    """A line of a finder: the first part is the title, the rest stands under it."""
    title, _dot, under = found.words.partition(" · ")
    key = f"{found.screen}:{next(iter(found.chosen.values()), '')}"
    return Entry(
        key, Section.PATIENTS, found.icon, title, partial(window.open, found.screen, **found.chosen), under=under
    )


def patient_actions(window: Window, found: Found, name: str, most: int) -> list[Entry]:
    """What to do with the best patient found: open the chart, and the commands that screens show too (with an icon)."""
    actions = [
        Entry(
            f"{found.screen}:{next(iter(found.chosen.values()), '')}", Section.ACTIONS, "folder-open",
            _(N_("Open the file of {name}"), name=name), partial(window.open, found.screen, **found.chosen),
            under=found.words.partition(" · ")[2],
        )
    ]  # fmt: skip
    for spec in window.specs.values():
        if spec.needs == ("patient",) and spec.name != found.screen and spec.name in window.allowed():
            actions.append(
                Entry(
                    f"action:{spec.name}", Section.ACTIONS, spec.icon, _(spec.title),
                    partial(window.open, spec.name, **found.chosen),
                )
            )  # fmt: skip
    for command in COMMANDS.values():
        needed = [item for item in command.parameters if item.required]
        if (
            not command.hidden
            and command.icon
            and window.bench.may(command)
            and needed
            and needed[0].name == "patient_id"
        ):
            actions.append(replace(_command(window, command, dict(found.chosen)), section=Section.ACTIONS))
    return actions[:most]


def who_may(permission: Permission | None) -> str:
    """Why somebody is refused, as the roles that hold the right: `Orthodontist, Practice manager`."""
    if permission is None:
        return _(N_("Refused"))
    roles = ", ".join(_(ROLE_LABELS[role]) for role in permission.presets)
    return roles or _(permission.label)
