"""Run by `imaging` in a process of its own: the window while images are imported, and the longest it stood still.

With `alone` as the only argument, an empty event loop beats until the input ends: what the machine itself takes.
Both print one JSON document; the gaps between two beats of the event loop are in ms.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
BEAT_MS = 5
WORST = 5


class Beats:
    """Times between two beats of the running event loop."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.gaps: list[float] = []
        self.own: list[float] = []
        """Processor time of the screen's thread in each gap: on a machine that is busy elsewhere, what is its own."""
        self._last, self._last_own = time.perf_counter(), time.thread_time()
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now, own = time.perf_counter(), time.thread_time()
        self.gaps.append((now - self._last) * 1000)
        self.own.append((own - self._last_own) * 1000)
        self._last, self._last_own = now, own

    def answer(self) -> dict[str, Any]:
        """The longest ones."""
        worst, own = sorted(self.gaps)[-WORST:], sorted(self.own)[-WORST:]
        return {
            "longest_ms": worst[-1], "late": [round(gap, 1) for gap in worst], "beats": len(self.gaps),
            "own_ms": own[-1], "own_late": [round(gap, 1) for gap in own],
        }  # fmt: skip


def beat_alone() -> dict[str, Any]:
    """An empty event loop, until nobody writes any more."""
    from PySide6.QtCore import QCoreApplication, QMetaObject, Qt

    application = QCoreApplication(sys.argv[:1])
    beats = Beats()

    def wait() -> None:
        sys.stdin.read()
        QMetaObject.invokeMethod(application, "quit", Qt.ConnectionType.QueuedConnection)

    threading.Thread(target=wait, daemon=True).start()
    application.exec()
    return beats.answer()


def beat_importing(folder: Path, images: Path) -> dict[str, Any]:
    """Open the window as the product does, show the library, import as its screens do, and listen to the beat."""
    gc.disable()
    from PySide6.QtCore import QTimer

    from ui.imaging.importing import imports_of
    from ui.shell.bootstrap import application, open_window
    from ui.shell.offscreen import enter, go, settle

    with open_window(folder, language="fr") as (window, _workplace):
        window.show()
        enter(window, "claire")
        go(window, "imaging")
        settle(window)
        window.grab()
        gc.freeze()
        gc.enable()
        imports, loop = imports_of(window.bench), application()
        imports.finished.connect(lambda _report: QTimer.singleShot(500, loop.quit))
        begun, beats = time.perf_counter(), Beats()
        imports.start([images])
        loop.exec()
        report = imports.last
        if report is None:
            raise SystemExit("the import ended without a report")
        seconds = time.perf_counter() - begun
        return {**beats.answer(), "images": report.imported, "seconds": seconds}


def main(arguments: list[str]) -> None:
    """Beat as asked, and print."""
    if arguments == ["alone"]:
        print(json.dumps(beat_alone()))
        return
    root, folder, images = arguments
    sys.path.insert(0, root)
    print(json.dumps(beat_importing(Path(folder), Path(images))))


if __name__ == "__main__":
    main(sys.argv[1:])
