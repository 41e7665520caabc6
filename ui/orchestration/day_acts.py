"""What hands do to the visits of the day, in whichever view: one deed, one command, one toast with its undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPoint, Qt

from app.core.i18n import N_, _
from app.journal.commands import Command
from app.orchestration.commands import step_back
from app.orchestration.queries import DayVisitLine, FloorKind, FloorSpot
from app.practice.queries import OperatoryId
from app.scheduling.commands import move_appointment, seat_patient
from app.scheduling.queries import Stage
from ui.orchestration.board import COLUMNS, column_of
from ui.orchestration.day_bar import TIMELINE
from ui.patients.words import plain_name
from ui.scheduling.ghost import Deed
from ui.scheduling.schedule_acts import ACTS, Act, Hands, paper_of, sentence_of, visit_menu
from ui.theme.tokens import STATUSES

if TYPE_CHECKING:
    from ui.orchestration.day_view import DayView

_SENTENCES: Final[dict[str, str]] = {act.command.name: act.sentence for act in reversed(ACTS) if not act.more}
_SITS: Final = frozenset({Stage.EXPECTED, Stage.LATE, Stage.WAITING, Stage.CHECKOUT})


class DayHands:
    """Runs the commands of the day for its screen."""

    def __init__(self, view: DayView) -> None:
        self._view = view

    def _visit(self, visit_id: str) -> DayVisitLine | None:
        picture = self._view.picture
        return picture.visits.get(visit_id) if picture is not None else None

    def refuse(self, reason: str) -> None:
        """Say why not."""
        self._view.bench.presenter.said.emit("warn", reason)

    def run(self, command: Command[..., Any], visit: DayVisitLine, *args: Any, said: str = "", **more: Any) -> None:
        """Run a command on a visit; a right that is not held is said."""
        reason = self._view.bench.reason(command)
        if reason:
            self.refuse(reason)
            return
        sentence = said or _(_SENTENCES.get(command.name, command.label), name=plain_name(visit.line))
        self._view.bench.run(command, visit.id, *args, **more).say(sentence)

    def act(self, act: Act, visit_id: str) -> None:
        """An act of the card or of a key."""
        visit = self._visit(visit_id)
        if visit is not None:
            self.run(act.command, visit, said=sentence_of(act, visit.line), **dict(act.more))

    def step_to(self, visit_id: str, place: int) -> None:
        """A card was let go over a column: the command that brings it there, or why there is none."""
        visit = self._visit(visit_id)
        if visit is None:
            return
        here = column_of(visit.stage)
        if place == here:
            return
        command = COLUMNS[place].steps.get(visit.stage) if 0 <= place < len(COLUMNS) else None
        if command is not None:
            self.run(command, visit)
        elif here is not None and place == here - 1:
            self.turn_back(visit_id)
        else:
            self.not_now(visit)

    def not_now(self, visit: DayVisitLine) -> None:
        """Say that what was asked for does not come next."""
        stage, name = _(STATUSES[visit.stage.value].label), plain_name(visit.line)
        self.refuse(_(N_("{name} is “{stage}”: this does not come next."), name=name, stage=stage))

    def turn_back(self, visit_id: str) -> None:
        """What was last recorded of the visit does not count."""
        visit = self._visit(visit_id)
        if visit is not None:
            said = _(N_("The last step of {name} was taken back"), name=plain_name(visit.line))
            self.run(step_back, visit, said=said)

    def to_chair(self, visit_id: str, operatory_id: str) -> None:
        """A patient was let go over a chair: seated there, or the visit is given that chair."""
        visit = self._visit(visit_id)
        if visit is None or (visit.operatory_id == operatory_id and visit.stage not in _SITS):
            return
        picture = self._view.picture
        chair = picture.chair_name(operatory_id) if picture is not None else ""
        name, seat = plain_name(visit.line), OperatoryId(operatory_id)
        if visit.stage in {Stage.EXPECTED, Stage.LATE} and visit.line.starts_at is not None:
            said = _(N_("{name} will sit at {chair}"), name=name, chair=chair)
            self.run(move_appointment, visit, visit.line.starts_at, seat, said=said)
        else:
            self.run(seat_patient, visit, seat, said=_(N_("{name} is seated at {chair}"), name=name, chair=chair))

    def to_place(self, visit_id: str, spot: FloorSpot) -> None:
        """A patient was let go over a place of the plan: a chair, the waiting room, the checkout."""
        columns = {FloorKind.WAITING: Stage.WAITING, FloorKind.CHECKOUT: Stage.CHECKOUT}
        if spot.operatory_id is not None:
            self.to_chair(visit_id, spot.operatory_id)
        elif spot.kind in columns:
            self.step_to(visit_id, column_of(columns[spot.kind]) or 0)

    # -- elsewhere ------------------------------------------------------------------------------------------
    def chart(self, visit_id: str) -> None:
        """Open the file of the patient."""
        visit = self._visit(visit_id)
        if visit is not None:
            self._view.open_screen.emit("patient", {"patient_id": visit.line.patient_id})

    def edit(self, visit_id: str) -> None:
        """Open the appointment."""
        if self._visit(visit_id) is not None:
            self._view.open_screen.emit("appointment", {"appointment_id": visit_id})

    def begin(self, deed: Deed) -> None:
        """Take the chosen visit up by keyboard, on the timeline."""
        view = self._view
        if view.bar.value("view") != TIMELINE:
            view.bar.take({"view": TIMELINE})
        view.timeline.grid.setFocus(Qt.FocusReason.ShortcutFocusReason)
        view.timeline.grid.begin_by_keyboard(deed)

    def menu(self, visit_id: str, where: QPoint) -> None:
        """Everything that can be done to a visit."""
        visit, view = self._visit(visit_id), self._view
        if visit is None:
            return
        view.take_choice(visit_id)
        line = visit.line
        hands = Hands(
            view.bench, lambda act, _line: self.act(act, visit_id), lambda: self.begin(Deed.MOVE),
            lambda: self.begin(Deed.RESIZE), lambda: self.begin(Deed.MOVE), lambda: self.chart(visit_id),
            lambda: self.edit(visit_id), lambda document: view.open_screen.emit("print", paper_of(line, document)),
        )  # fmt: skip
        menu = visit_menu(view, line, view.reasons, hands)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)
