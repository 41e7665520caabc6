"""Filters and named windows: for looking only; the values that are measured stay."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.viewer.conftest import MakeImage
from viewer.model.gsdf import jnd_index, luminance, step_luminances
from viewer.pixels import open_image, prepare
from viewer.pixels.filters import Filter, filtered
from viewer.pixels.picture import Picture
from viewer.pixels.presets import Preset, preset_voi


@pytest.fixture
def edge(make_image: MakeImage) -> Picture:
    """Dark at the left, light at the right, and a little noise."""
    values = np.full((160, 240), 1000, np.uint16)
    values[:, 120:] = 3000
    noise = np.random.default_rng(3).integers(-40, 41, values.shape)
    return prepare(open_image(make_image((values + noise).astype(np.uint16), WindowCenter=2000, WindowWidth=4000)))


@pytest.mark.parametrize("kind", [Filter.SHARPEN, Filter.SMOOTH, Filter.LOCAL_CONTRAST])
def test_a_filter_changes_what_is_seen_and_not_what_is_measured(edge: Picture, kind: Filter) -> None:
    before = edge.frame.values.copy()
    changed = filtered(edge, kind)
    assert changed.filter_name
    assert (changed.levels[0] != edge.levels[0]).any()
    assert changed.levels[0].dtype == edge.levels[0].dtype
    assert [level.shape for level in changed.levels] == [level.shape for level in edge.levels]
    np.testing.assert_array_equal(edge.frame.values, before)
    np.testing.assert_array_equal(changed.frame.values, before)


def test_no_filter_is_the_picture_itself(edge: Picture) -> None:
    assert filtered(edge, Filter.NONE) is edge


def test_smoothing_lessens_noise_and_sharpening_steepens_the_edge(edge: Picture) -> None:
    smooth = filtered(edge, Filter.SMOOTH).levels[0].astype(float)
    sharp = filtered(edge, Filter.SHARPEN).levels[0].astype(float)
    original = edge.levels[0].astype(float)
    assert smooth[:, 10:100].std() < 0.6 * original[:, 10:100].std()
    assert smooth[:, 10:100].mean() == pytest.approx(original[:, 10:100].mean(), abs=1)
    step = (original[:, 121] - original[:, 118]).mean()
    assert (sharp[:, 121] - sharp[:, 118]).mean() >= step
    assert original.min() <= sharp.min()
    assert sharp.max() <= original.max()


def test_local_contrast_widens_a_dull_part(make_image: MakeImage) -> None:
    """A dull ramp beside a full one comes out with more of the greys."""
    values = np.zeros((256, 256), np.uint16)
    values[:, :128] = np.linspace(1000, 1200, 128).astype(np.uint16)
    values[:, 128:] = np.linspace(0, 4000, 128).astype(np.uint16)
    picture = prepare(open_image(make_image(values, WindowCenter=2000, WindowWidth=4000)))
    after = filtered(picture, Filter.LOCAL_CONTRAST).levels[0].astype(float)
    # The middle of a tile, where its own table counts alone; from tile to tile the whole range stays.
    assert np.ptp(after[64:192, 40:56]) > 1.5 * np.ptp(values[64:192, 40:56].astype(float))


def test_local_contrast_of_a_photograph_keeps_its_hues(make_image: MakeImage) -> None:
    ramp = np.linspace(40, 120, 128)
    colour = np.stack([ramp * 1.5, ramp, ramp * 0.5], axis=-1)[None].repeat(128, axis=0).astype(np.uint8)
    picture = prepare(open_image(make_image(colour, "RGB")))
    after = filtered(picture, Filter.LOCAL_CONTRAST).levels[0].astype(float)
    inside = after[40:90, 30:100]
    unclipped = inside[(inside < 250).all(axis=-1)]
    assert np.abs(unclipped[:, 0] / unclipped[:, 1] - 1.5).max() < 0.1


def test_presets_open_windows_of_their_own(edge: Picture) -> None:
    windows = {kind: preset_voi(edge, kind) for kind in Preset}
    assert windows[Preset.FILE] == edge.voi
    low, high = windows[Preset.FULL].limits
    assert low <= edge.levels[-1].min() + 1
    assert high >= edge.levels[-1].max() - 1
    assert windows[Preset.TEETH].center > windows[Preset.SOFT].center


def test_presets_of_a_light_is_low_image_follow_the_eye(make_image: MakeImage) -> None:
    values = np.linspace(0, 4000, 10_000).astype(np.uint16).reshape(100, 100)
    picture = prepare(open_image(make_image(values, "MONOCHROME1", WindowCenter=2000, WindowWidth=4000)))
    assert preset_voi(picture, Preset.TEETH).center < preset_voi(picture, Preset.SOFT).center


def test_hounsfield_windows_are_for_computed_tomography_alone(make_image: MakeImage) -> None:
    values = np.linspace(0, 3000, 10_000).astype(np.uint16).reshape(100, 100)
    ct = prepare(open_image(make_image(values, Modality="CT", RescaleSlope="1", RescaleIntercept="-1000")))
    assert (preset_voi(ct, Preset.BONE).center, preset_voi(ct, Preset.BONE).width) == (500, 2000)
    other = prepare(open_image(make_image(values, Modality="DX")))
    assert preset_voi(other, Preset.BONE).width != 2000


def inverse(candelas: float) -> float:
    """JND index of a luminance by the standard's own fit (PS3.14 §7.1, formula 7-2), which is independent of ours."""
    x = math.log10(candelas)
    terms = (71.498068, 94.593053, 41.912053, 9.8247004, 0.28175407, -1.1878455, -0.18014349, 0.14710899, -0.017046845)
    return sum(term * x**power for power, term in enumerate(terms))


@pytest.mark.parametrize("jnd", [2, 50, 100, 300, 500, 800, 1000])
def test_the_grayscale_standard_display_function(jnd: int) -> None:
    assert inverse(luminance(jnd)) == pytest.approx(jnd, abs=0.5)
    assert jnd_index(luminance(jnd)) == pytest.approx(jnd, abs=0.01)


def test_the_ends_of_the_function() -> None:
    assert luminance(1) == pytest.approx(0.05, abs=0.001)
    assert luminance(1023) == pytest.approx(3993.4, abs=0.5)


def test_the_steps_of_a_screen_are_equal_for_the_eye() -> None:
    steps = step_luminances(1.0, 350.0, 16)
    assert (steps[0], steps[-1]) == (pytest.approx(1.0), pytest.approx(350.0))
    jnds = [inverse(step) for step in steps]
    assert np.ptp(np.diff(jnds)) < 1.0


def test_no_luminance_outside_of_the_function() -> None:
    for wrong in (0, 1024):
        with pytest.raises(ValueError, match=str(wrong)):
            luminance(wrong)
    with pytest.raises(ValueError, match="5000"):
        jnd_index(5000)
