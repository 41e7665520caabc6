"""The Grayscale Standard Display Function (PS3.14 §7.1): luminance of each just noticeable difference."""

from __future__ import annotations

import math

JND_RANGE = (1, 1023)
_A, _B, _C, _D, _E = -1.3011877, -2.5840191e-2, 8.0242636e-2, -1.0320229e-1, 1.3646699e-1
_F, _G, _H, _K, _M = 2.8745620e-2, -2.5468404e-2, -3.1978977e-3, 1.2992634e-4, 1.3635334e-3


def luminance(jnd: float) -> float:
    """Luminance in cd/m² of JND index 1 to 1023 (PS3.14 §7.1, formula 7-1). Raises ValueError outside."""
    if not JND_RANGE[0] <= jnd <= JND_RANGE[1]:
        raise ValueError(jnd)
    x = math.log(jnd)
    above = _A + _C * x + _E * x**2 + _G * x**3 + _M * x**4
    below = 1 + _B * x + _D * x**2 + _F * x**3 + _H * x**4 + _K * x**5
    return float(10 ** (above / below))


def jnd_index(candelas: float) -> float:
    """The JND index of a luminance in cd/m², by bisection of `luminance`. Raises ValueError outside 0.05 to 3993."""
    low, high = (float(end) for end in JND_RANGE)
    if not luminance(low) <= candelas <= luminance(high) * 1.0001:
        raise ValueError(candelas)
    for _step in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if luminance(middle) < candelas else (low, middle)
    return (low + high) / 2


def step_luminances(low: float, high: float, steps: int) -> list[float]:
    """What a screen from `low` to `high` cd/m² should show for equal steps of grey, if it follows the function."""
    first, last = jnd_index(low), jnd_index(high)
    return [luminance(first + (last - first) * step / (steps - 1)) for step in range(steps)]
