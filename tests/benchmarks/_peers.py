"""Decode one DICOM file with ours and with other decoders, in an environment that has them all.

Run by `viewer.py` with the interpreter of the peers' environment: `python _peers.py FILE REPEATS`; prints JSON, one
entry a decoder: name, version, wall and processor milliseconds of each repeat, or why it cannot. The decoders take
turns, so that other work on the machine meets them all alike.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

JPEG_LS = ("1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81")
JPEG = tuple(f"1.2.840.10008.1.2.4.{suffix}" for suffix in ("50", "51", "57", "70"))
LOSSLESS_JPEG = JPEG[2:]
"""What `ljpeg_decode` is for; to other JPEG streams it answers at once, with nothing."""
J2K = ("1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91")
HTJ2K = tuple(f"1.2.840.10008.1.2.4.{suffix}" for suffix in ("201", "202", "203"))
Decoder = tuple[str, str, Callable[[], Any]]


def decoders(path: Path) -> Iterator[Decoder]:
    """Name, version and a call that decodes the first frame, for each that knows the transfer syntax."""
    from viewer.pixels.codecs import NATIVE, decode
    from viewer.pixels.source import open_image

    with open_image(path) as opened:
        syntax, form = opened.header.transfer_syntax, opened.form
        encoded = b"" if syntax in NATIVE else opened._encoded_frame(0)
    if syntax in NATIVE:
        yield "ours", "", lambda: open_image(path).frame(0)
    else:
        yield "ours", "", lambda: decode(encoded, syntax, form)
        yield from _imagecodecs(encoded, syntax)
    if syntax in J2K + HTJ2K:
        import openjpeg

        yield "pylibjpeg-openjpeg", version("pylibjpeg-openjpeg"), lambda: openjpeg.decode(io.BytesIO(encoded))
    if syntax in JPEG_LS:
        import jpeg_ls

        yield "pyjpegls", version("pyjpegls"), lambda: jpeg_ls.decode_pixel_data(encoded)
    if syntax not in HTJ2K:
        yield "python-gdcm", version("python-gdcm"), lambda: _gdcm(path)
    yield from _dcmtk(path, syntax)


def _imagecodecs(encoded: bytes, syntax: str) -> Iterator[Decoder]:
    import imagecodecs

    named = [
        (JPEG, ("jpeg8_decode",)), (LOSSLESS_JPEG, ("ljpeg_decode",)), (JPEG_LS, ("jpegls_decode",)),
        (J2K, ("jpeg2k_decode",)), (HTJ2K, ("jpeg2k_decode", "htj2k_decode")),
    ]  # fmt: skip
    for syntaxes, functions in named:
        for function in functions if syntax in syntaxes else ():
            call = getattr(imagecodecs, function)
            yield f"imagecodecs {function}", imagecodecs.__version__, lambda call=call: call(encoded)


def _gdcm(path: Path) -> object:
    import gdcm

    reader = gdcm.ImageReader()
    reader.SetFileName(str(path))
    if not reader.Read():
        raise ValueError("gdcm cannot read it")
    return reader.GetImage().GetBuffer()


def _dcmtk(path: Path, syntax: str) -> Iterator[Decoder]:
    """The programs of DCMTK: their time holds the start of a process and the writing of the plain file."""
    name = "dcmdjpls" if syntax in JPEG_LS else "dcmdjpeg" if syntax in JPEG else ""
    program = shutil.which(name) if name else None
    if program is None:
        return
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    target = Path(tempfile.gettempdir()) / f"archwire-bench-{name}.dcm"
    told = said.split(" v", 1)[1].split()[0] if " v" in said else ""
    yield f"DCMTK {name} (a process)", told, lambda: _run([program, str(path), str(target)])


def _run(command: list[str]) -> None:
    subprocess.run(command, capture_output=True, check=True)


def main(arguments: list[str]) -> None:
    """Measure and print."""
    found: dict[str, dict[str, Any]] = {}
    offered = list(_offered(Path(arguments[0]), found))
    for _repeat in range(int(arguments[1])):
        for name, number, call in offered:
            entry = found.setdefault(name, {"version": number, "wall": [], "cpu": []})
            if "problem" in entry:
                continue
            begun, own = time.perf_counter(), time.process_time()
            try:
                call()
            except Exception as problem:
                entry["problem"] = f"{type(problem).__name__}: {problem}"[:200]
                continue
            entry["wall"].append((time.perf_counter() - begun) * 1000)
            entry["cpu"].append((time.process_time() - own) * 1000)
    print(json.dumps(found))


def _offered(path: Path, found: dict[str, dict[str, Any]]) -> Iterator[Decoder]:
    """The decoders that can be had; a package that is missing is told and ends the list of those behind it."""
    try:
        yield from decoders(path)
    except (ImportError, PackageNotFoundError) as problem:
        found["peers"] = {"version": "", "wall": [], "cpu": [], "problem": str(problem)}


if __name__ == "__main__":
    main(sys.argv[1:])
