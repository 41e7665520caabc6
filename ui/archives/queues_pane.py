"""Queues of this computer: what waits for each archive, what was given up and why, and the latest decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.archives.commands import discard_dead_transfers, retry_dead_transfers
from app.archives.queries import (
    FAILURE_LABELS,
    ArchiveId,
    ArchiveLine,
    DeadLine,
    Explanation,
    archives,
    dead_transfers,
    route_explanations,
)
from app.core.i18n import N_, _
from ui.archives.explained import Explained
from ui.archives.words import standing_severity, standing_short, standing_words
from ui.patients.facts import Facts, LastShown, empty
from ui.practice.pane import Pane
from ui.shell.command_button import CommandButton
from ui.shell.formats import counted, moment, number
from ui.shell.growing import GrowingModel
from ui.shell.screen import Screen
from ui.shell.table_card import TableCard
from ui.widgets.cards import Card, EmptyState
from ui.widgets.labels import ElidedLabel, Label, WrapLabel, section
from ui.widgets.layout import Flow
from ui.widgets.paged_model import Column, Row
from ui.widgets.pills import SeverityChip
from ui.widgets.tables import Table

SHOWN = 30
LEAST_ROWS = 4


def columns() -> list[Column]:
    """Heads, in the language in force."""
    return [
        Column("name", _(N_("Archive")), strong=True, sortable=False),
        Column("waiting", _(N_("In queue")), width=84, right=True, sortable=False),
        Column("sent", _(N_("To verify")), width=92, right=True, sortable=False),
        Column("there", _(N_("There")), width=84, right=True, sortable=False),
        Column("dead", _(N_("Given up")), width=98, right=True, sortable=False),
    ]


class QueueModel(GrowingModel[ArchiveLine]):
    """A line an archive."""

    def row_of(self, item: ArchiveLine) -> Row:
        """Name, and how many stand where."""
        return item.name, *(number(count) for count in (item.waiting, item.sent, item.verified, item.dead))


class QueuesPane(Pane):
    """A queue for each archive; one that does not answer rests, and holds up no other."""

    title = N_("Queues")

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._dead: dict[ArchiveId, list[DeadLine]] = {}
        self._news = LastShown()
        self.model = QueueModel(columns())
        self.model.setParent(self)
        self.table = Table(_(self.title), self.model)
        self.table.keep_rows(LEAST_ROWS)
        self.table.row_changed.connect(lambda _row: self._show_queue())
        self.nothing = EmptyState("hard-drives", "", "")
        self._card = TableCard()
        self._card.add(self.table, 1)
        self._card.add(self.nothing, 1)
        self._here = Label("", "small", "muted")
        self._head, self.decisions = section(""), Explained(N_("Latest decisions"))
        self._undecided = WrapLabel("", "body", "muted")
        left = QVBoxLayout()
        left.setSpacing(8)
        for part in (self._card, self._here, self._head, self._undecided, self.decisions):
            left.addWidget(part, 1 if part is self.decisions else 0)
        self._make_queue()
        right = QVBoxLayout()
        right.addWidget(self.queue)
        right.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 4, 0, 0)
        self._row.setSpacing(12)
        self._row.addLayout(left, 6)
        self._row.addLayout(right, 5)
        self.words.put(self._head.setText, N_("Latest decisions"))
        self.words.put(self._here.setText, N_("Counted on this computer: each computer that sends has its own queues."))

    def _make_queue(self) -> None:
        self._chip = SeverityChip("info", "")
        self.queue, self._facts = Card(" ", self._chip, icon="stack"), Facts()
        self._retry = CommandButton(self.bench, retry_dead_transfers, self._chosen_dead)
        self._discard = CommandButton(self.bench, discard_dead_transfers, self._chosen_dead, "quiet")
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.queue.add(self._facts)
        self.queue.add(Flow(self._retry, self._discard))
        self.queue.add(self._list)

    def chosen(self) -> ArchiveLine | None:
        """The archive whose queue is shown."""
        return self.model.item(self.table.currentIndex().row())

    def _chosen_dead(self) -> ArchiveId | None:
        line = self.chosen()
        return line.archive_id if line is not None and line.dead else None

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Ask for the queues, what was given up, and the latest decisions."""
        self.view.ask(archives, self._take_archives)
        self.view.ask(dead_transfers, self._take_dead)
        self.view.ask(route_explanations, self._take_decisions, most=SHOWN)

    def _take_archives(self, lines: list[ArchiveLine]) -> None:
        before = self.chosen()
        ids = [line.archive_id for line in lines]
        self.table.blockSignals(True)
        self.model.start(lines, columns())
        if lines:
            self.table.choose(ids.index(before.archive_id) if before and before.archive_id in ids else _worst(lines))
        self.table.blockSignals(False)
        self.table.setAccessibleName(_(self.title))
        self.table.setVisible(bool(lines))
        self.nothing.setVisible(not lines)
        self._here.setVisible(bool(lines))
        self.nothing.tell(_(N_("There is no archive yet.")), _(N_("What is sent to an archive waits here.")))
        self._show_queue()

    def _take_dead(self, lines: list[DeadLine]) -> None:
        self._dead = {}
        for line in lines:
            self._dead.setdefault(line.archive_id, []).append(line)
        self._show_queue()

    def _take_decisions(self, lines: list[Explanation]) -> None:
        self.decisions.setVisible(bool(lines))
        self._undecided.setVisible(not lines)
        self._undecided.setText(_(N_("No image has been routed yet. New ones are, as soon as an archive is set up.")))
        self.decisions.show_lines(lines)

    # -- one queue ------------------------------------------------------------------------------------------
    def _show_queue(self) -> None:
        line = self.chosen()
        self.queue.setVisible(line is not None)
        if line is None:
            return
        clock = self.bench.runner.clock
        self.queue.set_title(line.name)
        self._chip.set_severity(standing_severity(line), standing_short(line))
        self._facts.show_facts(
            [
                (_(N_("Standing")), standing_words(line, clock)),
                (_(N_("Waiting since")), moment(line.oldest_at, clock) if line.oldest_at else _(N_("Nothing waits."))),
                (_(N_("Given up")), self._reasons(line)),
            ]
        )  # fmt: skip
        for button in (self._retry, self._discard):
            button.setVisible(bool(line.dead))
            button.retranslate()
        dead = self._dead.get(line.archive_id, [])
        if self._news.is_news(self.bench.actor, line.archive_id, tuple(dead)):
            empty(self._list)
            for one in dead[:SHOWN]:
                self._list.addWidget(self._letter(one))
            if len(dead) > SHOWN:
                self._list.addWidget(Label(_(N_("and {n} more"), n=number(len(dead) - SHOWN)), "small", "muted"))

    def _reasons(self, line: ArchiveLine) -> str:
        """Each reason once, with how many images it holds back."""
        dead = self._dead.get(line.archive_id, [])
        counts = Counter(_(FAILURE_LABELS[one.failure]) for one in dead if one.failure is not None)
        said = [f"{reason} ({number(count)})" for reason, count in counts.most_common()]
        return "\n".join(said) if said else counted(N_("{n} image"), N_("{n} images"), line.dead)

    def _letter(self, one: DeadLine) -> QWidget:
        host = QWidget()
        column = QVBoxLayout(host)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        code = f" (0x{one.status:04X})" if one.status else ""
        why = _(FAILURE_LABELS[one.failure]) if one.failure else ""
        column.addWidget(WrapLabel(why + code))
        tries = counted(N_("{n} try"), N_("{n} tries"), one.attempts)
        since = moment(one.queued_at, self.bench.runner.clock)
        column.addWidget(Label(f"{since} · {tries}", "small", "muted"))
        uid = ElidedLabel(one.sop_instance_uid, "small", "muted")
        uid.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(uid)
        return host

    # -- the pane -------------------------------------------------------------------------------------------
    def retranslate(self) -> None:
        """The buttons too."""
        super().retranslate()
        self._retry.retranslate()
        self._discard.retranslate()

    def focus_first(self, reason: Qt.FocusReason) -> None:
        """The queues."""
        self.table.setFocus(reason)

    def fold_room(self, narrow: bool) -> None:
        """The queue under the list when narrow."""
        super().fold_room(narrow)
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)


def _worst(lines: Sequence[ArchiveLine]) -> int:
    """The place of the queue that somebody should look at first."""

    def weight(place: int) -> tuple[Any, ...]:
        line = lines[place]
        return line.dead, line.failure is not None, line.waiting, -place

    return max(range(len(lines)), key=weight)
