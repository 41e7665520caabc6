"""What marks and their figures are called, and how a figure is written: value, unit, and where the size came from."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from viewer.errors import N_
from viewer.model.marks import Kind, Mark
from viewer.model.measures import SQUARED, Figure, Quantity, figures
from viewer.model.regions import Statistics
from viewer.model.spacing import Origin, PixelSize, Unit
from viewer.widgets.texts import TileTexts

KIND_NAMES = {
    Kind.LENGTH: N_("Distance"),
    Kind.POLYLINE: N_("Polyline"),
    Kind.ANGLE: N_("Angle"),
    Kind.COBB: N_("Cobb angle"),
    Kind.RATIO: N_("Ratio"),
    Kind.AREA: N_("Area"),
    Kind.RECTANGLE: N_("Rectangle"),
    Kind.ELLIPSE: N_("Ellipse"),
    Kind.PROFILE: N_("Profile"),
    Kind.ARROW: N_("Arrow"),
    Kind.TEXT: N_("Note"),
    Kind.FREEHAND: N_("Freehand"),
    Kind.TOOTH: N_("Tooth"),
    Kind.RULER: N_("Ruler"),
}
UNIT_NAMES = {
    Unit.MM.value: N_("mm"),
    Unit.MM_ESTIMATED.value: N_("mm (estimated)"),
    Unit.MM_DETECTOR.value: N_("mm @detector"),
    Unit.PX.value: N_("px"),
    SQUARED[Unit.MM]: N_("mm²"),
    SQUARED[Unit.MM_ESTIMATED]: N_("mm² (estimated)"),
    SQUARED[Unit.MM_DETECTOR]: N_("mm² @detector"),
    SQUARED[Unit.PX]: N_("px²"),
}
ORIGIN_NAMES = {
    Origin.TOMOGRAPHIC: N_("Section image: size in the patient"),
    Origin.FIDUCIAL: N_("Calibrated by an object in the image"),
    Origin.GEOMETRY: N_("Calculated from the geometry of the unit"),
    Origin.UNTYPED_CALIBRATION: N_("Calibrated, the file does not say how"),
    Origin.MAGNIFICATION: N_("Detector size divided by the stated magnification"),
    Origin.DETECTOR: N_("Size at the detector: larger than in the patient"),
    Origin.FILM: N_("Size on the scanned film"),
    Origin.RULER: N_("Ruler drawn on this image"),
    Origin.CONFLICT: N_("The file contradicts itself: pixels only"),
    Origin.NONE: N_("No size is known: pixels only"),
}
QUANTITY_NAMES = {
    Quantity.LENGTH: N_("Length"),
    Quantity.PERIMETER: N_("Perimeter"),
    Quantity.ANGLE: N_("Angle"),
    Quantity.RATIO: N_("Ratio"),
    Quantity.AREA: N_("Area"),
}
VARIES = N_("{figure} · varies along the arch")
STATISTICS = N_("{count} px · mean {mean} ± {sd} · {least} to {greatest}")
KNOWN = N_("{length} mm known")


def number(locale: QLocale, value: float, decimals: int = 1) -> str:
    """A figure as the user writes it, with a true minus sign."""
    shown = round(value, decimals) or 0.0
    return locale.toString(float(shown), "f", decimals).replace("-", "−")


def figure_words(figure: Figure, texts: TileTexts, locale: QLocale) -> str:
    """A figure with its unit; the unit says how far a length may be trusted."""
    if figure.quantity is Quantity.ANGLE:
        return f"{number(locale, figure.value)}°"
    if figure.quantity is Quantity.RATIO:
        return number(locale, figure.value, 2)
    unit = texts.say(UNIT_NAMES[figure.unit])
    written = f"{number(locale, figure.value)}\u00a0{unit}"
    return texts.say(VARIES, figure=written) if figure.varies else written


def mark_name(mark: Mark, texts: TileTexts) -> str:
    """What a mark is called: its own words, its tooth, else its kind."""
    kind = texts.say(KIND_NAMES[mark.kind])
    if mark.tooth is not None:
        return " ".join(filter(None, (kind, str(mark.tooth), mark.text)))
    return mark.text or kind


def value_words(mark: Mark, size: PixelSize, texts: TileTexts, locale: QLocale) -> str:
    """The first figure of a mark; '' for a mark that measures nothing."""
    if mark.known_um is not None:
        return texts.say(KNOWN, length=number(locale, mark.known_um / 1000, 2))
    found = figures(mark, size)
    return figure_words(found[0], texts, locale) if found else ""


def label_words(mark: Mark, size: PixelSize, texts: TileTexts, locale: QLocale) -> str:
    """What is written beside a mark on the image."""
    own = " ".join(filter(None, (str(mark.tooth) if mark.tooth is not None else "", mark.text)))
    value = value_words(mark, size, texts, locale)
    return f"{own}: {value}" if own and value else own or value


def source_words(mark: Mark, size: PixelSize, texts: TileTexts) -> str:
    """Where the pixel size behind the figure came from; angles and ratios need none."""
    found = figures(mark, size)
    if not found or found[0].quantity in (Quantity.ANGLE, Quantity.RATIO):
        return ""
    return texts.say(ORIGIN_NAMES[found[0].origin])


def statistics_words(found: Statistics, texts: TileTexts, locale: QLocale) -> str:
    """Statistics of a region in one line."""
    parts = {name: number(locale, getattr(found, name)) for name in ("mean", "sd", "least", "greatest")}
    return texts.say(STATISTICS, count=locale.toString(found.count), **parts)
