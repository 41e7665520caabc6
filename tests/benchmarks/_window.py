"""Run by `core` in a process of its own: the window on a folder, from the start of the process to what a person sees.

Prints one JSON document: seconds since the parent's clock to the painted gate, then from the proven password to the
painted list of patients, and the resident memory after a rest, in MB.
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
REST_SECONDS = 2.0


def resident_mb() -> float:
    """This process's resident memory."""
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def main(folder: Path, begun: float, username: str, password: str) -> None:
    """Open, paint, sign in, paint, rest, and tell; the collector waits for the first paint, as in the product."""
    gc.disable()
    from ui.shell.bootstrap import open_window
    from ui.shell.offscreen import settle

    with open_window(folder, language="fr") as (window, _workplace):
        window.show()
        settle(window)
        window.grab()
        gate = time.time() - begun
        gc.freeze()
        gc.enable()
        from app.core.secret import Secret

        signed = window.session.gatekeeper.sign_in(username, Secret(password))
        entered = time.time()
        window.session.become(signed)
        settle(window)
        window.grab()
        patients = time.time() - entered
        settle(window, REST_SECONDS)
        print(json.dumps({"gate": gate, "patients": patients, "memory_mb": resident_mb()}))


if __name__ == "__main__":
    main(Path(sys.argv[2]), float(sys.argv[3]), sys.argv[4], sys.argv[5])
