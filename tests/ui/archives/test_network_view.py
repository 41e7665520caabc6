"""Devices, archives, routes, queues, the search and the monitor: empty, filled, tried, changed; both languages fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.archives.commands import add_archive, add_routing_rule, note_answer, note_sent, route_images
from app.archives.queries import (
    ArchiveId,
    ArchiveKind,
    Came,
    Comparison,
    Condition,
    Copy,
    Ended,
    Fact,
    Failure,
    Moved,
    Question,
    TransferState,
    Way,
    archives,
    due_transfers,
    routing_rules,
)
from app.archives.sending import Answered, Probed, Sent
from app.core.errors import Unreachable
from app.gateway.commands import Noted, add_peer, note_gateway
from app.gateway.queries import dicom_peers
from app.gateway.vocabulary import GatewayEvent, Refusal
from app.imaging import workers
from app.imaging.importing import import_paths
from app.imaging.vocabulary import InstanceId
from app.journal.queries import SYSTEM
from sync.dicom import reaching
from tests.app.imaging import samples
from tests.ui.set_up_window import BOSS, enter, put
from ui.archives.network_view import SECTIONS, NetworkView
from ui.shell.offscreen import settle, wear
from ui.shell.window import Window
from ui.widgets.labels import Label
from ui.widgets.pills import SeverityChip
from ui.widgets.tables import Table

NAMES = [item.page.name for item in SECTIONS]


def part(window: Window, name: str) -> Any:
    """The pane of a section, opened."""
    window.open("devices", section=name)
    settle(window)
    view = window.screens["devices"]
    assert isinstance(view, NetworkView)
    return view.pane


def words(widget: QWidget) -> str:
    """Everything that is said there: labels, chips, cells of tables."""
    said = [label.text() for label in widget.findChildren(Label) if label.isVisibleTo(widget)]
    said += [chip.text() for chip in widget.findChildren(SeverityChip) if chip.isVisibleTo(widget)]
    for table in widget.findChildren(Table):
        model = table.model()
        said += [
            str(model.data(model.index(row, column)) or "")
            for row in range(model.rowCount())
            for column in range(model.columnCount())
        ]
    return " ".join(said)


def until(window: Window, widget: QWidget, said: str) -> None:
    for _turn in range(300):
        settle(window)
        if said in words(widget):
            return
        QTest.qWait(10)
    raise AssertionError(f"{said} is not said: {words(widget)}")


def ask(window: Window, query: Any, *args: Any) -> Any:
    return window.bench.runner.ask(BOSS, query, *args)


@pytest.fixture
def network(window: Window, tmp_path: Path) -> tuple[ArchiveId, ArchiveId]:
    """A unit, an archive that answers and a dead one, two rules, three images of which one was given up."""
    run = window.bench.runner.run
    run(BOSS, add_peer, "Panoramique", "PANO", "192.168.1.20")
    first = run(BOSS, add_archive, "Orthanc", ArchiveKind.ORTHANC, "192.168.1.5", 4242, "ORTHANC", is_default=True)
    second = run(BOSS, add_archive, "VNA hospitalière", ArchiveKind.CLASSIC, "10.0.0.9", 104, "VNA")
    can = [Probed("echo", True), Probed("commitment", False, "It does not offer this.")]
    run(SYSTEM, note_answer, Answered(first, None, can))
    for _time in range(2):
        run(SYSTEM, note_answer, Answered(second, Failure.TRANSPORT))
    kinds = Condition(Fact.MODALITY, Comparison.ONE_OF, ["CT", "PX"])
    volumes = [kinds, Condition(Fact.SIZE_KB, Comparison.BETWEEN, ["100", "90000"])]
    run(BOSS, add_routing_rule, "Volumes", [second, first], volumes)
    run(BOSS, add_routing_rule, "Everything", [first])
    given = tmp_path / "given"
    given.mkdir()
    for number in range(3):
        samples.dicom_file(given / f"{number}.dcm", f"1.1.{number}", shade=number)
    report = import_paths(window.bench.runner, BOSS, [given])
    workers.close()
    run(SYSTEM, route_images, [InstanceId(str(file.instance_id)) for file in report.files])
    due = ask(window, due_transfers, first)
    refused = Sent(due[0].transfer_id, TransferState.WAITING, Failure.NOT_SUPPORTED, 0x0122)
    run(SYSTEM, note_sent, [refused])
    stranger = Noted(GatewayEvent.REFUSED, "STRANGER", "192.168.1.77", Refusal.UNKNOWN_CALLER)
    served = Noted(GatewayEvent.SERVED, "PANO", "192.168.1.20", count=4, size_bytes=40_000_000)
    run(SYSTEM, note_gateway, [Noted(GatewayEvent.STARTED), stranger, served])
    settle(window)
    return first, second


EMPTY = {
    "archives": "There is no archive yet.", "rules": "There is no rule yet.", "queues": "There is no archive yet.",
    "across": "Nothing was searched for yet.", "devices": "No device may connect yet.",
    "monitor": "Nothing has happened at the gateway of this computer.", "review": "",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_network_says_what_to_do(window: Window, name: str) -> None:
    until(window, part(window, name), EMPTY[name])


def test_archives_tell_how_they_answer_and_what_they_can_do(
    window: Window, network: tuple[ArchiveId, ArchiveId], monkeypatch: pytest.MonkeyPatch
) -> None:
    pane = part(window, "archives")
    until(window, pane, "VNA hospitalière")
    until(window, pane, "Does not answer")
    pane.table.choose(0)
    until(window, pane, "Test of the connection (C-ECHO): yes")
    until(window, pane, "Storage commitment: no — It does not offer this.")
    tried: list[ArchiveId] = []

    def tries(runner: Any, actor: Any, archive_id: ArchiveId) -> list[Probed]:
        tried.append(archive_id)
        runner.run(SYSTEM, note_answer, Answered(archive_id, None, [Probed("find", True)]))
        return []

    monkeypatch.setattr(reaching, "try_archive", tries)
    pane._box.try_now()
    until(window, pane, "Search (C-FIND): yes")
    assert tried == [network[0]]


def test_an_archive_is_added_and_switched_off_in_its_form(window: Window) -> None:
    pane = part(window, "archives")
    pane.start_new()
    put(pane, name="Voûte", host="192.168.1.6", ae_title="VOUTE", flags=("is_default", "enabled"))
    pane.save()
    until(window, pane, "Voûte")
    (line,) = ask(window, archives)
    assert (line.port, line.is_default, line.enabled, line.kind) == (4242, True, True, ArchiveKind.ORTHANC)
    put(pane, flags=())
    pane.save()
    until(window, pane, "Switched off")
    (line,) = ask(window, archives)
    assert (line.is_default, line.enabled) == (False, False)
    put(pane, ae_title="TROP LONG POUR UN TITRE")
    pane.save()
    settle(window)
    assert "AE title" in pane.form.fields["ae_title"].error()


def test_a_rule_is_built_tried_and_read_earlier(window: Window, network: tuple[ArchiveId, ArchiveId]) -> None:
    _first, second = network
    pane = part(window, "rules")
    until(window, pane, "Modality is one of CT, PX and Size in kilobytes is between 100 and 90000")
    pane.start_new()
    put(pane, name="Films to the hospital", destinations=(second,))
    field = pane.form.fields["conditions"].editor
    field.add_row()
    field.rows[0].set_value(("modality", "is", ("DX",)))
    assert "DX" in field.known.modalities
    pane.dry_run.run()
    until(window, pane.dry_run, "3 images would go elsewhere than now; they stand first.")
    until(window, pane.dry_run, "Volumes: condition 1 does not hold")
    until(window, pane.dry_run, "Orthanc, VNA hospitalière")
    assert len(ask(window, routing_rules)) == 2, "trying saves nothing"
    pane.save()
    until(window, pane, "Films to the hospital")
    rule = ask(window, routing_rules)[-1]
    assert rule.conditions == (Condition(Fact.MODALITY, Comparison.IS, ["DX"]),)
    assert rule.destinations == (second,)
    pane._up.click()
    settle(window)
    assert [line.name for line in ask(window, routing_rules)] == ["Volumes", "Films to the hospital", "Everything"]
    put(pane, every="any", verification="none")
    pane.save()
    settle(window)
    put(pane, verification="")
    pane.save()
    settle(window)
    rule = ask(window, routing_rules)[1]
    assert (rule.every, rule.verification) == (False, None)


def test_conditions_are_chosen_from_what_the_clinic_has(window: Window, network: tuple[ArchiveId, ArchiveId]) -> None:
    pane = part(window, "rules")
    pane.start_new()
    field = pane.form.fields["conditions"].editor
    field.add_row()
    row = field.rows[0]
    for fact, values in (("clinic", ("Clinique Rosemont",)), ("weekday", ("monday", "friday")),
                         ("preference", ("Orthanc", "VNA hospitalière"))):  # fmt: skip
        row.set_value((fact, "one_of", values))
        assert row.value() == (fact, "one_of", values)
    row.set_value(("study_description", "matches", ("^pano.*$",)))
    assert field.conditions() == [Condition(Fact.STUDY_DESCRIPTION, Comparison.MATCHES, ["^pano.*$"])]
    row.removed.emit(row)
    assert field.value() == ()


def test_what_was_given_up_stands_with_its_reason_and_is_sent_again(
    window: Window, network: tuple[ArchiveId, ArchiveId]
) -> None:
    pane = part(window, "queues")
    until(window, pane, "The archive does not take this kind of object or its compression. (0x0122)")
    until(window, pane, "Volumes: condition 1 does not hold")
    assert pane.chosen().archive_id == network[0], "the queue that needs somebody stands first"
    pane._retry.click()
    settle(window)
    (line, _other) = ask(window, archives)
    assert (line.dead, line.waiting) == (0, 3)
    assert not pane._retry.isVisibleTo(pane)


def copy(archive: ArchiveId, study: str, number: str, count: int | None) -> Copy:
    return Copy(archive, study, "Tremblay^Élodie", number, "", "20120517", "20261120", "Panoramique", ("PX",), count)


def test_answers_come_as_they_are_given_and_the_dead_are_named(
    window: Window, network: tuple[ArchiveId, ArchiveId], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = network
    asked: list[Question] = []

    def look(runner: Any, actor: Any, question: Question) -> Iterator[Copy | Ended]:
        asked.append(question)
        yield copy(first, "1.2.3", "SIM-1", 2)
        yield Ended(first, Came.OK, 1)
        yield copy(second, "1.2.3", "SIM-9", None)
        yield Ended(second, Came.TIMEOUT, 0)

    monkeypatch.setattr(reaching, "look_across", look)
    pane = part(window, "across")
    until(window, pane, "")
    pane.fields["name"].editor.set_value("trem")
    pane.fields["first"].editor.set_value("2026-11-01")
    pane.look()
    until(window, pane, "VNA hospitalière: Too slow")
    assert asked == [Question("trem*", "", "20261101-")]
    until(window, pane, "Conflict: Tremblay, Élodie")
    until(window, pane, "number of images not told")
    until(window, pane, "Nothing is merged")


def test_a_study_is_copied_over_and_a_lie_is_said(
    window: Window, network: tuple[ArchiveId, ArchiveId], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = network
    ends = [
        Moved(Way.MOVE, 3, 0, 1, ("1.1", "1.2"), 0), Moved(Way.THROUGH_US, 3, 1, 2, (), 0), Unreachable("Nobody there"),
    ]  # fmt: skip
    told: list[tuple[ArchiveId, ArchiveId, str]] = []

    def bring(runner: Any, actor: Any, source: ArchiveId, destination: ArchiveId, study: str) -> Moved:
        told.append((source, destination, study))
        end = ends.pop(0)
        if isinstance(end, Unreachable):
            raise end
        return end

    monkeypatch.setattr(reaching, "look_across", lambda *_given: iter([copy(first, "1.2.3", "SIM-1", 3)]))
    monkeypatch.setattr(reaching, "bring_over", bring)
    pane = part(window, "across")
    until(window, pane, "")
    pane.look()
    until(window, pane, "Tremblay, Élodie")
    pane.found.move_study()
    until(window, pane.found, "Only 1 of 3 images are there.")
    until(window, pane.found, "The source had said that it sent everything.")
    pane.found.move_study()
    until(window, pane.found, "All 3 images are there now. It went through this computer.")
    pane.found.move_study()
    for _turn in range(100):
        settle(window)
        if not pane.found._moving:
            break
        QTest.qWait(10)
    assert told == [(first, second, "1.2.3")] * 3


def test_a_device_is_added_with_the_rights_of_a_unit_and_changed(window: Window) -> None:
    pane = part(window, "devices")
    pane.start_new()
    put(pane, name="Pano", ae_title="PANO", address="192.168.1.20")
    pane.save()
    until(window, pane, "192.168.1.20")
    (line,) = ask(window, dicom_peers)
    assert {right.value for right in line.rights} == {"echo", "store", "worklist", "step"}
    device = pane.form.fields["equipment_id"].editor.itemData(1)
    put(pane, equipment_id=device, rights=("echo", "find"), flags=("tls_only",), port=104)
    pane.save()
    settle(window)
    (line,) = ask(window, dicom_peers)
    assert (line.equipment_name, line.tls_only, line.port) == ("Pano", True, 104)
    put(pane, equipment_id="")
    pane.save()
    settle(window)
    assert ask(window, dicom_peers)[0].equipment_id is None
    assert "ARCHWIRE" in words(pane), "what is to be entered on the unit"


def test_the_monitor_names_devices_and_reasons(window: Window, network: tuple[ArchiveId, ArchiveId]) -> None:
    pane = part(window, "monitor")
    until(window, pane, "No device of this AE title is known.")
    until(window, pane, "4 images · 40.0 MB")
    until(window, pane, "Runs")


def test_who_may_not_set_up_sees_and_changes_nothing(gate: Window) -> None:
    run = gate.bench.runner.run
    run(BOSS, add_archive, "Orthanc", ArchiveKind.ORTHANC, "192.168.1.5", 4242, "ORTHANC")
    enter(gate, "julie")
    for name in ("archives", "rules", "devices"):
        pane = part(gate, name)
        settle(gate)
        assert not pane.form.save.isEnabled()
        assert not pane.new.isEnabled()


@pytest.mark.parametrize("text", ["100", "200"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_section_is_named_and_nothing_is_cut(
    window: Window, network: tuple[ArchiveId, ArchiveId], language: str, text: str,
    clipped: Callable[[QWidget], list[str]], unnamed: Callable[[QWidget], list[str]],
) -> None:  # fmt: skip
    wear(window, language, "light", text)
    found = {}
    for name in NAMES:
        part(window, name)
        faults = [*clipped(window), *unnamed(window)]
        if faults:
            found[name] = faults
    assert found == {}
