"""Devices are changed and withdrawn: who may connect before and after, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.errors import PermissionDenied, RuleViolation
from app.gateway.commands import add_peer, change_peer, withdraw_peer
from app.gateway.queries import PeerLine, dicom_peers
from app.gateway.vocabulary import CharacterSet, PeerId, PeerRight
from app.journal.queries import Actor
from app.journal.runner import Runner
from app.practice.commands import add_clinic, add_equipment
from app.practice.vocabulary import EquipmentKind

NOTHING_ALLOWED = Actor("x", "x")


@pytest.fixture
def pano(runner: Runner, boss: Actor) -> PeerId:
    """An X-ray unit."""
    return runner.run(boss, add_peer, "Pano", "PANO", "192.168.1.20", 104)


def line_of(runner: Runner, boss: Actor, peer_id: PeerId) -> PeerLine:
    return next(line for line in runner.ask(boss, dicom_peers) if line.peer_id == peer_id)


def titles(runner: Runner, boss: Actor) -> list[str]:
    return [line.ae_title for line in runner.ask(boss, dicom_peers)]


def test_of_a_device_what_is_given_changes_and_the_rest_stays(runner: Runner, boss: Actor, pano: PeerId) -> None:
    first = line_of(runner, boss, pano)
    runner.run(boss, change_peer, pano, port=0)
    before = line_of(runner, boss, pano)
    assert (first.port, before.port, before.address, before.ae_title) == (104, None, "192.168.1.20", "PANO")
    clinic = runner.run(boss, add_clinic, "Clinique Rosemont")
    unit = runner.run(boss, add_equipment, clinic, "Pano", EquipmentKind.XRAY)
    given: dict[str, Any] = {
        "name": "Panoramique", "ae_title": "PANO2", "address": "192.168.1.0/24", "port": 11112,
        "character_set": CharacterSet.UTF_8, "equipment_id": unit, "tls_only": True,
    }  # fmt: skip
    done = runner.submit(boss, change_peer, pano, rights=[PeerRight.ECHO, PeerRight.FIND], **given).result()
    after = line_of(runner, boss, pano)
    assert {column: getattr(after, column) for column in given} == given
    assert (after.rights, after.equipment_kind) == ({PeerRight.ECHO, PeerRight.FIND}, EquipmentKind.XRAY)
    runner.undo(boss, done.operation_id)
    assert line_of(runner, boss, pano) == before


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ae_title": "CEPH"}, "ae_title"),
        ({"ae_title": "TWO WORDS"}, "ae_title"),
        ({"address": "next door"}, "address"),
        ({"port": 70000}, "port"),
    ],
)
def test_a_change_that_no_device_could_have_is_refused_whole(
    runner: Runner, boss: Actor, pano: PeerId, given: dict[str, Any], field: str
) -> None:
    runner.run(boss, add_peer, "Ceph", "CEPH")
    before = line_of(runner, boss, pano)
    with pytest.raises(RuleViolation) as refused:
        runner.run(boss, change_peer, pano, name="Renamed", **given)
    assert refused.value.field == field
    assert line_of(runner, boss, pano) == before


def test_a_withdrawn_device_is_let_in_no_more_and_its_title_is_free(runner: Runner, boss: Actor, pano: PeerId) -> None:
    assert titles(runner, boss) == ["PANO"]
    for command in (withdraw_peer, change_peer):
        with pytest.raises(PermissionDenied):
            runner.run(NOTHING_ALLOWED, command, pano)
    runner.run(boss, withdraw_peer, pano)
    assert titles(runner, boss) == []
    for command in (withdraw_peer, change_peer):
        with pytest.raises(RuleViolation, match="This device was withdrawn"):
            runner.run(boss, command, pano)
    assert runner.run(boss, add_peer, "Pano", "PANO") != pano
    assert titles(runner, boss) == ["PANO"]


def test_to_undo_a_device_withdraws_it(runner: Runner, boss: Actor, pano: PeerId) -> None:
    done = runner.submit(boss, add_peer, "Ceph", "CEPH").result()
    assert titles(runner, boss) == ["CEPH", "PANO"]
    runner.undo(boss, done.operation_id)
    assert titles(runner, boss) == ["PANO"]
    with pytest.raises(RuleViolation, match="This device was withdrawn"):
        runner.run(boss, change_peer, done.result, name="Again")
