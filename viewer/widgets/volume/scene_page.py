"""The page of the third dimension: what is drawn, from where, the clip box, surfaces and their export."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QLabel, QSlider

from viewer.errors import N_, ViewerError
from viewer.mesh.mesh import Mesh
from viewer.volume.grid import Volume
from viewer.volume.rendering import TISSUES, Eye, Scene
from viewer.volume.returning import give_back
from viewer.volume.surfaces import PRESETS, Preset, Recipe, level_of, surface
from viewer.widgets.look import Look
from viewer.widgets.posting import Post
from viewer.widgets.texts import TileTexts
from viewer.widgets.volume.form import Page, say
from viewer.widgets.volume.scene_view import SIDE_WORDS, SceneView
from viewer.widgets.volume.state import VolumeState

COLOURS = {
    "Skin": (0.87, 0.68, 0.58), "Bone": (0.93, 0.88, 0.78), "Teeth": (1.0, 0.98, 0.92), "Airway": (0.36, 0.78, 1.0),
}  # fmt: skip
OPACITIES = {"Skin": 0.35, "Airway": 0.75}
AIRWAY = "Airway"
NO_DRAWING, SURFACES = N_("Nothing"), N_("Surfaces")
MAKING = N_("Making the surface…")
AXES = (
    (N_("From the right"), N_("From the left")),
    (N_("From the front"), N_("From behind")),
    (N_("From below"), N_("From above")),
)
WHOLE, LEAST_PART = 100, 0.02


class ScenePage(Page):
    """Acts on one three-dimensional pane."""

    def __init__(
        self, state: VolumeState, scene: SceneView, texts: TileTexts, look: Look, pool: Executor, post: Post,
        export: Callable[[str, Mesh], None],
    ) -> None:  # fmt: skip
        super().__init__(texts, look)
        self._state, self._scene, self._pool, self._post, self._export = state, scene, pool, post, export
        self.meshes: dict[str, Mesh] = {}
        self._numbers: dict[str, int] = {}
        self.refusal = self.note("", "warning")
        scene.refused.connect(lambda words: say(self.refusal, words))
        self.head(N_("Volume"))
        entries: list[tuple[object, str]] = [(-1, NO_DRAWING), *((n, tissue.name) for n, tissue in enumerate(TISSUES))]
        self.tissue = self.choice(N_("Tissue that is drawn"), entries, self._show_tissue)
        self._fill_surfaces()
        self._fill_sides()
        self._fill_clip()
        self.end()

    def _fill_surfaces(self) -> None:
        self.head(N_("Surfaces"))
        self.checks = {preset.name: self.check(preset.name, partial(self._show_surface, preset)) for preset in PRESETS}
        self.words = self.note()
        self.smooth = self.check(N_("Smoothed"), lambda _on: self._again(), on=True)
        self.thin = self.check(N_("Fewer triangles"), lambda _on: self._again(), on=True)
        self.button(N_("Export the surfaces as STL…"), self._export_shown)

    def _fill_sides(self) -> None:
        self.head(N_("Seen from"))
        self.grid(
            self.make_button(words, partial(self._look_from, Eye(azimuth, height)))
            for (azimuth, height), words in SIDE_WORDS.items()
        )

    def _fill_clip(self) -> None:
        self.head(N_("Clip box"))
        self.sliders: list[tuple[QSlider, QSlider]] = []
        for low, high in AXES:
            pair = self._slider(low, 0), self._slider(high, 0)
            self.sliders.append(pair)
        self.button(N_("Show all of it"), self._unclip)

    def _slider(self, message_id: str, value: int) -> QSlider:
        words = self.texts.say(message_id)
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, WHOLE - 5)
        slider.setValue(value)
        slider.setAccessibleName(words)
        slider.valueChanged.connect(lambda _value: self._clip())
        label = QLabel(words)
        label.setBuddy(slider)
        self.column.addWidget(label)
        self.column.addWidget(slider)
        return slider

    # -- drawing --------------------------------------------------------------------------------------------
    def begin(self) -> None:
        """Draw bone, when the pane is first looked at."""
        if self.tissue.currentData() == -1 and not self.meshes:
            self.tissue.setCurrentIndex(1)

    def _look_from(self, eye: Eye) -> None:
        self._scene.look_from(eye)

    def _show_tissue(self) -> None:
        number, volume = int(self.tissue.currentData()), self._state.volume
        if number < 0:
            self._scene.on_scene(lambda scene: scene.hide("volume"), draws=False)
            self._scene.empty = not self.meshes
            self._scene.update()
            return
        self._scene.on_scene(lambda scene: scene.show_volume(volume, TISSUES[number]))
        self._clip()

    def show_mesh(self, name: str, mesh: Mesh | None) -> None:
        """A surface under a name, or none."""
        if mesh is None:
            if self.meshes.pop(name, None) is not None:
                self._scene.on_scene(lambda scene: scene.hide(name), draws=False)
            return
        self.meshes[name] = mesh
        colour, opacity = COLOURS[name], OPACITIES.get(name, 1.0)
        self._scene.on_scene(lambda scene: scene.show_mesh(name, mesh, colour, opacity))

    def _show_surface(self, preset: Preset, on: bool) -> None:
        number = self._numbers[preset.name] = self._numbers.get(preset.name, 0) + 1
        if not on:
            self.show_mesh(preset.name, None)
            return
        say(self.words, self.texts.say(MAKING))
        volume, level = self._state.volume, level_of(self._state.volume, preset)
        smooth, thin = self.smooth.isChecked(), self.thin.isChecked()

        def work() -> None:
            if not thin:  # a first picture meanwhile
                quick = _made(volume, Recipe(level, smoothed=False, thinned=True, half=True))
                self._post.post(lambda: self._arrive(preset.name, number, quick, last=False))
            whole = _made(volume, Recipe(level, smoothed=smooth, thinned=thin))
            self._post.post(lambda: self._arrive(preset.name, number, whole, last=True))
            give_back()

        self._pool.submit(work)

    def _arrive(self, name: str, number: int, found: Mesh | ViewerError, *, last: bool) -> None:
        if number != self._numbers.get(name):
            return
        if isinstance(found, ViewerError):
            say(self.words, self.texts.sentence(found))
            return
        if last:
            say(self.words, "")
        self.show_mesh(name, found)

    def forget(self) -> None:
        """Let the surfaces go."""
        self._numbers.clear()
        self.meshes.clear()

    def _again(self) -> None:
        for preset in PRESETS:
            if self.checks[preset.name].isChecked():
                self._show_surface(preset, True)

    # -- the clip box ---------------------------------------------------------------------------------------
    def _clip(self) -> None:
        layers, rows, columns = self._state.volume.shape
        parts = [(low.value() / WHOLE, 1 - high.value() / WHOLE) for low, high in self.sliders]
        parts = [(low, max(low + LEAST_PART, high)) for low, high in parts]
        x, y, z = (
            (low * (count - 1), high * (count - 1))
            for (low, high), count in zip(parts, (columns, rows, layers), strict=True)
        )
        least, most = self._state.volume.corners_mm.min(0), self._state.volume.corners_mm.max(0)
        low = least + (most - least) * [part[0] for part in parts]
        high = least + (most - least) * [part[1] for part in parts]
        whole = all(part == (0.0, 1.0) for part in parts)

        def deed(scene: Scene) -> None:
            scene.clip(None if whole else (*x, *y, *z))
            scene.clip_surfaces((low[0], low[1], low[2]), (high[0], high[1], high[2]))

        self._scene.on_scene(deed, draws=False)

    def _unclip(self) -> None:
        for pair in self.sliders:
            for slider in pair:
                with QSignalBlocker(slider):
                    slider.setValue(0)
        self._clip()

    def _export_shown(self) -> None:
        if not self.meshes:
            say(self.words, self.texts.say(N_("Show a surface first: what is shown is exported.")))
            return
        for name, mesh in self.meshes.items():
            self._export(name, mesh)


def _made(volume: Volume, recipe: Recipe) -> Mesh | ViewerError:
    try:
        return surface(volume, recipe)
    except ViewerError as error:
        return error
