"""The routing slip: goes with the patient from the desk to the chair and back."""

from __future__ import annotations

from typing import Final

from app.core.errors import RuleViolation
from app.core.i18n import N_, _
from app.patients.queries import AlertKind, PatientBanner, patient_banner
from app.practice.queries import operatories
from app.scheduling.queries import SEGMENT_LABELS, DayAlert, SegmentKind, VisitLine, appointment_page, patient_visits
from ui.patients.words import full_name
from ui.printing.barcodes import code128_mark, qr_mark
from ui.printing.cards import coming_visits
from ui.printing.flow import Column, Piece
from ui.printing.frame import Sheet
from ui.printing.lettering import lines_at
from ui.printing.marks import BODY, LARGE, STRONG, Composition, Line
from ui.printing.orders import Order, Sources
from ui.printing.visit_words import alert_pieces, doctor_words, provider_names
from ui.scheduling.today_words import minutes_words, type_name
from ui.shell.formats import age, day, hour
from ui.shell.scanning import mark_of

HEALTH: Final = frozenset({AlertKind.ALLERGY, AlertKind.MEDICAL})
"""All that a family may read on a paper that it carries; conduct, custody and money stay on the screen."""
QR_POINTS: Final = 92.0
BARS_HEIGHT: Final = 34.0
WRITING_LINES: Final = 5


def visit_of(sources: Sources, order: Order) -> VisitLine:
    """The visit asked for, else today’s, else the next one; `RuleViolation` when none is booked."""
    assert order.patient_id is not None
    if order.appointment_id is not None:
        return sources.ask(appointment_page, order.appointment_id).visit
    today = sources.clock.today()
    visits = [line for line in sources.ask(patient_visits, order.patient_id) if line.starts_at is not None]
    live = {"scheduled", "confirmed", "kept"}
    of_today = [
        line
        for line in visits
        if line.starts_at and sources.clock.day_of(line.starts_at) == today and line.status in live
    ]
    if of_today:
        return min(of_today, key=lambda line: (line.flow == "gone", line.starts_at))
    coming = coming_visits(sources, order)
    if not coming:
        raise RuleViolation(N_("No visit is booked for this patient."))
    return coming[0]


def routing_slip(sources: Sources, order: Order) -> Composition:
    """Who, when, where, what for, what to mind, room for orders; QR and Code 128 of the file."""
    assert order.patient_id is not None
    banner = sources.ask(patient_banner, order.patient_id)
    visit = visit_of(sources, order)
    assert visit.starts_at is not None
    when = f"{day(sources.clock.day_of(visit.starts_at), weekday=True)}, {hour(visit.starts_at, sources.clock)}"
    sheet = Sheet(sources, order, _(N_("Routing slip")), when, sources.clinic(visit.clinic_id))
    _who(sheet, sources, banner)
    names = provider_names(sources)
    chairs = {line.id: line.name for line in sources.ask(operatories, visit.clinic_id, True)}
    doctor = "\n".join(doctor_words(sources, visit, names)) or names.get(visit.doctor_id or "", "")
    rows = [
        (_(N_("Visit")), f"{type_name(visit)}, {minutes_words(visit.minutes)}"),
        (_(N_("Chair")), chairs[place] if (place := visit.seated_operatory_id or visit.operatory_id) else ""),
        (_(N_("Doctor")), doctor),
        (_(N_("Assistant")), names.get(visit.assistant_id or "", "")),
        (_(N_("Note")), visit.note or ""),
        (_(N_("Visit number")), short_id(visit.id)),
    ]
    sheet.flow.heading(_(N_("Visit")))
    sheet.flow.pairs([(label, value) for label, value in rows if value])
    _alerts(sheet, banner)
    _steps(sheet, sources, visit)
    _writing(sheet)
    return sheet.finish((banner.id,))


def short_id(appointment_id: str) -> str:
    """The last eight characters of a visit's id, to be read out."""
    return appointment_id[-8:].upper()


def _who(sheet: Sheet, sources: Sources, banner: PatientBanner) -> None:
    flow = sheet.flow
    top = flow.y
    room = flow.room - QR_POINTS - 12
    marks, y = lines_at(full_name(banner), flow.left, top, room, LARGE)
    flow.put(*marks)
    born = _(N_("birth date not known"))
    if banner.born_on:
        born = f"{day(banner.born_on)} ({age(banner.born_on, sources.clock.today())})"
    words = " · ".join(part for part in (born, _(N_("no. {number}"), number=banner.file_number)) if part)
    marks, y = lines_at(words, flow.left, y + 2, room)
    text = mark_of(banner.file_number)
    flow.put(*marks, qr_mark(text, flow.left + flow.room - QR_POINTS, top - 4, QR_POINTS))
    flow.put(code128_mark(text, flow.left - 6, y + 6, room, BARS_HEIGHT, 1.5))
    flow.y = max(y + 6 + BARS_HEIGHT, top + QR_POINTS) + 4


def _alerts(sheet: Sheet, banner: PatientBanner) -> None:
    found = alert_pieces((DayAlert(line.kind, line.severity, line.text) for line in banner.alerts), HEALTH)
    sheet.flow.heading(_(N_("Health alerts")), 16)
    for piece in found:
        sheet.flow.text(piece.text, piece.style, piece.sign)
    if not found:
        sheet.flow.text(_(N_("None on file.")))


def _steps(sheet: Sheet, sources: Sources, visit: VisitLine) -> None:
    """The segments in order, with a box for each."""
    assert visit.starts_at is not None
    columns = [Column(_(N_("Step")), 300), Column(_(N_("Planned")), 110), Column(_(N_("Done at")), 130)]
    rows = [[[Piece(_(N_("Arrived")), BODY, "check")], [Piece(hour(visit.starts_at, sources.clock))], [Piece("")]]]
    for part in visit.segments:
        name = _(SEGMENT_LABELS[part.kind])
        style = STRONG if part.kind is SegmentKind.DOCTOR else BODY
        rows.append([[Piece(name, style, "check")], [Piece(minutes_words(part.minutes))], [Piece("")]])
    rows.append([[Piece(_(N_("Next visit booked")), BODY, "check")], [Piece("")], [Piece("")]])
    sheet.flow.table(columns, rows, _(N_("Steps")), _(N_("Steps")))


def _writing(sheet: Sheet) -> None:
    flow = sheet.flow
    flow.heading(_(N_("For the next visit")), WRITING_LINES * 22)
    for _line in range(WRITING_LINES):
        flow.y += 22
        flow.put(Line(flow.left, flow.y, flow.left + flow.room, flow.y, 0.4))
