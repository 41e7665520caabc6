"""`import PATH…` and `original SOP_UID`: image files into the clinic, and the bytes that were received out again."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from app.cli.absent import Absent
from app.cli.console import Console
from app.cli.plain import answer
from app.cli.session import actor_or_system, add_actor, add_instant, opened
from app.cli.verbs import Verb
from app.core.errors import UsageError
from app.core.i18n import N_, _


def _imaging(module: str) -> ModuleType:
    """A module of the imaging slice; `UsageError` where this installation has none."""
    import importlib
    import importlib.util

    if importlib.util.find_spec("app.imaging") is None:
        raise UsageError(N_("This installation holds no imaging."))
    return importlib.import_module(f"app.imaging.{module}")


def _import(arguments: Namespace, console: Console) -> int:
    missing = next((path for path in arguments.paths if not path.exists()), None)
    if missing is not None:
        raise Absent(N_("There is no file {path}."), path=str(missing))
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


VERBS: Final = [
    Verb("import", N_("Take in image files and folders."), _import_arguments, _import),
    Verb("original", N_("Give back the bytes of an image, exactly as received."), _original_arguments, _original),
]
