"""Programs of DCMTK as peers, and the gateway in this process or in one of its own.

The tools come from the Debian package `dcmtk`, which `.ci/run` installs: without them these tests fail.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from app.gateway.commands import add_peer
from app.gateway.vocabulary import PeerRight
from app.journal.queries import SYSTEM, Actor
from app.journal.workplace import Workplace
from sync.dicom.logs import silence_libraries

silence_libraries()
from sync.dicom.process import Chosen, Gateway  # noqa: E402 - the libraries are silent first

ROOT = Path(__file__).resolve().parents[3]
DIGITAL_XRAY = "1.2.840.10008.5.1.4.1.1.1.1"
ALL_RIGHTS = list(PeerRight)


def tool(name: str) -> str:
    """The path of a program of DCMTK."""
    places = [place for place in os.get_exec_path() if not place.startswith(sys.prefix)]
    found = shutil.which(name, path=os.pathsep.join(places))  # pynetdicom has programs of the same names
    assert found, f"{name} is not installed: install the package dcmtk"
    return found


def run(name: str, *words: object, timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a program of DCMTK, without Nagle's algorithm, and return what it said."""
    given = [tool(name), *map(str, words)]
    environment = {**os.environ, "TCP_NODELAY": "1", "LC_ALL": "C"}
    return subprocess.run(given, capture_output=True, text=True, timeout=timeout, env=environment, check=False)


def start(name: str, *words: object) -> subprocess.Popen[str]:
    """As `run`, without waiting."""
    given = [tool(name), *map(str, words)]
    environment = {**os.environ, "TCP_NODELAY": "1", "LC_ALL": "C"}
    return subprocess.Popen(given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)


def film(number: int = 1, size: int = 64, **values: Any) -> Dataset:
    """A small film of nobody in particular; every object differs in its pixels."""
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = DIGITAL_XRAY
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=["film", str(number)])
    ds.StudyInstanceUID = generate_uid(entropy_srcs=["study", str(number // 10)])
    ds.SeriesInstanceUID = generate_uid(entropy_srcs=["series", str(number // 10)])
    ds.Modality, ds.PatientID, ds.PatientName, ds.PatientBirthDate = "DX", "SIM-0001", "Sim^Test", "20110214"
    ds.StudyDate, ds.InstanceNumber, ds.PatientSex = "20261124", number % 10, "F"
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.Rows = ds.Columns = size
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PixelRepresentation = 1, "MONOCHROME2", 0
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 12, 11
    grey = np.random.default_rng(number).integers(0, 4096, (size, size), dtype=np.uint16)
    ds.PixelData = grey.tobytes()
    for name, value in values.items():
        setattr(ds, name, value)
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    return ds


def films(folder: Path, count: int, **values: Any) -> list[Path]:
    """So many films as files."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    size = values.pop("size", 64)
    for number in range(count):
        path = folder / f"film{number:04d}.dcm"
        film(number, size, **values).save_as(path, enforce_file_format=True)
        made.append(path)
    return made


def data_of(path: Path) -> bytes:
    """The data set of a file as it is encoded, without the file meta information."""
    meta = pydicom.filereader.read_file_meta_info(path)
    start_of = 132 + 12 + int(meta.FileMetaInformationGroupLength)
    return path.read_bytes()[start_of:]


def let_in(workplace: Workplace, title: str = "PANO", rights: list[PeerRight] | None = None, **values: Any) -> None:
    """Add a device."""
    boss = Actor("boss", "Claire Brunet", everything=True)
    workplace.runner.run(boss, add_peer, title, title, rights=ALL_RIGHTS if rights is None else rights, **values)


@contextlib.contextmanager
def gateway(workplace: Workplace, **chosen: Any) -> Iterator[Gateway]:
    """The gateway in this process, on any free port of the loopback address."""
    made = Gateway(workplace, Chosen(**{"host": "127.0.0.1", "port": 0, "tls_port": 0, **chosen}))
    made.start()
    try:
        yield made
    finally:
        made.stop()


class Served:
    """The gateway as a process of its own over a folder."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self.errors = folder.parent / "gateway.log"
        words = [sys.executable, ROOT / "main.py", "gateway", "--data", folder, "--json"]
        words += ["--host", "127.0.0.1", "--port", str(port)]
        with self.errors.open("a") as log:
            self.process = subprocess.Popen(list(map(str, words)), stdout=subprocess.PIPE, stderr=log, text=True)
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said, self.errors.read_text()
        self.port = int(json.loads(said)["port"])

    def kill(self) -> None:
        """As a power cut does."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """As a service manager does."""
        self.process.terminate()
        self.process.wait(60)

    def memory_mb(self) -> float:
        """Resident memory."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
        return 0.0


def instances(workplace: Workplace) -> set[str]:
    """The SOP Instance UIDs that the clinic has."""
    with workplace.runner.read(SYSTEM) as read:
        return {row[0] for row in read.sql("SELECT sop_instance_uid FROM instance")}
