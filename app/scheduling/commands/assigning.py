"""Sharing out a follow-up list: several patients in one step that is undone as one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.ids import PatientId, StaffId
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.scheduling.commands.following import assign_follow_up
from app.scheduling.vocabulary import Blocker, FollowUpList

SHARE_OUT = N_("Share out the list")


def assign_together(
    runner: Runner,
    actor: Actor,
    patient_ids: Sequence[PatientId],
    list_code: FollowUpList,
    owner_id: StaffId | None = None,
    blocker: Blocker | None = None,
    rests_until_on: date | None = None,
) -> str:
    """Assign the follow-ups of several patients, all or none; returns the group by which all is undone.

    One operation a patient: an undo restores rows that were changed and clears those that were made.
    """
    wanted = tuple(dict.fromkeys(patient_ids))
    if not wanted:
        raise RuleViolation(N_("Choose at least one patient."), field="patient_ids")
    done = runner.bulk(
        actor, SHARE_OUT,
        lambda bulk: [bulk.run(assign_follow_up, one, list_code, owner_id, blocker, rests_until_on) for one in wanted],
    )  # fmt: skip
    return done.group_id or ""
