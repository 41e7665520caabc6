"""The appointment card that the family takes home."""

from __future__ import annotations

from typing import Final

from app.core.i18n import N_, _
from app.patients.queries import patient_banner
from app.scheduling.queries import VisitLine, patient_visits
from app.scheduling.settings import LATE_CANCEL_HOURS
from ui.patients.words import plain_name
from ui.printing.barcodes import qr_mark
from ui.printing.label_sheets import TIGHT, Label, on_sheets
from ui.printing.marks import BODY, HEADING, STRONG, Composition
from ui.printing.orders import Order, Sources
from ui.printing.papers import SHEETS
from ui.printing.visit_words import telephone
from ui.scheduling.today_words import type_name
from ui.shell.formats import day, hour
from ui.shell.scanning import mark_of

COMING: Final = ("scheduled", "confirmed")
QR_POINTS: Final = 58.0
CARD_PAD: Final = 8.0


def coming_visits(sources: Sources, order: Order) -> list[VisitLine]:
    """The visits to come, the next one first; the one asked for before them. Who has arrived is not to come."""
    assert order.patient_id is not None
    now = sources.now
    visits = sources.ask(patient_visits, order.patient_id)
    found = [
        line
        for line in visits
        if line.starts_at and line.starts_at > now and line.status in COMING and line.arrived_at is None
    ]
    found.sort(key=lambda line: (line.id != order.appointment_id, line.starts_at, line.id))
    return found


def appointment_card(sources: Sources, order: Order) -> Composition:
    """The next visit in large letters, the one after, whom to call, and the mark for the desk."""
    assert order.patient_id is not None
    banner = sources.ask(patient_banner, order.patient_id)
    visits = coming_visits(sources, order)
    clinic = sources.clinic(visits[0].clinic_id if visits else order.clinic_id)
    reach = telephone(clinic.phone) if clinic.phone else ""
    label = Label(SHEETS[order.sheet].label_size(), sources.training, CARD_PAD)
    beside = label.room - QR_POINTS - 4
    label.line(clinic.name, STRONG)
    label.line(plain_name(banner))
    label.y += 3
    if visits:
        _visit(label, sources, visits[0])
    else:
        label.lines(_(N_("Your next visit is not booked yet. Call us to choose a time.")), most=3)
    corner = label.height - CARD_PAD - QR_POINTS
    label.marks.append(qr_mark(mark_of(banner.file_number), label.width - CARD_PAD - QR_POINTS, corner, QR_POINTS))
    ending = _ending(sources, bool(visits)) if reach else ""
    below = (2 if ending else 1) * TIGHT if reach else 0.0
    for line in visits[1:2]:
        if label.left_over(below):
            label.line(
                _(N_("Then {when}"), when=_short(sources, line)), BODY, beside if label.y + TIGHT > corner else 0
            )
    label.y = max(label.y, label.height - CARD_PAD - below)
    if ending:
        label.line(ending, room=beside)
    if reach:
        label.line(reach, STRONG, beside)
    title = _(N_("Appointment card, {name}"), name=plain_name(banner))
    return on_sheets(sources, order, title, [label] * max(order.count, 1), [banner.id])


def _visit(label: Label, sources: Sources, line: VisitLine) -> None:
    assert line.starts_at is not None
    label.line(day(sources.clock.day_of(line.starts_at), weekday=True), HEADING)
    label.line(_(N_("at {hour}"), hour=hour(line.starts_at, sources.clock)), HEADING)
    label.line(type_name(line), room=label.room - QR_POINTS - 4)


def _short(sources: Sources, line: VisitLine) -> str:
    assert line.starts_at is not None
    return f"{day(sources.clock.day_of(line.starts_at), short=True)}, {hour(line.starts_at, sources.clock)}"


def _ending(sources: Sources, booked: bool) -> str:
    if not booked:
        return ""
    return _(N_("To change it, {hours} h before:"), hours=sources.setting(LATE_CANCEL_HOURS))
