"""Images: import against bare decoding and encoding, bytes to the first readable view, sizes, and the window's beat.

`python main.py bench imaging [--folder FOLDER] [--files N] [--repeats N] [--heartbeat N] [--json]`.
FOLDER holds DICOM files and photographs, by default those of the demo clinic; what an import sets aside, and what has
no picture, is left out. Each is measured as it is and, where it is compressed DICOM, also unpacked, as most devices
send it. Copies with identifiers of their own make up N files.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from _bare import PHOTOGRAPHS, bare
from _report import Measure, load

LARGE: Final = 2_000_000
"""Bytes from which a file counts for the first readable view."""
WINDOW_PATIENTS: Final = 40
"""Charts of the folder on which the window is open."""
RATIO_TARGET, FIRST_VIEW_TARGET, GAP_TARGET = 1.5, 10.0, 50.0


def prepared(folder: Path, target: Path, count: int) -> list[Path]:
    """The files of the measurement: those given, the unpacked ones, and copies of all in turn up to `count`."""
    kinds: list[Path] = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.name if not (target / path.name).exists() else f"{path.parent.name}-{path.name}"
        if path.suffix.lower() in PHOTOGRAPHS:
            kinds.append(_written(target / name, path.read_bytes()))
        elif (path.read_bytes()[128:132]) == b"DICM":
            kinds.append(_written(target / name, path.read_bytes()))
            unpacked = _unpacked(path, target)
            kinds += [unpacked] if unpacked else []
    if not kinds:
        raise SystemExit(f"no image below {folder}")
    return [*kinds, *(_copy(kinds[number % len(kinds)], number, target) for number in range(count - len(kinds)))]


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _unpacked(path: Path, target: Path) -> Path | None:
    """The same picture without compression; None where it has none, or is damaged."""
    import pydicom

    from viewer.pixels import open_image

    try:
        ds = pydicom.dcmread(path)
        if not ds.file_meta.TransferSyntaxUID.is_compressed or int(ds.get("NumberOfFrames", 1) or 1) > 1:
            return None
        with open_image(path) as source:
            values = source.frame(0).values
        return _raw(ds, values, path, target)
    except Exception:  # what a damaged file may raise has no common class; the import says what is wrong with it
        return None


def _raw(ds: Any, values: Any, path: Path, target: Path) -> Path:
    import pydicom

    ds.PixelData = values.tobytes()
    ds.PixelData += b"\0" * (len(ds.PixelData) % 2)
    ds["PixelData"].VR = "OW" if ds.BitsAllocated > 8 else "OB"
    ds["PixelData"].is_undefined_length = False
    ds.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    if ds.SamplesPerPixel == 3:
        ds.PhotometricInterpretation, ds.PlanarConfiguration = "RGB", 0
    return _renamed(ds, f"{path.stem} (unpacked)", target)


def _copy(path: Path, number: int, target: Path) -> Path:
    """A file with the same picture that is another instance."""
    import pydicom

    if path.suffix.lower() in PHOTOGRAPHS:
        return _written(target / f"{path.stem} {number}{path.suffix}", path.read_bytes() + number.to_bytes(4, "big"))
    return _renamed(pydicom.dcmread(path), f"{path.stem} {number}", target)


def _renamed(ds: Any, name: str, target: Path) -> Path:
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, name).int}"
    path = target / f"{name}.dcm"
    ds.save_as(path, enforce_file_format=True)
    return path


def forms_of(paths: Sequence[Path]) -> list[tuple[Path, dict[str, str]]]:
    """Of each file the forms that its renditions take, found by an import; the peer need not try them."""
    with tempfile.TemporaryDirectory() as folder:
        rows = _imported(Path(folder) / "data", paths, whole=False)[1]
    forms: dict[str, dict[str, str]] = defaultdict(dict)
    for name, kind, media_type, *_sizes in rows:
        forms[name][kind] = "PNG" if media_type == "image/png" else "JPEG"
    return [(path, forms[path.name]) for path in paths if len(forms[path.name]) == 3]


def _imported(folder: Path, paths: Sequence[Path], *, whole: bool = True) -> tuple[float, list[Any]]:
    """Seconds of an import into a fresh folder, and its renditions: name, kind, type, size, received bytes, kind."""
    from app.imaging.importing import import_paths
    from app.journal.queries import SYSTEM
    from app.journal.workplace import open_workplace

    with open_workplace(folder, create=True, kind="test") as place:
        begun = time.perf_counter()
        report = import_paths(place.runner, SYSTEM, list(paths))
        seconds = time.perf_counter() - begun
        if whole and report.imported != len(paths):
            raise SystemExit(f"{report.imported} of {len(paths)} files were taken in")
        with place.runner.read(SYSTEM) as read:
            rows = read.sql(
                "SELECT s.received_file, r.kind, r.media_type, r.size_bytes, i.size_bytes, i.original_kind,"
                " i.transfer_syntax_uid FROM rendition r JOIN instance i ON i.id = r.instance_id"
                " JOIN image_state s ON s.id = i.id"
            )
    return seconds, [tuple(row) for row in rows]


def against_bare(jobs: list[tuple[Path, dict[str, str]]], repeats: int) -> tuple[list[Measure], list[Any]]:
    """Peer and import in turn, each with its processes warm, on the same processors."""
    from app.imaging import workers

    paths, rows = [path for path, _forms in jobs], []
    peers, imports = [], []
    with ProcessPoolExecutor(workers.worker_count(), get_context("spawn")) as pool:
        list(pool.map(bare, jobs[: 2 * workers.worker_count()]))
        for _repeat in range(repeats):
            begun = time.perf_counter()
            list(pool.map(bare, jobs))
            peers.append(time.perf_counter() - begun)
            with tempfile.TemporaryDirectory() as folder:
                seconds, rows = _imported(Path(folder) / "data", paths)
            imports.append(seconds)
    ratios = [mine / peer for mine, peer in zip(imports, peers, strict=True)]
    return [
        Measure("bare decode and encode, files a second", len(jobs) / statistics.median(peers), "1/s"),
        Measure("import and renditions, files a second", len(jobs) / statistics.median(imports), "1/s"),
        Measure("import : bare decode and encode", statistics.median(ratios), "×", RATIO_TARGET, repeats=ratios),
    ], rows


def first_view(rows: list[Any], originals: set[str]) -> tuple[list[Measure], dict[str, float]]:
    """Bytes of the preview as a share of the received file, over the files of at least 2 MB."""
    shares = {
        name: 100 * size / received
        for name, kind, _type, size, received, *_rest in rows
        if kind == "preview" and received >= LARGE and name in originals
    }
    if not shares:
        return [], {}
    middle = statistics.median(shares.values())
    return [Measure("bytes to the first readable view", middle, "%", FIRST_VIEW_TARGET)], shares


def sizes(rows: list[Any], originals: set[str]) -> list[dict[str, Any]]:
    """Bytes by kind of file. Originals are kept byte for byte: nothing is saved on them, on no kind."""
    found: dict[str, dict[str, Any]] = {}
    for name, kind, _type, size, received, original, syntax in rows:
        if name in originals:
            label = "camera JPEG" if original == "jpeg" else f"{original} {syntax}"
            line = found.setdefault(label, {"kind": label, "files": 0, "received": 0, "saved_percent": 0})
            line[kind] = line.get(kind, 0) + size
            if kind == "preview":
                line["files"], line["received"] = line["files"] + 1, line["received"] + received
    return [found[label] for label in sorted(found)]


def heartbeat(count: int, target: Path) -> list[Measure]:
    """The longest gap between two beats of the window's event loop while `count` images are imported.

    An empty event loop beats beside it at the same time: what it misses, the machine took from both.
    """
    from app.cli.demo import make_demo

    images, folder = target / "images", target / "data"
    images.mkdir(parents=True)
    prepared(ROOT / "resources" / "demo" / "images", images, count)
    make_demo(folder, patients=WINDOW_PATIENTS)
    program = [sys.executable, str(Path(__file__).with_name("_heartbeat.py"))]
    with subprocess.Popen([*program, "alone"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as empty:
        command = [*program, str(ROOT), str(folder), str(images)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        alone = json.loads(empty.communicate()[0])
    answer = json.loads(done.stdout.splitlines()[-1])
    name = f"longest gap of the window while {answer['images']} are imported"
    return [
        Measure(name, answer["longest_ms"], "ms", GAP_TARGET, repeats=answer["late"]),
        Measure("longest gap of an empty event loop meanwhile", alone["longest_ms"], "ms", repeats=alone["late"]),
    ]


def main(arguments: list[str]) -> int:
    """Measure and print; 0 whatever the figures are."""
    parser = argparse.ArgumentParser(prog="bench imaging", description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "resources" / "demo" / "images")
    parser.add_argument("--files", type=int, default=80)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--heartbeat", type=int, default=500, help="images; 0 leaves it out")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    before = load()
    with tempfile.TemporaryDirectory() as place:
        target = Path(place)
        (target / "files").mkdir()
        files = prepared(given.folder, target / "files", given.files)
        originals = {path.name for path in files if not path.stem.split(" ")[-1].isdigit()}
        jobs = forms_of(files)
        measures, rows = against_bare(jobs, given.repeats)
        views, shares = first_view(rows, originals)
        measures += views
        if given.heartbeat:
            measures += heartbeat(given.heartbeat, target / "beat")
    tell(measures, before, shares, sizes(rows, originals), as_json=given.json)
    from app.imaging import workers

    workers.close()
    return 0


def tell(
    measures: list[Measure],
    before: list[float],
    shares: dict[str, float],
    kinds: list[dict[str, Any]],
    *,
    as_json: bool,
) -> None:
    """The figures, the files that the first view was measured on, and the sizes by kind."""
    if as_json:
        document = {
            "load_before": before, "load_after": load(), "measures": [measure.as_json() for measure in measures],
            "first_view_percent": shares, "sizes": kinds,
        }  # fmt: skip
        print(json.dumps(document, ensure_ascii=False))
        return
    for measure in measures:
        print(measure.as_line())
    for name, share in sorted(shares.items()):
        print(f"  first view of {name}: {share:.1f} % of the received bytes")
    for line in kinds:
        made = ", ".join(f"{kind} {line.get(kind, 0):,}" for kind in ("thumbnail", "preview", "full"))
        print(f"  {line['kind']}: {line['files']} files, {line['received']:,} bytes received, 0 % saved; {made}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
