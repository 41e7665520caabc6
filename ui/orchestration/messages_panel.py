"""Messages to families that wait for somebody to send them: a delay, a call, how it was. Nothing is sent by itself."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.i18n import N_, _, language
from app.orchestration.commands import drop_message, mark_message_sent
from app.orchestration.queries import MESSAGE_LABELS, MessageLine, MessageState
from ui.patients.facts import empty
from ui.patients.words import plain_name
from ui.shell.bench import Bench
from ui.shell.formats import phone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import Flow
from ui.widgets.tint import Tinted


class MessagesPanel(Card):
    """One card for each draft; hidden while there is none."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(_(N_("Messages to send")), icon="chat-text")
        self._bench = bench
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.add(self._rows)
        self._shown: object = None
        self.hide()

    def show_messages(self, messages: tuple[MessageLine, ...]) -> None:
        """Show the drafts."""
        drafts = [line for line in messages if line.state is MessageState.DRAFT]
        self.setVisible(bool(drafts))
        shown = (drafts, self._bench.actor, language())
        if shown == self._shown:
            return
        self._shown = shown
        self.set_title(f"{_(N_('Messages to send'))} · {len(drafts)}")
        empty(self._rows)
        for line in drafts:
            self._rows.addWidget(self._row(line))

    def _row(self, line: MessageLine) -> QWidget:
        box = Tinted()
        column = QVBoxLayout(box)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(4)
        name = plain_name(line)
        column.addWidget(WrapLabel(f"{name} · {_(MESSAGE_LABELS[line.kind])}", "name"))
        to = phone(line.phone) if line.phone else _(N_("No number that may be sent texts: call the family."))
        column.addWidget(WrapLabel(to, "small", "muted"))
        column.addWidget(WrapLabel(line.text, "small"))
        deeds = Flow(gap=6, row_gap=4)
        copy = Button(_(N_("Copy")), "secondary", "copy", size="compact")
        copy.setAccessibleName(_(N_("{verb}: {what}"), verb=_(N_("Copy")), what=name))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(line.text))
        deeds.add(copy)
        for label, icon, command in ((N_("Sent"), "check", mark_message_sent), (N_("Drop"), "x", drop_message)):
            button = Button(_(label), "quiet", icon, size="compact")
            button.setAccessibleName(_(N_("{verb}: {what}"), verb=_(label), what=name))
            button.set_help(_(command.help))
            button.set_available(self._bench.may(command), self._bench.reason(command))
            button.clicked.connect(lambda *_args, command=command: self._bench.run(command, line.id))
            deeds.add(button)
        column.addWidget(deeds)
        return box
