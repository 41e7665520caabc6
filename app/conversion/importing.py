"""A conversion from its folder to its report: survey, dry run, taking in, and going on after an interruption.

Every batch is a commit of its own in one group, so that a conversion that is cancelled or killed keeps what is in,
is taken up again by running it once more, and is undone as a whole. Memory holds one batch, whatever the file.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from app.conversion.drafts import Work
from app.conversion.finishing import finish_conversion, note_remarks
from app.conversion.mapping import GivenFile, Mapping, files_of, given_files
from app.conversion.permissions import CONVERT
from app.conversion.pictures import ImageFolder, import_folder, owners, read_folder
from app.conversion.planning import plan_rows, weight_of
from app.conversion.report import FileCount, ImageCount, Remark, Report
from app.conversion.rows import BadRow, DateQuestion, GivenRow, Problem, RowReader, Surveyed, survey
from app.conversion.taking_in import TakenRow, begin_conversion, change_rows, take_in_rows
from app.conversion.vocabulary import ConversionRunId, DateOrder, Outcome, RowKind, Weight
from app.core.errors import PermissionDenied, RuleViolation
from app.core.i18n import N_
from app.core.ids import new_id
from app.journal.operations import MAXIMUM_CHANGES
from app.journal.queries import Actor, Reading
from app.journal.runner import Done, Group, Runner
from app.journal.settings_store import value_of
from app.patients.settings import DEFAULT_AREA_CODE

Progress: TypeAlias = Callable[[int, int, str], bool | None]
LABEL: Final = N_("Take in the old system")
BATCH_WEIGHT: Final = MAXIMUM_CHANGES - 20
CHANGED_AT_ONCE: Final = 12
"""Changed rows in one operation: a responsible person of a household of 20 makes 27 changes."""
REMARKS_KEPT: Final = 20_000
"""Remarks of one report; each is also counted."""
REMARKS_AT_ONCE: Final = 300
_SQL_OPEN: Final = (
    "SELECT r.id FROM conversion_run r WHERE r.system = :system AND r.withdrawn_at IS NULL AND NOT EXISTS("
    "SELECT 1 FROM conversion_report p WHERE p.run_id = r.id) ORDER BY r.begun_at DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Source:
    """What is to be taken in: files or a folder of them, and a folder of images."""

    paths: tuple[Path, ...]
    images: Path | None = None

    @classmethod
    def of_folder(cls, folder: Path, mapping: Mapping) -> Source:
        """The CSV files of a folder; its images where the mapping has a pattern."""
        return cls(tuple(files_of(folder)), folder / "images" if mapping.image_pattern else None)


@dataclass(slots=True)
class Prepared:
    """Files that were read once: what is in them, and what has to be asked first."""

    files: list[tuple[GivenFile, Surveyed]]
    unknown: list[Path]
    images: ImageFolder | None
    questions: tuple[DateQuestion, ...]

    @property
    def rows(self) -> int:
        """Rows of all files."""
        return sum(surveyed.rows for _given, surveyed in self.files)


def prepare(source: Source, mapping: Mapping, dates: DateOrder | None = None) -> Prepared:
    """Read every file once. `dates` answers the question about days that two orders can read."""
    given, unknown = given_files(source.paths, mapping)
    if not given and source.images is None:
        raise RuleViolation(N_("The mapping “{name}” fits none of these files."), name=mapping.name)
    files = [(one, survey(one)) for one in given]
    questions = [] if dates else [question for _one, found in files for question in found.questions]
    if dates is not None:
        for _one, found in files:
            found.orders.update({name: dates for name, order in found.orders.items() if order is None})
    folder = source.images if mapping.image_pattern else None
    images = read_folder(folder, mapping.image_pattern, dates) if folder is not None and folder.is_dir() else None
    return Prepared(files, unknown, images, tuple(questions))


def convert(
    runner: Runner,
    actor: Actor,
    source: Source,
    mapping: Mapping,
    *,
    dates: DateOrder | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Take in an old system, or only say what would become of each row. Call it from a thread that may wait.

    `progress(done, total, name)` is called after each batch; when it returns False the conversion stops there, and
    the next run goes on. Raises `PermissionDenied`, and `RuleViolation` for a mapping that does not fit or days that
    nobody can read without asking (field `dates`).
    """
    if not actor.may(CONVERT):
        runner.access(actor, "refused", detail="convert")
        raise PermissionDenied(CONVERT.name, CONVERT.label)
    prepared = prepare(source, mapping, dates)
    for question in prepared.questions:
        raise RuleViolation(
            N_("In {file}, the dates of “{column}” ({example}) can be read in two ways: say which."),
            field="dates", file=question.file, column=question.column, example=", ".join(question.examples),
        )  # fmt: skip
    run = _Conversion(runner, actor, mapping, prepared, progress, dry_run)
    return run.run()


