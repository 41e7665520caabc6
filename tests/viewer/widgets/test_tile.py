"""The tile, painted off-screen and looked at pixel by pixel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QLocale, QPoint, QPointF, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QAccessible, QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.viewer.conftest import MakeImage
from viewer.pixels import DamagedPixels, PixelError, Voi, open_image
from viewer.widgets import Gesture, Tile, TileState, TileTexts
from viewer.widgets.colours import OVERLAY, TEXT

Show = Callable[..., Tile]


@pytest.fixture(autouse=True)
def no_qt_warnings(qapp: QApplication) -> Iterator[None]:
    """A message of Qt is a fault of ours."""
    messages: list[str] = []

    def keep(kind: QtMsgType, context: Any, message: str) -> None:
        # The container has no fonts of its own for some scripts; that is not ours.
        if kind is not QtMsgType.QtDebugMsg and "font" not in message.lower():
            messages.append(message)

    before = qInstallMessageHandler(keep)
    yield
    qInstallMessageHandler(before)
    assert messages == []


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """A tile of a given size that shows an image given as bytes or path."""

    def made(source: bytes | Path | None, width: int = 200, height: int = 200, texts: TileTexts | None = None) -> Tile:
        tile = Tile(texts=texts)
        qtbot.addWidget(tile)
        tile.resize(width, height)
        if source is not None:
            tile.show_source(open_image(source), title="Téléradiographie")
        tile.show()
        return tile

    return made


def grey(tile: Tile, x: int, y: int) -> int:
    return QColor(tile.grab().toImage().pixel(x, y)).red()


def pixels(tile: Tile) -> np.ndarray[Any, Any]:
    image = tile.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.array(image.constBits()).reshape(image.height(), image.width(), 4)[..., 2::-1]


@pytest.fixture
def ramp(make_image: MakeImage) -> bytes:
    """100 × 100, from 0 at the left to 990 at the right, window 0 to 999."""
    values = (np.arange(100, dtype=np.uint16) * 10)[None, :].repeat(100, axis=0)
    return make_image(values, WindowCenter=500, WindowWidth=1000, PatientOrientation=["A", "F"])


@pytest.fixture
def corner(make_image: MakeImage) -> bytes:
    """100 × 100, black but for a white quarter at the top left."""
    values = np.zeros((100, 100), np.uint8)
    values[:50, :50] = 255
    return make_image(values, WindowCenter=128, WindowWidth=256)


def quarters(tile: Tile) -> list[list[bool]]:
    shown = pixels(tile)[..., 0]
    height, width = shown.shape
    return [[bool(shown[height * y // 4, width * x // 4] > 128) for x in (1, 3)] for y in (1, 3)]


def test_the_picture_is_fitted_and_windowed(show: Show, ramp: bytes) -> None:
    tile = show(ramp)
    assert tile.state is TileState.SHOWN
    shown = [grey(tile, x, 50) for x in (21, 61, 121, 181)]
    expected = [round(x / 2 * 10 / 999 * 255) for x in (20, 60, 120, 180)]
    assert shown == pytest.approx(expected, abs=3)


def test_outside_the_picture_the_field_is_black(show: Show, make_image: MakeImage) -> None:
    tile = show(make_image(np.full((50, 100), 255, np.uint8), WindowCenter=128, WindowWidth=256))
    assert grey(tile, 150, 60) == 255
    assert grey(tile, 150, 40) == 0


def test_a_large_picture_is_reduced_by_means(show: Show, make_image: MakeImage) -> None:
    """A pattern of single lines becomes an even grey, not stripes."""
    values = np.zeros((800, 800), np.uint16)
    values[:, ::2] = 1000
    tile = show(make_image(values, WindowCenter=500.5, WindowWidth=1001))
    part = pixels(tile)[60:140, 60:95, 0]
    assert np.abs(part.astype(int) - 128).max() <= 1


def test_right_drag_changes_the_window_and_not_the_place(show: Show, ramp: bytes, qtbot: QtBot) -> None:
    tile = show(ramp)
    view, found = tile.view, []
    tile.voi_changed.connect(found.append)
    QTest.mousePress(tile, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, QPoint(20, 100))
    QTest.mouseMove(tile, QPoint(170, 70))
    QTest.mouseRelease(tile, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, QPoint(170, 70))
    assert tile.voi is not None
    assert (tile.voi.width, tile.voi.center) == (pytest.approx(2000), pytest.approx(400))
    assert tile.view == view
    assert found[-1] == tile.voi
    assert grey(tile, 101, 50) == pytest.approx(round(255 * ((500 - 399.5) / 1999 + 0.5)), abs=3)


def test_upwards_is_brighter_for_monochrome1_too(show: Show, make_image: MakeImage) -> None:
    values = np.full((40, 40), 500, np.uint16)
    tile = show(make_image(values, "MONOCHROME1", WindowCenter=500, WindowWidth=1000))
    before = grey(tile, 150, 60)
    QTest.mousePress(tile, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, QPoint(20, 100))
    QTest.mouseMove(tile, QPoint(20, 70))
    assert grey(tile, 150, 60) > before + 20


def test_w_gives_the_window_to_the_left_button_and_space_takes_it_for_panning(show: Show, ramp: bytes) -> None:
    tile = show(ramp)
    QTest.keyClick(tile, Qt.Key.Key_W)
    assert tile.tool.name == Gesture.WINDOW.name.lower()
    drag(tile, QPoint(20, 100), QPoint(60, 100))
    assert tile.voi is not None
    assert tile.voi.width > 1000
    width, view = tile.voi.width, tile.view
    QTest.keyPress(tile, Qt.Key.Key_Space)
    drag(tile, QPoint(20, 100), QPoint(60, 100))
    QTest.keyRelease(tile, Qt.Key.Key_Space)
    assert tile.voi.width == width
    assert tile.view != view


def drag(tile: Tile, start: QPoint, end: QPoint, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    QTest.mousePress(tile, button, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(tile, end)
    QTest.mouseRelease(tile, button, Qt.KeyboardModifier.NoModifier, end)


def test_left_drag_moves_the_picture_with_the_pointer(show: Show, ramp: bytes) -> None:
    tile = show(ramp)
    before = tile.image_point(QPointF(100, 100))
    drag(tile, QPoint(100, 100), QPoint(120, 90))
    assert tile.image_point(QPointF(120, 90)) == before


def wheel(tile: Tile, position: QPointF, eighths: int) -> None:
    event = QWheelEvent(
        position,
        tile.mapToGlobal(position),
        QPoint(),
        QPoint(0, eighths),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(tile, event)


def test_the_wheel_zooms_about_the_cursor(show: Show, ramp: bytes) -> None:
    tile = show(ramp)
    assert tile.view is not None
    scale, point = tile.view.scale, tile.image_point(QPointF(60, 140))
    wheel(tile, QPointF(60, 140), 240)
    assert tile.view.scale == pytest.approx(scale * 1.15**2)
    assert tile.image_point(QPointF(60, 140)) == pytest.approx(point)


def test_keys_turn_mirror_invert_and_fit(show: Show, corner: bytes) -> None:
    tile = show(corner)
    assert quarters(tile) == [[True, False], [False, False]]
    QTest.keyClick(tile, Qt.Key.Key_R)
    assert quarters(tile) == [[False, True], [False, False]]
    QTest.keyClick(tile, Qt.Key.Key_M)
    assert quarters(tile) == [[True, False], [False, False]]
    QTest.keyClick(tile, Qt.Key.Key_I)
    assert quarters(tile) == [[False, True], [True, True]]
    for words in ("Inverted", "Mirrored", "Rotated 270°"):
        assert words in tile.accessibleDescription()


def test_keys_pan_zoom_and_window(show: Show, ramp: bytes) -> None:
    tile = show(ramp)
    assert tile.view is not None
    fitted = tile.view
    QTest.keyClick(tile, Qt.Key.Key_Plus)
    assert tile.view.scale == pytest.approx(2.5)
    QTest.keyClick(tile, Qt.Key.Key_Right)
    assert tile.view.center[0] == pytest.approx(50 + 40 / 2.5)
    QTest.keyClick(tile, Qt.Key.Key_End)
    assert tile.view.scale == 1.0
    QTest.keyClick(tile, Qt.Key.Key_Home)
    assert tile.view == fitted
    QTest.keyClick(tile, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert tile.voi is not None
    assert tile.voi.width > 1000
    tile.reset_voi()
    assert tile.voi.width == 1000


def test_double_click_goes_between_fit_and_one_to_one(show: Show, ramp: bytes) -> None:
    tile = show(ramp)
    assert tile.view is not None
    QTest.mouseDClick(tile, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(100, 100))
    assert tile.view.scale == 1.0
    QTest.mouseDClick(tile, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(100, 100))
    assert tile.view.is_fitted


def test_one_to_one_shows_each_pixel_as_it_is(show: Show, make_image: MakeImage) -> None:
    values = np.random.default_rng(5).integers(0, 256, (120, 120)).astype(np.uint8)
    tile = show(make_image(values, WindowCenter=128, WindowWidth=256), 120, 120)
    tile.one_to_one()
    np.testing.assert_array_equal(pixels(tile)[40:60, 30:90, 0], values[40:60, 30:90])


def test_a_resized_tile_keeps_the_picture_fitted(show: Show, ramp: bytes) -> None:
    tile = show(ramp)
    tile.resize(120, 300)
    assert tile.view is not None
    assert tile.view.scale == pytest.approx(1.2)


def test_the_letters_of_the_patient_turn_with_the_picture(show: Show, ramp: bytes) -> None:
    texts = TileTexts(directions="APDGTB")
    tile = show(ramp, 300, 300, texts)
    left, right = pixels(tile)[130:170, 4:24].copy(), pixels(tile)[130:170, -24:-4].copy()
    tile.mirror()
    mirrored = pixels(tile)[130:170, -24:-4]
    assert np.abs(mirrored.astype(int) - right).max() > 100
    assert np.abs(left.astype(int) - right).max() > 100
    assert texts.direction("RH") == "DT"


def test_captions_are_drawn_with_a_dark_edge(show: Show, make_image: MakeImage) -> None:
    """On a white picture, light letters need black round them."""
    white = make_image(np.full((50, 50), 255, np.uint8), WindowCenter=128, WindowWidth=256)
    tile = show(white, 300, 300)
    tile.set_captions(("Côté, Éloïse",), ("Panoramique",), ("Aperçu",))
    corner = pixels(tile)[8:24, 8:90]
    letters = QColor(TEXT)
    assert (np.abs(corner.astype(int) - [letters.red(), letters.green(), letters.blue()]).max(axis=-1) < 30).any()
    assert (corner.max(axis=-1) < 40).sum() > 60
    assert "Aperçu" in tile.accessibleDescription()


def test_overlay_planes_are_drawn_in_their_colour(show: Show, data: Path) -> None:
    tile = show(data / "pydicom/examples_overlay.dcm", 484, 300)
    tile.one_to_one()
    colour = QColor(OVERLAY)
    found = (pixels(tile) == [colour.red(), colour.green(), colour.blue()]).all(axis=-1)
    with open_image(data / "pydicom/examples_overlay.dcm") as image:
        mask = image.overlays()[0].mask
    free = mask.copy()
    free[:70], free[-60:], free[:, :30], free[:, -30:] = False, False, False, False
    free[130:170] = False
    assert free.any() or found.any()
    assert found[free].all()


def test_a_photograph_is_shown_in_colour_and_can_be_brightened(show: Show, data: Path) -> None:
    tile = show(data / "derived/vl_photo_front.dcm", 300, 225)
    assert "W 256" not in tile.accessibleDescription()
    before = pixels(tile)[80:150, 100:200].astype(int)
    assert (before[..., 0] - before[..., 2]).mean() > 20
    tile.set_voi(Voi(90, 256))
    assert pixels(tile)[80:150, 100:200].mean() > before.mean() + 15


def test_frames_are_asked_for_and_keep_the_view(show: Show, data: Path) -> None:
    tile = show(None)
    source = open_image(data / "pydicom-data/emri_small.dcm")
    tile.show_source(source)
    wanted: list[int] = []
    tile.frame_wanted.connect(wanted.append)
    QTest.keyClick(tile, Qt.Key.Key_PageUp)
    QTest.keyClick(tile, Qt.Key.Key_PageDown)
    assert wanted == [1]
    tile.zoom(2)
    view = tile.view
    tile.show_source(source, 1)
    assert tile.view == view


def test_an_error_is_a_sentence_on_black(show: Show, ramp: bytes) -> None:
    def french(message_id: str) -> str:
        return {DamagedPixels.message_id: "Image endommagée."}[message_id]

    tile = show(ramp, texts=TileTexts(translate=french))
    error: PixelError = DamagedPixels()
    tile.show_error(tile.texts.sentence(error))
    assert (tile.state, tile.view, tile.voi) == (TileState.ERROR, None, None)
    assert tile.accessibleDescription() == "Image endommagée."
    assert 0 < (pixels(tile).max(axis=-1) > 100).mean() < 0.1
    QTest.keyClick(tile, Qt.Key.Key_R)
    drag(tile, QPoint(20, 20), QPoint(60, 60))


def test_a_damaged_file_becomes_an_error_state(show: Show, data: Path) -> None:
    whole = bytearray((data / "pydicom/MR_small_jp2klossless.dcm").read_bytes())
    at = whole.index(b"\xff\x4f\xff\x51")
    whole[at : at + 60] = bytes(60)
    tile = show(bytes(whole))
    assert tile.state is TileState.ERROR
    assert tile.accessibleDescription() == DamagedPixels.message_id


def test_loading_and_empty_states_say_so(show: Show) -> None:
    tile = show(None)
    assert (tile.state, tile.accessibleDescription()) == (TileState.EMPTY, "No image")
    tile.show_loading()
    assert (tile.state, tile.accessibleDescription()) == (TileState.LOADING, "Loading…")
    tile.clear()
    assert tile.state is TileState.EMPTY


def test_a_screen_reader_hears_name_and_state(show: Show, ramp: bytes) -> None:
    QAccessible.setActive(True)
    tile = show(ramp)
    tile.setLocale(QLocale("fr_CA"))
    tile.set_captions(("Côté, Éloïse",))
    found = QAccessible.queryAccessibleInterface(tile)
    assert found.text(QAccessible.Text.Name) == "Téléradiographie"
    assert found.text(QAccessible.Text.Description) == "Côté, Éloïse, W 1\N{NO-BREAK SPACE}000  C 500, 200%"


def test_a_device_pixel_ratio_of_two_draws_twice_the_pixels(
    show: Show, make_image: MakeImage, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = np.random.default_rng(6).integers(0, 256, (240, 240)).astype(np.uint8)
    monkeypatch.setattr(Tile, "devicePixelRatioF", lambda _: 2.0)
    tile = show(make_image(values, WindowCenter=128, WindowWidth=256), 120, 120)
    assert tile.view is not None
    assert (tile.view.width, tile.view.scale) == (240, 1.0)
    target = QImage(240, 240, QImage.Format.Format_RGB32)
    target.setDevicePixelRatio(2.0)
    tile.render(target)
    shown = np.array(target.constBits()).reshape(240, 240, 4)[..., 0]
    np.testing.assert_array_equal(shown[80:110, 60:180], values[80:110, 60:180])
