"""Looking in several archives and moving between them: one is dead, one lies, two disagree."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pynetdicom import AE, evt
from pynetdicom.sop_class import (
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelMove,
)

from app.archives.across import Came, Copy, Ended, Question, Way, gathered
from app.archives.commands import add_archive
from app.archives.queries import ArchiveLine, archives
from app.archives.vocabulary import ArchiveKind
from app.journal.queries import Actor
from app.journal.workplace import Workplace
from sync.dicom.across import find_across
from sync.dicom.moving import move_between, probe
from tests.sync.dicom.orthanc import Orthanc, free_port
from tests.sync.dicom.peers import film, films, run


def add(workplace: Workplace, boss: Actor, title: str, port: int) -> ArchiveLine:
    workplace.runner.run(boss, add_archive, title, ArchiveKind.CLASSIC, "127.0.0.1", port, title)
    return next(line for line in workplace.runner.ask(boss, archives) if line.name == title)


@pytest.fixture
def pair(workplace: Workplace, boss: Actor, tmp_path: Path) -> Iterator[list[tuple[Orthanc, ArchiveLine]]]:
    second = Orthanc(tmp_path / "b", "VNAB")
    first = Orthanc(tmp_path / "a", "VNAA", {"b": ["VNAB", "127.0.0.1", second.dicom]})
    for one in (first, second):
        one.start()
    yield [(one, add(workplace, boss, one.title, one.dicom)) for one in (first, second)]
    for one in (first, second):
        one.kill()


def give(archive: Orthanc, *paths: Path) -> None:
    said = run("storescu", "-R", "-aec", archive.title, "127.0.0.1", archive.dicom, *paths)
    assert said.returncode == 0, said.stderr


def test_the_living_answer_at_once_and_the_dead_are_named(
    workplace: Workplace, boss: Actor, tmp_path: Path, pair: list[tuple[Orthanc, ArchiveLine]]
) -> None:
    give(pair[0][0], *films(tmp_path / "given", 12, PatientName="Gagné^Zoé"))
    other = film(0, PatientName="Gagné^Zoé", PatientID="OTHER")
    other.save_as(tmp_path / "other.dcm", enforce_file_format=True)
    give(pair[1][0], tmp_path / "other.dcm")
    dead = add(workplace, boss, "DEAD", free_port())
    lines = workplace.runner.ask(boss, archives)
    said = list(find_across(workplace.runner, workplace.folder, lines, Question(patient_name="GAGNE*")))
    ends = {one.archive_id: one for one in said if isinstance(one, Ended)}
    assert ends[dead.archive_id].came is Came.UNREACHABLE
    assert (ends[pair[0][1].archive_id].came, ends[pair[0][1].archive_id].found) == (Came.OK, 2)
    studies = gathered([one for one in said if isinstance(one, Copy)])
    assert sorted((len(study.copies), study.is_conflict) for study in studies) == [(1, False), (2, True)]


def test_a_silent_archive_is_not_waited_for(workplace: Workplace, boss: Actor) -> None:
    entity = AE("SLOW")
    entity.add_supported_context(StudyRootQueryRetrieveInformationModelFind)

    def slow(event: Any) -> Iterator[Any]:
        time.sleep(3)
        yield 0x0000, None

    port = free_port()
    server = entity.start_server(("127.0.0.1", port), block=False, evt_handlers=[(evt.EVT_C_FIND, slow)])
    line = add(workplace, boss, "SLOW", port)
    (said,) = find_across(workplace.runner, workplace.folder, [line], Question(), 0.5)
    server.shutdown()
    assert isinstance(said, Ended)
    assert said.came is Came.TIMEOUT


def test_a_study_goes_over_whole_and_only_once(
    workplace: Workplace, tmp_path: Path, pair: list[tuple[Orthanc, ArchiveLine]]
) -> None:
    (first, source), (second, destination) = pair
    sent = films(tmp_path / "given", 10)
    give(first, *sent)
    study = str(film(0).StudyInstanceUID)
    done = move_between(workplace.runner, workplace.folder, source, destination, study)
    assert (done.way, done.wanted, done.arrived, done.is_whole) == (Way.MOVE, 10, 10, True)
    assert len(second.instances()) == 10
    again = move_between(workplace.runner, workplace.folder, source, destination, study)
    assert (again.way, again.there_before) == (Way.NOTHING, 10)


def test_archives_that_do_not_know_each_other_are_helped(
    workplace: Workplace, tmp_path: Path, pair: list[tuple[Orthanc, ArchiveLine]]
) -> None:
    (first, destination), (second, source) = pair  # the second knows nobody
    give(second, *films(tmp_path / "given", 5))
    done = move_between(workplace.runner, workplace.folder, source, destination, str(film(0).StudyInstanceUID))
    assert (done.way, done.arrived, done.is_whole) == (Way.THROUGH_US, 5, True)
    assert len(first.instances()) == 5


def test_a_move_that_only_says_success_is_found_out(workplace: Workplace, boss: Actor) -> None:
    def found(event: Any) -> Iterator[Any]:
        answer = Dataset()
        keys = event.identifier
        answer.QueryRetrieveLevel, answer.StudyInstanceUID = keys.QueryRetrieveLevel, keys.StudyInstanceUID
        answer.SeriesInstanceUID, answer.SOPInstanceUID = "1.2.3.4", "1.2.3.4.5"
        yield 0xFF00, answer

    def liar(title: str, handlers: list[Any]) -> Any:
        entity = AE(title)
        entity.add_supported_context(StudyRootQueryRetrieveInformationModelFind)
        entity.add_supported_context(StudyRootQueryRetrieveInformationModelMove)
        return entity.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers)

    source = liar("LIAR", [(evt.EVT_C_FIND, found), (evt.EVT_C_MOVE, said_success)])
    empty = liar("EMPTY", [(evt.EVT_C_FIND, lambda event: iter(()))])
    servers = {"LIAR": source, "EMPTY": empty}
    lines = [add(workplace, boss, title, server.server_address[1]) for title, server in servers.items()]
    done = move_between(workplace.runner, workplace.folder, *lines, "1.2.3")
    source.shutdown()
    empty.shutdown()
    assert done.said == 0x0000
    assert done.missing == ("1.2.3.4.5",)


def said_success(event: Any) -> Iterator[Any]:
    """As Orthanc does for an object that does not exist: zero sub-operations, success."""
    yield "127.0.0.1", 1
    yield 0


def test_what_an_archive_can_do_is_told_with_reasons(
    workplace: Workplace, boss: Actor, pair: list[tuple[Orthanc, ArchiveLine]]
) -> None:
    able = {one.capability: one.works for one in probe(workplace.runner, workplace.folder, pair[0][1])}
    assert able["echo"]
    assert able["store"]
    assert able["find"]
    deaf = probe(workplace.runner, workplace.folder, add(workplace, boss, "DEAD", free_port()))
    assert all(not one.works and one.reason for one in deaf)
