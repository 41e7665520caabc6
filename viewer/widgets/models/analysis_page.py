"""The page of the model analysis: a list of points to place, one after the other, and the figures that follow."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from viewer.errors import N_
from viewer.mesh.mesh import Points
from viewer.mesh.model_analysis import Bolton
from viewer.mesh.study_points import EDGE, MESIAL, NAMES, figures, point_names
from viewer.model.model_plan import Place
from viewer.widgets.look import Look
from viewer.widgets.models.state import Model, ModelsState
from viewer.widgets.texts import TileTexts
from viewer.widgets.volume.form import Page, say
from viewer.widgets.volume.scene_view import SceneView

JAWS = (("upper", N_("Upper jaw")), ("lower", N_("Lower jaw")))
NO_MODEL = N_("No model is said to be of this jaw: say so on the page Show.")
PLACED = N_("placed")
OVERALL, ANTERIOR = N_("Bolton overall"), N_("Bolton anterior")
RATIO = N_("{name}: {ratio} % ({deviation} SD), {excess} mm too much {jaw}")
IN_LOWER, IN_UPPER = N_("in the lower jaw"), N_("in the upper jaw")
SPACE = N_("Space, {jaw}: {available} mm for {required} mm: {left} mm")
LITTLE, BITE = N_("Little’s index: {value} mm"), N_("Overjet {overjet} mm · overbite {overbite} mm")
LIST_PX = 260


class PointList(QListWidget):
    """Delete takes the point away."""

    def __init__(self, page: AnalysisPage) -> None:
        super().__init__()
        self._page = page

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Backspace."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._page.take_away()
        else:
            super().keyPressEvent(event)


class AnalysisPage(Page):
    """`wanted` is the model on which a click places the chosen point, while points are being placed."""

    def __init__(self, state: ModelsState, scene: SceneView, texts: TileTexts, look: Look) -> None:
        super().__init__(texts, look)
        self._state, self._scene = state, scene
        self.jaw = self.choice(N_("Points of the"), list(JAWS), self._fill)
        self.pick = self.make_button(N_("Place points"), lambda: None)
        self.pick.setCheckable(True)
        self.pick.setEnabled(not state.host.refusal)
        self.pick.setToolTip(state.host.refusal)
        self.pick.toggled.connect(self._arm)
        self.column.addWidget(self.pick)
        self.note(N_("A click on the model places the point that is marked in the list, and goes on to the next."))
        self.points = PointList(self)
        self.points.setAccessibleName(texts.say(N_("Points")))
        self.points.setMinimumHeight(look.px(LIST_PX))
        self.points.currentRowChanged.connect(lambda _row: self._mark())
        self.column.addWidget(self.points, 1)
        self.remove = self.button(N_("Remove the point"), self.take_away)
        self.words = self.note("", "warning")
        self.head(N_("Figures"))
        self.results = self.note()
        self.end()
        state.changed.connect(self._show)
        self._fill()

    @property
    def model(self) -> Model | None:
        """The model of the jaw that is chosen."""
        return self._state.of_jaw(str(self.jaw.currentData()))

    @property
    def wanted(self) -> str:
        """The key of the model on which points are being placed; '' while none are."""
        model = self.model
        return model.entry.key if self.pick.isChecked() and model is not None else ""

    @property
    def name(self) -> str:
        """The point that is chosen in the list."""
        item = self.points.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""

    def take(self, place: Place) -> None:
        """Place the chosen point here, in mm of the file, and go on."""
        key, name = self.wanted, self.name
        if key and name:
            self._state.place(key, name, place)
            self.points.setCurrentRow(min(self.points.currentRow() + 1, self.points.count() - 1))

    def take_away(self) -> None:
        """The chosen point is placed no more."""
        model = self.model
        if model is not None and self.name in model.plan.points and not self._state.host.refusal:
            self._state.place(model.entry.key, self.name, None)

    def _arm(self, on: bool) -> None:
        self._scene.points = on
        model = self.model
        if on and model is not None and not model.shown:
            self._state.show(model.entry.key, True)

    def _fill(self) -> None:
        with QSignalBlocker(self.points):
            self.points.clear()
            for name in point_names(str(self.jaw.currentData())):
                item = QListWidgetItem()
                item.setData(Qt.ItemDataRole.UserRole, name)
                self.points.addItem(item)
            self.points.setCurrentRow(0)
        self._show()

    def _show(self) -> None:
        model = self.model
        placed = model.plan.points if model is not None else {}
        for row in range(self.points.count()):
            item = self.points.item(row)
            name = str(item.data(Qt.ItemDataRole.UserRole))
            words = point_words(self.texts, name)
            item.setText(f"✓ {words} · {self.texts.say(PLACED)}" if name in placed else words)
        say(self.words, "" if model is not None else self.texts.say(NO_MODEL))
        self.remove.setEnabled(self.name in placed)
        self._mark()
        say(self.results, "\n".join(self.lines()))

    def _mark(self) -> None:
        model = self.model
        if model is not None and model.shown:
            self._state.draw_points(model.entry.key, self.name)
        self.remove.setEnabled(model is not None and self.name in model.plan.points)

    def lines(self) -> list[str]:
        """The figures that can be told, and what is the first that lacks."""
        models = {jaw: model for jaw, _words in JAWS if (model := self._state.of_jaw(jaw)) is not None}
        matrices: dict[str, Points] = {jaw: model.matrix for jaw, model in models.items()}
        found = figures({jaw: model.plan for jaw, model in models.items()}, matrices)
        lines = []
        for name, ratio in ((OVERALL, found.overall), (ANTERIOR, found.anterior)):
            if ratio is not None:
                lines.append(self._ratio(name, ratio))
        for jaw, words in JAWS:
            if (space := found.spaces.get(jaw)) is not None:
                values = (space.available, space.required, space.discrepancy)
                available, required, left = (self._amount(value) for value in values)
                named = self.texts.say(words)
                lines.append(self.texts.say(SPACE, jaw=named, available=available, required=required, left=left))
        if found.little is not None:
            lines.append(self.texts.say(LITTLE, value=self._amount(found.little)))
        if found.bite is not None:
            overjet, overbite = self._amount(found.bite.overjet), self._amount(found.bite.overbite)
            lines.append(self.texts.say(BITE, overjet=overjet, overbite=overbite))
        return lines + [self.texts.sentence(error) for error in found.lacking[:1]]

    def _ratio(self, name: str, ratio: Bolton) -> str:
        jaw = self.texts.say(IN_LOWER if ratio.excess > 0 else IN_UPPER)
        values = {"ratio": self._amount(ratio.ratio), "deviation": self._amount(ratio.deviation)}
        return self.texts.say(
            RATIO, name=self.texts.say(name), **values, excess=self._amount(abs(ratio.excess)), jaw=jaw
        )

    def _amount(self, value: float) -> str:
        return self.locale().toString(value, "f", 1)


def point_words(texts: TileTexts, name: str) -> str:
    """A point as people call it."""
    parts = name.split()
    if parts[0] == "line":
        return texts.say(NAMES["line"], number=parts[1])
    if parts[0] == "contact":
        return texts.say(NAMES["contact"], first=parts[1], second=parts[2], side=parts[3])
    if name == EDGE:
        return texts.say(NAMES[EDGE])
    return texts.say(NAMES[MESIAL if name.endswith(MESIAL) else name[-1]], tooth=name[:-1])
