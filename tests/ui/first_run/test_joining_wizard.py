"""A computer joins its practice through the wizard: the code typed, everything copied, opened at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from app.devices.commands import invite_device, withdraw_invitation
from app.journal.queries import SYSTEM
from app.journal.workplace import exists, open_workplace
from app.patients.commands import create_patient
from sync.server.certificates import fingerprint
from sync.server.enrolment import note_whereabouts
from sync.server.http.routes import enrolment
from tests.sync.served import Served, served
from tests.ui.conftest import settle
from ui.first_run import pictures
from ui.first_run.end_pages import MakingPage
from ui.first_run.opening_pages import CodePage, KindPage
from ui.first_run.wizard import Wizard


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "practice") as made:
        runner = made.practice.workplace.runner
        note_whereabouts(runner, f"127.0.0.1:{made.serving.port}", fingerprint(made.serving.authority))
        runner.run(SYSTEM, create_patient, "Lavoie", "Olivia")
        enrolment._tries._buckets.clear()
        yield made


def to_the_code(wizard: Wizard) -> CodePage:
    wizard.go_on()
    assert isinstance(wizard.page, KindPage)
    wizard.page._join.setChecked(True)
    wizard.go_on()
    settle(wizard)
    assert isinstance(wizard.page, CodePage)
    return wizard.page


def test_a_computer_joins_by_its_code(server: Served, wizard: Wizard, tmp_path: Path) -> None:
    opened: list[Path] = []
    wizard.finished.connect(opened.append)
    page = to_the_code(wizard)
    page.fields["code"].editor.set_value("not a code")
    wizard.go_on()
    assert wizard.page is page, "what is no code is told here"
    code = server.practice.workplace.runner.run(SYSTEM, invite_device, "Fauteuil 4")
    page.fields["code"].editor.set_value(code)
    wizard.go_on()
    pictures.wait(wizard)
    settle(wizard)
    made = wizard.page
    assert isinstance(made, MakingPage)
    assert made.done
    told = " ".join(label.text() for label in made.findChildren(QLabel))
    assert "recovery key" in told
    wizard.go_on()
    assert opened == [tmp_path / "data"]
    with open_workplace(tmp_path / "data") as place, place.runner.read(SYSTEM) as read:
        assert read.sql("SELECT given_name FROM patient") == [("Olivia",)]


def test_a_code_that_is_refused_is_said_and_leaves_nothing_in_the_way(
    server: Served, wizard: Wizard, tmp_path: Path
) -> None:
    page = to_the_code(wizard)
    code = server.practice.workplace.runner.run(SYSTEM, invite_device, "Fauteuil 4")
    with server.practice.workplace.runner.read(SYSTEM) as read:
        ((invitation,),) = read.sql("SELECT id FROM workstation_invitation")
    server.practice.workplace.runner.run(SYSTEM, withdraw_invitation, invitation)
    page.fields["code"].editor.set_value(code)
    wizard.go_on()
    pictures.wait(wizard)
    settle(wizard)
    made = wizard.page
    assert isinstance(made, MakingPage)
    assert made.stuck
    assert not exists(tmp_path / "data")
    wizard.go_back()
    assert wizard.page is page, "another code may be entered"
