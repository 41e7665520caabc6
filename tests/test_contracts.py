"""The import contracts hold on the real packages, and each of them would notice a violation."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("app", "viewer", "sync", "ui")
# lint-imports puts its working folder first on the path, so it reads the copy and not the project.
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"


class Violation(NamedTuple):
    """A module that is planted, the import that it makes, and the contract that must name both."""

    contract: str
    importer: str
    imported: str


VIOLATIONS = (
    Violation("viewer-stands-alone", "viewer.planted", "app.core"),
    Violation("viewer-stands-alone", "viewer.widgets.planted", "ui.theme"),
    Violation("app-has-no-screen-and-no-network", "app.core.planted", "PySide6.QtCore"),
    Violation("app-has-no-screen-and-no-network", "app.billing.planted", "httpx"),
    Violation("app-has-no-screen-and-no-network", "app.imaging.planted", "pynetdicom"),
    Violation("app-knows-neither-sync-nor-ui", "app.journal.planted", "sync.planted_target"),
    Violation("app-and-viewer", "app.imaging.planted", "viewer.widgets"),
    Violation("app-and-viewer", "app.patients.planted", "viewer.pixels"),
    Violation("pixels-and-model-are-headless", "viewer.pixels.planted", "PySide6.QtGui"),
    Violation("pixels-and-model-are-headless", "viewer.model.planted", "vtkmodules.vtkCommonCore"),
    Violation("pixels-and-model-are-headless", "viewer.io.planted", "PySide6.QtCore"),
    Violation("sync-has-no-screen", "sync.planted", "PySide6.QtNetwork"),
    Violation("sync-knows-app-only", "sync.client.planted", "ui.shell"),
    Violation("ui-doors", "ui.patients.planted", "app.patients.projections"),
    Violation("ui-doors", "ui.shell.planted", "app.cli"),
    Violation("ui-doors", "ui.imaging.planted", "viewer.pixels"),
    Violation("ui-doors", "ui.shell.planted", "sync.client.transport"),
    Violation("ui-holds-no-records", "ui.scheduling.planted", "app.scheduling.model"),
    Violation("ui-holds-no-records", "ui.widgets.planted", "sqlalchemy.orm"),
    Violation("storeys", "app.core.planted", "app.journal"),
    Violation("storeys", "app.patients.planted", "app.scheduling.events"),
    Violation("storeys", "app.scheduling.planted", "app.imaging.queries"),
    Violation("storeys", "app.treatment.planted", "app.billing.commands"),
    Violation("storeys", "app.lab.planted", "app.reports.queries"),
    Violation("storeys", "app.workflows.planted", "app.cli"),
)
LAWFUL = (
    ("ui.scheduling.planted", "app.scheduling.commands"),
    ("ui.scheduling.planted", "app.scheduling.queries.day"),
    ("ui.imaging.planted", "viewer.widgets"),
    ("ui.shell.planted", "sync.client.status"),
    ("ui.shell.bootstrap", "sync.client.transport"),
    ("app.imaging.planted", "viewer.pixels"),
    ("app.billing.planted", "app.scheduling.events"),
    ("app.reports.planted", "app.measures.production"),
    ("app.cli.planted", "app.workflows.commands"),
    ("sync.server.planted", "app.journal"),
)


def contract_names() -> dict[str, str]:
    """Return {identifier: name} of the contracts of this project."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    prefix = "importlinter:contract:"
    return {section[len(prefix) :]: parser[section]["name"] for section in parser if section.startswith(prefix)}


def lint(folder: Path) -> tuple[int, str]:
    """Check the contracts of the tree in a folder; return the exit status and what was said, on one line."""
    done = subprocess.run([sys.executable, "-c", LINT], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def copy_tree(folder: Path) -> None:
    """Copy the sources of the four packages and their contracts."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", folder)


def plant(folder: Path, module: str, source: str = "") -> None:
    """Add a module, with the packages that hold it; a module that is there already only gets the line."""
    parts = module.split(".")
    for depth in range(1, len(parts)):
        package = folder.joinpath(*parts[:depth])
        package.mkdir(exist_ok=True)
        (package / "__init__.py").touch()
    folder_form = folder.joinpath(*parts)
    file = folder_form / "__init__.py" if folder_form.is_dir() else folder_form.with_suffix(".py")
    with file.open("a", encoding="utf-8") as handle:
        handle.write(source)


def plant_import(folder: Path, importer: str, imported: str) -> None:
    """Plant a module that imports another; the other is planted too when it is one of ours and not written yet."""
    if imported.split(".", maxsplit=1)[0] in PACKAGES:
        plant(folder, imported)
    plant(folder, importer, f"\nimport {imported}\n")


def test_contracts_hold_on_the_real_packages() -> None:
    status, said = lint(ROOT)
    assert status == 0, said
    assert f"Contracts: {len(contract_names())} kept, 0 broken" in said


def test_every_contract_has_a_planted_violation() -> None:
    assert {violation.contract for violation in VIOLATIONS} == set(contract_names())


@pytest.mark.parametrize("violation", VIOLATIONS, ids=lambda v: f"{v.contract}:{v.importer}->{v.imported}")
def test_a_planted_violation_is_reported(violation: Violation, tmp_path: Path) -> None:
    copy_tree(tmp_path)
    plant_import(tmp_path, violation.importer, violation.imported)
    status, said = lint(tmp_path)
    assert status == 1, said
    name = contract_names()[violation.contract]
    assert f"{name} BROKEN" in said
    report = said.partition("Broken contracts")[2]
    target = violation.imported if violation.imported.split(".")[0] in PACKAGES else violation.imported.split(".")[0]
    assert re.search(rf"{re.escape(name)} -+ .*{re.escape(violation.importer)} -> {re.escape(target)}\b", report), said


def test_lawful_imports_are_not_reported(tmp_path: Path) -> None:
    copy_tree(tmp_path)
    for importer, imported in LAWFUL:
        plant_import(tmp_path, importer, imported)
    status, said = lint(tmp_path)
    assert status == 0, said


def test_a_slice_that_no_storey_names_is_reported(tmp_path: Path) -> None:
    copy_tree(tmp_path)
    plant(tmp_path, "app.planted_slice.commands")
    status, said = lint(tmp_path)
    assert status == 1, said
    assert f"{contract_names()['storeys']} BROKEN" in said
