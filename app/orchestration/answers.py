"""What is answered about the rest of a day. Apart from what computes it: NumPy is loaded when it is first asked."""

from __future__ import annotations

from dataclasses import dataclass

from app.orchestration.vocabulary import SuggestionKind


@dataclass(frozen=True, slots=True)
class Outlook:
    """When a visit may begin, in minutes since 1970: the median, and the range of eight runs out of ten."""

    visit_id: str
    early: int
    median: int
    late: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One change, with what it needs to be carried out; times are minutes since 1970.

    Swap: the two visits exchange time and chair. Idle chair: the visit begins at `starts_at` at `operatory_id`. Split:
    only `segments` today, the rest is planned for another day. Call later: the family is asked to come at `starts_at`.
    `saved` are minutes of waiting of all patients together.
    """

    kind: SuggestionKind
    visit_id: str
    saved: int
    other_id: str | None = None
    operatory_id: str | None = None
    starts_at: int | None = None
    segments: str = ""
