"""The foot of the editor: save, the reason of a move, and the other ends that a visit can come to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.core.i18n import N_, _, language
from app.scheduling.commands import cancel_appointment, mark_no_show, park_appointment
from app.scheduling.queries import ReasonId, ReasonKind, ReasonLine, VisitLine
from ui.patients.facts import empty
from ui.patients.words import plain_name
from ui.scheduling.today_reasons import ReasonForm
from ui.shell.bench import Bench
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.fields import Choice, TextField
from ui.widgets.labels import WrapLabel

OPEN = frozenset({"scheduled", "confirmed", "planned", "unscheduled"})


class Answers(Card):
    """`saved`, `left`, `thrown_away`, and `called_off` when the visit was cancelled or taken off the schedule."""

    saved = Signal()
    left = Signal()
    thrown_away = Signal()
    called_off = Signal()

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self.reason = ""
        self._visit: VisitLine | None = None
        self._reasons: tuple[ReasonLine, ...] = ()
        self.save = Button(" ", "primary", "check")
        self._back, self._throw = Button(" "), Button(" ", "quiet", "arrow-counter-clockwise")
        self._cancel, self._park = Button(" ", "secondary", "prohibit"), Button(" ", "secondary", "push-pin")
        self._why, self._note = Choice(), TextField()
        self._say = WrapLabel("", "small", "muted")
        self._say.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._form_place = QVBoxLayout()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._cancel)
        row.addWidget(self._park)
        row.addWidget(self._say, 1)
        for answer in (self._why, self._note, self._throw, self._back, self.save):
            row.addWidget(answer)
        self.add(self._form_place)
        self.add(row)
        self.save.clicked.connect(self.saved)
        self._back.clicked.connect(self.left)
        self._throw.clicked.connect(self.thrown_away)
        self._cancel.clicked.connect(lambda *_args: self._ask_why(cancel_appointment, ReasonKind.CANCEL))
        self._park.clicked.connect(lambda *_args: self._ask_why(park_appointment, ReasonKind.MOVE))
        for hidden in (self._why, self._note, self._throw):
            hidden.hide()

    def retranslate(self, existing: bool) -> None:
        """Say everything in the language in force."""
        self.save.setText(_(N_("Save")) if existing else _(N_("Book")))
        self.save.set_help("Ctrl+Enter")
        self._back.setText(_(N_("Back")))
        self._throw.setText(_(N_("Discard the draft")))
        self._cancel.setText(_(N_("Cancel the visit")))
        self._park.setText(_(park_appointment.label))
        self._why.setAccessibleName(_(N_("Why it is moved")))
        self._note.setAccessibleName(_(N_("Note on the move")))
        self._note.setPlaceholderText(_(N_("E.g. exam at school")))
        for button, command in ((self._cancel, cancel_appointment), (self._park, park_appointment)):
            button.setVisible(existing and self._open)
            button.set_available(self._bench.may(command), self._bench.reason(command))
        self._fill_reasons()

    @property
    def _open(self) -> bool:
        return self._visit is None or (self._visit.status in OPEN and self._visit.flow in {"expected", "late"})

    def take_reasons(self, reasons: Sequence[ReasonLine]) -> None:
        """The reasons of the clinic."""
        self._reasons = tuple(reasons)
        self._fill_reasons()

    def _fill_reasons(self) -> None:
        french = language() == "fr"
        moves = [
            (row.id, row.name_fr if french else row.name_en) for row in self._reasons if row.kind is ReasonKind.MOVE
        ]
        self._why.set_options([("", _(N_("Why it is moved"))), *moves])

    def show_visit(self, visit: VisitLine) -> None:
        """What the state of a visit allows."""
        self._visit = visit
        for button in (self._cancel, self._park):
            button.setVisible(self._open)

    def offer(self, reason: str, *, moved: bool, kept: bool) -> None:
        """Whether it can be saved, and why not; a move asks for its reason."""
        self.reason = reason
        self.save.set_available(not reason, reason)
        self._say.setText(reason)
        self._why.setVisible(moved)
        self._note.setVisible(moved)
        self._throw.setVisible(kept)

    def move_reason(self) -> tuple[ReasonId | None, str]:
        """Why the visit is moved."""
        chosen = str(self._why.value() or "")
        return ReasonId(chosen) if chosen else None, self._note.text().strip()

    def _ask_why(self, command: Any, kind: ReasonKind) -> None:
        if self._visit is None:
            return
        self.close_form()
        name = plain_name(self._visit)
        said = {
            cancel_appointment: _(N_("The visit of {name} is cancelled"), name=name),
            park_appointment: _(N_("{name} is off the schedule"), name=name),
            mark_no_show: _(N_("{name} did not come"), name=name),
        }.get(command, "")
        reasons = [row for row in self._reasons if row.kind is kind]
        form = ReasonForm(self._bench, command, (self._visit.id, name), reasons, lambda: said)
        form.closed.connect(self.close_form)
        form.ended.connect(lambda _visit: self.called_off.emit())
        self._form_place.addWidget(form)
        form.begin()

    def close_form(self) -> None:
        """Put the form of a reason away."""
        empty(self._form_place)
