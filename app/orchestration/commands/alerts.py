"""Alerts of the day: fired, passed on, acknowledged, settled. One row for each occurrence, wherever it was noticed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import or_, select

from app.core.clock import from_millis, to_millis
from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import ClinicId, derived_id
from app.core.permissions import Role
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.orchestration.events import AlertEscalated, AlertFired
from app.orchestration.folding import snapshot
from app.orchestration.inference import Source, infer, visits_today
from app.orchestration.loading import load_loaded_day
from app.orchestration.model import FlowAlert
from app.orchestration.permissions import ANSWER_ALERTS, WATCH_DAY
from app.orchestration.settings import ESCALATE_AFTER, INTERRUPT_EVERY, LEAVES_AFTER, TOO_MANY_ROLE
from app.orchestration.vocabulary import AlertKind, AlertState, FlowAlertId
from app.orchestration.watching import CHAINS, Finding, findings, thresholds_of
from app.practice.calendar import load_calendar
from app.practice.entry import clean_text
from app.practice.local_time import whole_minute
from app.scheduling.model import AppointmentState
from app.scheduling.vocabulary import EventKind

STANDING = (AlertState.OPEN, AlertState.ACKNOWLEDGED)


@command(permission=WATCH_DAY, label=N_("Look at the day for alerts"), hidden=True)
def watch_day(tx: Transaction, clinic_id: ClinicId) -> int:
    """Fire what has to be looked at, end what no longer stands, pass on what nobody acknowledged.

    Returns how many alerts stand.
    """
    read, minute = tx.reading(), whole_minute(tx.now)
    on = load_calendar(read, clinic_id).date_of(minute)
    found = {
        _alert_id(clinic_id, on, item): item
        for item in findings(snapshot(load_loaded_day(read, clinic_id, on), minute), thresholds_of(read))
    }
    recent = or_(FlowAlert.state.in_(STANDING), FlowAlert.fired_at > tx.now - timedelta(days=2))
    known = {row.id: row for row in tx.all(select(FlowAlert).where(FlowAlert.clinic_id == clinic_id, recent))}
    standing = {key: row for key, row in known.items() if row.state in STANDING}
    _end(tx, standing, found)
    for key, row in sorted(standing.items(), key=lambda item: (item[1].fired_at, item[0])):
        if key in found:
            _say_anew(row, found[key])
            _pass_on(tx, row)
    for key, item in found.items():
        if key not in known or known[key].state is AlertState.ENDED:
            _fire(tx, clinic_id, key, item, known.get(key))
    return len(found)


def _alert_id(clinic_id: str, on: date, item: Finding) -> FlowAlertId:
    return FlowAlertId(derived_id("flow_alert", clinic_id, on.isoformat(), item.kind.value, item.subject))


def chain_of(tx: Transaction, kind: AlertKind) -> tuple[Role, ...]:
    """Who is told of a kind, one after the other."""
    return (tx.setting(TOO_MANY_ROLE),) if kind is AlertKind.TOO_MANY else CHAINS[kind]


def _tell(tx: Transaction, row: FlowAlert, role: Role) -> None:
    """It is this role's turn; it is interrupted only if it was left in peace for long enough."""
    tx.session.flush()
    since = tx.now - timedelta(minutes=tx.setting(INTERRUPT_EVERY))
    recent = tx.all(select(FlowAlert.told).where(FlowAlert.escalated_at > since))
    times = [at for told in recent for who, at, loud in told or () if who == role.value and loud]
    row.interrupts = not any(from_millis(at) > since for at in times)
    row.role, row.escalated_at = role, tx.now
    row.told = [*(row.told or ()), [role.value, to_millis(tx.now), int(row.interrupts)]]


