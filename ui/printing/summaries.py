"""The patient summary: the file on one or two pages."""

from __future__ import annotations

from typing import Final

from app.core.errors import PermissionDenied
from app.core.i18n import N_, _
from app.patients.queries import (
    CONTACT_LABELS,
    DECISION_LABELS,
    LANGUAGE_LABELS,
    PHONES,
    PURPOSE_LABELS,
    RELATION_LABELS,
    STATUS_LABELS,
    ContactKind,
    ContactLine,
    Family,
    PatientPage,
    family_of,
    patient_page,
)
from app.practice.queries import Machine, state
from app.scheduling.queries import DayAlert, VisitLine, patient_visits
from ui.patients.words import full_name, plain_name
from ui.printing.flow import Cell, Column, Piece
from ui.printing.frame import Sheet
from ui.printing.labels import address_lines
from ui.printing.marks import STRONG, Composition
from ui.printing.orders import Order, Sources
from ui.printing.visit_words import alert_pieces, provider_names, telephone
from ui.scheduling.today_words import minutes_words, type_name
from ui.shell.formats import age, day, hour, percent

PAST: Final = 12
"""Visits of the past that are listed."""


def summary(sources: Sources, order: Order) -> Composition:
    """Demographics, alerts, family, consents and visits. The health insurance number only for who may see it."""
    assert order.patient_id is not None
    page = sources.ask(patient_page, order.patient_id)
    banner = page.banner
    sheet = Sheet(sources, order, full_name(banner), _(N_("Patient summary · no. {number}"), number=banner.file_number))
    sheet.flow.pairs(_person(sources, page))
    _alerts(sheet, page)
    _family(sheet, sources.ask(family_of, order.patient_id))
    _consents(sheet, page)
    try:
        visits = sources.ask(patient_visits, order.patient_id)
    except PermissionDenied:
        visits = ()
    _visits(sheet, sources, visits)
    return sheet.finish((banner.id,))


def _person(sources: Sources, page: PatientPage) -> list[tuple[str, str]]:
    banner = page.banner
    born = f"{day(banner.born_on)} ({age(banner.born_on, sources.clock.today())})" if banner.born_on else ""
    pairs = [
        (_(N_("Born on")), born or _(N_("birth date not known"))),
        (_(N_("Pronouns")), banner.pronouns or ""),
        (_(N_("Language")), _(LANGUAGE_LABELS[banner.language])),
        (_(N_("File")), _(STATUS_LABELS[banner.status])),
        (_(N_("Other file numbers")), ", ".join(banner.other_numbers)),
        (_(N_("Health insurance number")), page.nam or ""),
        *((_(CONTACT_LABELS[line.kind]), contact_words(line)) for line in page.contacts),
    ]
    return [(label, value) for label, value in pairs if value]


def contact_words(line: ContactLine) -> str:
    """A telephone, e-mail or address with its note."""
    if line.kind in PHONES:
        words = telephone(line.value) + (_(N_(" ext. {number}"), number=line.extension) if line.extension else "")
    elif line.kind is ContactKind.ADDRESS:
        words = ", ".join(address_lines(line))
    else:
        words = line.value
    return f"{words} ({line.note})" if line.note else words


def _alerts(sheet: Sheet, page: PatientPage) -> None:
    sheet.flow.heading(_(N_("Alerts")), 16)
    found = alert_pieces(DayAlert(line.kind, line.severity, line.text) for line in page.banner.alerts)
    for piece in found:
        sheet.flow.text(piece.text, piece.style, piece.sign)
    if not found:
        sheet.flow.text(_(N_("None on file.")))


def _family(sheet: Sheet, family: Family) -> None:
    columns = [Column(_(N_("Name")), 170), Column(_(N_("How to reach")), 270), Column(_(N_("Pays")), 60, "right")]
    rows: list[list[Cell]] = []
    for person in family.persons:
        reach = [
            Piece(_(N_("{kind}: {text}"), kind=_(CONTACT_LABELS[line.kind]), text=contact_words(line)))
            for line in person.contacts
        ]
        share = percent(person.payer_share_percent) if person.payer_share_percent else ""
        name = [Piece(plain_name(person), STRONG), Piece(_(RELATION_LABELS[person.relation]))]
        rows.append([name, reach or [Piece("")], [Piece(share)]])
    if rows:
        sheet.flow.table(columns, rows, _(N_("Family")), _(N_("Family")))
    for sibling in family.siblings:
        sheet.flow.gap(4)
        sheet.flow.text(
            _(N_("Brother or sister here: {name}, no. {number}"), name=plain_name(sibling), number=sibling.file_number)
        )


def _consents(sheet: Sheet, page: PatientPage) -> None:
    if not page.decisions:
        return
    sheet.flow.heading(_(N_("Consents")), 16)
    sheet.flow.pairs(
        [
            (_(PURPOSE_LABELS[each.purpose]), f"{_(DECISION_LABELS[each.decision])}, {day(each.decided_on)}")
            for each in page.decisions
        ],
        0.45,
    )


def _visits(sheet: Sheet, sources: Sources, visits: tuple[VisitLine, ...]) -> None:
    now = sources.now
    names = provider_names(sources) if visits else {}
    columns = [
        Column(_(N_("When")), 150), Column(_(N_("Visit")), 190), Column(_(N_("Doctor")), 110),
        Column(_(N_("State")), 90),
    ]  # fmt: skip
    timed = [line for line in visits if line.starts_at is not None]
    coming = [line for line in reversed(timed) if line.starts_at and line.starts_at > now]
    past = [line for line in timed if line.starts_at and line.starts_at <= now][:PAST]
    for title, lines in ((_(N_("Visits to come")), coming), (_(N_("Last visits")), past)):
        rows = [_visit(sources, line, names) for line in lines]
        if rows:
            sheet.flow.table(columns, rows, title, _(N_("{name} (continued)"), name=title))


def _visit(sources: Sources, line: VisitLine, names: dict[str, str]) -> list[Cell]:
    assert line.starts_at is not None
    when = f"{day(sources.clock.day_of(line.starts_at), short=True)}, {hour(line.starts_at, sources.clock)}"
    return [
        [Piece(when), Piece(minutes_words(line.minutes))], [Piece(type_name(line))],
        [Piece(names.get(line.doctor_id or "", ""))], [Piece(_(state(Machine.APPOINTMENT, line.status).name))],
    ]  # fmt: skip
