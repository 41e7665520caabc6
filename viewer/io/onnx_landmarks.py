"""Automatic landmarks by a network that a clinic brings, as an ONNX file with a JSON file of the same name beside it.

The JSON says what the network expects and gives: `{"name": …, "licence": …, "input": [height, width],
"landmarks": ["S", "N", …], "output": "heatmaps" | "points"}`. The image goes in as one grey channel, 0 to 1, bright
bone, shape (1, 1, height, width), its longer side filling the input and the rest black. `heatmaps` come out as
(1, n, h, w) with values 0 to 1; `points` as (1, n, 2) or (1, n, 3): x, y as parts of the input, and a confidence.

onnxruntime is no requirement of this program: without it, a sentence says what to install.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.errors import N_
from viewer.model.cephalometry.automatic import AutomaticError
from viewer.model.cephalometry.landmarks import LANDMARKS
from viewer.model.cephalometry.proposals import Proposal
from viewer.model.spacing import PixelSize

Array = NDArray[Any]
Network = Callable[[Array], Array]
"""The input tensor goes in, the first output comes out."""

GREATEST_SIDE = 4096
LEAST_CONFIDENCE = 0.05
ORIGIN = N_("Automatic")
NO_RUNTIME = N_("Automatic landmarks need the package onnxruntime, which is not installed on this workstation.")
NO_DESCRIPTION = N_("Beside the model there must be a JSON file that says what it expects: {name}")


@dataclass(frozen=True)
class Description:
    """What stands in the JSON file."""

    name: str
    licence: str
    height: int
    width: int
    landmarks: tuple[str, ...]
    heatmaps: bool


def onnx_session(path: Path) -> Network:
    """The network of a file, on the processor. Raises AutomaticError without onnxruntime, or for a broken file."""
    try:
        runtime = importlib.import_module("onnxruntime")
    except ImportError:
        raise AutomaticError(NO_RUNTIME) from None
    try:
        session = runtime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        name = session.get_inputs()[0].name
    except Exception:
        raise AutomaticError(N_("This model cannot be read.")) from None
    return lambda tensor: np.asarray(session.run(None, {name: tensor})[0])


def description(path: Path) -> Description:
    """The JSON beside a model. Raises AutomaticError when it is missing or says nothing usable."""
    beside = path.with_suffix(".json")
    try:
        said = json.loads(beside.read_text(encoding="utf-8"))
        height, width = (int(side) for side in said["input"])
        names = tuple(str(name) for name in said["landmarks"])
        kind = said["output"]
        if not (0 < height <= GREATEST_SIDE and 0 < width <= GREATEST_SIDE) or kind not in ("heatmaps", "points"):
            raise ValueError
        if not names or not set(names) <= LANDMARKS.keys():
            raise ValueError
        return Description(str(said["name"]), str(said["licence"]), height, width, names, kind == "heatmaps")
    except (OSError, ValueError, KeyError, TypeError):
        raise AutomaticError(NO_DESCRIPTION, name=beside.name) from None


class OnnxLandmarks:
    """Implements `viewer.model.cephalometry.automatic.LandmarkFinder`; the network is loaded at the first use."""

    def __init__(self, path: Path, load: Callable[[Path], Network] = onnx_session) -> None:
        self._path, self._load = path, load
        self._description = description(path)
        self._network: Network | None = None
        self.name = f"{self._description.name} ({self._description.licence})"

    def find(self, values: Array, size: PixelSize) -> Sequence[Proposal]:
        """One proposal for each landmark that the network is at all sure of. Raises AutomaticError."""
        self._network = self._network or self._load(self._path)
        tensor, scale = fitted(values, self._description.height, self._description.width)
        try:
            out = np.asarray(self._network(tensor), np.float64)
        except Exception:
            raise AutomaticError from None
        places = self._from_heatmaps(out) if self._description.heatmaps else self._from_points(out)
        rows, columns = values.shape[:2]
        found = []
        for name, (x, y, sure) in zip(self._description.landmarks, places, strict=True):
            point = x / scale, y / scale
            if sure >= LEAST_CONFIDENCE and 0 <= point[0] <= columns and 0 <= point[1] <= rows:
                found.append(Proposal(name, point, min(1.0, sure), ORIGIN))
        return found

    def _from_heatmaps(self, out: Array) -> list[tuple[float, float, float]]:
        if out.ndim != 4 or out.shape[1] != len(self._description.landmarks):
            raise AutomaticError
        wide, high = self._description.width / out.shape[3], self._description.height / out.shape[2]
        places = []
        for heat in out[0]:
            row, column = np.unravel_index(int(heat.argmax()), heat.shape)
            places.append(((float(column) + 0.5) * wide, (float(row) + 0.5) * high, float(heat[row, column])))
        return places

    def _from_points(self, out: Array) -> list[tuple[float, float, float]]:
        if out.ndim != 3 or out.shape[1] != len(self._description.landmarks) or out.shape[2] not in (2, 3):
            raise AutomaticError
        return [
            (float(line[0]) * self._description.width, float(line[1]) * self._description.height,
             float(line[2]) if len(line) > 2 else 1.0)
            for line in out[0]
        ]  # fmt: skip


def fitted(values: Array, height: int, width: int) -> tuple[Array, float]:
    """The image as (1, 1, height, width), 0 to 1, and input pixels per image pixel; means of the covered pixels."""
    from PIL import Image

    grey = values.astype(np.float32)
    low, high = (float(part) for part in np.percentile(grey, (0.5, 99.5)))
    grey = np.clip((grey - low) / ((high - low) or 1.0), 0.0, 1.0)
    rows, columns = grey.shape[:2]
    scale = min(height / rows, width / columns)
    target = max(1, min(width, round(columns * scale))), max(1, min(height, round(rows * scale)))
    small = np.asarray(Image.fromarray(grey, mode="F").resize(target, Image.Resampling.BOX), np.float32)
    tensor = np.zeros((1, 1, height, width), np.float32)
    tensor[0, 0, : small.shape[0], : small.shape[1]] = small
    return tensor, scale
