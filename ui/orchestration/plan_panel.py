"""A better plan of the rest of the day: looked for when asked, its cost beside the present one, done in one step."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout

from app.core.i18n import N_, _, language
from app.orchestration.commands import VisitMove, take_over_plan
from app.orchestration.queries import BetterPlan, Method, PlannedMove, better_plan
from app.practice.queries import OperatoryId
from app.scheduling.queries import AppointmentId
from ui.orchestration.picture import DayPicture
from ui.patients.facts import empty
from ui.patients.words import plain_name
from ui.shell.bench import Bench
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.labels import WrapLabel

MOST = 8
_METHODS = {Method.GREEDY: N_("one visit after the other"), Method.CP_SAT: N_("all visits together (CP-SAT)")}


class PlanPanel(Card):
    """One button; then the difference, and one button that does all of it."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(_(N_("Better plan")), icon="sparkle")
        self._bench = bench
        self._picture: DayPicture | None = None
        self._language = ""
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        self.look = Button("", "secondary", "magnifying-glass", size="compact")
        self.look.clicked.connect(self.ask)
        self.add(self._rows)
        self.add(self.look)
        self.hide()

    def show_day(self, picture: DayPicture) -> None:
        """Only where the rest of a day can still be changed; what was found for an earlier picture goes."""
        moved = self._picture is not None and self._picture.shot.visits != picture.shot.visits
        self._picture = picture
        self.setVisible(picture.shot.now < picture.shot.span[1] and self._bench.may(take_over_plan))
        if moved or self._language != language():
            self._language = language()
            empty(self._rows)
            self.set_title(_(N_("Better plan")))
            self.look.setText(_(N_("Look for a better plan")))
            self.look.show()

    def ask(self) -> None:
        """Look for one; nothing is changed yet."""
        if self._picture is not None:
            self.look.setEnabled(False)
            shot = self._picture.shot
            self._bench.ask_for(None, better_plan, self.show_plan, shot.clinic_id, shot.on)

    def show_plan(self, plan: BetterPlan) -> None:
        """Before and after, each move, and the way it was found."""
        self.look.setEnabled(True)
        empty(self._rows)
        if not plan.moves or self._picture is None:
            self._rows.addWidget(WrapLabel(_(N_("Nothing better was found.")), "body", "muted"))
            return
        for words, before, after in (
            (N_("Waiting: {before} → {after} min"), plan.before.waiting, plan.after.waiting),
            (N_("Doctors idle: {before} → {after} min"), plan.before.idle, plan.after.idle),
        ):
            self._rows.addWidget(WrapLabel(_(words, before=before, after=after), "name"))
        self._rows.addWidget(WrapLabel(_(N_("Found {way}"), way=_(_METHODS[plan.method])), "small", "muted"))
        for move in plan.moves[:MOST]:
            self._rows.addWidget(WrapLabel(self._move(self._picture, move), "small"))
        if len(plan.moves) > MOST:
            more = _(N_("and {n} more"), n=len(plan.moves) - MOST)
            self._rows.addWidget(WrapLabel(more, "small", "muted"))
        take = Button(_(take_over_plan.label), "primary", take_over_plan.icon, size="compact")
        take.set_help(_(take_over_plan.help))
        take.set_available(self._bench.may(take_over_plan), self._bench.reason(take_over_plan))
        take.clicked.connect(lambda: self.take(plan))
        self._rows.addWidget(take)

    @staticmethod
    def _move(picture: DayPicture, move: PlannedMove) -> str:
        visit = picture.visits[move.visit_id]
        start = int(visit.line.starts_at.timestamp()) // 60 if visit.line.starts_at is not None else 0
        times = f"{picture.at(start)} → {picture.at(move.starts_at)}"
        chair = picture.chair_name(move.chair, short=True) if move.chair != visit.line.operatory_id else ""
        return " · ".join(part for part in (plain_name(visit.line), times, chair) if part)

    def take(self, plan: BetterPlan) -> None:
        """All of it in one step; one undo gives all back."""
        if self._picture is None:
            return
        zone = self._picture.clock.zone
        moves = [
            VisitMove(
                AppointmentId(move.visit_id), OperatoryId(move.chair),
                datetime.fromtimestamp(move.starts_at * 60, zone),
            )
            for move in plan.moves
        ]  # fmt: skip
        self._bench.run(take_over_plan, moves)
