"""PouchDB against a PouchDB server on the tape of `bench sync`, shown beside (`bench sync --peers`).

Its packages are installed by name into a cache folder of this user, once; without Node.js or the registry the reason is
told and nothing is shown. What the figures include differs: see `_pouchdb.js`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from tests.benchmarks._report import Measure

PACKAGES: Final = ("pouchdb@9", "express-pouchdb@4", "express@4")
"""Express 5 makes the query of a request read-only, which express-pouchdb 4.2 writes: `_changes` would answer 500."""
CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "archwire-bench" / "pouchdb"
LONGEST: Final = 600.0
SHOWN: Final = (
    ("single", "one operation a request", "req/s"),
    ("p99", "60 requests a second, p99", "ms"),
    ("batched", "the same batched push (11 documents, as many at once as there are)", "ch/s"),
    ("bulk", "push of new documents, 500 at once", "ch/s"),
    ("pull", "pull, pages of 2,000", "ch/s"),
    ("applied", "a workstation replicates", "ch/s"),
    ("drained", "2,000 operations written offline drained", "s"),
    ("p50", "write → read again by another’s view, p50", "ms"),
    ("p95", "write → read again by another’s view, p95", "ms"),
)


def beside(seconds: float) -> list[Measure]:
    """Its figures, without targets; what hinders goes to the error output and gives none."""
    try:
        _install()
        said = _run(seconds)
    except (OSError, subprocess.SubprocessError, ValueError) as problem:
        told = getattr(problem, "stderr", None) or problem
        print(f"PouchDB is not shown: {type(problem).__name__}: {str(told)[-400:]}", file=sys.stderr)
        return []
    return [Measure(f"PouchDB {said['version']}: {name}", said[key], unit) for key, name, unit in SHOWN]


def _install() -> None:
    if (CACHE / "node_modules" / "express-pouchdb").is_dir():
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(CACHE), *PACKAGES]
    subprocess.run(command, capture_output=True, text=True, check=True, timeout=LONGEST)


def _run(seconds: float) -> dict[str, Any]:
    script = Path(__file__).with_suffix(".js")
    done = subprocess.run(
        ["node", str(script), str(seconds)], cwd=CACHE, capture_output=True, text=True, check=True, timeout=LONGEST
    )
    return dict(json.loads(done.stdout))
