"""STL, PLY and OBJ files to meshes and back. Whatever the bytes are, only a MeshError leaves this module."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import Any

import numpy as np

from viewer.errors import N_
from viewer.mesh.mesh import Mesh, MeshError, Points

logging.getLogger("trimesh").setLevel(logging.CRITICAL)

KINDS = frozenset({"stl", "ply", "obj"})
MOST_BYTES = 1 << 30
MOST_TRIANGLES = 20_000_000
MIXERS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)
"""Odd numbers that spread the bits of three coordinates over one number; two points that meet in it are told apart."""


class NotAMesh(MeshError):
    """No format that is read here."""

    message_id = N_("This file is no STL, PLY or OBJ model.")


class DamagedMesh(MeshError):
    """Bytes that make no model."""

    message_id = N_("This model is damaged and cannot be read.")


class NoTriangles(MeshError):
    """Points or lines without a surface, or nothing at all."""

    message_id = N_("This model has no surface.")


class LargeMesh(MeshError):
    """More than the memory should hold."""

    message_id = N_("This model is too large to open ({megabytes} MB).")


def read_mesh(source: Path | bytes, kind: str = "") -> Mesh:
    """Read a model; `kind` is `stl`, `ply` or `obj`, from the name of the file where it is left out.

    Equal points are made one, triangles without an area are dropped. Raises a MeshError.
    """
    chosen = kind or (source.suffix[1:].lower() if isinstance(source, Path) else "")
    if chosen not in KINDS:
        raise NotAMesh
    data = _bytes_of(source)
    if not data.strip(b"\0 \r\n\t"):
        raise NoTriangles
    try:
        return _cleaned(_loaded(data, chosen))
    except MeshError:
        raise
    except MemoryError:
        raise LargeMesh(megabytes=len(data) >> 20) from None
    except Exception:  # a parser that meets hostile bytes may raise almost anything
        raise DamagedMesh from None


def _bytes_of(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    try:
        size = source.stat().st_size
        if size > MOST_BYTES:
            raise LargeMesh(megabytes=size >> 20)
        return source.read_bytes()
    except OSError:
        raise DamagedMesh from None


def _loaded(data: bytes, kind: str) -> Any:
    import trimesh

    if kind == "stl" and data[:5].lower() != b"solid" and len(data) >= 84:
        count = int.from_bytes(data[80:84], "little")
        if 84 + 50 * count > len(data):  # a count that the file cannot hold would be reserved first
            raise DamagedMesh
    # No materials: an OBJ may name files of its own, which are not ours to open.
    return trimesh.load(io.BytesIO(data), file_type=kind, process=False, skip_materials=True)


def _cleaned(loaded: Any) -> Mesh:
    import trimesh

    if isinstance(loaded, trimesh.Scene):
        parts = [part for part in loaded.geometry.values() if isinstance(part, trimesh.Trimesh)]
        if not parts:
            raise NoTriangles
        loaded = trimesh.util.concatenate(parts)
    faces = np.asarray(getattr(loaded, "faces", ()))
    if not isinstance(loaded, trimesh.Trimesh) or not len(faces):
        raise NoTriangles
    points = np.asarray(loaded.vertices, np.float64)
    if len(faces) > MOST_TRIANGLES:
        raise LargeMesh(megabytes=len(faces) * 36 >> 20)
    if not np.isfinite(points).all() or faces.min() < 0 or faces.max() >= len(points):
        raise DamagedMesh
    return _welded(points, faces, _colours(loaded, len(points)))


def _welded(points: Any, faces: Any, colours: Any) -> Mesh:
    """Equal points made one: STL repeats each of them about six times."""
    first, place = _equal(points + 0.0)  # of 0 and -0 one
    kept, triangles = points[first], np.take(place, faces).astype(np.int32)
    a, b, c = (kept[triangles[:, corner]] for corner in range(3))
    flat = np.linalg.norm(np.cross(b - a, c - a), axis=1) <= 0
    if flat.all():
        raise NoTriangles
    return Mesh(kept, np.ascontiguousarray(triangles[~flat]), None if colours is None else colours[first])


def _equal(points: Points) -> tuple[Any, Any]:
    """The number of the first of each set of equal points; for each point the number of its set.

    Sorted by one whole number for a point: NumPy compares rows in Python's own lock, some seconds for a large model.
    """
    words = np.ascontiguousarray(points).view(np.uint64)
    words = words ^ (words >> np.uint64(31))  # the lower bits of numbers that were written as 32 bits are nought
    keys = words[:, 0] * MIXERS[0] + words[:, 1] * MIXERS[1] + words[:, 2] * MIXERS[2]
    _keys, first, place = np.unique(keys ^ (keys >> np.uint64(29)), return_index=True, return_inverse=True)
    if np.array_equal(points[first][place], points):
        return first, place
    _points, first, place = np.unique(points, axis=0, return_index=True, return_inverse=True)
    return first, place.reshape(-1)


def _colours(loaded: Any, count: int) -> Any:
    visual: Any = getattr(loaded, "visual", None)
    if getattr(visual, "kind", None) != "vertex":
        return None
    colours = np.asarray(visual.vertex_colors)
    return colours[:, :3].astype(np.uint8) if colours.shape[:1] == (count,) and colours.shape[1:] >= (3,) else None


def stl_bytes(mesh: Mesh) -> bytes:
    """Binary STL, in millimetres as other programs take it."""
    record = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
    rows = np.zeros(len(mesh.triangles), record)
    corners = mesh.corners
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    rows["normal"], rows["corners"] = normals / np.where(lengths > 0, lengths, 1), corners
    return b"Archwire, millimetres".ljust(80) + len(rows).to_bytes(4, "little") + rows.tobytes()