def _fire(
    tx: Transaction, clinic_id: ClinicId, key: FlowAlertId, item: Finding, ended: FlowAlert | None
) -> None:  # fmt: skip
    role = chain_of(tx, item.kind)[0]
    row = ended or tx.add(
        FlowAlert(
            id=key, clinic_id=clinic_id, kind=item.kind, subject=item.subject, appointment_id=item.appointment_id,
            patient_id=item.patient_id, message=item.message, facts=dict(item.facts), role=role, told=[],
            fired_at=tx.now, escalated_at=tx.now,
        )
    )  # fmt: skip
    row.state, row.level, row.fired_at = AlertState.OPEN, 0, tx.now
    row.settled_at = row.settled_by = row.acknowledged_at = row.acknowledged_by = None
    _tell(tx, row, role)
    tx.record(AlertFired(item.patient_id, key, item.kind, role))


def _end(tx: Transaction, standing: Mapping[str, FlowAlert], found: Mapping[FlowAlertId, Finding]) -> None:
    """What somebody looked after has been acted upon; the rest has ended by itself."""
    for key, row in standing.items():
        if key not in found:
            acted = row.state is AlertState.ACKNOWLEDGED
            row.state, row.settled_at = AlertState.ACTED if acted else AlertState.ENDED, tx.now
            row.settled_by = row.acknowledged_by


def _say_anew(row: FlowAlert, item: Finding) -> None:
    """What is said changes with the message, not with every minute that passes."""
    if row.message != item.message:
        row.message, row.facts = item.message, dict(item.facts)


def _pass_on(tx: Transaction, row: FlowAlert) -> None:
    chain = chain_of(tx, row.kind)
    waited = tx.now - row.escalated_at >= timedelta(minutes=tx.setting(ESCALATE_AFTER))
    if row.state is not AlertState.OPEN or not waited or row.level + 1 >= len(chain):
        return
    role = chain[row.level + 1]
    row.level += 1
    _tell(tx, row, role)
    tx.record(AlertEscalated(row.patient_id, row.id, row.kind, role))


def _standing(tx: Transaction, alert_id: FlowAlertId) -> FlowAlert:
    row = tx.get(FlowAlert, alert_id)
    if row.state not in STANDING:
        raise RuleViolation(N_("This alert has ended."), field="alert_id")
    return row


@command(permission=WATCH_DAY, label=N_("Take those who left out of the checkout"), hidden=True)
def infer_departures(tx: Transaction, clinic_id: ClinicId) -> int:
    """Who has been at the checkout for long enough has left; returns how many."""
    minutes = tx.setting(LEAVES_AFTER)
    if not minutes:
        return 0
    before = tx.now - timedelta(minutes=minutes)
    state = AppointmentState
    rows = visits_today(tx, state.clinic_id == clinic_id, state.flow == "checkout", state.completed_at <= before)
    return sum(infer(tx, row.id, EventKind.LEFT, Source.TIME) for row in rows)


@command(permission=ANSWER_ALERTS, label=N_("Acknowledge the alert"), icon="check")
def acknowledge_alert(tx: Transaction, alert_id: FlowAlertId) -> None:
    """I look after this: the alert is not passed on."""
    row = _standing(tx, alert_id)
    if row.state is AlertState.ACKNOWLEDGED:
        raise RuleViolation(N_("Somebody looks after this already."), field="alert_id")
    row.state, row.acknowledged_at, row.acknowledged_by = AlertState.ACKNOWLEDGED, tx.now, tx.actor.id


@command(permission=ANSWER_ALERTS, label=N_("Mark the alert as done"), icon="check-circle")
def settle_alert(tx: Transaction, alert_id: FlowAlertId, note: str = "") -> None:
    """What the alert asked for has been done."""
    _settle(_standing(tx, alert_id), tx, AlertState.ACTED, note)


@command(permission=ANSWER_ALERTS, label=N_("Mark the alert as false"), icon="x-circle")
def mark_alert_false(tx: Transaction, alert_id: FlowAlertId, note: str = "") -> None:
    """There was nothing to look after; the history counts it, and it does not come back today."""
    _settle(_standing(tx, alert_id), tx, AlertState.FALSE, note)


def _settle(row: FlowAlert, tx: Transaction, state: AlertState, note: str) -> None:
    row.state, row.settled_at, row.settled_by = state, tx.now, tx.actor.id
    row.acknowledged_at = row.acknowledged_at or tx.now
    row.acknowledged_by = row.acknowledged_by or tx.actor.id
    row.note = clean_text(note, "note")
