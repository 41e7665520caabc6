"""What became of a conversion, file by file: the figures that must add up, and the remarks on rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.conversion.vocabulary import KIND_LABELS, ConversionRunId, Outcome, RowKind, Weight
from app.core.i18n import N_, language, translate, translate_in


@dataclass(slots=True)
class FileCount:
    """The rows of one file: given = in + already + changed + rejected, unless it was cancelled. Sums are in cents."""

    file: str
    kind: RowKind
    encoding: str = ""
    separator: str = ""
    given: int = 0
    read: int = 0
    taken_in: int = 0
    already: int = 0
    changed: int = 0
    rejected: int = 0
    warnings: int = 0
    given_cents: int = 0
    in_cents: int = 0
    rejected_cents: int = 0
    unreadable_amounts: int = 0

    def count(self, outcome: Outcome, cents: int | None) -> None:
        """One more row."""
        self.read += 1
        self.taken_in += outcome is Outcome.IN
        self.already += outcome is Outcome.ALREADY
        self.changed += outcome is Outcome.CHANGED
        self.rejected += outcome is Outcome.REJECTED
        if self.kind is RowKind.BALANCES:
            self.unreadable_amounts += cents is None
            self.given_cents += cents or 0
            if outcome is Outcome.REJECTED:
                self.rejected_cents += cents or 0
            else:
                self.in_cents += cents or 0

    @property
    def adds_up(self) -> bool:
        """Whether every row of the file is accounted for, and every cent."""
        rows = self.given == self.taken_in + self.already + self.changed + self.rejected
        return rows and self.given_cents == self.in_cents + self.rejected_cents


@dataclass(slots=True)
class ImageCount:
    """The images of the folder."""

    given: int = 0
    imported: int = 0
    already: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Remark:
    """A problem or a warning of one row. `values` may name a person and go into no log."""

    file: str
    line: int
    column: str
    weight: Weight
    message: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence in the language in force."""
        return translate(self.message, **self.values)

    def in_language(self, code: str) -> str:
        """The sentence in French (`fr`) or English (`en`)."""
        return translate_in(code, self.message, **self.values)


@dataclass(slots=True)
class Report:
    """A conversion or a dry run. `run_id` undoes it; a dry run has none."""

    run_id: ConversionRunId | None
    system: str
    dry_run: bool
    files: list[FileCount] = field(default_factory=list)
    images: ImageCount | None = None
    remarks: list[Remark] = field(default_factory=list)
    remarks_left_out: int = 0
    unknown_files: list[str] = field(default_factory=list)
    cancelled: bool = False
    resumed: bool = False
    seconds: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether nothing was lost; a cancelled conversion has rows that were not read."""
        images = self.images
        pictures = images is None or images.given == images.imported + images.already + images.rejected
        return all(count.adds_up for count in self.files) and pictures


REMARK_HEADS: Final = (
    N_("File name"), N_("Line"), N_("Column"), N_("Weight"), N_("In French"), N_("In English"),
)  # fmt: skip
RECONCILIATION_HEADS: Final = (
    N_("File name"), N_("Holds"), N_("Rows given"), N_("In"), N_("Already here"), N_("Rows changed"),
    N_("Rejected"), N_("Warnings"), N_("Sum given"), N_("Sum taken in"), N_("Sum rejected"),
)  # fmt: skip


def remarks_csv(remarks: Sequence[Remark]) -> bytes:
    """The remarks with both sentences, UTF-8 with a mark so that spreadsheets read the accents."""
    rows = [
        [one.file, one.line, one.column, one.weight.value, one.in_language("fr"), one.in_language("en")]
        for one in remarks
    ]
    return csv_bytes([[translate(head) for head in REMARK_HEADS], *rows])


def reconciliation_csv(files: Sequence[FileCount]) -> bytes:
    """The figures of every file."""
    rows = [
        [one.file, translate(KIND_LABELS[one.kind]), one.given, one.taken_in, one.already, one.changed, one.rejected,
         one.warnings, *_sums(one)]
        for one in files
    ]  # fmt: skip
    return csv_bytes([[translate(head) for head in RECONCILIATION_HEADS], *rows])


def _sums(one: FileCount) -> list[str]:
    if one.kind is not RowKind.BALANCES:
        return ["", "", ""]
    return [_dollars(cents) for cents in (one.given_cents, one.in_cents, one.rejected_cents)]


def _dollars(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def csv_bytes(rows: Sequence[Sequence[Any]]) -> bytes:
    """A CSV file as a double click opens it: UTF-8 with a mark, semicolons in French."""
    out = io.StringIO()
    csv.writer(out, delimiter=";" if language() == "fr" else ",", lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8-sig", errors="replace")
