"""How fast the viewer is on one file: first pixels, the original, window, pan, zoom, and the next image.

`python main.py bench viewer --file FILE [--size WxH] [--steps N] [--json]`.
FILE is any DICOM image. It is measured as it lies on the disk, through the loader, its decoding processes and a window
of one tile, painted offscreen by the processor alone. The store of a clinic holds an 800 px preview of every image,
made at import: the first pixels are measured with one, and without.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from _decoding import decoding
from _report import Measure, load, percentile, show
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from viewer.io.file_source import FileSource
from viewer.model.catalogue import ImageItem
from viewer.pixels.header import read_header
from viewer.pixels.isolation import IsolatedDecoder
from viewer.pixels.loader import Loader
from viewer.pixels.picture import Picture
from viewer.pixels.renditions import PREVIEW_PX, rendition
from viewer.pixels.source import open_image
from viewer.widgets.posting import Post
from viewer.widgets.tile import Tile

REPEATS: Final = 7
WAIT_SECONDS: Final = 60.0
WAKE_MS: Final = 20
WAITING: Final = QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
FIRST_MS, NEXT_MS, STEP_MS = 50.0, 30.0, 16.0
FULL_MS: Final = {
    "1.2.840.10008.1.2": 150.0, "1.2.840.10008.1.2.1": 150.0, "1.2.840.10008.1.2.4.201": 150.0,
    "1.2.840.10008.1.2.4.202": 150.0, "1.2.840.10008.1.2.4.57": 250.0, "1.2.840.10008.1.2.4.70": 250.0,
    "1.2.840.10008.1.2.4.80": 250.0, "1.2.840.10008.1.2.4.90": 700.0,
}  # fmt: skip
"""Targets for 3000 × 1500 pixels of 16 bits; other syntaxes have none."""


@dataclass(frozen=True)
class Bench:
    """What every part measures on."""

    path: Path
    tile: Tile
    application: QApplication
    steps: int


class Store(FileSource):
    """One file, with or without the preview that the store of a clinic keeps."""

    def __init__(self, path: Path, preview: bytes | None) -> None:
        super().__init__([path])
        self._preview = preview

    def rendition(self, key: str, longest_px: int) -> bytes | None:
        return self._preview


class Watch:
    """Shows what arrives and notes when it stands on the screen."""

    def __init__(self, tile: Tile) -> None:
        self._tile = tile
        self.begun, self._own = time.perf_counter(), time.process_time()
        self.busy = 0.0
        self.first: float | None = None
        self.full: float | None = None

    def arrived(self, picture: Picture) -> None:
        self._tile.show_picture(picture)
        self._tile.repaint()
        now = (time.perf_counter() - self.begun) * 1000
        self.first = now if self.first is None else self.first
        self.full = None if picture.is_preview else now
        self.busy = (time.process_time() - self._own) * 1000

    def progressed(self, part: float) -> None:
        return None

    def failed(self, error: BaseException) -> None:
        raise SystemExit(f"{type(error).__name__}: {error}")


def wait(application: QApplication) -> None:
    """Until something happens, asleep: with a time limit of its own `processEvents` turns round and round, and takes
    from the decoder the very processor that it waits for.
    """
    alarm = QTimer(singleShot=True, interval=WAKE_MS)
    alarm.start()
    application.processEvents(WAITING)
    alarm.stop()


def opened(path: Path, preview: bytes | None, tile: Tile, application: QApplication, decoder: IsolatedDecoder) -> Watch:
    """One opening, from the click to the painted original, with nothing in the cache."""
    post = Post()
    loader = Loader(Store(path, preview), post.post, decoder=decoder)
    tile.clear()
    header = read_header(path)
    item = ImageItem(str(path), rows=header.rows or 0, columns=header.columns or 0)
    watch = Watch(tile)
    loader.want(item, 0, watch)
    while watch.full is None and time.perf_counter() - watch.begun < WAIT_SECONDS:
        wait(application)
    post.close()
    loader.stop()
    return watch


def openings(bench: Bench) -> list[Measure]:
    """First pixels and the original, each opening anew; the file is in the memory of the system by then."""
    path, tile, application = bench.path, bench.tile, bench.application
    with_preview, from_store, bare, full, busy = [], [], [], [], []
    decoder = IsolatedDecoder()
    preview = rendition(path, PREVIEW_PX)
    opened(path, None, tile, application, decoder)
    for _repeat in range(REPEATS):
        watch = opened(path, preview, tile, application, decoder)
        with_preview.append(watch.first or 0.0)
        from_store.append(watch.full or 0.0)
        busy.append(watch.busy)
        watch = opened(path, None, tile, application, decoder)
        bare.append(watch.first or 0.0)
        full.append(watch.full or 0.0)
    decoder.close()
    decoded = [decoding_time(path) for _repeat in range(REPEATS)]
    target = FULL_MS.get(read_header(path).transfer_syntax)
    return [
        Measure("first pixels, from the store with its preview", percentile(with_preview, 0.5), "ms", FIRST_MS,
                repeats=with_preview),
        Measure("first pixels, a bare file", percentile(bare, 0.5), "ms", repeats=bare),
        Measure("the original painted, from the store", percentile(from_store, 0.5), "ms", target,
                repeats=from_store),
        Measure("the same, processor time without decoding", percentile(busy, 0.5), "ms", repeats=busy),
        Measure("the same, processor time of decoding", percentile(decoded, 0.5), "ms", repeats=decoded),
        Measure("the original painted, a bare file", percentile(full, 0.5), "ms", repeats=full),
    ]  # fmt: skip


def decoding_time(path: Path) -> float:
    """Processor milliseconds, of all threads, that the first frame takes from its bytes."""
    with open_image(path) as source:
        own = time.process_time()
        source.frame(0)
        return (time.process_time() - own) * 1000


def next_image(bench: Bench) -> list[Measure]:
    """The neighbour that was read ahead: from the key press to the painted image."""
    path, tile, application = bench.path, bench.tile, bench.application
    post = Post()
    loader = Loader(Store(path, None), post.post)
    item = ImageItem(str(path))
    loader.prefetch([(item, 0)])
    end = time.perf_counter() + WAIT_SECONDS
    while loader.cache.size == 0 and time.perf_counter() < end:
        wait(application)
    times, busy = [], []
    for _repeat in range(50):
        tile.clear()
        own = time.process_time()
        watch = Watch(tile)
        loader.want(item, 0, watch)
        times.append(watch.full or WAIT_SECONDS * 1000)
        busy.append((time.process_time() - own) * 1000)
    loader.close()
    return [
        Measure("the next image, read ahead, p95", percentile(times, 0.95), "ms", NEXT_MS, repeats=times[:9]),
        Measure("the next image, processor time, p95", percentile(busy, 0.95), "ms"),
    ]


def steps(name: str, count: int, step: Callable[[int], None], tile: Tile) -> list[Measure]:
    """A gesture of many steps, each painted at once: median and 95th percentile.

    On a machine with other work the processor time tells what the clock cannot.
    """
    times, busy = [], []
    for number in range(count):
        begun, own = time.perf_counter(), time.process_time()
        step(number)
        tile.repaint()
        times.append((time.perf_counter() - begun) * 1000)
        busy.append((time.process_time() - own) * 1000)
    return [
        Measure(f"{name}, median of {count}", percentile(times, 0.5), "ms", STEP_MS),
        Measure(f"{name}, p95", percentile(times, 0.95), "ms", STEP_MS),
        Measure(f"{name}, processor time, p95", percentile(busy, 0.95), "ms"),
    ]


def gestures(bench: Bench) -> list[Measure]:
    """Window, pan and zoom as a hand does them: at the fitted size, between sizes, pixel for pixel, and beyond."""
    tile, count = bench.tile, bench.steps
    assert tile.view is not None
    assert tile.voi is not None
    begun = tile.voi

    def window(number: int) -> None:
        tile.set_voi(begun.moved(begun.center + number % 40, begun.width * (1 + number % 50 / 50)))

    def pan(number: int) -> None:
        tile.pan(7 if number % 40 < 20 else -7, 3 if number % 20 < 10 else -3)

    def zoom(number: int) -> None:
        tile.zoom(1.05 if number % 60 < 30 else 1 / 1.05)

    measures = []
    for name, scale in (("fitted", None), ("at 75 %", 0.75), ("at 100 %", 1.0), ("at 300 %", 3.0)):
        tile.fit()
        if scale is not None:
            tile.zoom(scale / tile.view.scale)
        measures += steps(f"window {name}", count, window, tile)
        measures += steps(f"pan {name}", count, pan, tile)
    tile.fit()
    return measures + steps("zoom from fitted to 4 times and back", count, zoom, tile)


def peers(bench: Bench) -> list[Measure]:
    """Decoding alone, beside imagecodecs, pylibjpeg-openjpeg, pyjpegls, python-gdcm and DCMTK, where they know it."""
    return decoding(bench.path)


PARTS: Final[tuple[Callable[[Bench], list[Measure]], ...]] = (openings, next_image, gestures, peers)
"""In this order: the gestures work on the image that the part before left in the tile."""


def main(argv: list[str]) -> int:
    """Measure and print; 0 whatever the figures are."""
    parser = argparse.ArgumentParser(prog="bench viewer", description=__doc__)
    parser.add_argument("--file", type=Path, help="a DICOM image; without it, a panoramic film is made")
    parser.add_argument("--size", default="1500x800", help="of the view, in pixels")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--without-peers", action="store_true", help="install and run no other decoder")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(argv)
    width, height = (int(side) for side in given.size.split("x"))
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    parts = [part for part in PARTS if part is not peers or not given.without_peers]
    before = load()
    with tempfile.TemporaryDirectory(prefix="archwire-bench-") as folder:
        path = given.file or made_film(Path(folder))
        tile = Tile()
        tile.resize(width, height)
        tile.show()
        application.processEvents()
        bench = Bench(path, tile, application, given.steps)
        measures = [measure for part in parts for measure in part(bench)]
        tile.close()
    show(measures, before, as_json=given.json)
    return 0


def made_film(folder: Path) -> Path:
    """3000 × 1500 pixels of 14 bits, uncompressed: smooth shapes and the noise of a sensor."""
    import numpy as np
    from pydicom.dataset import Dataset, FileMetaDataset

    across, down = np.meshgrid(np.linspace(0, 9, 3000), np.linspace(0, 5, 1500))
    shapes = 6000 + 3000 * np.sin(across) * np.cos(down) + 2000 * np.sin(across * down)
    values = np.clip(shapes + np.random.default_rng(1).normal(0, 60, shapes.shape), 0, 16383).astype("<u2")
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.1.1"
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = "2.25.1"
    ds.Modality, ds.Rows, ds.Columns = "PX", 1500, 3000
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PixelRepresentation = 1, "MONOCHROME2", 0
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 14, 13
    ds.PixelData = values.tobytes()
    ds["PixelData"].VR = "OW"
    path = folder / "film.dcm"
    ds.save_as(path, enforce_file_format=True)
    return path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
