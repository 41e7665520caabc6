"""Damaged copies of every kind of file: each is accounted for, none takes the import or a worker with it."""

from __future__ import annotations

from pathlib import Path

from app.imaging.importing import ImportReport
from app.imaging.vocabulary import Reason
from app.journal.workplace import Workplace
from tests.app.imaging.conftest import DATA
from tests.app.imaging.mutants import DAMAGES, mutants
from tests.app.imaging.test_showing import Take

COUNT, SEED = 150, 20261124
FILES = sorted(path for path in DATA.rglob("*") if path.is_file() and 0 < path.stat().st_size <= 300_000)


def test_every_mutant_is_accounted_for(workplace: Workplace, take: Take, given: Path) -> None:
    for name, data in mutants(FILES, COUNT, SEED):
        (given / name).write_bytes(data)
    report: ImportReport = take(given)
    assert report.total >= COUNT
    parts = (report.imported, report.already, report.restored, report.refused, report.directories)
    assert sum(parts) == report.total
    refused = [item for item in report.files if item.reason not in {None, Reason.MEDIA_MISSING}]
    assert all(item.sentence for item in refused)
    assert not [item.name for item in refused if item.reason in {Reason.DECODER_FAILED, Reason.TOO_LONG}]
    assert workplace.verify().sound


def test_mutants_are_the_same_for_the_same_seed_and_differ_from_their_files() -> None:
    some = list(mutants(FILES, 20, 3))
    assert some == list(mutants(FILES, 20, 3))
    assert some != list(mutants(FILES, 20, 4))
    originals = {path.read_bytes() for path in FILES}
    assert sum(data not in originals for _name, data in some) >= 18
    assert len(DAMAGES) == 7
