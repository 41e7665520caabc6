"""Barcodes as marks: a QR symbol (ISO/IEC 18004) and a Code 128 symbol that name a patient."""

from __future__ import annotations

from typing import Final

import segno

from ui.printing.code128 import bars, modules_across
from ui.printing.marks import Modules

QR_QUIET: Final = 4
"""Modules of white around (ISO/IEC 18004, 6.3.8)."""
NARROWEST: Final = 0.75
"""Points a module: 0.26 mm, what a hand scanner reads from an office printer."""


def qr_mark(text: str, x: float, y: float, size: float) -> Modules:
    """A QR symbol with error correction M in a square of `size` points, its quiet zone included."""
    matrix = segno.make_qr(text, error="m", boost_error=False).matrix
    module = size / (len(matrix) + 2 * QR_QUIET)
    found = []
    for row, line in enumerate(matrix):
        start = None
        for column, dark in enumerate([*line, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                left, top = (start + QR_QUIET) * module, (row + QR_QUIET) * module
                found.append((left, top, (column - start) * module, module))
                start = None
    return Modules(x, y, size, size, tuple(found), text)


def code128_mark(text: str, x: float, y: float, room: float, height: float, widest: float = 1.2) -> Modules:
    """A Code 128 symbol, as wide as its room allows. `ValueError` when it would be too fine to be read."""
    across = modules_across(text)
    module = min(room / across, widest)
    if module < NARROWEST:
        raise ValueError("the room is too narrow for this Code 128 symbol")
    found = tuple((left * module, 0.0, width * module, height) for left, width in bars(text))
    return Modules(x, y, across * module, height, found, text)
