"""A table as a file that a spreadsheet opens by a double click.

CSV in UTF-8 with a byte order mark and, in French, semicolons: what Excel expects there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from app.core.i18n import language, translate

BOM: Final = b"\xef\xbb\xbf"


def spreadsheet(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> tuple[bytes, int]:
    """The file and how many rows it has; `columns` are msgids, or words that stay as they are."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if language() == "fr" else ",", lineterminator="\r\n")
    writer.writerow([translate(name) for name in columns])
    count = 0
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
        count += 1
    return BOM + out.getvalue().encode(), count


def _harmless(cell: str) -> str:
    """A text that begins like a formula is not one: a spreadsheet would run it."""
    return "'" + cell if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
