"""What the command line says about a volume, as plain data for JSON, and the picture."""

from __future__ import annotations

import argparse
import io
from typing import Any

import numpy as np

from viewer.errors import N_
from viewer.pixels.form import Array
from viewer.pixels.voi import Voi, automatic_voi
from viewer.volume.arch import Arch, propose_arch
from viewer.volume.assembling import assemble
from viewer.volume.curved import panoramic
from viewer.volume.errors import VolumeError
from viewer.volume.grid import Cells, Volume
from viewer.volume.planes import Blend, Plane, View, covering, cut, standard
from viewer.volume.projection import TOP, Beam, Direction, Half, cephalogram
from viewer.volume.series import largest_stack
from viewer.volume.upright import upright


def plane_report(options: argparse.Namespace) -> tuple[dict[str, Any], bytes]:
    """The geometry of a plane, the values in it and its PNG. Raises a VolumeError or a PixelError."""
    volume = assemble(largest_stack(options.series))
    plane = _plane(volume, options)
    cells = cut(volume, plane)
    values = volume.values(cells)
    report = volume_report(volume) | {
        "plane": {
            "origin_mm": _rounded(plane.origin),
            "right": _rounded(plane.right),
            "down": _rounded(plane.down),
            "rows": plane.rows,
            "columns": plane.columns,
            "pixel_mm": plane.pixel_mm,
            "thickness_mm": plane.thickness_mm,
            "blend": plane.blend.value,
        },
        "minimum": float(values.min()),
        "maximum": float(values.max()),
        "mean": round(float(values.mean()), 3),
    }
    if options.above is not None:
        report["above"] = _region(plane, values >= options.above)
    if options.distance:
        first, second = (np.asarray(end) for end in options.distance)
        report["distance_mm"] = round(float(np.linalg.norm(second - first)), 4)
        report["ends"] = [_probe(volume, end) for end in (first, second)]
    return report, picture(volume, cells, options.window)


def panoramic_report(options: argparse.Namespace) -> tuple[dict[str, Any], bytes]:
    """The arch and the picture along it. Raises a VolumeError or a PixelError."""
    volume = upright(assemble(largest_stack(options.series)))
    z = float(volume.centre_mm[2]) if options.z is None else options.z
    arch = Arch(tuple(options.arch), z) if options.arch else propose_arch(volume, options.z)
    shown = panoramic(volume, arch, options.thickness, Blend(options.blend))
    report = volume_report(volume) | {
        "arch_mm": [_rounded(np.asarray(place)) for place in arch.points],
        "arch_z_mm": round(arch.z_mm, 6),
        "arch_proposed": not options.arch,
        "arch_length_mm": round(arch.length_mm, 3),
        "rows": shown.cells.shape[0],
        "columns": shown.cells.shape[1],
        "pixel_mm": shown.pixel_mm,
        "top_mm": round(shown.top_mm, 6),
    }
    return report, picture(volume, shown.cells, options.window)


def cephalogram_report(options: argparse.Namespace) -> tuple[dict[str, Any], bytes]:
    """A cephalogram of a volume and its size. Raises a VolumeError or a PixelError."""
    from PIL import Image

    volume = upright(assemble(largest_stack(options.volume)))
    beam = Beam(*options.source) if options.source else None
    shown = cephalogram(volume, Direction(options.view), Half(options.half), beam)
    report = volume_report(volume) | {
        "view": shown.direction.value,
        "half": shown.half.value,
        "rows": shown.cells.shape[0],
        "columns": shown.cells.shape[1],
        "pixel_mm": shown.pixel_mm,
        "magnification": round(shown.magnification, 6),
        "origin_mm": _rounded(np.asarray(shown.origin_mm)),
    }
    out = io.BytesIO()
    Image.fromarray((shown.cells.astype(np.float32) * (255 / TOP)).astype(np.uint8)).save(out, "PNG")
    return report, out.getvalue()


def volume_report(volume: Volume) -> dict[str, Any]:
    """The grid: size, steps, where it lies, what its numbers mean, and what is peculiar."""
    return {
        "shape": list(volume.shape),
        "steps_mm": _rounded(np.asarray(volume.steps_mm)),
        "affine": [_rounded(row) for row in volume.affine],
        "centre_mm": _rounded(volume.centre_mm),
        "unit": volume.unit or "grey value",
        "notices": [str(notice) for notice in volume.notices],
    }


def picture(volume: Volume, cells: Cells, window: tuple[float, float] | None) -> bytes:
    """The plane as PNG, with the window that is asked for, else the file's, else an automatic one."""
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(grey(volume, cells, window)).save(out, "PNG")
    return out.getvalue()


def grey(volume: Volume, cells: Cells, window: tuple[float, float] | None) -> Array:
    """8-bit grey levels of cells of a volume."""
    if window is not None and window[1] < 1:
        raise VolumeError(N_("The width of a window is at least 1."))
    values = volume.values(cells)
    chosen = window or volume.window
    voi = Voi(*chosen) if chosen else automatic_voi(values, None)
    return np.asarray(np.floor(voi.apply(values) * 255 + 0.5), np.uint8)


def _plane(volume: Volume, options: argparse.Namespace) -> Plane:
    if options.plane == "oblique":
        if not (options.right and options.down):
            raise VolumeError(N_("An oblique plane needs the directions of its rows and columns."))
        right, down = (np.asarray(side, np.float64) for side in (options.right, options.down))
        through = volume.centre_mm if options.at is None else np.asarray(options.at, np.float64)
        flat = covering(volume, *_square(right, down), through)
    else:
        flat = standard(volume, View(options.plane), options.at)
    thick = (options.thickness, Blend(options.blend))
    return Plane(flat.origin, flat.right, flat.down, flat.rows, flat.columns, flat.pixel_mm, *thick)


def _square(right: Array, down: Array) -> tuple[Array, Array]:
    """Unit vectors at right angles: `right` as given, `down` as near as may be."""
    lengths = np.linalg.norm(right), np.linalg.norm(down)
    across = np.cross(right, down)
    if min(*lengths) < 1e-6 or np.linalg.norm(across) < 1e-3 * lengths[0] * lengths[1]:
        raise VolumeError(N_("The directions of a plane must differ."))
    unit = right / lengths[0]
    straight = down - unit * float(down @ unit)
    return unit, straight / np.linalg.norm(straight)


def _region(plane: Plane, inside: Array) -> dict[str, Any]:
    count = int(inside.sum())
    found: dict[str, Any] = {"pixels": count, "area_mm2": round(count * plane.pixel_mm**2, 3), "centre_mm": None}
    if count:
        rows, columns = np.nonzero(inside)
        found["centre_mm"] = _rounded(plane.at_mm(float(columns.mean()), float(rows.mean())))
    return found


def _probe(volume: Volume, at_mm: Array) -> dict[str, Any]:
    """The value of the cell at a position; None outside the volume."""
    column, row, layer = (round(part) for part in volume.index_of(at_mm).tolist())
    layers, rows, columns = volume.shape
    inside = 0 <= layer < layers and 0 <= row < rows and 0 <= column < columns
    value = float(volume.values(volume.cells[layer, row, column])) if inside else None
    return {"position_mm": _rounded(at_mm), "value": value}


def _rounded(vector: Array) -> list[float]:
    return [round(float(part), 6) for part in vector]
