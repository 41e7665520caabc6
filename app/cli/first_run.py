"""Making a clinic of what the first-run wizard asked: checked answer by answer, written in one go at the end."""

from __future__ import annotations

import enum
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

from app.access.authority import StaffAuthority
from app.access.commands import create_clinic, create_first_administrator, create_staff, set_pin
from app.access.credentials import prepared
from app.access.model import Language, Title
from app.access.names import clean_display_name, clean_username
from app.access.passwords import check_password, check_pin
from app.access.settings import TimeZone
from app.access.sign_in import Gatekeeper
from app.archives.settings import BACKUP_FOLDER
from app.cli.staging import staged
from app.core.clock import Clock
from app.core.errors import ClinicError, RuleViolation
from app.core.i18n import N_
from app.core.ids import ClinicId, StaffId
from app.core.keys import KEY_IN_FILE, Keyring, key_file_of
from app.core.permissions import Role
from app.core.secret import Secret
from app.core.text import fold
from app.devices.codes import Code
from app.journal.queries import NOBODY, Actor
from app.journal.runner import Runner
from app.journal.settings_store import change_setting
from app.journal.workplace import create_folder, open_workplace
from app.practice.commands import Opening, add_clinic, add_operatory, add_provider, set_opening_hours
from app.practice.entry import clean_name, clean_text
from app.practice.local_time import clock_span
from app.practice.vocabulary import ClinicLanguages, OperatoryKind, ProviderKind, Weekday

Notices = list[tuple[str, dict[str, str]]]
DEMO_PATIENTS: Final = 150
STRONG_LETTERS: Final = 16
STRONG_DISTINCT: Final = 10


class Says(Protocol):
    """Told what is being made, as a msgid."""

    def __call__(self, message: str, **values: Any) -> None:
        """Say it; raising stops the making."""
        ...


class Stopped(Exception):
    """The person asked to stop the making."""


class Strength(enum.StrEnum):
    """How a password stands: what the rule refuses, what it lets pass, and what is better than that."""

    REFUSED = "refused"
    ENOUGH = "enough"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class Chair:
    """A column of the schedule."""

    name: str
    kind: OperatoryKind = OperatoryKind.CHAIR


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works at the clinic."""

    display_name: str
    username: str
    role: Role = Role.FRONT_DESK
    title: Title = Title.NONE


@dataclass(frozen=True, slots=True)
class Administrator:
    """The first person: manages the practice, and may be one of its orthodontists. An empty PIN is none."""

    display_name: str = ""
    username: str = ""
    title: Title = Title.NONE
    treats: bool = False
    password: Secret = field(default_factory=lambda: Secret(""))
    pin: Secret = field(default_factory=lambda: Secret(""))


WORKDAYS: Final = tuple(Weekday)[:5]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the wizard asked. `hours` holds the days that are open; a day that is absent is closed.

    `lunch` is when the clinic is closed at noon, on every day that is open before and after.
    """

    practice: str = ""
    clinic: str = ""
    phone: str = ""
    address: str = ""
    time_zone: TimeZone = TimeZone.TORONTO
    languages: ClinicLanguages = ClinicLanguages.BOTH
    hours: tuple[tuple[Weekday, Opening], ...] = tuple((day, Opening("08:00", "17:00")) for day in WORKDAYS)
    lunch: Opening | None = None
    chairs: tuple[Chair, ...] = ()
    staff: tuple[Person, ...] = ()
    administrator: Administrator = field(default_factory=Administrator)
    language: Language = Language.FRENCH
    recovery_key: str = ""
    backup_folder: str = ""


Problems = dict[str, ClinicError]
"""What is wrong, by the field under which it is said."""


def _tried(problems: Problems, name: str, check: Callable[[], object]) -> None:
    try:
        check()
    except ClinicError as error:
        problems[name] = error


def practice_problems(plan: Plan) -> Problems:
    """What is wrong with the names, the phone and the address."""
    found: Problems = {}
    _tried(found, "practice", lambda: clean_name(plan.practice))
    _tried(found, "clinic", lambda: clean_name(plan.clinic or plan.practice))
    _tried(found, "phone", lambda: clean_text(plan.phone, "phone", 100))
    _tried(found, "address", lambda: clean_text(plan.address, "address"))
    if "practice" in found and not plan.clinic:
        found.pop("clinic", None)
    return found


