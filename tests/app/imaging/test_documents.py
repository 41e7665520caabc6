"""PDF files and models become encapsulated DICOM objects with the received bytes unchanged; PLY becomes STL."""

from __future__ import annotations

import contextlib
import hashlib
import io
import struct
from datetime import date
from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.imaging.documents import document
from app.imaging.found import Identity, RefusedFile
from app.imaging.kinds import Kind
from app.imaging.surfaces import binary_stl, check
from app.imaging.vocabulary import Reason
from tests.app.imaging import samples

MESH = Path(__file__).parents[2] / "data" / "mesh"
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("kind", "content", "sop_class", "media_type", "modality"),
    [
        (Kind.PDF, samples.PDF, "104.1", "application/pdf", "DOC"),
        (Kind.STL, (MESH / "unit_cube.stl").read_bytes(), "104.3", "model/stl", "M3D"),
        (Kind.STL, (MESH / "two_objects_mixed_case_names.stl").read_bytes(), "104.3", "model/stl", "M3D"),
        (Kind.OBJ, samples.OBJ, "104.4", "model/obj", "M3D"),
    ],
)
def test_a_document_is_carried_unchanged(
    kind: Kind, content: bytes, sop_class: str, media_type: str, modality: str
) -> None:
    made = document(kind, content, hashlib.sha256(content).hexdigest(), "Arcade", Identity("p"), "p", TODAY)
    assert made.envelope is not None
    ds = pydicom.dcmread(io.BytesIO(made.envelope.around(content)))
    assert ds.SOPClassUID == f"1.2.840.10008.5.1.4.1.1.{sop_class}"
    assert ds.MIMETypeOfEncapsulatedDocument == media_type
    assert ds.Modality == modality
    assert ds.EncapsulatedDocument[: ds.EncapsulatedDocumentLength] == content
    assert len(ds.EncapsulatedDocument) % 2 == 0


@pytest.mark.parametrize("name", ["fuze.ply", "cube_blender_uv.ply", "cube_blender_uv_meshlab.ply"])
def test_a_ply_surface_becomes_the_same_triangles(name: str) -> None:
    content = (MESH / name).read_bytes()
    stl = binary_stl(content)
    (count,) = struct.unpack_from("<I", stl, 80)
    assert len(stl) == 84 + 50 * count
    assert count == {"fuze.ply": 1000}.get(name, 12)  # six squares of a cube are twelve triangles
    rows = np.frombuffer(stl, np.dtype([("values", "<f4", (4, 3)), ("a", "<u2")]), count, 84)
    corners = rows["values"][:, 1:]
    if name != "fuze.ply":
        edges = np.linalg.norm(corners[:, 1] - corners[:, 0], axis=1)
        assert edges.min() > 0
        assert np.allclose(corners.min(axis=(0, 1)), -corners.max(axis=(0, 1)), atol=1e-5)
    normals = rows["values"][:, 0]
    assert np.allclose(np.linalg.norm(normals, axis=1), 1, atol=1e-3)


def test_big_endian_and_uneven_polygons_are_read() -> None:
    head = (
        b"ply\nformat binary_big_endian 1.0\nelement vertex 5\nproperty float x\nproperty float y\nproperty float z\n"
        b"element face 2\nproperty list uchar int vertex_indices\nend_header\n"
    )
    points = struct.pack(">15f", 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1)
    faces = struct.pack(">B4iB3i", 4, 0, 1, 2, 3, 3, 0, 1, 4)
    assert struct.unpack_from("<I", binary_stl(head + points + faces), 80) == (3,)


@pytest.mark.parametrize(
    ("kind", "content", "reason"),
    [
        (Kind.PDF, b"%PDF-1.4 cut", Reason.DAMAGED),
        (Kind.STL, (MESH / "empty.stl").read_bytes(), Reason.EMPTY_MODEL),
        (Kind.STL, (MESH / "unit_cube.stl").read_bytes()[:-30], Reason.DAMAGED),
        (Kind.PLY, (MESH / "points_ascii.ply").read_bytes(), Reason.EMPTY_MODEL),
        (Kind.PLY, (MESH / "fuze.ply").read_bytes()[:9000], Reason.DAMAGED),
        (Kind.OBJ, b"v 0 0 0\n", Reason.EMPTY_MODEL),
    ],
)
def test_what_is_damaged_or_empty_is_refused(kind: Kind, content: bytes, reason: Reason) -> None:
    with pytest.raises(RefusedFile) as caught:
        document(kind, content, "00", "x", Identity(), "p", TODAY)
    assert caught.value.reason is reason


def test_a_corner_number_beyond_the_vertices_is_damage() -> None:
    ply = (MESH / "cube_blender_uv.ply").read_bytes().replace(b"\n4 0 1 2 3", b"\n4 0 1 2 99")
    with pytest.raises(RefusedFile) as caught:
        binary_stl(ply)
    assert caught.value.reason is Reason.DAMAGED


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 880), st.integers(0, 255), st.integers(0, 880))
def test_a_damaged_ply_is_refused_or_read_and_nothing_else(place: int, value: int, end: int) -> None:
    content = bytearray((MESH / "cube_blender_uv_meshlab.ply").read_bytes())
    content[place] = value
    for damaged in (bytes(content), bytes(content[:end])):
        with contextlib.suppress(RefusedFile):
            assert len(binary_stl(damaged)) > 84


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_taken_for_a_model(content: bytes) -> None:
    for kind in (Kind.STL, Kind.OBJ):
        with contextlib.suppress(RefusedFile):
            check(kind, content)
            assert b"f" in content.lower() or (len(content) - 84) % 50 == 0
