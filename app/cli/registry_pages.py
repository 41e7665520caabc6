"""`commands`, `queries`, `events`, `permissions`, `settings`: what the slices declare, as it stands in the registry."""

from __future__ import annotations

import dataclasses
import inspect
import typing
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.cli.absent import Absent
from app.cli.console import Console
from app.cli.plain import table
from app.cli.verbs import Verb
from app.core.i18n import N_, _

if TYPE_CHECKING:
    from app.core.settings import Setting
    from app.journal.commands import Command, Parameter, Query
    from app.journal.events import DomainEvent

Row = dict[str, Any]


def command_row(item: Command[..., Any]) -> Row:
    """What the command line, help and the rights page know of a command."""
    return _callable_row(item) | {
        "undoable": item.undo is not None,
        "undone_by": item.undo.command.name if item.undo else None,
        "hidden": item.hidden,
        "shortcut": item.shortcut,
    }


def query_row(item: Query[..., Any]) -> Row:
    """What is known of a query."""
    from app.cli.annotations import type_name

    returned = typing.get_type_hints(item.function).get("return", type(None))
    return _callable_row(item) | {"returns": type_name(returned)}


def _callable_row(item: Command[..., Any] | Query[..., Any]) -> Row:
    return {
        "name": item.name,
        "slice": item.slice,
        "label": _(item.label),
        "help": _(item.help),
        "permission": item.permission.name if item.permission else None,
        "parameters": [_parameter_row(parameter) for parameter in item.parameters],
    }


def _parameter_row(item: Parameter) -> Row:
    from app.cli.annotations import choices, is_optional, structure, type_name

    return {
        "name": item.name,
        "type": type_name(item.annotation),
        "required": item.required,
        "optional": is_optional(item.annotation),
        "default": None if item.secret else item.default,
        "secret": item.secret,
        "choices": choices(item.annotation),
        "fields": structure(item.annotation),
    }


def event_row(item: type[DomainEvent]) -> Row:
    """What is known of a domain event, with the reactions of the slices."""
    from app.cli.annotations import type_name
    from app.journal.events import REACTIONS

    hints = typing.get_type_hints(item)
    return {
        "code": item.code,
        "name": item.__name__,
        "slice": item.__module__.split(".")[-2],
        "help": _(_first_paragraph(item)),
        "subject": item.subject,
        "fields": {field.name: type_name(hints[field.name]) for field in dataclasses.fields(item)},
        "reactions": sorted(reaction.name for reaction in REACTIONS.get(item.code, ())),
    }


def _first_paragraph(item: Any) -> str:
    return " ".join((inspect.getdoc(item) or "").split("\n\n")[0].split())


def setting_row(item: Setting[Any]) -> Row:
    """What is known of a setting."""
    from app.cli.annotations import choices, type_name

    return {
        "name": item.name,
        "scope": item.scope.value,
        "type": type_name(item.kind),
        "default": item.default,
        "minimum": item.minimum,
        "maximum": item.maximum,
        "unit": _(item.unit),
        "choices": choices(item.kind),
        "label": _(item.label),
        "help": _(item.help),
        "page": item.page.name,
    }


def command_rows() -> list[Row]:
    """Every command, by slice and name."""
    from app.journal.commands import COMMANDS

    return _sorted(command_row(item) for item in COMMANDS.values())


def query_rows() -> list[Row]:
    """Every query, by slice and name."""
    from app.journal.commands import QUERIES

    return _sorted(query_row(item) for item in QUERIES.values())


def event_rows() -> list[Row]:
    """Every domain event, by code."""
    from app.journal.events import EVENTS

    return [event_row(EVENTS[code]) for code in sorted(EVENTS)]


def permission_rows() -> list[Row]:
    """Every permission with the roles that hold it unless the clinic decides otherwise, and what needs it."""
    from app.core.permissions import PERMISSIONS, ROLE_LABELS
    from app.journal.commands import COMMANDS, QUERIES

    def needing(items: dict[str, Any], name: str) -> list[str]:
        return sorted(key for key, item in items.items() if item.permission and item.permission.name == name)

    return [
        {
            "name": name,
            "label": _(item.label),
            "presets": [role.value for role in item.presets],
            "roles": [_(ROLE_LABELS[role]) for role in item.presets],
            "commands": needing(COMMANDS, name),
            "queries": needing(QUERIES, name),
        }
        for name, item in sorted(PERMISSIONS.items())
    ]


