"""Records of people who sign in, of their rights, and of what only this workstation knows of them."""

from __future__ import annotations

import enum
from datetime import date, datetime

from sqlalchemy.orm import Mapped

from app.core.i18n import N_
from app.core.ids import StaffId, derived_id
from app.core.permissions import Role
from app.journal.records import Merge, Record, choice, day, flag, instant, integer, key, reference, text


class Title(enum.StrEnum):
    """The professional title before a name (Code des professions, s. 58.1: a dentist may use “doctor”)."""

    NONE = "none"
    DR = "dr"
    DRE = "dre"


TITLE_LABELS: dict[Title, str] = {
    Title.NONE: N_("No title"),
    Title.DR: N_("Dr. (masculine)"),
    Title.DRE: N_("Dr. (feminine)"),
}


class Language(enum.StrEnum):
    """The language that a person works in."""

    FRENCH = "fr"
    ENGLISH = "en"


LANGUAGE_LABELS: dict[Language, str] = {Language.FRENCH: N_("French"), Language.ENGLISH: N_("English")}


class Staff(Record, merge=Merge.FIELD, stream="access"):
    """A person who works at the practice. Never deleted: who left stays named in the journal."""

    __tablename__ = "staff"
    __noun__ = N_("staff member")

    id: Mapped[StaffId] = key()
    username: Mapped[str] = text()
    display_name: Mapped[str] = text()
    title: Mapped[Title] = choice(Title, default=Title.NONE)
    pronoun: Mapped[str | None] = text()
    initials: Mapped[str] = text()
    language: Mapped[Language] = choice(Language, default=Language.FRENCH)
    is_active: Mapped[bool] = flag(default=True)
    left_on: Mapped[date | None] = day()
    credential_changed_at: Mapped[datetime | None] = instant()
    """When the password was last set: the journal says so although the hash never leaves the workstation."""


class StaffRole(Record, merge=Merge.FIELD, stream="access"):
    """Whether a person holds a role. One row for each person and role, so that giving it back is a plain update."""

    __tablename__ = "staff_role"
    __noun__ = N_("role of a person")

    id: Mapped[str] = key()
    staff_id: Mapped[StaffId] = reference("staff")
    role: Mapped[Role] = choice(Role)
    is_held: Mapped[bool] = flag(default=False)


class RoleGrant(Record, merge=Merge.CONFIG, stream="access"):
    """The clinic's decision on one permission of one role; `is_granted` is NULL where the preset applies again."""

    __tablename__ = "role_grant"
    __noun__ = N_("permission of a role")

    id: Mapped[str] = key()
    role: Mapped[Role] = choice(Role)
    permission: Mapped[str] = text()
    is_granted: Mapped[bool | None] = flag()


class StaffGrant(Record, merge=Merge.CONFIG, stream="access"):
    """An exception for one person, with its reason; `is_granted` is NULL where the roles decide again."""

    __tablename__ = "staff_grant"
    __noun__ = N_("exception of a person")

    id: Mapped[str] = key()
    staff_id: Mapped[StaffId] = reference("staff")
    permission: Mapped[str] = text()
    is_granted: Mapped[bool | None] = flag()
    reason: Mapped[str] = text(default="")


class Credential(Record, merge=Merge.LOCAL):
    """Argon2 hashes of a person's password and PIN on this workstation; `id` is the staff id. Never synced."""

    __tablename__ = "credential"
    __noun__ = N_("password or PIN")

    id: Mapped[StaffId] = key()
    password_hash: Mapped[str | None] = text()
    password_set_at: Mapped[datetime | None] = instant()
    password_used_at: Mapped[datetime | None] = instant()
    must_change: Mapped[bool] = flag(default=False)
    pin_hash: Mapped[str | None] = text()
    pin_set_at: Mapped[datetime | None] = instant()
    pin_failures: Mapped[int] = integer(default=0)


class SignInThrottle(Record, merge=Merge.LOCAL):
    """Failed tries in a row; `id` is the staff id, or one of 256 buckets for names that nobody has.

    An unknown name itself is not kept: people type their password there.
    """

    __tablename__ = "sign_in_throttle"
    __noun__ = N_("count of tries to sign in")

    id: Mapped[str] = key()
    failures: Mapped[int] = integer(default=0)
    wait_until_at: Mapped[datetime | None] = instant()
    failed_at: Mapped[datetime | None] = instant()


class SignInSession(Record, merge=Merge.LOCAL):
    """From the password at this workstation to the sign-out; the journal's `session` column names it."""

    __tablename__ = "sign_in_session"
    __noun__ = N_("session")

    id: Mapped[str] = key()
    staff_id: Mapped[StaffId] = text(index=True)
    started_at: Mapped[datetime] = instant()
    seen_at: Mapped[datetime] = instant()
    locked_at: Mapped[datetime | None] = instant()
    confirmed_at: Mapped[datetime | None] = instant()
    ended_at: Mapped[datetime | None] = instant()


def staff_role_id(staff_id: str, role: Role) -> str:
    """The same row on every workstation for one person and role."""
    return derived_id("staff_role", staff_id, role.value)


def role_grant_id(role: Role, permission: str) -> str:
    """The same row on every workstation for one role and permission."""
    return derived_id("role_grant", role.value, permission)


def staff_grant_id(staff_id: str, permission: str) -> str:
    """The same row on every workstation for one person and permission."""
    return derived_id("staff_grant", staff_id, permission)
