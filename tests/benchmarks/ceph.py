"""How far proposed landmarks lie from placed ones: MRE, SDR at 2, 2.5, 3 and 4 mm, n and failures.

`python main.py bench ceph --images DIR --points CSV [--model FILE.onnx] [--off PX] [--json]`.
DIR holds the images (DICOM), CSV the placed points with the columns image, point, x, y; `image` is the file's name.
With `--model`, the proposals of that network are measured. Without, those of the contour rules for a click that is
`--off` pixels away from the placed point, in eight directions: they need a person's click, and the figure says so.
The size of a pixel is the header's; `--spacing MM` replaces it where the header has none.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from viewer.errors import ViewerError
from viewer.io.landmark_files import read_landmarks
from viewer.io.onnx_landmarks import OnnxLandmarks
from viewer.model.cephalometry.automatic import LandmarkFinder
from viewer.model.cephalometry.guide import facing_left
from viewer.model.cephalometry.proposals import propose
from viewer.model.cephalometry.scoring import RADII_MM, Score, errors, scores
from viewer.model.spacing import PixelSize, Unit
from viewer.pixels.source import open_image

Points = Mapping[str, tuple[float, float]]
DIRECTIONS: Final = 8


def image_file(folder: Path, name: str) -> Path | None:
    """The file of an image: its name as written, or with the suffix of DICOM files."""
    found = (folder / name, folder / f"{name}.dcm")
    return next((path for path in found if path.is_file()), None)


def by_model(finder: LandmarkFinder, values: Any, size: PixelSize, truth: Points) -> list[Points]:
    """What the network proposes, once."""
    return [{proposal.landmark_id: proposal.point for proposal in finder.find(values, size)}]


def by_contour(values: Any, truth: Points, off: float) -> list[Points]:
    """What the rules propose for clicks round the placed points; a landmark without a rule or edge has no proposal."""
    left = bool(facing_left(truth))
    found: list[Points] = []
    for turn in range(DIRECTIONS):
        angle = 2 * math.pi * turn / DIRECTIONS
        shift = off * math.cos(angle), off * math.sin(angle)
        proposed = {}
        for name, (x, y) in truth.items():
            if rule := propose(values, name, (x + shift[0], y + shift[1]), left):
                proposed[name] = rule[0].point
        found.append(proposed)
    return found


def measured(options: argparse.Namespace) -> tuple[list[dict[str, float | None]], list[str]]:
    """Errors image by image, and why an image was left out."""
    finder = OnnxLandmarks(options.model) if options.model else None
    images: list[dict[str, float | None]] = []
    left_out = []
    for name, truth in read_landmarks(options.points).items():
        path = image_file(options.images, name)
        if path is None:
            left_out.append(f"{name}: no such file")
            continue
        with open_image(path) as source:
            values, size = source.frame(0).values, source.header.pixel_size
        mm = (options.spacing, options.spacing) if options.spacing else (size.column, size.row)
        if size.unit is Unit.PX and not options.spacing:
            left_out.append(f"{name}: no pixel size; give --spacing")
            continue
        rounds = by_model(finder, values, size, truth) if finder else by_contour(values, truth, options.off)
        images += [errors(truth, proposed, mm) for proposed in rounds]
    return images, left_out


def _line(one: Score) -> dict[str, Any]:
    rounded = {"mre_mm": one.mre_mm, "sd_mm": one.sd_mm}
    figures = {name: None if value is None else round(value, 4) for name, value in rounded.items()}
    sdr = {f"{radius:g}": round(part, 4) for radius, part in zip(RADII_MM, one.sdr, strict=True)}
    return {"name": one.name, "n": one.n, "failures": one.failures, **figures, "sdr": sdr}


def main(arguments: list[str] | None = None) -> int:
    """0 when something was measured, 3 when nothing could be."""
    parser = argparse.ArgumentParser(prog="bench ceph", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--points", type=Path, required=True)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--off", type=float, default=6.0, metavar="PX")
    parser.add_argument("--spacing", type=float, metavar="MM")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    try:
        images, left_out = measured(options)
    except ViewerError as refusal:
        print(refusal, file=sys.stderr)
        return 3
    proposer = OnnxLandmarks(options.model).name if options.model else f"contour rules, click {options.off:g} px off"
    lines = [_line(one) for one in scores(images)] if images else []
    if options.json:
        print(json.dumps({"proposer": proposer, "left_out": left_out, "scores": lines}, ensure_ascii=False))
        return 0 if lines else 3
    print(proposer)
    for line in lines:
        mre = "-" if line["mre_mm"] is None else f"{line['mre_mm']:.2f} ± {line['sd_mm']:.2f} mm"
        sdr = "  ".join(f"{radius} mm {part:.1%}" for radius, part in line["sdr"].items())
        print(f"{line['name']:<8} n {line['n']:>5}  failures {line['failures']:>4}  MRE {mre:<18} SDR {sdr}")
    for sentence in left_out:
        print(f"left out: {sentence}", file=sys.stderr)
    return 0 if lines else 3


if __name__ == "__main__":
    sys.exit(main())
