"""Surface models: is there a surface in this STL, OBJ or PLY file, and the surface of a PLY file as binary STL."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import Any, Final

from app.imaging.found import RefusedFile
from app.imaging.kinds import Kind
from app.imaging.vocabulary import Reason

_TYPES: Final = {
    "char": "i1", "uchar": "u1", "short": "i2", "ushort": "u2", "int": "i4", "uint": "u4", "float": "f4",
    "double": "f8", "int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2", "int32": "i4", "uint32": "u4",
    "float32": "f4", "float64": "f8",
}  # fmt: skip
_ORDERS: Final = {"binary_little_endian": "<", "binary_big_endian": ">", "ascii": ""}
_FACE_LISTS: Final = frozenset({"vertex_indices", "vertex_index"})
_FACET: Final = re.compile(rb"^\s*facet\b", re.MULTILINE | re.IGNORECASE)
_VERTEX: Final = re.compile(rb"^\s*v\s", re.MULTILINE)
_FACE: Final = re.compile(rb"^\s*f\s", re.MULTILINE)


def check(kind: Kind, content: bytes) -> None:
    """Refuse an STL or OBJ file that is damaged or has no triangle."""
    if kind is Kind.OBJ:
        if not (_VERTEX.search(content) and _FACE.search(content)):
            raise RefusedFile(Reason.EMPTY_MODEL)
        return
    count = int.from_bytes(content[80:84], "little") if len(content) >= 84 else -1
    if count > 0 and len(content) == 84 + 50 * count:
        return
    if content.lstrip()[:5].lower() == b"solid":
        if not _FACET.search(content):  # binary files, too, may begin with this word, but text holds no zero byte
            raise RefusedFile(Reason.DAMAGED if b"\0" in content else Reason.EMPTY_MODEL)
        return
    raise RefusedFile(Reason.EMPTY_MODEL if count == 0 else Reason.DAMAGED)


@dataclass(slots=True)
class _Property:
    name: str
    type: str
    count_type: str = ""


@dataclass(slots=True)
class _Element:
    name: str
    count: int
    properties: list[_Property]


def binary_stl(ply: bytes) -> bytes:
    """The triangles of a PLY file as binary STL, its polygons cut into fans. Raises `RefusedFile`."""
    import numpy as np

    try:
        points, corners = _surface(ply)
        if len(corners) == 0 or len(points) == 0:
            raise RefusedFile(Reason.EMPTY_MODEL)
        if corners.min() < 0 or corners.max() >= len(points):
            raise RefusedFile(Reason.DAMAGED)
        triangles = points[corners]
    except (ValueError, IndexError, KeyError, UnicodeDecodeError, struct.error, OverflowError):
        raise RefusedFile(Reason.DAMAGED) from None
    normals = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    normals = np.divide(normals, lengths, out=np.zeros_like(normals), where=lengths > 0)
    rows = np.zeros(len(triangles), np.dtype([("values", "<f4", (4, 3)), ("attribute", "<u2")]))
    rows["values"][:, 0], rows["values"][:, 1:] = normals, triangles
    return b"converted from PLY".ljust(80, b" ") + struct.pack("<I", len(rows)) + rows.tobytes()


def _surface(ply: bytes) -> tuple[Any, Any]:
    """Vertices (n, 3) and corner numbers of triangles (m, 3)."""
    import numpy as np

    form, elements, start = _header(ply)
    reader = _Ascii(ply[start:]) if form == "ascii" else _Binary(ply, start, _ORDERS[form])
    points: Any = np.zeros((0, 3))
    corners: Any = np.zeros((0, 3), int)
    for element in elements:
        rows = reader.rows(element)
        if element.name == "vertex":
            points = np.stack([np.asarray(rows[axis], float) for axis in "xyz"], axis=1)
        elif element.name == "face":
            name = next((item.name for item in element.properties if item.name in _FACE_LISTS), None)
            corners = _triangles(rows[name]) if name else corners
    return points, corners


def _triangles(faces: Any) -> Any:
    import numpy as np

    if getattr(faces, "ndim", 1) == 2:
        fans = [faces[:, [0, place, place + 1]] for place in range(1, faces.shape[1] - 1)]
        return np.concatenate(fans).astype(np.int64) if fans else np.zeros((0, 3), np.int64)
    cut = [(face[0], face[place], face[place + 1]) for face in faces for place in range(1, len(face) - 1)]
    return np.array(cut, np.int64).reshape(-1, 3)


def _header(ply: bytes) -> tuple[str, list[_Element], int]:
    end = re.search(rb"end_header\r?\n", ply[: 1 << 20])
    if end is None:
        raise ValueError("no end of header")
    form, elements = "", list[_Element]()
    for line in ply[: end.start()].decode("latin-1").splitlines():
        words = line.split()
        if words[:1] == ["format"]:
            form = words[1]
        elif words[:1] == ["element"]:
            elements.append(_Element(words[1], int(words[2]), []))
        elif words[:2] == ["property", "list"]:
            elements[-1].properties.append(_Property(words[4], _TYPES[words[3]], _TYPES[words[2]]))
        elif words[:1] == ["property"]:
            elements[-1].properties.append(_Property(words[2], _TYPES[words[1]]))
    if form not in _ORDERS or any(not 0 <= element.count <= len(ply) for element in elements):
        raise ValueError("no such format, or more rows than bytes")
    return form, elements, end.end()


class _Ascii:
    """Rows as numbers in text, one row a line."""

    def __init__(self, body: bytes) -> None:
        self._lines = (line for line in body.decode("latin-1").splitlines() if line.strip())

    def rows(self, element: _Element) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {item.name: [] for item in element.properties}
        for _row in range(element.count):
            words = iter(next(self._lines, "").split())
            for item in element.properties:
                kind = float if item.type.startswith("f") else int
                if item.count_type:
                    count = int(next(words, "-1"))
                    if count < 0:
                        raise ValueError("a row is missing")
                    found[item.name].append([kind(next(words, "?")) for _value in range(count)])
                else:
                    found[item.name].append(kind(next(words, "?")))
        return found


class _Binary:
    """Packed rows; those whose lists have all the same length are read in one go."""

    def __init__(self, content: bytes, start: int, order: str) -> None:
        self._content, self._place, self._order = content, start, order

    def rows(self, element: _Element) -> dict[str, Any]:
        counts = self._first_counts(element)
        fields: list[Any] = []
        for item, count in zip(element.properties, counts, strict=True):
            if item.count_type:
                fields.append((f"#{item.name}", self._order + item.count_type))
                fields.append((item.name, self._order + item.type, (count,)))
            else:
                fields.append((item.name, self._order + item.type))
        return self._in_one_go(element, fields, counts) or self._one_by_one(element)

    def _first_counts(self, element: _Element) -> list[int]:
        """The list lengths of the first row; 0 for what is no list."""
        place, counts = self._place, []
        for item in element.properties:
            count = 0
            if item.count_type and element.count:
                (count,) = struct.unpack_from(self._code(item.count_type), self._content, place)
                place += int(item.count_type[1]) + count * int(item.type[1])
            else:
                place += int(item.type[1])
            counts.append(count)
        return counts

    def _in_one_go(self, element: _Element, fields: list[Any], counts: list[int]) -> dict[str, Any] | None:
        import numpy as np

        kind = np.dtype(fields)
        if self._place + kind.itemsize * element.count > len(self._content):
            return None
        table = np.frombuffer(self._content, kind, element.count, self._place)
        for item, count in zip(element.properties, counts, strict=True):
            if item.count_type and not (table[f"#{item.name}"] == count).all():
                return None
        self._place += kind.itemsize * element.count
        return {item.name: table[item.name] for item in element.properties}

    def _one_by_one(self, element: _Element) -> dict[str, Any]:
        found: dict[str, list[Any]] = {item.name: [] for item in element.properties}
        for _row in range(element.count):
            for item in element.properties:
                if item.count_type:
                    count = self._value(item.count_type)
                    if not 0 <= count <= len(self._content):
                        raise ValueError("a list is longer than the file")
                    found[item.name].append([self._value(item.type) for _value in range(count)])
                else:
                    found[item.name].append(self._value(item.type))
        return found

    def _value(self, kind: str) -> Any:
        (value,) = struct.unpack_from(self._code(kind), self._content, self._place)
        self._place += int(kind[1])
        return value

    def _code(self, kind: str) -> str:
        letters = {"i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "f4": "f", "f8": "d"}
        return self._order + letters[kind]
