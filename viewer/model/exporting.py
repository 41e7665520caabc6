"""What leaves the viewer: the kinds of export, and the port through which each is told before it leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from viewer.model.catalogue import ImageItem


class ExportKind(StrEnum):
    """The ways in which an image leaves."""

    PRINT = "print"
    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    TIFF = "tiff"
    DICOM = "dicom"
    DEIDENTIFIED = "deidentified"
    CLIPBOARD = "clipboard"
    DRAG = "drag"
    PRESENTATION = "presentation"
    MARKS = "marks"
    MEASUREMENTS = "measurements"
    KEY_IMAGES = "key_images"
    LANDMARKS = "landmarks"
    CEPHALOMETRY = "cephalometry"
    """The report of an analysis as PDF."""


Detail = Mapping[str, str | int | bool]
"""Facts for the record: `marks`, `banner`, `true_size`, `masks`, `masked`, `pages`, `landmarks`.

Never a path, never a name."""

Exported = Callable[[ExportKind, ImageItem, Detail], None]
"""Called on the screen's thread for each image, before anything leaves. When it raises a ViewerError, its sentence is
shown and nothing leaves: what cannot be recorded is not handed out."""


def not_recorded(kind: ExportKind, image: ImageItem, detail: Detail) -> None:
    """The port of a viewer that stands alone: there is no record to keep."""
