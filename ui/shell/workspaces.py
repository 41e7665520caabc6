"""Workspaces as data: for one kind of work, which screens stand in the rail and in which order, which comes first,
how dense everything is, and which panels stand beside.

Packages of `ui` (and those named in ARCHWIRE_SLICES) may bring `WORKSPACES`. A screen that a workspace does not name
follows after those that it names, so that a new screen never vanishes; `without` puts some away, for the palette and
other workspaces still reach them. No Qt here.
"""

from __future__ import annotations

import importlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from app.core.permissions import Role
from ui.shell.screens import Group, ScreenSpec, packages


@dataclass(frozen=True, slots=True)
class WorkspaceSpec:
    """One workspace. `title` is a msgid; `first` is the screen that it opens on.

    `roles` may choose it; `home_of` are the roles that begin in it. `density` (a key of DENSITIES) replaces that of the
    workstation, empty keeps it. `panels` are shown in it until the person arranges others.
    """

    name: str
    title: str
    icon: str
    screens: tuple[str, ...]
    first: str
    roles: tuple[Role, ...]
    home_of: tuple[Role, ...] = ()
    without: tuple[str, ...] = ()
    density: str = ""
    panels: tuple[str, ...] = ()
    order: int = 100

    def arrange(self, specs: Iterable[ScreenSpec]) -> list[ScreenSpec]:
        """The screens of the rail, in order: those named, then the others; the foot keeps its own."""
        shown = [spec for spec in specs if spec.group is not Group.INNER and spec.name not in self.without]
        places = {name: place for place, name in enumerate(self.screens)}
        return sorted(shown, key=lambda spec: (spec.group is Group.FOOT, places.get(spec.name, len(places))))

    def first_of(self, allowed: Collection[str], specs: Sequence[ScreenSpec]) -> str | None:
        """The screen to begin with: its own first, else the first of the rail that needs nothing chosen."""
        if self.first in allowed:
            return self.first
        offered = [spec for spec in self.arrange(specs) if spec.name in allowed and not spec.needs]
        return offered[0].name if offered else None


def discover_workspaces() -> list[WorkspaceSpec]:
    """Every workspace, in order; two of one name are refused."""
    found: dict[str, WorkspaceSpec] = {}
    for package in packages():
        for spec in getattr(importlib.import_module(package), "WORKSPACES", ()):
            if spec.name in found:
                raise ValueError(f"workspace {spec.name} is declared twice")
            found[spec.name] = spec
    return sorted(found.values(), key=lambda spec: (spec.order, spec.name))


def offered_to(roles: Collection[Role], specs: Sequence[WorkspaceSpec]) -> list[WorkspaceSpec]:
    """The workspaces that somebody with these roles may choose; without a known role, all."""
    own = [spec for spec in specs if not roles or set(spec.roles) & set(roles)]
    return own or list(specs)


def home_of(roles: Collection[Role], specs: Sequence[WorkspaceSpec]) -> WorkspaceSpec:
    """Where somebody with these roles begins: a manager who also treats begins where the first role says."""
    offered = offered_to(roles, specs)
    return next((spec for role in roles for spec in offered if role in spec.home_of), offered[0])
