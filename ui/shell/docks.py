"""Panels beside the screens: docked at a side, floating on another monitor, put away; their layout is kept.

The layout is that of QMainWindow, one for each workspace, kept for one person at one workstation. Screens, rail and
top bar do not move (design §3, docking).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QByteArray, QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QDockWidget, QFrame, QHBoxLayout, QMainWindow, QMenu, QVBoxLayout, QWidget

from app.access.settings import PANEL_LAYOUTS
from app.core.i18n import N_, _
from ui.shell.bench import Bench
from ui.shell.screen import Screen
from ui.shell.screens import PanelSpec
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens.metrics import Weight
from ui.widgets.buttons import IconButton
from ui.widgets.cards import Hairline, ThemedIcon
from ui.widgets.labels import ElidedLabel

KEEP_AFTER_MS: Final = 800
VERSION: Final = 1
WIDTH: Final = 310
AREAS: Final = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "top": Qt.DockWidgetArea.TopDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}
SIDES: Final = (
    ("left", N_("Dock at the left")), ("right", N_("Dock at the right")), ("top", N_("Dock above")),
    ("bottom", N_("Dock below")),
)  # fmt: skip


class PanelHead(QWidget):
    """The title of a panel; dragged it moves the panel, and a menu does the same by keyboard."""

    def __init__(self, dock: Panel) -> None:
        super().__init__(dock)
        self._dock = dock
        self.setProperty("surface", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = ElidedLabel("", "small", weight=Weight.SEMIBOLD)
        self._menu = IconButton("dots-three", "", size="compact")
        self._menu.clicked.connect(self._open_menu)
        self._close = IconButton("x", "", size="compact")
        self._close.clicked.connect(dock.hide)
        row = QHBoxLayout()
        row.setContentsMargins(12, 4, 6, 4)
        row.setSpacing(6)
        row.addWidget(ThemedIcon(dock.spec.icon, 16))
        row.addWidget(self._title, 1)
        row.addWidget(self._menu)
        row.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(Hairline())
        self.retranslate()

    def retranslate(self) -> None:
        """Say the title in the language in force."""
        title = _(self._dock.spec.title)
        self._title.setText(title)
        self._menu.set_name(_(N_("Move the panel “{name}”"), name=title))
        self._close.set_name(_(N_("Put away the panel “{name}”"), name=title))

    def _open_menu(self) -> None:
        menu = self._dock.menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._menu.mapToGlobal(QPoint(0, self._menu.height())))


class Panel(QDockWidget):
    """One panel; its content is made when it is first shown."""

    def __init__(self, spec: PanelSpec, bench: Bench, host: DockHost) -> None:
        super().__init__(_(spec.title), host)
        self.spec, self._bench, self._host = spec, bench, host
        self.content: Screen | None = None
        self.setObjectName(f"panel_{spec.name}")
        self.setAllowedAreas(AREAS["left"] | AREAS["right"] | AREAS["top"] | AREAS["bottom"])
        self.head = PanelHead(self)
        self.setTitleBarWidget(self.head)
        self._frame = QFrame()
        self._frame.setProperty("surface", "surface")
        self._frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = QVBoxLayout(self._frame)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.setWidget(self._frame)
        self.setAccessibleName(_(spec.title))
        if spec.on_top:
            self.topLevelChanged.connect(self._stay_on_top)
        on_theme_change(self._restyle)

    def _stay_on_top(self, floating: bool) -> None:
        """Floating, it stays over other programs; to change the flag hides a window, so it is shown again."""
        if floating and not self.windowFlags() & Qt.WindowType.WindowStaysOnTopHint:
            self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, True)
            self.show()

    def _restyle(self) -> None:
        self._frame.setMinimumWidth(theme.px(WIDTH - 50))

    def fill(self) -> Screen:
        """The content, made now when it was not yet."""
        if self.content is None:
            self.content = self.spec.load()(self._bench)
            self.content.title = self.spec.title
            self.content.open_screen.connect(self._host.open_screen)
            self._column.addWidget(self.content)
        return self.content

    def menu(self, parent: QWidget) -> QMenu:
        """Where the panel may go."""
        menu = QMenu(parent)
        for side, words in SIDES:
            _add(menu, _(words), partial(self.dock_at, side))
        _add(menu, _(N_("Float in a window of its own")), self.float_now).setEnabled(not self.isFloating())
        menu.addSeparator()
        _add(menu, _(N_("Put away")), self.hide)
        return menu

    def dock_at(self, side: str) -> None:
        """Stand at this side of the window."""
        self.setFloating(False)
        self._host.addDockWidget(AREAS[side], self)

    def float_now(self) -> None:
        """Stand in a window of its own, which any monitor may hold."""
        self.setFloating(True)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.setWindowTitle(_(self.spec.title))
        self.setAccessibleName(_(self.spec.title))
        self.head.retranslate()
        if self.content is not None:
            self.content.retranslate()


class DockHost(QMainWindow):
    """The screens in the middle, panels around them. `open_screen` passes on what a panel asks for."""

    open_screen = Signal(str, dict)

    def __init__(
        self, bench: Bench, middle: QWidget, specs: Sequence[PanelSpec], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Widget)
        self._bench, self.specs = bench, list(specs)
        self.panels: dict[str, Panel] = {}
        self._workspace, self._wanted = "", frozenset[str]()
        self._resting = True
        self._hidden: list[Panel] = []
        options = QMainWindow.DockOption
        self.setDockOptions(options.AllowTabbedDocks | options.AllowNestedDocks)
        self.setCentralWidget(middle)
        self._timer = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self._timer.timeout.connect(self.keep)
        QGuiApplication.instance().screenRemoved.connect(self._bring_back)  # type: ignore[union-attr]  # the program runs

    # -- people and workspaces ----------------------------------------------------------------------------------
    def furnish(self, allowed: Sequence[PanelSpec], workspace: str, wanted: Sequence[str]) -> None:
        """Make the panels of somebody who has come in, or of another workspace, and lay them out as kept."""
        self.keep_now()
        self._resting = True
        names = [spec.name for spec in allowed]
        for name in [name for name in self.panels if name not in names]:
            self._drop(self.panels.pop(name))
        for spec in allowed:
            if spec.name not in self.panels:
                self._make(spec)
        self._workspace, self._wanted = workspace, frozenset(wanted)
        self._lay_out()
        self._resting = False

    def clear(self) -> None:
        """The person goes: the layout is kept, the panels are given up."""
        self.keep_now()
        self._resting = True
        for panel in self.panels.values():
            self._drop(panel)
        self.panels, self._hidden, self._workspace = {}, [], ""

    def _make(self, spec: PanelSpec) -> None:
        panel = self.panels[spec.name] = Panel(spec, self._bench, self)
        panel.hide()
        self.addDockWidget(AREAS[spec.side], panel)
        panel.visibilityChanged.connect(self._shown)
        for changed in (panel.topLevelChanged, panel.dockLocationChanged):
            changed.connect(self._touch)
        panel.installEventFilter(self)

    def _drop(self, panel: Panel) -> None:
        panel.removeEventFilter(self)
        panel.hide()
        self.removeDockWidget(panel)
        panel.deleteLater()

    # -- the layout ---------------------------------------------------------------------------------------------
    def _lay_out(self) -> None:
        kept = self._kept().get(self._workspace, "")
        if not kept or not self.restoreState(QByteArray.fromBase64(kept.encode()), VERSION):
            self._place_as_declared()
        self._bring_back()
        for panel in self.panels.values():
            if not panel.isHidden():
                panel.fill()

    def _place_as_declared(self) -> None:
        for name, panel in self.panels.items():
            panel.setFloating(False)
            self.addDockWidget(AREAS[panel.spec.side], panel)
            panel.setVisible(name in self._wanted or self._workspace in panel.spec.workspaces)
            self.resizeDocks([panel], [theme.px(WIDTH)], Qt.Orientation.Horizontal)

    def reset(self) -> None:
        """The layout that the workspace comes with."""
        self._place_as_declared()
        self._touch()

    def _kept(self) -> dict[str, str]:
        try:
            kept = json.loads(self._bench.setting(PANEL_LAYOUTS) or "{}")
        except ValueError:
            return {}
        return kept if isinstance(kept, dict) else {}

    def _touch(self, *_what: object) -> None:
        if not self._resting and self._workspace:
            self._timer.start()

    def keep_now(self) -> None:
        """Keep what waits to be kept."""
        if self._timer.isActive():
            self._timer.stop()
            self.keep()

    def keep(self) -> None:
        """Remember where the panels stand."""
        if self._resting or not self._workspace:
            return
        state = bytes(self.saveState(VERSION).toBase64().data()).decode()
        kept = self._kept()
        if kept.get(self._workspace) != state:
            self._bench.remember(PANEL_LAYOUTS, json.dumps(kept | {self._workspace: state}, sort_keys=True))

    def _bring_back(self, *_screen: object) -> None:
        """A panel that floats where no monitor is any more comes back to its side."""
        screens = available_areas()
        for panel in self.panels.values():
            if panel.isFloating() and not any(area.intersects(panel.frameGeometry()) for area in screens):
                panel.dock_at(panel.spec.side)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A panel that was made wider or moved is remembered too."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Move} and isinstance(watched, Panel):
            self._touch()
        return False

    # -- showing ------------------------------------------------------------------------------------------------
    def toggle(self, name: str) -> None:
        """Show a panel with the keyboard in it, or put it away."""
        panel = self.panels.get(name)
        if panel is not None and panel.isVisible():
            panel.hide()
        elif panel is not None:
            panel.fill()
            panel.show()
            panel.raise_()
            self._share(panel)
            panel.fill().focus_first()

    def _share(self, panel: Panel) -> None:
        """Panels of one side have equal heights when another comes to stand there."""
        area = self.dockWidgetArea(panel)
        beside = [p for p in self.panels.values() if p.isVisible() and self.dockWidgetArea(p) == area]
        beside = [p for p in beside if not p.isFloating() and not self.tabifiedDockWidgets(p)]
        if len(beside) > 1 and area not in (AREAS["bottom"], AREAS["top"]):
            self.resizeDocks(beside, [100] * len(beside), Qt.Orientation.Vertical)

    def _shown(self, visible: bool) -> None:
        panel = self.sender()
        if visible and isinstance(panel, Panel):
            panel.fill()
        self._touch()

    def suspend(self) -> None:
        """Hide every panel (the gate covers the window, or a screen wants all of it) without forgetting the layout."""
        if not self._hidden:
            self.keep_now()
            self._resting = True
            self._hidden = [panel for panel in self.panels.values() if not panel.isHidden()]
            for panel in self._hidden:
                panel.hide()

    def resume(self) -> None:
        """Show them again."""
        for panel in self._hidden:
            panel.show()
        self._hidden = []
        self._resting = not self._workspace

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        for panel in self.panels.values():
            panel.retranslate()


def available_areas() -> list[QRect]:
    """The free area of each monitor."""
    return [screen.availableGeometry() for screen in QGuiApplication.screens()]


def _add(menu: QMenu, words: str, act: Callable[[], object]) -> QAction:
    action = menu.addAction(words)
    action.triggered.connect(lambda *_: act())
    return action
