"""The password is asked for again when a command needs it; the command then runs as the same person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.access.commands import set_pin
from app.access.confirmation import require_signature
from app.access.sign_in_rows import lock_session
from app.cli.demo_people import PASSWORD
from app.core.secret import Secret
from app.journal.commands import COMMANDS, command
from app.journal.transaction import Transaction
from ui.shell.window import Window

Rest = Callable[[Window], None]


@pytest.fixture
def sign() -> Any:
    """A command that signs."""

    @command(permission=None, label="Sign the sample letter")
    def sign_sample_letter(tx: Transaction, text: str) -> str:
        """Sign a letter."""
        require_signature(tx)
        return f"{tx.actor.name}: {text}"

    yield sign_sample_letter
    del COMMANDS["sign_sample_letter"]


@pytest.fixture
def stale(window: Window) -> Window:
    """The password was given long ago: the session was locked and opened by PIN since."""
    from app.journal.commands import Command

    signed = window.session.signed
    assert signed is not None
    runner, keeper = window.bench.runner, window.session.gatekeeper
    runner.run(signed.actor, set_pin, Secret("258036"))
    runner.run(signed.actor, Command(lock_session, None, ""), signed.session_id)
    keeper.unlock_with_pin(signed.session_id, Secret("258036"))
    return window


def give(window: Window, password: str, rest: Rest) -> None:
    dialog = window.session.confirmer.dialog
    assert dialog is not None
    dialog.password.setText(password)
    QTest.keyClick(dialog.password, Qt.Key.Key_Return)
    rest(window)


def test_a_fresh_password_needs_no_dialog(window: Window, sign: Any, rest: Rest) -> None:
    done: list[str] = []
    window.bench.run(sign, "yes").then(done.append)
    rest(window)
    assert done
    assert window.session.confirmer.dialog is None


def test_the_command_runs_after_the_right_password(stale: Window, sign: Any, rest: Rest) -> None:
    done: list[str] = []
    ended: list[bool] = []
    stale.bench.run(sign, "yes").then(done.append).at_end(lambda: ended.append(True))
    rest(stale)
    assert (done, ended) == ([], [])
    dialog = stale.session.confirmer.dialog
    assert dialog is not None
    assert dialog.isVisible()
    give(stale, "a wrong password", rest)
    assert dialog.field.error(), "the refusal stands under the field"
    assert done == []
    give(stale, PASSWORD, rest)
    assert done == [f"{stale.bench.actor.name}: yes"]
    assert ended == [True]
    assert stale.session.confirmer.dialog is None


def test_the_pin_of_who_has_one_is_enough(stale: Window, sign: Any, rest: Rest) -> None:
    signed = stale.session.signed
    assert signed is not None
    stale.session.signed = replace(signed, has_pin=True)
    done: list[str] = []
    stale.bench.run(sign, "yes").then(done.append)
    rest(stale)
    give(stale, "908173", rest)
    dialog = stale.session.confirmer.dialog
    assert dialog is not None
    assert "4" in dialog.field.error(), "the tries that are left"
    give(stale, "258036", rest)
    assert done == [f"{stale.bench.actor.name}: yes"]


def test_giving_up_says_why_nothing_was_done(stale: Window, sign: Any, rest: Rest) -> None:
    said: list[str] = []
    ended: list[bool] = []
    stale.bench.presenter.said.connect(lambda _severity, sentence: said.append(sentence))
    stale.bench.run(sign, "yes").at_end(lambda: ended.append(True))
    rest(stale)
    dialog = stale.session.confirmer.dialog
    assert dialog is not None
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    rest(stale)
    assert said == ["Confirm your password to continue."]
    assert ended == [True]


def test_two_commands_ask_once(stale: Window, sign: Any, rest: Rest) -> None:
    done: list[str] = []
    for text in ("one", "two"):
        stale.bench.run(sign, text).then(done.append)
    rest(stale)
    give(stale, PASSWORD, rest)
    assert [line.rpartition(" ")[2] for line in done] == ["one", "two"]
    assert stale.session.confirmer.dialog is None


def test_locking_closes_the_question(stale: Window, sign: Any, rest: Rest) -> None:
    done: list[str] = []
    stale.bench.run(sign, "yes").then(done.append)
    rest(stale)
    stale.lock()
    rest(stale)
    assert stale.session.confirmer.dialog is None
    assert done == []


def test_every_control_of_the_question_has_a_name(
    stale: Window, sign: Any, rest: Rest, unnamed: Any, clipped: Any
) -> None:
    stale.bench.run(sign, "yes")
    rest(stale)
    dialog = stale.session.confirmer.dialog
    assert dialog is not None
    assert unnamed(dialog) == []
    assert clipped(dialog) == []
    dialog.reject()
    rest(stale)
