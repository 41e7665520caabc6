"""The command palette (Ctrl K): everything that one may do or open, found by a few letters (design §3)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QLineEdit,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.access.settings import PALETTE_RECENT
from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.core.text import fold
from app.patients.queries import PatientName, patient_names
from ui.shell.backdrop import Backdrop
from ui.shell.fuzzy import Match
from ui.shell.palette_entries import (
    SECTION_LABELS,
    Entry,
    Section,
    answering,
    command_entries,
    help_entries,
    patient_actions,
    patient_entry,
    screen_entries,
    setting_entries,
    split_prefix,
    subject_entries,
    window_entries,
)
from ui.shell.palette_list import ENTRY, EntryList
from ui.shell.screens import Finder, Found, finders
from ui.theme.style import on_theme_change, theme
from ui.theme.tokens import FIXED
from ui.theme.tokens.metrics import DIALOG, Weight
from ui.widgets.announce import announce
from ui.widgets.cards import Hairline, ThemedIcon
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.layout import Flow
from ui.widgets.pills import KeyCap

if TYPE_CHECKING:
    from ui.shell.window import Window

WIDTH: Final = 680
TOP: Final = 116
RECENT_MOST: Final = 12
LATE_MS: Final = 60
"""Milliseconds after which everything else is listed without the patients."""
SHOWN: Final = {
    Section.ACTIONS: 3, Section.RECENT: 6, Section.PATIENTS: 5, Section.SCREENS: 5, Section.COMMANDS: 6,
    Section.PAPER: 4, Section.WINDOW: 5, Section.SETTINGS: 4, Section.HELP: 3,
}  # fmt: skip
NARROWED: Final = 30
"""Lines of a section when a prefix asks for it alone."""


class Palette(QWidget):
    """Over the whole window; Escape, a click beside it, or a choice closes it and gives the keyboard back."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._finders: list[Finder] | None = None
        self._found: list[Found] = []
        self._names: dict[str, str] = {}
        self._entries: list[Entry] = []
        self._keyboard: QWidget | None = None
        self._waiting = self._hurry = False
        self._shown_for = ""
        self._late = QTimer(self, singleShot=True, interval=LATE_MS)
        self._late.timeout.connect(self._show)
        self._behind = Backdrop(self, window.bench)
        self.field, self.list, self._note = QLineEdit(), EntryList(), WrapLabel("", "body", "muted")
        self._panel = QFrame(self)
        self._build()
        self.hide()
        window.installEventFilter(self)
        on_theme_change(self._restyle)

    def _build(self) -> None:
        self._panel.setProperty("kind", "panel")
        self.field.setProperty("kind", "palette")
        self.field.setFrame(False)
        self.field.textChanged.connect(self._look)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(self._click)
        self._escape = KeyCap("")
        head = QHBoxLayout()
        head.setContentsMargins(20, 10, 18, 10)
        head.setSpacing(10)
        head.addWidget(ThemedIcon("magnifying-glass", 22, role="accent", weight="bold"))
        head.addWidget(self.field, 1)
        head.addWidget(self._escape)
        self._hints = [Label("", "small", "muted") for _hint in range(6)]
        choose, run, *prefixes = self._hints
        foot = Flow(
            KeyCap("↑"), KeyCap("↓"), choose, KeyCap("↵"), run,
            *(part for cap, hint in zip(">@#?", prefixes, strict=True) for part in (KeyCap(cap), hint)), gap=7,
        )  # fmt: skip
        self._foot = QWidget()
        row = QVBoxLayout(self._foot)
        row.setContentsMargins(18, 8, 18, 10)
        row.addWidget(foot)
        column = QVBoxLayout(self._panel)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Hairline())
        inside = QVBoxLayout()
        inside.setContentsMargins(8, 4, 8, 6)
        inside.addWidget(self.list)
        inside.addWidget(self._note)
        column.addLayout(inside, 1)
        column.addWidget(Hairline())
        column.addWidget(self._foot)

    def _restyle(self) -> None:
        self.field.setFont(theme.font("heading", Weight.MEDIUM))
        shadow, tint = QGraphicsDropShadowEffect(self._panel), QColor(FIXED.shadow)
        high = theme.tokens.high_contrast
        tint.setAlpha(0 if high else DIALOG.alpha_dark if theme.tokens.dark else DIALOG.alpha)
        shadow.setColor(tint)
        shadow.setBlurRadius(DIALOG.blur)
        shadow.setOffset(0, DIALOG.y)
        self._panel.setGraphicsEffect(shadow)
        self._place()

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.field.setPlaceholderText(_(N_("Patient, action, screen…")))
        self.field.setAccessibleName(_(N_("Command palette")))
        self.list.setAccessibleName(_(N_("Found")))
        self._escape.setText(_(N_("Esc")))
        words = (
            N_("choose"), N_("run"), N_("action"), N_("patient"), N_("screen or setting"), N_("help"),
        )  # fmt: skip
        for label, word in zip(self._hints, words, strict=True):
            label.setText(_(word))

    # -- opening and closing ------------------------------------------------------------------------------------
    def open(self, typed: str = "") -> None:
        """Show it, the keyboard in its field; `typed` stands there already."""
        if not self.isVisible():
            self._keyboard = self._window.focusWidget()
        self.retranslate()
        self._finders = self._finders if self._finders is not None else finders(self._window.bench)
        self._entries = [
            *screen_entries(self._window), *command_entries(self._window), *window_entries(self._window),
            *subject_entries(self._window), *setting_entries(self._window), *help_entries(self._window),
        ]  # fmt: skip
        self._found, self._hurry = [], False
        self.setGeometry(self._window.rect())
        self._behind.look()
        self.show()
        self.raise_()
        self.field.setText(typed)
        self._look(typed)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)  # a shortcut as reason would select what stands there
        self.field.end(False)
        self._name_recent_patients()

    def close_now(self) -> None:
        """Put it away; the keyboard goes back to where it was."""
        if not self.isVisible():
            return
        self._late.stop()
        self.hide()
        self._behind.forget()
        held, self._keyboard = self._keyboard, None
        if held is not None and _usable(held):
            held.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- looking ------------------------------------------------------------------------------------------------
    def recent(self) -> list[str]:
        """The keys of what this person chose last, the newest first."""
        try:
            kept = json.loads(self._window.bench.setting(PALETTE_RECENT) or "[]")
        except ValueError:
            return []
        return [str(key) for key in kept] if isinstance(kept, list) else []

    def _name_recent_patients(self) -> None:
        ids = [PatientId(key.partition(":")[2]) for key in self.recent() if key.startswith("patient:")]
        if ids and self._window.bench.may(patient_names):
            self._window.bench.ask(patient_names, self._take_names, ids)

    def _take_names(self, names: tuple[PatientName, ...]) -> None:
        self._names = {name.id: f"{name.given_name} {name.family_name}" for name in names}
        if self.isVisible() and not self.field.text().strip():
            self._show()

    def _look(self, text: str) -> None:
        if not self.isVisible():
            return
        sections, words = split_prefix(text)
        self._found, self._hurry = [], False
        self._waiting = bool(words) and (sections is None or Section.PATIENTS in sections)
        if not self._waiting:
            self._show()
            return
        self._late.start()  # the patients are there within milliseconds: everything is listed once, with them
        for finder in self._finders or ():
            finder.find(words, self._take)

    def _take(self, found: Sequence[Found]) -> None:
        if not self.isVisible() or not self._waiting:
            return
        self._found, self._waiting = list(found), False
        self._show()
        if self._hurry:
            self._hurry = False
            self.run()

    def _show(self) -> None:
        self._late.stop()
        self._shown_for = self.field.text()
        sections, words = split_prefix(self.field.text())
        grouped = self._grouped(words) if words or sections else self._at_rest()
        shown = [
            (self._title(section), entries[: SHOWN[section] if sections is None else NARROWED])
            for section, entries in grouped
            if entries and (sections is None or section in sections)
        ]
        self.list.fill(shown)
        nothing = not shown and not self._waiting
        self._note.setText(
            _(N_("Nothing matches “{text}”. Try a name, phone or file number."), text=words) if nothing else ""
        )
        self._note.setVisible(nothing)
        self.list.setVisible(bool(shown))
        self._place()
        if (chosen := self.list.chosen()) is not None:
            announce(self.list, chosen.title)

    def _title(self, section: Section) -> str:
        name = self._found[0].words.partition(" · ")[0] if self._found else ""
        return _(SECTION_LABELS[section], name=name)

    def _at_rest(self) -> list[tuple[Section, list[Entry]]]:
        known = {entry.key: entry for entry in self._entries}
        recent = []
        for key in self.recent():
            kind, _colon, identity = key.partition(":")
            if key in known:
                recent.append(known[key])
            elif kind == "patient" and identity in self._names:
                recent.append(
                    patient_entry(
                        self._window, Found("user", self._names[identity], "patient", {"patient_id": identity})
                    )
                )
        screens = [entry for entry in self._entries if entry.section is Section.SCREENS]
        around = [entry for entry in self._entries if entry.section is Section.WINDOW]
        return [(Section.RECENT, recent), (Section.SCREENS, screens), (Section.WINDOW, around)]

    def _grouped(self, words: str) -> list[tuple[Section, list[Entry]]]:
        """The sections by their best answer; what can be done with a patient stands right before the patients."""
        groups: dict[Section, list[Entry]] = {}
        for entry in answering(self._entries, words, self.recent()):
            groups.setdefault(entry.section, []).append(entry)
        patients = [self._patient(found, words) for found in self._found]
        if patients:  # beside a patient who is meant, letters found here and there are noise
            groups = {
                section: kept for section, group in groups.items() if (kept := [e for e in group if not e.answer.loose])
            }
        ranked = sorted(groups.items(), key=lambda group: -group[1][0].answer.score)
        if not patients:
            return ranked
        name = self._found[0].words.partition(" · ")[0]
        actions = patient_actions(self._window, self._found[0], name, SHOWN[Section.ACTIONS])
        own = [(Section.ACTIONS, actions), (Section.PATIENTS, patients)]
        best = patients[0].answer.score
        before = [group for group in ranked if group[1][0].answer.score > best]
        return [*before, *own, *ranked[len(before) :]]

    def _patient(self, found: Found, words: str) -> Entry:
        """Found by its name, or by something that is not shown (a telephone, a parent): that ranks as well."""
        entry = patient_entry(self._window, found)
        by_name = answering([entry], words, ())
        return by_name[0] if by_name else Entry(
            entry.key, entry.section, entry.icon, entry.title, entry.act, entry.under, answer=Match(90, ())
        )  # fmt: skip

    # -- choosing -----------------------------------------------------------------------------------------------
    def run(self) -> None:
        """Do what is chosen; what is refused only says why."""
        entry = self.list.chosen()
        if self._waiting and self._shown_for != self.field.text():
            self._hurry = True  # what is listed answers other letters
            return
        if self._waiting and (entry is None or fold(self.field.text()).replace(" ", "").isdigit()):
            self._hurry = True  # a scanner sends Enter before the answer is there
            return
        if entry is None:
            return
        if entry.reason:
            announce(self.list, entry.reason)
            return
        self.close_now()
        if not entry.key.startswith("window:"):
            kept = [entry.key, *(key for key in self.recent() if key != entry.key)][:RECENT_MOST]
            self._window.bench.remember(PALETTE_RECENT, json.dumps(kept))
        entry.act()

    def _click(self, item: QListWidgetItem) -> None:
        if isinstance(item.data(ENTRY), Entry):
            self.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the field move in the list; the window's size is ours."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event.key())
        if watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._window.rect())
            self._place()
            self._behind.look()
        return False

    def _key(self, key: int) -> bool:
        steps = {
            Qt.Key.Key_Down.value: 1,
            Qt.Key.Key_Up.value: -1,
            Qt.Key.Key_PageDown.value: 5,
            Qt.Key.Key_PageUp.value: -5,
        }
        if key in steps:
            self.list.step(steps[key])
        elif key in {Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value}:
            self.run()
        elif key == Qt.Key.Key_Escape.value:
            self.close_now()
        else:
            return key in {Qt.Key.Key_Tab.value, Qt.Key.Key_Backtab.value}  # the keyboard stays in the field
        return True

    # -- looks --------------------------------------------------------------------------------------------------
    def _place(self) -> None:
        width = min(theme.px(WIDTH), self.width() - 32)
        top = min(TOP, max(16, self.height() // 8))
        self._panel.setFixedWidth(width)
        around = self._panel.sizeHint().height() - self.list.sizeHint().height()
        room = self.height() - top - 24 - max(around, theme.px(150))
        self.list.setFixedHeight(max(min(self.list.height_of_all(), room), theme.px(60)) if self.list.count() else 0)
        self._panel.adjustSize()
        self._panel.setGeometry(QRect((self.width() - width) // 2, top, width, self._panel.sizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay in the middle."""
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The window under a scrim."""
        self._behind.paint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the panel closes it."""
        if not self._panel.geometry().contains(event.position().toPoint()):
            self.close_now()


def _usable(widget: QWidget) -> bool:
    from shiboken6 import isValid

    return isValid(widget) and widget.isVisible()
