"""The parts of a workspace and what hangs where; the commands on it stand in `workspace`."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from viewer.errors import N_, ViewerError
from viewer.model.catalogue import Catalogue
from viewer.model.hanging.choosing import Placement, choose, hang, known_protocols, score_of, situation
from viewer.model.hanging.protocol import PLAIN, Protocol
from viewer.model.marks import History, Sheet
from viewer.model.sources import ImageSource
from viewer.pixels.loader import Loader
from viewer.widgets.grid import Grid
from viewer.widgets.linking import LinkGroup
from viewer.widgets.look import Look
from viewer.widgets.pane import CANNOT_SHOW, Pane
from viewer.widgets.posting import Post
from viewer.widgets.strip import Strip
from viewer.widgets.texts import TileTexts
from viewer.widgets.tool_bar import ToolBar
from viewer.widgets.tools import ToolSet

SIDE_PX, STATUS_PX = 222, 26
IMAGE_PX = 460
"""Width at 100 % text below which the images are given that of their list."""
READ_AHEAD_MS = 30
"""Neighbours are asked for a moment after an image, so that paging quickly does not read what is passed over."""
NO_IMAGES = N_("There is no image to show.")
HINT = N_("Wheel: next image · Ctrl + wheel: zoom · Right drag: window")


class ReadingBoard(QWidget):
    """Bar, list of images, tiles, status line. `load()` begins.

    Everything the user reads goes through `texts`; colours and sizes come from `look`; images from `source`.
    """

    loaded = Signal()
    active_changed = Signal(object)
    """The tile on which tools, keys and panels act."""
    marks_changed = Signal(str)
    """The marks of the image with this key: `histories[key].sheet`."""
    layout_changed = Signal(str)
    """The name of the protocol in force."""

    def __init__(
        self, source: ImageSource, texts: TileTexts | None = None, look: Look | None = None,
        parent: QWidget | None = None, *, loader: Loader | None = None, links: LinkGroup | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("workspace")
        self.source, self.texts, self.look = source, texts or TileTexts(), look or Look()
        self._post = Post(self)
        self._owns_loader = loader is None
        self.loader = loader or Loader(source, self._post.post)
        self.links: LinkGroup = links or LinkGroup()
        self.key_images: set[tuple[str, int]] = set()
        self.tools = ToolSet()
        self.tool_name = "pan"
        self.histories: dict[str, History] = {}
        """The marks of every image that was looked at, whichever tile shows it."""
        self.catalogue = Catalogue()
        self.study_uid = ""
        self.protocol: Protocol = PLAIN[0]
        self.panes: list[Pane] = []
        self.active: Pane | None = None
        self._ahead = QTimer(self, singleShot=True, interval=READ_AHEAD_MS)
        self._ahead.timeout.connect(self._read_ahead)
        self._build()

    def _build(self) -> None:
        self.setStyleSheet(self.look.sheet())
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.bar = ToolBar(self.look, self.texts, self)
        self.strip = Strip(self.look, self.texts)
        self.strip.chosen.connect(self.show_in_active)
        side = QFrame()
        side.setObjectName("side")
        side.setFixedWidth(max(SIDE_PX, min(self.look.px(SIDE_PX), 340)))
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 6, 0, 6)
        column.addWidget(self.strip)
        self.side = side
        self.grid = Grid()
        self.panel = QVBoxLayout()
        """Room at the right for the shell's panels: analysis, presentation, signing."""
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(side)
        middle.addWidget(self.grid, 1)
        middle.addLayout(self.panel)
        self.status = QLabel(self.texts.say(HINT))
        self.status.setObjectName("status")
        self.status.setFixedHeight(max(STATUS_PX, self.look.px(STATUS_PX)))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.bar)
        whole.addLayout(middle, 1)
        whole.addWidget(self.status)

    def event(self, event: QEvent) -> bool:
        """The list of images gives way where a panel leaves the image too little room: keys and wheel still turn."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            beside = sum(widget.width() for widget in self._panels_shown())
            left = self.width() - beside - self.side.width()
            self.side.setVisible(not beside or left >= self.look.px(IMAGE_PX))
        return super().event(event)

    def _panels_shown(self) -> list[QWidget]:
        items = [self.panel.itemAt(place) for place in range(self.panel.count())]
        widgets = [item.widget() for item in items if item is not None]
        return [widget for widget in widgets if widget is not None and not widget.isHidden()]

    # -- loading

    def load(self, key: str = "") -> None:
        """Ask the source what there is, off the screen's thread, and hang it; `key` is an image to begin with."""

        def work() -> None:
            try:
                found = self.source.catalogue()
            except ViewerError as error:
                sentence = self.texts.sentence(error)
                self._post.post(lambda: self.say(sentence))
                return
            except Exception:
                self._post.post(lambda: self.say(self.texts.say(CANNOT_SHOW)))
                return
            self._post.post(lambda: self.show_catalogue(found, key))

        threading.Thread(target=work, daemon=True, name="catalogue").start()

    def show_catalogue(self, catalogue: Catalogue, key: str = "") -> None:
        """Hang the study of `key`, or the newest, by the layout that the user kept or the one that fits best."""
        self.catalogue = catalogue
        self.strip.fill(catalogue, self.loader.thumbnail)
        found = catalogue.find(key)
        study = found[0] if found else next(iter(catalogue.studies), None)
        self.study_uid = study.uid if study is not None else ""
        remembered = self.source.layout(situation(catalogue, self.study_uid))
        protocol = choose(catalogue, self.study_uid, remembered)
        self.apply_protocol(protocol)
        if found and not any(pane.item and pane.item.key == key for pane in self.panes):
            self.show_in_active(key)
        if study is None:
            self.say(self.texts.say(NO_IMAGES))
        elif self.active is not None and self._may_take_focus():
            self.active.setFocus()
        self.loaded.emit()

    def _may_take_focus(self) -> bool:
        """Nobody is typing elsewhere in the window."""
        focused = QApplication.focusWidget()
        return focused is None or self.isAncestorOf(focused)

    def say(self, sentence: str) -> None:
        """A word in the status line, for the eye and for a screen reader."""
        self.status.setText(sentence or self.texts.say(HINT))
        self.status.setAccessibleName(self.status.text())

    # -- hanging

    def apply_protocol(self, protocol: Protocol) -> None:
        """Hang the study by a protocol."""
        self.protocol = protocol
        placements = hang(protocol, self.catalogue, self.study_uid)
        self._hang(placements)
        if self._owns_loader:
            self.links.enabled = protocol.linked
        self.layout_changed.emit(protocol.name)
        self._refresh()

    def keep_protocol(self, protocol: Protocol) -> None:
        """The user chose this layout: hang it, and use it whenever the same kinds of images are there."""
        self.source.keep_layout(situation(self.catalogue, self.study_uid), protocol.name)
        self.apply_protocol(protocol)

    def hang_automatically(self) -> None:
        """Forget the user's choice for these kinds of images and let the rules decide."""
        self.source.keep_layout(situation(self.catalogue, self.study_uid), "")
        self.apply_protocol(choose(self.catalogue, self.study_uid))

    def _hang(self, placements: Sequence[Placement]) -> None:
        self._fit_panes(len(placements))
        self.grid.arrange([placement.cell for placement in placements], self.panes)
        for pane, placement in zip(self.panes, placements, strict=True):
            if placement.key:
                pane.show_item(self.catalogue, placement.key)
            else:
                pane.show_missing(self.texts.say(placement.cell.label) if placement.cell.label else "")
        filled = (pane for pane in self.panes if pane.item is not None)
        self.take(next(filled, self.panes[0]))

    def _fit_panes(self, count: int) -> None:
        while len(self.panes) > count:
            pane = self.panes.pop()
            self.links.remove(pane)
            pane.close_requests()
            pane.hide()
            pane.deleteLater()
        while len(self.panes) < count:
            self.panes.append(self._new_pane())

    def _new_pane(self) -> Pane:
        pane = Pane(self.loader, self.texts, self.grid)
        pane.setStyleSheet(f"font-size: {self.look.px(12)}px; font-weight: 600;")
        row = self.tools.row(self.tool_name)
        pane.take_tool(row.make(), row.measures)
        pane.taken.connect(lambda: self.take(pane))
        pane.dropped.connect(lambda key: self.show_in(pane, key))
        pane.maximise_wanted.connect(lambda: self.maximise(pane))
        pane.shown.connect(lambda: self._on_shown(pane))
        pane.history_changed.connect(lambda: self._keep_history(pane))
        pane.picture_changed.connect(self._refresh)
        pane.refused.connect(self.say)
        self.links.add(pane)
        return pane

    # -- marks

    def set_marks(self, key: str, sheet: Sheet) -> None:
        """Marks as they were kept, as the state to which undoing leads back."""
        self.histories[key] = History((sheet,))
        self.refresh_marks(key)

    def refresh_marks(self, key: str) -> None:
        """Show the marks of an image in every tile that shows it."""
        for pane in self.panes:
            if pane.item is not None and pane.item.key == key:
                pane.set_history(self.histories.get(key, History()))

    def _keep_history(self, pane: Pane) -> None:
        key = pane.item.key if pane.item is not None else ""
        if key and self.histories.get(key, History()) != pane.history:
            self.histories[key] = pane.history
            self.refresh_marks(key)
            self.marks_changed.emit(key)

    def _on_shown(self, pane: Pane) -> None:
        if pane.item is not None:
            pane.set_history(self.histories.get(pane.item.key, History()))
        self._refresh()

    # -- layouts

    def fill_layout_menu(self, menu: QMenu) -> None:
        """The protocols that apply here, then the plain layouts; the one in force is marked."""
        group = QActionGroup(menu)
        fitting = [p for p in known_protocols() if p.rules and score_of(p, self.catalogue, self.study_uid) > 0]
        for protocol in (*fitting, None, *PLAIN):
            if protocol is None:
                menu.addSeparator()
                continue
            name = self.texts.say(protocol.label)
            key = str(PLAIN.index(protocol) + 1) if protocol in PLAIN else ""
            entry = QAction(f"{name}\t{key}" if key else name, menu)
            entry.setCheckable(True)
            entry.setChecked(protocol.name == self.protocol.name)
            entry.triggered.connect(lambda _on=False, protocol=protocol: self.keep_protocol(protocol))
            group.addAction(entry)
            menu.addAction(entry)

    # -- tiles

    def take(self, pane: Pane) -> None:
        """Make a tile the one that tools and keys act on."""
        if pane is self.active or pane not in self.panes:
            return
        for each in self.panes:
            each.set_active(each is pane and len(self.panes) > 1)
        self.active = pane
        self._refresh()
        self.active_changed.emit(pane)

    def show_in_active(self, key: str) -> None:
        """Show an image in the active tile."""
        if self.active is not None:
            self.show_in(self.active, key)

    def show_in(self, pane: Pane, key: str) -> None:
        """Show an image in a tile, and work on that tile from now on."""
        pane.show_item(self.catalogue, key)
        self.take(pane)
        pane.setFocus()

    def maximise(self, pane: Pane) -> None:
        """Give one tile all of the room, or bring the others back."""
        self.grid.maximise(None if self.grid.maximised is pane else pane)
        self.take(pane)
        pane.setFocus()

    def _refresh(self) -> None:
        """What depends on which images stand where."""
        for pane in self.panes:
            chosen = pane.item is not None and (pane.item.key, pane.frame) in self.key_images
            if chosen != pane.is_key_image:
                pane.set_key_image(chosen)
        keys = [pane.item.key for pane in self.panes if pane.item is not None]
        active = self.active.item.key if self.active and self.active.item else ""
        self.strip.mark_shown(keys, active)
        self._ahead.start()

    def _read_ahead(self) -> None:
        if self.active is not None:
            self.loader.prefetch(self.active.neighbours())

    def close_board(self) -> None:
        """Stop all work for this board; the shell calls it when the screen goes away."""
        self._ahead.stop()
        for pane in self.panes:
            pane.close_requests()
        self._post.close()
        if self._owns_loader:
            self.loader.close()
