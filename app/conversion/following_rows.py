"""Rows of recalls and of notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.conversion.cells import MISSING, TEXT_LIMIT
from app.conversion.drafts import PATIENT_UNKNOWN, Draft, Work, our_id, patients_of
from app.conversion.model import OldNote
from app.conversion.rows import GivenRow, Problem
from app.core.i18n import N_
from app.patients.entry import NAME_LIMIT, clean_text
from app.practice.entry import bounded
from app.scheduling.model import Recall
from app.scheduling.vocabulary import RecallKind, RecallState

MOST_WEEKS = 520


def draft_recalls(work: Work, rows: Sequence[GivenRow]) -> list[Draft]:
    """What rows of recalls ask for."""
    patients = patients_of(work, [row.values["patient"] for row in rows])
    return [_recall(work, row, patients) for row in rows]


def _begin(work: Work, row: GivenRow, patients: dict[str, str]) -> Draft:
    draft = Draft(row, target_id=our_id(work.system, work.kind.value, row.number))
    draft.subject_id = patients.get(row.values["patient"])
    if draft.subject_id is None:
        draft.problems.append(Problem("patient", PATIENT_UNKNOWN, {"number": row.values["patient"]}))
    return draft


def _recall(work: Work, row: GivenRow, patients: dict[str, str]) -> Draft:
    draft, given = _begin(work, row, patients), row.values
    weeks = given.get("weeks")
    draft.want(
        Recall,
        draft.target_id,
        patient_id=draft.subject_id,
        kind=RecallKind(given.get("kind", RecallKind.OTHER)),
        due_on=date.fromisoformat(given["due_on"]),
        every_weeks=draft.take("weeks", lambda: bounded(int(weeks), 1, MOST_WEEKS, "weeks")) if weeks else None,
        state=RecallState(given.get("state", RecallState.OPEN)),
        note=draft.take("note", lambda: clean_text(given.get("note", ""), "note")),
        withdrawn_at=None,
        first={"made_at": work.now},
    )
    return draft


def draft_notes(work: Work, rows: Sequence[GivenRow]) -> list[Draft]:
    """What rows of notes ask for."""
    patients = patients_of(work, [row.values["patient"] for row in rows])
    return [_note(work, row, patients) for row in rows]


def _note(work: Work, row: GivenRow, patients: dict[str, str]) -> Draft:
    draft, given = _begin(work, row, patients), row.values
    written_on = date.fromisoformat(given["written_on"]) if given.get("written_on") else None
    if written_on is not None and written_on > work.today:
        draft.problems.append(Problem("written_on", N_("This day is in the future.")))
    text = draft.take("text", lambda: clean_text(given["text"].replace("\t", " "), "text", limit=TEXT_LIMIT))
    if text is None and not draft.problems:
        draft.problems.append(Problem("text", MISSING))
    draft.want(
        OldNote,
        draft.target_id,
        patient_id=draft.subject_id,
        written_on=written_on,
        author=draft.take("author", lambda: clean_text(given.get("author", ""), "author", limit=NAME_LIMIT)),
        text=text,
        withdrawn_at=None,
    )
    return draft
