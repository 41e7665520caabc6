"""A table as a file that a spreadsheet opens by a double click: CSV, or a workbook (ECMA-376).

CSV in UTF-8 with a byte order mark and, in French, semicolons: what Excel expects there.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape

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


_PARTS: Final = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def workbook(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> tuple[bytes, int]:
    """The same table as a workbook of one sheet (XLSX), every cell a text; the same rows give the same bytes."""
    lines = [[translate(name) for name in columns], *rows]
    body = "".join(f"<row>{''.join(map(_cell, line))}</row>" for line in lines)
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{body}</sheetData></worksheet>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**_PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _HEAD + text)
    return out.getvalue(), len(lines) - 1


def _cell(words: str) -> str:
    """A text is never taken for a formula in a workbook."""
    shown = "".join(sign for sign in str(words) if sign.isprintable())
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(shown)}</t></is></c>'
