"""What would make patients wait less: each change with the minutes that it saves, and one click that does it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _, language
from app.orchestration.commands import follow_suggestion
from app.orchestration.queries import SUGGESTION_LABELS, Suggestion, SuggestionKind
from app.practice.queries import OperatoryId
from app.scheduling.queries import AppointmentId
from ui.orchestration.picture import DayPicture
from ui.patients.facts import empty
from ui.patients.words import plain_name
from ui.shell.bench import Bench
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, ThemedIcon
from ui.widgets.labels import WrapLabel
from ui.widgets.pills import SeverityChip
from ui.widgets.tint import Tinted

MOST = 4


class SuggestionsPanel(Card):
    """The best changes of the moment; hidden while there are none."""

    visit_asked = Signal(str)

    def __init__(self, bench: Bench) -> None:
        super().__init__(_(N_("Suggestions")), icon="lightbulb")
        self._bench = bench
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.add(self._rows)
        self._shown: object = None
        self.hide()

    def show_suggestions(self, picture: DayPicture, found: tuple[Suggestion, ...]) -> None:
        """Show the best of them."""
        told = [each for each in found if each.visit_id in picture.visits][:MOST]
        self.setVisible(bool(told))
        shown = (told, picture.shot.now, self._bench.actor, language())
        if shown == self._shown:
            return
        self._shown = shown
        self.set_title(_(N_("Suggestions")))
        empty(self._rows)
        for each in told:
            self._rows.addWidget(self._row(picture, each))

    def _row(self, picture: DayPicture, each: Suggestion) -> QWidget:
        box = Tinted()
        words = sentence_of(picture, each)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(ThemedIcon("lightbulb", 18, severity="info", weight="fill"))
        head.addWidget(WrapLabel(_(SUGGESTION_LABELS[each.kind]), "name"), 1)
        head.addWidget(SeverityChip("ok", _(N_("saves {n} min"), n=each.saved), "clock-clockwise"))
        column = QVBoxLayout(box)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(WrapLabel(words, "small"))
        row = QHBoxLayout()
        follow = Button(_(N_("Do it")), "secondary", "check", size="compact")
        follow.setAccessibleName(_(N_("{verb}: {what}"), verb=_(N_("Do it")), what=words))
        follow.set_help(_(follow_suggestion.help))
        follow.set_available(self._bench.may(follow_suggestion), self._bench.reason(follow_suggestion))
        follow.clicked.connect(lambda: self._follow(picture, each))
        show = Button(_(N_("Show")), "quiet", "crosshair-simple", size="compact")
        show.setAccessibleName(_(N_("{verb}: {what}"), verb=_(N_("Show")), what=words))
        show.clicked.connect(lambda: self.visit_asked.emit(each.visit_id))
        row.addWidget(follow)
        row.addWidget(show)
        row.addStretch(1)
        column.addLayout(row)
        return box

    def _follow(self, picture: DayPicture, each: Suggestion) -> None:
        at = None if each.starts_at is None else datetime.fromtimestamp(each.starts_at * 60, picture.clock.zone)
        running = self._bench.run(
            follow_suggestion, each.kind, AppointmentId(each.visit_id),
            AppointmentId(each.other_id) if each.other_id else None,
            OperatoryId(each.operatory_id) if each.operatory_id else None, at, each.segments,
        )  # fmt: skip
        running.say(sentence_of(picture, each))


def sentence_of(picture: DayPicture, each: Suggestion) -> str:
    """What the change is, in one sentence."""
    visit = picture.visits[each.visit_id]
    name = plain_name(visit.line)
    other = picture.visits.get(each.other_id or "")
    values = {
        "name": name, "other": plain_name(other.line) if other is not None else "",
        "chair": picture.chair_name(each.operatory_id),
        "time": picture.at(each.starts_at) if each.starts_at is not None else "",
    }  # fmt: skip
    sentence = {
        SuggestionKind.SWAP: N_("{name} and {other} exchange their times and chairs."),
        SuggestionKind.IDLE_CHAIR: N_("{name} sits at {chair} at {time}."),
        SuggestionKind.SPLIT: N_("Only the first part of the visit of {name} today; the rest another day."),
        SuggestionKind.CALL_LATER: N_("Ask the family of {name} to come at {time}."),
    }[each.kind]
    return _(sentence, **values)
