"""What the views of the day cost: a tap until every open view is painted anew, and painting a timeline of 300 visits.

`figures()` is called by `bench orchestration`. Five windows show the day at once: timeline, grid, board, floor plan and
wall. Times are milliseconds of the processor, all threads together: what else runs on the machine does not count.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SIZE: Final = (1330, 760)
ROUNDS: Final = 40
VIEWS: Final = ("timeline", "grid", "board", "floor")
PATIENCE: Final = 10.0


def figures(runner: Any, now: datetime, rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Milliseconds of each round: `tap` and `paint_300`."""
    from PySide6.QtWidgets import QApplication

    from ui.theme.style import theme

    app = QApplication.instance() or QApplication([])
    theme.apply(app, "light", 1.0, "normal", reduce_motion=True)
    return {"tap": _taps(app, runner, rounds), "paint_300": _paints()}


def _taps(app: Any, runner: Any, rounds: int) -> list[float]:
    """Arrivals and seatings in turn, each followed until all five windows have painted it."""
    from app.journal.queries import SYSTEM
    from app.scheduling import commands as do
    from ui.orchestration.day_view import DayView
    from ui.orchestration.wall_view import WallView
    from ui.shell.bench import Bench

    bench = Bench(runner)
    bench.sign_in(SYSTEM)
    days = [DayView(bench) for _view in VIEWS]
    windows: list[Any] = [*days, WallView(bench)]
    for window in windows:
        window.resize(*SIZE)
        window.show()
    for view, name in zip(days, VIEWS, strict=True):
        view.choose(view=name)
    _until(app, lambda: not bench.busy and all(view.picture is not None for view in days))
    picture = days[0].picture
    assert picture is not None
    waiting = [visit.id for visit in picture.shot.visits if visit.stage.value in {"expected", "late"}]
    times = []
    for number in range(rounds):
        visit, command = waiting[number // 2], (do.check_in_patient, do.seat_patient)[number % 2]
        _until(app, lambda: not bench.busy and not any(view.afterwards.isActive() for view in days))
        stage = ("waiting", "seated")[number % 2]
        begun = time.process_time()
        bench.run(command, visit)
        _until(app, partial(_all_show, days, visit, stage))
        app.processEvents()
        times.append((time.process_time() - begun) * 1000)
    for window in windows:
        window.close()
        window.deleteLater()
    bench.close()
    app.processEvents()
    return times


def _all_show(days: list[Any], visit: str, stage: str) -> bool:
    return all(view.picture.visits[visit].stage.value == stage for view in days)


def _until(app: Any, ready: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not ready() and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.0005)  # waiting is no work


def _paints() -> list[float]:
    """The timeline of the screen with 300 visits at 12 chairs, painted into a picture."""
    import ui_schedule
    from PySide6.QtGui import QPixmap

    from ui.scheduling.timegrid import Run
    from ui.scheduling.timegrid_hands import WorkGrid

    grid = WorkGrid()
    grid.resize(1000, 600)
    grid.zoom = 0
    grid.show_scene(ui_schedule._scene(), Run.RIGHT)
    canvas = QPixmap(1000, 600)
    grid.viewport().render(canvas)
    times = []
    for _round in range(ROUNDS):
        begun = time.process_time()
        grid.viewport().render(canvas)
        times.append((time.process_time() - begun) * 1000)
    grid.deleteLater()
    return times
