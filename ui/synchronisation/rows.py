"""The lists of the Sync Centre: refused work, what is still to send, what was settled."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.journal.conflicts import ConflictLine, InboxLine, WaitingLine
from app.journal.settling import reopen_conflict, settle_inbox_item
from ui.patients.facts import Facts, empty
from ui.shell.formats import counted, moment
from ui.shell.screen import Screen
from ui.synchronisation.words import change_words, conflict_title, refusal_words, settled_words
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, EmptyState, Hairline, ThemedIcon
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.layout import Flow
from ui.widgets.pills import SeverityChip

SHOWN = 60
"""Rows that a list shows; what follows is counted."""


class _List(QWidget):
    """Cards or rows under each other, or one fact when there are none."""

    nothing = ("check-circle", "", "")

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self.screen_of, self.bench, self.clock = screen, screen.bench, screen.bench.runner.clock
        self.people: Mapping[str, str] = {}
        self.subjects: Mapping[str, str] = {}
        self.list = QVBoxLayout(self)
        self.list.setContentsMargins(0, 0, 0, 0)
        self.list.setSpacing(8)

    def say_nothing(self) -> None:
        """There is nothing here."""
        icon, fact, following = self.nothing
        self.list.addWidget(EmptyState(icon, _(fact), _(following)))

    def say_rest(self, count: int) -> None:
        """How many more there are."""
        if count > SHOWN:
            words = counted(N_("and {n} more"), N_("and {n} more"), count - SHOWN)
            self.list.addWidget(Label(words, "small", "muted"))

    def whose(self, subject: str) -> str:
        """The patient's name, when the reader may know it."""
        return self.subjects.get(subject, "")


class InboxList(_List):
    """Refused operations: what was typed is never lost."""

    nothing = (
        "check-circle",
        N_("Nothing was refused."),
        N_("What the server refuses is kept here until somebody has dealt with it."),
    )

    def show_lines(self, lines: tuple[InboxLine, ...]) -> None:
        """One card for each."""
        empty(self.list)
        for line in lines[:SHOWN]:
            self.list.addWidget(self._card(line))
        self.say_rest(len(lines))
        if not lines:
            self.say_nothing()

    def _card(self, line: InboxLine) -> Card:
        title = " · ".join(part for part in (_(line.label), self.whose(line.subject)) if part)
        card = Card(title or _(N_("Refused work")), SeverityChip("danger", _(N_("Refused"))))
        who = self.people.get(line.actor_id, line.actor_id)
        when = moment(line.at, self.clock) if line.at is not None else moment(line.received_at, self.clock)
        card.add(WrapLabel(refusal_words(line.code), "body"))
        card.add(WrapLabel(" · ".join(part for part in (who, when) if part), "small", "muted"))
        facts = Facts()
        facts.show_facts(
            [pair for table, _key, _kind, values in line.changes for pair in change_words(table, values, self.people)]
        )
        card.add(facts)
        card.add(self._acts(line))
        return card

    def _acts(self, line: InboxLine) -> Flow:
        aside = Button(_(settle_inbox_item.label), "secondary", "check")
        reason = self.bench.reason(settle_inbox_item)
        aside.set_available(not reason, reason)
        aside.set_help(_(settle_inbox_item.help))
        aside.clicked.connect(lambda: self.bench.run(settle_inbox_item, line.id))
        acts = Flow(aside)
        if self.whose(line.subject):
            chart = Button(_(N_("Open the file")), "quiet", "user")
            chart.clicked.connect(partial(self._open, line.subject))
            acts.add(chart)
        return acts

    def _open(self, subject: str) -> None:
        self.screen_of.open_screen.emit("patient", {"patient_id": subject})


class SendingList(_List):
    """Own work that no answer has come for."""

    nothing = ("cloud-check", N_("Nothing waits to be sent."), N_("Everything that was done here is with the server."))

    def show_lines(self, lines: tuple[WaitingLine, ...], count: int, has_server: bool) -> None:
        """One row for each, the oldest first."""
        empty(self.list)
        if not has_server:
            self.list.addWidget(
                EmptyState("plugs", _(N_("This workstation alone: no server is set up.")),
                           _(N_("Everything is saved here. Nothing has to be sent.")))
            )  # fmt: skip
            return
        if not lines:
            self.say_nothing()
            return
        card = Card(counted(N_("{n} operation waits to be sent"), N_("{n} operations wait to be sent"), count))
        for number, line in enumerate(lines[:SHOWN]):
            if number:
                card.add(Hairline())
            who = self.people.get(line.actor_id, line.actor_id)
            about = " · ".join(part for part in (_(line.label), self.whose(line.subject)) if part)
            card.add(_row("paper-plane-tilt", about, f"{who} · {moment(line.at, self.clock)}"))
        self.list.addWidget(card)
        self.say_rest(count)


class HistoryList(_List):
    """What was settled, the last first."""

    nothing = ("clock-counter-clockwise", N_("No conflict was settled yet."), "")

    def show_lines(self, lines: tuple[ConflictLine, ...]) -> None:
        """One row for each, with the way to open it again."""
        empty(self.list)
        if not lines:
            self.say_nothing()
            return
        card = Card(_(N_("Settled")))
        reason = self.bench.reason(reopen_conflict)
        for number, line in enumerate(lines[:SHOWN]):
            if number:
                card.add(Hairline())
            about = " · ".join(part for part in (conflict_title(line.kind), self.whose(line.subject)) if part)
            when = moment(line.resolved_at, self.clock) if line.resolved_at else ""
            who = self.people.get(line.resolved_by, line.resolved_by)
            again = Button(_(reopen_conflict.label), "quiet", size="compact")
            again.setAccessibleName(f"{_(reopen_conflict.label)}: {about}")
            again.set_available(not reason, reason)
            again.clicked.connect(partial(self._again, line.id))
            row = _row("check-circle", f"{about} · {settled_words(line)}", f"{who} · {when}", severity="ok")
            row.addWidget(again)
            card.add(row)
        self.list.addWidget(card)
        self.say_rest(len(lines))

    def _again(self, conflict_id: str) -> None:
        self.bench.run(reopen_conflict, conflict_id)


def _row(icon: str, text: str, under: str, *, severity: str = "") -> QHBoxLayout:
    row, words = QHBoxLayout(), QVBoxLayout()
    row.setSpacing(10)
    words.setSpacing(1)
    words.addWidget(WrapLabel(text))
    words.addWidget(WrapLabel(under, "small", "muted"))
    row.addWidget(ThemedIcon(icon, 18, severity=severity))
    row.addLayout(words, 1)
    return row