def setting_rows() -> list[Row]:
    """Every setting, by page and name."""
    from app.core.settings import SETTINGS

    ordered = sorted(SETTINGS.values(), key=lambda item: (item.page.order, item.page.name, item.name))
    return [setting_row(item) for item in ordered]


def _sorted(rows: Any) -> list[Row]:
    return sorted(rows, key=lambda row: (row["slice"], row["name"]))


def _page(rows: Callable[[], list[Row]], columns: dict[str, str]) -> Callable[[Namespace, Console], int]:
    def run(arguments: Namespace, console: Console) -> int:
        from app.journal.discovery import load_slices

        load_slices()
        found = _filtered(rows(), getattr(arguments, "name", None))
        console.emit(found, lambda: table([_flat(row) for row in found], {k: _(v) for k, v in columns.items()}))
        return 0

    return run


def _filtered(rows: list[Row], name: str | None) -> list[Row]:
    if name is None:
        return rows
    kept = [row for row in rows if name in {row.get(key) for key in ("name", "slice", "code", "page")}]
    if not kept:
        raise Absent(N_("Nothing is declared under the name “{name}”."), name=name)
    return kept


def _flat(row: Row) -> Row:
    """Lists of parameters as one cell: `name`, or `[name]` when it may be left out."""
    shown = dict(row)
    if "parameters" in row:
        shown["parameters"] = " ".join(
            item["name"] if item["required"] else f"[{item['name']}]" for item in row["parameters"]
        )
    for name in ("roles", "reactions"):
        if name in row:
            shown[name] = ", ".join(row[name])
    if isinstance(row.get("fields"), dict):
        shown["fields"] = " ".join(row["fields"])
    return shown


def _take_name(parser: ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help=_(N_("only this name, this slice, or this page of settings")))


def _settings_arguments(parser: ArgumentParser) -> None:
    _take_name(parser)
    parser.add_argument(
        "--markdown",
        nargs="?",
        const="-",
        metavar="FILE",
        help=_(N_("write the documentation page of the settings, to a file or to the output")),
    )


def _settings(arguments: Namespace, console: Console) -> int:
    if arguments.markdown is None:
        return _page(setting_rows, _SETTING_COLUMNS)(arguments, console)
    from app.cli.settings_page import settings_page
    from app.journal.discovery import load_slices

    load_slices()
    text = settings_page()
    if arguments.markdown == "-":
        console.emit({"markdown": text}, text.rstrip("\n"))
        return 0
    path = Path(arguments.markdown)
    path.write_text(text, encoding="utf-8")
    console.emit({"written": str(path)}, _(N_("Written to {path}."), path=str(path)))
    return 0


_CALLABLE_COLUMNS: Final = {
    "slice": N_("Slice"),
    "name": N_("Name"),
    "label": N_("Label"),
    "permission": N_("Permission"),
    "parameters": N_("Arguments"),
}
_EVENT_COLUMNS: Final = {"code": N_("Code"), "slice": N_("Slice"), "fields": N_("Fields"), "reactions": N_("Reactions")}
_PERMISSION_COLUMNS: Final = {"name": N_("Name"), "label": N_("Label"), "roles": N_("Roles")}
_SETTING_COLUMNS: Final = {
    "name": N_("Name"),
    "scope": N_("Scope"),
    "type": N_("Type"),
    "default": N_("Default"),
    "label": N_("Label"),
}

VERBS: Final = [
    Verb("commands", N_("List what can be done."), _take_name, _page(command_rows, _CALLABLE_COLUMNS)),
    Verb("queries", N_("List what can be asked."), _take_name, _page(query_rows, _CALLABLE_COLUMNS)),
    Verb("events", N_("List the events and what reacts to them."), _take_name, _page(event_rows, _EVENT_COLUMNS)),
    Verb("permissions", N_("List the permissions and roles."), _take_name, _page(permission_rows, _PERMISSION_COLUMNS)),
    Verb("settings", N_("List the settings, or write their documentation page."), _settings_arguments, _settings),
]
