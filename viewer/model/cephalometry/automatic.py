"""The port through which a program proposes landmarks. Ours ships none that has learnt; a clinic may bring one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from numpy.typing import NDArray

from viewer.errors import N_
from viewer.model.cephalometry.functions import CephError
from viewer.model.cephalometry.proposals import Proposal
from viewer.model.spacing import PixelSize


class AutomaticError(CephError):
    """Proposals that cannot be had."""

    message_id = N_("The automatic landmarks cannot be computed.")


class LandmarkFinder(Protocol):
    """Proposes landmarks on a lateral cephalogram; called off the screen's thread, and may take seconds."""

    name: str
    """What proposes, with its version and licence, as it stands in reports."""

    def find(self, values: NDArray[Any], size: PixelSize) -> Sequence[Proposal]:
        """Proposals in pixels of `values` (rows, columns; bright is bone). Raises AutomaticError."""
        ...
