"""Setting up archives and routes, and looking after what could not be sent."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import func, select

from app.archives.backing_up import NOWHERE, back_up
from app.archives.credentials import ArchiveCredentials, keep_credentials
from app.archives.model import ArchivePreference, RoutingRule, Transfer, VnaConfiguration
from app.archives.permissions import MANAGE_ARCHIVES
from app.archives.routing import Condition, checked
from app.archives.sending import note_answer, note_sent, route_images
from app.archives.vocabulary import (
    ArchiveId,
    ArchiveKind,
    RoutingRuleId,
    SendMode,
    Spread,
    TransferState,
    Verification,
)
from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId
from app.core.secret import Secret
from app.gateway.titles import checked_title
from app.journal.commands import command
from app.journal.transaction import Transaction
from app.patients.commands.patients import living_patient
from app.practice.entry import clean_name

__all__ = [
    "NOWHERE",
    "add_archive",
    "add_routing_rule",
    "back_up",
    "change_archive",
    "change_routing_rule",
    "discard_dead_transfers",
    "enter_archive_credentials",
    "forget_archive_preference",
    "note_answer",
    "note_sent",
    "order_routing_rules",
    "prefer_archive",
    "retry_dead_transfers",
    "route_images",
    "withdraw_archive",
    "withdraw_routing_rule",
]  # fmt: skip
MOST_ASSOCIATIONS: Final = 8
MOST_RULES: Final = 500
LONGEST_DELAY: Final = 7 * 24 * 3600


@command(permission=MANAGE_ARCHIVES, label=N_("Withdraw the archive"), icon="x-circle")
def withdraw_archive(tx: Transaction, archive_id: ArchiveId) -> None:
    """Send nothing there any more. What it holds stays there, and rules that name it send to the others."""
    _archive(tx, archive_id).withdrawn_at = tx.now


@command(
    permission=MANAGE_ARCHIVES,
    label=N_("Add an archive"),
    undo=(withdraw_archive, VnaConfiguration),
    icon="hard-drives",
)
def add_archive(
    tx: Transaction,
    name: str,
    kind: ArchiveKind = ArchiveKind.CLASSIC,
    host: str = "",
    port: int | None = None,
    ae_title: str = "",
    base_url: str = "",
    tls: bool = False,
    verification: Verification = Verification.FIND,
    send_mode: SendMode = SendMode.IMMEDIATE,
    stable_seconds: int = 60,
    associations: int = 2,
    is_default: bool = False,
) -> ArchiveId:
    """Add an archive. With `is_default` it is given what no rule applies to."""
    made = VnaConfiguration(
        name=clean_name(name), kind=kind, host=host.strip() or None, port=port,
        ae_title=checked_title(ae_title) if ae_title else None, base_url=base_url.strip() or None, tls=tls,
        verification=verification, send_mode=send_mode, stable_seconds=stable_seconds, associations=associations,
        is_default=is_default, enabled=True,
    )  # fmt: skip
    _check_archive(made)
    return tx.add(made).id


@command(permission=MANAGE_ARCHIVES, label=N_("Change the archive"), icon="pencil-simple")
def change_archive(
    tx: Transaction,
    archive_id: ArchiveId,
    name: str | None = None,
    host: str | None = None,
    port: int | None = None,
    ae_title: str | None = None,
    base_url: str | None = None,
    tls: bool | None = None,
    verification: Verification | None = None,
    send_mode: SendMode | None = None,
    stable_seconds: int | None = None,
    associations: int | None = None,
    is_default: bool | None = None,
    enabled: bool | None = None,
) -> None:
    """Change what is given. An archive that is not `enabled` keeps its queue, which rests."""
    archive = _archive(tx, archive_id)
    archive.name = archive.name if name is None else clean_name(name)
    archive.ae_title = archive.ae_title if ae_title is None else checked_title(ae_title)
    given = {
        "host": host and host.strip(), "port": port, "base_url": base_url and base_url.strip(), "tls": tls,
        "verification": verification,
        "send_mode": send_mode, "stable_seconds": stable_seconds, "associations": associations,
        "is_default": is_default, "enabled": enabled,
    }  # fmt: skip
    for column, value in given.items():
        if value is not None:
            setattr(archive, column, value)
    _check_archive(archive)


@command(permission=MANAGE_ARCHIVES, label=N_("Enter who we are to the archive"), icon="key")
def enter_archive_credentials(tx: Transaction, archive_id: ArchiveId, secret: Secret, user: str = "") -> None:
    """Keep a user and a password, or a token alone, for a DICOMweb archive, on this computer only.

    They stand in the keyring, in no database, so that nothing of them is copied to other computers.
    """
    archive = _archive(tx, archive_id)
    if archive.kind is not ArchiveKind.DICOMWEB:
        raise RuleViolation(N_("Classic archives know us by our AE title and certificate."), field="archive_id")
    given = secret.reveal().strip()
    if not given:
        raise RuleViolation(N_("Enter the secret."), field="secret")
    keep_credentials(tx.files.folder.parent, archive_id, ArchiveCredentials(given, user.strip()))


@command(permission=MANAGE_ARCHIVES, label=N_("Withdraw the routing rule"), icon="x-circle")
def withdraw_routing_rule(tx: Transaction, rule_id: RoutingRuleId) -> None:
    """Take a rule away. What it has decided stays as it was decided."""
    _rule(tx, rule_id).withdrawn_at = tx.now


@command(
    permission=MANAGE_ARCHIVES,
    label=N_("Add a routing rule"),
    undo=(withdraw_routing_rule, RoutingRule),
    icon="tree-structure",
)
def add_routing_rule(
    tx: Transaction,
    name: str,
    destinations: list[ArchiveId],
    conditions: list[Condition] | None = None,
    every: bool = True,
    spread: Spread = Spread.ALL,
    delay_seconds: int = 0,
    priority: int = 5,
    verification: Verification | None = None,
    is_last: bool = False,
    enabled: bool = True,
) -> RoutingRuleId:
    """Add a rule after the others: IF all conditions (or any of them) THEN these archives."""
    last, count = tx.connection.execute(
        select(func.max(RoutingRule.position), func.count()).where(RoutingRule.withdrawn_at.is_(None))
    ).one()
    if count >= MOST_RULES:
        raise RuleViolation(N_("There are {most} rules already."), field="name", most=MOST_RULES)
    made = RoutingRule(
        name=clean_name(name), position=(last or 0) + 1, every=every, conditions=_kept(conditions or []),
        destinations=_destinations(tx, destinations), spread=spread, delay_seconds=_delay(delay_seconds),
        priority=_priority(priority), verification=verification, is_last=is_last, enabled=enabled,
    )  # fmt: skip
    return tx.add(made).id


@command(permission=MANAGE_ARCHIVES, label=N_("Change the routing rule"), icon="pencil-simple")
def change_routing_rule(
    tx: Transaction,
    rule_id: RoutingRuleId,
    name: str | None = None,
    destinations: list[ArchiveId] | None = None,
    conditions: list[Condition] | None = None,
    every: bool | None = None,
    spread: Spread | None = None,
    delay_seconds: int | None = None,
    priority: int | None = None,
    verification: Verification | None = None,
    is_last: bool | None = None,
    enabled: bool | None = None,
    archive_verifies: bool = False,
) -> None:
    """Change what is given; images that were decided before are not decided again.

    With `archive_verifies` the rule has no verification of its own any more.
    """
    rule = _rule(tx, rule_id)
    rule.name = rule.name if name is None else clean_name(name)
    rule.destinations = rule.destinations if destinations is None else _destinations(tx, destinations)
    rule.conditions = rule.conditions if conditions is None else _kept(conditions)
    rule.delay_seconds = rule.delay_seconds if delay_seconds is None else _delay(delay_seconds)
    rule.priority = rule.priority if priority is None else _priority(priority)
    if archive_verifies:
        rule.verification = None
    given = {"every": every, "spread": spread, "verification": verification, "is_last": is_last, "enabled": enabled}
    for column, value in given.items():
        if value is not None:
            setattr(rule, column, value)


@command(permission=MANAGE_ARCHIVES, label=N_("Order the routing rules"), icon="list")
def order_routing_rules(tx: Transaction, rule_ids: list[RoutingRuleId]) -> None:
    """Read these rules in this order, before any that are not named."""
    others = tx.all(select(RoutingRule.position).where(RoutingRule.id.not_in(rule_ids)))
    for position, rule_id in enumerate(rule_ids, min(others, default=1) - len(rule_ids)):
        rule = _rule(tx, rule_id)
        if rule.position != position:
            rule.position = position


@command(permission=MANAGE_ARCHIVES, label=N_("Forget the archive that the patient wants"), icon="user-minus")
def forget_archive_preference(tx: Transaction, patient_id: PatientId) -> None:
    """Images of the patient go where the rules say again, whatever was wished."""
    row = tx.find(ArchivePreference, patient_id)
    if row is not None:
        row.archive_id = None


@command(
    permission=MANAGE_ARCHIVES,
    label=N_("Note the archive that the patient wants"),
    undo=(forget_archive_preference, ArchivePreference),
    icon="user",
)
def prefer_archive(tx: Transaction, patient_id: PatientId, archive_id: ArchiveId | None = None) -> None:
    """Keep where a patient wants images to be; a rule may ask for it. Without an archive, forget it."""
    living_patient(tx, patient_id)
    if archive_id is not None:
        _archive(tx, archive_id)
    row = tx.find(ArchivePreference, patient_id)
    if row is None:
        tx.add(ArchivePreference(id=patient_id, patient_id=patient_id, archive_id=archive_id))
    else:
        row.archive_id = archive_id


@command(permission=MANAGE_ARCHIVES, label=N_("Send again what was given up"), icon="arrow-clockwise")
def retry_dead_transfers(tx: Transaction, archive_id: ArchiveId) -> int:
    """Put what an archive would not take back into its queue. Tells how many."""
    rows = _dead(tx, archive_id)
    for row in rows:
        row.state, row.attempts, row.due_at = TransferState.WAITING, 0, tx.now
        tx.touch_local(Transfer, row.id)
    return len(rows)


@command(permission=MANAGE_ARCHIVES, label=N_("Discard what was given up"), icon="trash")
def discard_dead_transfers(tx: Transaction, archive_id: ArchiveId) -> int:
    """Take what an archive would not take off its list. The images stay here. Tells how many."""
    rows = _dead(tx, archive_id)
    for row in rows:
        row.state = TransferState.REPLACED
        tx.touch_local(Transfer, row.id)
    return len(rows)


def _dead(tx: Transaction, archive_id: ArchiveId) -> list[Transfer]:
    wanted = select(Transfer).where(Transfer.archive_id == archive_id, Transfer.state == TransferState.DEAD)
    return list(tx.all(wanted.order_by(Transfer.id).limit(5000)))


def _archive(tx: Transaction, archive_id: ArchiveId) -> VnaConfiguration:
    found = tx.get(VnaConfiguration, archive_id)
    if found.withdrawn_at is not None:
        raise RuleViolation(N_("This archive was withdrawn."), field="archive_id")
    return found


def _check_archive(archive: VnaConfiguration) -> None:
    if archive.kind is ArchiveKind.DICOMWEB:
        parts = urlsplit(archive.base_url or "")
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
            raise RuleViolation(N_("Give the address of its DICOMweb services: https://…"), field="base_url")
    elif not (archive.host and archive.port and archive.ae_title):
        raise RuleViolation(N_("An archive needs its address, its port and its AE title."), field="host")
    if archive.port is not None and not 1 <= archive.port <= 65535:
        raise RuleViolation(N_("A port is a number from 1 to 65535."), field="port")
    if not 1 <= archive.associations <= MOST_ASSOCIATIONS:
        raise RuleViolation(
            N_("From 1 to {most} connections at once."), field="associations", most=MOST_ASSOCIATIONS
        )  # fmt: skip
    if not 5 <= archive.stable_seconds <= LONGEST_DELAY:
        raise RuleViolation(N_("A study is complete after 5 seconds at the earliest."), field="stable_seconds")


def _rule(tx: Transaction, rule_id: RoutingRuleId) -> RoutingRule:
    found = tx.get(RoutingRule, rule_id)
    if found.withdrawn_at is not None:
        raise RuleViolation(N_("This rule was withdrawn."), field="rule_id")
    return found


def _kept(conditions: list[Condition]) -> list[list[object]]:
    return [[one.fact.value, one.comparison.value, list(one.values)] for one in checked(conditions)]


def _destinations(tx: Transaction, destinations: list[ArchiveId]) -> list[str]:
    if not destinations:
        raise RuleViolation(N_("A rule needs an archive to send to."), field="destinations")
    return [_archive(tx, one).id for one in dict.fromkeys(destinations)]


def _delay(seconds: int) -> int:
    if not 0 <= seconds <= LONGEST_DELAY:
        raise RuleViolation(N_("A delay is at most seven days."), field="delay_seconds")
    return seconds


def _priority(priority: int) -> int:
    if not 0 <= priority <= 9:
        raise RuleViolation(N_("A priority is a number from 0 (first) to 9."), field="priority")
    return priority
