"""The steps of a visit as buttons and keys: which one comes next, and why one cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from app.core.i18n import N_, _
from app.journal.commands import Command
from app.scheduling.commands import (
    call_doctor,
    check_in_patient,
    check_out_patient,
    complete_appointment,
    mark_doctor_here,
    reinstate_appointment,
    resume_visit,
    seat_patient,
)
from app.scheduling.queries import DayRow, SegmentKind, Stage
from ui.scheduling.today_words import stage_words, who
from ui.shell.bench import Bench

NOT_NOW: Final = N_("{name} is “{stage}”: this does not come next.")


@dataclass(frozen=True, slots=True)
class Step:
    """One transition. `label` is the verb of the button, `done` the sentence of the toast; both msgids with {name}."""

    command: Command[..., Any]
    label: str
    done: str
    icon: str
    keys: str
    stages: frozenset[Stage]


ARRIVED: Final = Step(
    check_in_patient, N_("Arrived"), N_("{name} has arrived"), "sign-in", "F5",
    frozenset({Stage.EXPECTED, Stage.LATE, Stage.MISSED}),
)  # fmt: skip
SEATED: Final = Step(
    seat_patient, N_("Seat"), N_("{name} is seated"), "office-chair", "F6",
    frozenset({Stage.EXPECTED, Stage.LATE, Stage.WAITING, Stage.CHECKOUT}),
)  # fmt: skip
NEEDED: Final = Step(
    call_doctor, N_("Call the doctor"), N_("The doctor is called to {name}"), "hand-palm", "F7",
    frozenset({Stage.SEATED, Stage.PAUSED}),
)  # fmt: skip
HERE: Final = Step(
    mark_doctor_here, N_("Doctor is here"), N_("The doctor is with {name}"), "stethoscope", "F8",
    frozenset({Stage.SEATED, Stage.NEEDED}),
)  # fmt: skip
RESUMED: Final = Step(
    resume_visit, N_("Resume"), N_("The visit of {name} goes on"), "play", "", frozenset({Stage.PAUSED})
)
COMPLETED: Final = Step(
    complete_appointment, N_("To checkout"), N_("{name} goes to checkout"), "receipt", "F9",
    frozenset({Stage.SEATED, Stage.NEEDED, Stage.HERE, Stage.PAUSED, Stage.CHECKOUT}),
)  # fmt: skip
LEFT: Final = Step(
    check_out_patient, N_("Done"), N_("The visit of {name} is done"), "check-circle", "F10", frozenset({Stage.CHECKOUT})
)
BACK: Final = Step(
    reinstate_appointment, N_("Reinstate"), N_("The visit of {name} stands again"), "arrow-counter-clockwise", "",
    frozenset({Stage.MISSED, Stage.CANCELLED}),
)  # fmt: skip
STEPS: Final = (ARRIVED, SEATED, NEEDED, HERE, COMPLETED, LEFT)
"""Those that have a key, in the order of a visit."""


_NEXT: Final = {
    Stage.EXPECTED: ARRIVED, Stage.LATE: ARRIVED, Stage.WAITING: SEATED, Stage.NEEDED: HERE, Stage.HERE: COMPLETED,
    Stage.PAUSED: RESUMED, Stage.MISSED: BACK, Stage.CANCELLED: BACK,
}  # fmt: skip


def next_step(row: DayRow) -> Step | None:
    """What comes next for a visit; None when it is over."""
    if row.stage is Stage.SEATED:
        needs_doctor = any(item.kind is SegmentKind.DOCTOR for item in row.visit.segments)
        return NEEDED if needs_doctor and row.visit.doctor == "none" else COMPLETED
    if row.stage is Stage.CHECKOUT:
        return COMPLETED if row.visit.flow == "out_deck" else LEFT
    return _NEXT.get(row.stage)


def refusal(bench: Bench, step: Step, row: DayRow) -> str:
    """Why a step cannot be taken now, as a sentence; empty when it can."""
    reason = bench.reason(step.command)
    if reason:
        return reason
    if row.stage not in step.stages:
        return _(NOT_NOW, name=who(row), stage=stage_words(row))
    starts = row.visit.starts_at
    clock = bench.runner.clock
    if step in (ARRIVED, SEATED) and starts is not None and clock.day_of(starts) != clock.today():
        return _(N_("This visit is not today: move it first."))
    return ""


def take(bench: Bench, step: Step, row: DayRow) -> bool:
    """Run a step; False, with the reason said in the banner, when it cannot be taken."""
    reason = refusal(bench, step, row)
    if reason:
        bench.presenter.said.emit("warn", reason)
        return False
    bench.run(step.command, row.visit.id).say(_(step.done, name=who(row)))
    return True
