"""How one old system is read: which file holds what, under which heads, in which words and dates."""

from __future__ import annotations

import dataclasses
import fnmatch
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec

from app.conversion.fields import FIELDS, FieldSpec, Form, guess_columns, guess_kind
from app.conversion.sheets import Sheet, open_sheet
from app.conversion.vocabulary import DateOrder, RowKind
from app.core.errors import RuleViolation
from app.core.i18n import N_
from app.core.text import fold

SUFFIXES: Final = frozenset({".csv", ".txt", ".tsv"})
SYSTEM_LIMIT: Final = 60


@dataclass(frozen=True, slots=True)
class FileMapping:
    """How the files that fit `pattern` are read.

    `columns` is field → head; `words` is field → {what stands there, folded: our word}; `defaults` is field → our
    word where there is no column. Empty `encoding` and `separator` are found out; `dates` empty: by the file itself.
    """

    kind: RowKind
    pattern: str
    columns: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    dates: DateOrder | None = None
    encoding: str = ""
    separator: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """How an old system is read. `image_pattern` is like `{number}_{date}_{view}.jpg`; empty: no images."""

    name: str
    system: str
    files: tuple[FileMapping, ...] = ()
    image_pattern: str = ""


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file with the mapping that it is read by."""

    sheet: Sheet
    mapping: FileMapping

    @property
    def name(self) -> str:
        """The file’s name."""
        return self.sheet.path.name

    def missing(self) -> tuple[FieldSpec, ...]:
        """What must be told and has neither a column nor a default."""
        there = {name for name, head in self.mapping.columns.items() if head in self.sheet.headings}
        named = there | {name for name, value in self.mapping.defaults.items() if value}
        if named & {"full_name"}:
            named |= {"family_name", "given_name"}
        if self.mapping.kind is RowKind.RESPONSIBLE and not named & {"patient", "household"}:
            return (spec_of(self.mapping.kind, "patient"),)
        needed = [spec for spec in FIELDS[self.mapping.kind] if spec.needed or spec.name in _NAMES_NEEDED]
        if self.mapping.kind not in {RowKind.PATIENTS, RowKind.RESPONSIBLE}:
            needed = [spec for spec in needed if spec.needed]
        return tuple(spec for spec in needed if spec.name not in named)


_NAMES_NEEDED: Final = frozenset({"family_name", "given_name"})


def spec_of(kind: RowKind, name: str) -> FieldSpec:
    """The field of a kind; `RuleViolation` when there is none."""
    found = next((spec for spec in FIELDS[kind] if spec.name == name), None)
    if found is None:
        raise RuleViolation(N_("“{name}” is not a field of {kind}."), field="body", name=name, kind=kind.value)
    return found


def read_mapping(body: Any) -> Mapping:
    """A mapping from its JSON; `RuleViolation` when it is none."""
    try:
        found = msgspec.convert(body, Mapping)
    except msgspec.ValidationError as error:
        raise RuleViolation(N_("This is not a mapping of an old system."), field="body") from error
    return checked(found)


def checked(mapping: Mapping) -> Mapping:
    """The mapping, its names trimmed; `RuleViolation` for one without a name or with a field that does not exist."""
    name, system = " ".join(mapping.name.split()), " ".join(mapping.system.split())
    if not name or not system or len(name) > SYSTEM_LIMIT or len(system) > SYSTEM_LIMIT:
        raise RuleViolation(N_("A mapping has a name and the name of the old system."), field="name")
    for item in mapping.files:
        for field_name in (*item.columns, *item.words, *item.defaults):
            spec_of(item.kind, field_name)
    check_pattern(mapping.image_pattern)
    return dataclasses.replace(mapping, name=name, system=system)


def check_pattern(pattern: str) -> None:
    """`RuleViolation` unless the pattern of images is empty or names the number once."""
    try:
        names = [name for _text, name, _spec, _conversion in string.Formatter().parse(pattern) if name is not None]
    except ValueError:
        names = [""]
    if pattern and (names.count("number") != 1 or set(names) - {"number", "date", "view", "any"}):
        raise RuleViolation(
            N_("A pattern of images is like {example}; it names the number once."),
            field="image_pattern", example="{number}_{date}_{view}.jpg",
        )  # fmt: skip


def as_body(mapping: Mapping) -> Any:
    """The mapping as JSON keeps it."""
    return msgspec.to_builtins(mapping)


def files_of(folder: Path) -> list[Path]:
    """The files of a folder that may be CSV, by name."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())
    except OSError as error:
        raise RuleViolation(N_("The folder {name} cannot be read."), name=folder.name) from error


def guess_mapping(folder: Path, name: str, system: str) -> Mapping:
    """A first mapping of a folder: each file by its name and heads."""
    files = []
    for path in files_of(folder):
        sheet = open_sheet(path)
        kind = guess_kind(path.stem, sheet.headings)
        files.append(FileMapping(kind, path.name, guess_columns(kind, sheet.headings)))
    return Mapping(name, system, tuple(files))


def given_files(paths: Sequence[Path], mapping: Mapping) -> tuple[list[GivenFile], list[Path]]:
    """The files that the mapping reads, in the order in which they are taken in; and those that it does not know."""
    found, unknown = [], []
    for path in paths:
        fitting = next((item for item in mapping.files if _fits(path.name, item.pattern)), None)
        if fitting is None:
            unknown.append(path)
        else:
            found.append(GivenFile(open_sheet(path, fitting.encoding, fitting.separator), fitting))
    order = list(RowKind)
    return sorted(found, key=lambda item: (order.index(item.mapping.kind), item.name)), unknown


def _fits(name: str, pattern: str) -> bool:
    """Case does not matter; the file of mended rows of `patients.csv`, `patients.rejected.csv`, fits too."""
    plain = name.lower().replace(".rejected.", ".")
    return fnmatch.fnmatch(name.lower(), pattern.lower()) or fnmatch.fnmatch(plain, pattern.lower())


def with_words(item: FileMapping, name: str, words: Iterable[tuple[str, str]]) -> FileMapping:
    """The file’s mapping with further words of one field; an empty one of ours forgets it."""
    spec = spec_of(item.kind, name)
    if spec.form not in {Form.CHOICE, Form.NAMED}:
        raise RuleViolation(N_("“{name}” is not a field of {kind}."), field="words", name=name, kind=item.kind.value)
    kept = dict(item.words.get(name, {}))
    for given, ours in words:
        kept.pop(fold(given), None)
        if ours:
            kept[fold(given)] = ours
    return dataclasses.replace(item, words={**item.words, name: kept})
