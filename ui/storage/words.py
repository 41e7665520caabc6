"""Sizes, shares and amounts as the bucket's screen says them."""

from __future__ import annotations

from app.core.i18n import N_, _, language
from ui.shell.formats import number, percent


def size(size_bytes: int) -> str:
    """`12 ko`, `3,4 Mo`, `1,2 Go` in French; `12 kB`, `3.4 MB`, `1.2 GB`."""
    if size_bytes < 1_000_000:
        return _(N_("{n} kB"), n=number(round(size_bytes / 1000)))
    if size_bytes < 1_000_000_000:
        return _(N_("{n} MB"), n=_tenths(size_bytes / 1_000_000))
    return _(N_("{n} GB"), n=_tenths(size_bytes / 1_000_000_000))


def _tenths(value: float) -> str:
    if value >= 100:
        return number(round(value))
    text = f"{value:.1f}"
    return text.replace(".", ",") if language() == "fr" else text


def saved(less: int, more: int) -> str:
    """How much smaller, in whole percent; 0 where nothing is saved or there is nothing."""
    return percent(max(0, round(100 - 100 * less / more))) if more > 0 else percent(0)
