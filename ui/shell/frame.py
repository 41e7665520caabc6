"""What stands in every window: rail, top bar, banner, screens between panels, help, status bar, toast, palette."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from ui.shell.bench import Bench
from ui.shell.docks import DockHost
from ui.shell.help import HelpPanel
from ui.shell.notice_centre import Bell, NoticeCentre
from ui.shell.parking import Parking
from ui.shell.rail import Rail
from ui.shell.running import Ran
from ui.shell.screen import Screen
from ui.shell.screens import ScreenSpec, discover_panels
from ui.shell.search import QuickSearch
from ui.shell.status_bar import StatusBar
from ui.shell.top_bar import TopBar
from ui.shell.training_ribbon import TrainingRibbon
from ui.shell.waiting_counts import WaitingCounts
from ui.widgets.cards import Banner
from ui.widgets.toast import Toast

if TYPE_CHECKING:
    from ui.shell.window_group import WindowGroup

LEAST = (800, 560)


class WindowFrame(QWidget):
    """The widgets of a window, laid out, and what is said in them; where one goes is the business of `Window`."""

    group: WindowGroup
    screens: dict[str, Screen]
    current: ScreenSpec | None

    def __init__(
        self, bench: Bench, specs: Sequence[ScreenSpec], notices: NoticeCentre, *, training: bool = False
    ) -> None:
        super().__init__()
        self.bench, self.notices = bench, notices
        self._last_ran: Ran | None = None
        self.specs = {spec.name: spec for spec in specs}
        self.setWindowTitle("Archwire")
        self.setMinimumSize(*LEAST)
        self.ribbon = TrainingRibbon() if training else None
        self._build(specs)

    def _build(self, specs: Sequence[ScreenSpec]) -> None:
        self.rail, self.search = Rail(specs), QuickSearch()
        self.waiting = WaitingCounts(self.bench, self.rail, specs)
        self.bell = Bell(self.notices)
        self.top = TopBar(self.search, self.bell, self.bench.server, self.bench.runner.clock)
        self.stack, self.help = QStackedWidget(), HelpPanel()
        self.docks = DockHost(self.bench, self.stack, discover_panels())
        self.status = StatusBar(self.bench.progress, self.bench.runner.clock, self.bench.server)
        self.banner = Banner("info", "", action=" ")
        self.banner_host = QWidget()
        host = QVBoxLayout(self.banner_host)
        host.setContentsMargins(14, 10, 14, 0)
        host.addWidget(self.banner)
        self.banner_host.hide()
        self.help.hide()
        self.workbench = QWidget()
        self.workbench.setProperty("surface", "canvas")
        self.workbench.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self.workbench)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(self._right(), 1)
        self.root = QStackedWidget()
        self.root.addWidget(self.workbench)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        if self.ribbon is not None:
            whole.addWidget(self.ribbon)
        whole.addWidget(self.root, 1)
        self.parking = Parking(self)
        self.toast = Toast(self.docks)

    def _right(self) -> QVBoxLayout:
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.docks, 1)
        middle.addWidget(self.help)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.top)
        right.addWidget(self.banner_host)
        right.addLayout(middle, 1)
        right.addWidget(self.status)
        return right

    @property
    def busy(self) -> bool:
        """Whether an answer or a command is still on its way, or the screen that is shown still draws."""
        return self.bench.busy or any(screen.busy for screen in self.screens.values() if screen.isVisible())

    def say_chrome(self) -> None:
        """Say the words of the chrome in the language in force."""
        for part in (self.rail, self.top, self.search, self.status, self.docks):
            part.retranslate()
        if self.ribbon is not None:
            self.ribbon.retranslate()
        self.bell.refresh()

    def go_immersive(self, immersive: bool) -> None:
        """A screen with a theme of its own (reading images) takes all the room; panels that float stay."""
        for part in (self.rail, self.top, self.status):
            part.setVisible(not immersive)
        self.docks.suspend() if immersive else self.docks.resume()

    # -- what is said ---------------------------------------------------------------------------------------
    def banner_says(self, severity: str, sentence: str) -> None:
        """One line under the top bar, until it is put away."""
        self.banner.tell(severity, sentence, action=_(N_("Close")))
        self.banner_host.show()

    def _say_here(self, severity: str, sentence: str) -> None:
        if self.group.active() is self:
            self.banner_says(severity, sentence)

    def _tell(self, ran: Ran) -> None:
        if self.group.active() is not self:
            return
        self._last_ran = ran
        self.toast.tell(ran.sentence, undo=ran.undoable)

    def _undo_told(self) -> None:
        if self._last_ran is not None and self._last_ran.operation_id is not None:
            self.bench.undo(self._last_ran.operation_id, self._last_ran.group_id)

    def undo_last(self) -> None:
        """Take back what this person did last."""
        self.toast.hide()
        if not self.bench.undo_last():
            self.toast.tell(_(N_("There is nothing of yours to undo.")), undo=False)

    def redo_last(self) -> None:
        """Do again what this person undid last."""
        self.toast.hide()
        if not self.bench.redo_last():
            self.toast.tell(_(N_("There is nothing of yours to do again.")), undo=False)

    def show_help(self, page: str) -> None:
        """A page of the help, whatever screen is open."""
        self.help.show()
        self.help.show_page(page)
        self.help.take_focus()

    def turn_help(self) -> None:
        """The page of what the person does now, where the help is open."""
        if self.help.isVisible() and self.current is not None:
            self.help.show_page(self.screens[self.current.name].help_page() or self.current.name)

    def toggle_help(self) -> None:
        """Show or put away the help of the screen."""
        self.help.setVisible(self.help.isHidden())
        if self.help.isVisible() and self.current is not None:
            self.turn_help()
            self.help.take_focus()
        elif self.current is not None:
            self.screens[self.current.name].focus_first()
