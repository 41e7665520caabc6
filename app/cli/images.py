"""`import PATH…`, `original SOP_UID`, `scrub`: image files in, the received bytes out, and whether they still are."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from app.cli.absent import Absent
from app.cli.console import Console
from app.cli.plain import answer, plain
from app.cli.session import actor_or_system, add_actor, add_instant, opened
from app.cli.verbs import Verb
from app.core.errors import IntegrityFailure, UsageError
from app.core.i18n import N_, _


def _imaging(module: str) -> ModuleType:
    """A module of the imaging slice; `UsageError` where this installation has none."""
    import importlib
    import importlib.util

    if importlib.util.find_spec("app.imaging") is None:
        raise UsageError(N_("This installation holds no imaging."))
    return importlib.import_module(f"app.imaging.{module}")


def _import(arguments: Namespace, console: Console) -> int:
    if not any(os.path.lexists(path) for path in arguments.paths):  # of some that are missing, the report says so
        raise Absent(N_("There is no file {path}."), path=str(arguments.paths[0]))
    importing = _imaging("importing")
    with opened(arguments, console) as workplace:
        actor = actor_or_system(workplace, arguments)

        def progress(done: int, total: int, name: str) -> None:
            if not console.as_json and console.err.isatty():
                print(f"\r{done}/{total}", end="\n" if done == total else "", file=console.err, flush=True)

        report = importing.import_paths(workplace.runner, actor, arguments.paths, progress)
        console.emit(report, lambda: answer(report))
    return 0


def _original(arguments: Namespace, console: Console) -> int:
    queries = _imaging("queries")
    with opened(arguments, console) as workplace:
        actor = actor_or_system(workplace, arguments)
        found = workplace.runner.ask(actor, queries.original_of, arguments.uid)
        if found is None:
            raise Absent(N_("The image {uid} is not here."), uid=arguments.uid)
        content = workplace.files.read(_sha256(found))
        subject = getattr(found, "patient_id", None)
        workplace.runner.access(actor, "export", subject=subject, detail=f"original {_sha256(found)[:12]}")
    if arguments.output:
        arguments.output.write_bytes(content)
        said = _(N_("Written to {path}."), path=str(arguments.output))
        console.emit({"written": str(arguments.output), "bytes": len(content), "sha256": _sha256(found)}, said)
    elif console.as_json:
        console.emit({"bytes": len(content), "sha256": _sha256(found)})
    else:
        sys.stdout.buffer.write(content)
    return 0


def _scrub(arguments: Namespace, console: Console) -> int:
    """Exit 7 while any sealed file is damaged or gone, whenever it was found."""
    queries, scrubbing = _imaging("queries"), _imaging("scrubbing")
    with opened(arguments, console) as workplace:
        actor = actor_or_system(workplace, arguments)
        report = scrubbing.scrub(
            workplace.runner, actor, seconds=arguments.minutes * 60, size_bytes=arguments.megabytes << 20
        )
        damaged = workplace.runner.ask(actor, queries.damaged_files)
    payload = plain(report) | {"damaged": [plain(line) for line in damaged]}
    console.emit(payload, lambda: _scrub_text(payload, queries.FAULT_SENTENCES))
    return IntegrityFailure.exit_code if damaged else 0


def _scrub_text(payload: dict[str, Any], sentences: dict[str, str]) -> str:
    said = _(
        N_("{checked} sealed files were read again and {left} wait for the next time."),
        checked=payload["checked"],
        left=payload["left"],
    )
    lines = [f"{line['sha256'][:12]}  {_(sentences[line['fault']])}" for line in payload["damaged"]]
    return "\n".join([said, *lines])


def _sha256(found: Any) -> str:
    """The name of the sealed file: the answer itself, or its field `sha256`."""
    return str(getattr(found, "sha256", found))


def _import_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help=_(N_("files, folders or ZIP files of images"))
    )
    add_actor(parser)
    add_instant(parser)


def _original_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("uid", metavar="SOP_UID", help=_(N_("the SOP Instance UID of the image")))
    parser.add_argument("--output", type=Path, metavar="FILE", help=_(N_("write to this file, not to the output")))
    add_actor(parser)


def _scrub_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--minutes", type=float, default=60.0, metavar="N", help=_(N_("stop after so many minutes (60)"))
    )
    parser.add_argument(
        "--megabytes", type=int, default=1 << 20, metavar="N", help=_(N_("stop after reading so many MB"))
    )
    add_actor(parser)
    add_instant(parser)


VERBS: Final = [
    Verb("import", N_("Take in image files and folders."), _import_arguments, _import),
    Verb("scrub", N_("Read sealed images again and report those that are damaged."), _scrub_arguments, _scrub),
    Verb("original", N_("Give back the bytes of an image, exactly as received."), _original_arguments, _original),
]
