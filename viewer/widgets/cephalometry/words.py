"""How measures, norms and deviations are written."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from viewer.errors import N_
from viewer.model.cephalometry import Dimension, Norm, Reading
from viewer.model.spacing import Unit
from viewer.widgets.marking.words import UNIT_NAMES, number
from viewer.widgets.texts import TileTexts

NONE = "–"
WITHIN, BEYOND, FAR = N_("within one SD"), N_("between one and two SD"), N_("beyond two SD")
IN_RANGE, OUT_OF_RANGE = N_("within the range"), N_("outside the range")
NOT_CALIBRATED = N_("not compared: no calibrated millimetres")
SD, FROM_NORM = N_("{value} SD"), N_("{value} from the norm")
DECIMALS = {Dimension.RATIO: 2}
CALIBRATE = N_("Lengths are in {unit}: draw a ruler to compare them with norms. Angles need none.")


def value_words(reading: Reading, texts: TileTexts, locale: QLocale) -> str:
    """The value with its unit; a dash where it cannot be computed."""
    if reading.value is None:
        return NONE
    written = number(locale, reading.value, DECIMALS.get(reading.measure.dimension, 1))
    return written + unit_words(reading.measure.dimension, reading.unit, texts)


def unit_words(dimension: Dimension, unit: str, texts: TileTexts) -> str:
    """The unit as it follows a number: ° and nothing stick to it."""
    if dimension is Dimension.ANGLE:
        return "°"
    if dimension is Dimension.LENGTH:
        return f"\u00a0{texts.say(UNIT_NAMES[unit])}"
    # The sign as the language in force sets it behind a number: “62%”, « 62 % ».
    return texts.zoom.format(percent="") if dimension is Dimension.PERCENT else ""


def norm_words(norm: Norm | None, expected: float | None, locale: QLocale) -> str:
    """Mean ± SD, or the published range; '' without a row that has a source."""
    if norm is None or not norm.shown:
        return ""
    if expected is not None and norm.sd:
        return f"{short(locale, expected)} ± {short(locale, norm.sd)}"
    if norm.low is not None and norm.high is not None:
        return f"{short(locale, norm.low)} … {short(locale, norm.high)}"
    return short(locale, expected) if expected is not None else ""


def short(locale: QLocale, value: float) -> str:
    """A figure of a norm without needless zeros."""
    return number(locale, value, 0 if round(value, 1) == round(value) else 1)


def deviation_words(reading: Reading, texts: TileTexts, locale: QLocale) -> str:
    """How far from the norm, in figures and in words: what the shape and colour say to the eye."""
    if reading.uncalibrated and reading.norm is not None:
        return texts.say(NOT_CALIBRATED)
    if reading.deviation_sd is not None:
        away = abs(reading.deviation_sd)
        verdict = texts.say(WITHIN if away <= 1 else BEYOND if away <= 2 else FAR)
        return f"{texts.say(SD, value=signed(locale, reading.deviation_sd))}, {verdict}"
    if reading.within is not None:
        return texts.say(IN_RANGE if reading.within else OUT_OF_RANGE)
    if reading.difference is not None:
        decimals = DECIMALS.get(reading.measure.dimension, 1)
        return texts.say(FROM_NORM, value=signed(locale, reading.difference, decimals))
    return ""


def signed(locale: QLocale, value: float, decimals: int = 1) -> str:
    """A difference with its sign."""
    written = number(locale, value, decimals)
    return written if written.startswith("−") or not round(value, decimals) else f"+{written}"


def trusted(unit: Unit) -> bool:
    """Whether lengths in this unit are compared with norms."""
    return unit in (Unit.MM, Unit.MM_ESTIMATED)
