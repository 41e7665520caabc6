"""The rejected rows as files of their own, which the clinic mends and takes in alone."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app.conversion.mapping import GivenFile
from app.conversion.report import Remark
from app.conversion.vocabulary import Weight
from app.core.errors import RuleViolation
from app.core.i18n import N_, translate

EXTRA: Final = (N_("Line in the file"), N_("What to mend"))


def save_rejected_rows(given: Sequence[GivenFile], remarks: Sequence[Remark], folder: Path) -> list[Path]:
    """Write `NAME.rejected.csv` for each file with rejected rows: its heads, the rows, and what to mend in each.

    The mapping of the file fits it, so that mended rows are taken in by running it. Returns what was written.
    """
    wrong: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for remark in remarks:
        if remark.weight is Weight.ERROR and remark.line:
            said = f"{remark.column} : {remark.text}" if remark.column else remark.text
            wrong[remark.file][remark.line].append(said)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_write(one, wrong[one.name], folder) for one in given if one.name in wrong]
    except OSError as error:
        raise RuleViolation(N_("The folder {name} cannot be written to."), name=folder.name) from error


def _write(given: GivenFile, lines: dict[int, list[str]], folder: Path) -> Path:
    sheet = given.sheet
    stem = sheet.path.stem.removesuffix(".rejected")
    out = folder / f"{stem}.rejected{sheet.path.suffix}"
    with out.open("w", encoding="utf-8-sig", errors="replace", newline="") as handle:
        writer = csv.writer(handle, delimiter=sheet.separator, lineterminator="\r\n")
        writer.writerow([*sheet.headings, *(translate(head) for head in EXTRA)])
        for record in sheet.records():
            if record.line in lines:
                cells = [cell.replace("\x00", "") for cell in record.cells]
                filled = [*cells, *[""] * (len(sheet.headings) - len(cells))]
                writer.writerow([*filled, record.line, " ".join(lines[record.line])])
    return out
