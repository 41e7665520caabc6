"""The models of a workspace: what is loaded, shown, moved and placed on them."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from viewer.errors import ViewerError
from viewer.mesh.colouring import markers
from viewer.mesh.mesh import Mesh, Points
from viewer.model.model_plan import ModelPlan, Place
from viewer.volume.rendering import Scene
from viewer.widgets.models.host import Entry, ModelsHost
from viewer.widgets.posting import Post
from viewer.widgets.volume.scene_view import SceneView

PLASTER = ((0.91, 0.87, 0.80), (0.80, 0.86, 0.91), (0.90, 0.80, 0.82), (0.83, 0.90, 0.80))
JAW_WORDS = {
    "upper": r"upper|maxill|(?<![a-z])(sup|haut)",
    "lower": r"lower|mandib|(?<![a-z])(inf|bas)(?![a-z]*e_)",
}
"""As scanners and people name their files, in both languages."""
BONE = (0.93, 0.88, 0.78)
MARKER, CHOSEN_MARKER = (0.95, 0.75, 0.1), (0.6, 0.66, 1.0)


@dataclass
class Model:
    """One model. `tint` is its mesh in colours of distances, in the place where it stands now."""

    entry: Entry
    mesh: Mesh | None = None
    matrix: Points = field(default_factory=lambda: np.eye(4))
    shown: bool = False
    tint: Mesh | None = None
    plan: ModelPlan = field(default_factory=ModelPlan)
    error: str = ""

    @property
    def placed_mesh(self) -> Mesh | None:
        """The mesh where it stands now."""
        if self.mesh is None:
            return None
        return self.mesh if np.array_equal(self.matrix, np.eye(4)) else self.mesh.moved(self.matrix)


def jaw_in(words: str) -> str:
    """The jaw that the name of a file speaks of, as a proposal; '' where it speaks of none."""
    for jaw, pattern in JAW_WORDS.items():
        if re.search(pattern, words, re.IGNORECASE):
            return jaw
    return ""


class ModelsState(QObject):
    """`changed` after anything is loaded, shown or placed."""

    changed = Signal()
    planned = Signal(str)
    """Points of the model with this key were placed or taken away."""
    aligned = Signal(str)
    """The model with this key stands elsewhere now, by the hand of a person."""

    def __init__(
        self, host: ModelsHost, scene: SceneView, pool: ThreadPoolExecutor, post: Post,
        sentence: Callable[[ViewerError], str],
    ) -> None:  # fmt: skip
        super().__init__(scene)
        self.host, self._scene, self._pool, self._post, self._sentence = host, scene, pool, post, sentence
        self.models = {
            entry.key: Model(entry, plan=ModelPlan(jaw="" if entry.volume else jaw_in(entry.words)))
            for entry in host.entries
        }
        self.loading = 0

    def show(self, key: str, on: bool) -> None:
        """Show a model, reading it first; or hide it."""
        model = self.models[key]
        model.shown = on
        if on and model.mesh is None:
            self.load(key, lambda: self.draw(key))
        else:
            self.draw(key)
        self.changed.emit()

    def load(self, key: str, then: Callable[[], None]) -> None:
        """Read a model in the background; what went wrong stands at it as a sentence."""
        model = self.models[key]
        if model.mesh is not None:
            then()
            return
        self.loading += 1

        def work() -> None:
            try:
                found: Mesh | ViewerError = self.host.read(key)
            except ViewerError as error:
                found = error
            self._post.post(lambda: self._arrive(key, found, then))

        self._pool.submit(work)

    def _arrive(self, key: str, found: Mesh | ViewerError, then: Callable[[], None]) -> None:
        self.loading -= 1
        model = self.models[key]
        if isinstance(found, ViewerError):
            model.error, model.shown = self._sentence(found), False
        else:
            model.mesh, model.error = found, ""
            then()
        self.changed.emit()

    def draw(self, key: str) -> None:
        """Bring the scene up to what is to be shown of a model."""
        model, number = self.models[key], list(self.models).index(key)
        mesh = model.tint or model.placed_mesh
        if not model.shown or mesh is None:
            self._scene.on_scene(lambda scene: scene.hide(key), draws=False)
        else:
            colour, coloured = BONE if model.entry.volume else PLASTER[number % len(PLASTER)], model.tint is not None
            self._scene.on_scene(lambda scene: scene.show_mesh(key, mesh, colour, tinted=coloured))
        self.draw_points(key)

    def draw_points(self, key: str, chosen: str = "") -> None:
        """The points of a model as small balls, the chosen one in another colour."""
        model, name = self.models[key], f"points {key}"
        shown = model.plan.points if model.shown else {}
        usual = markers(self.moved(model, place) for one, place in shown.items() if one != chosen)
        picked = markers([self.moved(model, shown[chosen])] if chosen in shown else [])

        def deed(scene: Scene) -> None:
            for label, balls, colour in ((name, usual, MARKER), (f"{name} chosen", picked, CHOSEN_MARKER)):
                if balls is None:
                    scene.hide(label)
                else:
                    scene.show_mesh(label, balls, colour)

        self._scene.on_scene(deed, draws=False)

    @staticmethod
    def moved(model: Model, place: Place) -> Place:
        """A place of the file where the model stands now."""
        x, y, z = (model.matrix[:3, :3] @ np.asarray(place) + model.matrix[:3, 3]).tolist()
        return x, y, z

    @staticmethod
    def back(model: Model, place: Points) -> Place:
        """A place in the scene in millimetres of the file."""
        x, y, z = np.linalg.solve(model.matrix, np.append(place, 1.0))[:3].tolist()
        return x, y, z

    def move(self, key: str, matrix: Points) -> None:
        """Stand a model elsewhere; colours of distances no longer hold."""
        model = self.models[key]
        model.matrix = np.asarray(matrix, np.float64)
        self.clear_tints()
        self.draw(key)
        if not model.entry.volume:  # a volume is where everything else is aligned to
            model.plan = model.plan.standing(model.matrix.tolist())
            self.aligned.emit(key)
        self.changed.emit()

    def take_plan(self, key: str, plan: ModelPlan) -> None:
        """Show what is kept of a model: its points, and where it stands."""
        model = self.models[key]
        model.plan, matrix = plan, np.array(plan.matrix)
        if not np.array_equal(matrix, model.matrix):
            model.matrix = matrix
            self.clear_tints()
            self.draw(key)
        else:
            self.draw_points(key)

    def tint(self, key: str, mesh: Mesh) -> None:
        """Show a model in the colours of its distances."""
        self.models[key].tint = mesh
        self.models[key].shown = True
        self.draw(key)
        self.changed.emit()

    def clear_tints(self) -> None:
        """Plaster again."""
        for key, model in self.models.items():
            if model.tint is not None:
                model.tint = None
                self.draw(key)

    def place(self, key: str, name: str, place: Place | None) -> None:
        """Place a point on a model, or take it away."""
        model = self.models[key]
        model.plan = model.plan.placed(name, place)
        self.planned.emit(key)
        self.changed.emit()

    def set_jaw(self, key: str, jaw: str) -> None:
        """Say which jaw a model is of."""
        self.models[key].plan = replace(self.models[key].plan, jaw=jaw)
        self.planned.emit(key)
        self.changed.emit()

    def of_jaw(self, jaw: str) -> Model | None:
        """The model of a jaw that is shown, else any."""
        found = [model for model in self.models.values() if model.plan.jaw == jaw]
        return next((model for model in found if model.shown), found[0] if found else None)
