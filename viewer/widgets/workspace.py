"""The reading workspace: tiles, tools, keys. Stands alone, or as a screen of the shell.

    workspace = Workspace(source, texts, look)
    workspace.tools.add(ToolRow(...)); workspace.add_action(ActionRow(...))     # before or after
    workspace.panel.addWidget(panel)
    workspace.marks_changed.connect(save)                    # save(key): workspace.histories[key].sheet
    workspace.set_marks(key, sheet)                          # marks that were kept
    workspace.load()

Keys while a tile has the focus: the letters of the tools and actions, 1 to 9 layouts, 0 the automatic one, Page Up and
Page Down the next image, Ctrl+Z and Ctrl+Shift+Z the marks, Tab the next tile, Escape leaves a tile that is alone.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QScreen

from viewer.errors import N_
from viewer.io.documents import Authorship, ImageReference, refer
from viewer.model.exporting import Exported, not_recorded
from viewer.model.hanging.protocol import PLAIN
from viewer.model.spacing import Unit
from viewer.pixels.filters import Filter
from viewer.pixels.presets import Preset, preset_voi
from viewer.widgets.actions import ACTIONS, ActionRow
from viewer.widgets.pseudo_colour import PseudoColour
from viewer.widgets.reading_board import ReadingBoard

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from viewer.io.key_objects import Purpose

CINE_MS = 100
PORTABLE = QKeySequence.SequenceFormat.PortableText
MM_PER_INCH = 25.4
NO_SIZE = N_("This image has no trusted size: calibrate it to see it life size.")
SCREEN_NOT_MEASURED = N_("The screen was not measured: it is taken at its word. Check the screen with a card.")
SIZE_ESTIMATED = N_("The pixel size of this image is only estimated.")
CINE_NEEDS_STACK = N_("There is only one image in this series.")


class Workspace(ReadingBoard):
    """Commands and keys on a reading board."""

    key_images_changed = Signal()
    second_opened = Signal(object)
    tool_taken = Signal(str)
    """The name of the tool that was taken in hand."""

    def _build(self) -> None:
        self.actions_offered: list[ActionRow] = list(ACTIONS)
        self.screen_mm: float | None = None
        """Millimetres of a device pixel as somebody measured it; None believes what the screen says of itself."""
        self.second: Workspace | None = None
        self.exported: Exported = not_recorded
        """Told of each image before anything of it leaves; a host that raises forbids it."""
        self._cine = QTimer(self, interval=CINE_MS)
        self._cine.timeout.connect(self._advance)
        super()._build()
        self.fill_bar()
        self.loaded.connect(self._take_key_images)
        self.active_changed.connect(lambda _pane: self._show_states())
        self.layout_changed.connect(lambda _name: self._show_states())

    # -- tools and actions

    def fill_bar(self) -> None:
        """Make the bar anew: after tools or actions were added."""
        self.bar.fill(self.tools, self.actions_offered, self.take_tool, self.do, self.fill_layout_menu, self._is_on)
        self.bar.show_tool(self.tool_name)

    def add_action(self, row: ActionRow) -> None:
        """Offer one more action. Raises ValueError when its key is taken."""
        taken = {other.key for other in (*self.actions_offered, *self.tools) if other.key}
        if row.key in taken:
            raise ValueError(row.key)
        self.actions_offered.append(row)
        self.fill_bar()

    def take_tool(self, name: str) -> None:
        """Take a tool in hand on every tile. Raises KeyError for an unknown name."""
        row = self.tools.row(name)
        self.tool_name = name
        for pane in self.panes:
            pane.take_tool(row.make(), row.measures)
        self.bar.show_tool(name)
        self.say("")
        self.tool_taken.emit(name)

    def do(self, row: ActionRow) -> None:
        """Carry out an action and show what it switched."""
        self.say("")
        row.act(self)
        self._show_states()

    def _is_on(self, row: ActionRow) -> bool:
        return row.checked is not None and row.checked(self)

    def _show_states(self) -> None:
        self.bar.show_states(self.actions_offered, self._is_on)

    def on_active(self, method: str) -> None:
        """Call a command of the active tile: fit, one_to_one, rotate, mirror, flip, invert."""
        if self.active is not None:
            getattr(self.active, method)()

    def reset(self) -> None:
        """The active tile as its image was opened."""
        if self.active is not None:
            self.active.reset_all()

    def apply_preset(self, kind: Preset) -> None:
        """A named window on the active tile."""
        if self.active is not None and self.active.picture is not None:
            self.active.set_voi(preset_voi(self.active.picture, kind))

    def apply_filter(self, kind: Filter) -> None:
        """A filter on the active tile."""
        if self.active is not None:
            self.active.set_filter(kind)

    def apply_colour(self, kind: PseudoColour) -> None:
        """Colours for greys on the active tile."""
        if self.active is not None:
            self.active.set_pseudo_colour(kind)

    def life_size(self) -> None:
        """Show the active image as large as the patient, where its pixel size may be believed; say what is not sure."""
        pane = self.active
        if pane is None:
            return
        if not pane.life_size(self.millimetres_of_a_pixel(), self.screen_mm is not None):
            self.say(self.texts.say(NO_SIZE))
        elif self.screen_mm is None:
            self.say(self.texts.say(SCREEN_NOT_MEASURED))
        elif pane.picture is not None and pane.picture.header is not None:
            sure = pane.picture.header.pixel_size.unit is Unit.MM
            self.say("" if sure else self.texts.say(SIZE_ESTIMATED))

    def millimetres_of_a_pixel(self) -> float:
        """The width of a device pixel in mm: as measured on the screen, else as the screen says of itself."""
        if self.screen_mm is not None:
            return self.screen_mm
        screen: QScreen = self.screen()
        return MM_PER_INCH / max(screen.physicalDotsPerInchX() * screen.devicePixelRatio(), 1.0)

    def toggle_maximised(self) -> None:
        """The active tile alone, or all of them."""
        if self.active is not None:
            self.maximise(self.active)

    def toggle_link(self) -> None:
        """Link zoom, place and window of all tiles; the others come to where the active one is."""
        self.links.enabled = not self.links.enabled
        if self.links.enabled and self.active is not None:
            self.links.align(self.active)

    def undo(self) -> None:
        """The marks of the active image one step back."""
        if self.active is not None:
            self.active.set_history(self.active.history.undone())

    def redo(self) -> None:
        """One step forward again."""
        if self.active is not None:
            self.active.set_history(self.active.history.redone())

    # -- key images

    def is_key(self) -> bool:
        """Whether the active frame is a key image."""
        return self._active_frame() in self.key_images

    def toggle_key_image(self) -> None:
        """Mark the active frame as a key image, or take the mark away."""
        frame = self._active_frame()
        if frame is None:
            return
        self.set_key_images(self.key_images ^ {frame})
        self.key_images_changed.emit()

    def set_key_images(self, chosen: Collection[tuple[str, int]]) -> None:
        """Show these (key, frame) as key images, here and in the second window."""
        self.key_images = set(chosen)
        self.source.keep_key_images(sorted(self.key_images))
        self._refresh()
        self._show_states()
        if self.second is not None and self.second.key_images != self.key_images:
            self.second.set_key_images(self.key_images)

    def _active_frame(self) -> tuple[str, int] | None:
        pane = self.active
        return (pane.item.key, pane.frame) if pane is not None and pane.item is not None else None

    def _take_key_images(self) -> None:
        self.key_images = set(self.source.key_images())
        self._refresh()

    def key_objects(self, purpose: Purpose, by: Authorship) -> list[Dataset]:
        """A key object selection (PS3.3 §A.35.4) for each study with key images. Reads the originals: may block.

        Raises a ViewerError for an image that cannot be referred to.
        """
        from viewer.io.key_objects import key_object_selection

        by_study: dict[str, dict[str, tuple[ImageReference, list[int]]]] = {}
        for key, frame in sorted(self.key_images):
            found = self.catalogue.find(key)
            if found is None:
                continue
            study, item = found
            chosen = by_study.setdefault(study.uid, {})
            if key not in chosen:
                chosen[key] = refer(self.source.original(key, lambda _part: None)), []
            if item.frames > 1:
                chosen[key][1].append(frame)
        return [key_object_selection(list(chosen.values()), purpose, by) for chosen in by_study.values()]

    # -- cine

    def cine_runs(self) -> bool:
        """Whether the frames advance by themselves."""
        return self._cine.isActive()

    def toggle_cine(self) -> None:
        """Run through the frames, or the images of the series, at ten a second, round and round."""
        pane = self.active
        if self._cine.isActive():
            self._cine.stop()
        elif pane is None or pane.item is None or not pane.neighbours():
            self.say(self.texts.say(CINE_NEEDS_STACK))
        else:
            self._cine.start()

    def _advance(self) -> None:
        """The next frame, once the present one is there: a slow image is waited for, not skipped."""
        pane = self.active
        if pane is None or pane.item is None or (pane.picture is None and not pane.failed_to_load):
            return
        pane.advance()

    # -- other windows

    def open_second(self) -> Workspace:
        """A second window over the same images, on another screen when there is one; linked with this one."""
        if self.second is None:
            self.second = Workspace(self.source, self.texts, self.look, loader=self.loader, links=self.links)
            self.second.screen_mm, self.second.histories = self.screen_mm, self.histories
            self.second.marks_changed.connect(self.refresh_marks)
            self.marks_changed.connect(self.second.refresh_marks)
            self.second.setWindowTitle(self.windowTitle())
            self.second.setLocale(self.locale())
            self.second.resize(self.size())
            others = [screen for screen in self.screen().virtualSiblings() if screen is not self.screen()]
            if others:
                self.second.setGeometry(others[0].availableGeometry())
            self.second.installEventFilter(self)
            self.second.show_catalogue(self.catalogue)
            self.second.set_key_images(self.key_images)
            self.second.key_images_changed.connect(self._follow_second)
            self.second_opened.emit(self.second)
        self.second.show()
        self.second.raise_()
        return self.second

    def _follow_second(self) -> None:
        """What was marked in the second window is marked."""
        if self.second is not None:
            self.set_key_images(self.second.key_images)
            self.key_images_changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Forget the second window when it is closed."""
        if watched is self.second and event.type() == QEvent.Type.Close:
            self._drop_second()
        return super().eventFilter(watched, event)

    def _drop_second(self) -> None:
        second, self.second = self.second, None
        if second is None:
            return
        second.removeEventFilter(self)
        second.close_board()
        for pane in second.panes:
            self.links.remove(pane)
        second.deleteLater()

    def check_screen(self) -> None:
        """The test pattern, and the ruler with which a person measures the screen."""
        from viewer.widgets.screen_check import ScreenCheck

        check = ScreenCheck(self.texts, self.look, self.millimetres_of_a_pixel(), self)
        if check.exec():
            self.screen_mm = check.millimetres_of_a_pixel()

    def close_board(self) -> None:
        """Stop all work, also that of the second window."""
        self._cine.stop()
        if self.second is not None:
            self.second.close()
            self._drop_second()
        super().close_board()

    # -- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that the focused tile did not use."""
        if not self._on_key(event):
            super().keyPressEvent(event)

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo):
            self.undo() if event.matches(QKeySequence.StandardKey.Undo) else self.redo()
            return True
        if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier):
            return self._on_name(QKeySequence(event.keyCombination()).toString(PORTABLE))
        if event.key() == Qt.Key.Key_Escape and self.grid.maximised is not None:
            self.grid.maximise(None)
            return True
        name = QKeySequence(event.key()).toString(PORTABLE)
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) and self.active is not None:
            self.active.page(1 if event.key() == Qt.Key.Key_PageDown else -1)
            return True
        return self._on_name(name)

    def _on_name(self, name: str) -> bool:
        if name in "123456789" and len(name) == 1:
            self.keep_protocol(PLAIN[int(name) - 1])
            return True
        tool = next((row for row in self.tools if row.key == name), None)
        if tool is not None:
            self.take_tool(tool.name)
            return True
        row = next((row for row in self.actions_offered if row.key == name), None)
        if row is not None:
            self.do(row)
        return row is not None

    def closeEvent(self, event: QCloseEvent) -> None:
        """A window of its own stops its work when it is closed."""
        if self.isWindow():
            self.close_board()
        super().closeEvent(event)
