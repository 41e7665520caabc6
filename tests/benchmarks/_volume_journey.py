"""Run by `volume` in a process of its own: the workspace over a series, its event loop, and the memory it takes.

A person opens the volume, walks through slices, turns the planes, thickens a slab, has an arch proposed, looks at the
joints, shows two surfaces, turns the head, keeps every kind of picture, closes, and opens it again. Prints one JSON
document; gaps in ms, memory in MB.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).parent)]

from _heartbeat import Beats
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from viewer.widgets.volume.host import VolumeHost
    from viewer.widgets.volume.workspace import VolumeWorkspace

MB = 1 << 20
PATIENCE, FRAME = 120.0, 0.016


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
        """Live until something holds, and a little longer; at least one turn of the loop."""
        start = time.monotonic()
        while True:
            self._application.processEvents()
            self._application.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            self.most = max(self.most, resident())
            now = time.monotonic() - start
            if (now >= least and until()) or now > PATIENCE:
                return
            time.sleep(0.001)

    def repeat(self, deed: Callable[[], None], count: int) -> None:
        """A hand that moves: one deed for each picture of a screen."""
        for _step in range(count):
            deed()
            self.rest(lambda: True, FRAME)


def opened(host: VolumeHost, walk: Walk) -> tuple[VolumeWorkspace, float]:
    """A workspace over the volume, and the seconds until its planes were there."""
    from viewer.widgets.look import Look
    from viewer.widgets.texts import TileTexts
    from viewer.widgets.volume.workspace import VolumeWorkspace

    made, start = VolumeWorkspace(host, TileTexts(), Look()), time.perf_counter()
    made.resize(1600, 1000)
    made.show()
    made.load()
    walk.rest(lambda: made.board is not None and all(pane.shown is not None for pane in made.board.views()), 0)
    return made, time.perf_counter() - start


def look_around(made: VolumeWorkspace, walk: Walk) -> None:
    """All that a person does between opening and closing."""
    from viewer.volume.planes import Blend, View

    board = made.board
    assert board is not None
    walk.rest(lambda: not made.busy)
    state = board.state
    walk.repeat(lambda: state.step(View.AXIAL, 1), 30)
    walk.repeat(lambda: state.turn(View.CORONAL, 1.5), 10)
    state.set_slab(10, Blend.MAXIMUM)
    walk.repeat(lambda: state.turn(View.CORONAL, 1.5), 10)
    walk.rest(lambda: not state.hurried, 0.6)
    state.set_upright()
    board.propose_arch()
    made.set_layout("panoramic")
    walk.rest(lambda: not board.busy and board.panorama.panoramic is not None)
    walk.repeat(lambda: board.panorama.step(1), 10)
    made.set_layout("joints")
    walk.rest(lambda: True)
    made.set_layout("four")
    for tissue in ("Bone", "Skin"):
        board.scene_page.checks[tissue].setChecked(True)
        walk.rest(lambda tissue=tissue: tissue in board.scene_page.meshes and not board.scene_page.words.text())
    walk.rest(lambda: not made.busy)
    walk.repeat(
        lambda: board.scene.look_from(replace(board.scene.eye, azimuth=board.scene.eye.azimuth + 4), moving=True), 15
    )
    walk.rest(lambda: not made.busy, 0.6)


def keep_all(made: VolumeWorkspace, walk: Walk, kept: list[Any]) -> None:
    """What is kept and printed."""
    board = made.board
    assert board is not None
    for number, deed in enumerate(
        (board.keep_cephalogram, board.keep_panoramic, board.keep_section, board.keep_pane, board.report), 1
    ):
        deed()
        walk.rest(lambda number=number: len(kept) >= number)


def print_off(pool: Executor, make: Callable[[], bytes], kept: list[Any]) -> None:
    """Files are written off the screen's thread, as by the program."""
    pool.submit(lambda: kept.append(make()))


def close(made: VolumeWorkspace, walk: Walk, threads: int) -> None:
    """Give everything back; `threads` is how many there were before."""
    made.close_volume()
    made.deleteLater()
    walk.rest(lambda: threading.active_count() <= threads, 1.0)


def journey(folder: Path) -> dict[str, Any]:
    """Walk, and say what it took."""
    import viewer.widgets.volume.workspace  # noqa: F401  the program reads its screens ahead, too
    from ui.shell.bootstrap import application
    from viewer.widgets.volume.host import Author, SessionCache, VolumeHost, open_volume

    run = application()
    files, kept = sorted(folder.iterdir()), list[Any]()
    with tempfile.TemporaryDirectory() as scratch:
        cache, pool = SessionCache(Path(scratch)), ThreadPoolExecutor(1)
        host = VolumeHost(
            lambda progress: open_volume(lambda _part: files, progress, cache, "series"), kept.extend,
            lambda _name, make: print_off(pool, make, kept), lambda _plan: None,
            Author("Bench", lambda: datetime.now(UTC)),
        )  # fmt: skip
        window = QWidget()  # the program has one already, with all that the toolkit needs for it
        window.resize(1600, 1000)
        window.show()
        threads = threading.active_count() + 1
        before, walk, beats = resident(), Walk(run), Beats()
        made, first = opened(host, walk)
        assert made.board is not None
        size = made.board.state.volume.cells.nbytes / MB
        look_around(made, walk)
        keep_all(made, walk, kept)
        most = walk.most
        kept.clear()
        close(made, walk, threads)
        after = resident()
        made, again = opened(host, walk)
        close(made, walk, threads)
        last, gaps = resident(), beats.answer()
        cache.close()
    return {
        **gaps, "volume_mb": size, "opened_s": first, "reopened_s": again, "taken_mb": most - before,
        "left_mb": after - before, "left_again_mb": last - before,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(journey(Path(sys.argv[1]))))
