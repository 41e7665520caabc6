"""`enrol CODE`: this computer joins a practice."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import Any, Final

from app.cli.console import Console
from app.cli.session import folder_of
from app.cli.verbs import Verb
from app.core.i18n import N_, _


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "code", nargs="?", default="-", metavar="CODE",
        help=_(N_("the code that was shown; “-” reads it from standard input, where no list of processes shows it")),
    )  # fmt: skip
    parser.add_argument("--name", default="", help=_(N_("the name of this computer, unless the invitation has one")))


def _enrol(arguments: Namespace, console: Console) -> int:
    from sync.client.joining import join_practice

    def say(message: str, **values: Any) -> None:
        if not console.as_json:
            console.note(_(message, **values))

    code = sys.stdin.readline() if arguments.code == "-" else arguments.code
    folder = folder_of(arguments)
    joined = join_practice(folder, code, arguments.name, say)
    for notice, values in joined.notices:
        console.note(_(notice, **values))
    payload = {
        "folder": str(folder), "device": joined.device, "practice": joined.practice, "name": joined.name,
        "rows": joined.rows, "recovery_key": joined.recovery_key,
    }  # fmt: skip
    console.emit(payload, lambda: _said(joined.rows, joined.recovery_key))
    return 0


def _said(rows: int, recovery_key: str) -> str:
    return "\n".join(
        (
            _(N_("This computer is in. {count} rows were copied."), count=rows),
            _(N_("Print this recovery key and keep it in a safe: {key}"), key=recovery_key),
        )
    )


VERBS: Final = (Verb("enrol", N_("Join a practice with a one-time code."), _arguments, _enrol),)
