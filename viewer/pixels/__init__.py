"""From DICOM bytes to displayable arrays. No Qt, no VTK.

    with open_image(path) as image:
        frame = image.frame(0)
        grey = image.to_display(frame, image.default_voi())

The names load their modules, and with them numpy and pydicom, when they are first used: importing this package costs
nothing at start-up.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from viewer.pixels.display import Frame, grey_table, to_display
    from viewer.pixels.errors import (
        DamagedFile,
        DamagedPixels,
        NoPixels,
        NotDicom,
        PixelError,
        TooLarge,
        UnsupportedPixels,
        UnsupportedTransferSyntax,
    )
    from viewer.pixels.header import Header, read_header
    from viewer.pixels.picture import Picture, prepare
    from viewer.pixels.reductions import halved, pyramid
    from viewer.pixels.renditions import Shown, rendition, shown_frame
    from viewer.pixels.source import PixelSource, open_image
    from viewer.pixels.voi import Voi, VoiKind

_HOMES = {
    "Frame": "display",
    "grey_table": "display",
    "to_display": "display",
    "DamagedFile": "errors",
    "DamagedPixels": "errors",
    "NoPixels": "errors",
    "NotDicom": "errors",
    "PixelError": "errors",
    "TooLarge": "errors",
    "UnsupportedPixels": "errors",
    "UnsupportedTransferSyntax": "errors",
    "Header": "header",
    "read_header": "header",
    "Picture": "picture",
    "prepare": "picture",
    "halved": "reductions",
    "pyramid": "reductions",
    "Shown": "renditions",
    "rendition": "renditions",
    "shown_frame": "renditions",
    "PixelSource": "source",
    "open_image": "source",
    "Voi": "voi",
    "VoiKind": "voi",
}

__all__ = [
    "DamagedFile",
    "DamagedPixels",
    "Frame",
    "Header",
    "NoPixels",
    "NotDicom",
    "Picture",
    "PixelError",
    "PixelSource",
    "Shown",
    "TooLarge",
    "UnsupportedPixels",
    "UnsupportedTransferSyntax",
    "Voi",
    "VoiKind",
    "grey_table",
    "halved",
    "open_image",
    "prepare",
    "pyramid",
    "read_header",
    "rendition",
    "shown_frame",
    "to_display",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(importlib.import_module(f"viewer.pixels.{_HOMES[name]}"), name)