def hours_problems(hours: Sequence[tuple[Weekday, Opening]], lunch: Opening | None = None) -> Problems:
    """What is wrong, by weekday, and with the `lunch`; a clinic that never opens is said under Monday."""
    found: Problems = {}
    if lunch is not None:
        _tried(found, "lunch", lambda: _checked_lunch(lunch))
    for day, opening in hours:
        _tried(found, day.value, lambda opening=opening: _checked_opening(opening))  # type: ignore[misc]  # mypy infers no lambda that has a default
    if not hours:
        found[Weekday.MONDAY.value] = RuleViolation(N_("The clinic is open on one day at least."))
    return found


def _checked_lunch(lunch: Opening) -> None:
    if clock_span(lunch.start, lunch.end)[1] > 24 * 60:
        raise RuleViolation(N_("The clinic opens again after it closes, on the same day."))


def openings_around(opening: Opening, lunch: Opening | None) -> list[Opening]:
    """The hours of a day, in two when the lunch lies within them."""
    if lunch is None:
        return [opening]
    (start, end), (closes, opens) = clock_span(opening.start, opening.end), clock_span(lunch.start, lunch.end)
    if not start < closes < opens < end:
        return [opening]
    return [Opening(opening.start, lunch.start), Opening(lunch.end, opening.end)]


def _checked_opening(opening: Opening) -> None:
    if clock_span(opening.start, opening.end)[1] > 24 * 60:
        raise RuleViolation(N_("The clinic closes after it opens, on the same day."))


def chair_problems(chairs: Sequence[Chair]) -> Problems:
    """What is wrong, by number of the chair; two of one name are told apart by nobody."""
    found: Problems = {}
    seen: set[str] = set()
    for number, chair in enumerate(chairs):
        _tried(found, str(number), lambda chair=chair: clean_name(chair.name))  # type: ignore[misc]  # mypy infers no lambda that has a default
        if fold(chair.name) in seen and str(number) not in found:
            found[str(number)] = RuleViolation(N_("Two chairs have this name."))
        seen.add(fold(chair.name))
    return found


def person_problems(people: Sequence[Person], taken: Sequence[str] = ()) -> Problems:
    """What is wrong, by `number.field`; usernames that fold to the same are one."""
    found: Problems = {}
    seen = {fold(name) for name in taken}
    for number, person in enumerate(people):
        _tried(found, f"{number}.display_name", lambda person=person: clean_display_name(person.display_name))  # type: ignore[misc]  # mypy infers no lambda that has a default
        _tried(found, f"{number}.username", lambda person=person: clean_username(person.username))  # type: ignore[misc]  # mypy infers no lambda that has a default
        if fold(person.username) in seen and f"{number}.username" not in found:
            found[f"{number}.username"] = RuleViolation(N_("Somebody else has this username."))
        seen.add(fold(person.username))
    return found


def administrator_problems(person: Administrator, repeated: Secret, today: date, taken: Sequence[str] = ()) -> Problems:
    """What is wrong, by field; `repeated` is the password typed a second time."""
    found: Problems = {}
    _tried(found, "display_name", lambda: clean_display_name(person.display_name))
    _tried(found, "username", lambda: clean_username(person.username))
    if "username" not in found and fold(person.username) in {fold(name) for name in taken}:
        found["username"] = RuleViolation(N_("Somebody else has this username."))
    _tried(found, "password", lambda: _check_password(person))
    if "password" not in found and repeated.reveal() != person.password.reveal():
        found["repeated"] = RuleViolation(N_("The two passwords are not the same."))
    if person.pin.reveal():
        _tried(found, "pin", lambda: check_pin(person.pin.reveal(), today))
    return found


def _check_password(person: Administrator) -> None:
    check_password(person.password.reveal(), person.display_name, person.username)


def strength(person: Administrator) -> Strength:
    """How the password stands. Length and variety count, not its composition (NIST SP 800-63B §5.1.1.2)."""
    password = person.password.reveal()
    try:
        _check_password(person)
    except ClinicError:
        return Strength.REFUSED
    strong = len(password) >= STRONG_LETTERS and len(set(password)) >= STRONG_DISTINCT
    return Strength.STRONG if strong else Strength.ENOUGH


def proposed_username(display_name: str) -> str:
    """“marie.gagnon” of “Marie Gagnon”: first and last word, without accents."""
    words = [word.replace(" ", "") for word in (fold(part) for part in display_name.split()) if word]
    return ".".join(words[:1] + words[1:][-1:])


