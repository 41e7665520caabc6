"""The clinic’s thresholds as the views draw them: two for each wait, and how many should be anywhere at once."""

from __future__ import annotations

from app.orchestration.queries import DaySnapshot
from app.orchestration.settings import ALERT_DOCTOR_WAIT, ALERT_LATE, MOST_CALLS, MOST_WAITING
from app.scheduling.queries import Stage
from app.scheduling.settings import LATE_AFTER, WAIT_ALARMS, WAIT_WARNS
from ui.orchestration.picture import Ages
from ui.shell.bench import Bench


def ages_of(bench: Bench) -> Ages:
    """When a wait warns and when it is an alarm; for the doctor the first is half of the second."""
    doctor = bench.setting(ALERT_DOCTOR_WAIT)
    return Ages(
        (bench.setting(WAIT_WARNS), bench.setting(WAIT_ALARMS)), (max(doctor // 2, 1), doctor),
        (bench.setting(LATE_AFTER), bench.setting(ALERT_LATE)),
    )  # fmt: skip


def limits_of(bench: Bench, shot: DaySnapshot) -> dict[Stage, int]:
    """How many should wait for a chair or for the doctor, and how many chairs there are."""
    seats = sum(1 for chair in shot.chairs if not chair.virtual)
    return {Stage.WAITING: bench.setting(MOST_WAITING), Stage.NEEDED: bench.setting(MOST_CALLS), Stage.SEATED: seats}
