"""Where setting values are kept: the clinic's and a person's are captured and synced; what belongs to this
workstation, or to a person at it, is not."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import select

from app.core.errors import NotFound, RuleViolation
from app.core.i18n import N_
from app.core.permissions import Permission, Role
from app.core.settings import SETTINGS, Scope, Setting
from app.journal.commands import command
from app.journal.model import ClinicSetting, UserSetting, WorkstationSetting
from app.journal.queries import Reading
from app.journal.transaction import Transaction

T = TypeVar("T")

CHANGE_CLINIC_SETTINGS = Permission(
    "change_clinic_settings", N_("Change the clinic’s settings"), (Role.ORTHODONTIST, Role.PRACTICE_MANAGER)
)


def user_key(staff: str, setting: str) -> str:
    """The id of a person's value."""
    return f"{staff}:{setting}"


def value_of(read: Reading, setting: Setting[T]) -> T:
    """The value in force: what was chosen in the setting's scope, else its default."""
    if setting.scope is Scope.CLINIC:
        statement = select(ClinicSetting.value).where(ClinicSetting.id == setting.name)
    elif setting.scope is Scope.USER:
        statement = select(UserSetting.value).where(UserSetting.id == user_key(read.actor.id, setting.name))
    elif setting.scope is Scope.SEAT:
        seat = user_key(read.actor.id, setting.name)
        statement = select(WorkstationSetting.value).where(WorkstationSetting.id == seat)
    else:
        statement = select(WorkstationSetting.value).where(WorkstationSetting.id == setting.name)
    value = read.execute(statement).scalar()
    try:
        return setting.default if value is None else setting.parse(value)
    except RuleViolation:  # kept by another version, which allowed it
        return setting.default


def values_of(read: Reading) -> dict[str, Any]:
    """Every declared setting with its value in force for this reader."""
    return {name: value_of(read, setting) for name, setting in SETTINGS.items()}


def _declared(name: str) -> Setting[Any]:
    if name not in SETTINGS:
        raise NotFound(N_("setting"), name)
    return SETTINGS[name]


@command(permission=None, label=N_("Change the setting"), hidden=True)
def change_setting(tx: Transaction, name: str, value: str) -> None:
    """Give a setting another value; the clinic’s settings need the right to change them."""
    setting = _declared(name)
    _keep(tx, setting, setting.parse(value))


@command(permission=None, label=N_("Reset the setting"), hidden=True)
def reset_setting(tx: Transaction, name: str) -> None:
    """Give a setting its original value back."""
    setting = _declared(name)
    _keep(tx, setting, setting.default)


def _keep(tx: Transaction, setting: Setting[Any], value: Any) -> None:
    if setting.scope is Scope.CLINIC:
        tx.require(CHANGE_CLINIC_SETTINGS)
        kept = tx.find(ClinicSetting, setting.name)
        if kept is None:
            tx.add(ClinicSetting(id=setting.name, value=value))
        else:
            kept.value = value
    elif setting.scope is Scope.USER:
        identity = user_key(tx.actor.id, setting.name)
        mine = tx.find(UserSetting, identity)
        if mine is None:
            tx.add(UserSetting(id=identity, staff_id=tx.actor.id, setting=setting.name, value=value))
        else:
            mine.value = value
    elif setting.scope is Scope.SEAT:  # where somebody likes a panel is nobody’s business: no entry of the access log
        seat = user_key(tx.actor.id, setting.name)
        tx.session.merge(WorkstationSetting(id=seat, value=value))
        tx.touch_local(WorkstationSetting, seat)
    else:
        tx.session.merge(WorkstationSetting(id=setting.name, value=value))
        tx.touch_local(WorkstationSetting, setting.name)
        tx.log_access("setting_changed", detail=setting.name)
