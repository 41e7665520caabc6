"""The verbs that need a window. Qt is imported when one runs: `--help` and `screens` work without it."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from app.cli.console import Console
from app.cli.data_folder import default_folder, demo_folder
from app.cli.verbs import Verb, no_arguments
from app.core.clock import CLINIC_ZONE, Clock
from app.core.errors import UsageError
from app.core.i18n import N_, _
from ui.shell.preferences import DensityChoice, TextSize, ThemeChoice
from ui.shell.screens import discover

if TYPE_CHECKING:
    from ui.shell.offscreen import Look
    from ui.shell.window import Window

STAGE_NOW: Final = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo(CLINIC_ZONE))
"""The moment of pictures and journeys, so that two of them can be compared."""
ACTS_AS: Final = "claire"
PICTURES: Final = Path("screenshots")
STAGE_PATIENTS: Final = 12
"""Besides the families that pictures and journeys know by name."""
MATRIX_LANGUAGES: Final = [("fr", False), ("en", False)]
MATRIX_THEMES: Final = ["light", "dark", "high_contrast"]
MATRIX_SIZES: Final = ["100", "200"]
SEED: Final = 7
PATIENTS: Final = 1500


# -- windows -----------------------------------------------------------------------------------------------------
def _has_display() -> bool:
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _demo_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=SEED, help=_(N_("the invented people depend on it")))
    parser.add_argument("--at", help=_(N_("the moment at which a new demonstration is made, ISO 8601")))
    parser.add_argument("--patients", type=int, default=PATIENTS, help=_(N_("how many patients a new one has")))


def _demo(arguments: Namespace, console: Console) -> int:
    folder, at = arguments.data or demo_folder(), _moment(arguments)
    _make_if_absent(folder, console, seed=arguments.seed, at=at, patients=arguments.patients)
    if not _has_display() and os.environ.get("QT_QPA_PLATFORM", "offscreen") == "offscreen":
        from ui.shell.offscreen import Look

        names = _pictures(PICTURES, folder, [Look(arguments.lang)], at=at)
        where = str(PICTURES.resolve())
        console.note(_(N_("There is no screen here: every screen has been drawn into {folder} instead."), folder=where))
        console.emit({"folder": where, "pictures": names}, lambda: "\n".join(names))
        return 0
    return _show(folder, arguments.lang)


def _moment(arguments: Namespace) -> datetime | None:
    from app.cli.session import read_instant

    return read_instant(arguments.at, Clock()) if arguments.at else None


def _make_if_absent(folder: Path, console: Console | None, **options: Any) -> None:
    """Make the demonstration in a folder without a database; refuse one that holds a real clinic."""
    from app.cli.demo import make_demo
    from app.journal.workplace import exists, kind_of

    if not exists(folder):
        say = console.note if console else lambda text: None

        def progress(message: str, **values: Any) -> None:
            say(_(message, **values) + "…")

        for notice, given in make_demo(folder, **options, progress=progress):
            say(_(notice, **given))
    elif kind_of(folder) != "demo":
        raise UsageError(N_("The folder {path} is not a demonstration."), path=str(folder))


def _run(arguments: Namespace, console: Console) -> int:
    from app.cli.absent import Absent
    from app.cli.staging import is_free
    from app.journal.workplace import exists
    from ui.first_run.verbs import set_up

    folder, code = arguments.data or default_folder(), arguments.lang
    if not exists(folder):
        if not (_has_display() and is_free(folder)):
            raise Absent(
                N_("There is no clinic in the folder {path}. “admin create-clinic” makes one."), path=str(folder)
            )
        made = set_up(arguments.data, code)
        if made is None:
            return 0
        folder, code = made
    return _show(folder, code)


def _show(folder: Path, language: str) -> int:
    import gc

    gc.disable()  # what is made while starting stays: to look for garbage in it costs about a tenth of the start
    from ui.shell.bootstrap import (
        application,
        jobs_at_work,
        open_window,
        screens_made_ahead,
        screens_read_ahead,
        server_at_work,
        show_window,
    )
    from ui.shell.versions import UpdateWatch

    with open_window(folder, language=language) as (window, workplace):
        show_window(window)
        UpdateWatch(window).start()
        gc.freeze()
        gc.enable()
        with (
            jobs_at_work(workplace.runner),
            server_at_work(window, workplace),
            screens_read_ahead() as read,
            screens_made_ahead(window, read),
        ):
            return int(application().exec())


# -- pictures, trees, journeys -----------------------------------------------------------------------------------
@contextlib.contextmanager
def _stage(folder: Path | None, language: str, at: datetime | None = None) -> Iterator[Window]:
    """A window without a screen on a demo folder, somebody signed in; without a folder, one that is thrown away."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from ui.shell.bootstrap import SIZE, open_window
    from ui.shell.offscreen import enter, settle, speak

    made = None if folder else Path(tempfile.mkdtemp(prefix="archwire-"))
    place = folder or Path(str(made)) / "data"
    now = at or (None if folder else STAGE_NOW)
    try:
        _make_if_absent(place, None, at=now or Clock().now(), patients=STAGE_PATIENTS)
        clock = Clock.fixed(now) if now else Clock()
        with open_window(place, clock=clock, language=language) as (window, _w):
            window.show()
            settle(window)
            enter(window, ACTS_AS)
            window.resize(*SIZE)  # not as somebody left it: two pictures of a folder are compared
            speak(window, language)
            yield window
    finally:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)


