"""The pages of the panel: what is shown, alignment, occlusion and difference."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QSlider

from viewer.errors import N_, ViewerError
from viewer.mesh.alignment import Alignment, by_points, by_surfaces
from viewer.mesh.colouring import DIFFERENCE, OCCLUSION, Scale, tinted
from viewer.mesh.distances import CONTACT_MM, Distances, distances
from viewer.mesh.mesh import Mesh, Points
from viewer.model.model_plan import Place
from viewer.volume.rendering import Eye
from viewer.widgets.look import Look
from viewer.widgets.models.legend import Legend
from viewer.widgets.models.state import Model, ModelsState
from viewer.widgets.posting import Post
from viewer.widgets.texts import TileTexts
from viewer.widgets.volume.form import Page, choose, say
from viewer.widgets.volume.scene_view import SIDE_WORDS, SceneView

JAWS = (("", N_("Not said")), ("upper", N_("Upper jaw")), ("lower", N_("Lower jaw")))
AXES = (((1, 0, 0), N_("From the left")), ((0, 1, 0), N_("From behind")), ((0, 0, 1), N_("From above")))
WORKING = N_("Working…")
PAIR = N_("Point {number} on “{model}”")
ALIGNED = N_("{pairs} pairs · {rms} mm left between them")
CONTACT = N_("Nearest {nearest} mm · {share} % of the surface within {limit} mm")
CHANGED = N_("Root mean square {rms} mm · 95 % within {most} mm")
STEPS = 100


class ShowPage(Page):
    """Jaw of each model, from where it is seen, the section."""

    def __init__(self, state: ModelsState, scene: SceneView, texts: TileTexts, look: Look) -> None:
        super().__init__(texts, look)
        self._state, self._scene = state, scene
        self.head(N_("Seen from"))
        self.grid(
            self.make_button(words, partial(scene.look_from, eye))
            for words, eye in ((words, Eye(*side)) for side, words in SIDE_WORDS.items())
        )
        self.head(N_("Section plane"))
        self.axis = self.choice(N_("Cut away"), [(None, N_("Nothing")), *AXES], self._cut)
        self.cut_depth = QSlider(Qt.Orientation.Horizontal)
        self.cut_depth.setRange(0, STEPS)
        self.cut_depth.setValue(STEPS // 2)
        self.cut_depth.setAccessibleName(texts.say(N_("Depth of the cut")))
        self.cut_depth.valueChanged.connect(lambda _value: self._cut())
        self.column.addWidget(self.cut_depth)
        self.head(N_("Jaw"))
        self.jaws: dict[str, QComboBox] = {}
        for key, model in state.models.items():
            if not model.entry.volume:
                self.jaws[key] = self._jaw(key, model)
        self.end()
        state.changed.connect(self._follow)

    def _jaw(self, key: str, model: Model) -> QComboBox:
        box: QComboBox = self.choice(model.entry.words, list(JAWS), lambda: None)
        box.currentIndexChanged.connect(lambda _index: self._state.set_jaw(key, str(box.currentData())))
        return box

    def _follow(self) -> None:
        for key, box in self.jaws.items():
            choose(box, self._state.models[key].plan.jaw)

    def _cut(self) -> None:
        axis = self.axis.currentData()
        shown = [mesh for model in self._state.models.values() if model.shown and (mesh := model.placed_mesh)]
        if axis is None or not shown:
            self._scene.on_scene(lambda scene: scene.section(None, (0, 0, 1)), draws=False)
            return
        low = np.min([mesh.bounds[0] for mesh in shown], axis=0)
        high = np.max([mesh.bounds[1] for mesh in shown], axis=0)
        x, y, z = (low + (high - low) * (1 - self.cut_depth.value() / STEPS)).tolist()
        normal = (float(axis[0]), float(axis[1]), float(axis[2]))
        self._scene.on_scene(lambda scene: scene.section((x, y, z), normal), draws=False)


class PairPage(Page):
    """Base of the pages that set one model against another."""

    def __init__(
        self, state: ModelsState, texts: TileTexts, look: Look, pool: Executor, post: Post, first: str, second: str
    ) -> None:  # fmt: skip
        super().__init__(texts, look)
        self._state, self._pool, self._post = state, pool, post
        entries = [(key, model.entry.words) for key, model in state.models.items()]
        self.first = self.choice(first, entries, self.turned)
        self.second = self.choice(second, entries, self.turned)
        if len(entries) > 1:
            with QSignalBlocker(self.second):
                self.second.setCurrentIndex(1)

    def turned(self) -> None:
        """Other models are chosen."""

    @property
    def keys(self) -> tuple[str, str]:
        """The two that are chosen."""
        return str(self.first.currentData()), str(self.second.currentData())

    def with_both(self, words: QLabel, work: Callable[[Mesh, Mesh], Callable[[], None]]) -> None:
        """Read both, work in the background, and do what comes of it; a refusal is said in `words`."""
        one, two = self.keys
        if not one or not two or one == two:
            say(words, self.texts.say(N_("Choose two models.")))
            return
        say(words, self.texts.say(WORKING))
        self._state.load(one, lambda: self._state.load(two, lambda: self._work(one, two, words, work)))

    def _work(self, one: str, two: str, words: QLabel, work: Callable[[Mesh, Mesh], Callable[[], None]]) -> None:
        first, second = self._state.models[one].placed_mesh, self._state.models[two].placed_mesh
        if first is None or second is None:
            return

        def run() -> None:
            try:
                then = work(first, second)
            except ViewerError as error:
                sentence = self.texts.sentence(error)
                self._post.post(lambda: say(words, sentence))
            else:
                self._post.post(then)

        self._pool.submit(run)

    def amount(self, value: float, decimals: int = 2) -> str:
        """A number as the user writes it."""
        return self.locale().toString(float(value), "f", decimals)


class AlignPage(PairPage):
    """Points on one model and the other in turn, then the surfaces."""

    def __init__(
        self, state: ModelsState, scene: SceneView, texts: TileTexts, look: Look, pool: Executor, post: Post
    ) -> None:  # fmt: skip
        super().__init__(state, texts, look, pool, post, N_("Model that moves"), N_("Model that stays"))
        self._scene = scene
        self.pairs: list[tuple[Place, Place]] = []
        self._first_of_pair: Place | None = None
        self.pick = self.make_button(N_("Set pairs of points"), lambda: None)
        self.pick.setCheckable(True)
        self.pick.toggled.connect(self._arm)
        self.column.addWidget(self.pick)
        self.words = self.note(N_("Point at the same place on the model that moves, then on the one that stays."))
        self.button(N_("Align by the points"), self.by_points)
        self.button(N_("Refine by the surfaces"), self.by_surfaces, primary=True)
        self.button(N_("As the file has it"), self.reset)
        self.end()

    def turned(self) -> None:
        """Other models: the pairs begin anew."""
        self.pairs, self._first_of_pair = [], None

    def _arm(self, on: bool) -> None:
        self._scene.points = on
        self.turned()
        if on:
            self._ask()

    def _ask(self) -> None:
        key = self.keys[0 if self._first_of_pair is None else 1]
        model = self._state.models[key].entry.words
        say(self.words, self.texts.say(PAIR, number=len(self.pairs) + 1, model=model))

    @property
    def wanted(self) -> str:
        """The model on which the next point lies; '' while none is set."""
        return self.keys[0 if self._first_of_pair is None else 1] if self.pick.isChecked() else ""

    def take(self, place: Points) -> None:
        """A place on the wanted model was pointed at."""
        x, y, z = place.tolist()
        if self._first_of_pair is None:
            self._first_of_pair = (x, y, z)
        else:
            self.pairs.append((self._first_of_pair, (x, y, z)))
            self._first_of_pair = None
        self._ask()

    def by_points(self) -> None:
        """Move by the pairs."""
        try:
            found = by_points(np.array([a for a, _b in self.pairs]), np.array([b for _a, b in self.pairs]))
        except ViewerError as error:
            say(self.words, self.texts.sentence(error))
            return
        self.pick.setChecked(False)
        self._take(found)

    def by_surfaces(self) -> None:
        """Move until the surfaces lie on one another, from where they stand."""

        def work(moving: Mesh, fixed: Mesh) -> Callable[[], None]:
            found = by_surfaces(moving, fixed)
            return lambda: self._take(found)

        self.with_both(self.words, work)

    def _take(self, found: Alignment) -> None:
        key = self.keys[0]
        self._state.move(key, found.matrix @ self._state.models[key].matrix)
        self.turned()
        say(self.words, self.texts.say(ALIGNED, pairs=found.pairs, rms=self.amount(found.rms_mm)))

    def reset(self) -> None:
        """Where the file has it."""
        self._state.move(self.keys[0], np.eye(4))
        say(self.words, "")


class DistancePage(PairPage):
    """Distances of the first model to the second as colours: of the occlusion, or of two dates."""

    def __init__(
        self, state: ModelsState, texts: TileTexts, look: Look, pool: Executor, post: Post, scale: Scale,
        names: tuple[str, str],
    ) -> None:  # fmt: skip
        super().__init__(state, texts, look, pool, post, *names)
        self._scale = scale
        self.button(N_("Show the distances"), self.measure, primary=True)
        self.button(N_("Without colours"), self.plain)
        self.legend = Legend(scale, texts, look)
        self.column.addWidget(self.legend)
        self.words = self.note()
        if scale is DIFFERENCE:
            self.note(N_("Align the two first: what has not changed lies on itself then, and is white."))
        self.end()
        self._propose()

    def _propose(self) -> None:
        """Upper against lower; or of one jaw the newest against the one before it."""
        by_jaw: dict[str, list[str]] = {"upper": [], "lower": []}
        for key, model in self._state.models.items():
            by_jaw.get(model.plan.jaw, []).append(key)
        if self._scale is OCCLUSION:
            pair = [keys[0] for keys in by_jaw.values() if keys]
        else:
            pair = next((keys[:2] for keys in by_jaw.values() if len(keys) > 1), [])
        for box, key in zip((self.first, self.second), pair, strict=False):
            choose(box, key)

    def measure(self) -> None:
        """Measure and colour."""
        scale, both = self._scale, self._scale is OCCLUSION

        def work(first: Mesh, second: Mesh) -> Callable[[], None]:
            there = distances(first, second)
            one = tinted(first, there.values, scale)
            two = tinted(second, distances(second, first).values, scale) if both else None
            return lambda: self._show(there, one, two)

        self.with_both(self.words, work)

    def _show(self, found: Distances, one: Mesh, two: Mesh | None) -> None:
        first, second = self.keys
        self._state.tint(first, one)
        if two is not None:
            self._state.tint(second, two)
        else:
            self._state.show(second, False)
        if two is not None:
            share = 100 * float(found.within().mean())
            values = {"nearest": self.amount(found.values.min()), "share": self.amount(share, 1)}
            say(self.words, self.texts.say(CONTACT, **values, limit=self.amount(CONTACT_MM, 1)))
        else:
            most = float(np.percentile(np.abs(found.values), 95))
            say(self.words, self.texts.say(CHANGED, rms=self.amount(found.rms_mm), most=self.amount(most)))

    def plain(self) -> None:
        """Plaster again."""
        self._state.clear_tints()
        say(self.words, "")
