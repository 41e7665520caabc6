"""What can go wrong between a file and a picture.

Every failure of `viewer.pixels` is a `PixelError`. The `message_id` is an English sentence with named places, which the
screens translate; the values hold only technical facts (a UID, a number of bytes), never anything about the patient.
"""

from __future__ import annotations

from viewer.errors import N_, ViewerError


class PixelError(ViewerError):
    """An image cannot be shown; `message_id.format(**values)` says why in English."""

    message_id = N_("This image cannot be shown.")


class NotDicom(PixelError):
    """The bytes are not a DICOM file (PS3.10 §7)."""

    message_id = N_("This file is not a DICOM file.")


class DamagedFile(PixelError):
    """The data set cannot be parsed."""

    message_id = N_("This file is damaged and cannot be read.")


class NoPixels(PixelError):
    """A sound DICOM object without an image: a report, a model, a plan."""

    message_id = N_("This document holds no image.")


class DamagedPixels(PixelError):
    """The image is there but truncated, or its description contradicts its bytes."""

    message_id = N_("The pixels of this image are damaged or incomplete.")


class UnsupportedTransferSyntax(PixelError):
    """A transfer syntax that this program has no decoder for."""

    message_id = N_("This image is compressed in a way that this program cannot read ({transfer_syntax}).")


class UnsupportedPixels(PixelError):
    """A pixel format that the standard does not define, or that nobody uses for pictures."""

    message_id = N_("The pixel format of this image is not supported.")


class TooLarge(PixelError):
    """Decoding would take more memory than the budget allows."""

    message_id = N_("This image is too large to open ({megabytes} MB).")
