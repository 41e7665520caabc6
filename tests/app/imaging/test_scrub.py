"""Sealed files are read again in turn; what is no longer what was written is found, announced and stays on the list."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import PermissionDenied
from app.core.ids import PatientId
from app.imaging.queries import damaged_files, original_of, preview, scrub_state
from app.imaging.scrubbing import ScrubReport, scrub
from app.imaging.vocabulary import Fault
from app.journal.queries import SYSTEM, Actor
from app.journal.workplace import Workplace
from tests.app.imaging import samples
from tests.app.imaging.test_showing import DATA, Take, only

ALL = {"seconds": 600.0, "size_bytes": 1 << 40}


def spoil(path: Path) -> None:
    """Turn one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def events(workplace: Workplace) -> list[tuple[str, str | None]]:
    """What was announced."""
    with workplace.runner.read(SYSTEM) as read:
        rows = read.sql("SELECT payload, subject FROM event WHERE type = 'SEALED_FILE_FAILED' ORDER BY id")
    return [(row[0], row[1]) for row in rows]


def original(workplace: Workplace, uid: str) -> str:
    """The name of the sealed file of an image."""
    found = workplace.runner.ask(SYSTEM, original_of, uid)
    assert found is not None
    return found.sha256


def test_sound_files_are_read_and_remembered(workplace: Workplace, take: Take) -> None:
    take(DATA / "photos" / "front.jpg")
    before = workplace.runner.ask(SYSTEM, scrub_state)
    assert (before.never, before.oldest, before.damaged) == (before.files, None, 0)
    report = scrub(workplace.runner, **ALL)
    assert (report.checked, report.left, report.faults) == (before.files, 0, ())
    assert report.size_bytes > (DATA / "photos" / "front.jpg").stat().st_size
    after = workplace.runner.ask(SYSTEM, scrub_state)
    assert (after.never, after.oldest) == (0, workplace.runner.clock.now())


def test_a_run_goes_on_where_the_last_one_stopped(workplace: Workplace, take: Take, given: Path) -> None:
    for number in range(4):
        samples.dicom_file(given / f"{number}.dcm", f"1.1.{number}", shade=number)
    take(given)
    files = workplace.runner.ask(SYSTEM, scrub_state).files
    runs: list[ScrubReport] = []
    while workplace.runner.ask(SYSTEM, scrub_state).never:
        runs.append(scrub(workplace.runner, seconds=600, size_bytes=1))
    assert [run.checked for run in runs] == [1] * files, "a budget that is too small still gets on"
    assert scrub(workplace.runner, seconds=0, size_bytes=1 << 40).left == files - 1


@pytest.mark.parametrize(("harm", "fault"), [(spoil, Fault.DAMAGED), (Path.unlink, Fault.MISSING)])
def test_rot_is_announced_once_and_stays_until_it_is_mended(
    workplace: Workplace, boss: Actor, take: Take, given: Path, noemie: PatientId, harm: object, fault: Fault
) -> None:
    runner = workplace.runner
    take(samples.dicom_file(given / "a.dcm", "1.1"), patient_id=noemie)
    name = original(workplace, "1.1")
    sound = workplace.files.path(name).read_bytes()
    harm(workplace.files.path(name))
    report = scrub(runner, **ALL)
    assert [(one.sha256, one.fault) for one in report.faults] == [(name, fault)]
    scrub(runner, **ALL)
    ((payload, subject),) = events(workplace)
    assert (name in payload, subject) == (True, noemie)
    (line,) = runner.ask(boss, damaged_files)
    assert (line.sha256, line.fault, line.patient_id) == (name, fault, noemie)
    workplace.files.path(name).write_bytes(sound)
    scrub(runner, **ALL)
    assert runner.ask(boss, damaged_files) == ()
    assert workplace.verify().sound


def test_a_damaged_rendition_is_made_again_and_is_no_fault(workplace: Workplace, boss: Actor, take: Take) -> None:
    instance_id = only(take(DATA / "photos" / "front.jpg"))
    before = preview(workplace.runner, boss, instance_id)
    with workplace.runner.read(SYSTEM) as read:
        names = [row[0] for row in read.sql("SELECT sha256 FROM rendition")]
    for name in names:
        spoil(workplace.files.path(name))
    assert scrub(workplace.runner, **ALL).faults == ()
    assert workplace.verify().sound, "no row names a file that is gone"
    assert preview(workplace.runner, boss, instance_id) == before


def test_only_who_leads_scrubs_by_hand(workplace: Workplace, take: Take) -> None:
    take(DATA / "photos" / "front.jpg")
    with pytest.raises(PermissionDenied):
        scrub(workplace.runner, Actor("x", "X"), **ALL)
