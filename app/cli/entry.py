"""The entry: find the verb, load only its module, run it, and turn every failure into a sentence and a code."""

from __future__ import annotations

import importlib
import importlib.util
import io
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from app.cli.arguments import PROGRAM, Parser, add_shared, foreseen, parse_verb, split
from app.cli.console import Console
from app.cli.data_folder import default_folder
from app.cli.verbs import Verb
from app.core.errors import ClinicError, UsageError
from app.core.fault_log import note_fault
from app.core.i18n import N_, _, language, set_language

FAMILIES: Final = (
    ("app.cli.do_ask", ("do", "ask")),
    ("app.cli.registry_pages", ("commands", "queries", "events", "permissions", "settings")),
    ("app.cli.journal_verbs", ("journal", "undo")),
    ("app.cli.integrity", ("verify", "rebuild", "digest", "dump")),
    ("app.cli.sql", ("sql",)),
    ("app.cli.admin", ("admin",)),
    ("app.cli.images", ("import", "scrub", "original")),
    ("app.cli.conversion", ("convert",)),
    ("app.cli.support_bundle", ("support-bundle",)),
    ("app.cli.bench", ("bench",)),
    ("app.cli.day", ("day",)),
    ("app.cli.requirements", ("requirements",)),
)
"""Which module holds which verbs, so that one verb loads one module."""

INTERRUPTED: Final = 130
"""128 + SIGINT, as shells count."""


def main(arguments: Sequence[str], extensions: Sequence[str] = (), default: str | None = None) -> int:
    """Run one verb and return the exit code.

    0 done, 1 fault of the program, 2 usage, 3 rule, 4 not permitted, 5 not found, 6 unreachable, 7 integrity.
    `extensions` are names of modules with a list `VERBS`; they are loaded when no verb here has the name asked for.
    `default` is the verb of an empty command line, where it is installed.
    """
    shared = foreseen(arguments)
    before = language()
    set_language(shared.get("lang") or _language_of_system())
    console = Console(_utf8(sys.stdout), _utf8(sys.stderr), shared.get("json", False))
    try:
        code = _guarded(arguments, extensions, default, console, shared.get("data"))
        console.close()
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - the reader has gone; nothing to close
        return 0
    finally:
        set_language(before)
    return code


def _guarded(
    arguments: Sequence[str], extensions: Sequence[str], default: str | None, console: Console, folder: Path | None
) -> int:
    verb = ""
    try:
        shared, name, rest = split(arguments)
        if name is None and not rest and default and _find(default, extensions):
            name = default
        verb = name or ""
        return _run(verb, rest, shared, extensions, console)
    except ClinicError as error:
        return console.fail(error)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:
        return console.fault(type(error).__name__, note_fault(folder or default_folder(), error, verb))


def _run(name: str, rest: list[str], shared: dict[str, Any], extensions: Sequence[str], console: Console) -> int:
    if not name:
        print(overview(extensions), file=console.out if rest else console.err)
        return 0 if rest else UsageError.exit_code
    verb = _find(name, extensions)
    if verb is None:
        raise UsageError(N_("There is no verb “{name}”. “{program} --help” lists them."), name=name, program=PROGRAM)
    parser = Parser(prog=f"{PROGRAM} {name}", description=_(verb.help))
    verb.add_arguments(parser)
    add_shared(parser)
    parser.set_defaults(**{"data": None, "json": False, "lang": language()} | shared)
    return verb.run(parse_verb(parser, rest), console)


def _find(name: str, extensions: Sequence[str]) -> Verb | None:
    for module, names in FAMILIES:
        if name in names:
            return next(verb for verb in _verbs(module) if verb.name == name)
    for module in extensions:
        for verb in _verbs(module):
            if verb.name == name:
                return verb
    return None


def _verbs(module: str) -> Sequence[Verb]:
    """The verbs of a module; none when its package is not installed (a server has no `ui`)."""
    if not _installed(module):
        return ()
    verbs: Sequence[Verb] = importlib.import_module(module).VERBS
    return verbs


def _installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def all_verbs(extensions: Sequence[str] = ()) -> Iterable[Verb]:
    """Every verb that is installed, in the order of the help."""
    for module in (*(name for name, _verbs_of in FAMILIES), *extensions):
        yield from _verbs(module)


def overview(extensions: Sequence[str] = ()) -> str:
    """What `--help` prints."""
    verbs = list(all_verbs(extensions))
    width = max(len(verb.name) for verb in verbs)
    lines = [f"{PROGRAM} [--data DIR] [--json] [--lang fr|en] " + _(N_("VERB …")), ""]
    lines += [f"  {verb.name.ljust(width)}  {_(verb.help)}" for verb in verbs]
    lines += ["", _(N_("“{program} VERB --help” says more of one verb."), program=PROGRAM)]
    lines += ["", _(N_("Exit codes:"))]
    lines += [f"  {code}  {_(text)}" for code, text in EXIT_CODES]
    return "\n".join(lines)


EXIT_CODES: Final = (
    (0, N_("everything was done")),
    (1, N_("fault of the program")),
    (2, N_("the command line cannot be understood")),
    (3, N_("a rule refuses")),
    (4, N_("not permitted")),
    (5, N_("not found")),
    (6, N_("another machine does not answer")),
    (7, N_("the data is not what was written")),
)


def _language_of_system() -> str:
    """French, unless the system speaks English."""
    spoken = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "en" if spoken.lower().startswith("en") else "fr"


def _utf8(stream: Any) -> Any:
    """A pipe on Windows would otherwise take the code page, which has no typographic apostrophe."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    return stream
