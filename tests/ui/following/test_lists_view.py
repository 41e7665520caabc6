"""The lists: filled, filtered, worked on by the keyboard, exported; recalls and short notice beside them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.core.ids import PatientId, StaffId
from app.journal.queries import SYSTEM
from app.patients.queries import patient_list
from app.scheduling import commands as do
from app.scheduling import queries as ask
from app.scheduling.queries import Blocker, ContactOutcome, FollowUpList, RecallKind
from tests.conftest import NOW
from ui.following.forms import AssignForm, ContactForm, ExpectedEndForm, RecallForm
from ui.following.lists_view import RECALLS, ListsView
from ui.shell.formats import day
from ui.shell.offscreen import settle, wear
from ui.shell.window import Window
from ui.widgets.fields import Choice, TextField
from ui.widgets.lists import COUNT

TODAY = NOW.date()


@pytest.fixture
def called(window: Window) -> list[PatientId]:
    """Three patients to be called back: late, soon and later."""
    runner = window.bench.runner
    for recall in runner.ask(SYSTEM, ask.recalls):
        runner.run(SYSTEM, do.withdraw_recall, recall.id)
    people = [row.id for row in runner.ask(SYSTEM, patient_list, limit=3).rows]
    for patient, days in zip(people, (-10, 5, 90), strict=True):
        runner.run(SYSTEM, do.add_recall, patient, RecallKind.OBSERVATION, TODAY + timedelta(days=days))
    return people


def until(window: Window, done: Callable[[], bool]) -> None:
    for _turn in range(400):
        settle(window)
        if done():
            settle(window)
            return
        QTest.qWait(10)
    raise AssertionError("it did not happen")


def page(window: Window, name: str) -> ListsView:
    window.open("lists", list=name)
    view = window.screens["lists"]
    assert isinstance(view, ListsView)
    until(window, lambda: view.index.count() == len(FollowUpList) + 1)
    return view


def line(window: Window, code: FollowUpList = FollowUpList.OBSERVATION_DUE) -> Any:
    (found,) = window.bench.runner.ask(window.bench.actor, ask.follow_up_list, code, True)
    return found


def press(view: QWidget, key: Qt.Key) -> None:
    view.setFocus()
    QTest.keyClick(view, key)


def send(form: Any) -> None:
    form.send()


def test_a_contact_is_noted_by_the_keyboard(
    window: Window, called: list[PatientId], unnamed: Callable[[QWidget], list[str]],
    clipped: Callable[[QWidget], list[str]],
) -> None:  # fmt: skip
    view = page(window, FollowUpList.OBSERVATION_DUE)
    until(window, lambda: view.follow.lines.rowCount() == 1)
    assert view.index.currentItem().data(COUNT) == "1"
    press(view.follow.table, Qt.Key.Key_C)
    until(window, lambda: bool(view.findChildren(ContactForm)))
    (form,) = view.findChildren(ContactForm)
    until(window, lambda: "555" in form.phones.text())
    assert unnamed(view) == []
    assert clipped(view) == []
    outcome = form.fields["outcome"].editor
    assert isinstance(outcome, Choice)
    outcome.set_value(ContactOutcome.LEFT_MESSAGE.value)
    send(form)
    until(window, lambda: line(window).last_contact_outcome is ContactOutcome.LEFT_MESSAGE)
    heads = [column.key for column in view.follow.columns()]
    until(window, lambda: view.follow.cells(line(window))[heads.index("next")] == "Call again")
    assert view.follow.table.hasFocus()
    window.bench.undo_last()
    until(window, lambda: line(window).last_contact_outcome is None)


def test_several_are_assigned_filtered_and_taken_back(window: Window, called: list[PatientId]) -> None:
    for patient in called[1:]:
        window.bench.runner.run(SYSTEM, do.add_recall, patient, RecallKind.RETENTION, TODAY - timedelta(days=1))
    view = page(window, FollowUpList.RETENTION_DUE)
    until(window, lambda: view.follow.lines.rowCount() == 2)
    view.follow.table.selectAll()
    view.follow._assign()
    (form,) = view.findChildren(AssignForm)
    owner, blocker = form.fields["owner_id"].editor, form.fields["blocker"].editor
    assert isinstance(owner, Choice)
    assert isinstance(blocker, Choice)
    owner.set_value(window.bench.actor.id)
    blocker.set_value(Blocker.COST.value)
    send(form)

    def owners() -> set[StaffId | None]:
        lines = window.bench.runner.ask(window.bench.actor, ask.follow_up_list, FollowUpList.RETENTION_DUE)
        return {found.owner_id for found in lines}

    until(window, lambda: owners() == {window.bench.actor.id})
    view.follow._owner.set_value("nobody")
    view.follow.filter_rows()
    assert view.follow.lines.rowCount() == 0
    assert view.follow.none.isVisible()
    view.follow._owner.set_value("me")
    view.follow._blocker.set_value(Blocker.COST.value)
    view.follow.filter_rows()
    until(window, lambda: view.follow.lines.rowCount() == 2)
    window.bench.undo_last()
    until(window, lambda: owners() == {None})


def test_the_list_is_exported_and_the_access_log_told(window: Window, called: list[PatientId], tmp_path: Path) -> None:
    view = page(window, FollowUpList.OBSERVATION_DUE)
    until(window, lambda: view.follow.lines.rowCount() == 1)
    target = tmp_path / "list.csv"
    view.follow.export_to(target)
    until(window, target.exists)
    rows = list(csv.reader(io.StringIO(target.read_bytes().decode("utf-8-sig"), newline="")))
    assert rows[0][:2] == ["Patient", "On the list"]
    assert len(rows) == 2
    with window.bench.runner.read(SYSTEM) as read:
        kinds = read.sql("SELECT kind, detail FROM access_log WHERE kind = 'export'")
    assert [tuple(row) for row in kinds] == [("export", "list observation_due: 1")]


def test_an_expected_end_is_set_from_the_list(window: Window, called: list[PatientId]) -> None:
    view = page(window, FollowUpList.OBSERVATION_DUE)
    until(window, lambda: view.follow.lines.rowCount() == 1)
    press(view.follow.table, Qt.Key.Key_E)
    (form,) = view.findChildren(ExpectedEndForm)
    send(form)
    assert form.fields["expected_on"].error()
    form._day.set_value(TODAY + timedelta(days=60))
    send(form)
    who = called[0]
    until(window, lambda: window.bench.runner.ask(SYSTEM, ask.expected_end, who) is not None)


def test_recalls_by_time_completed_changed_and_added(window: Window, called: list[PatientId]) -> None:
    view = page(window, RECALLS)
    until(window, lambda: view.recall.lines.rowCount() == 1)  # overdue
    for when, count in (("due", 1), ("upcoming", 1), ("", 3)):
        view.recall._when.set_value(when)
        view.recall.filter_rows()
        assert view.recall.lines.rowCount() == count
    view.recall.table.choose(0)
    view.recall._change()
    (form,) = view.findChildren(RecallForm)
    form._due.set_value(TODAY + timedelta(days=7))
    send(form)
    until(window, lambda: not any(one.overdue_days > 0 for one in window.bench.runner.ask(SYSTEM, ask.recalls)))
    press(view.recall.table, Qt.Key.Key_X)
    until(window, lambda: len(window.bench.runner.ask(SYSTEM, ask.recalls)) == 2)
    view.recall._add()
    until(window, lambda: len(view.findChildren(RecallForm)) == 1)
    (form,) = view.findChildren(RecallForm)
    send(form)
    assert form.fields["due_on"].error()
    form._due.set_value(TODAY + timedelta(days=30))
    send(form)
    assert form.fields["patient_id"].error()
    form._pick.set_patient(called[0], "Somebody")
    send(form)
    until(window, lambda: len(window.bench.runner.ask(SYSTEM, ask.recalls)) == 3)


def test_a_patient_is_found_in_the_form(window: Window, called: list[PatientId]) -> None:
    view = page(window, RECALLS)
    view.recall._add()
    (form,) = view.findChildren(RecallForm)
    form._pick.setFocus()
    QTest.keyClicks(form._pick, "florence")
    until(window, lambda: bool(form._pick._found))
    assert form._pick.patient_id() is None
    assert form._pick.problem()
    form._pick.setText(next(iter(form._pick._found)))
    assert form._pick.patient_id() is not None
    assert form._pick.problem() == ""


def test_short_notice_says_what_was_asked_for(window: Window, called: list[PatientId]) -> None:
    runner = window.bench.runner
    types = runner.ask(SYSTEM, ask.appointment_types)
    if not types:
        runner.run(SYSTEM, do.seed_appointment_types)
    runner.run(SYSTEM, do.add_short_notice, called[0], type="ADJ", earliest="13:00", until_on=TODAY + timedelta(days=9))
    view = page(window, FollowUpList.SHORT_NOTICE)
    until(window, lambda: view.waiting.lines.rowCount() == 1)
    heads = [column.key for column in view.waiting.columns()]
    (waiting,) = runner.ask(SYSTEM, ask.short_notices)
    if "when" in heads:
        assert (
            view.waiting.cells(waiting)[heads.index("when")]
            == f"from 13:00 · until {day(TODAY + timedelta(days=9), short=True)}"
        )
    view.waiting._end()
    until(window, lambda: not runner.ask(SYSTEM, ask.short_notices))


@pytest.mark.parametrize("theme", ["light", "high_contrast"])
@pytest.mark.parametrize("text", ["100", "200"])
def test_nothing_is_cut_in_french(
    window: Window, called: list[PatientId], clipped: Callable[[QWidget], list[str]], theme: str, text: str
) -> None:
    wear(window, "fr", theme, text)
    for name in (FollowUpList.OBSERVATION_DUE, RECALLS, FollowUpList.SHORT_NOTICE):
        view = page(window, name)
        settle(window)
        assert clipped(view) == []
    assert not view.findChildren(TextField)
    wear(window, "en", "light", "100")
