"""Recording and voiding opening balances."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app.billing.model import OpeningBalance
from app.billing.permissions import RECORD_OPENING_BALANCES
from app.billing.vocabulary import OpeningBalanceId
from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId
from app.core.money import ZERO, Money
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.patients.commands.patients import living_patient
from app.patients.entry import NAME_LIMIT, clean_text


@command(permission=RECORD_OPENING_BALANCES, label=N_("Void the opening balance"))
def void_opening_balance(tx: Transaction, balance_id: OpeningBalanceId) -> OpeningBalanceId:
    """Take back an opening balance that was recorded by mistake; both rows stay on file."""
    wrong = tx.get(OpeningBalance, balance_id)
    voided = select(OpeningBalance.id).where(OpeningBalance.corrects_id == balance_id)
    if wrong.corrects_id is not None or tx.first(voided):
        raise RuleViolation(N_("This opening balance has already been voided."), field="balance_id")
    row = OpeningBalance(
        patient_id=wrong.patient_id, as_of_on=wrong.as_of_on, contract_total=ZERO, paid_to_date=ZERO, balance=ZERO,
        recorded_at=tx.now, recorded_by=tx.actor.id, corrects_id=balance_id,
    )  # fmt: skip
    return tx.add(row).id


@command(
    permission=RECORD_OPENING_BALANCES,
    label=N_("Record the opening balance"),
    undo=(void_opening_balance, OpeningBalance),
)
def record_opening_balance(
    tx: Transaction,
    patient_id: PatientId,
    as_of_on: date,
    contract_cents: int,
    paid_cents: int,
    balance_cents: int,
    system: str = "",
) -> OpeningBalanceId:
    """Record what a family owed when the clinic left its old system. Amounts are in cents."""
    living_patient(tx, patient_id)
    check_opening(as_of_on, tx.today, contract_cents, paid_cents)
    row = OpeningBalance(
        patient_id=patient_id, as_of_on=as_of_on, contract_total=Money(contract_cents), paid_to_date=Money(paid_cents),
        balance=Money(balance_cents), system=clean_text(system, "system", limit=NAME_LIMIT), recorded_at=tx.now,
        recorded_by=tx.actor.id,
    )  # fmt: skip
    return tx.add(row).id


def check_opening(as_of_on: date, today: date, contract_cents: int, paid_cents: int) -> None:
    """`RuleViolation` for a day to come, or for a contract or payments below zero."""
    if as_of_on > today:
        raise RuleViolation(N_("This day is in the future."), field="as_of_on")
    if contract_cents < 0 or paid_cents < 0:
        raise RuleViolation(N_("A contract and its payments are not below zero."), field="contract_total")
