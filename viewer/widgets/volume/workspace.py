"""The workspace over one volume: bar, panes, panel, keys. Stands alone, or as a screen of the shell.

workspace = VolumeWorkspace(host, texts, look)
workspace.load()                 # reads in the background; `opened` or `refused` follows
workspace.set_plan(plan_json)    # what was drawn before
workspace.close_volume()         # ends all work and gives the memory back
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QStackedLayout, QVBoxLayout, QWidget

from viewer.errors import N_, ViewerError
from viewer.model.volume_plan import VolumePlan, plan_from_json, plan_to_json
from viewer.volume.errors import Cancelled
from viewer.widgets.actions import ActionRow
from viewer.widgets.form_style import form_sheet
from viewer.widgets.look import Look
from viewer.widgets.posting import Post
from viewer.widgets.texts import TileTexts
from viewer.widgets.tool_bar import ToolBar
from viewer.widgets.tools import IdleTool, ToolRow
from viewer.widgets.volume.board import Board
from viewer.widgets.volume.host import Opened, VolumeHost
from viewer.widgets.volume.layouts import LAYOUTS
from viewer.widgets.volume.loading import LoadingPage

TOOLS = (
    ToolRow("cross", N_("Crosshair"), "crosshair", "V", IdleTool),
    ToolRow("pan", N_("Pan"), "hand", "H", IdleTool),
    ToolRow("zoom", N_("Zoom"), "magnifying-glass-plus", "Z", IdleTool),
    ToolRow("window", N_("Window"), "circle-half", "W", IdleTool),
    ToolRow("length", N_("Distance"), "ruler", "D", IdleTool, group=1),
    ToolRow("angle", N_("Angle"), "angle", "A", IdleTool, group=1),
    ToolRow("region", N_("Region"), "circle-dashed", "O", IdleTool, group=1),
    ToolRow("arch", N_("Arch"), "path", "E", IdleTool, group=2),
    ToolRow("canal", N_("Canal"), "lightning", "N", IdleTool, group=2),
)
SAVE_MS = 700
FAILED = N_("This volume cannot be opened.")
HINT = N_("Wheel: slices · Ctrl + wheel: zoom · Right drag: window · Handles: turn the planes")


class VolumeWorkspace(QWidget):
    """A bar above, the board below, or the page of loading while there is no board."""

    opened = Signal()
    refused = Signal(str)
    tool_taken = Signal(str)

    def __init__(self, host: VolumeHost, texts: TileTexts, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("workspace")
        self.host, self.texts, self.look = host, texts, look
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(look.sheet() + form_sheet(look))
        self.board: Board | None = None
        self._plan = ""
        self._reading = False
        self._made: list[Board] = []
        self._saved = ""
        self._stop = threading.Event()
        self._post = Post(self)
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="volume work")
        self._save_timer = QTimer(self, singleShot=True, interval=SAVE_MS)
        self._save_timer.timeout.connect(self.save_plan)
        self.bar = ToolBar(look, texts, self)
        self.loading = LoadingPage(texts, look, host.megabytes)
        self.loading.stopped.connect(self._stop.set)
        self.loading.again.connect(self.load)
        self.notices, self.status = QLabel(), QLabel(texts.say(HINT))
        self._build()

    def _build(self) -> None:
        self.notices.setObjectName("warning")
        self.notices.setWordWrap(True)
        self.notices.setContentsMargins(12, 5, 12, 5)
        self.notices.hide()
        self.status.setObjectName("status")
        self.status.setFixedHeight(self.look.px(26))
        self.status.setSizePolicy(self.status.sizePolicy().Policy.Ignored, self.status.sizePolicy().Policy.Fixed)
        self._pages = QStackedLayout()
        self._pages.addWidget(self.loading)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.bar, self.notices):
            column.addWidget(part)
        column.addLayout(self._pages, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.status, 1)
        column.addLayout(foot)
        self.bar.fill(TOOLS, self._actions(), self.take_tool, self._do, self._fill_layouts, lambda _row: False)
        self.bar.setEnabled(False)

    def _actions(self) -> tuple[ActionRow, ...]:
        rows: tuple[tuple[str, str, str, str, Callable[[Board], object]], ...] = (
            ("invert", N_("Invert"), "drop-half", "I", lambda board: board.state.invert()),
            ("upright", N_("Turn the planes back"), "arrow-counter-clockwise", "Backspace",
             lambda board: board.state.set_upright()),
            ("undo", N_("Undo"), "arrow-u-up-left", "Ctrl+Z", lambda board: board.state.undo()),
            ("redo", N_("Redo"), "arrow-u-up-right", "Ctrl+Shift+Z", lambda board: board.state.redo()),
        )  # fmt: skip
        return tuple(
            ActionRow(name, label, self._on_board(act), icon, key, "bar") for name, label, icon, key, act in rows
        )

    @property
    def busy(self) -> bool:
        """Whether the volume is being read, or a picture of it still made."""
        return self._reading or (self.board is not None and self.board.busy)

    # -- loading --------------------------------------------------------------------------------------------
    def load(self) -> None:
        """Read the volume in the background."""
        self._stop.clear()
        self._reading = True
        self.loading.begin()
        self._pages.setCurrentWidget(self.loading)

        def told(part: float) -> bool:
            self._post.post(lambda: self.loading.told(part))
            return not self._stop.is_set()

        def work() -> None:
            try:
                found = self.host.opening(told)
            except ViewerError as error:
                sentence = self.texts.sentence(error)
                self._post.post(lambda: self._refuse(sentence))
            except Exception:
                self._post.post(lambda: self._refuse(self.texts.say(FAILED)))
                raise
            else:
                self._post.post(lambda: self._show(found))

        self._pool.submit(work)

    def _refuse(self, sentence: str) -> None:
        self._reading = False
        self.loading.refuse(sentence)
        self.refused.emit(sentence)

    def _show(self, found: Opened) -> None:
        if self._stop.is_set():
            self._refuse(self.texts.say(Cancelled.message_id))
            return
        board = Board(found, self.host, self.texts, self.look, self._pool, self._post)
        self._made.append(board)
        self._pages.addWidget(board)
        self._furnish(board, found)

    def _furnish(self, board: Board, found: Opened) -> None:
        """One page of the panel in each turn of the event loop."""
        if board not in self._made:
            return  # closed meanwhile
        for _page in board.furnish:
            self._post.post(lambda: self._furnish(board, found))
            return
        self._reading = False
        self.board = board
        self._pages.setCurrentWidget(board)
        self.bar.setEnabled(True)
        said = [self.texts.say(notice.message_id, **dict(notice.values)) for notice in found.volume.notices]
        self.notices.setText(" · ".join(said))
        self.notices.setVisible(bool(said))
        board.state.tool_taken.connect(self._tool_taken)
        self.bar.show_tool(board.state.tool)
        if self._plan:
            self._load_plan()
        board.state.planned.connect(self._save_timer.start)
        board.state.planned.connect(self._say_nearness)
        board.state.crossed.connect(self._say_nearness)
        self.opened.emit()

    # -- what is drawn --------------------------------------------------------------------------------------
    def set_plan(self, document: str) -> None:
        """What is kept of this volume; '' for nothing. What is being drawn and not yet kept goes before it."""
        if self._save_timer.isActive() or document == self._saved:
            return
        self._plan = self._saved = document
        if self.board is not None:
            self._load_plan()

    def _load_plan(self) -> None:
        assert self.board is not None
        try:
            plan = plan_from_json(self._plan) if self._plan else VolumePlan()
        except ViewerError as error:
            self.status.setText(self.texts.sentence(error))
            return
        self.board.state.load_plan(plan)
        self._save_timer.stop()

    def save_plan(self) -> None:
        """Hand what is drawn to the host, when it is other than what is kept."""
        self._save_timer.stop()
        if self.board is None or self.host.refusal:
            return
        document = plan_to_json(self.board.state.plan)
        if document != (self._saved or plan_to_json(VolumePlan())):
            self._saved = document
            self.host.keep_plan(document)

    def _say_nearness(self) -> None:
        if self.board is not None:
            near = self.board.warning()
            self.status.setText(near or self.texts.say(HINT))
            self.status.setStyleSheet("color: #F2D06B;" if near else "")

    # -- tools ----------------------------------------------------------------------------------------------
    def take_tool(self, name: str) -> None:
        """Take a tool in hand."""
        if self.board is not None:
            self.board.state.take(name)

    def _tool_taken(self, name: str) -> None:
        self.bar.show_tool(name)
        self.tool_taken.emit(name)

    def _do(self, row: ActionRow) -> None:
        row.act(self)  # type: ignore[arg-type]  # our rows act on the board

    def _on_board(self, act: Callable[[Board], object]) -> Callable[[object], object]:
        """The deed of a row: on the board, where there is one."""

        def deed(_workspace: object) -> object:
            return act(self.board) if self.board is not None else None

        return deed

    def _fill_layouts(self, menu: QMenu) -> None:
        for number, layout in enumerate(LAYOUTS, 1):
            entry = menu.addAction(f"{self.texts.say(layout.title)}\t{number}")
            entry.setCheckable(True)
            entry.setChecked(self.board is not None and self.board.layout_name == layout.name)
            entry.triggered.connect(lambda _on=False, name=layout.name: self.set_layout(name))

    def set_layout(self, name: str) -> None:
        """Stand the panes as a layout says."""
        if self.board is not None:
            self.board.set_layout(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters take tools, digits layouts, Ctrl+Z steps back; Escape leaves a pane that is alone."""
        if self.board is None or not self._on_key(self.board, event):
            super().keyPressEvent(event)

    def _on_key(self, board: Board, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            return board.leave_large()
        name = QKeySequence(event.keyCombination()).toString(QKeySequence.SequenceFormat.PortableText)
        if name in {str(number) for number in range(1, len(LAYOUTS) + 1)}:
            self.set_layout(LAYOUTS[int(name) - 1].name)
            return True
        if event.key() == Qt.Key.Key_Delete:
            board.state.remove_chosen()
            return True
        tool = next((row for row in TOOLS if row.key == name), None)
        if tool is not None:
            self.take_tool(tool.name)
            return True
        action = next((row for row in self._actions() if row.key == name), None)
        if action is not None:
            self._do(action)
        return action is not None

    # -- the end --------------------------------------------------------------------------------------------
    def close_volume(self) -> None:
        """Stop all work; the volume leaves the memory. What was drawn is kept first."""
        self.save_plan()
        self._stop.set()
        self.board = None
        boards, self._made = self._made, []
        for board in boards:
            board.close_board()
            self._pages.removeWidget(board)
            board.deleteLater()
        self._post.close()
        with contextlib.suppress(RuntimeError):
            self._pool.shutdown(wait=False, cancel_futures=True)
