"""Qt widgets that show images, and what screens need to feed them.

Screens import from here only; the names load their modules when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from viewer.model.spacing import PixelSize, Unit
    from viewer.model.view import View
    from viewer.pixels.errors import PixelError
    from viewer.pixels.header import Header
    from viewer.pixels.picture import Picture, prepare
    from viewer.pixels.source import PixelSource, open_image
    from viewer.pixels.voi import Voi, VoiKind
    from viewer.widgets.gestures import Gesture
    from viewer.widgets.texts import TileTexts
    from viewer.widgets.tile import Tile, TileState
    from viewer.widgets.tools import Tool

_HOMES = {
    "PixelSize": "viewer.model.spacing",
    "Unit": "viewer.model.spacing",
    "View": "viewer.model.view",
    "PixelError": "viewer.pixels.errors",
    "Header": "viewer.pixels.header",
    "Picture": "viewer.pixels.picture",
    "prepare": "viewer.pixels.picture",
    "PixelSource": "viewer.pixels.source",
    "open_image": "viewer.pixels.source",
    "Voi": "viewer.pixels.voi",
    "VoiKind": "viewer.pixels.voi",
    "Gesture": "viewer.widgets.gestures",
    "Tool": "viewer.widgets.tools",
    "TileTexts": "viewer.widgets.texts",
    "Tile": "viewer.widgets.tile",
    "TileState": "viewer.widgets.tile",
}

__all__ = [
    "Gesture",
    "Header",
    "Picture",
    "PixelError",
    "PixelSize",
    "PixelSource",
    "Tile",
    "TileState",
    "TileTexts",
    "Tool",
    "Unit",
    "View",
    "Voi",
    "VoiKind",
    "open_image",
    "prepare",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(importlib.import_module(_HOMES[name]), name)