def _pictures(
    where: Path,
    folder: Path | None,
    looks: list[Look],
    wanted: list[str] | None = None,
    *,
    plain: bool = True,
    every: bool = False,
    at: datetime | None = None,
) -> list[str]:
    from ui.shell.offscreen import draw_all

    where.mkdir(parents=True, exist_ok=True)
    with _stage(folder, looks[0].language, at) as window:
        return draw_all(window, where, looks, wanted, plain=plain, every=every)


def _looks(arguments: Namespace) -> list[Look]:
    """The looks that were asked for; the whole matrix is two languages, three themes, two sizes of text."""
    from ui.shell.offscreen import Look

    themes, sizes = arguments.theme or ["light"], arguments.text or ["100"]
    spoken: list[tuple[str, bool]] = [(arguments.lang, False)]
    if arguments.matrix:
        themes, sizes, spoken = arguments.theme or MATRIX_THEMES, arguments.text or MATRIX_SIZES, MATRIX_LANGUAGES
    if arguments.pseudo:
        spoken = [*(spoken if arguments.matrix else []), ("en", True)]
    choices = itertools.product(spoken, themes, sizes, arguments.density or ["normal"])
    return [Look(code, theme, text, density, pseudo) for (code, pseudo), theme, text, density in choices]


def _screenshots(arguments: Namespace, console: Console) -> int:
    chosen = (arguments.theme, arguments.text, arguments.density, arguments.matrix, arguments.pseudo)
    known = {spec.name for spec in discover()}
    for name in arguments.screen or ():
        _check_screen(name, known)
    names = _pictures(
        arguments.folder, arguments.data, _looks(arguments), arguments.screen,
        plain=not any(chosen) and arguments.lang == "fr", every=arguments.faces, at=_moment(arguments),
    )  # fmt: skip
    console.emit({"folder": str(arguments.folder), "pictures": names}, lambda: "\n".join(names))
    return 0


def _check_screen(name: str, known: set[str]) -> None:
    if name not in known:
        raise UsageError(N_("There is no screen “{name}”. “screens” lists them."), name=name)


def _screenshot_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, nargs="?", default=PICTURES, help=_(N_("where the pictures go")))
    themes = [choice.value for choice in ThemeChoice if choice is not ThemeChoice.SYSTEM]
    parser.add_argument("--theme", action="append", choices=themes, help=_(N_("a theme; may be given several times")))
    sizes = [size.value for size in TextSize]
    parser.add_argument(
        "--text", action="append", choices=sizes, help=_(N_("a text size in percent; may be given several times"))
    )
    parser.add_argument("--screen", action="append", help=_(N_("one screen; may be given several times")))
    parser.add_argument(
        "--density", action="append", choices=[choice.value for choice in DensityChoice],
        help=_(N_("a density; may be given several times")),
    )  # fmt: skip
    parser.add_argument(
        "--faces", action="store_true", help=_(N_("also every tab, section and document, and what opens over screens"))
    )
    parser.add_argument(
        "--matrix",
        action="store_true",
        help=_(N_("both languages, light, dark and high contrast, text at 100 and 200%")),
    )
    parser.add_argument("--at", help=_(N_("the moment that the screens show, ISO 8601")))
    parser.add_argument("--pseudo", action="store_true", help=_(N_("in a language of longer words")))


def _screens(arguments: Namespace, console: Console) -> int:
    specs = discover()
    console.emit(
        [spec.as_json() | {"label": _(spec.title)} for spec in specs],
        lambda: "\n".join(f"{spec.name:<16}{_(spec.title)}" for spec in specs),
    )
    return 0


def _a11y(arguments: Namespace, console: Console) -> int:
    from ui.shell.offscreen import go, settle

    _check_screen(arguments.screen, {spec.name for spec in discover()})
    with _stage(arguments.data, arguments.lang) as window:
        from ui.shell.a11y import lines_of, mute_nodes, tree_of

        go(window, arguments.screen)
        settle(window)
        nodes = tree_of(window)
        mute = mute_nodes(nodes)
        payload = {"screen": arguments.screen, "nodes": nodes, "without_name": mute}
        console.emit(
            payload, lambda: "\n".join([*lines_of(nodes), *(_(N_("without a name: {node}"), node=m) for m in mute)])
        )
    return 0


def _a11y_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--screen", required=True, help=_(N_("the name of a screen")))


def _play(arguments: Namespace, console: Console) -> int:
    from app.cli.absent import Absent
    from ui.shell.steps import read_steps

    if not arguments.file.exists():
        raise Absent(N_("There is no file {path}."), path=str(arguments.file))
    steps = read_steps(arguments.file.read_text(encoding="utf-8"))
    with _stage(arguments.data, arguments.lang) as window:
        from ui.shell.journey import Journey

        told = Journey(window, keyboard_only=arguments.keyboard_only).play(steps)
    console.emit({"steps": told}, lambda: "\n".join(told))
    return 0


def _play_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help=_(N_("a journey: one step a line, or a JSON list")))
    parser.add_argument(
        "--keyboard-only", action="store_true", help=_(N_("reach everything by keys, as without a mouse"))
    )


VERBS: Final = (
    Verb("window", N_("Open the workstation on the clinic’s folder."), no_arguments, _run),
    Verb("run", N_("Open the workstation on the clinic’s folder."), no_arguments, _run),
    Verb("demo", N_("Open the workstation on a demonstration with invented people."), _demo_arguments, _demo),
    Verb("screens", N_("List the screens."), no_arguments, _screens),
    Verb("screenshots", N_("Draw the screens as pictures, without a display."), _screenshot_arguments, _screenshots),
    Verb("a11y", N_("List what assistive technology is told of a screen."), _a11y_arguments, _a11y),
    Verb("play", N_("Play a journey through the real screens."), _play_arguments, _play),
)
