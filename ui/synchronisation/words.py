"""How the Sync Centre says things: conflicts, refusals, who wrote where and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.core.clock import Clock
from app.core.i18n import N_, _
from app.journal.conflicts import Author, ConflictLine
from ui.shell.columns import code_words, column_words, table_words
from ui.shell.formats import day, hour, moment

DOUBLE_BOOKING: Final = "double_booking"
CONCURRENT_EDIT: Final = "concurrent_edit"
TITLES: Final = {
    DOUBLE_BOOKING: N_("Double booking"),
    CONCURRENT_EDIT: N_("Changed on two workstations"),
    "merged_twice": N_("Chart merged twice"),
    "other_pixels": N_("Two images under one identifier"),
}
SENTENCES: Final = {
    DOUBLE_BOOKING: N_("Two workstations booked the same time, neither knowing of the other. Both visits stand."),
    CONCURRENT_EDIT: N_("Two people changed the same field, neither knowing of the other. The later value stands."),
    "merged_twice": N_(
        "Two workstations merged this chart, neither knowing of the other. The later merge stands; separate the charts"
        " if it is the wrong one."
    ),
    "other_pixels": N_(
        "Two different images carry the same SOP Instance UID. The one that arrived first stands; the other is kept on"
        " the workstation where it was taken in, under “Refused”. Look whose image each is before anything is read."
    ),
}
OTHER: Final = N_("Two workstations wrote what does not go together. Both versions are kept.")
REFUSALS: Final = {
    "no_permission": N_("The right for this was missing when it was done."),
    "unknown_actor": N_("The server does not know who did this."),
    "revoked_actor": N_("This person no longer worked here when it was done."),
    "outside_footprint": N_("It wrote more than this command may write."),
    "unknown_command": N_("The server does not know this command: it is of another version."),
    "raw_event": N_("It was written outside the application, where nothing may be written."),
    "immutable": N_("Something else is kept under the same identifier; what is kept does not change."),
    "stale": N_("Somebody changed this setting first."),
    "missing_row": N_("What it changed had been refused or removed."),
    "erased_person": N_("The person’s data had been erased; what was written is not kept."),
    "too_late": N_("It was written after the server had been restored."),
}
KINDS: Final = {
    "chair": N_("Chair"), "patient": N_("Patient"), "doctor": N_("Doctor"), "assistant": N_("Assistant"),
    "equipment": N_("Equipment"),
}  # fmt: skip


def conflict_title(kind: str) -> str:
    """What kind of conflict it is."""
    return _(TITLES[kind]) if kind in TITLES else _(N_("Conflict: {kind}"), kind=kind.replace("_", " "))


def conflict_sentence(kind: str) -> str:
    """What happened."""
    return _(SENTENCES.get(kind, OTHER))


def refusal_words(code: str) -> str:
    """Why the server refused."""
    return _(REFUSALS[code]) if code in REFUSALS else code


def station(by: Author) -> str:
    """The workstation of an author; one without a known name by the end of its identifier."""
    if by.is_here:
        return _(N_("This workstation"))
    if by.device_name:
        return by.device_name
    return _(N_("Workstation {name}"), name=by.device[-4:].upper()) if by.device else _(N_("unknown"))


def person(by: Author, people: Mapping[str, str]) -> str:
    """Who it was."""
    if by.actor_id in ("", "raw", "system"):
        return {"raw": _(N_("written outside the application")), "system": "Archwire"}.get(
            by.actor_id, _(N_("unknown"))
        )
    return people.get(by.actor_id, by.actor_id)


def author_words(by: Author, people: Mapping[str, str], clock: Clock) -> str:
    """Who and when, in one line."""
    who = person(by, people)
    return f"{who} · {moment(by.at, clock)}" if by.at is not None else who


def value_words(column: str, value: Any, people: Mapping[str, str]) -> str:
    """A stored value as people read it."""
    if value is None or value == "":
        return _(N_("(empty)"))
    if isinstance(value, str) and value[:1] in "[{":
        return _(N_("(a drawing or a list)"))
    return code_words(column, str(value), people)


def settled_words(line: ConflictLine) -> str:
    """How a conflict was settled."""
    how, _colon, rest = line.resolution.partition(":")
    said = {
        "kept_both": N_("both visits kept"), "moved": N_("one visit moved"), "cancelled": N_("one visit cancelled"),
        "mine": N_("the later value kept"), "theirs": N_("the earlier value taken back"),
        "standing": N_("left as it stands"), "closed": N_("closed"),
    }.get(how)  # fmt: skip
    words = _(said) if said else line.resolution
    return f"{words} ({rest})" if how == "closed" and rest else words


def change_words(table: str, values: Mapping[str, Any], people: Mapping[str, str]) -> list[tuple[str, str]]:
    """(column, “before → typed”) of a refused change."""
    found = []
    for column, pair in values.items():
        if column == "id" or column.endswith("_id"):
            continue
        before, after = pair if isinstance(pair, list) and len(pair) == 2 else (None, pair)
        typed = value_words(column, after, people)
        was = value_words(column, before, people)
        found.append((column_words(column), typed if before is None else f"{was} → {typed}"))
    return found or [(table_words(table), _(N_("a change")))]


def span_words(start: Any, end: Any, clock: Clock) -> str:
    """`mercredi 25 novembre, 10 h – 10 h 45`."""
    on = day(clock.day_of(start), short=True, weekday=True)
    return f"{on}, {hour(start, clock)} – {hour(end, clock)}"
