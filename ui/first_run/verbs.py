"""`first-run`: the wizard by itself, in pictures, and as a journey, without anything on this computer being touched."""

from __future__ import annotations

import os
import shutil
import tempfile
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.cli.console import Console
from app.cli.data_folder import default_folder, demo_folder
from app.cli.verbs import Verb
from app.core.errors import UsageError
from app.core.i18n import N_, _, language, set_language

if TYPE_CHECKING:
    from ui.first_run.wizard import Wizard

SIZE: Final = (1180, 780)


def set_up(folder: Path | None, code: str) -> tuple[Path, str] | None:
    """Show the wizard until it is closed; (the folder to open, the language), None when nothing was made."""
    from app.journal.discovery import load_slices
    from ui.first_run.wizard import Wizard
    from ui.shell.bootstrap import application

    set_language(code)
    load_slices()
    app = application()
    wizard = Wizard(folder or default_folder(), folder or demo_folder())
    wizard.resize(*SIZE)
    made: list[Path] = []
    wizard.finished.connect(made.append)
    wizard.show()
    app.exec()
    wizard.deleteLater()
    return (made[0], language()) if made else None


def _first_run(arguments: Namespace, console: Console) -> int:
    if arguments.pictures is not None:
        names = _pictures(arguments)
        console.emit({"folder": str(arguments.pictures), "pictures": names}, lambda: "\n".join(names))
        return 0
    if arguments.play is not None:
        told = _play(arguments)
        console.emit({"steps": told}, lambda: "\n".join(told))
        return 0
    raise UsageError(N_("“first-run” wants --pictures or --play; the wizard itself opens where there is no clinic."))


def _stage(place: Path, arguments: Namespace) -> Wizard:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from app.journal.discovery import load_slices
    from ui.first_run.wizard import Wizard
    from ui.shell.bootstrap import application

    set_language(arguments.lang)
    load_slices()
    application()
    wizard = Wizard(place / "data", place / "demo")
    wizard.resize(*SIZE)
    wizard.show()
    return wizard


def _pictures(arguments: Namespace) -> list[str]:
    place = Path(tempfile.mkdtemp(prefix="archwire-"))
    try:
        from ui.first_run.pictures import draw

        wizard = _stage(place, arguments)
        arguments.pictures.mkdir(parents=True, exist_ok=True)
        looks = [(t, x) for t in arguments.theme or ["light"] for x in arguments.text or ["100"]]
        names = draw(wizard, arguments.pictures, arguments.lang, looks)
        wizard.close()
        wizard.deleteLater()
        return names
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _play(arguments: Namespace) -> list[str]:
    from ui.first_run.play import play
    from ui.shell.steps import read_steps

    place = Path(tempfile.mkdtemp(prefix="archwire-"))
    try:
        steps = read_steps(arguments.play.read_text(encoding="utf-8"))
        return play(_stage(place, arguments), steps, keyboard_only=arguments.keyboard_only)
    except FileNotFoundError as error:
        raise UsageError(N_("There is no file {path}."), path=str(arguments.play)) from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--pictures", type=Path, metavar="DIR", help=_(N_("draw every page into this folder")))
    parser.add_argument("--play", type=Path, metavar="FILE", help=_(N_("a journey through the wizard and beyond")))
    parser.add_argument("--theme", action="append", help=_(N_("a theme; may be given several times")))
    parser.add_argument("--text", action="append", help=_(N_("a text size in percent; may be given several times")))
    parser.add_argument(
        "--keyboard-only", action="store_true", help=_(N_("reach everything by keys, as without a mouse"))
    )


VERBS: Final = (Verb("first-run", N_("Draw or play the wizard of a first start."), _arguments, _first_run),)