def check_backup_folder(path: Path, data: Path) -> int:
    """Write and read a file there; returns the free bytes. `RuleViolation` says why backups could not be kept there."""
    if not path.is_dir():
        raise RuleViolation(N_("There is no such folder."), field="backup_folder")
    if path.resolve() == data.resolve() or data.resolve() in path.resolve().parents:
        raise RuleViolation(N_("A backup inside the data folder would be lost with it."), field="backup_folder")
    try:
        with tempfile.NamedTemporaryFile(dir=path, prefix="archwire-", suffix=".test") as file:
            file.write(b"archwire")
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            kept = file.read()
        free = shutil.disk_usage(path).free
    except OSError as error:
        raise RuleViolation(N_("Nothing can be written in this folder."), field="backup_folder") from error
    if kept != b"archwire":
        raise RuleViolation(N_("What is written in this folder is not what is read back."), field="backup_folder")
    return free


def check_code(code: str) -> None:
    """`UsageError` for a text that is no enrolment code."""
    Code.parse(code)


def make_clinic(
    folder: Path, plan: Plan, say: Says, *, clock: Clock | None = None, keyring: Keyring | None = None
) -> Notices:
    """Make the clinic, whole or not at all; returns what the person should be told (msgids with values)."""
    with staged(folder, keyring) as place:
        say(N_("Making the folder and its key"))
        create_folder(place, "clinic", keyring, plan.recovery_key)
        with open_workplace(place, clock=clock, authority=StaffAuthority(), keyring=keyring) as workplace:
            _fill(workplace.runner, plan, say)
    key_file = key_file_of(folder)
    return [(KEY_IN_FILE, {"path": str(key_file)})] if key_file is not None else []


def _fill(runner: Runner, plan: Plan, say: Says) -> None:
    say(N_("Creating the first administrator"))
    boss = _first(runner, plan)
    say(N_("Setting up the practice"))
    runner.run(boss, create_clinic, plan.practice, plan.time_zone)
    clinic = runner.run(
        boss, add_clinic, plan.clinic or plan.practice, "", plan.time_zone.value, plan.languages, plan.phone,
        plan.address,
    )  # fmt: skip
    _open(runner, boss, clinic, plan)
    say(N_("Creating the staff"))
    for person in plan.staff:
        made = runner.run(
            boss, create_staff, person.username, person.display_name, [person.role], title=person.title,
            language=plan.language,
        )  # fmt: skip
        if person.role is Role.ORTHODONTIST:
            runner.run(boss, add_provider, made, person.display_name, ProviderKind.DOCTOR)
    if plan.backup_folder:
        runner.run(boss, change_setting, BACKUP_FOLDER.name, plan.backup_folder)
    say(N_("Nearly done"))


def _first(runner: Runner, plan: Plan) -> Actor:
    """The administrator, their PIN set as they would set it: in a session of their own."""
    who = plan.administrator
    roles = [Role.PRACTICE_MANAGER, *([Role.ORTHODONTIST] if who.treats else [])]
    password = prepared(who.password)
    staff = runner.run(
        NOBODY, create_first_administrator, who.username, who.display_name, password, who.title, plan.language, roles
    )
    if who.pin.reveal():
        keeper = Gatekeeper(runner)
        signed = keeper.sign_in(who.username, who.password)
        runner.run(signed.actor, set_pin, prepared(who.pin))
        keeper.sign_out(signed.session_id)
    boss = runner.actor(who.username)
    if who.treats:
        runner.run(boss, add_provider, StaffId(staff), who.display_name, ProviderKind.DOCTOR)
    return boss


def _open(runner: Runner, boss: Actor, clinic: ClinicId, plan: Plan) -> None:
    hours = dict(plan.hours)
    for day in Weekday:
        runner.run(
            boss, set_opening_hours, clinic, day, openings_around(hours[day], plan.lunch) if day in hours else []
        )
    for chair in plan.chairs:
        runner.run(boss, add_operatory, clinic, chair.name, chair.kind)


def make_demonstration(folder: Path, say: Says) -> Notices:
    """Make the demonstration, whole or not at all; some seconds."""
    from app.cli.demo import make_demo

    with staged(folder) as place:
        notices = make_demo(place, patients=DEMO_PATIENTS, progress=say)
    key_file = key_file_of(folder)
    told = [notice for notice in notices if notice[0] != KEY_IN_FILE]
    return [*told, (KEY_IN_FILE, {"path": str(key_file)})] if key_file is not None else told
