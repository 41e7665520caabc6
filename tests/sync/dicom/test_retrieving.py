"""Searching and retrieving, with DCMTK as the one who asks."""

from __future__ import annotations

from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset

from app.imaging.importing import import_paths
from app.journal.queries import SYSTEM, Actor
from app.journal.workplace import Workplace
from tests.sync.dicom.peers import data_of, films, gateway, let_in, run, start
from tests.sync.dicom.test_storing import until

CALL = ("-aet", "PANO", "-aec", "ARCHWIRE")


@pytest.fixture
def kept(workplace: Workplace, boss: Actor, tmp_path: Path) -> dict[str, Path]:
    """Twelve films of two studies that the clinic has."""
    let_in(workplace)
    made = films(tmp_path / "given", 12, PatientName="Gagné^Zoé")
    import_paths(workplace.runner, boss, made)
    return {str(pydicom.dcmread(path).SOPInstanceUID): path for path in made}


def find(port: int, out: Path, *keys: str) -> list[Dataset]:
    out.mkdir(exist_ok=True)
    words = [word for key in keys for word in ("-k", key)]
    said = run("findscu", "-S", "-X", "-od", out, *CALL, *words, "127.0.0.1", port)
    assert said.returncode == 0, said.stderr
    return [pydicom.dcmread(path, force=True) for path in sorted(out.glob("*.dcm"))]


def test_studies_series_and_images_are_found(workplace: Workplace, kept: dict[str, Path], tmp_path: Path) -> None:
    one = pydicom.dcmread(next(iter(kept.values())))
    with gateway(workplace) as served:
        port = served.doors[0].port
        studies = find(
            port, tmp_path / "a", "QueryRetrieveLevel=STUDY", "PatientName=GAGNE*", "StudyInstanceUID",
            "NumberOfStudyRelatedInstances", "ModalitiesInStudy", "StudyDate",
        )  # fmt: skip
        assert sorted(int(ds.NumberOfStudyRelatedInstances) for ds in studies) == [2, 10]
        assert {str(ds.PatientName) for ds in studies} == {"Gagné^Zoé"}
        assert {ds.ModalitiesInStudy for ds in studies} == {"DX"}
        assert not find(port, tmp_path / "b", "QueryRetrieveLevel=STUDY", "PatientID=OTHER", "StudyInstanceUID")
        assert len(find(port, tmp_path / "c", "QueryRetrieveLevel=STUDY", "StudyDate=20261101-20261130")) == 2
        assert not find(port, tmp_path / "d", "QueryRetrieveLevel=STUDY", "StudyDate=-20251231")
        study = f"StudyInstanceUID={one.StudyInstanceUID}"
        assert len(find(port, tmp_path / "e", "QueryRetrieveLevel=SERIES", study, "SeriesInstanceUID")) == 1
        assert len(find(port, tmp_path / "f", "QueryRetrieveLevel=IMAGE", study, "SOPInstanceUID")) == 10
        assert len(find(port, tmp_path / "g", "QueryRetrieveLevel=PATIENT", "PatientName")) == 1


def get(port: int, out: Path, *keys: str) -> int:
    out.mkdir(exist_ok=True)
    words = [word for key in keys for word in ("-k", key)]
    return run("getscu", "-S", "-od", out, *CALL, *words, "127.0.0.1", port).returncode


def test_getscu_is_given_the_same_bytes(workplace: Workplace, kept: dict[str, Path], tmp_path: Path) -> None:
    one = pydicom.dcmread(next(iter(kept.values())))
    with gateway(workplace) as served:
        port = served.doors[0].port
        assert get(port, tmp_path / "out", "QueryRetrieveLevel=STUDY", f"StudyInstanceUID={one.StudyInstanceUID}") == 0
    got = sorted((tmp_path / "out").iterdir())
    assert len(got) == 10
    for path in got:
        uid = str(pydicom.dcmread(path).SOPInstanceUID)
        assert data_of(path) == data_of(kept[uid])
    with workplace.runner.read(SYSTEM) as read:
        assert len(read.sql("SELECT kind FROM access_log WHERE kind = 'export'")) >= 10


def test_movescu_sends_to_whom_we_know_and_refuses_others(
    workplace: Workplace, kept: dict[str, Path], tmp_path: Path
) -> None:
    one = pydicom.dcmread(next(iter(kept.values())))
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        there = free.getsockname()[1]
    (tmp_path / "moved").mkdir()
    receiver = start("storescp", "-aet", "STORE", "-od", tmp_path / "moved", there)
    let_in(workplace, "STORE", address="127.0.0.1", port=there)
    keys = ("-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={one.StudyInstanceUID}")
    try:
        with gateway(workplace) as served:
            port = served.doors[0].port
            until(lambda: run("echoscu", "127.0.0.1", there).returncode == 0)
            said = run("movescu", "-v", "-S", *CALL, "-aem", "STORE", *keys, "127.0.0.1", port)
            assert said.returncode == 0, said.stderr
            refused = run("movescu", "-v", "-S", *CALL, "-aem", "NOBODY", *keys, "127.0.0.1", port)
            assert refused.returncode != 0
            assert "MoveDestinationUnknown" in refused.stdout + refused.stderr
    finally:
        receiver.kill()
        receiver.wait()
    moved = {str(pydicom.dcmread(path).SOPInstanceUID): path for path in (tmp_path / "moved").iterdir()}
    assert len(moved) == 10
    assert all(data_of(path) == data_of(kept[uid]) for uid, path in moved.items())
