"""The panel of notifications: the gravest first, each with where to go and the way to put it away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.journal.notices import Notice, notifications
from ui.shell.formats import moment
from ui.shell.notice_centre import NoticeCentre
from ui.shell.screen import Screen
from ui.theme.tokens import SEVERITIES
from ui.widgets.buttons import Button, IconButton
from ui.widgets.cards import Card, ThemedIcon
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.layout import VScroll


class NoticePanel(Screen):
    """Shows what the centre of this bench knows."""

    def build(self) -> None:
        """A list, and one action for all of it."""
        self._known: tuple[Notice, ...] | None = None
        self._away = Button("", "quiet", "check", size="compact")
        self._away.clicked.connect(lambda: self.centre.put_away([notice.key for notice in self.centre.notices]))
        self._inner = QWidget()
        self._list = QVBoxLayout(self._inner)
        self._list.setContentsMargins(12, 8, 12, 12)
        self._list.setSpacing(8)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(0)
        column.addWidget(VScroll(self._inner), 1)
        self._inner.setAutoFillBackground(False)  # a scroll area fills what it is given
        column.addWidget(self._away, 0, Qt.AlignmentFlag.AlignHCenter)
        self.words.put(self._away.setText, N_("Put all away"))
        self.centre.changed.connect(self._show)

    @property
    def centre(self) -> NoticeCentre:
        """The one of this program, made with its first window."""
        found = self.bench.findChild(NoticeCentre)
        return found if isinstance(found, NoticeCentre) else NoticeCentre(self.bench)

    def reload(self) -> None:
        """Have the centre look again."""
        self._known = None
        self.ask(notifications, lambda _found: self._show())

    def focus_first(self) -> None:
        """The first thing that can be done."""
        for button in self._inner.findChildren(Button):
            if button.isVisibleTo(self):
                button.setFocus(self.focus_reason)
                return
        self._away.setFocus(self.focus_reason)

    def _show(self) -> None:
        notices = self.centre.notices
        if not notices:
            self._known = notices
            self.show_state("bell", N_("Nothing waits for you."))
            return
        if notices != self._known:
            self._known = notices
            while (item := self._list.takeAt(0)) is not None:
                if (widget := item.widget()) is not None:
                    widget.hide()
                    widget.deleteLater()
            for notice in notices:
                self._list.addWidget(self._card(notice))
            self._list.addStretch(1)
        self.show_body()

    def _card(self, notice: Notice) -> Card:
        title = _(notice.title, **notice.values)
        card = Card()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(WrapLabel(title, "name"))
        if notice.detail:
            words.addWidget(WrapLabel(_(notice.detail, **notice.values), "small", "muted"))
        if notice.at is not None:
            words.addWidget(Label(moment(notice.at, self.bench.runner.clock), "small", "muted"))
        away = IconButton("x", _(N_("Put away: {title}"), title=title), size="compact")
        away.clicked.connect(lambda: self.centre.put_away([notice.key]))
        row = QHBoxLayout()
        row.setSpacing(8)
        severity = notice.gravity.value
        row.addWidget(
            ThemedIcon(SEVERITIES[severity].icon, 18, severity=severity, weight="fill"), 0, Qt.AlignmentFlag.AlignTop
        )
        row.addLayout(words, 1)
        row.addWidget(away, 0, Qt.AlignmentFlag.AlignTop)
        card.add(row)
        if notice.screen and self._offers(notice.screen):
            go = Button(_(N_("Show")), size="compact")
            go.setAccessibleName(_(N_("Open: {title}"), title=title))
            go.clicked.connect(lambda: self.open_screen.emit(notice.screen, dict(notice.chosen)))
            card.body.addWidget(go, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _offers(self, name: str) -> bool:
        from ui.shell.screens import discover

        spec = next((spec for spec in discover() if spec.name == name), None)
        return spec is not None and (
            spec.permission is None or self.bench.actor.everything or spec.permission in self.bench.actor.permissions
        )
