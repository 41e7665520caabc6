"""The command line of the viewer. Exit 0: done; 2: wrong usage; 3: a sentence on the error output says why not."""

from __future__ import annotations

import argparse
import importlib
import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from viewer.errors import N_, ViewerError

REFUSED = 3
POSITION = re.compile(r"-[\d.]+(e[-+]?\d+)?(,-?[\d.]+(e[-+]?\d+)?)+", re.IGNORECASE)


class Refusal(ViewerError):
    """Something that the command line itself refuses."""

    message_id = N_("This file cannot be read.")


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; a bad file never ends in a traceback."""
    options = parser().parse_args([_as_value(argument) for argument in arguments])
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except ViewerError as refusal:
        print(refusal, file=sys.stderr)
    except MemoryError:
        print("There is not enough memory for this file.", file=sys.stderr)
    except OSError as error:
        print(error.strerror or "This file cannot be read or written.", file=sys.stderr)
    except Exception as error:
        # Hostile bytes may still find a hole; the type is enough to report it, the text could hold patient data.
        print(f"This file cannot be read ({type(error).__name__}).", file=sys.stderr)
    return REFUSED


def _as_value(argument: str) -> str:
    """A position that begins with a minus sign (`-12.5,3,0`), so that argparse takes it for no option.

    What begins with a space is a value to argparse, and the space is none to float.
    """
    return f" {argument}" if POSITION.fullmatch(argument) else argument


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(prog="viewer", description="A stand-alone DICOM viewer library.")
    commands = top.add_subparsers(required=True, metavar="command")
    _add_render(commands.add_parser("render", help="draw one frame as PNG"))
    _add_measure(commands.add_parser("measure", help="measure a length, or an angle with three points"))
    _add_deidentify(commands.add_parser("deidentify", help="write copies without identity"))
    _add_ceph(commands.add_parser("ceph", help="cephalometric analysis of a file of landmarks"))
    _volumes().add_commands(commands)
    _add_open(commands.add_parser("open", help="show files and folders in a window"))
    info = commands.add_parser("info", help="say what a file is")
    info.add_argument("file", type=Path)
    info.add_argument("--json", action="store_true")
    info.set_defaults(run=_info)
    return top


def _volumes() -> Any:
    """The commands about volumes, by name: they load VTK, which the rest of the command line must not need."""
    return importlib.import_module("viewer.volume.command_line")


def _add_render(render: argparse.ArgumentParser) -> None:
    render.add_argument("file", type=Path)
    render.add_argument("-o", "--output", type=Path, required=True)
    render.add_argument("--window", nargs=2, type=float, metavar=("CENTRE", "WIDTH"))
    render.add_argument("--size", type=_size, metavar="WxH", help="fitted and centred; native size draws every pixel")
    render.add_argument("--frame", type=int, default=1, help="counted from 1")
    render.add_argument("--invert", action="store_true")
    render.add_argument("--no-overlays", action="store_true")
    render.set_defaults(run=_render)


def _add_measure(measure: argparse.ArgumentParser) -> None:
    measure.add_argument("file", type=Path)
    measure.add_argument("points", nargs="+", type=_point, metavar="x,y", help="pixels; (0,0) is the outer corner")
    measure.add_argument("--json", action="store_true")
    measure.set_defaults(run=_measure)


def _add_deidentify(deidentify: argparse.ArgumentParser) -> None:
    deidentify.add_argument("input", type=Path, help="a file, or a folder that is searched")
    deidentify.add_argument("output", type=Path, help="a file, or a folder for a folder")
    deidentify.add_argument("--mask", action="append", default=[], type=_rectangle, metavar="x,y,w,h")
    deidentify.add_argument("--inspected", action="store_true", help="a person looked: no text is burned in")
    deidentify.add_argument("--subject", default="", help="code that replaces name and id")
    deidentify.add_argument("--retain", action="append", default=[], metavar="OPTION", help="an option of PS3.15 §E.3")
    deidentify.add_argument("--key", help="secret (hexadecimal) of the new UIDs; by default one kept for this user")
    deidentify.add_argument("--once", action="store_true", help="UIDs that agree with those of no other call")
    deidentify.set_defaults(run=_deidentify)


def _add_ceph(ceph: argparse.ArgumentParser) -> None:
    ceph.add_argument("--points", type=Path, help="CSV with the columns image, point, x, y")
    ceph.add_argument("--analysis", help="an analysis, several with commas, or all")
    ceph.add_argument("--spacing", type=float, metavar="MM", help="calibrated size of a pixel")
    ceph.add_argument("--age", type=float, help="years at the exposure")
    ceph.add_argument("--sex", choices=["F", "M"], default="")
    ceph.add_argument("--json", action="store_true")
    _volumes().add_cephalogram_options(ceph)
    ceph.set_defaults(run=_ceph, usage=ceph.error)


def _add_open(opened: argparse.ArgumentParser) -> None:
    opened.add_argument("files", type=Path, nargs="+", help="DICOM files, or folders that are searched")
    opened.add_argument("--language", choices=["fr", "en"], default=None)
    opened.set_defaults(run=_open)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    size = int(width), int(height)
    if not all(0 < side <= 16384 for side in size):
        raise argparse.ArgumentTypeError("sides from 1 to 16384")
    return size


def _point(text: str) -> tuple[float, float]:
    x, _, y = text.partition(",")
    return float(x), float(y)


def _rectangle(text: str) -> tuple[int, int, int, int]:
    x, y, width, height = (int(part) for part in text.split(","))
    return x, y, width, height


def _render(options: argparse.Namespace) -> int:
    from viewer.io.pictures import render_png

    data = render_png(
        options.file,
        frame=options.frame - 1,
        window=tuple(options.window) if options.window else None,
        size=options.size,
        invert=options.invert,
        overlays=not options.no_overlays,
    )
    options.output.write_bytes(data)
    return 0


def _open(options: argparse.Namespace) -> int:
    import locale

    missing = next((path for path in options.files if not path.exists()), None)
    if missing is not None:
        raise Refusal
    language = options.language or ("fr" if (locale.getlocale()[0] or "").lower().startswith("fr") else "en")
    # The rest of the command line runs where no Qt is installed.
    return int(importlib.import_module("viewer.widgets.standalone").open_files(options.files, language))


def _measure(options: argparse.Namespace) -> int:
    from viewer.io.reports import measure_report

    report = measure_report(options.file, options.points)
    if options.json:
        print(json.dumps(report, ensure_ascii=False))
        return 0
    for figure in report["figures"]:
        print(f"{figure['quantity']}: {figure['value']:.2f} {figure['unit']} ({figure['origin']})")
    return 0


def _info(options: argparse.Namespace) -> int:
    from viewer.io.reports import info_report

    report = info_report(options.file)
    if options.json:
        print(json.dumps(report, ensure_ascii=False))
        return 0
    for name, value in report.items():
        print(f"{name.replace('_', ' ')}: {value}")
    return 0


def _ceph(options: argparse.Namespace) -> int:
    if options.volume:
        return int(_volumes().cephalogram_command(options))
    if not (options.points and options.analysis):
        options.usage("--points and --analysis are needed, or --volume")
    from viewer.io.reports import ceph_report

    analyses = [name.strip() for name in options.analysis.split(",")]
    report = ceph_report(options.points, analyses, options.spacing, options.age, options.sex)
    if options.json:
        print(json.dumps(report, ensure_ascii=False))
        return 0
    for image in report["images"]:
        print(image["image"])
        for line in image["measures"]:
            value = "–" if line["value"] is None else f"{line['value']:.1f} {line['unit']}"
            deviation = "" if line["deviation_sd"] is None else f"  {line['deviation_sd']:+.1f} SD"
            print(f"  {line['label']}: {value}{deviation}{'  ' + line['problem'] if line['problem'] else ''}")
    return 0


def _deidentify(options: argparse.Namespace) -> int:
    from viewer.io.exports import deidentify_all, key_file, plan_of
    from viewer.io.pseudonyms import kept_key

    plan = plan_of(options.mask, options.retain, options.subject, options.inspected)
    key = options.key if options.key or options.once else kept_key(key_file()).hex()
    outcome = deidentify_all(options.input, options.output, plan, key)
    for line in outcome.sentences:
        print(line, file=sys.stderr)
    print(f"{outcome.written} written, {outcome.refused} refused, {outcome.ignored} not DICOM")
    return REFUSED if outcome.refused or not outcome.written else 0
