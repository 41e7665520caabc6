"""The words of billing."""

from __future__ import annotations

from typing import NewType

OpeningBalanceId = NewType("OpeningBalanceId", str)
