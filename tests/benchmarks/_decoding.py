"""Decoding beside other decoders, in an environment of their own that is made when it is first needed."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from _report import Measure, percentile

PEERS: Final = ("pylibjpeg-openjpeg", "pyjpegls", "python-gdcm")
SHARED: Final = ("numpy", "pydicom", "imagecodecs", "pillow")
"""What our own decoding needs; in the versions that run here, so that only the decoders differ."""
REPEATS: Final = 15
LEAST_RATIO: Final = 0.9


def decoding(path: Path) -> list[Measure]:
    """Our decoding and the peers' in milliseconds, and how ours compares with the fastest of them."""
    try:
        found = measured(path)
    except (OSError, subprocess.CalledProcessError, ValueError) as problem:
        told = getattr(problem, "stderr", "") or str(problem)
        return [Measure(f"decode, peers not installable: {told.strip()[-120:]}", 0.0, "")]
    measures: list[Measure] = []
    best: dict[str, float] = {}
    busy: dict[str, float] = {}
    for name, entry in found.items():
        label = " ".join(filter(None, (name, entry["version"])))
        if "problem" in entry or not entry["wall"]:
            measures.append(Measure(f"decode, {label}: {entry.get('problem', 'not run')}", 0.0, ""))
            continue
        best[name] = min(entry["wall"])
        measures.append(Measure(f"decode, {label}", percentile(entry["wall"], 0.5), "ms", repeats=entry["wall"]))
        if "process" not in name:
            busy[name] = min(entry["cpu"])
            measures.append(Measure(f"decode, {label}, processor time", percentile(entry["cpu"], 0.5), "ms"))
    return [*measures, *_ratio(best, "", LEAST_RATIO), *_ratio(busy, ", processor time", LEAST_RATIO)]


def _ratio(best: dict[str, float], what: str, target: float | None) -> list[Measure]:
    """How fast ours is beside the fastest peer, by the best repeat of each: the least disturbed by other work."""
    peers = {name: wall for name, wall in best.items() if name != "ours"}
    if "ours" not in best or not peers:
        return []
    fastest = min(peers, key=lambda name: peers[name])
    ratio = peers[fastest] / best["ours"]
    return [Measure(f"decode, ours beside the fastest ({fastest}){what}", ratio, "times", target, at_least=True)]


def measured(path: Path) -> dict[str, dict[str, Any]]:
    """What `_peers.py` found. Raises OSError or CalledProcessError where the environment cannot be had."""
    script = Path(__file__).with_name("_peers.py")
    words = [str(interpreter()), str(script), str(path.resolve()), str(REPEATS)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


def interpreter() -> Path:
    """The Python of the peers' environment in the user's cache folder; made and filled by pip when it is not there."""
    from platformdirs import user_cache_path

    number = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = user_cache_path("archwire-bench", appauthor=False) / f"peers-{number}"
    program = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    complete = folder / "complete"
    if not complete.exists():
        venv.create(folder, with_pip=True, clear=True)
        wanted = [*(f"{name}=={version(name)}" for name in SHARED), *PEERS]
        subprocess.run(
            [str(program), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        complete.touch()
    return program
