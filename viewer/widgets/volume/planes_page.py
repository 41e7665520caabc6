"""The page of the planes: grey levels, slab, turning, and the list of measurements."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from viewer.errors import N_, ViewerError
from viewer.model.volume_plan import MarkKind, SpatialMark
from viewer.volume.measuring import region_statistics, value_at
from viewer.volume.planes import Blend
from viewer.widgets.look import Look
from viewer.widgets.texts import TileTexts
from viewer.widgets.volume.drawing import figure_text
from viewer.widgets.volume.form import MM, Page, choose, put, say
from viewer.widgets.volume.plane_view import BLENDS
from viewer.widgets.volume.state import MOST_SLAB_MM, VolumeState
from viewer.widgets.volume.windows import EVERYTHING, LEAST_WIDTH, PRESETS, Window, WindowPreset, whole_range, window_of

KINDS = {MarkKind.LENGTH: N_("Distance"), MarkKind.ANGLE: N_("Angle"), MarkKind.REGION: N_("Region")}
GREY = N_("These are grey values, not Hounsfield units: compare them within this volume only.")
VALUE_HERE = N_("Value where the planes cross: {value}")
STATISTICS = N_("Mean {mean} · SD {deviation} · {low} to {high} · {count} cells")
NO_MARKS = N_("Nothing is measured yet: take the tool Distance, Angle or Region.")
LIST_PX = 110


class MarkList(QListWidget):
    """Delete takes the chosen measurement away."""

    def __init__(self, state: VolumeState) -> None:
        super().__init__()
        self._state = state

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Backspace."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._state.remove_chosen()
        else:
            super().keyPressEvent(event)


class PlanesPage(Page):
    """Follows the state and changes it."""

    def __init__(self, state: VolumeState, texts: TileTexts, look: Look) -> None:
        super().__init__(texts, look)
        self._state = state
        self.head(N_("Grey levels"))
        buttons = [self.make_button(one.name, partial(self._preset, one)) for one in PRESETS]
        buttons.append(self.make_button(EVERYTHING, lambda: state.set_window(whole_range(state.volume))))
        buttons.append(self.make_button(N_("Invert"), state.invert))
        self.grid(buttons)
        low, high = state.volume.range
        self.centre = self.number(N_("Centre"), low - 1, high + 1, 10, "", self._typed, 0, 0)
        self.width_ = self.number(N_("Width"), LEAST_WIDTH, 2 * (high - low) + 2, 10, "", self._typed, LEAST_WIDTH, 0)
        self.value = self.note()
        if state.volume.unit != "HU":
            self.note(GREY, "warning")
        self.head(N_("Planes"))
        self.slab = self.number(N_("Thickness of the slab"), 0, MOST_SLAB_MM, 1, MM, lambda _mm: self._slab(), 0)
        self.blend = self.choice(N_("The slab shows"), [(kind, BLENDS[kind]) for kind in Blend], self._slab)
        self.straighten = self.button(N_("Turn the planes back"), state.set_upright)
        self.head(N_("Measurements"))
        self.marks = MarkList(state)
        self.marks.setAccessibleName(texts.say(N_("Measurements")))
        self.marks.setFixedHeight(look.px(LIST_PX))
        self.marks.setWordWrap(True)
        self.marks.currentRowChanged.connect(self._choose)
        self.column.addWidget(self.marks)
        self.figures = self.note(NO_MARKS)
        self.remove = self.button(N_("Remove the measurement"), state.remove_chosen)
        self.end()
        state.windowed.connect(self._show_window)
        state.crossed.connect(self._show_planes)
        state.planned.connect(self._show_marks)
        self._show_window()
        self._show_planes()
        self._show_marks()

    def _preset(self, preset: WindowPreset) -> None:
        self._state.set_window(window_of(self._state.volume, preset))

    def _typed(self, _value: float) -> None:
        self._state.set_window(Window(self.centre.value(), self.width_.value()))

    def _slab(self) -> None:
        self._state.set_slab(self.slab.value(), Blend(self.blend.currentData()))

    def _show_window(self) -> None:
        put(self.centre, self._state.window.centre)
        put(self.width_, self._state.window.width)

    def _show_planes(self) -> None:
        state = self._state
        put(self.slab, state.slab_mm)
        choose(self.blend, state.blend)
        self.straighten.setEnabled(state.crossing.is_oblique)
        x, y, z = state.crossing.centre_mm.tolist()
        value = value_at(state.volume, (x, y, z))
        words = "–" if value is None else f"{self.locale().toString(value, 'f', 0)} {state.volume.unit}".strip()
        say(self.value, self.texts.say(VALUE_HERE, value=words))

    def _show_marks(self) -> None:
        state = self._state
        with QSignalBlocker(self.marks):
            self.marks.clear()
            for mark in state.plan.marks:
                words = f"{self.texts.say(KINDS[mark.kind])} · {figure_text(self.texts, self.locale(), mark)}"
                self.marks.addItem(QListWidgetItem(words))
            self.marks.setVisible(bool(state.plan.marks))
            self.marks.setCurrentRow(-1 if state.chosen_mark is None else state.chosen_mark)
        chosen = state.plan.marks[state.chosen_mark] if state.chosen_mark is not None else None
        self.remove.setEnabled(chosen is not None)
        say(self.figures, self._words_of(chosen))

    def _words_of(self, mark: SpatialMark | None) -> str:
        if mark is None:
            return "" if self._state.plan.marks else self.texts.say(NO_MARKS)
        if mark.kind is not MarkKind.REGION:
            return ""
        try:
            found = region_statistics(self._state.volume, mark)
        except ViewerError as error:
            return self.texts.sentence(error)
        whole = self.locale().toString
        return self.texts.say(
            STATISTICS, mean=whole(found.mean, "f", 1), deviation=whole(found.deviation, "f", 1),
            low=whole(found.minimum, "f", 0), high=whole(found.maximum, "f", 0), count=whole(found.count),
        )  # fmt: skip

    def _choose(self, row: int) -> None:
        """Chosen in the list: the planes go to it."""
        if row < 0 or row == self._state.chosen_mark:
            return
        self._state.chosen_mark = row
        self._state.cross_at(self._state.plan.marks[row].points[0])
        self._state.planned.emit()
