"""Marks as a softcopy presentation state (PS3.3 §A.33): grayscale for radiographs, colour for photographs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from fractions import Fraction

from pydicom.dataset import Dataset

from viewer.errors import N_
from viewer.io.documents import (
    Authorship,
    DocumentError,
    ImageReference,
    by_series,
    image_item,
    new_document,
    points_of,
    read_document,
    recall,
    recall_mark,
    remember,
    remember_mark,
)
from viewer.io.graphics import arrow_head, drawing, original_points, shapes
from viewer.model.mark_storage import from_json, to_json
from viewer.model.marks import Kind, Layer, Mark, MarkError, Point, Sheet, new_mark
from viewer.model.measures import figures
from viewer.model.spacing import PixelSize
from viewer.pixels import attributes as at
from viewer.pixels.display import GREY
from viewer.pixels.errors import DamagedFile
from viewer.pixels.reading import Source

GRAYSCALE = "1.2.840.10008.5.1.4.1.1.11.1"
COLOUR = "1.2.840.10008.5.1.4.1.1.11.2"
MAX_TEXT = 1024


@dataclass(frozen=True)
class Presented:
    """One image with its marks, the pixel size that its figures are shown with, and its window (centre, width)."""

    image: ImageReference
    sheet: Sheet
    size: PixelSize
    window: tuple[float, float] | None = None


def figure_text(mark: Mark, size: PixelSize) -> str:
    """What is written beside a mark: its text and its first figure with unit."""
    found = figures(mark, size)
    number = f"{found[0].value:.2f} {found[0].unit}".strip() if found else ""
    tooth = str(mark.tooth) if mark.tooth is not None else ""
    return " ".join(filter(None, (tooth, mark.text, number)))[:MAX_TEXT]


def presentation_state(
    shown: Sequence[Presented], by: Authorship, text: Callable[[Mark, PixelSize], str] = figure_text
) -> Dataset:
    """One presentation state for images of one study, all grey or all colour.

    Raises DocumentError when they are not. `text` says what is written beside a mark.
    """
    images = [each.image for each in shown]
    grey = {image.photometric in GREY for image in images}
    if len(grey) != 1 or len({image.study_instance_uid for image in images}) != 1:
        raise DocumentError(N_("A presentation state holds grey or colour images of one study."))
    is_grey = grey.pop()
    ds = new_document(images[0], GRAYSCALE if is_grey else COLOUR, "PR", by)
    _identification(ds, by)
    # Type 2C of the General Series module: unknown here, the images say it themselves.
    ds.Laterality = ""
    ds.ReferencedSeriesSequence = [_series(uid, group) for uid, group in by_series(images).items()]
    ds.DisplayedAreaSelectionSequence = [_displayed_area(each) for each in shown]
    layers = _layer_names(shown)
    ds.GraphicAnnotationSequence = [_annotation(m, each, layers, text) for each in shown for m in each.sheet.marks]
    if not ds.GraphicAnnotationSequence:
        del ds.GraphicAnnotationSequence
    ds.GraphicLayerSequence = [_graphic_layer(name, label, i) for i, (name, label) in enumerate(layers.items(), 1)]
    if windows := [_window(each) for each in shown if each.window and is_grey]:
        ds.SoftcopyVOILUTSequence = windows
    if is_grey:
        # The state, not the image, turns values into P-values; MONOCHROME1 needs the inverse (PS3.3 §C.11.6).
        inverse = all(image.photometric == "MONOCHROME1" for image in images)
        ds.PresentationLUTShape = "INVERSE" if inverse else "IDENTITY"
    else:
        ds.ICCProfile = _srgb()
    for each in shown:
        sheet = Sheet((), each.sheet.layers, each.sheet.calibration)
        remember(_area_of(ds, each.image), {"sheet": to_json(sheet)})
    return ds


def _identification(ds: Dataset, by: Authorship) -> None:
    made = by.at.astimezone(UTC)
    ds.ContentLabel, ds.ContentDescription, ds.ContentCreatorName = by.label, by.description, by.creator
    ds.PresentationCreationDate, ds.PresentationCreationTime = made.strftime("%Y%m%d"), made.strftime("%H%M%S")


def _series(uid: str, images: Sequence[ImageReference]) -> Dataset:
    item = Dataset()
    item.ReferencedImageSequence = [image_item(image) for image in images]
    item.SeriesInstanceUID = uid
    return item


def _displayed_area(each: Presented) -> Dataset:
    item = Dataset()
    item.ReferencedImageSequence = [image_item(each.image)]
    item.DisplayedAreaTopLeftHandCorner = [1, 1]
    item.DisplayedAreaBottomRightHandCorner = [each.image.columns, each.image.rows]
    item.PresentationSizeMode = "SCALE TO FIT"
    ratio = Fraction(each.size.row / each.size.column).limit_denominator(10000)
    item.PresentationPixelAspectRatio = [ratio.numerator, ratio.denominator]
    return item


def _area_of(ds: Dataset, image: ImageReference) -> Dataset:
    for item in at.items(ds, "DisplayedAreaSelectionSequence"):
        if at.text(at.items(item, "ReferencedImageSequence")[0], "ReferencedSOPInstanceUID") == image.sop_instance_uid:
            return item
    raise DocumentError


def _layer_names(shown: Sequence[Presented]) -> dict[str, str]:
    """Layer label: the code string that the standard wants for its name."""
    labels = dict.fromkeys(
        label
        for each in shown
        for label in [*(layer.name for layer in each.sheet.layers), *(mark.layer for mark in each.sheet.marks)]
    )
    return {label: f"LAYER{number}" for number, label in enumerate(labels, 1)}


def _graphic_layer(label: str, name: str, order: int) -> Dataset:
    item = Dataset()
    item.GraphicLayer, item.GraphicLayerOrder, item.GraphicLayerDescription = name, order, label[:64]
    return item


def _annotation(
    mark: Mark, each: Presented, layers: Mapping[str, str], text: Callable[[Mark, PixelSize], str]
) -> Dataset:
    item = Dataset()
    item.ReferencedImageSequence = [image_item(each.image, [mark.frame])]
    item.GraphicLayer = layers[mark.layer]
    drawn = [*shapes(mark), *([arrow_head(mark)] if mark.kind is Kind.ARROW else [])]
    if drawn:
        item.GraphicObjectSequence = [_graphic(kind, points) for kind, points in drawn]
    words = text(mark, each.size)
    if words or not drawn:
        item.TextObjectSequence = [_text_object(words or " ", mark.points[-1])]
    remember_mark(item, mark)
    return item


def _graphic(graphic_type: str, points: Sequence[Point]) -> Dataset:
    item = Dataset()
    item.GraphicAnnotationUnits, item.GraphicDimensions = "PIXEL", 2
    item.NumberOfGraphicPoints = len(points)
    item.GraphicData = [part for point in points for part in point]
    item.GraphicType = graphic_type
    if graphic_type in ("CIRCLE", "ELLIPSE") or (graphic_type == "POLYLINE" and points[0] == points[-1]):
        item.GraphicFilled = "N"
    return item


def _text_object(words: str, anchor: Point) -> Dataset:
    item = Dataset()
    item.AnchorPointAnnotationUnits, item.UnformattedTextValue = "PIXEL", words
    item.AnchorPoint, item.AnchorPointVisibility = list(anchor), "N"
    return item


def _window(each: Presented) -> Dataset:
    item = Dataset()
    item.ReferencedImageSequence = [image_item(each.image)]
    item.WindowCenter, item.WindowWidth = each.window or (0, 1)
    return item


def _srgb() -> bytes:
    from PIL import ImageCms

    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return data + b"\0" * (len(data) % 2)


def read_presentation_state(source: Source | Dataset) -> dict[str, Sheet]:
    """Sheets by SOP Instance UID of the image: ours as they were, those of other programs as drawings and texts.

    Raises a PixelError or DocumentError.
    """
    ds = read_document(source, frozenset({GRAYSCALE, COLOUR}))
    found = {uid: _remembered_sheet(area) for area in at.items(ds, "DisplayedAreaSelectionSequence")
             for uid in _referenced(area)}  # fmt: skip
    names = {at.text(i, "GraphicLayer"): at.text(i, "GraphicLayerDescription") or at.text(i, "GraphicLayer")
             for i in at.items(ds, "GraphicLayerSequence")}  # fmt: skip
    areas = {uid: area for area in at.items(ds, "DisplayedAreaSelectionSequence") for uid in _referenced(area)}
    for item in at.items(ds, "GraphicAnnotationSequence"):
        for uid in _referenced(item) or list(found):
            sheet = found.get(uid, Sheet())
            layer = names.get(at.text(item, "GraphicLayer"), at.text(item, "GraphicLayer"))
            marks = _marks(item, areas.get(uid), layer)
            known = {known.name for known in sheet.layers}
            layers = [Layer(m.layer) for m in marks if m.layer not in known][:1]
            found[uid] = Sheet((*sheet.marks, *marks), (*sheet.layers, *layers), sheet.calibration)
    return found


def _referenced(item: Dataset) -> list[str]:
    return [at.text(image, "ReferencedSOPInstanceUID") for image in at.items(item, "ReferencedImageSequence")]


def _remembered_sheet(area: Dataset) -> Sheet:
    try:
        return from_json(str(recall(area).get("sheet", "")))
    except MarkError:
        return Sheet(layers=())


def _marks(item: Dataset, area: Dataset | None, layer: str) -> list[Mark]:
    drawn = [(at.code(g, "GraphicType"), tuple(_pixels(g, points_of(g), area, "GraphicAnnotationUnits")))
             for g in at.items(item, "GraphicObjectSequence")]  # fmt: skip
    texts = [(_anchor(t, area), at.text(t, "UnformattedTextValue")) for t in at.items(item, "TextObjectSequence")]
    kind = str(recall(item).get("kind", ""))
    points = original_points(kind, drawn) if drawn else tuple(anchor for anchor, _ in texts[:1])
    if kind and (ours := recall_mark(item, points)):
        return [ours]
    frames = at.numbers(next(iter(at.items(item, "ReferencedImageSequence")), Dataset()), "ReferencedFrameNumber")
    frame = max(0, int(frames[0]) - 1) if frames else 0
    try:
        foreign = [
            new_mark(shape[0], shape[1], frame=frame, layer=layer)
            for shape in (drawing(kind, points) for kind, points in drawn)
            if shape
        ]
        return foreign + [new_mark(Kind.TEXT, [a], frame=frame, layer=layer, text=words) for a, words in texts]
    except MarkError:
        raise DamagedFile from None


def _anchor(item: Dataset, area: Dataset | None) -> Point:
    for keyword, units in (
        ("AnchorPoint", "AnchorPointAnnotationUnits"),
        ("BoundingBoxTopLeftHandCorner", "BoundingBoxAnnotationUnits"),
    ):
        numbers = at.numbers(item, keyword)
        if len(numbers) >= 2:
            return next(iter(_pixels(item, [(numbers[0], numbers[1])], area, units)))
    raise DamagedFile


def _pixels(item: Dataset, points: Sequence[Point], area: Dataset | None, units: str) -> list[Point]:
    """Points in pixels: units DISPLAY are fractions of the displayed area (PS3.3 §C.10.5.1.1)."""
    if at.code(item, units) != "DISPLAY":
        return list(points)
    first = at.numbers(area or Dataset(), "DisplayedAreaTopLeftHandCorner")
    last = at.numbers(area or Dataset(), "DisplayedAreaBottomRightHandCorner")
    if len(first) != 2 or len(last) != 2:
        raise DamagedFile
    left, top = math.floor(first[0]) - 1, math.floor(first[1]) - 1
    return [(left + x * (last[0] - left), top + y * (last[1] - top)) for x, y in points]
