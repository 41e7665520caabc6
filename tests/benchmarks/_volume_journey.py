"""Run by `volume` in a process of its own: the workspace over a series, its event loop, and the memory it takes.

A person opens the volume, walks through slices, turns the planes, thickens a slab, has an arch proposed, shows a
surface, turns the head, closes, and opens it again. Prints one JSON document; gaps in ms, memory in MB.
"""

from __future__ import annotations

import ctypes
import gc
import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).parent)]

from _heartbeat import Beats  # noqa: E402
from PySide6.QtCore import QEvent  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

if TYPE_CHECKING:
    from viewer.widgets.volume.host import VolumeHost

MB = 1 << 20
PATIENCE = 120.0


def resident() -> float:
    """MB of memory that the process takes now (Linux; 0 elsewhere)."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


class Walk:
    """Steps in the running event loop, the most memory that any of them took."""

    def __init__(self, application: QApplication) -> None:
        self._application = application
        self.most = resident()

    def rest(self, until: Callable[[], bool], least: float = 0.3) -> None:
        """Live until something holds, and a little longer."""
        start = time.monotonic()
        while time.monotonic() - start < PATIENCE and not (until() and time.monotonic() - start > least):
            self._application.processEvents()
            self._application.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            self.most = max(self.most, resident())
            time.sleep(0.001)


def look_around(host: VolumeHost, walk: Walk) -> float:
    """All that a person does between opening and closing; MB of the volume."""
    from viewer.volume.planes import Blend, View
    from viewer.widgets.look import Look
    from viewer.widgets.texts import TileTexts
    from viewer.widgets.volume.workspace import VolumeWorkspace

    made = VolumeWorkspace(host, TileTexts(), Look())
    made.resize(1600, 1000)
    made.show()
    made.load()
    walk.rest(lambda: made.board is not None and not made.busy)
    board = made.board
    assert board is not None
    state = board.state
    for _step in range(30):
        state.step(View.AXIAL, 1)
        walk.rest(lambda: True, 0)
    state.set_slab(10, Blend.MAXIMUM)
    for _step in range(15):
        state.turn(View.CORONAL, 1.5)
        walk.rest(lambda: True, 0)
    walk.rest(lambda: not state.hurried, 0.6)
    board.propose_arch()
    made.set_layout("panoramic")
    walk.rest(lambda: not board.busy, 1.5)
    made.set_layout("four")
    board.scene_page.checks["Bone"].setChecked(True)
    walk.rest(lambda: "Bone" in board.scene_page.meshes and not board.scene_page.words.text() and not made.busy)
    size = state.volume.cells.nbytes / MB
    made.close_volume()
    made.deleteLater()
    return size


def journey(folder: Path) -> dict[str, Any]:
    """Walk, and say what it took."""
    from viewer.volume import rendering, surfaces  # noqa: F401
    from viewer.widgets.volume.host import Author, SessionCache, VolumeHost, open_volume

    application = QApplication(sys.argv[:1])
    files = sorted(folder.iterdir())
    with tempfile.TemporaryDirectory() as scratch:
        cache = SessionCache(Path(scratch))
        host = VolumeHost(
            lambda progress: open_volume(lambda _part: files, progress, cache, "series"), lambda _kept: None,
            lambda _name, _make: None, lambda _plan: None, Author("Bench", lambda: datetime.now(UTC)),
        )  # fmt: skip
        before, walk, beats = resident(), Walk(application), Beats()
        size = look_around(host, walk)
        most, gaps = walk.most, beats.answer()
        walk.rest(lambda: gc.collect() >= 0, 1.0)
        if sys.platform == "linux":
            ctypes.CDLL(None).malloc_trim(0)
        after, start = resident(), time.perf_counter()
        open_volume(lambda _part: files, lambda _part: True, cache, "series")
        reopened = time.perf_counter() - start
        cache.close()
    return {
        **gaps, "volume_mb": size, "taken_mb": most - before, "left_mb": after - before, "reopened_s": reopened,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(journey(Path(sys.argv[1]))))
