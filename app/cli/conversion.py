"""`convert FOLDER`: take in what a clinic kept in its old system; also its mappings, its reports and its undo."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import msgspec

from app.cli.absent import Absent
from app.cli.console import Console
from app.cli.plain import listing, table
from app.cli.session import actor_or_system, add_actor, add_instant, opened
from app.cli.verbs import Verb
from app.core.errors import UsageError
from app.core.i18n import N_, _

SHOWN: Final = 20
"""Remarks on the terminal; `--errors FILE` writes all of them."""


def _conversion(module: str) -> ModuleType:
    """A module of the slice; `UsageError` where this installation has none."""
    import importlib
    import importlib.util

    if importlib.util.find_spec("app.conversion") is None:
        raise UsageError(N_("This installation takes in no old system."))
    return importlib.import_module(f"app.conversion.{module}")


def _convert(arguments: Namespace, console: Console) -> int:
    with opened(arguments, console) as workplace:
        actor = actor_or_system(workplace, arguments)
        verbs: tuple[tuple[bool, Callable[..., None]], ...] = (
            (arguments.mappings, _list_mappings),
            (arguments.report, _list_runs),
            (arguments.undo is not None, _undo),
            (arguments.guess, _guess),
            (True, _take_in),
        )
        run = next(verb for wanted, verb in verbs if wanted)
        run(workplace, actor, arguments, console)
    return 0


def _list_mappings(workplace: Any, actor: Any, arguments: Namespace, console: Console) -> None:
    found = workplace.runner.ask(actor, _conversion("queries").conversion_mappings)
    rows = [{"name": one.name, "system": one.mapping.system, "files": len(one.mapping.files)} for one in found]
    heads = {"name": _(N_("Mapping")), "system": _(N_("Old system")), "files": _(N_("Files"))}
    console.emit([one.mapping for one in found], lambda: table(rows, heads))


def _list_runs(workplace: Any, actor: Any, arguments: Namespace, console: Console) -> None:
    found = workplace.runner.ask(actor, _conversion("queries").conversion_runs)
    console.emit(found, lambda: "\n\n".join(_run_text(run) for run in found) or _(N_("Nothing to show.")))


def _run_text(run: Any) -> str:
    state = N_("undone") if run.undone_at else N_("finished") if run.finished_at else N_("interrupted")
    return f"{run.id}  {run.system}  {_(state)}\n{_files_text(run.files)}"


def _undo(workplace: Any, actor: Any, arguments: Namespace, console: Console) -> None:
    runs = workplace.runner.ask(actor, _conversion("queries").conversion_runs)
    named = arguments.undo
    living = [run for run in runs if run.undone_at is None and (run.wrote if named == "last" else run.id == named)]
    if not living:
        raise Absent(N_("There is no conversion that could be undone."))
    _conversion("importing").undo_conversion(workplace.runner, actor, living[0].id)
    console.emit({"undone": living[0].id}, _(N_("The conversion has been undone.")))


def _guess(workplace: Any, actor: Any, arguments: Namespace, console: Console) -> None:
    """Print the mapping that would be used, as JSON that can be edited and given back with `--mapping FILE`."""
    mapping = _mapping(workplace, actor, arguments)
    text = msgspec.json.format(msgspec.json.encode(mapping), indent=2).decode()
    console.emit(mapping, text)


def _mapping(workplace: Any, actor: Any, arguments: Namespace) -> Any:
    """A saved mapping by its name, one from a JSON file, or one guessed from the files."""
    mapping = _conversion("mapping")
    if arguments.mapping and Path(arguments.mapping).is_file():
        try:
            return mapping.read_mapping(msgspec.json.decode(Path(arguments.mapping).read_bytes()))
        except msgspec.DecodeError as error:
            raise UsageError(N_("The file {path} is not JSON."), path=str(arguments.mapping)) from error
    saved = workplace.runner.ask(actor, _conversion("queries").conversion_mappings)
    for one in saved:
        if one.name == arguments.mapping:
            return one.mapping
    if arguments.mapping:
        raise Absent(N_("There is no mapping “{name}”. “convert --mappings” lists them."), name=arguments.mapping)
    name = arguments.system or _folder(arguments).name
    return mapping.guess_mapping(_folder(arguments), name, name)


def _folder(arguments: Namespace) -> Path:
    folder: Path | None = arguments.folder
    if folder is None:
        raise UsageError(N_("Say which folder holds the files of the old system."), field="folder")
    if not folder.is_dir():
        raise Absent(N_("There is no folder {path}."), path=str(folder))
    return folder


def _take_in(workplace: Any, actor: Any, arguments: Namespace, console: Console) -> None:
    importing, vocabulary = _conversion("importing"), _conversion("vocabulary")
    folder, mapping = _folder(arguments), _mapping(workplace, actor, arguments)
    if arguments.save:
        workplace.runner.run(actor, _conversion("mappings").save_mapping, mapping)
    source = importing.Source.of_folder(folder, mapping)
    if arguments.images is not None:
        source = importing.Source(source.paths, arguments.images)
    dates = vocabulary.DateOrder(arguments.dates) if arguments.dates else None
    report = importing.convert(
        workplace.runner, actor, source, mapping, dates=dates, dry_run=arguments.dry_run, progress=_progress(console)
    )
    _write_files(arguments, importing.prepare(source, mapping, dates).files, report)
    console.emit(_document(report), lambda: _report_text(report))


def _document(report: Any) -> dict[str, Any]:
    """The report for programs: each remark with both sentences."""
    names = ("run_id", "system", "dry_run", "files", "images", "unknown_files", "cancelled", "resumed", "seconds")
    remarks = [
        {
            "file": one.file, "line": one.line, "column": one.column, "weight": one.weight,
            "fr": one.in_language("fr"), "en": one.in_language("en"),
        }
        for one in report.remarks
    ]  # fmt: skip
    rest = {"adds_up": report.adds_up, "remarks": remarks, "remarks_left_out": report.remarks_left_out}
    return {name: getattr(report, name) for name in names} | rest


def _progress(console: Console) -> Callable[[int, int, str], None]:
    told = [0.0]

    def progress(done: int, total: int, name: str) -> None:
        if not console.as_json and console.err.isatty() and time.monotonic() - told[0] > 0.2:
            told[0] = time.monotonic()
            print(f"\r{done}/{total} {name}   ", end="", file=console.err, flush=True)

    return progress


def _write_files(arguments: Namespace, files: Any, report: Any) -> None:
    reports = _conversion("report")
    if arguments.errors is not None:
        arguments.errors.write_bytes(reports.remarks_csv(report.remarks))
    if arguments.reconciliation is not None:
        arguments.reconciliation.write_bytes(reports.reconciliation_csv(report.files))
    if arguments.rejected is not None:
        given = [one for one, _surveyed in files]
        _conversion("mending").save_rejected_rows(given, report.remarks, arguments.rejected)


def _report_text(report: Any) -> str:
    head: dict[str, Any] = {_(N_("Old system")): report.system, _(N_("Dry run")): report.dry_run}
    if report.run_id:
        head[_(N_("Conversion"))] = report.run_id
    head[_(N_("Everything adds up"))] = report.adds_up
    parts = [listing(head), _files_text(report.files)]
    if report.images is not None:
        names = {"given": N_("Images"), "imported": N_("In"), "already": N_("Already here"), "rejected": N_("Rejected")}
        parts.append(listing({_(text): getattr(report.images, name) for name, text in names.items()}))
    heads = {
        "file": _(N_("File name")),
        "line": _(N_("Line")),
        "column": _(N_("Column")),
        "text": _(N_("What to mend")),
    }
    shown = [
        {"file": one.file, "line": one.line, "column": one.column, "text": one.text} for one in report.remarks[:SHOWN]
    ]
    if shown:
        parts.append(table(shown, heads))
    rest = len(report.remarks) - len(shown) + report.remarks_left_out
    if rest:
        parts.append(_(N_("{n} more; “--errors FILE” writes all of them."), n=rest))
    return "\n\n".join(part for part in parts if part)


def _files_text(files: Any) -> str:
    heads = {
        "file": _(N_("File name")),
        "given": _(N_("Rows given")),
        "taken_in": _(N_("In")),
        "already": _(N_("Already here")),
        "changed": _(N_("Rows changed")),
        "rejected": _(N_("Rejected")),
        "warnings": _(N_("Warnings")),
    }
    return table([{name: getattr(one, name) for name in heads} for one in files], heads)


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "folder", nargs="?", type=Path, metavar="FOLDER", help=_(N_("the folder with the files of the old system"))
    )
    texts = {
        "--mapping": N_("a saved mapping, or a JSON file that holds one; without it, the heads are guessed"),
        "--system": N_("the name of the old system, by which its rows are known again"),
    }
    for name, text in texts.items():
        parser.add_argument(name, metavar="NAME", help=_(text))
    files = {
        "--images": N_("the folder of images; else “images” beside the files"),
        "--errors": N_("write every remark to this CSV file"),
        "--reconciliation": N_("write the figures of every file to this CSV file"),
        "--rejected": N_("write the rejected rows into this folder, to be mended and taken in alone"),
    }
    for name, text in files.items():
        parser.add_argument(name, type=Path, metavar="PATH", help=_(text))
    parser.add_argument("--dates", choices=["dmy", "mdy"], help=_(N_("how days that can be read in two ways are read")))
    parser.add_argument("--undo", nargs="?", const="last", metavar="RUN", help=_(N_("undo a conversion, or the last")))
    switches = {
        "--dry-run": N_("only say what would become of each row"),
        "--guess": N_("only print the mapping, to edit it"),
        "--save": N_("keep the mapping under its name"),
        "--mappings": N_("list the saved mappings"),
        "--report": N_("list the conversions with their figures"),
    }
    for name, text in switches.items():
        parser.add_argument(name, action="store_true", help=_(text))
    add_actor(parser)
    add_instant(parser)


VERBS: Final = [Verb("convert", N_("Take in the files of an old system."), _arguments, _convert)]
