"""Tasks: written down, completed by one key, taken back, by owner; the late ones first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.core.ids import StaffId
from app.journal.queries import SYSTEM
from app.patients.queries import patient_list
from app.scheduling import commands as do
from app.scheduling import queries as ask
from app.scheduling.queries import TaskPriority
from tests.conftest import NOW
from tests.ui.following.test_lists_view import until
from ui.following.tasks_view import TaskForm, TasksView
from ui.shell.window import Window

TODAY = NOW.date()


def page(window: Window) -> TasksView:
    window.open("tasks")
    view = window.screens["tasks"]
    assert isinstance(view, TasksView)
    until(window, lambda: view._counts is not None and view.panel.whose.count() > 4)
    return view


def titles(view: TasksView) -> list[str]:
    return [item.title for item in view.panel.lines.items]


def test_a_task_is_written_completed_and_taken_back(
    window: Window, unnamed: Callable[[QWidget], list[str]], clipped: Callable[[QWidget], list[str]]
) -> None:
    me = StaffId(window.bench.actor.id)
    patient = window.bench.runner.ask(SYSTEM, patient_list, limit=1).rows[0].id
    window.bench.runner.run(SYSTEM, do.create_task, "Late", me, TODAY - timedelta(days=3), patient_id=patient)
    view = page(window)
    until(window, lambda: "Late" in titles(view))
    before = len(titles(view))
    view.panel.new.click()
    (form,) = view.findChildren(TaskForm)
    assert unnamed(view) == []
    assert clipped(view) == []
    form.send()
    until(window, lambda: bool(form.fields["title"].error()))
    form.title.set_value("Call the lab")
    form._due.set_value(TODAY)
    form.send()
    until(window, lambda: "Call the lab" in titles(view))
    assert len(titles(view)) == before + 1
    until(window, lambda: form.title.text() == "")
    place = titles(view).index("Late")
    view.panel.table.choose(place)
    view.panel.table.setFocus()
    QTest.keyClick(view.panel.table, Qt.Key.Key_X)
    until(window, lambda: "Late" not in titles(view))
    window.bench.undo_last()
    until(window, lambda: "Late" in titles(view))


def test_the_views(window: Window) -> None:
    view = page(window)
    runner = window.bench.runner
    owned = runner.run(SYSTEM, do.create_task, "Julie’s", StaffId("staff-julie"), priority=TaskPriority.HIGH)
    runner.run(SYSTEM, do.create_task, "Nobody’s")
    window.open("tasks", view="nobodys")
    until(window, lambda: "Nobody’s" in titles(view))
    assert "Julie’s" not in titles(view)
    window.open("tasks", view="all")
    until(window, lambda: {"Nobody’s", "Julie’s"} <= set(titles(view)))
    runner.run(SYSTEM, do.complete_task, owned)
    window.open("tasks", view="done")
    until(window, lambda: titles(view)[:1] == ["Julie’s"])
    view.panel._reopen()
    until(window, lambda: runner.ask(SYSTEM, ask.task_counts).everybodys >= 2 and "Julie’s" not in titles(view))


def test_a_task_is_changed_and_withdrawn(window: Window) -> None:
    runner, me = window.bench.runner, StaffId(window.bench.actor.id)
    for task in runner.ask(SYSTEM, ask.tasks):
        runner.run(SYSTEM, do.withdraw_task, task.id)
    runner.run(SYSTEM, do.create_task, "Order wires", me, TODAY)
    view = page(window)
    until(window, lambda: titles(view) == ["Order wires"])
    view.panel.open_row()
    (form,) = view.findChildren(TaskForm)
    form.title.set_value("Order brackets")
    form.send()
    until(window, lambda: titles(view) == ["Order brackets"])
    view.panel._withdraw()
    until(window, lambda: titles(view) == [] and view.panel.none.isVisible())
