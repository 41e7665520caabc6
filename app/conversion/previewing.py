"""The first rows of a file as they would be read, and the words in it that nobody could know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from app.conversion.cells import choices_of
from app.conversion.fields import FIELDS, FieldSpec, Form
from app.conversion.mapping import GivenFile
from app.conversion.rows import BadRow, DateQuestion, RowReader, survey
from app.conversion.vocabulary import DateOrder
from app.conversion.words import CHOICE_LABELS, known_word
from app.core.i18n import translate
from app.core.text import fold

WORDS_SHOWN: Final = 40
WORDS_READ: Final = 20_000


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as it would be read: a text for each field shown, or why it cannot be."""

    line: int
    cells: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the old system in a field of choices or names, and ours for it; empty: nobody has said."""

    field: str
    given: str
    ours: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What the mapping makes of the beginning of a file."""

    rows_in_all: int
    fields: tuple[FieldSpec, ...]
    rows: tuple[PreviewRow, ...]
    words: tuple[Word, ...]
    questions: tuple[DateQuestion, ...]
    missing: tuple[FieldSpec, ...]


def preview(given: GivenFile, dates: DateOrder | None = None, limit: int = 12) -> Preview:
    """Read the beginning of a file by its mapping. `dates` answers a question about days."""
    found = survey(given)
    orders = {name: order or dates for name, order in found.orders.items()}
    fields = tuple(spec for spec in FIELDS[given.mapping.kind] if _there(given, spec))
    missing = given.missing()
    rows: list[PreviewRow] = []
    if not missing:
        for row in islice(RowReader(given, orders), limit):
            if isinstance(row, BadRow):
                sentence = " ".join(translate(one.message, **one.values) for one in row.problems)
                rows.append(PreviewRow(row.line, ("",) * len(fields), sentence))
            else:
                cells = tuple(_shown(given, spec, row.values.get(spec.name, "")) for spec in fields)
                rows.append(PreviewRow(row.line, cells))
    questions = () if dates else found.questions
    return Preview(found.rows, fields, tuple(rows), tuple(_words(given)), questions, missing)


def _there(given: GivenFile, spec: FieldSpec) -> bool:
    return given.mapping.columns.get(spec.name) in given.sheet.headings or spec.name in given.mapping.defaults


def _shown(given: GivenFile, spec: FieldSpec, value: str) -> str:
    if spec.form is Form.CHOICE and value:
        return translate(CHOICE_LABELS.get((given.mapping.kind, spec.name), {}).get(value, value))
    if spec.form is Form.MONEY and value:
        cents = int(value)
        return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"
    return value


def _words(given: GivenFile) -> Iterator[Word]:
    """The different words of the fields of choices and names, by field and in the order of the file."""
    specs = [spec for spec in FIELDS[given.mapping.kind] if spec.form in {Form.CHOICE, Form.NAMED}]
    places = [
        (spec, given.sheet.headings.index(given.mapping.columns[spec.name]))
        for spec in specs
        if given.mapping.columns.get(spec.name) in given.sheet.headings
    ]
    seen: dict[str, dict[str, str]] = {spec.name: {} for spec, _place in places}
    for record in islice(given.sheet.records(), WORDS_READ):
        for spec, place in places:
            text = record.cells[place].strip() if place < len(record.cells) else ""
            if text and len(seen[spec.name]) < WORDS_SHOWN:
                seen[spec.name].setdefault(fold(text), text[:60])
    for spec, _place in places:
        for folded, text in seen[spec.name].items():
            ours = given.mapping.words.get(spec.name, {}).get(folded)
            yield Word(spec.name, text, ours or known_word(given.mapping.kind, spec.name, text) or "")


def labels_of(given: GivenFile, name: str) -> tuple[tuple[str, str], ...]:
    """Our words for a field of choices, with their labels (msgids)."""
    labels = CHOICE_LABELS.get((given.mapping.kind, name), {})
    return tuple((word, labels.get(word, word)) for word in choices_of(given.mapping, name))
