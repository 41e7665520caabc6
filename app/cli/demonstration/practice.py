"""Making the invented practice: clinics with chairs, devices, people, skills, catalogue, types and templates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from app.cli.demonstration.rhythm import Rhythm
from app.cli.demonstration.staff import STAFF, Member
from app.core.ids import ClinicId, StaffId, derived_id
from app.journal.queries import Actor
from app.journal.runner import Bulk
from app.practice.commands import (
    add_clinic,
    add_equipment,
    add_operatory,
    add_provider,
    give_skill,
    import_procedures,
)
from app.practice.vocabulary import (
    NEVER_BOOKED,
    EquipmentId,
    EquipmentKind,
    OperatoryId,
    OperatoryKind,
    ProviderId,
    ProviderKind,
    Weekday,
)
from app.scheduling.commands import (
    TypeFlags,
    add_template,
    add_template_cell,
    change_appointment_type,
    seed_appointment_types,
    seed_reasons,
    use_template,
)
from app.scheduling.seeds import REASONS, TYPES
from app.scheduling.vocabulary import AppointmentClass, AppointmentTypeId, ReasonId, ReasonKind

CHAIRS: Final = 6
COLOURS: Final = {
    "EX": "#2F6DA8", "OB": "#3E8E7E", "RC": "#6C7A89", "CO": "#4C5FA8", "SEP": "#8C7B3F", "BD1": "#B0532F",
    "BD2": "#B0532F", "ADJ": "#3F7D44", "ALN": "#7A5BA8", "ALA": "#7A5BA8", "EXP": "#A8742F", "RPR": "#A84C5C",
    "EMG": "#C0392B", "PRG": "#6C7A89", "DB": "#2E8B6B", "RD": "#5B7F95", "RK": "#5B7F95",
}  # fmt: skip
CATALOGUE: Final = """code;name_fr;name_en;fee;doctor_minutes;chair_minutes;skills
D-EXAM;Examen orthodontique;Orthodontic exam;120,00;10;45;
D-SUIVI;Suivi de croissance;Growth follow-up;0,00;4;15;
D-DOSSIER;Dossier orthodontique complet;Complete orthodontic records;350,00;0;30;XRAY
D-PAN;Radiographie panoramique;Panoramic radiograph;85,00;0;10;XRAY
D-CEPH;Téléradiographie de profil;Lateral cephalogram;85,00;0;10;XRAY
D-NUM;Empreinte numérique;Intraoral scan;95,00;0;15;SCAN
D-PLAN;Consultation de plan;Treatment plan consult;0,00;10;40;PLANS
D-POSE2;Appareil fixe, deux arcades;Fixed appliances, both arches;6 800,00;23;90;BOND
D-POSE1;Appareil fixe, une arcade;Fixed appliances, one arch;3 900,00;15;60;BOND
D-ALIGN;Traitement par aligneurs;Aligner treatment;7 200,00;8;45;ALIGNERS
D-EXPAN;Appareil d’expansion;Expander;1 950,00;8;30;
D-AJUST;Ajustement;Adjustment;0,00;4;20;
D-BOITIER;Boîtier perdu ou brisé;Lost or broken bracket;45,00;3;20;BOND
D-DEPOSE;Dépose et empreintes;Debond and impressions;0,00;10;60;BOND
D-CONT;Appareil de contention;Retainer;325,00;3;20;
D-URG;Urgence;Emergency;0,00;3;10;
"""
"""Invented codes and fees: those of the associations belong to them."""


@dataclass(slots=True)
class Site:
    """One clinic with everything that visits need."""

    number: int
    clinic_id: ClinicId
    xray: EquipmentId = field(init=False)
    chairs: list[OperatoryId] = field(default_factory=list)
    consultation: list[OperatoryId] = field(default_factory=list)
    records: list[OperatoryId] = field(default_factory=list)
    people: dict[ProviderId, Member] = field(default_factory=dict)
    staff: dict[str, StaffId] = field(default_factory=dict)

    def of_kind(self, *kinds: ProviderKind) -> list[ProviderId]:
        """The people of some kinds, in order."""
        return [key for key, member in self.people.items() if member.kind in kinds]


def type_id(code: str) -> AppointmentTypeId:
    """The id of a seeded type."""
    return AppointmentTypeId(derived_id("appointment_type", code))


def reason_id(kind: ReasonKind, code: str) -> ReasonId:
    """The id of a seeded reason."""
    return ReasonId(derived_id("visit_reason", kind.value, code))


CANCEL_REASONS: Final = tuple(code for kind, code, *_rest in REASONS if kind is ReasonKind.CANCEL)
MOVE_REASONS: Final = tuple(code for kind, code, *_rest in REASONS if kind is ReasonKind.MOVE)


def make_setup(run: Bulk) -> None:
    """What all clinics of the practice share."""
    run.run(seed_appointment_types)
    run.run(seed_reasons)
    for item in TYPES:
        skills = ["XRAY"] if item.code == "RC" else None
        run.run(change_appointment_type, type_id(item.code), flags=TypeFlags(colour=COLOURS[item.code], skills=skills))
    run.run(import_procedures, CATALOGUE)


def make_site(run: Bulk, number: int, name: str, short_name: str, staff: dict[str, StaffId]) -> Site:
    """A clinic with six chairs, a consultation room, a records room, two virtual columns, devices and people."""
    phone = f"514 555-01{number % 100:02d}"
    clinic = run.run(add_clinic, name, short_name, phone=phone, address="4000, rue des Tilleuls-d’Argent, Montréal")
    site = Site(number, clinic, staff=staff)
    for place in range(1, CHAIRS + 1):
        site.chairs.append(run.run(add_operatory, clinic, f"Fauteuil {place}", short_name=f"F{place}"))
    site.consultation.append(run.run(add_operatory, clinic, "Consultation", OperatoryKind.CONSULTATION, "Cons"))
    site.records.append(run.run(add_operatory, clinic, "Salle de dossiers", OperatoryKind.RECORDS, "Doss"))
    run.run(add_operatory, clinic, "Laboratoire", OperatoryKind.LAB, "Labo")
    run.run(add_operatory, clinic, "Urgences", OperatoryKind.EMERGENCY, "Urg")
    site.xray = run.run(
        add_equipment, clinic, "Panoramique et céphalométrie", EquipmentKind.XRAY, site.records[0], "DEMO-PX-01"
    )
    run.run(add_equipment, clinic, "Scanneur intra-oral", EquipmentKind.SCANNER, None, "DEMO-SC-01")
    run.run(add_equipment, clinic, "Appareil photo", EquipmentKind.CAMERA, site.records[0], "DEMO-AP-01")
    run.run(add_equipment, clinic, "Laser à diode", EquipmentKind.LASER, None, "DEMO-LA-01")
    here = [item for item in STAFF if number == 1 or item.kind not in NEVER_BOOKED]  # one manager for all clinics
    for place, member in enumerate(sorted(here, key=lambda item: item.kind in NEVER_BOOKED)):
        _add_person(run, site, member, f"{number}-{1200 + place}")
    return site


def _add_person(run: Bulk, site: Site, member: Member, licence: str) -> None:
    order = {ProviderKind.DOCTOR: "ODQ", ProviderKind.HYGIENIST: "OHDQ"}.get(member.kind, "")
    title = {"dr": "Dr ", "dre": "Dre "}.get(member.title.value, "")
    provider = run.run(
        add_provider, site.staff[member.username], f"{title}{member.display_name}", member.kind,
        licence if order else "", order, member.colour,
    )  # fmt: skip
    for skill in member.skills:
        run.run(give_skill, provider, skill)
    site.people[provider] = member


def make_template(run: Bulk, site: Site, rhythm: Rhythm) -> None:
    """The day as the clinic wants it booked; a special day has none."""
    template = run.run(add_template, site.clinic_id, "Journée type")
    one, two, *_others, last = site.chairs
    cells = (
        (one, "9:30", "12:00", AppointmentClass.START),
        (one, "13:30", "15:00", AppointmentClass.DEBAND),
        (two, "9:30", "11:30", AppointmentClass.START),
        (two, "13:30", "15:00", AppointmentClass.DEBAND),
        *((chair, "8:00", "17:00", AppointmentClass.ADJUSTMENT) for chair in site.chairs[2:-1]),
        (last, "8:00", "10:00", AppointmentClass.RETENTION),
        (last, "11:00", "11:30", AppointmentClass.EMERGENCY),
        (last, "15:30", "16:30", AppointmentClass.EMERGENCY),
        (site.consultation[0], "8:00", "17:00", AppointmentClass.EXAM),
        (site.records[0], "8:00", "17:00", AppointmentClass.RECORDS),
    )
    for chair, start, end, kept_for in cells:
        run.run(add_template_cell, template, chair, start, end, kept_for)
    for weekday in tuple(Weekday)[:5]:
        run.run(use_template, site.clinic_id, template, weekday=weekday)
    for on in rhythm.special_parts():
        run.run(use_template, site.clinic_id, None, on=on)


def in_charge(actor: Actor) -> Actor:
    """The manager while the folder is made: may fill it too."""
    return Actor(actor.id, actor.name, everything=True)
