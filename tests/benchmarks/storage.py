"""The bucket: sending with verification beside boto3's own transfer, what a slow line shows first, what is saved.

`python main.py bench storage [--objects N] [--size MB] [--folder FOLDER] [--repeats N] [--json]`. The service is moto
in a process of its own on this machine; it looks at no signature, so that the figures are about bytes and hashes.
FOLDER holds DICOM files, by default those of the tests. The slow line is a relay of so many bits a second, with its
delay.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from _report import Measure, load, show

from app.core.sealed import SealedStore
from app.storage.credentials import Credentials
from app.storage.packing import packed
from sync.objects.bucket import send
from sync.objects.s3 import S3Bucket

BUCKET: Final = "bench-images"
REGION: Final = "ca-central-1"
KEY: Final = Credentials("secret", "key")
BITS_A_SECOND: Final = 20_000_000
DELAY: Final = 0.015
"""Half of the 30 ms from here to the service and back."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def service() -> Iterator[str]:
    """moto in a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _attempt in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def stored(bucket: S3Bucket, content: bytes, kind: str, sha256: str) -> str:
    """Send as the product does, verification included; the name of its content stands in its row."""
    key = f"{kind}/{sha256[:2]}/{sha256}"
    send(bucket, key, io.BytesIO(content), len(content), sha256, "application/dicom")
    return key


def uploads(bucket: S3Bucket, count: int, size: int, repeats: int) -> list[Measure]:
    """Ours and boto3's own, in turn, one object at a time."""
    ours: list[float] = []
    theirs: list[float] = []
    for _repeat in range(repeats):
        contents = [os.urandom(size) for _object in range(count)]
        names = [hashlib.sha256(content).hexdigest() for content in contents]
        begun = time.perf_counter()
        for number, content in enumerate(contents):
            bucket._client.upload_fileobj(io.BytesIO(content), BUCKET, f"theirs/{number}")
        theirs.append(count * size / 1e6 / (time.perf_counter() - begun))
        begun = time.perf_counter()
        for content, name in zip(contents, names, strict=True):
            stored(bucket, content, "original", name)
        ours.append(count * size / 1e6 / (time.perf_counter() - begun))
    ratios = [their / our for their, our in zip(theirs, ours, strict=True)]
    words = f"{size / 1e6:g} MB objects"
    return [
        Measure(f"sent and verified, {words}", statistics.median(ours), "MB/s", repeats=ours),
        Measure(f"boto3’s own transfer, unverified, {words}", statistics.median(theirs), "MB/s", repeats=theirs),
        Measure(f"time beside boto3’s own, {words}", statistics.median(ratios), "times", 1.3, repeats=ratios),
    ]


class Line:
    """A relay to the service that is as slow as a clinic's line."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                near, _address = self._server.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._target))
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    @staticmethod
    def _carry(source: socket.socket, sink: socket.socket) -> None:
        free = time.monotonic()
        while True:
            try:
                piece = source.recv(16 << 10)
            except OSError:
                piece = b""
            if not piece:
                break
            free = max(free, time.monotonic()) + len(piece) * 8 / BITS_A_SECOND
            time.sleep(
                max(0.0, free + DELAY - time.monotonic())
                if len(piece) < 16 << 10
                else max(0.0, free - time.monotonic())
            )
            try:
                sink.sendall(piece)
            except OSError:
                break
        for end in (source, sink):
            end.close()

    def close(self) -> None:
        """Take no more."""
        self._server.close()


def slow_line(bucket: S3Bucket, port: int, repeats: int) -> list[Measure]:
    """From asking to all bytes: the preview that can be looked at, and the original, of a film of 9 MB."""
    import numpy as np

    film = film_bytes(np.random.default_rng(1))
    preview = preview_of(film)
    parts = (("preview", preview), ("original", film))
    keys = {name: stored(bucket, content, name, hashlib.sha256(content).hexdigest()) for name, content in parts}
    line = Line(port)
    far = S3Bucket(BUCKET, REGION, KEY, f"http://127.0.0.1:{line.port}")
    far.head(keys["preview"])
    times: dict[str, list[float]] = {name: [] for name in keys}
    for _repeat in range(repeats):
        for name, key in keys.items():
            begun = time.perf_counter()
            far._client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
            times[name].append((time.perf_counter() - begun) * 1000)
    line.close()
    ratios = [slow / fast for slow, fast in zip(times["original"], times["preview"], strict=True)]
    return [
        Measure("20 Mbit/s, 30 ms: preview here", statistics.median(times["preview"]), "ms", repeats=times["preview"]),
        Measure(
            "20 Mbit/s, 30 ms: original here", statistics.median(times["original"]), "ms", repeats=times["original"]
        ),
        Measure("readable sooner than the original", statistics.median(ratios), "times", 10, True, ratios),
    ]


def film_bytes(chance: Any) -> bytes:
    """A panoramic film of 3000 × 1500 pixels at 12 bits, uncompressed, as most devices send it."""
    import numpy as np
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian

    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.1.1"
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.Modality = "1.2", "1.2.3", "PX"
    ds.Rows, ds.Columns, ds.SamplesPerPixel, ds.PhotometricInterpretation = 1500, 3000, 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
    y, x = np.mgrid[0:1500, 0:3000]
    bow = 1800 + 900 * np.cos((x - 1500) / 700) * np.exp(-(((y - 800 - ((x - 1500) / 90) ** 2) / 260) ** 2))
    noisy = bow + chance.normal(0, 12, bow.shape)
    ds.PixelData = np.clip(noisy, 0, 4095).astype("<u2").tobytes()
    out = io.BytesIO()
    ds.save_as(out, enforce_file_format=True)
    return out.getvalue()


def preview_of(film: bytes) -> bytes:
    """The small copy that is made at import."""
    from app.imaging.found import Upright
    from app.imaging.pictures import render
    from app.imaging.vocabulary import RenditionKind

    with tempfile.TemporaryDirectory() as scratch:
        files = SealedStore(Path(scratch), bytes(32))
        made = next(item for item in render(files, film, Upright(0, False)) if item.kind is RenditionKind.PREVIEW)
        return files.read(made.sha256)


def saved(folder: Path) -> list[Measure]:
    """What packing saves of each uncompressed radiograph, and of a camera's JPEG: nothing."""
    shares = []
    for path in sorted(folder.rglob("*.dcm")):
        content = path.read_bytes()
        made = packed(content) if len(content) > 100_000 else None
        if made is not None:
            shares.append(100 - 100 * len(made) / len(content))
    found = [Measure("saved of a camera’s JPEG, by design", 0.0, "%")]
    if shares:
        found.insert(
            0, Measure("saved of uncompressed radiographs, median", statistics.median(shares), "%", 50, True, shares)
        )
    return found


def main(arguments: list[str]) -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="bench storage", description=__doc__)
    options.add_argument("--objects", type=int, default=10)
    options.add_argument("--size", type=float, default=10.0, help="MB of an object")
    options.add_argument("--folder", type=Path, default=ROOT / "tests" / "data")
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args(arguments)
    before = load()
    with service() as address:
        bucket = S3Bucket(BUCKET, REGION, KEY, address, conditional=True)
        bucket._client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        measures = uploads(bucket, chosen.objects, int(chosen.size * 1e6), chosen.repeats)
        measures += uploads(bucket, chosen.objects * 4, 300_000, chosen.repeats)
        measures += slow_line(bucket, int(address.rpartition(":")[2]), chosen.repeats)
    measures += saved(chosen.folder)
    show(measures, before, as_json=chosen.json)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
