"""From a ghost to a command: asking what would follow while it is moved, and running one command when it is let go."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from app.core.errors import PermissionDenied
from app.core.i18n import N_, _
from app.practice.queries import OperatoryId, ProviderId, ProviderKind
from app.scheduling.commands import move_appointment, resize_appointment
from app.scheduling.permissions import OVERRIDE_CONFLICTS
from app.scheduling.queries import MovePreview, Severity, SoonerFit, preview_move
from ui.patients.words import plain_name
from ui.scheduling.block_look import chair_of
from ui.scheduling.ghost import Ghost
from ui.scheduling.ghost_card import GhostCard
from ui.scheduling.timegrid_hands import WorkGrid
from ui.shell.bench import Bench
from ui.shell.formats import hour


class DropHost(Protocol):
    """What a view has on whose grid visits are dropped."""

    bench: Bench
    grid: WorkGrid

    @property
    def by_chair(self) -> bool:
        """Whether lanes are chairs, not people."""
        ...

    def kind_of(self, provider_id: str) -> ProviderKind | None:
        """What somebody who treats is."""
        ...

    def landed(self, appointment_id: str) -> None:
        """A visit was moved."""
        ...


class Dropper:
    """Follows the ghost of a grid."""

    def __init__(self, view: DropHost) -> None:
        self._view, self._grid = view, view.grid
        self.card = GhostCard(view.bench.runner.clock, view.grid.viewport())
        self._grid.ghost_moved.connect(self._look)
        self._grid.ghost_dropped.connect(self._drop)
        self._grid.ghost_gone.connect(self.card.hide)
        self._grid.scrolled.connect(self._place_card)

    # -- where ----------------------------------------------------------------------------------------------
    def _chair(self, ghost: Ghost) -> OperatoryId:
        lane = self._grid.grid.lanes[ghost.lane]
        return OperatoryId(lane.resource if self._view.by_chair else chair_of(ghost.visit) or "")

    def _people(self, ghost: Ghost) -> dict[str, Any]:
        """Among people, the lane says who: a doctor for the doctor’s minutes, anybody else for the assistant’s."""
        if self._view.by_chair or ghost.segments:
            return {}
        who = ProviderId(self._grid.grid.lanes[ghost.lane].resource)
        if who in {ghost.visit.doctor_id, ghost.visit.assistant_id}:
            return {}
        return {"doctor_id" if self._view.kind_of(who) is ProviderKind.DOCTOR else "assistant_id": who}

    def _starts_at(self, ghost: Ghost) -> datetime:
        return datetime.fromtimestamp(ghost.start * 60, self._view.bench.runner.clock.zone)

    # -- looking --------------------------------------------------------------------------------------------
    def _look(self) -> None:
        """Ask what would follow here; only the answer to the last question counts."""
        ghost = self._grid.ghost
        if ghost is None:
            return
        self._show(ghost)
        self._view.bench.ask_for(
            None, preview_move, self._answered, ghost.visit.id, self._starts_at(ghost), self._chair(ghost),
            segments=ghost.segments, **self._people(ghost),
        )  # fmt: skip

    def _answered(self, preview: MovePreview) -> None:
        ghost = self._grid.ghost
        if ghost is None or int(preview.starts_at.timestamp()) // 60 != ghost.start:
            return
        if preview.operatory_id != self._chair(ghost):
            return
        ghost.preview = preview
        self._show(ghost)
        self._grid.viewport().update()
        if ghost.dropping:
            self._drop()

    def _show(self, ghost: Ghost) -> None:
        lane = self._grid.grid.lanes[ghost.lane]
        self.card.tell(ghost, lane.name)
        self._place_card()

    def _place_card(self) -> None:
        ghost = self._grid.ghost
        if ghost is not None and ghost.moved:
            field = self._grid.field()
            lane = field.place(self._grid.grid.lane_box(ghost.lane))
            self.card.stand_by(self._grid.ghost_rect(), lane.intersected(field.rect), field.rect)

    # -- letting go -----------------------------------------------------------------------------------------
    def _drop(self) -> None:
        """Run the command when it is known what follows; a ghost that is let go sooner waits for the answer."""
        ghost = self._grid.ghost
        if ghost is None or ghost.preview is None:
            return
        preview, bench = ghost.preview, self._view.bench
        same = self._unchanged(ghost)
        self._grid.end_ghost()
        if same:
            return
        command = resize_appointment if ghost.segments else move_appointment
        reason = bench.reason(command)
        if reason or not preview.allowed:
            bench.presenter.said.emit("warn", reason or refusal_of(preview))
            return
        if ghost.segments:
            self._resize(ghost, preview)
        else:
            self._move(ghost, preview)

    def _unchanged(self, ghost: Ghost) -> bool:
        visit = ghost.visit
        starts = visit.starts_at
        at_home = starts is not None and int(starts.timestamp()) // 60 == ghost.start
        return bool(
            at_home and self._chair(ghost) == visit.operatory_id and not self._people(ghost)
            and ghost.minutes == visit.minutes
        )  # fmt: skip

    def _move(self, ghost: Ghost, preview: MovePreview) -> None:
        view, visit = self._view, ghost.visit
        at = hour(preview.starts_at, view.bench.runner.clock)
        values = {"name": plain_name(visit), "chair": preview.chair, "time": at}
        running = view.bench.run(
            move_appointment, visit.id, self._starts_at(ghost), self._chair(ghost), override=preview.serious,
            **self._people(ghost),
        )  # fmt: skip
        running.say(_(N_("{name} moved to {chair} at {time}"), **values)).then(lambda _event: self._settle(visit.id))

    def _resize(self, ghost: Ghost, preview: MovePreview) -> None:
        view, visit = self._view, ghost.visit
        said = _(N_("{name}: {n} min"), name=plain_name(visit), n=ghost.minutes)
        running = view.bench.run(resize_appointment, visit.id, ghost.segments, override=preview.serious)
        running.say(said).then(lambda _none: self._settle(visit.id))

    def _settle(self, appointment_id: str) -> None:
        """The keyboard goes with the visit to its new place; what was cut has been put."""
        self._view.landed(appointment_id)

    def take_fit(self, fit: SoonerFit) -> None:
        """Move a visit of the short-notice list to the free time that it fits."""
        if fit.appointment_id is None:
            return
        view, slot = self._view, fit.slot
        name = f"{fit.given_name} {fit.family_name}"
        at = hour(slot.starts_at, view.bench.runner.clock)
        chair = next((lane.name for lane in self._grid.grid.lanes if lane.resource == slot.operatory_id), "")
        appointment_id = fit.appointment_id
        running = view.bench.run(
            move_appointment, appointment_id, slot.starts_at, slot.operatory_id, slot.doctor_id, slot.assistant_id
        )
        said = _(N_("{name} moved to {chair} at {time}"), name=name, chair=chair, time=at)
        running.say(said).then(lambda _event: self._settle(appointment_id))


def refusal_of(preview: MovePreview) -> str:
    """Why it cannot be dropped: what stands against it, and the right that is missing."""
    if preview.refusal:
        return preview.refusal
    first = next((line.sentence for line in preview.conflicts if line.severity is Severity.SERIOUS), "")
    return f"{first} {PermissionDenied(OVERRIDE_CONFLICTS.name, OVERRIDE_CONFLICTS.label)}".strip()
