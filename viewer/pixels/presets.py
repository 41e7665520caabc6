"""Windows with a name. Tomographic images in Hounsfield units have fixed ones; others get parts of their own range."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from viewer.errors import N_
from viewer.pixels.picture import Picture
from viewer.pixels.voi import Voi, automatic_voi


class Preset(StrEnum):
    """What the window is for."""

    FILE = "file"
    AUTOMATIC = "automatic"
    FULL = "full"
    BONE = "bone"
    SOFT = "soft"
    TEETH = "teeth"
    AIRWAY = "airway"


PRESET_NAMES = {
    Preset.FILE: N_("As the image says"),
    Preset.AUTOMATIC: N_("Automatic"),
    Preset.FULL: N_("Full range"),
    Preset.BONE: N_("Bone"),
    Preset.SOFT: N_("Soft tissue"),
    Preset.TEETH: N_("Enamel"),
    Preset.AIRWAY: N_("Airway"),
}
_HOUNSFIELD = {
    Preset.BONE: (500.0, 2000.0),
    Preset.SOFT: (40.0, 400.0),
    Preset.TEETH: (1800.0, 2800.0),
    Preset.AIRWAY: (-400.0, 1200.0),
}
"""Centre and width in HU. The greys of cone-beam CT are not Hounsfield units: there they are a beginning only."""
_SHARES = {
    Preset.FULL: (0.0, 1.0),
    Preset.BONE: (0.35, 0.998),
    Preset.SOFT: (0.02, 0.65),
    Preset.TEETH: (0.7, 0.9995),
    Preset.AIRWAY: (0.0, 0.35),
}
"""The part of the pixels, from dark to light, that a projection's window spreads over the greys."""


def preset_voi(picture: Picture, kind: Preset) -> Voi:
    """The window of a preset for this picture, in modality units."""
    if kind is Preset.FILE or not picture.frame.is_grey:
        return picture.voi
    frame = picture.frame
    if kind in _HOUNSFIELD and picture.header is not None and picture.header.modality == "CT":
        return Voi(*_HOUNSFIELD[kind])
    values = frame.modality.apply(picture.levels[-1])
    if kind is Preset.AUTOMATIC:
        return automatic_voi(values)
    shares = _SHARES[kind]
    light_is_low = (frame.photometric == "MONOCHROME1") != frame.inverse_shape
    if light_is_low:
        shares = 1 - shares[1], 1 - shares[0]
    low, high = (float(q) for q in np.quantile(values, shares))
    return Voi((low + high + 1) / 2, max(1.0, high - low + 1))
