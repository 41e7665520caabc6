"""The commands of the viewer about volumes: `mpr`, with `pano` and `cephalogram` beside it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

Position = tuple[float, float, float]


def add_commands(commands: Any) -> None:
    """Add the commands to the parser of `python -m viewer`."""
    _add_mpr(commands.add_parser("mpr", help="a plane through the volume of a series"))
    _add_pano(commands.add_parser("pano", help="a panoramic picture along the dental arch of a volume"))


def _add_mpr(mpr: argparse.ArgumentParser) -> None:
    mpr.add_argument("series", type=Path, nargs="+", help="a folder, or the files of a series")
    mpr.add_argument("--plane", choices=["axial", "coronal", "sagittal", "oblique"], default="axial")
    mpr.add_argument("--at", type=position, metavar="x,y,z", help="millimetres in the patient; the middle without it")
    mpr.add_argument("--right", type=position, metavar="x,y,z", help="direction of the rows of an oblique plane")
    mpr.add_argument("--down", type=position, metavar="x,y,z", help="direction of the columns of an oblique plane")
    mpr.add_argument("--thickness", type=float, default=0.0, metavar="MM")
    mpr.add_argument("--blend", choices=["mean", "mip", "minip"], default="mean")
    mpr.add_argument("--above", type=float, metavar="VALUE", help="area and centre of what is at least this value")
    mpr.add_argument("--distance", nargs=2, type=position, metavar="x,y,z", help="between two positions")
    add_picture_options(mpr)
    mpr.set_defaults(run=_mpr)


def _add_pano(pano: argparse.ArgumentParser) -> None:
    pano.add_argument("series", type=Path, nargs="+", help="a folder, or the files of a series")
    pano.add_argument("--arch", type=point, nargs="+", metavar="x,y", help="millimetres; proposed without it")
    pano.add_argument("--z", type=float, metavar="MM", help="height of the arch")
    pano.add_argument("--thickness", type=float, default=12.0, metavar="MM")
    pano.add_argument("--blend", choices=["mean", "mip", "minip"], default="mean")
    add_picture_options(pano)
    pano.set_defaults(run=_pano)


def add_cephalogram_options(ceph: argparse.ArgumentParser) -> None:
    """What `ceph` needs to make a cephalogram of a volume, instead of measuring one."""
    ceph.add_argument("--volume", type=Path, nargs="+", metavar="SERIES", help="make a cephalogram of this series")
    ceph.add_argument("--view", choices=["lateral", "pa"], default="lateral")
    ceph.add_argument("--half", choices=["both", "right", "left"], default="both")
    ceph.add_argument("--source", nargs=2, type=float, metavar=("MIDDLE", "DETECTOR"), help="mm from a point source")
    ceph.add_argument("-o", "--output", type=Path, help="a PNG of that cephalogram")


def cephalogram_command(options: argparse.Namespace) -> int:
    """`ceph --volume`."""
    from viewer.volume.reports import cephalogram_report

    report, picture = cephalogram_report(options)
    return answer(options, report, picture)


def add_picture_options(parser: argparse.ArgumentParser) -> None:
    """Window, PNG and JSON, as every command about a volume offers them."""
    parser.add_argument("--window", nargs=2, type=float, metavar=("CENTRE", "WIDTH"))
    parser.add_argument("-o", "--output", type=Path, help="a PNG, one pixel for each of the plane")
    parser.add_argument("--json", action="store_true")


def position(text: str) -> Position:
    """Three numbers with commas between them."""
    parts = tuple(float(part) for part in text.split(","))
    if len(parts) != 3:
        raise argparse.ArgumentTypeError("three numbers: x,y,z")
    return parts


def point(text: str) -> tuple[float, float]:
    """Two numbers with a comma between them."""
    x, _, y = text.partition(",")
    return float(x), float(y)


def _pano(options: argparse.Namespace) -> int:
    from viewer.volume.reports import panoramic_report

    report, picture = panoramic_report(options)
    return answer(options, report, picture)


def _mpr(options: argparse.Namespace) -> int:
    from viewer.volume.reports import plane_report

    report, picture = plane_report(options)
    return answer(options, report, picture)


def answer(options: argparse.Namespace, report: dict[str, Any], picture: bytes) -> int:
    """Write the picture and print the report; warnings go to the error output."""
    if options.output:
        options.output.write_bytes(picture)
    for line in report["notices"]:
        print(line, file=sys.stderr)
    if options.json:
        print(json.dumps(report, ensure_ascii=False))
        return 0
    for name, value in report.items():
        if name != "notices":
            print(f"{name.replace('_', ' ')}: {value}")
    return 0
