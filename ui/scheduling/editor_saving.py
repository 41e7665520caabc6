"""Saving what the editor holds, in one command: a new visit, or every change of one that exists."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.core.i18n import N_, _
from app.scheduling.commands import book_appointment, save_appointment
from ui.scheduling.editor_answers import Answers
from ui.scheduling.editor_conflicts import Conflicts
from ui.scheduling.editor_draft import Draft

if TYPE_CHECKING:
    from ui.shell.bench import Bench
    from ui.shell.errors import Form


def send(
    bench: Bench, form: Form, draft: Draft, at: datetime | None, answers: Answers, conflicts: Conflicts, name: str
) -> Any:
    """Run the command of the draft for a form that shows its refusals; None while a new visit has no time."""
    why, override = conflicts.why.text().strip(), conflicts.overridden
    running: Any = None
    if draft.appointment_id:
        reason, note = answers.move_reason()
        running = bench.run_for(
            form, save_appointment, draft.appointment_id, draft.type, draft.operatory_id or None, at,
            draft.doctor_id, draft.assistant_id, draft.segments, draft.note, draft.lab_state, draft.prep_done,
            reason, " ".join(part for part in (note, why) if part), override, draft.assistant_id is None,
        )  # fmt: skip
        running.say(_(N_("The appointment of {name} is saved"), name=name))
    elif at is not None:
        running = bench.run_for(
            form, book_appointment, draft.patient_id, draft.type, draft.operatory_id, at, draft.doctor_id,
            draft.assistant_id, None, draft.segments, draft.note, override, override_reason=why,
        )  # fmt: skip
        running.say(_(N_("{name} is booked"), name=name))
    return running
