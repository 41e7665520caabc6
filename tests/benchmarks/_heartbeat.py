"""Run by `imaging` in a process of its own: the window while images are imported, and the longest it stood still.

Prints one JSON document: the longest gap between two beats of the event loop in ms, the beats, the images, the seconds.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, sys.argv[1])
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
BEAT_MS = 5


def main(folder: Path, images: Path) -> None:
    """Open the window as the product does, import in the background as its screens do, and listen to the beat."""
    gc.disable()
    from PySide6.QtCore import Qt, QTimer

    from app.imaging.importing import import_paths
    from app.journal.queries import SYSTEM
    from ui.shell.bootstrap import open_window
    from ui.shell.offscreen import settle

    with open_window(folder, language="fr") as (window, workplace):
        window.show()
        settle(window)
        window.grab()
        gc.freeze()
        gc.enable()
        gaps: list[float] = []
        last = time.perf_counter()

        def beat() -> None:
            nonlocal last
            now = time.perf_counter()
            gaps.append(now - last)
            last = now

        timer = QTimer(timerType=Qt.TimerType.PreciseTimer)
        timer.timeout.connect(beat)
        begun = last = time.perf_counter()
        timer.start(BEAT_MS)
        done: list[object] = []
        bench = window.session.bench
        bench.background(lambda: import_paths(workplace.runner, SYSTEM, [images]), done.append)
        while not done:
            settle(window, 0.05)
        timer.stop()
        report = done[0].result()  # type: ignore[attr-defined]
        answer = {
            "longest_ms": max(gaps) * 1000, "beats": len(gaps), "images": report.imported,
            "seconds": time.perf_counter() - begun, "late": sorted(round(gap * 1000, 1) for gap in gaps)[-5:],
        }  # fmt: skip
        print(json.dumps(answer))
    from ui.shell.bootstrap import end_workers

    end_workers()


if __name__ == "__main__":
    main(Path(sys.argv[2]), Path(sys.argv[3]))
