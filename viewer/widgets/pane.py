"""A tile of a workspace: its place in a stack, its image on the way, its banner."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFocusEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from viewer.errors import N_, ViewerError
from viewer.model.catalogue import Catalogue, ImageItem, StudyItem
from viewer.pixels.filters import Filter
from viewer.pixels.loader import Loader, Request
from viewer.pixels.picture import Picture
from viewer.widgets.strip import MIME
from viewer.widgets.texts import TileTexts
from viewer.widgets.tile import Tile
from viewer.widgets.tile_painting import Stage
from viewer.widgets.view_names import image_name

CANNOT_SHOW = N_("This image cannot be shown.")
MISSING = N_("{name}: missing")
NOTHING_HERE = N_("Nothing here yet: drag an image into this place.")


class Pane(Tile):
    """Shows what the loader brings; drops what came too late."""

    taken = Signal()
    """This is now the active tile."""
    dropped = Signal(str)
    shown = Signal()
    """Another image or frame was asked for."""

    def __init__(self, loader: Loader, texts: TileTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent, texts)
        self._loader = loader
        self._request: Request | None = None
        self._catalogue = Catalogue()
        self.study: StudyItem | None = None
        self.item: ImageItem | None = None
        self.frame = 0
        self.filter = Filter.NONE
        self.failed_to_load = False
        self.wheel_steps = self.double_maximises = True
        self.setAcceptDrops(True)
        self.frame_wanted.connect(self.show_frame)
        self.stepped.connect(self._step_in_series)

    # -- showing

    def show_item(self, catalogue: Catalogue, key: str, frame: int = 0) -> None:
        """Show an image of the catalogue; an unknown key empties the tile."""
        self._stop()
        found = catalogue.find(key)
        self._catalogue, self.filter = catalogue, Filter.NONE
        self.study, self.item = found if found else (None, None)
        self.frame = frame
        self.failed_to_load = False
        if self.item is None:
            self.clear()
            return
        self.show_loading()
        self.setAccessibleName(image_name(self.item, self.texts))
        self._banner()
        self._ask()
        self.shown.emit()

    def show_missing(self, label: str) -> None:
        """An empty place of the layout, and what belongs there."""
        self._stop()
        self.item = self.study = None
        self.set_captions()
        self.clear(self.texts.say(MISSING, name=label) if label else self.texts.say(NOTHING_HERE))

    def show_frame(self, frame: int) -> None:
        """Another frame of the same image; view and window stay."""
        if self.item is not None and frame >= 0 and frame != self.frame:
            self.frame = frame
            self._ask()
            self.shown.emit()

    def set_filter(self, kind: Filter) -> None:
        """Another way of looking at the same values; the original is one key away."""
        if self.item is not None and kind is not self.filter:
            self.filter = kind
            self._ask()

    def reset_all(self) -> None:
        """As the image was opened: no filter, whole, upright, in its own window."""
        self.set_filter(Filter.NONE)
        if self.item is not None:
            self.reset(self.item.quarter_turns, self.item.mirrored)

    def _ask(self) -> None:
        self._stop()
        assert self.item is not None
        self._request = self._loader.want(self.item, self.frame, self, self.filter)

    def _stop(self) -> None:
        if self._request is not None:
            self._request.cancel()
            self._request = None

    def _banner(self) -> None:
        """Who and what: in every tile, so that no image is ever taken for another patient's."""
        if self.item is None:
            return
        whose, say = self._catalogue.whose_is(self.study), self.texts
        born = say.day(whose.birth_date) if whose.birth_date else ""
        left = [whose.name, " · ".join(filter(None, (whose.identifier, born)))]
        day = self.item.taken_on or (self.study.day if self.study else None)
        stage = self.study.stage if self.study else ""
        what = " · ".join(filter(None, (stage, image_name(self.item, say), _teeth(self.item))))
        taken = self.item.taken_at
        when = " · ".join([*([say.day(day)] if day else []), *([say.clock(taken)] if taken else [])])
        right = [what, when]
        self.set_captions([line for line in left if line], [line for line in right if line])

    # -- what the loader tells

    def arrived(self, picture: Picture) -> None:
        """The preview or the original of the image that is waited for."""
        first = self.picture is None or self.picture.key != picture.key
        assert self.item is not None
        self.failed_to_load = False
        self.set_stage(Stage(0.0 if picture.is_preview else None, tells=True))
        self.show_picture(picture, image_name(self.item, self.texts))
        if first:
            self.reset(self.item.quarter_turns, self.item.mirrored)

    def progressed(self, part: float) -> None:
        """So much of the original has arrived."""
        self.set_stage(Stage(min(max(part, 0.0), 1.0), tells=True))

    def failed(self, error: BaseException) -> None:
        """Say why, here; the other tiles live on."""
        self.failed_to_load = True
        sentence = self.texts.sentence(error) if isinstance(error, ViewerError) else self.texts.say(CANNOT_SHOW)
        self.show_error(sentence)

    # -- stacks

    def neighbours(self) -> list[tuple[ImageItem, int]]:
        """The next and the previous frame or image: what will probably be looked at."""
        if self.item is None:
            return []
        if self.item.frames > 1:
            frames = [self.frame + 1, self.frame - 1, self.frame + 2]
            return [(self.item, frame) for frame in frames if 0 <= frame < self.item.frames]
        order = self._order()
        place = order.index(self.item)
        return [(order[at], 0) for at in (place + 1, place - 1) if 0 <= at < len(order)]

    def _order(self) -> list[ImageItem]:
        """The images that one pages through: those of the series, or of the study when the series is one image."""
        assert self.item is not None
        series = self._catalogue.series_of(self.item.key)
        if series is not None and len(series.images) > 1:
            return list(series.images)
        return list(self.study.images) if self.study else [self.item]

    def _step_in_series(self, steps: int) -> None:
        if self.item is None:
            return
        order = self._order()
        place = min(max(0, order.index(self.item) + steps), len(order) - 1)
        if order[place] is not self.item:
            self.show_item(self._catalogue, order[place].key)

    def advance(self) -> None:
        """The next frame or image of the stack, the first after the last."""
        if self.item is None:
            return
        if self.item.frames > 1:
            self.show_frame((self.frame + 1) % self.item.frames)
            return
        order = self._order()
        following = order[(order.index(self.item) + 1) % len(order)]
        if following is not self.item:
            self.show_item(self._catalogue, following.key)

    def page(self, steps: int) -> None:
        """The next or previous frame or image, also where this one could not be read."""
        if self.picture is not None:
            self.step(steps)
        else:
            self._step_in_series(steps)

    # -- events

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.taken.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        key = bytes(event.mimeData().data(MIME).data()).decode()
        if key:
            event.acceptProposedAction()
            self.dropped.emit(key)

    def close_requests(self) -> None:
        """Wait for nothing more: the workspace goes away."""
        self._stop()


def _teeth(item: ImageItem) -> str:
    return ", ".join(map(str, item.teeth))
