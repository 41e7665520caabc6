"""What is going to be made, the making itself, and where one goes from there."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.core.i18n import N_, _
from app.core.permissions import ROLE_LABELS
from app.practice.queries import WEEKDAY_LABELS, clock_minute
from ui.first_run.making import Making
from ui.first_run.page import Answers, Page
from ui.practice.words import span_words
from ui.shell.errors import log_fault, sentence_of
from ui.shell.formats import counted
from ui.widgets.announce import announce
from ui.widgets.buttons import Button
from ui.widgets.cards import Banner, Card, ProgressBar
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.layout import Flow

STEPS_OF_MAKING = 6
"""What both makings say at least; the bar never runs past its end."""


class SummaryPage(Page):
    """Everything on one page, before anything is written."""

    step = N_("Summary")
    title = N_("Is everything right?")
    blurb = N_("Nothing has been written yet. Go back to change something; everything can also be changed later.")
    onward = N_("Create the clinic")

    def build(self) -> None:
        """A table of facts."""
        self._card, self._grid = Card(), QGridLayout()
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._card.add(self._grid)
        self.add(self._card)

    def enter(self) -> None:
        """Say the plan of now."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for row, (name, fact) in enumerate(summary(self.answers)):
            self._grid.addWidget(WrapLabel(name, "small", "muted"), row, 0)
            self._grid.addWidget(WrapLabel(fact), row, 1)
        self._grid.setColumnMinimumWidth(0, 110)

    def retranslate(self) -> None:
        """The facts too."""
        super().retranslate()
        self.enter()


def summary(answers: Answers) -> list[tuple[str, str]]:
    """(name, fact) of what will be made, in the language in force."""
    plan = answers.plan
    hours = [
        f"{_(WEEKDAY_LABELS[day])} {span_words(clock_minute(o.start, 'start'), clock_minute(o.end, 'end'))}"
        for day, o in plan.hours
    ]
    if plan.lunch is not None:
        noon = span_words(clock_minute(plan.lunch.start, "start"), clock_minute(plan.lunch.end, "end"))
        hours.append(_(N_("closed at lunch {span}"), span=noon))
    people = [f"{person.display_name} ({person.username}, {_(ROLE_LABELS[person.role])})" for person in plan.staff]
    boss = plan.administrator
    names = plan.practice if plan.clinic in ("", plan.practice) else f"{plan.practice}, {plan.clinic}"
    return [
        (_(N_("Practice")), " · ".join(part for part in (names, plan.address, plan.phone) if part)),
        (_(N_("Hours")), " · ".join(hours)),
        (_(N_("Chairs")), " · ".join(chair.name for chair in plan.chairs)),
        (_(N_("Staff")), " · ".join(people) or _(N_("nobody yet"))),
        (_(N_("First administrator")), f"{boss.display_name} ({boss.username})"),
        (_(N_("Recovery key")), _(N_("kept and confirmed by you"))),
        (_(N_("Backup place")), plan.backup_folder or _(N_("to be decided"))),
        (_(N_("Data folder")), str(answers.folder)),
    ]


