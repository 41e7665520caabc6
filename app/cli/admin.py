"""`admin`: making a clinic and its staff, passwords and keys, repair, erasure."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.cli.arguments import add_shared, secret_line
from app.cli.console import Console
from app.cli.do_ask import done_row, done_text
from app.cli.session import actor_or_system, add_actor, authority, folder_of, named_actor, opened, say_notices
from app.cli.verbs import Verb, no_arguments
from app.core.errors import IntegrityFailure, RuleViolation, UsageError
from app.core.i18n import LANGUAGES, N_, _, language
from app.core.permissions import Role

if TYPE_CHECKING:
    from app.journal.commands import Command
    from app.journal.queries import Actor
    from app.journal.workplace import Workplace

KEEP: Final = N_("Write the recovery key down and keep it in a safe. It is shown this once.")


def _registered(name: str) -> Command[..., Any]:
    from app.journal.commands import COMMANDS

    if name not in COMMANDS:
        raise UsageError(N_("This installation has no command “{name}”."), name=name)
    return COMMANDS[name]


def _run(workplace: Workplace, actor: Actor, item: Command[..., Any], given: dict[str, Any], console: Console) -> None:
    """Run a command with what was given, leaving out what was not."""
    values = item.parse({name: value for name, value in given.items() if value is not None})
    done = workplace.runner.submit_bound(actor, item, values).result()
    console.emit(done_row(done), lambda: done_text(item.label, done))


def _create_clinic(arguments: Namespace, console: Console) -> int:
    """The folder, its key and, where the practice slice is installed, the clinic's own record."""
    from app.journal.commands import COMMANDS
    from app.journal.queries import SYSTEM
    from app.journal.workplace import exists, open_workplace

    folder = folder_of(arguments)
    if exists(folder):
        raise RuleViolation(N_("There is already a clinic in the folder {path}."), path=str(folder))
    with open_workplace(folder, create=True, kind=arguments.kind, authority=authority()) as workplace:
        say_notices(workplace, console)
        clinic = None
        item = COMMANDS.get("create_clinic")
        if item is not None:
            taken = {parameter.name for parameter in item.parameters}
            given = {
                "name": arguments.name,
                "language": arguments.language or language(),
                "time_zone": arguments.time_zone,
            }
            values = item.parse({name: value for name, value in given.items() if name in taken and value is not None})
            clinic = workplace.runner.submit_bound(SYSTEM, item, values).result().result
        made = {"folder": str(folder), "kind": workplace.kind, "clinic": clinic, "recovery_key": workplace.recovery_key}
    console.emit(made, lambda: _made_text(str(folder), workplace.recovery_key))
    return 0


def _note_key_file(folder: Path, console: Console) -> None:
    from app.core.keys import KEY_IN_FILE, key_file_of

    file = key_file_of(folder)
    if file is not None:
        console.note(_(KEY_IN_FILE, path=str(file)))


def _made_text(folder: str, recovery_key: str) -> str:
    return _(N_("The folder {path} is ready."), path=folder) + "\n" + _recovery_text(recovery_key)


def _recovery_text(recovery_key: str) -> str:
    return f"{_(N_('Recovery key'))}  {recovery_key}\n{_(KEEP)}"


def _create_staff(arguments: Namespace, console: Console) -> int:
    """The first person needs nobody's right; everybody after is made by somebody who may."""
    from app.journal.queries import NOBODY

    given = {
        "username": arguments.username,
        "display_name": arguments.name,
        "roles": arguments.role,
        "title": arguments.title,
        "language": arguments.language,
        "password": _password(arguments),
    }
    with opened(arguments, console) as workplace:
        if arguments.actor:
            actor, item = named_actor(workplace, arguments), _registered("create_staff")
        else:
            actor, item = NOBODY, _registered("create_first_administrator")
        _run(workplace, actor, item, given, console)
    return 0


def _reset_password(arguments: Namespace, console: Console) -> int:
    """Without `--as` the program itself does it: for the day when the only manager has forgotten theirs."""
    with opened(arguments, console) as workplace:
        item = _registered("set_password")
        person = workplace.runner.actor(arguments.username)
        given = {"staff_id": person.id, "password": _password(arguments)}
        _run(workplace, actor_or_system(workplace, arguments), item, given, console)
    return 0


def _password(arguments: Namespace) -> str | None:
    if arguments.password is None:
        return None
    return secret_line(arguments.password, _(N_("Password")))


def _recover(arguments: Namespace, console: Console) -> int:
    """Put the key back where this machine keeps keys, once it is seen to open the database."""
    from app.core.database import DATABASE_FILE, connect
    from app.core.keys import recover, store_key

    folder = folder_of(arguments)
    key = recover(folder, secret_line(arguments.recovery_key, _(N_("Recovery key"))))
    connect(folder / DATABASE_FILE, key, read_only=True).close()
    in_keyring = store_key(folder, key)
    _note_key_file(folder, console)
    console.emit({"recovered": True, "keyring": in_keyring}, _(N_("The key is back; the folder can be opened.")))
    return 0


