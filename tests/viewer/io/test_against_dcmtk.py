"""Rendering and documents beside the reference tools: dcm2pnm and its JPEG and JPEG-LS sisters, dsrdump, dciodvfy.

These run with `make soak` only and fail where the tools are not installed (Debian packages dcmtk and dicom3tools).
ARCHWIRE_DICOM_FOLDERS names more folders, separated like PATH.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.viewer.io.sheets import AUTHOR, drawn_sheet
from tests.viewer.validator import faults, tool
from viewer.errors import ViewerError
from viewer.io.documents import refer, to_bytes
from viewer.io.key_objects import Purpose, key_object_selection
from viewer.io.measurement_reports import measurement_report
from viewer.io.pictures import render_png
from viewer.io.presentation_states import Presented, presentation_state
from viewer.pixels import open_image, read_header

pytestmark = pytest.mark.soak

DATA = Path(__file__).parents[2] / "data" / "dicom"
LEAST_FILES = 40
RENDERERS = ("dcm2pnm", "dcmj2pnm", "dcml2pnm")
EXPLAINED: dict[str, str] = {}
"""File name: why the two pictures differ by more than one grey level."""


def pictures() -> list[Path]:
    folders = [DATA, *map(Path, filter(None, os.environ.get("ARCHWIRE_DICOM_FOLDERS", "").split(os.pathsep)))]
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path for path in files if "malformed" not in path.parts and "fuzz" not in str(path)]


def theirs(path: Path, window: tuple[float, float], target: Path) -> np.ndarray | None:
    """The picture of the first of DCMTK's programs that can decode the file."""
    for name in RENDERERS:
        target.unlink(missing_ok=True)
        words = [tool(name), "+Ww", *map(str, window), "+op", str(path), str(target)]
        subprocess.run(words, capture_output=True, timeout=120, check=False)
        if target.exists() and target.stat().st_size:
            return np.asarray(Image.open(io.BytesIO(target.read_bytes())))
    return None


def window_of(path: Path) -> tuple[float, float] | None:
    """A window to compare with, or None for a file that we refuse."""
    try:
        with open_image(path) as image:
            if not image.frame(0).is_grey:
                return 128, 256
            voi = image.default_voi()
    except ViewerError:
        return None
    return round(voi.center, 1), max(1.0, round(voi.width, 1))


def test_every_picture_is_within_one_grey_level_of_dcmtk(tmp_path: Path) -> None:
    compared, apart = 0, []
    for path in pictures():
        window = window_of(path)
        reference = theirs(path, window, tmp_path / "picture.pnm") if window else None
        if window is None or reference is None:
            continue
        ours = np.asarray(Image.open(io.BytesIO(render_png(path, window=window))))
        compared += 1
        if ours.shape != reference.shape:
            apart.append(f"{path.name}: {ours.shape} against {reference.shape}")
            continue
        difference = np.abs(ours.astype(int) - reference.astype(int))
        if difference.max() > 1 and path.name not in EXPLAINED:
            apart.append(f"{path.name}: {difference.max()} levels, {(difference > 1).mean():.2%} of samples")
    print(f"{compared} files compared, {len(EXPLAINED)} exceptions explained")
    assert apart == []
    assert compared >= LEAST_FILES


@pytest.mark.parametrize("name", ["derived/px_mono1_no_spacing_jpegll.dcm", "derived/vl_photo_front.dcm"])
def test_documents_pass_the_validator_and_are_read_by_dcmtk(name: str, tmp_path: Path) -> None:
    image, size = refer(DATA / name), read_header(DATA / name).pixel_size
    shown = [Presented(image, drawn_sheet(), size, (2000.0, 4000.0))]
    documents = {
        "state": presentation_state(shown, AUTHOR),
        "report": measurement_report(shown, AUTHOR),
        "keys": key_object_selection([(image, ())], Purpose.FOR_REFERRING_PROVIDER, AUTHOR),
    }
    for kind, ds in documents.items():
        path = tmp_path / f"{kind}.dcm"
        path.write_bytes(to_bytes(ds))
        assert faults(path) == []
        if kind != "state":
            done = subprocess.run([tool("dsrdump"), str(path)], capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr


def test_dcmtk_takes_our_presentation_state_with_every_mark(tmp_path: Path) -> None:
    """dcmp2pgm applies the state to its image and lists what it understood of it."""
    path = DATA / "highdicom" / "dx_image.dcm"
    ds = presentation_state([Presented(refer(path), drawn_sheet(), read_header(path).pixel_size)], AUTHOR)
    state = tmp_path / "state.dcm"
    state.write_bytes(to_bytes(ds))
    words = [tool("dcmp2pgm"), "-v", "-p", str(state), str(path), str(tmp_path / "picture.pgm")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = done.stdout + done.stderr
    graphics = [g for item in ds.GraphicAnnotationSequence for g in item.get("GraphicObjectSequence", ())]
    texts = [t for item in ds.GraphicAnnotationSequence for t in item.get("TextObjectSequence", ())]
    assert sum(int(n) for n in re.findall(r"Number of graphic objects: (\d+)", said)) == len(graphics) > 10
    assert sum(int(n) for n in re.findall(r"Number of text objects: (\d+)", said)) == len(texts) > 10
    assert Image.open(tmp_path / "picture.pgm").size == (refer(path).columns, refer(path).rows)
