"""A window: it hosts screens, says what is said, and follows who is at the keyboard. Its widgets stand in the frame."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QLocale, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from shiboken6 import isValid

from app.access.settings import WORKSPACE
from app.core.i18n import N_, _, language, on_language_change
from app.core.settings import Setting
from app.journal.commands import Command
from app.journal.queries import NOBODY
from app.journal.settings_store import change_setting
from app.patients.queries import SearchPage, search_patients
from ui.shell.bench import Bench
from ui.shell.frame import WindowFrame
from ui.shell.menus import pop_person_menu, pop_workspace_menu
from ui.shell.notice_centre import NoticeCentre
from ui.shell.palette import Palette
from ui.shell.parking import Desk
from ui.shell.preferences import DENSITY, TEXT_SIZE, apply_language, apply_looks, next_size
from ui.shell.screen import Screen
from ui.shell.screens import ScreenSpec
from ui.shell.shortcuts import install_shortcuts
from ui.shell.window_group import WindowGroup
from ui.shell.workspaces import WorkspaceSpec, discover_workspaces, home_of, offered_to
from ui.theme.style import theme

if TYPE_CHECKING:
    from app.journal.changes import ChangeSet
    from ui.shell.session import Session

SYNC_CENTRE = "synchronisation"
LOOK_TABLES = frozenset({"user_setting", "workstation_setting"})


class Window(WindowFrame):
    """Hosts the screens; `open(name, **chosen)` goes to one. Windows of one group share bench and session."""

    def __init__(
        self, bench: Bench, session: Session, specs: Sequence[ScreenSpec], notices: Sequence[str] = (),
        group: WindowGroup | None = None,
    ) -> None:  # fmt: skip
        notes = group.first.notices if group else NoticeCentre(bench)
        super().__init__(bench, specs, notes, training=session.workplace.is_training)
        self.session = session
        self.screens: dict[str, Screen] = {}
        self.current: ScreenSpec | None = None
        self._all_workspaces = discover_workspaces()
        self.workspace: WorkspaceSpec = self._all_workspaces[0]
        self.group = group or WindowGroup(self)
        self._trail: list[tuple[str, dict[str, Any]]] = []
        self._by_keyboard = False
        self._held_keyboard: QWidget | None = None
        self._listen()
        install_shortcuts(self)
        if notices:
            self.banner_says("info", " ".join(notices))
            self.notices.add_here(notices)
        self.retranslate()
        if group is None:
            self.session.show_gate()
        else:
            self._somebody_else(bench.actor)

    def _listen(self) -> None:
        self.rail.chosen.connect(self.open)
        self.rail.head.clicked.connect(self.list_workspaces)
        self.search.asked.connect(self.open_palette)
        self.docks.open_screen.connect(lambda there, chosen: self.open(there, **chosen))
        self.bell.pressed.connect(lambda: self.docks.toggle("notices"))
        self.status.lock_asked.connect(self.lock)
        self.help.closed.connect(self.toggle_help)
        self.banner.activated.connect(self.banner_host.hide)
        self.toast.undone.connect(self._undo_told)
        self.top.person.clicked.connect(self._show_menu)
        self.top.state_pressed.connect(lambda: self.open(SYNC_CENTRE) if SYNC_CENTRE in self.specs else None)
        self.bench.ran.connect(self._tell)
        self.bench.presenter.said.connect(self._say_here)
        self.bench.presenter.unreachable.connect(self.top.show_unreachable)
        self.bench.presenter.unreachable.connect(self.status.show_unreachable)
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
        self.go_immersive(spec.theme is not None)
        self.rail.mark(spec.above or name)
        self.stack.setCurrentWidget(screen)
        self._show_titles()
        self.turn_help()
        self._tell_panels()
        keyboard = self._by_keyboard
        screen.focus_reason = Qt.FocusReason.ShortcutFocusReason if keyboard else Qt.FocusReason.ActiveWindowFocusReason
        QTimer.singleShot(0, screen, screen.focus_first)

    def screen_named(self, name: str) -> Screen:
        """The screen of this name, made when it is first asked for."""
        if name not in self.screens:
            screen = self.screens[name] = self.specs[name].load()(self.bench)
            screen.title = self.specs[name].title
            screen.help_turned.connect(self.turn_help)
            screen.open_screen.connect(lambda there, chosen: self.open(there, **chosen))
            screen.went_back.connect(self.back)
            screen.titled.connect(self._show_titles)
            screen.titled.connect(self._tell_panels)
            insisted = self.specs[name].theme
            if insisted is not None:
                theme.insist(screen, insisted)
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
            self.open_by_keys(name)

    def open_by_keys(self, name: str) -> None:
        """A screen by its shortcut, when the person may open it: the ring then shows where the keyboard is."""
        if name in self.allowed():
            self._by_keyboard = True
            self.open(name)
            self._by_keyboard = False

    def context(self) -> dict[str, Any]:
        """The ids that commands may take from here: what the screen was opened for, and what it says itself."""
        if self.current is None:
            return {}
        chosen = self._trail[-1][1] if self._trail else {}
        ids = {name: value for name, value in chosen.items() if name.endswith("_id") and value}
        return ids | self.screens[self.current.name].context()

    def _tell_panels(self) -> None:
        context = self.context()
        for panel in self.docks.panels.values():
            if panel.content is not None:
                panel.content.choose(**({"patient_id": ""} | context))

    @cached_property
    def palette_sheet(self) -> Palette:
        """The command palette, made when it is first asked for."""
        return Palette(self)

    def open_palette(self, typed: str = "") -> None:
        """Find anything by a few letters."""
        self.palette_sheet.open(typed)

    def give_command(self, command: Command[..., Any], context: dict[str, Any]) -> None:
        """A form for this command, filled with what is known from where it was asked for."""
        names = {item.name for item in command.parameters}
        self.open("command", command=command.name, **{k: v for k, v in context.items() if k in names})

    def open_file_number(self, number: str) -> None:
        """The patient of a barcode that was scanned."""
        if self.bench.actor is not NOBODY and self.bench.may(search_patients):
            self._wanted_number = number
            self.bench.ask(search_patients, self._take_scanned, number)

    def _take_scanned(self, page: SearchPage) -> None:
        wanted = self._wanted_number
        found = [hit for hit in page.rows if wanted in {hit.file_number, hit.through_number}]
        if found and "patient" in self.allowed():
            self.palette_sheet.close_now()
            self.open("patient", patient_id=found[0].id)
        else:
            self.banner_says("warn", _(N_("No patient has the file number {number}."), number=wanted))

    def open_new_window(self) -> None:
        """The screen of this window once more, in a window of its own that another monitor may hold."""
        name, chosen = self._trail[-1] if self._trail else ("", {})
        fresh = self.group.add(self)
        if fresh is None:
            self.banner_says("info", _(N_("There are enough windows open.")))
        elif name:
            fresh.open(name, **chosen)

    def go_to_filter(self) -> None:
        """To the field that filters this screen, else to the search."""
        field = self.screens[self.current.name].filter_field() if self.current is not None else None
        if field is None:
            self.open_palette()
        else:
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- people ---------------------------------------------------------------------------------------------
    def _somebody_else(self, actor: object) -> None:
        if self.bench.actor is NOBODY:
            return
        self.top.person.set_person(self.bench.actor.name, self.session.role_words(), self.bench.actor.id)
        self._take_workspace(self.bench.setting(WORKSPACE))
        self.prefer_now()
        for screen in self.screens.values():
            screen.freshen()
        if self.current is None or self.current.name not in self.allowed():
            first = self.workspace.first_of(self.allowed(), list(self.specs.values()))
            if first is not None:
                self.open(first)

    # -- workspaces -------------------------------------------------------------------------------------------
    def workspaces(self) -> list[WorkspaceSpec]:
        """Those that the person may choose."""
        return offered_to(self.session.roles(), self._all_workspaces)

    def rail_specs(self) -> list[ScreenSpec]:
        """The screens of the rail, in order."""
        allowed = self.allowed()
        return [spec for spec in self.workspace.arrange(self.specs.values()) if spec.name in allowed]

    def choose_workspace(self, name: str) -> None:
        """Another kind of work: its screens, its density, its panels; kept for this person at this workstation."""
        self.bench.remember(WORKSPACE, name)
        for window in self.group.open:
            window._take_workspace(name)
            window._look()
        first = self.workspace.first_of(self.allowed(), list(self.specs.values()))
        if first is not None:
            self.open(first)

    def _take_workspace(self, name: str) -> None:
        offered = self.workspaces()
        home = home_of(self.session.roles(), self._all_workspaces)
        self.workspace = next((spec for spec in offered if spec.name == name), home)
        self.rail.head.show_workspace(_(self.workspace.title))
        self.rail.offer(self.rail_specs())
        actor = self.bench.actor
        panels = [
            panel for panel in self.docks.specs
            if panel.permission is None or actor.everything or panel.permission in actor.permissions
        ]  # fmt: skip
        self.docks.furnish(panels, self.workspace.name, self.workspace.panels)
        if self.current is not None:
            self.go_immersive(self.current.theme is not None)
            self.rail.mark(self.current.above or self.current.name)

    def list_workspaces(self) -> None:
        """The others, under the head of the rail."""
        pop_workspace_menu(self)

    # -- coming and going -------------------------------------------------------------------------------------
    def cover(self, gate: QWidget) -> None:
        """Show the gate, and nothing over it that may name a patient; where the keyboard was is remembered."""
        self._held_keyboard = self.focusWidget()
        for floating in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
            if floating is not None and floating is not self:
                floating.close()
        QToolTip.hideText()
        self.toast.hide()
        if "palette_sheet" in self.__dict__:
            self.palette_sheet.hide()
        self.docks.suspend()
        self.root.setCurrentWidget(gate)

    def uncover(self) -> None:
        """Show the workbench again."""
        self.root.setCurrentWidget(self.workbench)
        if self.current is None or self.current.theme is None:
            self.docks.resume()

    def give_keyboard_back(self) -> None:
        """To where it was, once rail and panels stand: laying them out moves the keyboard about."""
        held, self._held_keyboard = self._held_keyboard, None
        if held is not None and isValid(held) and self.workbench.isAncestorOf(held) and held.isVisible():
            held.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.current is not None:
            self.screens[self.current.name].focus_first()

    def lock(self) -> None:
        """Cover everything; screens and typed text stay as they are."""
        self.session.lock()

    def sign_out(self) -> None:
        """End the session; the screens of all windows are given up, and what was undone or typed with them."""
        self.group.keep_places(self.bench.actor)
        for window in self.group.open:
            window.give_up_screens()
            window.parking.forget(self.bench.actor.id)
        self.session.sign_out()

    def change_desk(self, leaves: str, comes: str) -> None:
        """One person’s screens are put aside as they are, and those of the other are fetched."""
        if leaves:
            for screen in self.screens.values():
                self.stack.removeWidget(screen)
            self.parking.park(leaves, Desk(self.screens, self._trail, self.current, self._held_keyboard))
        self.docks.clear()
        desk = self.parking.fetch(comes)
        self.screens, self._trail, self._held_keyboard = desk.screens, desk.trail, desk.keyboard
        self.current = None
        for screen in self.screens.values():
            self.stack.addWidget(screen)
        if desk.current is not None:
            self.current = desk.current
            self.stack.setCurrentWidget(self.screens[desk.current.name])
            self._show_titles()

    def give_up_screens(self) -> None:
        """Close every screen: what one person typed is not for the next."""
        for screen in self.screens.values():
            self.stack.removeWidget(screen)
            screen.deleteLater()
        self.docks.clear()
        self.screens = {}
        self._trail = []
        self.current = None
        self.toast.hide()

    def _show_menu(self) -> None:
        pop_person_menu(self)

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
            looks = self.session.looks()
            if self.workspace.density and self.bench.actor is not NOBODY:
                looks[DENSITY.name] = self.workspace.density
            apply_looks(app, looks)

    def resize_text(self, step: int) -> None:
        """One text size larger or smaller; 0 is 100 %."""
        self.prefer(TEXT_SIZE, next_size(str(round(theme.text_scale * 100)), step))

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.setLocale(QLocale("fr_CA" if language() == "fr" else "en_CA"))
        QApplication.sendEvent(self, QEvent(QEvent.Type.LanguageChange))
        self.say_chrome()
        self.rail.head.show_workspace(_(self.workspace.title))
        for screen in self.screens.values():
            screen.retranslate()
        self.top.person.set_person(self.bench.actor.name, self.session.role_words(), self.bench.actor.id)
        self._show_titles()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the places; the last window that is closed ends the session and the threads."""
        if self.session.signed is not None:
            self.group.keep_places(self.session.signed.actor)
        self.docks.keep_now()
        self._stop_language()
        self.status.stop()
        self.toast.close_now()
        if self.group.leave(self):
            self.group.end()
        super().closeEvent(event)
