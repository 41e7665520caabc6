"""Pictures of surfaces and volumes; where no OpenGL is, a sentence and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tests.viewer.mesh.test_meshes import globe
from viewer.volume import rendering
from viewer.volume.grid import Volume
from viewer.volume.rendering import TISSUES, Eye, NoOpenGl, Scene, can_render


@pytest.fixture
def scene() -> Iterator[Scene | None]:
    """A scene; None on a machine without OpenGL, where making one must be refused."""
    if not can_render():
        with pytest.raises(NoOpenGl):
            Scene()
        yield None
        return
    made = Scene((0, 0, 0))
    yield made
    made.close()


def drawn(picture: np.ndarray) -> np.ndarray:
    return np.asarray(picture[..., :3].max(-1) > 8)


def test_a_globe_is_drawn_round_and_in_its_colour(scene: Scene | None) -> None:
    if scene is None:
        return
    scene.show_mesh("globe", globe(), (1.0, 0.0, 0.0))
    picture = scene.picture(200, 160, Eye())
    assert picture.shape == (160, 200, 4)
    assert (picture[..., 3] == 255).all()
    body = drawn(picture)
    rows, columns = np.nonzero(body)
    assert np.ptp(rows) == pytest.approx(np.ptp(columns), abs=2)
    assert picture[body][:, 0].mean() > 3 * picture[body][:, 2].mean()
    scene.hide("globe")
    assert not drawn(scene.picture(200, 160, Eye())).any()


def test_the_eye_goes_around_the_body(scene: Scene | None) -> None:
    """A globe on the left of the patient stands on the right of the picture from the front."""
    if scene is None:
        return
    scene.show_mesh("middle", globe(6), (0.0, 1.0, 0.0))
    scene.show_mesh("left", globe(4, (12, 0, 0)), (1.0, 0.0, 0.0))
    columns = {}
    for azimuth in (0, 90, 180):
        picture = scene.picture(200, 160, Eye(azimuth)).astype(int)
        red = (picture[..., 0] > 40) & (picture[..., 0] > 2 * picture[..., 1])
        columns[azimuth] = np.nonzero(red)[1].mean() - np.nonzero(drawn(picture))[1].mean()
    assert columns[0] > 20
    assert abs(columns[90]) < 5
    assert columns[180] < -20


def test_a_volume_is_drawn_and_clipped(scene: Scene | None) -> None:
    if scene is None:
        return
    layers, rows, columns = np.indices((40, 40, 40))
    ball = np.hypot(np.hypot(rows - 20, columns - 20), layers - 20) < 14
    volume = Volume(np.where(ball, 1500, -1000).astype(np.int16), np.diag([0.5, 0.5, 0.5, 1.0]), unit="HU")
    scene.show_volume(volume, TISSUES[0])
    whole = drawn(scene.picture(160, 160, Eye())).sum()
    assert whole > 1000
    scene.clip((0, 20, 0, 40, 0, 40))
    half = drawn(scene.picture(160, 160, Eye(), moving=True)).sum()
    assert 0.3 * whole < half < 0.7 * whole


def test_without_opengl_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "can_render", lambda: False)
    with pytest.raises(NoOpenGl, match="offers no OpenGL"):
        Scene()
