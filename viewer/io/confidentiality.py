"""What happens to each attribute under the Basic Application Level Confidentiality Profile (PS3.15 table E.1-1).

`confidentiality_profile.tsv` holds the profile's column of the 2026c edition, transcribed from the lists of
dicom-anonymizer 2.1.0 (BSD-3-Clause, © 2020 Kitware Europe). Where the table offers a choice, the
emptier one is taken that leaves an image valid; objects that need a value (reports, presentation states) get a dummy.
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from pathlib import Path

from pydicom.datadict import dictionary_has_tag
from pydicom.dataelem import DataElement


class Option(Enum):
    """Options of the profile (PS3.15 §E.3), with their code and meaning in CID 7050."""

    CLEAN_PIXELS = ("113101", "Clean Pixel Data Option")
    RETAIN_FULL_DATES = ("113106", "Retain Longitudinal Temporal Information Full Dates Option")
    RETAIN_MODIFIED_DATES = ("113107", "Retain Longitudinal Temporal Information Modified Dates Option")
    RETAIN_PATIENT_CHARACTERISTICS = ("113108", "Retain Patient Characteristics Option")
    RETAIN_DEVICE_IDENTITY = ("113109", "Retain Device Identity Option")
    RETAIN_UIDS = ("113110", "Retain UIDs Option")
    RETAIN_INSTITUTION_IDENTITY = ("113112", "Retain Institution Identity Option")


BASIC_PROFILE = ("113100", "Basic Application Confidentiality Profile")

PATIENT_CHARACTERISTICS = frozenset(
    [
        "EthnicGroup",
        "PatientAge",
        "PatientSex",
        "PatientSexNeutered",
        "PatientSize",
        "PatientWeight",
        "PregnancyStatus",
        "SmokingStatus",
    ]
)
DEVICE_IDENTITY = frozenset(
    [
        "CassetteID",
        "DetectorID",
        "DeviceDescription",
        "DeviceLabel",
        "DeviceSerialNumber",
        "DeviceUID",
        "GantryID",
        "GeneratorID",
        "LongDeviceDescription",
        "ManufacturerDeviceClassUID",
        "PlateID",
        "ScheduledStationAETitle",
        "ScheduledStationName",
        "SourceSerialNumber",
        "StationName",
        "TransducerIdentificationSequence",
        "UDISequence",
        "UniqueDeviceIdentifier",
        "XRayDetectorID",
        "XRaySourceID",
    ]
)
INSTITUTION_IDENTITY = frozenset(
    [
        "InstitutionAddress",
        "InstitutionCodeSequence",
        "InstitutionName",
        "InstitutionalDepartmentName",
        "InstitutionalDepartmentTypeCodeSequence",
    ]
)
PERSONAL_DATES = frozenset(
    [
        "PatientBirthDate",
        "PatientBirthTime",
        "PatientBirthDateInAlternativeCalendar",
        "PatientDeathDateInAlternativeCalendar",
        "LastMenstrualDate",
    ]
)
DATES = frozenset({"DA", "DT", "TM"})
ACTIONS = frozenset({"D", "Z", "X", "K", "U", "S"})
"""Dummy, zero length, remove, keep, replace UID, shift the date."""

CURVES_AND_OVERLAYS = frozenset([*range(0x5000, 0x5100, 2), *range(0x6000, 0x6100, 2)])
"""Groups that go as a whole: an overlay plane without its data would be invalid."""

VALUED_CLASSES = (
    "1.2.840.10008.5.1.4.1.1.88.",
    "1.2.840.10008.5.1.4.1.1.11.",
    "1.2.840.10008.5.1.4.1.1.2.1",
    "1.2.840.10008.5.1.4.1.1.4.1",
    "1.2.840.10008.5.1.4.1.1.12.1.1",
    "1.2.840.10008.5.1.4.1.1.13.1.",
    "1.2.840.10008.5.1.4.1.1.77.1.",
)
"""SOP classes whose attributes may not be empty: reports, presentation states, enhanced multi-frame images, photographs
(PS3.3 §C.8.12.1 has the time of a photograph as type 1C)."""

NEVER_EMPTY = frozenset({"InstitutionCodeSequence", "ReferencedStudySequence"})
"""Sequences that may be absent but hold an item where they are present (PS3.3 §C.7.2.1, §C.7.5.1)."""


@cache
def table() -> dict[int, tuple[str, str]]:
    """Tag: (action as published, keyword)."""
    lines = Path(__file__).with_name("confidentiality_profile.tsv").read_text("ascii").splitlines()[1:]
    rows = (line.split("\t") for line in lines)
    return {int(tag, 16): (action, keyword) for tag, action, keyword in rows}


def action(element: DataElement, options: frozenset[Option], needs_values: bool) -> str:
    """What to do with an element: one of `ACTIONS`.

    Private attributes, curves, overlays, and attributes that no edition of the dictionary knows are removed.
    """
    tag = element.tag
    if tag.is_private or tag.group in CURVES_AND_OVERLAYS or not dictionary_has_tag(tag):
        return "X"
    # Names and dates that the table does not list (yet) are identity all the same.
    unlisted = ("Z" if element.VR in ("PN", "DA", "DT") else "K", "")
    published, keyword = table().get(tag, unlisted)
    if published == "K":
        return "K"
    by_option = _by_option(keyword, element.VR, options)
    if not by_option and keyword in NEVER_EMPTY:
        return "X"
    return by_option or _resolved(published, needs_values, element.VR == "SQ")


def _by_option(keyword: str, vr: str, options: frozenset[Option]) -> str:
    """What an option changes; '' for nothing."""
    kept = {
        Option.RETAIN_PATIENT_CHARACTERISTICS: PATIENT_CHARACTERISTICS,
        Option.RETAIN_DEVICE_IDENTITY: DEVICE_IDENTITY,
        Option.RETAIN_INSTITUTION_IDENTITY: INSTITUTION_IDENTITY,
    }
    if any(option in options and keyword in names for option, names in kept.items()):
        return "K"
    if Option.RETAIN_UIDS in options and vr == "UI":
        return "K"
    if vr in DATES and keyword not in PERSONAL_DATES:
        if Option.RETAIN_FULL_DATES in options:
            return "K"
        if Option.RETAIN_MODIFIED_DATES in options:
            return "S"
    if keyword == "TimezoneOffsetFromUTC" and Option.RETAIN_FULL_DATES in options:
        return "K"
    return ""


def _resolved(published: str, needs_values: bool, is_sequence: bool) -> str:
    choices = published.replace("*", "").split("/")
    if "U" in choices:
        return "U"
    if is_sequence and "D" in choices:
        # There is no dummy of a sequence: an empty one is invalid where a value is needed.
        return "Z" if needs_values and "Z" in choices else "X"
    if needs_values and "D" in choices:
        return "D"
    # X/Z/D stands for attributes that are optional in plain images; X/Z and Z/D for those that may be empty.
    return "X" if len(choices) == 3 else ("Z" if "Z" in choices else choices[0])
