"""Devices, rules and queues in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from app.archives.queries import (
    CAME_LABELS,
    COMPARISON_LABELS,
    FACT_LABELS,
    FAILURE_LABELS,
    SPREAD_LABELS,
    ArchiveLine,
    Came,
    Comparison,
    Condition,
    Ended,
    Failure,
    RuleLine,
    Spread,
)
from app.core.clock import Clock
from app.core.i18n import N_, _
from ui.shell.formats import counted, moment, number


def condition_words(condition: Condition) -> str:
    """“Modality is one of PX, DX”."""
    joint = f" {_(N_('and'))} " if condition.comparison is Comparison.BETWEEN else ", "
    values = joint.join(condition.values)
    return f"{_(FACT_LABELS[condition.fact])} {_(COMPARISON_LABELS[condition.comparison])} {values}"


def if_words(rule: RuleLine) -> str:
    """The left side of a rule."""
    if not rule.conditions:
        return _(N_("Every image"))
    joint = f" {_(N_('and'))} " if rule.every else f" {_(N_('or'))} "
    return joint.join(map(condition_words, rule.conditions))


def then_words(rule: RuleLine, names: Mapping[str, str]) -> str:
    """The right side of a rule."""
    there = ", ".join(names.get(one, one) for one in rule.destinations)
    more = [_(SPREAD_LABELS[rule.spread])] if rule.spread is Spread.FIRST else []
    if rule.delay_seconds:
        more.append(counted(N_("after {n} second"), N_("after {n} seconds"), rule.delay_seconds))
    if rule.is_last:
        more.append(_(N_("then no other rule")))
    return " · ".join([there, *more])


def standing_words(line: ArchiveLine, clock: Clock) -> str:
    """How an archive answers, in a sentence."""
    if not line.enabled:
        return _(N_("Switched off: its queue rests."))
    if line.failure is None:
        since = line.answered_at
        return _(N_("Answered last {when}."), when=moment(since, clock)) if since else _(N_("Not called yet."))
    said = _(FAILURE_LABELS[line.failure])
    if line.resting_until is not None:
        said = f"{said} {_(N_('Tried again {when}.'), when=moment(line.resting_until, clock))}"
    return said


def queue_words(line: ArchiveLine) -> str:
    """What stands in its queue."""
    parts = (
        (line.waiting, counted(N_("{n} image waits"), N_("{n} images wait"), line.waiting)),
        (line.sent, counted(N_("{n} sent, to be verified"), N_("{n} sent, to be verified"), line.sent)),
        (line.verified, counted(N_("{n} there"), N_("{n} there"), line.verified)),
        (line.dead, counted(N_("{n} given up"), N_("{n} given up"), line.dead)),
    )
    return " · ".join(words for count, words in parts if count) or _(N_("Nothing waits."))


def standing_severity(line: ArchiveLine) -> str:
    """The colour of how an archive answers."""
    if not line.enabled or (line.answered_at is None and line.failure is None):
        return "info"
    return "ok" if line.failure is None else "danger"


def standing_short(line: ArchiveLine) -> str:
    """How an archive answers, in a word or two."""
    if not line.enabled:
        return _(N_("Switched off"))
    if line.failure is not None:
        return _(N_("Does not answer")) if line.failure is Failure.TRANSPORT else _(N_("Turns us away"))
    return _(N_("Answers")) if line.answered_at else _(N_("Not called yet"))


def address_words(line: ArchiveLine) -> str:
    """Where an archive is."""
    return line.base_url or f"{line.ae_title} · {line.host}:{line.port}"


def told(who: str, what: str) -> str:
    """Who or what, and what is said of it."""
    return _(N_("{who}: {what}"), who=who, what=what)


def came_words(name: str, end: Ended) -> str:
    """How an archive answered a search."""
    if end.came is Came.OK:
        return told(name, counted(N_("{n} study"), N_("{n} studies"), end.found))
    said = told(name, _(CAME_LABELS[end.came]))
    return f"{said} ({number(end.found)})" if end.found else said


def dicom_name(written: str) -> str:
    """“Tremblay^Élodie” as people write it."""
    parts = [part.strip() for part in written.split("=", maxsplit=1)[0].split("^")]
    return ", ".join(part for part in parts[:2] if part)


def dicom_day(written: str) -> date | None:
    """A DA of PS3.5 §6.2; None for what is none."""
    try:
        return datetime.strptime(written[:8], "%Y%m%d").date()
    except ValueError:
        return None
