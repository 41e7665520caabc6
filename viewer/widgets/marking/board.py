"""The marks of a workspace: which one is chosen, what commands do to it, and what is known about its pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from viewer.model.calibration import calibrate
from viewer.model.mark_editing import duplicate, shifted
from viewer.model.marks import REGIONS, Kind, Layer, Mark, MarkError, Sheet, new_mark
from viewer.model.measures import outline
from viewer.model.regions import Statistics, profile, statistics
from viewer.model.spacing import PixelSize
from viewer.widgets.marking.layer import UNKNOWN_SIZE, MarkLayer, frame_of, size_of
from viewer.widgets.marking.questions import ASK_NAME, ASK_TEXT, NAME, TEXT, Dialogs, Questions
from viewer.widgets.pane import Pane
from viewer.widgets.tile_board import TileBoard
from viewer.widgets.workspace import Workspace


class Marking(QObject):
    """One for a workspace and its second window. `chosen` is the id of the mark that keys act on."""

    changed = Signal()
    """Other marks, another choice, or another active image."""

    def __init__(
        self, workspace: Workspace, author: str = "", questions: Questions | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        super().__init__(workspace)
        self.workspace, self.author, self._now = workspace, author, now
        self.texts, self.look = workspace.texts, workspace.look
        self.questions: Questions = questions or Dialogs(workspace, workspace.texts, workspace.look)
        self.chosen = ""
        self.layer_name = ""
        """The layer that new marks go into; '' for the first."""
        self.moving: Mark | None = None
        """The mark under the hand, before it is let go."""
        self.layer = MarkLayer(self)
        workspace.layout_changed.connect(lambda _name: self._cover(workspace))
        workspace.active_changed.connect(lambda _pane: self.choose(""))
        workspace.marks_changed.connect(lambda _key: self.changed.emit())
        workspace.second_opened.connect(self._on_second)
        self._cover(workspace)

    def _cover(self, workspace: Workspace) -> None:
        for pane in workspace.panes:
            pane.add_layer(self.layer)
        self.changed.emit()

    def _on_second(self, second: Workspace) -> None:
        second.layout_changed.connect(lambda _name: self._cover(second))
        self._cover(second)

    # -- what is there

    @property
    def pane(self) -> Pane | None:
        """The tile that the panel speaks of, while it shows an image."""
        pane = self.workspace.active
        return pane if pane is not None and pane.picture is not None else None

    @property
    def sheet(self) -> Sheet:
        """The marks of the active image."""
        return self.pane.history.sheet if self.pane else Sheet()

    def marks(self) -> tuple[Mark, ...]:
        """All marks of the active frame, hidden ones too."""
        frame = frame_of(self.pane) if self.pane else 0
        return tuple(mark for mark in self.sheet.marks if mark.frame == frame)

    def mark(self) -> Mark | None:
        """The chosen mark."""
        return next((mark for mark in self.sheet.marks if mark.mark_id == self.chosen), None)

    def size(self) -> PixelSize:
        """The pixel size behind the figures of the active image."""
        return size_of(self.pane, self.sheet) if self.pane else UNKNOWN_SIZE

    def statistics(self, mark: Mark) -> Statistics | None:
        """Statistics of a region on the original's values; None for other marks and on a preview."""
        pane = self.pane
        if pane is None or pane.picture is None or not pane.may_measure or mark.kind not in REGIONS:
            return None
        values = pane.picture.frame.modality_values()
        return statistics(values, outline(mark)) if values.ndim == 2 else None

    def profile(self, mark: Mark) -> tuple[float, ...]:
        """Values along a profile, a pixel apart."""
        pane = self.pane
        if pane is None or pane.picture is None or not pane.may_measure or mark.kind is not Kind.PROFILE:
            return ()
        values = pane.picture.frame.modality_values()
        return tuple(value for _at, value in profile(values, *mark.points)) if values.ndim == 2 else ()

    # -- commands

    def choose(self, mark_id: str) -> None:
        """Act on this mark from now on; '' for none."""
        self.chosen = mark_id
        self._repaint()
        self.changed.emit()

    def edit(self, tile: TileBoard, change: Callable[[Sheet], Sheet]) -> bool:
        """Take the marks of a tile a step forward; a locked layer says so and stays."""
        try:
            tile.edit(change(tile.history.sheet))
        except MarkError as error:
            self.workspace.say(self.texts.sentence(error))
            return False
        self.changed.emit()
        return True

    def add(self, tile: TileBoard, kind: Kind, points: list[tuple[float, float]], **fields: object) -> Mark | None:
        """Draw a mark into the layer in force and choose it."""
        try:
            mark = new_mark(kind, points, frame=frame_of(tile), layer=self._layer_of(tile), **fields)
        except MarkError as error:
            self.workspace.say(self.texts.sentence(error))
            return None
        if not self.edit(tile, lambda sheet: self._calibrated(sheet, mark, tile)):
            return None
        self.choose(mark.mark_id)
        return mark

    def _calibrated(self, sheet: Sheet, mark: Mark, tile: TileBoard) -> Sheet:
        added = sheet.with_mark(mark)
        header = tile.picture.header if tile.picture is not None else None
        if mark.kind is not Kind.RULER:
            return added
        return calibrate(added, mark.mark_id, header.pixel_size if header else UNKNOWN_SIZE, self.author, self._now())

    def _layer_of(self, tile: TileBoard) -> str:
        names = [layer.name for layer in tile.history.sheet.layers]
        return self.layer_name if self.layer_name in names or not names else names[0]

    def draw(self, tile: TileBoard, kind: Kind, points: list[tuple[float, float]]) -> Mark | None:
        """Draw a mark and ask for what it needs besides its points; None when the person thinks better of it."""
        fields: dict[str, object] = {}
        if kind is Kind.TEXT:
            words = self.questions.text(ASK_TEXT, TEXT)
            fields = {"text": words} if words else {}
        elif kind is Kind.TOOTH:
            tooth = self.questions.tooth()
            fields = {"tooth": tooth} if tooth else {}
        elif kind is Kind.RULER:
            length = self.questions.length_mm()
            fields = {"known_um": round(length * 1000)} if length else {}
        if kind in (Kind.TEXT, Kind.TOOTH, Kind.RULER) and not fields:
            return None
        return self.add(tile, kind, points, **fields)

    def replace(self, tile: TileBoard, mark: Mark) -> None:
        """Put a changed mark in the place of the one of its id; a moved ruler calibrates anew."""

        def change(sheet: Sheet) -> Sheet:
            force = sheet.calibration
            if mark.kind is Kind.RULER and force is not None and force.ruler_id == mark.mark_id:
                return self._calibrated(sheet, mark, tile)
            return sheet.with_mark(mark)

        self.edit(tile, change)

    def nudge(self, tile: TileBoard, dx: float, dy: float) -> bool:
        """Move the chosen mark by pixels of the image; False without one."""
        mark = self.mark()
        if mark is None:
            return False
        self.replace(tile, shifted(mark, dx, dy))
        return True

    def delete(self) -> None:
        """Take the chosen mark away; it can be undone."""
        pane, mark = self.pane, self.mark()
        if pane is not None and mark is not None and self.edit(pane, lambda sheet: sheet.without(mark.mark_id)):
            self.choose("")

    def duplicate(self) -> None:
        """A copy of the chosen mark, chosen in its place."""
        pane, mark = self.pane, self.mark()
        if pane is None or mark is None:
            return
        copy = duplicate(mark)
        if self.edit(pane, lambda sheet: sheet.with_mark(copy)):
            self.choose(copy.mark_id)

    def rename(self) -> None:
        """Other words for the chosen mark."""
        pane, mark = self.pane, self.mark()
        if pane is None or mark is None:
            return
        words = self.questions.text(ASK_NAME, NAME, mark.text)
        if words is not None and (words or mark.kind is not Kind.TEXT):
            self.replace(pane, replace(mark, text=words))

    # -- layers

    def change_layer(self, layer: Layer) -> None:
        """Show, hide or lock a layer; it can be undone as any mark."""
        pane = self.pane
        if pane is not None:
            sheet = pane.history.sheet
            kept = tuple(layer if old.name == layer.name else old for old in sheet.layers)
            self.edit(pane, lambda sheet: replace(sheet, layers=kept))

    def add_layer(self, name: str, colour: str) -> None:
        """A new layer, into which new marks go from now on."""
        pane = self.pane
        if pane is not None and name:
            self.layer_name = name
            self.edit(pane, lambda sheet: sheet.with_layer(Layer(name, colour=colour)))

    def _repaint(self) -> None:
        for pane in self.workspace.panes:
            pane.update()
