"""What the schedule costs on a full day: the answer of the database, the first and the next pictures, a pan.

`figures()` is called by `bench ui`. Times are milliseconds; the picture is painted into a pixmap of the size of the
schedule at 1440 × 900.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

VISITS = 300
CHAIRS = 12
SIZE = (1140, 640)
ROUNDS = 30
TARGETS = MappingProxyType({"paint_300_ms": 8.0, "pan_frame_ms": 16.6, "board_120_ms": 20.0})


def figures(runner: Any = None, actor: Any = None, on: date | None = None) -> dict[str, float]:
    """Median milliseconds: `paint_300_ms` of a whole day at once, `paint_first_ms`, `pan_frame_ms`; with a runner
    also `board_ms` of the day that it holds and `board_visits`, how many those are."""
    found = _painting()
    if runner is not None:
        from app.scheduling.queries import schedule_board

        board = runner.ask(actor, schedule_board, None, on)
        found["board_visits"] = float(len(board.visits)) if board else 0.0
        found["board_ms"] = _median(lambda: runner.ask(actor, schedule_board, None, on))
    return found


def _median(work: Callable[[], Any]) -> float:
    times = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return round(statistics.median(times), 2)


def _painting() -> dict[str, float]:
    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QApplication

    from ui.scheduling.timegrid import Run
    from ui.scheduling.timegrid_hands import WorkGrid
    from ui.theme.style import theme

    app = QApplication.instance() or QApplication([])
    theme.apply(app, "light", 1.0, "normal", reduce_motion=True)
    grid = WorkGrid()
    grid.resize(*SIZE)
    grid.zoom = 0
    grid.show_scene(_scene(), Run.RIGHT)
    canvas = QPixmap(*SIZE)
    begun = time.perf_counter()
    grid.viewport().render(canvas)
    first = (time.perf_counter() - begun) * 1000
    whole = _median(lambda: grid.viewport().render(canvas))
    grid.zoom = 6
    grid.arrange()
    bar = grid.horizontalScrollBar()
    for at in range(0, bar.maximum(), 400):
        bar.setValue(at)
        grid.viewport().render(canvas)
    place = iter(range(0, 10_000, 7))

    def pan() -> None:
        bar.setValue(next(place) % max(bar.maximum(), 1))
        grid.viewport().render(canvas)

    pans = _median(pan)
    grid.deleteLater()
    return {"paint_300_ms": whole, "paint_first_ms": round(first, 2), "pan_frame_ms": pans}


def _scene() -> Any:
    """A day of 300 visits at 12 chairs, in every status."""
    from zoneinfo import ZoneInfo

    from app.core.clock import Clock
    from ui.scheduling.block_look import look_of
    from ui.scheduling.timegrid import Lane, stack, visit_item
    from ui.scheduling.timegrid_view import Scene

    zone = ZoneInfo("America/Toronto")
    noon = int(datetime(2026, 11, 24, 12, tzinfo=zone).timestamp()) // 60
    clock = Clock.fixed(datetime(2026, 11, 24, 10, 42, tzinfo=zone))
    lanes = []
    for number in range(CHAIRS):
        lane = Lane(0, f"chair {number}", f"Fauteuil {number + 1}", noon)
        each = VISITS // CHAIRS
        lane.items = [visit_item(number, _visit(number * each + at, noon - 280 + at * 22), noon, False)
                      for at in range(each)]  # fmt: skip
        lane.rows = stack(lane.items)
        lanes.append(lane)
    looks = {
        item.key: look_of(item.visit, item.span, noon - 78, clock, {}, frozenset(), ("alert",), False)
        for lane in lanes for item in lane.items if item.visit is not None
    }  # fmt: skip
    return Scene(lanes, -300, 300, noon - 78, clock, ("",), lambda item: looks[item.key], lambda item: item.key)


def _visit(number: int, start: int) -> Any:
    from app.scheduling.queries import AppointmentClass, LabState, Segment, SegmentKind, VisitLine

    flows = ("expected", "late", "arrived", "seated", "checkout", "gone")
    begins = datetime.fromtimestamp(start * 60, UTC)
    nothing: dict[str, Any] = dict.fromkeys(VisitLine.__dataclass_fields__)
    line = VisitLine(**nothing)
    return replace(
        line, id=f"visit {number:03d}", given_name="Béatrice", family_name=f"Thibault {number}", type_code="ADJ",
        type_name_fr="Ajustement", type_name_en="Adjustment", appointment_class=AppointmentClass.ADJUSTMENT,
        starts_at=begins, ends_at=begins + timedelta(minutes=20), minutes=20, status="scheduled", doctor="none",
        flow=flows[number % len(flows)], late_minutes=12, arrived_at=begins, allowed=(), lab_state=LabState.NONE,
        segments=(Segment(SegmentKind.ASSISTANT, 8), Segment(SegmentKind.DOCTOR, 4), Segment(SegmentKind.ASSISTANT, 8)),
    )  # fmt: skip


if __name__ == "__main__":
    print(figures())
