"""Analytic bodies sampled into series of DICOM files: what a scanner would have written of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

Body = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Millimetres in the patient (…, 3) to values."""


def sphere(centre: tuple[float, float, float], radius: float, inside: float = 1000.0) -> Body:
    """A ball on a ground of 0, with an edge as soft as half a millimetre, as a scanner blurs it."""

    def body(at: NDArray[np.float64]) -> NDArray[np.float64]:
        apart = np.linalg.norm(at - np.asarray(centre), axis=-1)
        return np.asarray(inside * np.clip((radius - apart) / 0.5 + 0.5, 0, 1))

    return body


@dataclass(frozen=True)
class Scan:
    """How the body was sampled."""

    shape: tuple[int, int, int] = (40, 48, 56)
    spacing: tuple[float, float] = (0.5, 0.5)
    step: float = 0.5
    along: tuple[float, float, float] = (1, 0, 0)
    down: tuple[float, float, float] = (0, 1, 0)
    first: tuple[float, float, float] = (-14, -12, -10)
    lean: tuple[float, float, float] = (0, 0, 0)
    """Millimetres that each slice stands aside of the one before."""
    heights: tuple[float, ...] | None = None
    """Heights of the slices above the first, instead of equal steps."""

    def slices(self) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """(first pixel, millimetres of every pixel) for each slice."""
        along, down = np.asarray(self.along, float), np.asarray(self.down, float)
        normal = np.cross(along, down)
        layers, rows, columns = self.shape
        heights = self.heights or [place * self.step for place in range(layers)]
        found = []
        for place, height in enumerate(heights):
            corner = np.asarray(self.first) + normal * height + np.asarray(self.lean) * place
            row, column = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
            grid = corner + row[..., None] * down * self.spacing[0] + column[..., None] * along * self.spacing[1]
            found.append((corner, grid))
        return found


def write(folder: Path, scan: Scan, body: Body, **attributes: object) -> list[Path]:
    """One file a slice, named so that the order of names is not the order in space."""
    folder.mkdir(parents=True, exist_ok=True)
    series, frame_of_reference = generate_uid(entropy_srcs=["series"]), generate_uid(entropy_srcs=["frame"])
    paths = []
    for place, (corner, grid) in enumerate(scan.slices()):
        ds = FileDataset(None, {}, file_meta=FileMetaDataset(), preamble=b"\0" * 128)
        ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = CTImageStorage
        ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[str(place)])
        ds.SeriesInstanceUID, ds.FrameOfReferenceUID, ds.Modality = series, frame_of_reference, "CT"
        ds.Rows, ds.Columns = grid.shape[:2]
        ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
        ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
        ds.RescaleSlope, ds.RescaleIntercept = "1", "-1024"
        ds.PixelSpacing = [f"{side:.6g}" for side in scan.spacing]
        ds.ImageOrientationPatient = [f"{part:.9g}" for part in (*scan.along, *scan.down)]
        ds.ImagePositionPatient = [f"{part:.9g}" for part in corner]
        ds.PixelData = (np.rint(body(grid)) + 1024).astype("<u2").tobytes()
        for name, value in attributes.items():
            setattr(ds, name, value)
        path = folder / f"{(place * 37) % 101:03d}_{place:03d}.dcm"
        ds.save_as(path, enforce_file_format=True)
        paths.append(path)
    return paths
