"""Alerts: allergies, medical conditions, custody, what to mind."""

from __future__ import annotations

from datetime import date

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.patients.commands.patients import living_patient
from app.patients.entry import needed_text
from app.patients.model import Alert
from app.patients.permissions import EDIT_ALERTS
from app.patients.vocabulary import AlertId, AlertKind, AlertSeverity


def standing_alert(tx: Transaction, alert_id: AlertId) -> Alert:
    """An alert that was neither ended nor withdrawn."""
    alert = tx.get(Alert, alert_id)
    if alert.ended_at is not None or alert.withdrawn_at is not None or alert.text == "":
        raise RuleViolation(N_("This alert has already ended."), field="alert_id")
    return alert


def _check_span(since_on: date | None, until_on: date | None) -> None:
    if since_on is not None and until_on is not None and until_on < since_on:
        raise RuleViolation(N_("The alert ends before it begins."), field="until_on")


@command(permission=EDIT_ALERTS, label=N_("Withdraw the alert"))
def withdraw_alert(tx: Transaction, alert_id: AlertId) -> None:
    """Take out an alert that was entered by mistake."""
    standing_alert(tx, alert_id).withdrawn_at = tx.now


@command(permission=EDIT_ALERTS, label=N_("Raise an alert"), undo=(withdraw_alert, Alert))
def raise_alert(
    tx: Transaction,
    patient_id: PatientId,
    kind: AlertKind,
    text: str,
    severity: AlertSeverity = AlertSeverity.WARNING,
    since_on: date | None = None,
    until_on: date | None = None,
) -> AlertId:
    """Warn everybody who opens the chart."""
    living_patient(tx, patient_id)
    _check_span(since_on, until_on)
    alert = tx.add(
        Alert(
            patient_id=patient_id,
            kind=kind,
            severity=severity,
            text=needed_text(text, "text"),
            since_on=since_on,
            until_on=until_on,
        )
    )
    return alert.id


@command(permission=EDIT_ALERTS, label=N_("Change the alert"))
def change_alert(
    tx: Transaction,
    alert_id: AlertId,
    kind: AlertKind | None = None,
    text: str | None = None,
    severity: AlertSeverity | None = None,
    since_on: date | None = None,
    until_on: date | None = None,
) -> None:
    """Change what is given and leave the rest."""
    alert = standing_alert(tx, alert_id)
    if text is not None:
        alert.text = needed_text(text, "text")
    alert.kind = kind or alert.kind
    alert.severity = severity or alert.severity
    alert.since_on = since_on or alert.since_on
    alert.until_on = until_on or alert.until_on
    _check_span(alert.since_on, alert.until_on)


@command(permission=EDIT_ALERTS, label=N_("End the alert"))
def end_alert(tx: Transaction, alert_id: AlertId) -> None:
    """The alert no longer holds; it stays in the history."""
    standing_alert(tx, alert_id).ended_at = tx.now
