"""Qt widgets that show images, and what screens need to feed them.

Screens import from here only; the names load their modules when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from viewer.errors import ViewerError
    from viewer.io.documents import Authorship
    from viewer.io.key_objects import Purpose
    from viewer.io.pseudonyms import Pseudonyms
    from viewer.model.catalogue import Catalogue, ImageItem, SeriesItem, StudyItem, Whose
    from viewer.model.cephalometry.analysis import Analysis
    from viewer.model.cephalometry.kept import Placed, tracing_from_json, tracing_to_json
    from viewer.model.cephalometry.storage import analysis_from_json, analysis_to_json
    from viewer.model.cephalometry.store import AnalysisStore
    from viewer.model.exporting import Exported, ExportKind
    from viewer.model.mark_storage import from_json, to_json
    from viewer.model.marks import History, Mark, Sheet
    from viewer.model.sources import ImageSource
    from viewer.model.spacing import PixelSize, Unit
    from viewer.model.view import View
    from viewer.model.views import ViewKind, is_mirror_image, view_of
    from viewer.pixels.errors import PixelError
    from viewer.pixels.header import Header
    from viewer.pixels.loader import Loader
    from viewer.pixels.picture import Picture, prepare
    from viewer.pixels.source import PixelSource, open_image
    from viewer.pixels.voi import Voi, VoiKind
    from viewer.widgets.actions import ActionRow
    from viewer.widgets.cephalometry.board import Cephalometry
    from viewer.widgets.cephalometry.offered import SidePanels, install_cephalometry
    from viewer.widgets.cephalometry.panel import CephPanel
    from viewer.widgets.comparing import Comparison, add_comparing
    from viewer.widgets.exporting import Exporter, add_exporting
    from viewer.widgets.gestures import Gesture
    from viewer.widgets.look import Look
    from viewer.widgets.marking.board import Marking
    from viewer.widgets.marking.offered import install_marking
    from viewer.widgets.marking.panel import MarksPanel
    from viewer.widgets.pane import Pane
    from viewer.widgets.texts import TileTexts
    from viewer.widgets.tile import Tile, TileState
    from viewer.widgets.tools import IdleTool, Layer, Pointer, Tool, ToolRow
    from viewer.widgets.workspace import Workspace

_HOMES = {
    "Analysis": "viewer.model.cephalometry.analysis",
    "analysis_to_json": "viewer.model.cephalometry.storage",
    "analysis_from_json": "viewer.model.cephalometry.storage",
    "to_json": "viewer.model.mark_storage",
    "from_json": "viewer.model.mark_storage",
    "tracing_to_json": "viewer.model.cephalometry.kept",
    "tracing_from_json": "viewer.model.cephalometry.kept",
    "Placed": "viewer.model.cephalometry.kept",
    "AnalysisStore": "viewer.model.cephalometry.store",
    "CephPanel": "viewer.widgets.cephalometry.panel",
    "SidePanels": "viewer.widgets.cephalometry.offered",
    "install_cephalometry": "viewer.widgets.cephalometry.offered",
    "Cephalometry": "viewer.widgets.cephalometry.board",
    "MarksPanel": "viewer.widgets.marking.panel",
    "install_marking": "viewer.widgets.marking.offered",
    "Marking": "viewer.widgets.marking.board",
    "ViewerError": "viewer.errors",
    "Authorship": "viewer.io.documents",
    "Purpose": "viewer.io.key_objects",
    "Pseudonyms": "viewer.io.pseudonyms",
    "Catalogue": "viewer.model.catalogue",
    "ImageItem": "viewer.model.catalogue",
    "SeriesItem": "viewer.model.catalogue",
    "StudyItem": "viewer.model.catalogue",
    "Whose": "viewer.model.catalogue",
    "History": "viewer.model.marks",
    "Mark": "viewer.model.marks",
    "Sheet": "viewer.model.marks",
    "ImageSource": "viewer.model.sources",
    "PixelSize": "viewer.model.spacing",
    "Unit": "viewer.model.spacing",
    "View": "viewer.model.view",
    "ViewKind": "viewer.model.views",
    "is_mirror_image": "viewer.model.views",
    "view_of": "viewer.model.views",
    "PixelError": "viewer.pixels.errors",
    "Header": "viewer.pixels.header",
    "Loader": "viewer.pixels.loader",
    "Picture": "viewer.pixels.picture",
    "prepare": "viewer.pixels.picture",
    "PixelSource": "viewer.pixels.source",
    "open_image": "viewer.pixels.source",
    "Voi": "viewer.pixels.voi",
    "VoiKind": "viewer.pixels.voi",
    "ActionRow": "viewer.widgets.actions",
    "Comparison": "viewer.widgets.comparing",
    "add_comparing": "viewer.widgets.comparing",
    "Exported": "viewer.model.exporting",
    "ExportKind": "viewer.model.exporting",
    "Exporter": "viewer.widgets.exporting",
    "add_exporting": "viewer.widgets.exporting",
    "Gesture": "viewer.widgets.gestures",
    "Look": "viewer.widgets.look",
    "Pane": "viewer.widgets.pane",
    "TileTexts": "viewer.widgets.texts",
    "Tile": "viewer.widgets.tile",
    "TileState": "viewer.widgets.tile",
    "IdleTool": "viewer.widgets.tools",
    "Layer": "viewer.widgets.tools",
    "Pointer": "viewer.widgets.tools",
    "Tool": "viewer.widgets.tools",
    "ToolRow": "viewer.widgets.tools",
    "Workspace": "viewer.widgets.workspace",
}

__all__ = [
    "ActionRow",
    "Analysis",
    "AnalysisStore",
    "Authorship",
    "Catalogue",
    "CephPanel",
    "Cephalometry",
    "Comparison",
    "ExportKind",
    "Exported",
    "Exporter",
    "Gesture",
    "Header",
    "History",
    "IdleTool",
    "ImageItem",
    "ImageSource",
    "Layer",
    "Loader",
    "Look",
    "Mark",
    "Marking",
    "MarksPanel",
    "Pane",
    "Picture",
    "PixelError",
    "PixelSize",
    "PixelSource",
    "Placed",
    "Pointer",
    "Pseudonyms",
    "Purpose",
    "SeriesItem",
    "Sheet",
    "SidePanels",
    "StudyItem",
    "Tile",
    "TileState",
    "TileTexts",
    "Tool",
    "ToolRow",
    "Unit",
    "View",
    "ViewKind",
    "ViewerError",
    "Voi",
    "VoiKind",
    "Whose",
    "Workspace",
    "add_comparing",
    "add_exporting",
    "analysis_from_json",
    "analysis_to_json",
    "from_json",
    "install_cephalometry",
    "install_marking",
    "is_mirror_image",
    "open_image",
    "prepare",
    "to_json",
    "tracing_from_json",
    "tracing_to_json",
    "view_of",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(importlib.import_module(_HOMES[name]), name)
