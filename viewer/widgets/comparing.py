"""Comparing two images of one person in a tile. `add_comparing(workspace)` gives a workspace the action and its key.

An alignment is proposed, shown with its quality, and used as an alignment only after a person has accepted it.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from viewer.errors import N_, ViewerError
from viewer.model.alignment import Alignment, Plane, Similarity, by_two_points, fitted, known_scale, plane_of
from viewer.model.alignment import Origin as AlignmentOrigin
from viewer.model.catalogue import ImageItem
from viewer.model.hanging.protocol import PLAIN
from viewer.model.registration import Grey, quality_of, register
from viewer.model.timeline import earlier_of
from viewer.model.view import Point
from viewer.pixels.loader import Request
from viewer.pixels.picture import Picture
from viewer.widgets.actions import ActionRow
from viewer.widgets.comparing_layer import ComparisonLayer, Mode
from viewer.widgets.comparing_tools import ComparisonTool, TwoPointTool
from viewer.widgets.pane import Pane
from viewer.widgets.posting import Post
from viewer.widgets.view_names import image_name

if TYPE_CHECKING:
    from viewer.widgets.workspace import Workspace

BLINK_MS = 700
"""Under three flashes a second, which harms nobody (WCAG 2.3.1)."""
NOTHING_TO_COMPARE = N_("There is no other image of this person to compare with.")
SHOW_FIRST = N_("Choose an image first.")
STILL_READING = N_("The originals are still being read.")
SEARCHING = N_("The alignment is being searched…")
CHECK_IT = N_("Check the proposed alignment, then accept or discard it.")


class Comparison(QObject):
    """One tile in which another image lies over its own. One for each workspace; idle until `start`."""

    changed = Signal()
    """Mode, amount, alignment or the other image: the panel shows it."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.workspace = workspace
        self.pane: Pane | None = None
        self.item: ImageItem | None = None
        self.others: tuple[ImageItem, ...] = ()
        self.layer: ComparisonLayer | None = None
        self.mode, self.amount = Mode.OVERLAY, 0.5
        self.searching = False
        self._before: Alignment | None = None
        self._request: Request | None = None
        self._round = 0
        self._post = Post(self)
        self._blink = QTimer(self, interval=BLINK_MS)
        self._blink.timeout.connect(self._turn)

    # -- beginning and ending

    @property
    def runs(self) -> bool:
        return self.pane is not None

    @property
    def proposed(self) -> bool:
        """Whether an alignment waits for a person's word."""
        found = self.layer.alignment if self.layer else None
        return found is not None and found.origin is not AlignmentOrigin.FITTED and not found.accepted

    def toggle(self) -> None:
        """Compare the image of the active tile, or end comparing."""
        if self.runs:
            self.stop()
        else:
            self.start()

    def start(self, other: ImageItem | None = None) -> None:
        """Lay an image of the same person over the active tile: the nearest of the same view, or the one asked for."""
        pane, say = self.workspace.active, self.workspace.texts.say
        if pane is None or pane.item is None or pane.study is None:
            self.workspace.say(say(SHOW_FIRST))
            return
        self.stop()
        self.others = earlier_of(self.workspace.catalogue, pane.study.uid, pane.item)
        if not self.others or (other is not None and other not in self.others):
            self.workspace.say(say(NOTHING_TO_COMPARE))
            return
        self.pane = pane
        pane.shown.connect(self.stop)
        pane.destroyed.connect(self._forget)
        pane.take_tool(ComparisonTool(self))
        self.choose(other or self.others[0])

    def choose(self, other: ImageItem) -> None:
        """Compare with another image."""
        self._drop_layer()
        self.item = other
        self._request = self.workspace.loader.want(other, 0, self)
        self.changed.emit()

    def stop(self) -> None:
        """Show the tile's own image alone again."""
        pane, self.pane = self.pane, None
        if pane is None:
            return
        pane.shown.disconnect(self.stop)
        pane.destroyed.disconnect(self._forget)
        self._drop_layer(pane)
        self.item = None
        row = self.workspace.tools.row(self.workspace.tool_name)
        pane.take_tool(row.make(), row.measures)
        self.workspace.say("")
        self.changed.emit()

    def _forget(self) -> None:
        """The tile itself is gone."""
        self.pane = self.layer = self.item = None
        self._blink.stop()
        self.changed.emit()

    def _drop_layer(self, pane: Pane | None = None) -> None:
        self._round += 1
        self.searching = False
        self._blink.stop()
        if self._request is not None:
            self._request.cancel()
            self._request = None
        layer, self.layer = self.layer, None
        tile = pane or self.pane
        if layer is not None and tile is not None:
            tile.remove_layer(layer)

    # -- what the loader tells

    def arrived(self, picture: Picture) -> None:
        """The other image: its preview, then its original."""
        pane, item = self.pane, self.item
        if pane is None or item is None or pane.item is None:
            return
        if self.layer is None:
            fixed, moving = self._planes(pane, picture, item)
            name = self.name_of(item)
            turns = item.quarter_turns - pane.item.quarter_turns
            alignment = fitted(fixed, moving, -turns if pane.item.mirrored else turns)
            self.layer = ComparisonLayer(picture, name, fixed, moving, alignment)
            self.layer.mode, self.layer.amount = self.mode, self.amount
            pane.add_layer(self.layer)
            self._pace()
        else:
            self.layer.take(picture)
        pane.update()
        self.changed.emit()

    def progressed(self, part: float) -> None:
        """The other image is on its way; the tile's own words tell of its own image only."""

    def failed(self, error: BaseException) -> None:
        """Say why it cannot be shown; the tile keeps its own image."""
        texts = self.workspace.texts
        sentence = texts.sentence(error) if isinstance(error, ViewerError) else texts.say(NOTHING_TO_COMPARE)
        self.stop()
        self.workspace.say(sentence)

    @staticmethod
    def _planes(pane: Pane, picture: Picture, item: ImageItem) -> tuple[Plane, Plane]:
        own = pane.picture
        assert pane.item is not None
        if own is None:
            fixed = plane_of(pane.item.columns or 1, pane.item.rows or 1, None)
        else:
            fixed = plane_of(own.columns, own.rows, own.header.pixel_size if own.header else None)
        size = picture.header.pixel_size if picture.header else None
        mirrored = item.mirrored != pane.item.mirrored
        return fixed, plane_of(picture.columns, picture.rows, size, mirrored=mirrored)

    def name_of(self, item: ImageItem) -> str:
        """When the other image was taken, and what it is."""
        found = self.workspace.catalogue.find(item.key)
        day = (found[0].day if found else None) or item.taken_on
        stage = found[0].stage if found else ""
        texts = self.workspace.texts
        return " · ".join(filter(None, (stage, texts.day(day) if day else "", image_name(item, texts))))

    # -- how it is shown

    def set_mode(self, mode: Mode) -> None:
        """Another way of showing both."""
        self.mode = mode
        if self.layer is not None:
            self.layer.mode = mode
        self._pace()
        self._show()

    def set_amount(self, amount: float) -> None:
        """How much of the other image, or where the curtain hangs: 0 to 1."""
        self.amount = min(1.0, max(0.0, amount))
        if self.layer is not None:
            self.layer.amount = self.amount
        self._show()

    def change_amount(self, by: float) -> None:
        """A little more or less."""
        self.set_amount(self.amount + by)

    def side_by_side(self) -> None:
        """Both in a tile of their own, the earlier at the left, linked."""
        pane, other, workspace = self.pane, self.item, self.workspace
        if pane is None or pane.item is None or other is None:
            return
        own = pane.item
        self.stop()
        workspace.apply_protocol(next(p for p in PLAIN if len(p.cells) == 2))
        dated = {item.key: study.day for study, item in workspace.catalogue.images()}
        first, second = dated.get(own.key), dated.get(other.key)
        is_earlier = first is not None and second is not None and second <= first
        left, right = (other, own) if is_earlier else (own, other)
        for place, item in zip(workspace.panes, (left, right), strict=True):
            workspace.show_in(place, item.key)
        workspace.links.enabled = True

    def _turn(self) -> None:
        if self.layer is not None and self.pane is not None:
            self.layer.other_turn = not self.layer.other_turn
            self.pane.update()

    def _pace(self) -> None:
        if self.mode is Mode.BLINK and self.layer is not None:
            self._blink.start()
        else:
            self._blink.stop()

    def _show(self) -> None:
        if self.pane is not None:
            self.pane.layer_changed()
        self.changed.emit()

    # -- alignment

    def propose(self, alignment: Alignment) -> None:
        """Show an alignment that waits for a person's word."""
        if self.layer is None:
            return
        if not self.proposed:
            self._before = self.layer.alignment
        self.layer.alignment = self._judged(replace(alignment, accepted=False))
        self.workspace.say(self.workspace.texts.say(CHECK_IT))
        self._show()

    def accept(self) -> None:
        """A person looked and found it right."""
        if self.layer is not None and self.proposed:
            self.layer.alignment = replace(self.layer.alignment, accepted=True)
            self.workspace.say("")
            self._show()

    def discard(self) -> None:
        """Back to the alignment before the proposal; an accepted one goes back to none."""
        if self.layer is None or self.pane is None or self.pane.item is None or self.item is None:
            return
        before = self._before if self.proposed else None
        turns = self.item.quarter_turns - self.pane.item.quarter_turns
        turns = -turns if self.pane.item.mirrored else turns
        self.layer.alignment = before or fitted(self.layer.fixed, self.layer.moving, turns)
        self.workspace.say("")
        self._show()

    def nudge(self, step: complex, degrees: float) -> None:
        """Move or turn the other image by hand, in pixels and degrees of the screen: again a proposal."""
        layer, pane = self.layer, self.pane
        if layer is None or pane is None or pane.view is None:
            return
        origin = pane.view.to_image((0.0, 0.0))
        target = pane.view.to_image((step.real, step.imag))
        shift = layer.fixed.flat(target) - layer.fixed.flat(origin)
        turn = complex(np.exp(1j * np.radians(-degrees if pane.view.mirrored else degrees)))
        middle = layer.alignment.similarity.apply(layer.moving.middle)
        moved = Similarity(turn, middle - turn * middle + shift).after(layer.alignment.similarity)
        self.propose(Alignment(moved, AlignmentOrigin.POINTS))

    def take_points(self) -> None:
        """Ask for two points on each image."""
        if self.pane is not None and self.layer is not None:
            self.pane.take_tool(TwoPointTool(self, self._from_points))
            self.pane.setFocus()

    def put_points_away(self) -> None:
        """Go on comparing without the points."""
        if self.layer is not None:
            self.layer.alone = False
        if self.pane is not None:
            self.pane.take_tool(ComparisonTool(self))
            self.workspace.say("")

    def _from_points(self, fixed: list[Point], moving: list[Point]) -> None:
        layer = self.layer
        if layer is None:
            return
        self.put_points_away()
        own, other = [layer.fixed.flat(p) for p in fixed], [layer.moving.flat(p) for p in moving]
        try:
            self.propose(by_two_points(own, other, scale=known_scale(layer.fixed, layer.moving)))
        except ViewerError as error:
            self.workspace.say(self.workspace.texts.sentence(error))

    def search(self) -> None:
        """Look for the alignment by the pictures themselves, off the screen's thread."""
        layer, pane, texts = self.layer, self.pane, self.workspace.texts
        if layer is None or pane is None or pane.picture is None or self.searching:
            return
        if layer.picture.is_preview or pane.picture.is_preview:
            self.workspace.say(texts.say(STILL_READING))
            return
        own, other = grey_of(pane.picture, layer.fixed), grey_of(layer.picture, layer.moving)
        begun, number = layer.alignment.similarity, self._round
        keep_size = known_scale(layer.fixed, layer.moving) is not None
        self.searching = True
        self.workspace.say(texts.say(SEARCHING))

        def work() -> None:
            try:
                found: Alignment | ViewerError = register(own, other, begun, keep_size=keep_size)
            except ViewerError as error:
                found = error
            self._post.post(lambda: self._found(found, number))

        threading.Thread(target=work, daemon=True, name="registration").start()
        self.changed.emit()

    def _found(self, found: Alignment | ViewerError, number: int) -> None:
        if number != self._round:
            return
        self.searching = False
        if isinstance(found, Alignment):
            self.propose(found)
        else:
            self.workspace.say(self.workspace.texts.sentence(found))
            self.changed.emit()

    def _judged(self, alignment: Alignment) -> Alignment:
        """With its quality, where both originals are there and it was not measured yet."""
        layer, pane = self.layer, self.pane
        if alignment.quality is not None or layer is None or pane is None or pane.picture is None:
            return alignment
        if layer.picture.is_preview or pane.picture.is_preview:
            return alignment
        try:
            return quality_of(grey_of(pane.picture, layer.fixed), grey_of(layer.picture, layer.moving), alignment)
        except ViewerError:
            return alignment


