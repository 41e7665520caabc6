"""The library: pages, filters and counts; readings, who signs them and what opens them again."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.access.commands import create_staff
from app.core.clock import Clock
from app.core.errors import PermissionDenied, RuleViolation
from app.core.ids import PatientId
from app.core.permissions import Role
from app.core.secret import Secret
from app.imaging.commands import (
    assign_reader,
    assign_study,
    assign_view,
    reopen_reading,
    sign_reading,
    withdraw_study,
)
from app.imaging.importing import ImportReport, import_paths
from app.imaging.permissions import IMPORT_IMAGES
from app.imaging.queries import (
    LibraryKind,
    Match,
    PhotoView,
    ReadingAct,
    ReadingState,
    Reason,
    library_counts,
    library_images,
    library_studies,
    quarantine_page,
    reading_queue,
    study_readings,
)
from app.imaging.vocabulary import StudyId
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.journal.workplace import Workplace, open_workplace
from app.patients.commands.patients import create_patient
from tests.app.imaging import samples
from tests.app.imaging.test_showing import DATA, Take


def study(given: Path, number: int, **more: str) -> Path:
    """A study of one X-ray, of the day of its number."""
    uid = f"1.2.{number}"
    facts = {"StudyDate": f"202601{number:02}", "StudyDescription": f"Bilan {number}", "Modality": "PX"} | more
    name = f"{number}.{more.get('SOPInstanceUID', '1')}.dcm"
    return samples.dicom_file(given / name, f"{uid}.1.1", study=uid, series=f"{uid}.1", **facts)


@pytest.fixture
def studies(take: Take, given: Path, noemie: PatientId) -> tuple[StudyId, ...]:
    """Two panoramics and a photograph in the chart, a volume of three slices of nobody, a model in the chart."""
    mine = take(study(given, 1), study(given, 2), study(given, 3, Modality="XC"), patient_id=noemie)
    slices = [
        samples.dicom_file(
            given / f"ct{number}.dcm", f"1.2.9.1.{number}", study="1.2.9", series="1.2.9.1", Modality="CT",
            StudyDate="20260109", InstanceNumber=number, shade=number,
        )
        for number in (1, 2, 3)
    ]  # fmt: skip
    nobody = take(*slices)
    model = take(DATA / "mesh" / "unit_cube.stl", patient_id=noemie)
    return (*mine.studies, *nobody.studies, *model.studies)


def test_studies_by_page_and_every_filter(
    runner: Runner, boss: Actor, studies: tuple[StudyId, ...], noemie: PatientId
) -> None:
    def found(**wanted: object) -> list[StudyId]:
        page = runner.ask(boss, library_studies, **wanted)
        assert page.total == len(page.lines)
        return [line.study_id for line in page.lines]

    first, second, photo, volume, model = studies
    assert found() == [model, volume, photo, second, first], "the newest day first"
    assert found(kind=LibraryKind.RADIOGRAPH) == [second, first]
    assert found(kind=LibraryKind.PHOTOGRAPH) == [photo]
    assert found(kind=LibraryKind.VOLUME) == [volume]
    assert found(kind=LibraryKind.MODEL) == [model]
    assert found(modality="PX", since=date(2026, 1, 2), until=date(2026, 1, 5)) == [second]
    assert found(in_chart=False) == found(match=Match.UNMATCHED) == [volume]
    assert found(patient_id=noemie) == [model, photo, second, first]
    assert found(text="noemie bilan") == [photo, second, first]
    assert found(reading=ReadingState.UNREAD) == [volume, second, first]
    assert found(reading=ReadingState.NOT_NEEDED) == [model, photo]
    page = runner.ask(boss, library_studies, offset=1, limit=2)
    assert (page.total, [line.study_id for line in page.lines]) == (5, [volume, photo])
    assert page.lines[0].counts == {LibraryKind.VOLUME: 3}
    assert page.lines[1].patient_name == "Côté-Lévesque Noémie"


def test_images_a_volume_is_one_line(runner: Runner, boss: Actor, studies: tuple[StudyId, ...]) -> None:
    page = runner.ask(boss, library_images)
    assert page.total == 5
    assert {line.kind: line.in_series for line in page.lines}[LibraryKind.VOLUME] == 3
    (photo,) = runner.ask(boss, library_images, kind=LibraryKind.PHOTOGRAPH).lines
    assert runner.ask(boss, library_images, view=PhotoView.IV07).total == 0
    runner.run(boss, assign_view, photo.image.instance_id, PhotoView.IV07)
    (named,) = runner.ask(boss, library_images, view=PhotoView.IV07).lines
    assert named.image.view is PhotoView.IV07
    assert runner.ask(boss, library_studies, view=PhotoView.IV07).lines[0].study_id == photo.study_id


def test_counts_agree_with_the_lists(
    runner: Runner, boss: Actor, studies: tuple[StudyId, ...], take: Take, given: Path
) -> None:
    (given / "empty.dcm").write_bytes(b"")
    assert take(given / "empty.dcm").refused == 1
    counts = runner.ask(boss, library_counts)
    assert (counts.studies, counts.images) == (5, 7)
    assert counts.by_kind == {
        LibraryKind.RADIOGRAPH: 2, LibraryKind.PHOTOGRAPH: 1, LibraryKind.VOLUME: 3, LibraryKind.MODEL: 1,
    }  # fmt: skip
    for state, number in counts.by_reading.items():
        assert runner.ask(boss, library_studies, reading=state).total == number
    assert (counts.without_patient, counts.to_review, counts.quarantined) == (1, 0, 1)
    runner.run(boss, withdraw_study, studies[0])
    assert runner.ask(boss, library_counts).studies == 4


def test_a_reading_is_signed_kept_and_opened_again(
    workplace: Workplace, boss: Actor, studies: tuple[StudyId, ...]
) -> None:
    runner = workplace.runner
    done = runner.submit(boss, sign_reading, studies[0], "Rien à signaler").result()
    (line,) = runner.ask(boss, library_studies, reading=ReadingState.READ).lines
    assert (line.study_id, line.reading_id, line.read_at) == (studies[0], done.result, runner.clock.now())
    with pytest.raises(RuleViolation):
        runner.run(boss, sign_reading, studies[0])
    runner.run(boss, reopen_reading, done.result, "Mauvais patient")
    assert runner.ask(boss, library_studies, reading=ReadingState.READ).total == 0
    with pytest.raises(RuleViolation):
        runner.run(boss, reopen_reading, done.result)
    second = runner.run(boss, sign_reading, studies[0])
    acts = runner.ask(boss, study_readings, studies[0])
    assert {(act.act, act.words) for act in acts} == {
        (ReadingAct.SIGNED, "Rien à signaler"), (ReadingAct.REOPENED, "Mauvais patient"), (ReadingAct.SIGNED, None),
    }  # fmt: skip
    assert [act.reading_id for act in acts if act.in_force] == [second]
    assert {act.staff_id for act in acts} == {boss.id}
    assert workplace.verify().sound


def test_undoing_a_signature_opens_the_reading_and_keeps_the_trace(
    runner: Runner, boss: Actor, studies: tuple[StudyId, ...]
) -> None:
    done = runner.submit(boss, sign_reading, studies[0]).result()
    runner.undo(boss, done.operation_id)
    assert runner.ask(boss, library_studies, reading=ReadingState.READ).total == 0
    assert {act.act for act in runner.ask(boss, study_readings, studies[0])} == {
        ReadingAct.SIGNED, ReadingAct.REOPENED,
    }  # fmt: skip


def test_nobody_signs_without_the_right_without_a_chart_or_without_an_image(
    runner: Runner, boss: Actor, studies: tuple[StudyId, ...]
) -> None:
    with pytest.raises(PermissionDenied):
        runner.run(Actor("x", "X", frozenset({IMPORT_IMAGES.name})), sign_reading, studies[0])
    for wrong in (studies[3], studies[4]):
        with pytest.raises(RuleViolation):
            runner.run(boss, sign_reading, wrong)


def test_images_that_come_after_the_signature_are_read_anew(
    folder: Path, boss: Actor, given: Path, clock: Clock
) -> None:
    later = Clock.fixed(datetime(2026, 11, 25, 9, 0, tzinfo=ZoneInfo("America/Toronto")))
    with open_workplace(folder, clock=clock) as place:
        patient = place.runner.run(boss, create_patient, "Roy", "Léa", date(2010, 1, 1))
        report: ImportReport = import_paths(place.runner, boss, [study(given, 1)], patient_id=patient)
        place.runner.run(boss, sign_reading, report.studies[0])
    with open_workplace(folder, clock=later) as place:
        again = study(given, 1, SOPInstanceUID="1.2.1.1.2")
        import_paths(place.runner, boss, [again], patient_id=patient)
        (line,) = place.runner.ask(boss, reading_queue).lines
        assert line.reading is ReadingState.NEW_IMAGES
        place.runner.run(boss, sign_reading, line.study_id)
        assert place.runner.ask(boss, reading_queue).total == 0


def test_the_queue_of_a_doctor_holds_her_own_first_and_nobodys_last(
    workplace: Workplace, boss: Actor, studies: tuple[StudyId, ...], noemie: PatientId
) -> None:
    runner = workplace.runner
    hers, his = (
        runner.run(boss, create_staff, name, name.title(), [Role.ORTHODONTIST], Secret("Un-mot-de-passe-long-7"))
        for name in ("celine", "marc")
    )
    runner.run(boss, assign_reader, studies[1], hers)
    assert [line.study_id for line in runner.ask(boss, reading_queue, hers).lines] == [studies[1], studies[0]]
    assert [line.study_id for line in runner.ask(boss, reading_queue, his).lines] == [studies[0]]
    assert runner.ask(boss, reading_queue).total == 2, "the volume has no chart yet"
    runner.run(boss, assign_study, studies[3], noemie)
    assert runner.ask(boss, reading_queue).total == 3
    (line,) = runner.ask(boss, library_studies, reader_id=hers).lines
    assert line.reader == "Celine"
    done = runner.submit(boss, assign_reader, studies[1]).result()
    assert runner.ask(boss, library_studies, reader_id=hers).total == 0
    runner.undo(boss, done.operation_id)
    assert runner.ask(boss, library_studies, reader_id=hers).total == 1


def test_files_set_aside_by_page_name_and_reason(runner: Runner, boss: Actor, take: Take, given: Path) -> None:
    (given / "a note.txt").write_text("hello")
    (given / "b.dcm").write_bytes(b"")
    (given / "c.dcm").write_bytes(b"")
    take(given)
    page = runner.ask(boss, quarantine_page, limit=2)
    assert (page.total, len(page.lines)) == (3, 2)
    assert page.reasons == {Reason.NOT_SUPPORTED: 1, Reason.EMPTY: 2}
    assert runner.ask(boss, quarantine_page, reason=Reason.EMPTY).total == 2
    (line,) = runner.ask(boss, quarantine_page, text="note a").lines
    assert line.received_file == "a note.txt"
