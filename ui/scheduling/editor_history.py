"""What happened to an appointment: when, what, by whom, and why; what was taken back stays readable."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.core.i18n import N_, _, language
from app.scheduling.queries import EVENT_LABELS, EventLine, ReasonLine
from ui.patients.facts import empty
from ui.shell.bench import Bench
from ui.shell.formats import moment
from ui.widgets.cards import Card
from ui.widgets.labels import WrapLabel
from ui.widgets.pills import Tag


class History(Card):
    """The events of one appointment, the latest first."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(" ", icon="clock-counter-clockwise")
        self._bench = bench
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.add(self._list)

    def show_events(
        self, events: tuple[EventLine, ...], names: Mapping[str, str], reasons: Mapping[str, ReasonLine]
    ) -> None:
        """Draw them."""
        self.set_title(_(N_("What happened")))
        empty(self._list)
        self.setVisible(bool(events))
        clock = self._bench.runner.clock
        for event in reversed(events):
            row = QHBoxLayout()
            row.setSpacing(6)
            row.addWidget(WrapLabel(_(EVENT_LABELS[event.kind]), "name" if event.counts else "body"), 1)
            if not event.counts:
                row.addWidget(Tag(_(N_("taken back"))))
            self._list.addLayout(row)
            who = names.get(event.by, "Archwire" if event.by == "system" else "")
            self._list.addWidget(
                WrapLabel(" · ".join(part for part in (moment(event.at, clock), who) if part), "small", "muted")
            )
            reason = reasons.get(event.reason_id or "")
            why = (reason.name_fr if language() == "fr" else reason.name_en) if reason else ""
            said = " · ".join(part for part in (why, event.note or "") if part)
            if said:
                self._list.addWidget(WrapLabel(said, "small"))
