"""Labels for charts, models and envelopes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.core.errors import RuleViolation
from app.core.i18n import N_, _
from app.patients.queries import (
    ContactKind,
    ContactLine,
    HolderId,
    PatientBanner,
    contacts_of,
    family_of,
    patient_banner,
)
from ui.patients.words import plain_name
from ui.printing.barcodes import code128_mark
from ui.printing.label_sheets import Label, on_sheets
from ui.printing.marks import STRONG, Composition
from ui.printing.orders import Order, Sources
from ui.printing.papers import SHEETS
from ui.shell.formats import day
from ui.shell.scanning import mark_of

BARS_HEIGHT: Final = 22.0
NARROW_PAD: Final = 5.0


def chart_labels(sources: Sources, order: Order) -> Composition:
    """Name, birth date, file number and its Code 128, as often as asked."""
    assert order.patient_id is not None
    banner = sources.ask(patient_banner, order.patient_id)
    title = _(N_("Chart labels, {name}"), name=plain_name(banner))
    label = _chart_label(sources, order, banner)
    return on_sheets(sources, order, title, [label] * max(order.count, 1), [banner.id])


def _chart_label(sources: Sources, order: Order, banner: PatientBanner) -> Label:
    label = Label(SHEETS[order.sheet].label_size(), sources.training, NARROW_PAD)
    bars = min(BARS_HEIGHT * (1.6 if label.height > 100 else 1), label.height - label.y - NARROW_PAD - 2 * 12.4)
    label.lines(f"{banner.family_name}, {banner.given_name}", STRONG, 2 if label.height > 80 else 1, below=bars + 13)
    born = day(banner.born_on, short=True) if banner.born_on else _(N_("birth date not known"))
    label.line(_(N_("no. {number} · {born}"), number=banner.file_number, born=born))
    mark = code128_mark(mark_of(banner.file_number), NARROW_PAD, label.height - NARROW_PAD - bars, label.room, bars)
    label.marks.append(mark)
    return label


def address_labels(sources: Sources, order: Order) -> Composition:
    """An address for each household that answers for the patient; of the patient, when nobody else has one."""
    assert order.patient_id is not None
    banner = sources.ask(patient_banner, order.patient_id)
    found = list(_addresses(sources, banner))
    if not found:
        raise RuleViolation(N_("No address stands on this file."))
    labels = []
    for name, address in found:
        label = Label(SHEETS[order.sheet].label_size(), sources.training)
        parts = address_lines(address)
        label.lines(name, STRONG, 2 if label.left_over() > len(parts) + 1 else 1)
        for part in parts:
            label.lines(part, most=1 if part is parts[-1] else max(1, label.left_over() - len(parts) + 1))
        labels += [label] * max(order.count, 1)
    title = _(N_("Address labels, {name}"), name=plain_name(banner))
    return on_sheets(sources, order, title, labels, [banner.id])


def _addresses(sources: Sources, banner: PatientBanner) -> Iterator[tuple[str, ContactLine]]:
    """(names, address), each address once; two who live together share a label."""
    households: dict[tuple[str, ...], tuple[list[str], ContactLine]] = {}
    for person in sources.ask(family_of, banner.id).persons:
        for contact in person.contacts:
            if contact.kind is ContactKind.ADDRESS:
                names, _known = households.setdefault(tuple(address_lines(contact)), ([], contact))
                names.append(plain_name(person))
    if not households:
        for contact in sources.ask(contacts_of, HolderId(banner.id)):
            if contact.kind is ContactKind.ADDRESS:
                households.setdefault(tuple(address_lines(contact)), ([plain_name(banner)], contact))
    for names, contact in households.values():
        yield " · ".join(dict.fromkeys(names)), contact


def address_lines(contact: ContactLine) -> list[str]:
    """Street, then city, province and postal code two spaces after (Canada Post, Addressing guidelines)."""
    place = " ".join(part for part in (contact.city, contact.province) if part)
    last = "  ".join(part for part in (place, contact.postal_code) if part)
    return [line for line in (*contact.value.splitlines(), last) if line]
