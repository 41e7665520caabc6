"""Statuses and severities: shape and word. Colours come from the theme; the icon may not be switched off."""

from dataclasses import dataclass

from app.core.i18n import N_


@dataclass(frozen=True, slots=True)
class Status:
    """`icon` is a Phosphor name, `label` a msgid; `struck` strikes the patient's name, `dashed` dashes the edge."""

    key: str
    icon: str
    weight: str
    label: str
    struck: bool = False
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Severity:
    """`icon` is a Phosphor name, `label` a msgid."""

    key: str
    icon: str
    label: str


# `expected` keeps an outline, never a fill: an empty shape for someone who is not there.
STATUSES = {
    status.key: status
    for status in (
        Status("expected", "circle-dashed", "bold", N_("Expected")),
        Status("late", "clock-countdown", "fill", N_("Late"), dashed=True),
        Status("waiting", "armchair", "fill", N_("Waiting")),
        Status("seated", "office-chair", "fill", N_("In chair")),
        Status("needed", "hand-palm", "fill", N_("Dr needed")),
        Status("here", "stethoscope", "fill", N_("Dr at chair")),
        Status("checkout", "receipt", "fill", N_("Checkout")),
        Status("done", "check-circle", "fill", N_("Done")),
        Status("missed", "x-circle", "fill", N_("No-show"), struck=True),
        Status("paused", "pause-circle", "fill", N_("Paused")),
        Status("cancelled", "prohibit", "fill", N_("Cancelled"), struck=True),
        Status("cleaning", "broom", "fill", N_("Cleaning")),
    )
}

SEVERITIES = {
    severity.key: severity
    for severity in (
        Severity("info", "info", N_("Information")),
        Severity("ok", "check", N_("Up to date")),
        Severity("warn", "warning", N_("To watch")),
        Severity("danger", "warning-octagon", N_("Urgent")),
    )
}