def grey_of(picture: Picture, plane: Plane) -> Grey:
    """The picture as brightness with square pixels, light where it is shown light, mirrored as its plane is."""
    values = picture.levels[0]
    grey = values.mean(axis=2) if values.ndim == 3 else values.astype(np.float64)
    if picture.frame.is_grey and (picture.frame.photometric == "MONOCHROME1" or picture.frame.inverse_shape):
        grey = -grey
    if abs(plane.aspect - 1) > 1e-6:
        rows = max(1, round(grey.shape[0] * plane.aspect))
        grey = grey[np.minimum((np.arange(rows) / plane.aspect).astype(np.intp), grey.shape[0] - 1)]
    return np.asarray(grey[:, ::-1] if plane.mirrored else grey, np.float64)


def add_comparing(workspace: Workspace) -> Comparison:
    """Give a workspace comparing, with its panel and its key, and the timeline of its images."""
    from viewer.widgets.comparing_panel import ComparingPanel
    from viewer.widgets.comparing_timeline import show_timeline

    comparison = Comparison(workspace)
    workspace.panel.addWidget(ComparingPanel(comparison))
    compare = ActionRow(
        "compare",
        N_("Compare"),
        lambda _w: comparison.toggle(),
        "intersect",
        "X",
        "bar",
        lambda _w: comparison.runs,
        keeps=True,
    )
    workspace.add_action(compare)
    workspace.add_action(
        ActionRow(
            "timeline", N_("Timeline"), lambda _w: show_timeline(comparison), "clock-counter-clockwise", "Ctrl+T", "bar"
        )
    )
    return comparison
