"""The records of billing. Amounts are whole cents, Canadian dollars, and are never changed: a later row voids them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Mapped

from app.billing.vocabulary import OpeningBalanceId
from app.core.i18n import N_
from app.core.ids import PatientId, PersonId
from app.core.money import Money
from app.journal.records import Merge, Record, cents, day, instant, key, link, reference, text

STREAM = "billing"


class OpeningBalance(Record, merge=Merge.EVENT, stream=STREAM, subject="patient_id"):
    """What a family owed on one day in the system that the clinic left.

    `balance` is what was still owed, negative for a credit: often `contract_total` less `paid_to_date`, but fees,
    credits and insurance make it another amount, so that all three are kept as given. A row with `corrects_id` only
    voids that row, and its own amounts are zero.
    """

    __tablename__ = "opening_balance"
    __noun__ = N_("opening balance")

    id: Mapped[OpeningBalanceId] = key()
    patient_id: Mapped[PatientId] = reference("patient")
    person_id: Mapped[PersonId | None] = reference("person", index=False)
    as_of_on: Mapped[date] = day()
    contract_total: Mapped[Money] = cents()
    paid_to_date: Mapped[Money] = cents()
    balance: Mapped[Money] = cents()
    system: Mapped[str | None] = text()
    legacy_number: Mapped[str | None] = text()
    recorded_at: Mapped[datetime] = instant()
    recorded_by: Mapped[str] = link(index=False)
    corrects_id: Mapped[OpeningBalanceId | None] = reference("opening_balance")
