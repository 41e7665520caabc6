"""What the palette offers of paper: every document that can be made from where one is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from app.core.i18n import N_, _
from ui.printing.documents import PRINTS, PrintSpec
from ui.shell.palette_entries import Entry, Section, who_may
from ui.shell.paper import to_print

if TYPE_CHECKING:
    from ui.shell.window import Window

KEYS: Final = {"evacuation": ("Ctrl", "Shift", "E")}


def print_entries(window: Window) -> list[Entry]:
    """A line for each document; those of a patient only where a patient is shown."""
    context = to_print(window)
    return [
        _entry(window, spec, context)
        for spec in PRINTS.values()
        if spec.needs != "patient" or context.get("patient_id")
    ]


def _entry(window: Window, spec: PrintSpec, context: dict[str, object]) -> Entry:
    reason = "" if window.bench.may(spec.permission) else who_may(spec.permission)
    chosen = {name: context[name] for name in ("patient_id", "appointment_id", "on") if context.get(name)}
    return Entry(
        f"print:{spec.name}", Section.PAPER, spec.icon, _(N_("Print: {title}"), title=_(spec.title)),
        partial(window.open, "print", **{**chosen, "document": spec.name}), keys=KEYS.get(spec.name, ()), reason=reason,
        words=spec.name.replace("_", " "),
    )  # fmt: skip