def _repair(arguments: Namespace, console: Console) -> int:
    import contextlib

    from app.journal.capture import check_capture
    from app.journal.records import REGISTRY

    with (
        opened(arguments, console, repair=False) as workplace,
        contextlib.closing(workplace.database.raw(read_only=True)) as run,
    ):
        faults = check_capture(run, REGISTRY.captured())
    with opened(arguments, console) as workplace:
        left = workplace.verify()
    triggers = [problem.detail for problem in left.problems if problem.kind == "trigger"]
    console.emit(
        {"repaired": faults, "left": triggers},
        "\n".join(faults) or _(N_("The capture of changes is complete; there was nothing to repair.")),
    )
    return IntegrityFailure.exit_code if triggers else 0


def _erase_patient(arguments: Namespace, console: Console) -> int:
    from app.journal.erasure import erase_subject

    with opened(arguments, console) as workplace:
        count = erase_subject(workplace.runner, named_actor(workplace, arguments), arguments.patient)
    console.emit({"patient": arguments.patient, "rows": count}, _(N_("Rows emptied: {count}."), count=count))
    return 0


def _rekey(arguments: Namespace, console: Console) -> int:
    """Verified first: a new anchor would hide that something was already gone."""
    from app.cli.rekey import rekey, resume

    folder = folder_of(arguments)
    finished = resume(folder)
    if finished is None:
        with opened(arguments, console, repair=False) as workplace:
            report = workplace.verify()
        if not report.sound:
            raise IntegrityFailure(N_("The data is not what was written. “verify” says what; the key stays as it is."))
        finished = rekey(folder)
    console.emit({"rekeyed": True, "recovery_key": finished}, lambda: _recovery_text(finished))
    return 0


def _create_clinic_arguments(parser: ArgumentParser) -> None:
    from app.journal.workplace import KINDS

    parser.add_argument("--name", required=True, metavar="TEXT", help=_(N_("the clinic’s name")))
    parser.add_argument("--language", choices=sorted(LANGUAGES), help=_(N_("the clinic’s language")))
    parser.add_argument(
        "--time-zone", metavar="ZONE", help=_(N_("the clinic’s time zone, for example America/Toronto"))
    )
    parser.add_argument("--kind", choices=KINDS, default="clinic", help=_(N_("what the folder is for")))


def _create_staff_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--username", required=True, metavar="TEXT", help=_(N_("the name to sign in with")))
    parser.add_argument("--name", required=True, metavar="TEXT", help=_(N_("the name shown")))
    parser.add_argument(
        "--role",
        action="append",
        choices=[role.value for role in Role],
        help=_(N_("a role; may be given several times")),
    )
    parser.add_argument("--title", metavar="TEXT", help=_(N_("dr, or another title of the staff page")))
    parser.add_argument("--language", choices=sorted(LANGUAGES), help=_(N_("the person’s language")))
    _take_password(parser)
    add_actor(parser)


def _take_password(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--password",
        default="-",
        metavar="TEXT",
        help=_(N_("the password; by default it is asked for, or read as one line of the standard input")),
    )


def _reset_password_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("username", metavar="USER", help=_(N_("whose password")))
    _take_password(parser)
    add_actor(parser)


def _recover_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--recovery-key",
        default="-",
        metavar="KEY",
        help=_(N_("the recovery key; by default it is asked for, or read as one line of the standard input")),
    )


def _erase_patient_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("patient", metavar="ID", help=_(N_("the patient’s identifier")))
    add_actor(parser)


TASKS: Final = [
    Verb("create-clinic", N_("Make a data folder with its key."), _create_clinic_arguments, _create_clinic),
    Verb("create-staff", N_("Create a staff member."), _create_staff_arguments, _create_staff),
    Verb("reset-password", N_("Give a person a temporary password."), _reset_password_arguments, _reset_password),
    Verb("recover", N_("Put a lost key back with the recovery key."), _recover_arguments, _recover),
    Verb("repair", N_("Make missing capture triggers again."), no_arguments, _repair),
    Verb("erase-patient", N_("Erase everything that is known of a patient."), _erase_patient_arguments, _erase_patient),
    Verb("rekey", N_("Encrypt the folder under a new key."), no_arguments, _rekey),
]


def _arguments(parser: ArgumentParser) -> None:
    tasks = parser.add_subparsers(dest="task", metavar="TASK", required=True)
    for task in TASKS:
        own = tasks.add_parser(task.name, help=_(task.help), description=_(task.help))
        task.add_arguments(own)
        add_shared(own)
        own.set_defaults(task_run=task.run)


def _admin(arguments: Namespace, console: Console) -> int:
    run: Callable[[Namespace, Console], int] = arguments.task_run
    return run(arguments, console)


VERBS: Final = [Verb("admin", N_("Make clinics and staff, reset, recover, repair and erase."), _arguments, _admin)]
