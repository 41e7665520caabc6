"""The slices of a series: single-frame files, or frames of an enhanced multi-frame object (PS3.3 §A.38, §C.7.6.16)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydicom.dataset import Dataset

from viewer.errors import ViewerError
from viewer.pixels import attributes as at
from viewer.pixels.lut import ModalityLut, read_modality_lut
from viewer.pixels.reading import Parsed, Source, parse
from viewer.volume.arrangement import SlicePlace
from viewer.volume.errors import NoSlices

MOST_FRAMES = 4096
CONE_BEAM_MAKERS = (
    "acteon", "asahi", "carestream", "cefla", "dentsply", "dexis", "genoray", "gendex", "hdx", "imaging sciences",
    "instrumentarium", "j.morita", "kavo", "morita", "newtom", "owandy", "planmeca", "pointnix", "prexion",
    "qr srl", "ray co", "sirona", "soredex", "vatech", "xoran", "yoshida",
)  # fmt: skip
"""Makers of dental cone-beam units. Their grey values are not Hounsfield units, whatever the file calls them: scatter
and truncation shift them by place and machine (Pauwels et al., Dentomaxillofac Radiol 2015;44:20140238)."""


@dataclass(frozen=True, slots=True, eq=False)
class SliceFrame:
    """One slice: where its pixels are, and where it lies."""

    source: Source
    frame: int
    place: SlicePlace
    modality: ModalityLut
    window: tuple[float, float] | None
    hounsfield: bool


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """The slices of one series, in the order of their files."""

    series_uid: str
    description: str
    slices: tuple[SliceFrame, ...]


def stacks(sources: Iterable[Source]) -> tuple[Stack, ...]:
    """The series with positions among files, the one with the most slices first; what is no DICOM is passed over."""
    found: dict[tuple[str, str], tuple[str, list[SliceFrame]]] = {}
    for source in sources:
        try:
            parsed = parse(source)
        except ViewerError:
            continue
        try:
            key = at.text(parsed.ds, "SeriesInstanceUID"), at.text(parsed.ds, "FrameOfReferenceUID")
            slices = frames_of(source, parsed)
            if slices:
                found.setdefault(key, (at.text(parsed.ds, "SeriesDescription"), []))[1].extend(slices)
        finally:
            parsed.stream.close()
    ordered = sorted(found.items(), key=lambda entry: (-len(entry[1][1]), entry[0]))
    return tuple(Stack(uid, description, tuple(slices)) for (uid, _frame), (description, slices) in ordered)


def files_under(paths: Iterable[Path]) -> list[Path]:
    """The files, and those in folders, in the order of their names."""
    found: list[Path] = []
    for path in paths:
        found += [file for file in sorted(path.rglob("*")) if file.is_file()] if path.is_dir() else [path]
    return [path for path in found if path.name.upper() != "DICOMDIR"]


def largest_stack(paths: Sequence[Path]) -> Stack:
    """The series with the most slices. Raises NoSlices."""
    found = stacks(files_under(paths))
    if not found:
        raise NoSlices
    return found[0]


def frames_of(source: Source, parsed: Parsed) -> list[SliceFrame]:
    """The frames of one object that say where they lie; a frame that does not (a scout, a capture) is left out."""
    ds = parsed.ds
    count = min(max(1, at.integer(ds, "NumberOfFrames") or 1), MOST_FRAMES)
    hounsfield = _hounsfield(ds)
    found = []
    for frame in range(count):
        place = _place(ds, frame)
        if place is not None:
            modality = read_modality_lut(ds, frame, at.integer(ds, "PixelRepresentation") == 1)
            named = hounsfield and modality.unit in ("", "HU")
            found.append(SliceFrame(source, frame, place, modality, _window(ds, frame), named))
    return found


def _place(ds: Dataset, frame: int) -> SlicePlace | None:
    position = _first(ds, "PlanePositionSequence", "ImagePositionPatient", 3, frame)
    cosines = _first(ds, "PlaneOrientationSequence", "ImageOrientationPatient", 6, frame)
    spacing = _first(ds, "PixelMeasuresSequence", "PixelSpacing", 2, frame)
    rows, columns = at.integer(ds, "Rows"), at.integer(ds, "Columns")
    if not (position and cosines and spacing and rows and columns) or min(spacing) <= 0:
        return None
    return SlicePlace(
        (position[0], position[1], position[2]),
        (cosines[0], cosines[1], cosines[2]),
        (cosines[3], cosines[4], cosines[5]),
        (spacing[0], spacing[1]),
        rows,
        columns,
    )


def _first(ds: Dataset, macro: str, keyword: str, count: int, frame: int) -> tuple[float, ...]:
    for group in at.macros(ds, macro, frame):
        values = at.numbers(group, keyword)
        if len(values) == count:
            return values
    return ()


def _window(ds: Dataset, frame: int) -> tuple[float, float] | None:
    for group in at.macros(ds, "FrameVOILUTSequence", frame):
        centre, width = at.number(group, "WindowCenter"), at.number(group, "WindowWidth")
        if centre is not None and width is not None and width >= 1:
            return centre, width
    return None


def _hounsfield(ds: Dataset) -> bool:
    """Whether this is a fan-beam CT: rescaled values of such an image are Hounsfield units (PS3.3 §C.8.2.1.1.2)."""
    if at.code(ds, "Modality") != "CT":
        return False
    texts = ("Manufacturer", "ManufacturerModelName", "SeriesDescription", "StudyDescription", "ProtocolName")
    said = " ".join(at.text(ds, keyword) for keyword in texts).lower()
    return not any(word in said for word in (*CONE_BEAM_MAKERS, "cbct", "cone beam", "cone-beam"))
