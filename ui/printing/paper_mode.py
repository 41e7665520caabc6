"""Paper mode: every evening the next open day goes to a folder, a printer, or both, without anybody asking."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.text import fold
from app.journal.queries import SYSTEM
from app.journal.runner import Runner
from app.journal.settings_store import change_setting
from app.practice.settings import (
    PAPER_MODE,
    PAPER_MODE_DAYS,
    PAPER_MODE_DONE,
    PAPER_MODE_FOLDER,
    PAPER_MODE_HOUR,
    PAPER_MODE_KEEP_DAYS,
    PAPER_MODE_PRINTER,
)
from ui.printing.documents import compose, note_print
from ui.printing.orders import Order, Sources
from ui.printing.painting import write_pdf
from ui.printing.paper_day import open_days

NAME: Final = re.compile(r"^archwire-schedule-(\d{4}-\d{2}-\d{2})(?:-[a-z0-9-]+)?\.pdf$")


@dataclass(frozen=True, slots=True)
class Made:
    """What an evening brought: the files, and how many documents went to the printer."""

    files: tuple[Path, ...] = ()
    printed: int = 0


def evening_due(runner: Runner) -> date | None:
    """The evening whose schedule is not made yet; None while it is off, or when the last one was made."""
    if not runner.setting(SYSTEM, PAPER_MODE):
        return None
    local = runner.clock.now().astimezone(runner.clock.zone)
    evening = (
        local.date() if local.hour >= runner.setting(SYSTEM, PAPER_MODE_HOUR) else local.date() - timedelta(days=1)
    )
    return evening if runner.setting(SYSTEM, PAPER_MODE_DONE) < evening.isoformat() else None


def make_evening(runner: Runner, evening: date) -> Made:
    """The days after an evening, for each clinic; then the evening is noted, so that it is made once.

    `RuleViolation` for a folder inside the data folder, `Unreachable` when folder or printer cannot be reached: then
    it is tried again.
    """
    sources = Sources(runner, SYSTEM)
    folder, printer = (
        runner.setting(SYSTEM, PAPER_MODE_FOLDER).strip(),
        runner.setting(SYSTEM, PAPER_MODE_PRINTER).strip(),
    )
    days = runner.setting(SYSTEM, PAPER_MODE_DAYS)
    made = Made()
    if folder or printer:
        place = safe_folder(folder, runner.place.folder) if folder else None
        for order, name in _orders(sources, evening, days):
            made = _make(sources, order, made, place / name if place else None, printer)
        if place is not None:
            remove_old(place, runner.clock.today() - timedelta(days=runner.setting(SYSTEM, PAPER_MODE_KEEP_DAYS)))
    runner.run(SYSTEM, change_setting, PAPER_MODE_DONE.name, evening.isoformat())
    return made


def _make(sources: Sources, order: Order, made: Made, file: Path | None, printer: str) -> Made:
    composition = compose(sources, order)
    if file is not None:
        write_pdf(composition, file)
        made = Made((*made.files, file), made.printed)
    if printer:
        from ui.printing.printers import Route, send

        send(composition, Route(printer))
        made = Made(made.files, made.printed + 1)
    note_print(sources, composition)
    return made


def _orders(sources: Sources, evening: date, days: int) -> list[tuple[Order, str]]:
    """(order, file name) for each clinic that opens soon; names hold a day and a clinic, never a person."""
    clinics = sources.clinics()
    found = []
    for clinic in clinics:
        ahead = open_days(sources, clinic.id, evening, days)
        if ahead:
            more = "-" + re.sub(r"[^a-z0-9]+", "-", fold(clinic.short_name or clinic.name)).strip("-")
            name = f"archwire-schedule-{ahead[0].isoformat()}{more if len(clinics) > 1 else ''}.pdf"
            found.append((Order("paper_mode", clinic_id=clinic.id, after=evening, days=days), name))
    return found


def safe_folder(chosen: str, data_folder: Path) -> Path:
    """The folder, unless it lies in the data folder, where everything is sealed and nothing else belongs."""
    place = Path(chosen).expanduser().resolve()
    if not Path(chosen).expanduser().is_absolute() or place.is_relative_to(data_folder.resolve()):
        raise RuleViolation(N_("The schedule on paper needs a whole path outside the data folder."))
    return place


def remove_old(place: Path, before: date) -> list[Path]:
    """Remove our own files whose first day is before a day; nothing else in the folder is touched."""
    gone = []
    for file in sorted(place.iterdir()):
        found = NAME.match(file.name)
        if found and found.group(1) < before.isoformat() and file.is_file():
            file.unlink()
            gone.append(file)
    return gone