def undo_conversion(runner: Runner, actor: Actor, run_id: ConversionRunId) -> Done[None]:
    """Withdraw everything that a conversion took in, all or nothing."""
    return runner.undo_group(actor, run_id)


def _open_run(read: Reading, system: str) -> str | None:
    """The last run of the system that was interrupted."""
    rows = read.sql(_SQL_OPEN, system=system)
    return str(rows[0][0]) if rows else None


@dataclass(slots=True)
class _Conversion:
    """One conversion while it runs."""

    runner: Runner
    actor: Actor
    mapping: Mapping
    prepared: Prepared
    progress: Progress | None
    dry_run: bool
    report: Report = field(init=False)
    group: Group = field(init=False)
    area_code: int = 514
    done: int = 0
    expected: dict[str, str | None] = field(default_factory=dict)
    waiting: list[Remark] = field(default_factory=list)

    def run(self) -> Report:
        begun = time.monotonic()
        with self.runner.read(self.actor) as read:
            self.area_code = value_of(read, DEFAULT_AREA_CODE)
            before = None if self.dry_run else _open_run(read, self.mapping.system)
        run_id = ConversionRunId(before or new_id())
        self.group = Group(self.runner, self.actor, LABEL, run_id)
        self.report = Report(None if self.dry_run else run_id, self.mapping.system, self.dry_run)
        self.report.resumed = before is not None
        self.report.unknown_files = [path.name for path in self.prepared.unknown]
        if not self.dry_run and before is None:
            self.group.run(begin_conversion, run_id, self.mapping.system)
        for given, surveyed in self.prepared.files:
            self._file(given, surveyed)
        self._images()
        self._note()
        self.report.seconds = round(time.monotonic() - begun)
        if not self.dry_run and not self.report.cancelled:
            self.runner.run(self.actor, finish_conversion, run_id, self.report.files, self.report.images, False)
        return self.report

    # -- rows -----------------------------------------------------------------------------------------------
    def _file(self, given: GivenFile, surveyed: Surveyed) -> None:
        sheet = given.sheet
        count = FileCount(given.name, given.mapping.kind, sheet.encoding, sheet.separator, surveyed.rows)
        self.report.files.append(count)
        reader = RowReader(given, surveyed.orders)
        for batch in self._batches(reader, count):
            if self.report.cancelled:
                return
            for row, taken in zip(batch, self._take(count, batch), strict=True):
                self._answered(reader, count, row, taken)
            self._tell(count)

    def _batches(self, reader: RowReader, count: FileCount) -> Iterator[list[GivenRow]]:
        batch: list[GivenRow] = []
        weight = 0
        for row in reader:
            if self.report.cancelled:
                return
            if isinstance(row, BadRow):
                self._rejected(reader, count, row.line, row.problems, None)
                continue
            own = weight_of(count.kind, row)
            if batch and weight + own > BATCH_WEIGHT:
                yield batch
                batch, weight = [], 0
            batch.append(row)
            weight += own
        if batch and not self.report.cancelled:
            yield batch

    def _take(self, count: FileCount, batch: list[GivenRow]) -> list[TakenRow]:
        if self.dry_run:
            return self._planned(count.kind, batch)
        try:
            taken = self.group.run(take_in_rows, self._run_id, count.file, count.kind, batch)
            changed = [row for row, one in zip(batch, taken, strict=True) if one.outcome is Outcome.CHANGED]
            for start in range(0, len(changed), CHANGED_AT_ONCE):
                self.group.run(change_rows, self._run_id, count.kind, changed[start : start + CHANGED_AT_ONCE])
        except RuleViolation as error:
            if len(batch) > 1:  # one row breaks a rule: it is found by taking each alone
                return [one for row in batch for one in self._take(count, [row])]
            return [TakenRow(Outcome.REJECTED, (Problem("", error.message_id, dict(error.values)),))]
        return taken

    def _planned(self, kind: RowKind, batch: list[GivenRow]) -> list[TakenRow]:
        with self.runner.read(self.actor) as read:
            now = self.runner.clock.now()
            work = Work(read, self.mapping.system, self._run_id, kind, now, self.area_code, self.expected)
            return [TakenRow(plan.outcome, plan.problems, plan.warnings) for plan in plan_rows(work, batch)]

    @property
    def _run_id(self) -> ConversionRunId:
        return ConversionRunId(self.group.id)

    def _answered(self, reader: RowReader, count: FileCount, row: GivenRow, taken: TakenRow) -> None:
        cents = int(row.values["balance"]) if count.kind is RowKind.BALANCES else None
        if taken.outcome is Outcome.REJECTED:
            self._rejected(reader, count, row.line, taken.problems, cents)
        else:
            count.count(taken.outcome, cents)
        count.warnings += len(taken.warnings)
        self._remark(reader, count.file, row.line, taken.warnings, Weight.WARNING)

    def _rejected(
        self, reader: RowReader, count: FileCount, line: int, problems: Sequence[Problem], cents: int | None
    ) -> None:
        count.count(Outcome.REJECTED, cents)
        self._remark(reader, count.file, line, problems, Weight.ERROR)
        if count.read % 500 == 0:
            self._tell(count)

    def _remark(self, reader: RowReader, file: str, line: int, problems: Sequence[Problem], weight: Weight) -> None:
        for one in problems:
            self._keep(Remark(file, line, reader.column_of(one.at), weight, one.message, dict(one.values)))

    def _keep(self, remark: Remark) -> None:
        if len(self.report.remarks) >= REMARKS_KEPT:
            self.report.remarks_left_out += 1
            return
        self.report.remarks.append(remark)
        self.waiting.append(remark)
        if len(self.waiting) >= REMARKS_AT_ONCE:
            self._note()

    def _note(self) -> None:
        waiting, self.waiting = self.waiting, []
        if waiting and not self.dry_run:
            self.runner.run(self.actor, note_remarks, self._run_id, waiting)

    def _tell(self, count: FileCount) -> None:
        self.done = sum(one.read for one in self.report.files)
        if self.progress is not None and self.progress(self.done, self.prepared.rows, count.file) is False:
            self.report.cancelled = True

    # -- images ---------------------------------------------------------------------------------------------
    def _images(self) -> None:
        folder = self.prepared.images
        if folder is None or self.report.cancelled:
            return
        with self.runner.read(self.actor) as read:
            now = self.runner.clock.now()
            expected = self.expected if self.dry_run else None
            work = Work(read, self.mapping.system, self._run_id, RowKind.PATIENTS, now, self.area_code, expected)
            whose = owners(work, folder.named)
        if self.dry_run:
            known = sum(image.number in whose for image in folder.named)
            self.report.images = ImageCount(folder.given, known, 0, folder.given - known)
            remarks: list[Remark] = folder.remarks
        else:
            self.report.images, remarks = import_folder(self.group, folder, whose, self._tell_image)
        for remark in remarks:
            self._keep(remark)

    def _tell_image(self, done: int, total: int, name: str) -> bool:
        told: Any = self.progress(done, total, name) if self.progress is not None else None
        self.report.cancelled = self.report.cancelled or told is False
        return not self.report.cancelled
