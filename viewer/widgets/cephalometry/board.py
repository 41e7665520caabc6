"""The cephalometry of a workspace: which analysis, which landmark is next, what is proposed, what stands."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from viewer.errors import N_, ViewerError
from viewer.model.calibration import effective_size
from viewer.model.cephalometry import LANDMARKS, Analysis, CephError, Reading, Subject, Tracing, read
from viewer.model.cephalometry.automatic import LandmarkFinder
from viewer.model.cephalometry.functions import Point
from viewer.model.cephalometry.guide import facing_left, landmarks_of, next_landmark
from viewer.model.cephalometry.kept import Placed
from viewer.model.cephalometry.proposals import Proposal, propose
from viewer.model.cephalometry.store import AnalysisStore, Fleeting, offered
from viewer.model.spacing import PixelSize
from viewer.pixels.header import read_header
from viewer.widgets.cephalometry.layer import TracingLayer
from viewer.widgets.marking.board import Marking
from viewer.widgets.marking.layer import UNKNOWN_SIZE, size_of
from viewer.widgets.pane import Pane
from viewer.widgets.texts import WAIT_FOR_ORIGINAL
from viewer.widgets.workspace import Workspace

FIRST = "steiner"
DAYS_OF_A_YEAR = 365.25
SAME_PX = 2.0
"""A proposal so close to what stands would only hide it."""
NO_FINDER = N_("No model for automatic landmarks is loaded. A clinic brings its own licensed model (ONNX).")
SEARCHING = N_("The model is looking for landmarks…")
PROPOSED = N_("{count} landmarks proposed by {name}. Confirm each; none is used before.")


class Cephalometry(QObject):
    """One for a workspace. Tracings are by the key of their image; every change can be undone."""

    changed = Signal()
    tracing_changed = Signal(str)
    """The tracing of the image with this key is another: `tracings[key]`."""
    _found = Signal(str, object)

    def __init__(self, marking: Marking, store: AnalysisStore | None = None) -> None:
        super().__init__(marking)
        self.marking, self.workspace = marking, marking.workspace
        self.texts, self.look = marking.texts, marking.look
        self.store: AnalysisStore = store or Fleeting()
        self.finder: LandmarkFinder | None = None
        self.analysis_id = FIRST
        self.current = ""
        """The landmark that the next click places."""
        self.handled = ""
        """The landmark that was touched last: keys nudge it."""
        self.outlines = self.edges = True
        """Whether outlines are drawn, and whether edges are proposed."""
        self.subject_of: Callable[[str], Subject] = self._subject_by_catalogue
        self._histories: dict[str, tuple[list[Placed], int]] = {}
        self._headers: dict[str, PixelSize] = {}
        self._near: tuple[Proposal, ...] = ()
        self._automatic: dict[str, dict[str, Proposal]] = {}
        self.layer = TracingLayer(self)
        self.workspace.layout_changed.connect(lambda _name: self._cover(self.workspace))
        self.workspace.active_changed.connect(lambda _pane: self._on_active())
        self.workspace.marks_changed.connect(lambda _key: self.changed.emit())
        self.workspace.second_opened.connect(self._on_second)
        self._found.connect(self._on_found)
        self._cover(self.workspace)

    def _cover(self, workspace: Workspace) -> None:
        for pane in workspace.panes:
            pane.add_layer(self.layer)
        self._on_active()

    def _on_second(self, second: Workspace) -> None:
        second.layout_changed.connect(lambda _name: self._cover(second))
        self._cover(second)

    def _on_active(self) -> None:
        self._near, self.handled = (), ""
        self.current = next_landmark(self.order(), self._done())
        self.changed.emit()

    # -- what is there

    @property
    def pane(self) -> Pane | None:
        """The tile that is traced."""
        return self.marking.pane

    @property
    def key(self) -> str:
        """The image that is traced; '' without one."""
        return self.pane.item.key if self.pane is not None and self.pane.item is not None else ""

    def placed(self, key: str | None = None) -> Placed:
        """The landmarks of an image, by default the active one."""
        states, place = self._histories.get(self.key if key is None else key, ([Placed()], 0))
        return states[place]

    @property
    def tracings(self) -> dict[str, Placed]:
        """Every image with landmarks."""
        return {key: states[place] for key, (states, place) in self._histories.items() if states[place].points}

    def analyses(self) -> dict[str, Analysis]:
        """Those of the program and of the clinic."""
        return offered(self.store)

    @property
    def analysis(self) -> Analysis:
        """The one in force."""
        known = self.analyses()
        return known.get(self.analysis_id) or known[FIRST]

    def order(self) -> tuple[str, ...]:
        """The landmarks of the analysis in placing order."""
        return landmarks_of([self.analysis], self.placed().points)

    def _done(self) -> set[str]:
        return {*self.placed().points, *self.placed().skipped}

    def size(self, key: str | None = None) -> PixelSize:
        """Pixel size of an image; the ruler before the header. One that is in no tile is read for its header."""
        wanted = self.key if key is None else key
        for pane in self.workspace.panes:
            if pane.item is not None and pane.item.key == wanted and pane.picture is not None:
                return size_of(pane, pane.history.sheet)
        if wanted and wanted not in self._headers:
            try:
                original = self.workspace.source.original(wanted, lambda _part: None)
                self._headers[wanted] = read_header(original).pixel_size
            except ViewerError:
                return UNKNOWN_SIZE
        marks = self.workspace.histories.get(wanted)
        return effective_size(self._headers.get(wanted, UNKNOWN_SIZE), marks.sheet.calibration if marks else None)

    def tracing(self, key: str | None = None) -> Tracing:
        """The landmarks with the size of their pixels."""
        return Tracing(self.placed(key).points, self.size(key))

    def readings(self, key: str | None = None) -> tuple[Reading, ...]:
        """The measures of the analysis in force."""
        shown = self.key if key is None else key
        return read(self.analysis, self.tracing(shown), self.subject_of(shown))

    def proposals(self, key: str) -> tuple[Proposal, ...]:
        """What may be confirmed on an image: about the last click, and of the model where nothing stands yet."""
        automatic = (p for name, p in self._automatic.get(key, {}).items() if name not in self.placed(key).points)
        return (*(self._near if key == self.key else ()), *automatic)

    def offer(self) -> Proposal | None:
        """What `accept` would take: the first about the last click, else that of the model for the current point."""
        if self._near:
            return self._near[0]
        return next((p for p in self.proposals(self.key) if p.landmark_id == self.current), None)

    def _subject_by_catalogue(self, key: str) -> Subject:
        found = self.workspace.catalogue.find(key)
        if found is None:
            return Subject()
        study, item = found
        whose = self.workspace.catalogue.whose_is(study)
        day = item.taken_on or study.day
        age = (day - whose.birth_date).days / DAYS_OF_A_YEAR if day and whose.birth_date else None
        return Subject(age, whose.sex)

    # -- commands

    def set_tracing(self, key: str, placed: Placed) -> None:
        """Landmarks as they were kept, as the state to which undoing leads back."""
        self._histories[key] = [placed], 0
        if key == self.key:
            if placed.analysis_id in self.analyses():
                self.analysis_id = placed.analysis_id
            self._on_active()

    def choose_analysis(self, analysis_id: str) -> None:
        """Measure by another analysis; what is placed stays."""
        self.analysis_id = analysis_id
        self._on_active()
        self._repaint()

    def choose(self, landmark_id: str) -> None:
        """Place this landmark next, or nudge it when it stands."""
        self.current, self._near = landmark_id, ()
        self.handled = landmark_id if landmark_id in self.placed().points else self.handled
        self._repaint()
        self.changed.emit()

    def place(self, landmark_id: str, point: Point, proposes: bool = True) -> None:
        """Put a landmark at a point of the image, look for edges about it, and go on to the next."""
        if landmark_id not in LANDMARKS or not self._may_measure():
            return
        fresh = landmark_id not in self.placed().points
        self._step(self.placed().with_point(landmark_id, point))
        self.handled = landmark_id
        self._near = self._edges_near(landmark_id, point) if proposes and self.edges else ()
        if fresh or self.current == landmark_id:
            self.current = next_landmark(self.order(), self._done(), landmark_id)
        self._repaint()
        self.changed.emit()

    def nudge(self, dx: float, dy: float) -> bool:
        """Move the landmark that was touched last by pixels of the image; False without one."""
        point = self.placed().points.get(self.handled)
        if point is None:
            return False
        self.place(self.handled, (point[0] + dx, point[1] + dy), proposes=False)
        return True

    def accept(self) -> bool:
        """Confirm what is offered: from now on it is a landmark. False when nothing is."""
        found = self.offer()
        if found is None:
            return False
        self.place(found.landmark_id, found.point, proposes=False)
        return True

    def refuse(self) -> bool:
        """Drop what is proposed about the last click, or by the model for the current landmark."""
        if self._near:
            self._near = ()
        elif self.current in self._automatic.get(self.key, {}):
            del self._automatic[self.key][self.current]
        else:
            return False
        self._repaint()
        self.changed.emit()
        return True

    def skip(self) -> None:
        """Leave this landmark out for now and go on."""
        if self.current:
            self._step(self.placed().skipping(self.current))
            self.choose(next_landmark(self.order(), self._done(), self.current))

    def back(self) -> None:
        """To the landmark before this one."""
        order = self.order()
        place = order.index(self.current) if self.current in order else len(order)
        if order:
            self.choose(order[max(0, place - 1)])

    def remove(self) -> None:
        """Take the landmark that was touched last away."""
        name = self.handled
        if name in self.placed().points:
            self._step(self.placed().without(name))
            self.handled = ""
            self.choose(name)

    def take(self, placed: Placed) -> bool:
        """Landmarks from elsewhere as one step that can be undone; False while only a preview is shown."""
        if not self._may_measure():
            return False
        self._step(placed)
        self._on_active()
        self._repaint()
        return True

    def undo(self) -> None:
        """The landmarks of the active image one step back."""
        self._walk(-1)

    def redo(self) -> None:
        """One step forward again."""
        self._walk(1)

    def _walk(self, step: int) -> None:
        states, place = self._histories.get(self.key, ([Placed()], 0))
        if 0 <= place + step < len(states):
            self._histories[self.key] = states, place + step
            self._on_active()
            self._repaint()
            self.tracing_changed.emit(self.key)

    def _step(self, placed: Placed) -> None:
        key = self.key
        if not key:
            return
        states, place = self._histories.get(key, ([Placed()], 0))
        named = Placed(placed.points, self.analysis_id, placed.skipped)
        if named != states[place]:
            self._histories[key] = [*states[: place + 1], named], place + 1
            self.tracing_changed.emit(key)

    def _may_measure(self) -> bool:
        if self.pane is not None and self.pane.may_measure:
            return True
        self.workspace.say(self.texts.say(WAIT_FOR_ORIGINAL))
        return False

    # -- proposals

    def values(self) -> NDArray[Any] | None:
        """The grey image, bright bone; None for a photograph or without an image."""
        pane = self.pane
        if pane is None or pane.picture is None or not pane.may_measure or not pane.picture.frame.is_grey:
            return None
        frame = pane.picture.frame
        dark = frame.photometric == "MONOCHROME1"
        return np.asarray(-frame.values.astype(np.int64)) if dark else frame.values

    def _edges_near(self, landmark_id: str, point: Point) -> tuple[Proposal, ...]:
        values = self.values()
        if values is None:
            return ()
        found: list[Proposal] = []
        for proposal in propose(values, landmark_id, point, bool(facing_left(self.placed().points))):
            if all(math.dist(proposal.point, other) > SAME_PX for other in (point, *(old.point for old in found))):
                found.append(proposal)
        return tuple(found)

    def find_automatically(self) -> None:
        """Ask the model for all landmarks, off the screen's thread; what it says is drawn apart."""
        values, finder, key = self.values(), self.finder, self.key
        if finder is None:
            self.workspace.say(self.texts.say(NO_FINDER))
            return
        if values is None:
            self._may_measure()
            return
        size = self.size()
        self.workspace.say(self.texts.say(SEARCHING))

        def work() -> None:
            try:
                found: object = tuple(finder.find(values, size))
            except ViewerError as error:
                found = error
            except Exception:
                found = CephError()
            self._found.emit(key, found)

        threading.Thread(target=work, daemon=True, name="landmarks").start()

    def _on_found(self, key: str, found: Sequence[Proposal] | ViewerError) -> None:
        if isinstance(found, ViewerError):
            self.workspace.say(self.texts.sentence(found))
            return
        self._automatic[key] = {proposal.landmark_id: proposal for proposal in found}
        name = self.finder.name if self.finder else ""
        self.workspace.say(self.texts.say(PROPOSED, count=len(found), name=name))
        self._repaint()
        self.changed.emit()

    def _repaint(self) -> None:
        for pane in self.workspace.panes:
            pane.update()
