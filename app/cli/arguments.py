"""Reading the command line: options of every verb work before and after it, and refusals are sentences."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

from app.core.errors import UsageError
from app.core.i18n import LANGUAGES, N_, plural, translate

PROGRAM: Final = "python main.py"
ARGPARSE_TEXTS: Final = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("unrecognized arguments: %s"),
    N_("not allowed with argument %s"),
    N_("ignored explicit argument %r"),
    N_("the following arguments are required: %s"),
    N_("one of the arguments %s is required"),
    N_("expected one argument"),
    N_("expected at most one argument"),
    N_("expected at least one argument"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("invalid %(type)s value: %(value)r"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
)
"""The sentences of the standard library's parser that a person can meet, so that they are translated with ours."""


class PlainHelp(argparse.HelpFormatter):
    """Help texts as they stand: argparse would take the percent sign of “200 %” for a place to fill in."""

    def _expand_help(self, action: argparse.Action) -> str:
        return action.help or ""


class Parser(argparse.ArgumentParser):
    """A parser that raises `UsageError` instead of ending the process, and speaks the language in force."""

    def __init__(self, **keywords: Any) -> None:
        _speak_our_language()
        defaults: dict[str, Any] = {"allow_abbrev": False, "formatter_class": PlainHelp}
        super().__init__(**defaults | keywords)

    def error(self, message: str) -> NoReturn:
        """Refuse; the sentence of argparse is already translated."""
        raise UsageError(N_("{problem} (see “{program} --help”)"), problem=message, program=self.prog)


def _speak_our_language() -> None:
    """argparse looks its texts up by the module names `_` and `ngettext`, made for this purpose."""
    vars(argparse).update(_=translate, ngettext=plural)


def add_shared(parser: argparse.ArgumentParser) -> None:
    """`--data`, `--json` and `--lang`; left out of the namespace when not given, so that both places count."""
    shared = parser.add_argument_group(translate(N_("options of every verb")))
    shared.add_argument(
        "--data", metavar="DIR", type=Path, default=argparse.SUPPRESS, help=translate(N_("the data folder"))
    )
    shared.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help=translate(N_("answer with one JSON document"))
    )
    shared.add_argument(
        "--lang", choices=sorted(LANGUAGES), default=argparse.SUPPRESS, help=translate(N_("French or English"))
    )


def split(arguments: Sequence[str]) -> tuple[dict[str, Any], str | None, list[str]]:
    """The shared options that stand before the verb, the verb, and what follows it."""
    parser = Parser(prog=PROGRAM, add_help=False)
    add_shared(parser)
    parser.add_argument("-h", "--help", action="store_true", default=False)
    parser.add_argument("verb", nargs="?")
    parser.add_argument("rest", nargs=argparse.REMAINDER)
    found = vars(parser.parse_args(arguments))
    verb, rest = found.pop("verb"), found.pop("rest")
    if found.pop("help"):
        verb, rest = (verb, ["--help", *rest]) if verb else (None, ["--help"])
    return found, verb, rest


def foreseen(arguments: Sequence[str]) -> dict[str, Any]:
    """The shared options wherever they stand, before anything else is parsed: refusals must already obey them."""
    parser = Parser(prog=PROGRAM, add_help=False)
    add_shared(parser)
    try:
        return vars(parser.parse_known_args(arguments)[0])
    except UsageError:
        return {"json": True} if "--json" in arguments else {}


def parse_verb(parser: Parser, rest: Sequence[str]) -> argparse.Namespace:
    """Parse what follows the verb; options may stand between the words, except where sub-verbs forbid it."""
    fixed = any(action.nargs in {argparse.PARSER, argparse.REMAINDER} for action in parser._actions)
    return parser.parse_args(rest) if fixed else parser.parse_intermixed_args(rest)


def secret_line(given: str, prompt: str) -> str:
    """A secret: as given, or, for `-`, asked for on a terminal without echo and read as one line of a pipe."""
    if given != "-":
        return given
    if sys.stdin.isatty():
        import getpass

        return getpass.getpass(f"{prompt}: ")
    return sys.stdin.readline().rstrip("\r\n")
