"""Reading the CSV files that old systems write, whatever their encoding and separator, without holding them in memory.

A byte order mark decides; without one, a file that is valid UTF-8 is UTF-8, one with a NUL in every second byte is
UTF-16, and any other is Windows-1252, which is what French Windows programs write.
"""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from app.core.errors import RuleViolation
from app.core.i18n import N_

SEPARATORS: Final = (";", ",", "\t", "|")
CELL_LIMIT: Final = 4 * 1024 * 1024
"""Characters of one cell; a quotation mark that nobody closes makes a cell of the rest of the file."""
SAMPLE_BYTES: Final = 64 * 1024
SAMPLE_ROWS: Final = 40
CHUNK_BYTES: Final = 1 << 20
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODING_NAMES: Final = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 (BOM)",
    "cp1252": "Windows-1252",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
}
UNREADABLE: Final = N_("This row cannot be read: a quotation mark before it is probably never closed.")


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one row, and the line of the file on which it begins. No cells: it cannot be read."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file with its form: encoding, separator, heads."""

    path: Path
    encoding: str
    separator: str
    headings: tuple[str, ...]

    def records(self) -> Iterator[Record]:
        """Every row that is not blank, from the second on."""
        records = read_records(self.path, self.encoding, self.separator)
        next(records, None)
        yield from records


def open_sheet(path: Path, encoding: str = "", separator: str = "") -> Sheet:
    """Find out how a file is written; what is given is not guessed. `RuleViolation` when it cannot be read at all."""
    try:
        found = encoding or detect_encoding(path)
        parted = separator or detect_separator(path, found)
        first = next(read_records(path, found, parted), None)
    except (OSError, LookupError) as error:
        raise RuleViolation(N_("The file {name} cannot be read."), name=path.name) from error
    if first is None or not any(first.cells):
        raise RuleViolation(N_("The file {name} is empty."), name=path.name)
    return Sheet(path, found, parted, _distinct(first.cells))


def detect_encoding(path: Path) -> str:
    """The encoding, from the bytes of the whole file, read in pieces."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as handle:
        start = handle.read(4096)
        for mark, name in _MARKS:
            if start.startswith(mark):
                return name
        wide = _wide(start)
        if wide:
            return wide
        handle.seek(0)
        try:
            while chunk := handle.read(CHUNK_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _wide(start: bytes) -> str:
    """UTF-16 without a mark: most even or most odd bytes are NUL."""
    half = len(start) // 2
    if half < 8:
        return ""
    if start[1::2].count(0) > 0.6 * half:
        return "utf-16-le"
    return "utf-16-be" if start[0::2].count(0) > 0.6 * half else ""


def detect_separator(path: Path, encoding: str) -> str:
    """The separator that gives the first rows the same number of cells, the most of them."""
    with _opened(path, encoding) as handle:
        sample = handle.read(SAMPLE_BYTES)
    return max(SEPARATORS, key=lambda separator: (_agreement(sample, separator), -SEPARATORS.index(separator)))


def _agreement(sample: str, separator: str) -> float:
    widths: list[int] = []
    csv.field_size_limit(CELL_LIMIT)
    try:
        for row in csv.reader(sample.splitlines(keepends=True), delimiter=separator):
            widths += [len(row)] if any(row) else []
            if len(widths) >= SAMPLE_ROWS:
                break
    except csv.Error:
        return 0.0
    if not widths or widths[0] < 2:
        return 0.0
    return Counter(widths)[widths[0]] / len(widths) + widths[0] / 1000


def read_records(path: Path, encoding: str, separator: str) -> Iterator[Record]:
    """The rows of a file, blank ones left out; one that cannot be read has no cells."""
    csv.field_size_limit(CELL_LIMIT)
    with _opened(path, encoding) as handle:
        reader = csv.reader(handle, delimiter=separator)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield Record(line, ())
                continue
            if any(cell.strip() for cell in cells):
                yield Record(line, tuple(cells))


def _opened(path: Path, encoding: str) -> IO[str]:
    """What has no meaning in the encoding becomes a lone surrogate, which no column takes: its row is named."""
    errors = "surrogateescape" if not encoding.startswith("utf-16") else "replace"
    return path.open(encoding=encoding, errors=errors, newline="")


def _distinct(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Heads of one name get a number; one without a name gets that of its place."""
    seen: Counter[str] = Counter()
    found = []
    for place, cell in enumerate(cells, 1):
        name = " ".join(cell.replace("\x00", "").split()) or f"({place})"
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(found)
