"""Windows and tables against values worked out by hand from PS3.3 §C.11.2."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from tests.viewer.conftest import MakeImage
from viewer.pixels import Voi, VoiKind, open_image
from viewer.pixels.lut import LookupTable
from viewer.pixels.voi import automatic_voi


def grey(voi: Voi, *values: float) -> list[float]:
    return [round(float(v), 6) for v in voi.apply(np.array(values))]


def test_linear_follows_the_notes_of_the_standard() -> None:
    """§C.11.2.1.2.1: center 2048, width 4096 maps 0 to black, 4095 to white, ((x - 2047.5)/4095 + 0.5) between."""
    assert grey(Voi(2048, 4096), -5, 0, 4095, 9999) == [0.0, 0.0, 1.0, 1.0]
    assert grey(Voi(2048, 4096), 1365)[0] == pytest.approx(1365 / 4095, abs=1e-6)
    assert grey(Voi(0, 100), -50, 49) == [0.0, 1.0]
    assert grey(Voi(0, 100), 0)[0] == pytest.approx(0.5 / 99 + 0.5, abs=1e-6)


def test_linear_of_width_one_is_a_threshold() -> None:
    assert grey(Voi(2048, 1), 2047, 2047.5, 2048) == [0.0, 0.0, 1.0]


def test_linear_exact_follows_the_notes_of_the_standard() -> None:
    """§C.11.2.1.3.2: center 2048, width 4096 maps 0 to black and 4096 to white."""
    voi = Voi(2048, 4096, VoiKind.LINEAR_EXACT)
    assert grey(voi, 0, 1024, 2048, 4096) == [0.0, 0.25, 0.5, 1.0]
    assert grey(Voi(0, 100, VoiKind.LINEAR_EXACT), -50, 0, 50) == [0.0, 0.5, 1.0]


def test_sigmoid_follows_its_formula() -> None:
    """§C.11.2.1.3.1: 1 / (1 + exp(-4 (x - c) / w))."""
    voi = Voi(100, 40, VoiKind.SIGMOID)
    assert grey(voi, 100, 110, 90) == [0.5, round(1 / (1 + math.exp(-1)), 6), round(1 / (1 + math.exp(1)), 6)]
    assert grey(voi, 1e9, -1e9) == [1.0, 0.0]


def test_table_holds_its_ends() -> None:
    table = LookupTable(10, 8, np.array([0, 51, 255], np.uint16))
    assert grey(Voi(11.5, 3, VoiKind.TABLE, table=table), -4, 10, 11, 12, 99) == [0.0, 0.0, 0.2, 1.0, 1.0]


def shown(source: bytes | Path, voi: Voi | None = None, invert: bool = False) -> np.ndarray[Any, Any]:
    with open_image(source) as image:
        return image.to_display(image.frame(0), voi, invert)


STEPS = np.array([[0, 64, 128, 255]], np.uint8).repeat(2, axis=0)


def test_monochrome1_shows_the_lowest_value_white(make_image: MakeImage) -> None:
    plain = shown(make_image(STEPS, WindowCenter=128, WindowWidth=256))
    flipped = shown(make_image(STEPS, "MONOCHROME1", WindowCenter=128, WindowWidth=256))
    assert plain[0].tolist() == [0, 64, 128, 255]
    assert flipped[0].tolist() == [255, 191, 127, 0]


def test_an_inverse_shape_inverts_once_and_the_user_again(make_image: MakeImage) -> None:
    tags = {"WindowCenter": 128, "WindowWidth": 256, "PresentationLUTShape": "INVERSE"}
    assert shown(make_image(STEPS, **tags))[0].tolist() == [255, 191, 127, 0]
    assert shown(make_image(STEPS, "MONOCHROME1", **tags))[0].tolist() == [255, 191, 127, 0]
    assert shown(make_image(STEPS, "MONOCHROME1", **tags), invert=True)[0].tolist() == [0, 64, 128, 255]


def test_rescale_comes_before_the_window(make_image: MakeImage) -> None:
    values = np.array([[0, 1000, 2000]], np.uint16).repeat(2, axis=0)
    source = make_image(values, RescaleSlope=2, RescaleIntercept=-1000, WindowCenter=1000.5, WindowWidth=4001)
    assert shown(source)[0].tolist() == [0, 128, 255]
    with open_image(source) as image:
        assert image.frame(0).modality_values()[0].tolist() == [-1000, 1000, 3000]


def lut_item(first: int, bits: int, entries: list[int]) -> Dataset:
    item = Dataset()
    item.add_new((0x0028, 0x3002), "US", [len(entries), first, bits])
    item.add_new((0x0028, 0x3006), "OW", np.array(entries, "<u2").tobytes())
    return item


def test_modality_table_replaces_rescale(make_image: MakeImage) -> None:
    item = lut_item(10, 16, [100, 200, 400])
    item.ModalityLUTType = "OD"
    source = make_image(np.array([[9, 10, 11, 50]], np.uint8).repeat(2, axis=0), ModalityLUTSequence=[item])
    with open_image(source) as image:
        assert image.frame(0).modality_values()[0].tolist() == [100, 100, 200, 400]
        assert image.frame(0).modality.unit == "OD"


def test_voi_table_is_offered_before_the_windows(make_image: MakeImage) -> None:
    item = lut_item(0, 12, [0, 4095, 2048])
    item.LUTExplanation = "Dents"
    values = np.array([[0, 1, 2, 9]], np.uint8).repeat(2, axis=0)
    source = make_image(values, VOILUTSequence=[item], WindowCenter=[100, 50], WindowWidth=[200, 10])
    with open_image(source) as image:
        table, first, second = image.vois()
        assert (table.kind, table.explanation) == (VoiKind.TABLE, "Dents")
        assert (first.center, first.width, second.center) == (100, 200, 50)
        assert image.to_display(image.frame(0))[0].tolist() == [0, 255, 128, 128]


def test_dragging_a_table_goes_on_from_its_range() -> None:
    table = LookupTable(0, 12, np.arange(4096, dtype=np.uint16))
    voi = Voi(2048, 4096, VoiKind.TABLE, table=table).moved(2000, 3000)
    assert (voi.kind, voi.table, voi.center, voi.width) == (VoiKind.LINEAR, None, 2000, 3000)


def test_real_tables_match_a_direct_computation(data: Path) -> None:
    """vlut_04 and mlut_18: the table applied entry by entry."""
    import pydicom

    ds = pydicom.dcmread(data / "pydicom-data/vlut_04.dcm")
    item = ds.VOILUTSequence[0]
    count, first, bits = item.LUTDescriptor
    entries = np.asarray(item.LUTData)[np.clip(ds.pixel_array.astype(int) - first, 0, count - 1)]
    expected = np.floor(entries / (2**bits - 1) * 255 + 0.5)
    np.testing.assert_array_equal(shown(data / "pydicom-data/vlut_04.dcm"), expected)

    ds = pydicom.dcmread(data / "pydicom-data/mlut_18.dcm")
    item = ds.ModalityLUTSequence[0]
    count, first, _ = item.LUTDescriptor
    first = first - 65536 if first > 32767 else first
    expected = np.asarray(item.LUTData)[np.clip(ds.pixel_array.astype(int) - first, 0, count - 1)]
    with open_image(data / "pydicom-data/mlut_18.dcm") as image:
        np.testing.assert_array_equal(image.frame(0).modality_values(), expected)


def test_padding_is_black_and_outside_the_automatic_window(make_image: MakeImage) -> None:
    values = np.full((64, 64), 2000, np.uint16)
    values[10:50, 10:50] = np.random.default_rng(1).integers(900, 1101, (40, 40))
    source = make_image(values, "MONOCHROME1", PixelPaddingValue=2000, PixelPaddingRangeLimit=1990)
    with open_image(source) as image:
        low, high = image.default_voi().limits
        assert 895 <= low <= 910
        assert 1090 <= high <= 1105
        picture = image.to_display(image.frame(0))
    assert picture[0, 0] == 0
    assert picture[10:50, 10:50].std() > 50


def test_automatic_window_ignores_a_border_and_a_few_outliers() -> None:
    random = np.random.default_rng(2)
    values = np.zeros((400, 400))
    values[40:360, 40:360] = random.normal(1000, 50, (320, 320))
    values[200, 200:203] = 60000
    voi = automatic_voi(values.astype(np.uint16))
    low, high = voi.limits
    assert voi.automatic
    assert 840 < low < 900
    assert 1100 < high < 1160


def test_automatic_window_of_one_value_is_valid() -> None:
    voi = automatic_voi(np.full((8, 8), 7, np.uint8))
    assert voi.width >= 1
    assert np.isfinite(voi.apply(np.array([7]))).all()


@pytest.mark.parametrize(("center", "width"), [(0, 0), (100, -5), ("", "")])
def test_a_window_that_cannot_be_is_replaced(make_image: MakeImage, center: Any, width: Any) -> None:
    values = np.arange(4096, dtype=np.uint16).reshape(64, 64)
    with open_image(make_image(values, WindowCenter=center, WindowWidth=width)) as image:
        assert image.vois() == ()
        assert image.default_voi().automatic
        assert image.to_display(image.frame(0)).std() > 60
