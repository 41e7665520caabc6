"""Landmarks from a CSV file with the columns image, point, x, y: pixels of the image, y down."""

from __future__ import annotations

import csv
import io
import math
import re
from pathlib import Path

from viewer.errors import N_, ViewerError
from viewer.model.cephalometry.landmarks import DERIVED, LANDMARKS

GREATEST_BYTES = 64 << 20
COLUMNS = ("image", "point", "x", "y")

ALIASES = {
    "U1T": ("U1", "U1 tip", "UI", "UIT", "UIE", "Is", "Is1u", "upper incisal edge", "1u"),
    "U1A": ("U1 apex", "UIA", "Isa", "Ap1u", "U1 root"),
    "L1T": ("L1", "L1 tip", "LI", "LIT", "LIE", "Ii", "Is1l", "lower incisal edge", "1l"),
    "L1A": ("L1 apex", "LIA", "Iia", "Ap1l", "L1 root"),
    "U6": ("U6 mesial cusp", "UMT", "U6M", "UM"),
    "L6": ("L6 mesial cusp", "LMT", "L6M", "LM"),
    "U6D": ("U6 distal", "A6"),
    "L6D": ("L6 distal", "B6"),
    "Pogs": ("Pog'", "Pog′", "soft pogonion", "Pg'", "Pos"),
    "Ns": ("N'", "N′", "soft nasion"),
    "Gs": ("G'", "G′", "soft glabella"),
    "Gns": ("Gn'", "Gn′"),
    "Mes": ("Me'", "Me′"),
    "Ss": ("A'", "A′"),
    "Sm": ("B'", "B′", "Si"),
    "Pog": ("Pg", "Po-g"),
    "ANS": ("Spa", "Sp", "SNA spine"),
    "PNS": ("Spp", "Pm spine"),
    "Co": ("Cd",),
    "Prn": ("Pn", "Pr nose"),
    "Cm": ("mid-columella",),
}
"""Other names under which programs and data sets write the points."""


class LandmarkFileError(ViewerError):
    """A file of landmarks that cannot be read."""

    message_id = N_("This is no file of landmarks with the columns image, point, x, y.")


def read_landmarks(source: Path | bytes) -> dict[str, dict[str, tuple[float, float]]]:
    """{image: {landmark id: (x, y)}} in the order of the file.

    Raises LandmarkFileError for a missing column, an unknown or repeated point, or a coordinate that is no number.
    """
    rows = csv.DictReader(io.StringIO(_text(source)), skipinitialspace=True)
    try:
        names = {(name or "").strip().casefold(): name for name in rows.fieldnames or ()}
        if not set(COLUMNS) <= names.keys():
            raise LandmarkFileError
        found: dict[str, dict[str, tuple[float, float]]] = {}
        for row in rows:
            image, written, x, y = (str(row[names[column]] or "").strip() for column in COLUMNS)
            points = found.setdefault(image, {})
            landmark = landmark_id(written)
            if landmark in points:
                raise LandmarkFileError(N_("Line {line}: {point} stands twice."), line=rows.line_num, point=written)
            points[landmark] = _number(x, rows.line_num), _number(y, rows.line_num)
    except csv.Error:
        raise LandmarkFileError from None
    if not found:
        raise LandmarkFileError
    return found


def landmark_id(written: str) -> str:
    """The landmark that a name means: its id, its English name or an alias; letters decide, not their case.

    Raises LandmarkFileError for a name that means none.
    """
    if written in LANDMARKS or written in DERIVED:
        return written
    found = _known().get(_plain(written))
    if found is None:
        raise LandmarkFileError(N_("This landmark is not known: {point}"), point=written[:40])
    return found


def _known() -> dict[str, str]:
    known = {_plain(alias): name for name, aliases in ALIASES.items() for alias in aliases}
    known.update({_plain(mark.name): name for name, mark in LANDMARKS.items()})
    known.update({_plain(name): name for name in (*LANDMARKS, *DERIVED)})
    return known


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9']", "", name.casefold().replace("′", "'").replace("’", "'"))


def _number(text: str, line: int) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise LandmarkFileError(N_("Line {line}: this is no coordinate: {text}"), line=line, text=text[:40])
    return value


def _text(source: Path | bytes) -> str:
    try:
        data = source if isinstance(source, bytes) else _bytes(source)
        return data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise LandmarkFileError from None


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > GREATEST_BYTES:
        raise LandmarkFileError
    return path.read_bytes()
