"""Screens as data: each `ui/<subject>/__init__.py` names its screens in `SCREENS`, without importing Qt.

A package named in the environment variable ARCHWIRE_SLICES may bring `SCREENS` too.
"""

from __future__ import annotations

import enum
import importlib
import os
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from app.journal.commands import Query
    from ui.shell.bench import Bench
    from ui.shell.screen import Screen


class Group(enum.StrEnum):
    """Where the rail shows a screen."""

    MAIN = "main"
    FOOT = "foot"
    INNER = "inner"
    """Not in the rail: opened from another screen, for one patient."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits at a screen for whoever is at the keyboard: a query, and the number in its answer."""

    query: Query[[], Any]
    count: Callable[[Any], int]


@dataclass(frozen=True, slots=True)
class ScreenSpec:
    """One screen. `title` is a msgid; `factory` is `package.module:Class`, imported when it is first opened.

    `needs` names what must be chosen before it opens (`patient`); `above` is the screen whose place it takes in the
    rail; `permission` the name of the right without which it is not offered; `theme` one that it insists on;
    `keys` open it from everywhere; `waiting` is the `package.module:NAME` of a `Waiting` that the rail counts.
    """

    name: str
    title: str
    icon: str
    factory: str
    group: Group = Group.MAIN
    order: int = 100
    permission: str | None = None
    needs: tuple[str, ...] = ()
    above: str | None = None
    theme: str | None = None
    keys: str = ""
    waiting: str = ""

    def load(self) -> type[Screen]:
        """The class, imported now."""
        module, _colon, name = self.factory.partition(":")
        loaded: type[Screen] = getattr(importlib.import_module(module), name)
        return loaded

    def load_waiting(self) -> Waiting | None:
        """What the rail counts, imported now."""
        if not self.waiting:
            return None
        module, _colon, name = self.waiting.partition(":")
        found: Waiting = getattr(importlib.import_module(module), name)
        return found

    def as_json(self) -> dict[str, Any]:
        """What `screens --json` prints."""
        return {
            "name": self.name, "title": self.title, "icon": self.icon, "group": self.group.value, "order": self.order,
            "permission": self.permission, "needs": list(self.needs), "factory": self.factory,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class TabSpec:
    """One tab of the patient's page: `TABS` in a subject's package; the `Screen` is given the patient."""

    name: str
    title: str
    factory: str
    order: int = 100
    permission: str | None = None

    def load(self) -> type[Screen]:
        """The class, imported now."""
        module, _colon, name = self.factory.partition(":")
        loaded: type[Screen] = getattr(importlib.import_module(module), name)
        return loaded


@dataclass(frozen=True, slots=True)
class PanelSpec:
    """One panel beside the screens: `PANELS` in a subject's package; `factory` names a `Screen`.

    It stands at `side` (`left`, `right`, `top` or `bottom`) until the person moves it, and is shown at first in the
    `workspaces` named; elsewhere the menu and the palette show it. `on_top`: floating, it stays over other programs.
    """

    name: str
    title: str
    icon: str
    factory: str
    side: str = "right"
    workspaces: tuple[str, ...] = ()
    order: int = 100
    permission: str | None = None
    on_top: bool = False

    def load(self) -> type[Screen]:
        """The class, imported now."""
        module, _colon, name = self.factory.partition(":")
        loaded: type[Screen] = getattr(importlib.import_module(module), name)
        return loaded


def discover_panels() -> list[PanelSpec]:
    """Every panel, in order; two of one name are refused."""
    found: dict[str, PanelSpec] = {}
    for package in packages():
        for spec in getattr(importlib.import_module(package), "PANELS", ()):
            if spec.name in found:
                raise ValueError(f"panel {spec.name} is declared twice")
            found[spec.name] = spec
    return sorted(found.values(), key=lambda spec: (spec.order, spec.name))


def start_subjects(bench: Bench) -> None:
    """What subjects follow from the start: `AT_START` in a package names functions as `package.module:function`."""
    for package in packages():
        for factory in getattr(importlib.import_module(package), "AT_START", ()):
            module, _colon, name = factory.partition(":")
            getattr(importlib.import_module(module), name)(bench)


def patient_tabs() -> list[TabSpec]:
    """Every tab of the patient's page, in order."""
    found = [tab for package in packages() for tab in getattr(importlib.import_module(package), "TABS", ())]
    return sorted(found, key=lambda tab: (tab.order, tab.name))


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the search in the top bar, and where it leads."""

    icon: str
    words: str
    screen: str
    chosen: dict[str, Any] = field(default_factory=dict)


class Finder(Protocol):
    """What a subject adds to the search: `FINDERS` in its package names classes as `package.module:Class`."""

    def __init__(self, bench: Bench) -> None:
        """Made once for a window."""

    def find(self, text: str, then: Callable[[list[Found]], None]) -> None:
        """Look for what is typed; `then` is called in the main thread, for the last text only."""
        ...


def finders(bench: Bench) -> list[Finder]:
    """Every finder, made."""
    made = []
    for package in packages():
        for factory in getattr(importlib.import_module(package), "FINDERS", ()):
            module, _colon, name = factory.partition(":")
            made.append(getattr(importlib.import_module(module), name)(bench))
    return made


def packages() -> list[str]:
    """The packages that may declare screens, tabs, panels, finders and workspaces."""
    import ui

    ours = [f"ui.{found.name}" for found in pkgutil.iter_modules(ui.__path__) if found.ispkg]
    outside = os.environ.get("ARCHWIRE_SLICES", "").replace(",", " ").split()
    return [*ours, *outside]


def discover() -> list[ScreenSpec]:
    """Every screen, in rail order; two screens of one name are refused."""
    found: dict[str, ScreenSpec] = {}
    for package in packages():
        for spec in getattr(importlib.import_module(package), "SCREENS", ()):
            if spec.name in found:
                raise ValueError(f"screen {spec.name} is declared twice")
            found[spec.name] = spec
    places = list(Group)
    return sorted(found.values(), key=lambda spec: (places.index(spec.group), spec.order, spec.name))
