"""The documentation page of the settings, generated from their declarations."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from app.cli.plain import cell
from app.core.i18n import N_, _
from app.core.settings import SCOPE_LABELS, SETTINGS, Setting


def settings_page() -> str:
    """A Markdown page in the language in force: a heading for each page of the settings screen, a table in each."""
    ordered = sorted(SETTINGS.values(), key=lambda item: (item.page.order, _(item.page.title), item.name))
    parts = [f"# {_(N_('Settings'))}", _(N_("This page is generated from the declarations: do not edit it."))]
    for page, items in groupby(ordered, key=lambda item: item.page):
        parts += [f"## {_(page.title)}", _table(list(items))]
    return "\n\n".join(parts) + "\n"


def _table(items: list[Setting[Any]]) -> str:
    titles = [N_("Setting"), N_("Name"), N_("Scope"), N_("Values"), N_("Default"), N_("What it does")]
    lines = ["| " + " | ".join(_(title) for title in titles) + " |", "|" + " --- |" * len(titles)]
    return "\n".join(lines + [_row(item) for item in items])


def _row(item: Setting[Any]) -> str:
    cells = [_(item.label), f"`{item.name}`", _(SCOPE_LABELS[item.scope]), _values(item), _default(item), _(item.help)]
    return "| " + " | ".join(text.replace("|", "\\|") for text in cells) + " |"


def _values(item: Setting[Any]) -> str:
    from app.cli.annotations import choices

    labels = dict(item.labels)
    members = choices(item.kind)
    if members is not None:
        return ", ".join(f"`{member}` {_(labels.get(member, ''))}".rstrip() for member in members)
    if item.kind is bool:
        return f"{cell(True)}, {cell(False)}"
    if item.kind is not int:
        return _(N_("any text"))
    unit = f" {_(item.unit)}" if item.unit else ""
    if item.minimum is None and item.maximum is None:
        return _(N_("whole number")) + unit
    low = "−∞" if item.minimum is None else item.minimum
    high = "∞" if item.maximum is None else item.maximum
    return _(N_("{low} to {high}"), low=low, high=high) + unit


def _default(item: Setting[Any]) -> str:
    if item.kind is int and item.unit:
        return f"{item.default} {_(item.unit)}"
    return cell(item.default) or "—"
