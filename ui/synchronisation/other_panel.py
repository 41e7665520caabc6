"""A conflict of any other detector: what happened, whose it is, and the way to close it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.journal.conflicts import ConflictLine
from app.journal.settling import close_conflict
from ui.patients.facts import Facts
from ui.shell.columns import table_words
from ui.shell.formats import moment
from ui.shell.screen import Screen
from ui.synchronisation.words import conflict_sentence, conflict_title
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.fields import TextField
from ui.widgets.form import Field
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import Flow


class OtherPanel(QWidget):
    """Facts, a note, and one button."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self.subjects: Mapping[str, str] = {}
        self._line: ConflictLine | None = None
        self._title, self._sentence, self._facts = WrapLabel("", "heading"), WrapLabel("", "body", "muted"), Facts()
        self._note = TextField()
        self._field = Field(" ", self._note)
        self._close, self._open = Button("", "primary", "check"), Button("", "secondary", "user")
        self._close.clicked.connect(self._close_it)
        self._open.clicked.connect(self._open_chart)
        card = Card()
        card.add(self._facts)
        card.add(self._field)
        card.add(Flow(self._close, self._open))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self._title, self._sentence, card):
            column.addWidget(part)

    def show_conflict(self, line: ConflictLine) -> None:
        """Say what is known."""
        self._line = line
        clock, whose = self._screen.bench.runner.clock, self.subjects.get(line.subject, "")
        self._title.setText(" · ".join(part for part in (conflict_title(line.kind), whose) if part))
        self._sentence.setText(conflict_sentence(line.kind))
        self._facts.show_facts(
            [
                (_(N_("What")), table_words(line.table)),
                (_(N_("Found")), moment(line.opened_at, clock)),
                (_(N_("Patient")), whose),
            ]
        )
        self._field.set_label(_(N_("Note")))
        reason = self._screen.bench.reason(close_conflict)
        self._close.setText(_(close_conflict.label))
        self._close.set_available(not reason, reason)
        self._open.setText(_(N_("Open the file")))
        self._open.setVisible(bool(whose))

    def _close_it(self) -> None:
        if self._line is not None:
            self._screen.bench.run(close_conflict, self._line.id, self._note.text())
            self._note.clear()

    def _open_chart(self) -> None:
        if self._line is not None:
            self._screen.open_screen.emit("patient", {"patient_id": self._line.subject})
