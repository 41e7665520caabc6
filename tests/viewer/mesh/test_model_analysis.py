"""Model analyses against figures worked out by hand."""

from __future__ import annotations

import pytest

from viewer.mesh.model_analysis import (
    LOWER,
    UPPER,
    AnalysisError,
    Crown,
    bite,
    bolton,
    irregularity,
    space,
)

# Widths in mm from first molar to first molar, one side; both sides alike.
UPPER_WIDTHS = {6: 10.0, 5: 6.8, 4: 7.0, 3: 7.6, 2: 6.6, 1: 8.6}
LOWER_WIDTHS = {6: 10.8, 5: 7.0, 4: 6.9, 3: 6.6, 2: 5.8, 1: 5.3}


def crowns() -> dict[int, Crown]:
    found = {}
    for teeth, widths in ((UPPER, UPPER_WIDTHS), (LOWER, LOWER_WIDTHS)):
        for tooth in teeth:
            width = widths[tooth % 10]
            found[tooth] = Crown((tooth, 0, 0), (tooth + 0.6 * width, 0.8 * width, 0))
    return found


def test_boltons_ratios() -> None:
    """Upper 2 × 46.6 = 93.2, lower 2 × 42.4 = 84.8: 90.987 %, 0.16 SD under 91.3; the upper surplus is
    93.2 - 84.8 / 0.913 = 0.320. In front 2 × 22.8 = 45.6 and 2 × 17.7 = 35.4: 77.632 %, lower surplus
    35.4 - 45.6 × 0.772 = 0.197."""
    overall, front = bolton(crowns(), anterior=False), bolton(crowns(), anterior=True)
    assert (overall.upper, overall.lower) == pytest.approx((93.2, 84.8))
    assert overall.ratio == pytest.approx(90.987, abs=0.001)
    assert overall.deviation == pytest.approx(-0.164, abs=0.001)
    assert overall.excess == pytest.approx(-0.320, abs=0.001)
    assert front.ratio == pytest.approx(77.632, abs=0.001)
    assert front.excess == pytest.approx(0.197, abs=0.001)


def test_a_missing_tooth_is_named() -> None:
    without = {tooth: crown for tooth, crown in crowns().items() if tooth != 24}
    with pytest.raises(AnalysisError, match="24"):
        bolton(without, anterior=False)
    assert bolton(without, anterior=True).ratio > 0


def test_space_is_what_the_line_has_over_the_ten_teeth() -> None:
    """Ten upper teeth: 2 × 36.6 = 73.2; a line of 30 + 40 = 70 lacks 3.2."""
    found = space([(0, 0, 0), (30, 0, 0), (30, 40, 0)], crowns(), upper=True)
    assert found.discrepancy == pytest.approx(-3.2)
    with pytest.raises(AnalysisError):
        space([(0, 0, 0)], crowns(), upper=True)


def test_littles_index_is_the_sum_of_five() -> None:
    contacts = [((0.0, 0.0, 0.0), (0.0, step, 0.0)) for step in (0.5, 1.5, 2.0, 0.25, 0.75)]
    assert irregularity(contacts) == pytest.approx(5.0)
    with pytest.raises(AnalysisError):
        irregularity(contacts[:4])


def test_overjet_and_overbite_follow_the_directions() -> None:
    """The face looks to -y and the head is at +z: an upper edge 3 mm before and 2 mm below the lower one."""
    found = bite((1, -33, 8), (1, -30, 10), (0, -2, 0), (0, 0, 5))
    assert (found.overjet, found.overbite) == pytest.approx((3, 2))
    reverse = bite((1, -28, 11), (1, -30, 10), (0, -2, 0), (0, 0, 5))
    assert (reverse.overjet, reverse.overbite) == pytest.approx((-2, -1))
    for forward in ((0, 0, 0), (0, 1, 1)):
        with pytest.raises(AnalysisError):
            bite((0, 0, 0), (0, 0, 0), forward, (0, 0, 1))
