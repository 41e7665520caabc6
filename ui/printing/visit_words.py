"""How a visit and its patient are said on paper: cells that several documents share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from app.core.i18n import N_, _
from app.patients.queries import ALERT_LABELS, AlertKind, AlertSeverity
from app.practice.queries import ProviderLine, providers
from app.scheduling.queries import DayAlert, DayRow, SegmentKind, Stage, VisitLine, day_list
from ui.printing.flow import Cell, Flow, Piece
from ui.printing.marks import BODY, STRONG
from ui.printing.orders import Order, Sources
from ui.scheduling.today_words import minutes_words, type_name, who
from ui.shell.formats import NBSP, age, hour, phone

SIGNS: Final = {AlertSeverity.CRITICAL: "octagon", AlertSeverity.WARNING: "triangle", AlertSeverity.NOTE: "circle"}
HERE: Final = (Stage.WAITING, Stage.SEATED, Stage.NEEDED, Stage.HERE, Stage.PAUSED, Stage.CHECKOUT)
"""The stages of who is in the building."""
ON_THE_WALL: Final = frozenset({AlertKind.ALLERGY, AlertKind.MEDICAL, AlertKind.BEHAVIOUR})
"""Alerts that may stand on a sheet beside a chair; money and custody stay at the desk."""
PAGE: Final = 500


def day_rows(sources: Sources, order: Order, on: date, stages: Sequence[Stage] = ()) -> tuple[DayRow, ...]:
    """Every visit of a day by time, page by page; without those that were called off."""
    clinic = sources.clinic(order.clinic_id)
    found: list[DayRow] = []
    offset: int | None = 0
    while offset is not None:
        page = sources.ask(day_list, clinic.id, on, stages=list(stages) or None, limit=PAGE, offset=offset)
        found += page.rows
        offset = page.next
    return tuple(found)


def alert_pieces(alerts: Iterable[DayAlert], kinds: frozenset[AlertKind] | None = None) -> list[Piece]:
    """Alerts with the sign and the weight of their severity: no colour is needed to tell them apart."""
    return [
        Piece(
            _(N_("{kind}: {text}"), kind=_(ALERT_LABELS[alert.kind]), text=alert.text),
            STRONG if alert.severity is AlertSeverity.CRITICAL else BODY,
            SIGNS[alert.severity],
        )
        for alert in alerts
        if kinds is None or alert.kind in kinds
    ]


def when_cell(sources: Sources, visit: VisitLine) -> Cell:
    """The hour and the length."""
    at = hour(visit.starts_at, sources.clock) if visit.starts_at else ""
    return [Piece(at, STRONG), Piece(lasting(visit.minutes))]


def patient_cell(sources: Sources, row: DayRow, on: date) -> Cell:
    """Name, age and file number."""
    years = age(row.born_on, on) if row.born_on else _(N_("birth date not known"))
    return [Piece(who(row), STRONG), Piece(_(N_("{age} · no. {number}"), age=years, number=row.visit.file_number))]


def family_cell(row: DayRow) -> Cell:
    """Who answers, and the telephone that is called first."""
    reach = telephone(row.phone) if row.phone else _(N_("no telephone"))
    return [Piece(row.responsible or ""), Piece(reach, STRONG)] if row.responsible else [Piece(reach, STRONG)]


def mind_cell(row: DayRow, kinds: frozenset[AlertKind] | None = None) -> Cell:
    """What to mind before and during the visit."""
    pieces = alert_pieces(row.alerts, kinds)
    if row.lab_missing:
        pieces.append(Piece(_(N_("Lab case not back")), STRONG, "triangle"))
    if row.first_visit:
        pieces.append(Piece(_(N_("First visit")), BODY, "circle"))
    if row.unconfirmed:
        pieces.append(Piece(_(N_("Not confirmed")), BODY, "circle"))
    return pieces or [Piece("")]


def doctor_words(sources: Sources, visit: VisitLine, names: dict[str, str]) -> list[str]:
    """When the doctor is needed: `Dre Gagnon 8:20, 10 min`."""
    if visit.starts_at is None:
        return []
    found, at = [], visit.starts_at
    for part in visit.segments:
        if part.kind is SegmentKind.DOCTOR:
            name = names.get(part.provider_id or visit.doctor_id or "", _(N_("Doctor")))
            found.append(
                _(N_("{name}: {hour}, {minutes}"), name=name, hour=hour(at, sources.clock),
                  minutes=lasting(part.minutes))
            )  # fmt: skip
        at += timedelta(minutes=part.minutes)
    return found


def lasting(minutes: int) -> str:
    """As `minutes_words`, never broken over two lines."""
    return minutes_words(minutes).replace(" ", NBSP)


def telephone(digits: str) -> str:
    """As on the screen, never broken over two lines."""
    return phone(digits).replace(" ", NBSP)


def doctor_minutes(visit: VisitLine) -> int:
    """Minutes of a doctor in a visit."""
    return sum(part.minutes for part in visit.segments if part.kind is SegmentKind.DOCTOR)


def provider_names(sources: Sources) -> dict[str, str]:
    """The names of all who treat, those who have left included."""
    return {line.id: line.name for line in all_providers(sources)}


def all_providers(sources: Sources) -> tuple[ProviderLine, ...]:
    """Everybody who treats or has treated here, in the clinic's order."""
    return sources.ask(providers, True)


def legend(flow: Flow) -> None:
    """What the signs mean."""
    flow.gap(8)
    flow.need(3 * BODY.leading)
    flow.text(_(N_("Critical alert")), STRONG, "octagon")
    flow.text(_(N_("Warning")), BODY, "triangle")
    flow.text(_(N_("Note")), BODY, "circle")


def type_cell(visit: VisitLine, *more: str) -> Cell:
    """The type of the visit, what else is to be known of it, and its note."""
    lines = [line for line in (*more, visit.note or "") if line]
    return [Piece(type_name(visit)), *(Piece(line) for line in lines)]
