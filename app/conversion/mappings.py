"""Keeping mappings: one a name, changed by saving it again."""

from __future__ import annotations

import dataclasses

from sqlalchemy import Select, select

from app.conversion.mapping import Mapping, as_body, checked
from app.conversion.model import ConversionMapping
from app.conversion.permissions import CONVERT
from app.conversion.vocabulary import MappingId
from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.journal.commands import command
from app.journal.transaction import Transaction


@command(permission=CONVERT, label=N_("Withdraw the mapping"))
def withdraw_mapping(tx: Transaction, mapping_id: MappingId) -> None:
    """Offer a mapping no more."""
    row = tx.get(ConversionMapping, mapping_id)
    row.withdrawn_at = row.withdrawn_at or tx.now


@command(permission=CONVERT, label=N_("Save the mapping"), undo=(withdraw_mapping, ConversionMapping))
def save_mapping(tx: Transaction, mapping: Mapping) -> MappingId:
    """Keep how an old system is read, under its name, for the next run. A name that is known already is refused."""
    named = checked(mapping)
    if tx.first(_named(named.name)) is not None:
        raise RuleViolation(N_("There is a mapping “{name}” already."), field="name", name=named.name)
    return tx.add(ConversionMapping(name=named.name, body=as_body(named))).id


@command(permission=CONVERT, label=N_("Change the mapping"))
def change_mapping(tx: Transaction, mapping_id: MappingId, mapping: Mapping) -> None:
    """Change how an old system is read. The name of the system stays: its rows are known by it."""
    row = tx.get(ConversionMapping, mapping_id)
    if row.withdrawn_at is not None:
        raise RuleViolation(N_("This mapping is no longer in use."), field="mapping_id")
    named = dataclasses.replace(checked(mapping), system=row.body["system"])
    other = tx.first(_named(named.name))
    if other is not None and other.id != mapping_id:
        raise RuleViolation(N_("There is a mapping “{name}” already."), field="name", name=named.name)
    row.name, row.body = named.name, as_body(named)


def _named(name: str) -> Select[ConversionMapping]:
    return select(ConversionMapping).where(ConversionMapping.name == name, ConversionMapping.withdrawn_at.is_(None))
