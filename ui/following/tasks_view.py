"""Tasks: what there is to do, whose, by when; the late ones stand first."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from app.access.queries import StaffLine, staff_list, titled
from app.core.i18n import N_, _
from app.core.ids import PatientId, StaffId
from app.scheduling.commands import (
    change_task,
    complete_task,
    create_task,
    reopen_task,
    withdraw_task,
)
from app.scheduling.queries import PRIORITY_LABELS, TaskCounts, TaskLine, TaskPriority, task_counts, tasks
from ui.following.forms import SAVE, people_options
from ui.following.list_panel import ListPanel
from ui.following.patient_pick import PatientPick
from ui.patients.inline_form import InlineForm
from ui.shell.formats import counted, day
from ui.shell.screen import Screen
from ui.widgets.buttons import Button
from ui.widgets.fields import Choice, TextField
from ui.widgets.layout import effective_width
from ui.widgets.paged_model import Column, Row

MINE, NOBODYS, ALL, DONE = "mine", "nobodys", "all", "done"
NARROW_BELOW = 900


class TaskForm(InlineForm):
    """Write a task down, or change one."""

    def __init__(self, screen: Screen, people: dict[str, str], line: TaskLine | None = None) -> None:
        super().__init__(screen.bench, lambda: PatientId(""), N_("Add") if line is None else SAVE)
        self._line, self._people = line, people
        self._pick, self._due = PatientPick(screen), self.day_field()
        self.put("title", _(N_("What is to be done")), TextField(_(N_("E.g. call the lab"))))
        self.put("owner_id", _(N_("Owner")), Choice(people_options(people, N_("Nobody"))))
        self.put("due_on", _(N_("Due on")), self._due)
        self.put("priority", _(N_("Priority")), Choice([(key.value, _(word)) for key, word in PRIORITY_LABELS.items()]))
        if line is None:
            self.put("patient_id", _(N_("Patient")), self._pick)
        else:
            self._pick.setParent(self)
            self._pick.hide()

    def open(self) -> None:
        """Start with the person at the keyboard and a normal priority, or with what the task has."""
        super().open()
        owner, priority = self.fields["owner_id"].editor, self.fields["priority"].editor
        assert isinstance(owner, Choice), "the owner is chosen of a list"
        assert isinstance(priority, Choice), "the priority is chosen of a list"
        line = self._line
        owner.set_value(self.bench.actor.id if line is None else line.owner_id or "")
        priority.set_value((TaskPriority.NORMAL if line is None else line.priority).value)
        if line is not None:
            self.title.set_value(line.title)
            self._due.set_value(line.due_on)

    @property
    def title(self) -> TextField:
        """The words of the task."""
        found = self.fields["title"].editor
        assert isinstance(found, TextField), "the title is typed"
        return found

    def send(self) -> None:
        """One command; after adding, the form stays open for the next task."""
        owner, due, priority = self.chosen("owner_id"), self.day("due_on"), TaskPriority(self.chosen("priority"))
        owner_id = StaffId(owner) if owner else None
        if self._line is None:
            running = self.bench.run_for(
                self, create_task, self.text("title"), owner_id, due, priority, self._pick.patient_id()
            )
            running.then(lambda _task: self.open())
            return
        changing = self.bench.run_for(self, change_task, self._line.id, self.text("title"), owner_id, due, priority)
        changing.then(lambda _none: self.close_form())


class TaskPanel(ListPanel[TaskLine]):
    """Filters, table, verbs of the tasks."""

    def __init__(self, screen: Screen) -> None:
        self.people: dict[str, str] = {}
        self.view = MINE
        nothing = (N_("Nothing is to be done here."), N_("Tasks that are written down stand in this list."))
        super().__init__(screen, N_("Tasks"), nothing)
        self.whose = Choice()
        self.new = Button("", "primary", "plus")
        self._export = Button("", "secondary", "download-simple")
        for part in (self.whose, self.new, self._export):
            self.filters.add(part)
        self.whose.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.whose.changed.connect(self._turn_to)
        self.new.clicked.connect(self.add)
        self._export.clicked.connect(self.save)
        words = screen.words
        words.put(self.whose.setAccessibleName, N_("Whose tasks"))
        words.put(self.new.setText, create_task.label)
        words.put(self._export.setText, N_("Export"))
        self.add_act(complete_task.label, "check", self.complete, complete_task, kind="primary", key="X",
                     ready=lambda: not self._is_done())  # fmt: skip
        self.add_act(N_("Change…"), "pencil-simple", self._change, change_task, key="E")
        self.add_act(N_("Open the file"), "user", self.open_chart, key="O", ready=lambda: bool(self.current_patient()))
        self.add_act(reopen_task.label, "arrow-counter-clockwise", self._reopen, reopen_task, ready=self._is_done)
        self.add_act(withdraw_task.label, "trash", self._withdraw, withdraw_task)

    def show_list(self) -> None:
        """Read the tasks."""
        self.new.set_available(self.bench.may(create_task), self.bench.reason(create_task))
        self.screen_of.ask(tasks, self.show_lines, done=self.view == DONE)

    def say_views(self, counts: TaskCounts) -> None:
        """The views with their counts, then each person."""
        views: list[tuple[object, str]] = [
            (MINE, _(N_("My tasks ({count})"), count=counts.mine)),
            (NOBODYS, _(N_("Without owner ({count})"), count=counts.nobodys)),
            (ALL, _(N_("Everybody’s ({count})"), count=counts.everybodys)),
            (DONE, _(N_("Done"))),
        ]
        self.whose.set_options([*views, *self.people.items()])
        self.whose.set_value(self.view)

    def _turn_to(self, value: object) -> None:
        self.view = str(value)
        self.screen_of.freshen()

    def show_lines(self, lines: tuple[TaskLine, ...]) -> None:
        """Show them; of those that are done, the last first."""
        if self.view == DONE:
            done = [line for line in lines if line.done_at is not None]
            lines = tuple(sorted(done, key=lambda line: line.done_at or line.made_at, reverse=True))
        self.show_rows(lines)
        self.screen_of.show_body()

    def wanted(self, item: TaskLine) -> bool:
        """By owner."""
        if self.view in {ALL, DONE}:
            return True
        if self.view == NOBODYS:
            return item.owner_id is None
        return item.owner_id == (self.bench.actor.id if self.view == MINE else self.view)

    def columns(self) -> list[Column]:
        """Heads; a late task carries a warning before its day."""
        found = [
            Column("title", _(N_("Task")), strong=True),
            Column("due", _(N_("Due on")), self._due_words, 276, icon=self._due_icon),
            Column("owner", _(N_("Owner")), width=150),
            Column("priority", _(N_("Priority")), lambda value: _(PRIORITY_LABELS[value]), 90),
            Column("patient", _(N_("Patient")), width=190),
            Column("made", _(N_("Written by")), width=150),
        ]
        return found[:3] if self.narrow else found

    def cells(self, item: TaskLine) -> Row:
        """A task as it is read."""
        due = (item.due_on, item.overdue, item.done_at)
        row = (
            item.title, due, self.people.get(item.owner_id or "", ""), item.priority, item.patient_name,
            self.people.get(item.made_by, ""),
        )  # fmt: skip
        return row[:3] if self.narrow else row

    def _due_words(self, value: Any) -> str:
        due_on, overdue, done_at = value
        if done_at is not None:
            return _(N_("done on {day}"), day=day(self.bench.runner.clock.day_of(done_at), short=True))
        if due_on is None:
            return "–"
        today = self.bench.runner.clock.today()
        if overdue:
            late = counted(N_("{n} day late"), N_("{n} days late"), (today - due_on).days)
            return f"{day(due_on, short=True)} · {late}"
        return _(N_("Today")) if due_on == today else day(due_on, short=True)

    @staticmethod
    def _due_icon(value: Any) -> tuple[str, str]:
        if value[2] is not None:
            return "check", "muted"
        return ("warning", "danger") if value[1] else ("calendar-blank", "muted")

    def sort_value(self, item: TaskLine, key: str) -> Any:
        """Days by date, priorities by weight."""
        if key == "due":
            return item.due_on or date.max
        return list(TaskPriority).index(item.priority) if key == "priority" else super().sort_value(item, key)

    def patient_of(self, item: TaskLine) -> PatientId | None:
        """About whom it is."""
        return item.patient_id

    def key_of(self, item: TaskLine) -> object:
        """The task."""
        return item.id

    def export_name(self) -> str:
        """Tasks."""
        return "list tasks"

    # -- verbs ----------------------------------------------------------------------------------------------
    def add(self) -> None:
        """The form for a new task."""
        self.show_form(_(create_task.label), TaskForm(self.screen_of, self.people))

    def _is_done(self) -> bool:
        item = self.current()
        return item is not None and item.done_at is not None

    def complete(self) -> None:
        """The chosen task is done; the toast takes it back."""
        item = self.current()
        if item is not None and item.done_at is None:
            self.bench.run(complete_task, item.id).say(_(N_("Done: {label}"), label=item.title))

    def _change(self) -> None:
        item = self.current()
        if item is not None:
            self.show_form(item.title, TaskForm(self.screen_of, self.people, item))

    def _reopen(self) -> None:
        item = self.current()
        if item is not None:
            self.bench.run(reopen_task, item.id)

    def _withdraw(self) -> None:
        item = self.current()
        if item is not None:
            self.bench.run(withdraw_task, item.id)

    def open_row(self) -> None:
        """Enter changes a task."""
        self._change()


class TasksView(Screen):
    """The tasks; `choose(view="all")`."""

    def build(self) -> None:
        """One panel."""
        self._counts: TaskCounts | None = None
        self.panel = TaskPanel(self)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(14, 12, 14, 10)
        column.addWidget(self.panel)

    def choose(self, **chosen: Any) -> None:
        """Show mine, nobody’s, everybody’s, what is done, or a person’s tasks."""
        if chosen.get("view"):
            self.panel.view = str(chosen["view"])
            self.freshen()

    def faces(self) -> dict[str, dict[str, Any]]:
        """Whose tasks there are to see."""
        return {view: {"view": view} for view in (DONE, NOBODYS, ALL)}

    def subheading(self) -> str:
        """How many of mine are late."""
        late = self._counts.mine_overdue if self._counts is not None else 0
        return counted(N_("{n} of my tasks is late"), N_("{n} of my tasks are late"), late) if late else ""

    def focus_first(self) -> None:
        """The table, or the first verb while it is empty."""
        (self.panel.table if self.panel.table.isVisible() else self.panel.new).setFocus(self.focus_reason)

    def filter_field(self) -> QWidget | None:
        """Whose tasks."""
        return self.panel.whose

    def reload(self) -> None:
        """Ask for the people, the counts, the tasks."""
        self.ask(staff_list, self._show_people, True)
        self.ask(task_counts, self._show_counts)
        self.panel.show_list()

    def _show_people(self, staff: tuple[StaffLine, ...]) -> None:
        self.panel.people = {line.staff_id: titled(line.title, line.display_name) for line in staff if line.is_active}
        self.panel.filter_rows()
        if self._counts is not None:
            self.panel.say_views(self._counts)

    def _show_counts(self, counts: TaskCounts) -> None:
        self._counts = counts
        self.panel.say_views(counts)
        self.titled.emit()

    def resizeEvent(self, event: Any) -> None:
        """Fewer columns when narrow."""
        super().resizeEvent(event)
        narrow = effective_width(self) < NARROW_BELOW
        if narrow != self.panel.narrow:
            self.panel.narrow = narrow
            self.panel.filter_rows()