class MakingPage(Page):
    """The making and its end. Stopping it leaves nothing behind."""

    step = N_("Creation")
    onward = N_("Open Archwire")

    def __init__(self, answers: Answers) -> None:
        self.making = Making()
        self.done = self.stuck = False
        self._steps = 0
        super().__init__(answers)
        self.making.setParent(self)
        self.making.said.connect(self._say)
        self.making.made.connect(self._made)
        self.making.failed.connect(self._failed)
        self.making.stopped.connect(self._stopped)

    def build(self) -> None:
        """Bar and words, then what comes next."""
        self._bar = ProgressBar("")
        self._now = Label("", "body", "muted")
        self._stop, self._again = Button("", icon="x"), Button("", "secondary", "arrow-clockwise")
        self._stop.clicked.connect(self._ask_stop)
        self._again.clicked.connect(self.start)
        self._problem = Banner("danger", "")
        self._next = Card(" ", icon="check-circle")
        self._buttons = Flow(self._stop, self._again)
        for item in (self._bar, self._now, self._problem, self._next, self._buttons):
            self.add(item)
        self.words.put(self._stop.setText, N_("Stop"))
        self.words.put(self._again.setText, N_("Try again"))
        self.words.put(self._next.set_title, N_("What comes next"))

    @property
    def may_go_on(self) -> bool:
        """Once it is made."""
        return self.done

    def enter(self) -> None:
        """Begin at once."""
        if not self.done and not self.making.busy:
            self.start()

    def start(self) -> None:
        """Make it."""
        self.done = self.stuck = False
        self._steps = 0
        answers = self.answers
        if answers.joining:
            self.making.join(answers.folder, answers.code)
        else:
            folder = answers.demo_folder if answers.demonstration else answers.folder
            self.making.start(folder, None if answers.demonstration else answers.plan)
        self._look()
        self._stop.setFocus()

    def _ask_stop(self) -> None:
        self._stop.setEnabled(False)
        self._now.setText(_(N_("Stopping…")))
        self.making.stop()

    def _say(self, text: str) -> None:
        self._steps += 1
        self._now.setText(f"{text}…")
        self._bar.set_fraction(min(self._steps / (STEPS_OF_MAKING + 1), 0.95))
        announce(self, text)

    def _made(self, notices: list[tuple[str, dict[str, str]]]) -> None:
        self.done, self.answers.notices = True, notices
        self._bar.set_fraction(1.0, "seated")
        self._look()
        self._tell_next()
        announce(self, _(self.heading()))

    def _tell_next(self) -> None:
        while self._next.body.count() > 0:
            item = self._next.body.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for text in self._following():
            label = WrapLabel(text)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)  # a key is copied
            self._next.add(label)

    def _following(self) -> list[str]:
        told = [_(message, **values) for message, values in self.answers.notices]
        if self.answers.demonstration:
            return [_(N_("The sign-in screen shows everybody’s password and PIN: all of it is invented.")), *told]
        if self.answers.joining:
            return [_(N_("Sign in with your username and password, as on the other computers.")), *told]
        people = len(self.answers.plan.staff)
        passwords = counted(
            N_("Give {n} person a temporary password: Practice, Staff."),
            N_("Give {n} people a temporary password: Practice, Staff."),
            people,
        )
        return [
            _(N_("Sign in with your username and password.")),
            *([passwords] if people else []),
            _(N_("Set up appointment types, shifts and holidays under Practice; take over old data under Old system.")),
            *told,
        ]

    def _failed(self, error: Exception) -> None:
        log_fault(error, "first_run")
        self.stuck = True
        self._problem.tell("danger", "", sentence_of(error))
        self._look()

    def _stopped(self) -> None:
        self.stuck = True
        self._problem.tell("info", "", _(N_("Stopped. Nothing was kept of it.")))
        self._look()

    def _look(self) -> None:
        working = self.making.busy
        self._bar.setVisible(working or self.done)
        self._now.setVisible(working)
        self._stop.setVisible(working)
        self._stop.setEnabled(working)
        self._again.setVisible(self.stuck)
        self._buttons.setVisible(working or self.stuck)
        self._problem.setVisible(self.stuck)
        self._next.setVisible(self.done)
        self.changed.emit()

    def heading(self) -> str:
        """The msgid of how it stands."""
        if self.done:
            if self.answers.joining:
                return N_("This computer is in")
            return N_("The demonstration is ready") if self.answers.demonstration else N_("Your clinic is ready")
        if self.stuck:
            return N_("Nothing was made")
        return N_("One moment…")

    def first(self) -> QWidget | None:
        """Stop while it works; afterwards the button that leads on."""
        return self._stop if self.making.busy else self._again if self.stuck else None

    def retranslate(self) -> None:
        """What comes next too."""
        super().retranslate()
        if self.done:
            self._tell_next()
