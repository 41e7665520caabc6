"""The folder of images of an old system: whose image it is and when it was taken stands in its name."""

from __future__ import annotations

import re
import string
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from app.conversion.cells import CellError, read_day
from app.conversion.drafts import Work, patients_of
from app.conversion.report import ImageCount, Remark
from app.conversion.vocabulary import DateOrder, Weight
from app.core.errors import ClinicError
from app.core.i18n import N_
from app.core.ids import PatientId
from app.imaging.importing import import_paths
from app.imaging.indexing import Outcome
from app.imaging.vocabulary import REASON_SENTENCES
from app.journal.runner import Group

NOT_IN_PATTERN: Final = N_("The name of this image does not fit the pattern.")
NOBODY: Final = N_("No patient has the number “{number}”.")
_PARTS: Final = {
    "number": r"(?P<number>[^/\\]+?)",
    "date": r"(?P<date>\d{4}[-_.]?\d{2}[-_.]?\d{2}|\d{2}[-_.]\d{2}[-_.]\d{4})",
    "view": r"(?P<view>[^/\\]+?)",
    "any": r"[^/\\]*?",
}


@dataclass(frozen=True, slots=True)
class NamedImage:
    """An image whose name could be read."""

    path: Path
    number: str
    taken_on: date | None
    view: str


@dataclass(slots=True)
class ImageFolder:
    """The images of a folder, those whose name fits, and remarks on the others."""

    given: int = 0
    named: list[NamedImage] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def pattern_of(pattern: str) -> re.Pattern[str]:
    """The expression of a pattern like `{number}_{date}_{view}.jpg`; jpg stands for every kind of image."""
    parts = []
    for text, name, _spec, _conversion in string.Formatter().parse(pattern):
        parts.append(re.escape(text))
        parts.append(_PARTS[name] if name else "")
    expression = re.sub(r"\\\.[a-zA-Z0-9]{2,5}$", r"\\.[a-zA-Z0-9]{2,5}", "".join(parts))
    return re.compile(expression, re.IGNORECASE)


def read_folder(folder: Path, pattern: str, order: DateOrder | None = None) -> ImageFolder:
    """The files of a folder and of those in it, by their names."""
    found, expression = ImageFolder(), pattern_of(pattern)
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")):
        found.given += 1
        match = expression.fullmatch(path.name)
        if match is None:
            found.remarks.append(Remark(path.name, 0, "", Weight.ERROR, NOT_IN_PATTERN))
            continue
        groups = match.groupdict()
        taken_on = _taken_on(groups.get("date"), order)
        found.named.append(NamedImage(path, groups["number"].strip(), taken_on, (groups.get("view") or "").strip()))
    return found


def _taken_on(text: str | None, order: DateOrder | None) -> date | None:
    """The day in a name; without an order, only a day that begins with the year is read."""
    try:
        return date.fromisoformat(read_day(re.sub(r"[_.]", "-", text), order)) if text else None
    except CellError:
        return None


def owners(work: Work, images: Iterable[NamedImage]) -> dict[str, str]:
    """Number → patient: by the number in the old system, else by the file number of exactly one chart."""
    numbers = {image.number for image in images}
    found = patients_of(work, numbers)
    rest = numbers - set(found)
    charts: dict[str, list[str]] = defaultdict(list)
    for number, key in work.rows(
        "SELECT file_number, id FROM patient WHERE withdrawn_at IS NULL AND merged_into_id IS NULL"
        " AND file_number IN (SELECT value FROM json_each(:keys))",
        rest,
    ):
        charts[number].append(key)
    return found | {number: keys[0] for number, keys in charts.items() if len(keys) == 1}


def import_folder(
    group: Group, folder: ImageFolder, whose: dict[str, str], progress: Callable[[int, int, str], bool]
) -> tuple[ImageCount, list[Remark]]:
    """Import each patient’s images into the chart, in the group of the conversion. `progress` stops it with False."""
    count = ImageCount(given=folder.given, rejected=len(folder.remarks))
    remarks = list(folder.remarks)
    by_patient: dict[str, list[NamedImage]] = defaultdict(list)
    for image in folder.named:
        if image.number in whose:
            by_patient[whose[image.number]].append(image)
        else:
            count.rejected += 1
            remarks.append(Remark(image.path.name, 0, "", Weight.ERROR, NOBODY, {"number": image.number}))
    done = 0
    for patient, images in by_patient.items():
        if not progress(done, len(folder.named), images[0].path.name):
            break
        _import_into(group, PatientId(patient), images, count, remarks)
        done += len(images)
    return count, remarks


def _import_into(
    group: Group, patient: PatientId, images: list[NamedImage], count: ImageCount, remarks: list[Remark]
) -> None:
    days = {image.path: image.taken_on for image in images if image.taken_on is not None}
    try:
        report = import_paths(
            group.runner, group.actor, [image.path for image in images], patient_id=patient, group=group, taken_on=days
        )
    except ClinicError as error:
        count.rejected += len(images)
        name = images[0].path.name
        remarks.append(Remark(name, 0, "", Weight.ERROR, error.message_id, dict(error.values)))
        return
    count.imported += report.imported + report.restored
    count.already += report.already
    count.rejected += report.refused
    remarks += [
        Remark(item.name, 0, "", Weight.ERROR, REASON_SENTENCES[item.reason], dict(item.details))
        for item in report.files
        if item.outcome is Outcome.REFUSED and item.reason is not None
    ]
