"""The one window: rail, top bar, the screens, help, banner and toast. Everything in them is somebody else's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QLocale, QPoint, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QToolTip, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.core.i18n import N_, _, language, on_language_change
from app.core.settings import Setting
from app.journal.queries import NOBODY
from app.journal.settings_store import change_setting
from ui.shell.bench import Bench, Ran
from ui.shell.help import HelpPanel
from ui.shell.menus import person_menu
from ui.shell.preferences import TEXT_SIZE, apply_language, apply_looks, next_size
from ui.shell.rail import Rail
from ui.shell.screen import Screen
from ui.shell.screens import ScreenSpec
from ui.shell.search import QuickSearch
from ui.shell.shortcuts import install_shortcuts
from ui.shell.top_bar import TopBar
from ui.shell.training_ribbon import TrainingRibbon
from ui.theme.style import theme
from ui.widgets.cards import Banner
from ui.widgets.toast import Toast

if TYPE_CHECKING:
    from app.journal.changes import ChangeSet
    from ui.shell.session import Session

LEAST = (800, 560)
LOOK_TABLES = frozenset({"user_setting", "workstation_setting"})


class Window(QWidget):
    """Hosts the screens; `open(name, **chosen)` goes to one."""

    def __init__(
        self, bench: Bench, session: Session, specs: Sequence[ScreenSpec], notices: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self.bench, self.session = bench, session
        self.specs = {spec.name: spec for spec in specs}
        self.screens: dict[str, Screen] = {}
        self.current: ScreenSpec | None = None
        self._trail: list[tuple[str, dict[str, Any]]] = []
        self._by_keyboard = False
        self._held_keyboard: QWidget | None = None
        self.setWindowTitle("Archwire")
        self.setMinimumSize(*LEAST)
        self._build(specs)
        self._listen()
        install_shortcuts(self)
        if notices:
            self.banner_says("info", " ".join(notices))
        self.retranslate()
        self.session.show_gate()

    # -- building -------------------------------------------------------------------------------------------
    def _build(self, specs: Sequence[ScreenSpec]) -> None:
        self.rail, self.search = Rail(specs), QuickSearch(self.bench, specs)
        self.top = TopBar(self.search)
        self.stack, self.help = QStackedWidget(), HelpPanel()
        self.banner = Banner("info", "", action=" ")
        self.banner_host = QWidget()
        host = QVBoxLayout(self.banner_host)
        host.setContentsMargins(14, 10, 14, 0)
        host.addWidget(self.banner)
        self.banner_host.hide()
        self.help.hide()
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.stack, 1)
        middle.addWidget(self.help)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.top)
        right.addWidget(self.banner_host)
        right.addLayout(middle, 1)
        self.workbench = QWidget()
        self.workbench.setProperty("surface", "canvas")
        self.workbench.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self.workbench)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        self.root = QStackedWidget()
        self.root.addWidget(self.workbench)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self.ribbon = TrainingRibbon() if self.session.workplace.is_training else None
        if self.ribbon is not None:
            whole.addWidget(self.ribbon)
        whole.addWidget(self.root, 1)
        self.toast = Toast(self)
        self._last_ran: Ran | None = None

    def _listen(self) -> None:
        self.rail.chosen.connect(self.open)
        self.search.chosen.connect(self._open_from_search)
        self.help.closed.connect(self.toggle_help)
        self.banner.activated.connect(self.banner_host.hide)
        self.toast.undone.connect(self._undo_told)
        self.top.person.clicked.connect(self._show_menu)
        self.bench.ran.connect(self._tell)
        self.bench.presenter.said.connect(self.banner_says)
        self.bench.presenter.unreachable.connect(self.top.show_unreachable)
        self.bench.actor_changed.connect(self._somebody_else)
        self.bench.changed.connect(self._take_note)
        self.session.attach(self)
        self._stop_language = on_language_change(lambda _code: self.retranslate())

    # -- screens --------------------------------------------------------------------------------------------
    def allowed(self) -> frozenset[str]:
        """The screens that the person may open."""
        actor = self.bench.actor
        return frozenset(
            s.name
            for s in self.specs.values()
            if actor.everything or s.permission is None or s.permission in actor.permissions
        )

    def open(self, name: str, **chosen: Any) -> None:
        """Show a screen, made now when it was not yet; `chosen` is what it is opened for."""
        spec = self.specs[name]
        screen = self.screen_named(name)
        self._trail = [*[entry for entry in self._trail if entry[0] != name][-20:], (name, chosen)]
        self.current = spec
        if chosen:
            screen.choose(**chosen)
        immersive = spec.theme is not None
        self.rail.setVisible(not immersive)
        self.top.setVisible(not immersive)
        self._look()
        self.rail.mark(spec.above or name)
        self.stack.setCurrentWidget(screen)
        self._show_titles()
        if self.help.isVisible():
            self.help.show_page(name)
        keyboard = self._by_keyboard
        screen.focus_reason = Qt.FocusReason.ShortcutFocusReason if keyboard else Qt.FocusReason.ActiveWindowFocusReason
        QTimer.singleShot(0, screen, screen.focus_first)

    def screen_named(self, name: str) -> Screen:
        """The screen of this name, made when it is first asked for."""
        if name not in self.screens:
            screen = self.screens[name] = self.specs[name].load()(self.bench)
            screen.title = self.specs[name].title
            screen.open_screen.connect(lambda there, chosen: self.open(there, **chosen))
            screen.went_back.connect(self.back)
            screen.titled.connect(self._show_titles)
            self.stack.addWidget(screen)
        return self.screens[name]

    def back(self) -> None:
        """To the screen before."""
        if len(self._trail) > 1:
            self._trail.pop()
            name, chosen = self._trail[-1]
            self.open(name, **chosen)

    def _show_titles(self) -> None:
        if self.current is not None:
            screen = self.screens[self.current.name]
            self.top.set_titles(screen.heading(), screen.subheading())

    def open_number(self, number: int) -> None:
        """The screen at this place of the rail, by keyboard."""
        name = self.rail.name_at(number)
        if name is not None:
            self._by_keyboard = True
            self.open(name)
            self._by_keyboard = False

    def _open_from_search(self, name: str, chosen: dict[str, Any]) -> None:
        self.open(name, **chosen)

    def go_to_filter(self) -> None:
        """To the field that filters this screen, else to the search."""
        field = self.screens[self.current.name].filter_field() if self.current is not None else None
        (field or self.search).setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- people ---------------------------------------------------------------------------------------------
    def _somebody_else(self, actor: object) -> None:
        if self.bench.actor is NOBODY:
            return
        self.rail.offer(self.allowed())
        self.top.person.set_person(self.bench.actor.name, self.session.role_words(), self.bench.actor.id)
        self.prefer_now()
        self.session.restore_place(self)
        for screen in self.screens.values():
            screen.freshen()
        if self.current is None or self.current.name not in self.allowed():
            first = next(
                (spec.name for spec in self.specs.values() if spec.name in self.allowed() and not spec.needs), None
            )
            if first is not None:
                self.open(first)

    def cover(self, gate: QWidget) -> None:
        """Show the gate, and nothing over it that may name a patient; where the keyboard was is remembered."""
        self._held_keyboard = self.focusWidget()
        for floating in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
            if floating is not None and floating is not self:
                floating.close()
        QToolTip.hideText()
        self.toast.hide()
        self.search.results.hide()
        self.root.setCurrentWidget(gate)

    def uncover(self) -> None:
        """Show the workbench again; the keyboard goes back to where it was."""
        self.root.setCurrentWidget(self.workbench)
        held, self._held_keyboard = self._held_keyboard, None
        if held is not None and isValid(held) and self.workbench.isAncestorOf(held) and held.isVisible():
            held.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.current is not None:
            self.screens[self.current.name].focus_first()

    def lock(self) -> None:
        """Cover everything; screens and typed text stay as they are."""
        self.session.lock()

    def sign_out(self) -> None:
        """End the session; the screens are given up."""
        self.session.keep_place(self)
        self.give_up_screens()
        self.session.sign_out()

    def give_up_screens(self) -> None:
        """Close every screen: what one person typed is not for the next."""
        for screen in self.screens.values():
            self.stack.removeWidget(screen)
            screen.deleteLater()
        self.screens.clear()
        self._trail.clear()
        self.current = None
        self.toast.hide()

    def _show_menu(self) -> None:
        menu = person_menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        corner = self.top.person.mapToGlobal(self.top.person.rect().bottomRight())
        menu.popup(corner - QPoint(menu.sizeHint().width(), -4))

    # -- looks ----------------------------------------------------------------------------------------------
    def prefer(self, setting: Setting[Any], value: str) -> None:
        """Keep a choice of language, theme or text size, and apply it at once."""
        self.bench.run(change_setting, setting.name, value).say("")

    def _take_note(self, changes: ChangeSet) -> None:
        """Looks, rights and names follow what was committed, here or elsewhere."""
        if changes.touches(LOOK_TABLES):
            self.prefer_now()
        authority = self.bench.runner.authority
        if authority is not None and changes.touches(authority.tables):
            self.session.refresh_rights()

    def prefer_now(self) -> None:
        """Apply the person's language and looks."""
        apply_language(self.session.looks())
        self._look()

    def _look(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_looks(app, self.session.looks(), override=self.current.theme if self.current else None)

    def resize_text(self, step: int) -> None:
        """One text size larger or smaller; 0 is 100 %."""
        self.prefer(TEXT_SIZE, next_size(str(round(theme.text_scale * 100)), step))

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.setLocale(QLocale("fr_CA" if language() == "fr" else "en_CA"))
        QApplication.sendEvent(self, QEvent(QEvent.Type.LanguageChange))
        for part in (self.rail, self.top, self.search):
            part.retranslate()
        if self.ribbon is not None:
            self.ribbon.retranslate()
        for screen in self.screens.values():
            screen.retranslate()
        self.top.person.set_person(self.bench.actor.name, self.session.role_words(), self.bench.actor.id)
        self._show_titles()

    # -- what is said ---------------------------------------------------------------------------------------
    def banner_says(self, severity: str, sentence: str) -> None:
        """One line under the top bar, until it is put away."""
        self.banner.tell(severity, sentence, action=_(N_("Close")))
        self.banner_host.show()

    def _tell(self, ran: Ran) -> None:
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

    def toggle_help(self) -> None:
        """Show or put away the help of the screen."""
        self.help.setVisible(self.help.isHidden())
        if self.help.isVisible() and self.current is not None:
            self.help.show_page(self.current.name)
            self.help.take_focus()
        elif self.current is not None:
            self.screens[self.current.name].focus_first()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the place and end the threads."""
        self.session.keep_place(self)
        self.session.close()
        self._stop_language()
        self.bench.close()
        super().closeEvent(event)
