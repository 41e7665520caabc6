"""How long a person waits: lists, charts, screens, palette, and what others write, on a folder of 100,000 charts.

`python main.py bench ui [--folder FOLDER] [--patients N] [--appointments N] [--json]`. The folder is built on first use
and used again when it is named; a demonstration serves too. Each figure is the wall clock in a window without a screen,
from the key to the painted answer, with the time of the processor beside it: on a machine that is busy with other
things the second is the one to compare.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from _report import Measure, load, percentile, show

TYPED: Final = ("tremblay", "gagnon emma", "élodie roy", "nathan", "0142")
CHARTS: Final = 12
ROUNDS: Final = 6
FRAMES: Final = 240
PATIENCE: Final = 60.0
"""Seconds after which an answer is given up."""
WRITER: Final = Path(__file__).parent / "_writer.py"


class Watch:
    """A window, waited for; keeps the longest time in which its event loop did not beat."""

    def __init__(self, window: Any) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.window, self.gaps, self._last = window, [0.0], time.perf_counter()
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=1)
        self._timer.timeout.connect(self._beat)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1000)
        self._last = now

    @contextlib.contextmanager
    def beating(self) -> Iterator[None]:
        """Listen to the event loop meanwhile."""
        self._last = time.perf_counter()
        self._timer.start()
        yield
        self._timer.stop()

    def rest(self, until: Callable[[], bool] | None = None) -> None:
        """Let answers arrive and be painted; then until something holds."""
        from PySide6.QtCore import QCoreApplication, QEventLoop

        end, quiet = time.monotonic() + PATIENCE, 0
        while time.monotonic() < end:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
            quiet = 0 if self.window.bench.busy else quiet + 1
            if quiet >= 2 and (until is None or until()):
                return
            # As an event loop does between events: one that never lets go of the interpreter keeps the threads that
            # read from working, and what was measured was this loop (1.6 s for a commit that took 50 ms to be seen).
            time.sleep(0.0005)
        raise TimeoutError("no answer")

    def timed(self, act: Callable[[], Any], until: Callable[[], bool] | None = None) -> tuple[float, float]:
        """Wall and processor milliseconds from the act to the painted answer."""
        self.rest()
        wall, busy = time.perf_counter(), time.process_time()
        act()
        self.rest(until)
        return (time.perf_counter() - wall) * 1000, (time.process_time() - busy) * 1000


def measures_of(name: str, found: list[tuple[float, float]], target: float | None = None) -> list[Measure]:
    """The median and the worst on the wall clock, and the median of the processor."""
    wall, busy = [each[0] for each in found], [each[1] for each in found]
    return [
        Measure(name, percentile(wall, 0.5), "ms", target, repeats=wall),
        Measure(f"{name}, processor", percentile(busy, 0.5), "ms", repeats=busy),
    ]


# -- what people do --------------------------------------------------------------------------------------------------
def lists(watch: Watch) -> list[Measure]:
    """The list of patients: the first opening, scrolling with the rows fetched on the way, a filter by letters."""
    from PySide6.QtCore import QCoreApplication

    window = watch.window
    first = watch.timed(lambda: window.open("patients"))
    view = window.screens["patients"]
    again = [watch.timed(view.freshen) for _round in range(ROUNDS)]
    table, bar = view._table, view._table.verticalScrollBar()
    begun, busy = time.perf_counter(), time.process_time()
    for frame in range(FRAMES):
        bar.setValue(min(frame * 57, bar.maximum()))
        table.viewport().repaint()
        QCoreApplication.processEvents()  # the answers of further pages arrive in between
    rate = FRAMES / (time.perf_counter() - begun)
    rate_busy = FRAMES / (time.process_time() - busy)
    filtered = []
    for text in TYPED:
        for end in range(1, len(text) + 1):
            filtered.append(watch.timed(lambda part=text[:end]: typed(view._field, part)))
    view._field.setText("")
    watch.rest()
    return [
        *measures_of("patient list, first opening", [first], 150),
        *measures_of("patient list, read again", again),
        Measure("patient list, scrolled", rate, "frames/s", 60, at_least=True),
        Measure("patient list, scrolled, processor", rate_busy, "frames/s"),
        *measures_of("patient list, filter, one letter", filtered, 50),
    ]


def typed(field: Any, text: str) -> None:
    """As by hand: what a program writes into a field is not told."""
    field.setText(text)
    field.changed.emit(text)


def charts(watch: Watch, ids: list[str]) -> list[Measure]:
    """Opening a chart, each of another patient; the first time its page is made too."""
    first = watch.timed(lambda: watch.window.open("patient", patient_id=ids[0]))
    others = [watch.timed(lambda one=one: watch.window.open("patient", patient_id=one)) for one in ids[1:]]
    return [*measures_of("chart, first opening", [first]), *measures_of("chart, opening", others, 150)]


def screens(watch: Watch) -> list[Measure]:
    """Every screen of the rail made once, then switched to in turn."""
    window = watch.window
    names = [spec.name for spec in window.rail_specs() if not spec.needs]
    made = {name: watch.timed(lambda name=name: window.open(name)) for name in names}
    found = [measure for name in names for measure in measures_of(f"screen made: {name}", [made[name]])]
    turns: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for _round in range(ROUNDS):
        for name in names:
            turns[name].append(watch.timed(lambda name=name: window.open(name)))
    every = [each for name in names for each in turns[name]]
    worst = max(names, key=lambda name: percentile([wall for wall, _busy in turns[name]], 0.5))
    return [
        *found,
        *measures_of("switching screens", every, 100),
        *measures_of(f"switching screens, worst: {worst}", turns[worst], 100),
    ]


def ahead(watch: Watch) -> list[Measure]:
    """The same in a window whose screens were made while nobody touched it, as in the program after some seconds."""
    from ui.shell.ahead import ScreensAhead

    window = watch.window.group.add(watch.window)
    watch.rest()
    steps: list[float] = []
    plain = ScreensAhead._step

    def timed(maker: Any) -> None:
        begun = time.perf_counter()
        plain(maker)
        steps.append((time.perf_counter() - begun) * 1000)

    ScreensAhead._step = timed
    maker = ScreensAhead(watch.window.group, lambda: True)
    watch.rest(lambda: maker.done)
    maker.stop()
    ScreensAhead._step = plain
    names = [spec.name for spec in window.rail_specs() if not spec.needs]
    made = {name: watch.timed(lambda name=name: window.open(name)) for name in names}
    worst = max(names, key=lambda name: made[name][0])
    window.close()
    return [
        *measures_of("screen opened first, made ahead", list(made.values()), 100),
        *measures_of(f"screen opened first, made ahead, worst: {worst}", [made[worst]], 100),
        Measure("longest step of making screens ahead", max(steps), "ms", repeats=steps),
    ]


def palette(watch: Watch) -> list[Measure]:
    """The palette: opening, then each letter until patients and commands are painted."""
    window = watch.window
    opened, letters = [], []
    for text in TYPED:
        opened.append(watch.timed(window.open_palette))
        for end in range(1, len(text) + 1):
            letters.append(watch.timed(lambda part=text[:end]: window.palette_sheet.field.setText(part)))
        window.palette_sheet.close_now()
    return [*measures_of("palette, opening", opened, 100), *measures_of("palette, one letter", letters, 50)]


def journey(watch: Watch, ids: list[str]) -> list[Measure]:
    """All of it in a row, once everything is made: the longest time in which the window answered nothing."""
    window = watch.window
    with watch.beating():
        for one in ids[:4]:
            for act in (
                lambda: window.open("patients"),
                lambda: typed(window.screens["patients"]._field, "gag"),
                lambda: typed(window.screens["patients"]._field, ""),
                lambda one=one: window.open("patient", patient_id=one),
                lambda: window.open("today"),
                lambda: window.open("schedule"),
                window.open_palette,
                lambda: window.palette_sheet.field.setText("roy"),
                window.palette_sheet.close_now,
            ):
                act()
                watch.rest()
    return [
        Measure("event loop, longest gap over a journey", max(watch.gaps), "ms", 100),
        Measure("event loop, second longest", sorted(watch.gaps)[-2], "ms"),
    ]


# -- what others write -----------------------------------------------------------------------------------------------
def others(watch: Watch, folder: Path, one: str) -> list[Measure]:
    """A command in another window, and one of another process: until every view of it is painted."""
    from app.patients.commands import change_patient

    window = watch.window
    window.open("patient", patient_id=one)
    second = window.group.add(window)
    second.open("patient", patient_id=one)
    watch.rest()

    def shows(name: str) -> bool:
        from PySide6.QtWidgets import QLabel

        return all(any(name in label.text() for label in each.findChildren(QLabel)) for each in (window, second))

    own = []
    for number in range(ROUNDS):
        name = f"Zoé {number}"
        own.append(
            watch.timed(
                lambda name=name: window.bench.run(change_patient, one, preferred_name=name).say(""),
                lambda name=name: shows(name),
            )
        )
    foreign = [_written_elsewhere(watch, folder, one, f"Noé {number}", shows) for number in range(ROUNDS)]
    return [
        *measures_of("a command of one window, in all windows", own, 100),
        Measure("a commit of another process, in all windows", percentile(foreign, 0.5), "ms", 100, repeats=foreign),
    ]


def _written_elsewhere(watch: Watch, folder: Path, one: str, name: str, shows: Callable[[str], bool]) -> float:
    """Milliseconds from the commit of a process, as that process tells it, to the painted windows."""
    told: list[float] = []
    with subprocess.Popen(
        [sys.executable, str(WRITER), str(ROOT), str(folder), one, name], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        stream = process.stdout
        listener = threading.Thread(target=lambda: told.append(float(stream.readline() or "nan")))
        listener.start()
        watch.rest(lambda: shows(name))
        seen = time.time()
        listener.join()
    return (seen - told[0]) * 1000


# -- the window ------------------------------------------------------------------------------------------------------
def measured(folder: Path) -> list[Measure]:
    """All figures of one window on a folder."""
    gc.disable()
    import ui_patients
    import ui_schedule
    from core import MANAGER

    from app.core.secret import Secret
    from app.patients.queries import patient_list
    from ui.shell.bootstrap import open_window
    from ui.shell.offscreen import settle

    with open_window(folder, language="fr") as (window, workplace):
        window.show()
        settle(window)
        gc.freeze()
        gc.enable()
        secrets = window.session.demo_secrets
        who = ("claire", secrets[0]) if secrets else MANAGER
        watch = Watch(window)
        entered = watch.timed(lambda: window.session.become(window.session.gatekeeper.sign_in(who[0], Secret(who[1]))))
        ids = [line.id for line in workplace.runner.ask(window.bench.actor, patient_list, limit=CHARTS).rows]
        found = [*measures_of("password to the first screen", [entered])]
        found += (
            lists(watch) + charts(watch, ids) + screens(watch) + ahead(watch) + palette(watch) + journey(watch, ids)
        )
        found += others(watch, folder, ids[0])
        found += ui_patients.list_measures(workplace.runner, ROUNDS)
        drawn = ui_schedule.figures(workplace.runner, window.bench.actor)
        targets = ui_schedule.TARGETS
        found += [Measure(f"schedule: {name}", value, "ms", targets.get(name)) for name, value in drawn.items()]
    return found


def compiled(place: Path) -> None:
    """Modules as an installation has them: where none may be written beside the sources, they are compiled aside."""
    import compileall

    if sys.dont_write_bytecode:
        sys.dont_write_bytecode, sys.pycache_prefix = False, str(place)
        for package in ("app", "ui", "viewer"):
            compileall.compile_dir(ROOT / package, quiet=2, workers=1)


def main(argv: list[str]) -> int:
    """Measure and print; 0 whatever the figures are."""
    parser = argparse.ArgumentParser(prog="bench ui", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--patients", type=int, default=100_000)
    parser.add_argument("--appointments", type=int, default=20_000)
    given = parser.parse_args(argv)
    import core

    with contextlib.ExitStack() as stack:
        compiled(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="archwire-bench-"))))
        place = given.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="archwire-bench-")))
        if not (place / "workstation.db").exists():
            place.mkdir(parents=True, exist_ok=True)
            core.build(place, given.patients)
            core.book(place, given.appointments)
        before = load()
        show(measured(place), before, as_json=given.json)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
