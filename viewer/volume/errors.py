"""Why slices make no volume. The sentences are English with named places; the screens translate them."""

from __future__ import annotations

from viewer.errors import N_, ViewerError


class VolumeError(ViewerError):
    """These slices cannot be put together, or what was asked of a volume cannot be done."""

    message_id = N_("These images make no volume.")


class NoSlices(VolumeError):
    """Nothing with a position in the patient was found."""

    message_id = N_("There are no slices with a known position here.")


class MixedSlices(VolumeError):
    """Slices of more than one size, orientation, pixel size or frame of reference."""

    message_id = N_("The slices of this series differ in size, orientation or pixel size.")


class ScatteredSlices(VolumeError):
    """The slices do not lie behind one another on one line."""

    message_id = N_("The slices of this series do not lie behind one another; they make no volume.")


class TooManyGaps(VolumeError):
    """More is missing than can be shown honestly."""

    message_id = N_("{missing} of {expected} slices are missing; this series makes no volume.")


class VolumeTooLarge(VolumeError):
    """The memory budget would be exceeded."""

    message_id = N_("This volume needs {megabytes} MB of memory, more than the {budget} MB that may be used.")


class Cancelled(VolumeError):
    """Somebody stopped the loading."""

    message_id = N_("Loading was stopped.")
