"""Colours on an image. The field is black in every theme, so these do not follow the theme."""

from __future__ import annotations

FIELD = "#000000"
HALO = "#000000"
"""One pixel round every line and letter: yellow is unreadable on mid-grey without it."""
TEXT = "#E9EDF2"
MUTED = "#A2ACB7"
WARNING = "#F2D06B"
ERROR = "#FFB4C0"
FOCUS = "#98A8FF"
MEASUREMENT = "#F2D06B"
PLANE = "#6FDACB"
REFERENCE = "#98A8FF"
OVERLAY = "#6FDACB"
"""Overlay planes stored in the DICOM file."""
