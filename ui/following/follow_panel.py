"""One of the lists of patients who fell through the cracks: who, since when, whose, what came of the last contact."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox

from app.billing.queries import Exposure, treatment_exposures
from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.scheduling.commands import assign_follow_up, clear_follow_up, note_contact, set_expected_end
from app.scheduling.queries import (
    BLOCKER_LABELS,
    LIST_LABELS,
    OUTCOME_LABELS,
    Blocker,
    ContactOutcome,
    FollowUpLine,
    FollowUpList,
    follow_up_list,
)
from ui.following.forms import AssignForm, ContactForm, ExpectedEndForm
from ui.following.list_panel import ListPanel, is_offered
from ui.patients.words import plain_name
from ui.shell.formats import counted, day, percent
from ui.shell.screen import Screen
from ui.widgets.buttons import Button
from ui.widgets.choices import Switch
from ui.widgets.fields import Choice
from ui.widgets.paged_model import Column, Row

ANYBODY, NOBODY, ME = "", "nobody", "me"
NEXT_STEPS = {
    None: N_("Call"), ContactOutcome.NO_ANSWER: N_("Call again"), ContactOutcome.LEFT_MESSAGE: N_("Call again"),
    ContactOutcome.WILL_CALL_BACK: N_("Wait for the call"), ContactOutcome.REACHED: N_("Book"),
    ContactOutcome.REFUSED: N_("Decide whether to go on"),
}  # fmt: skip


def _days(value: Any) -> str:
    return counted(N_("{n} day"), N_("{n} days"), value)


class FollowPanel(ListPanel[FollowUpLine]):
    """Filters, table, verbs of one list."""

    def __init__(self, screen: Screen) -> None:
        self.code = FollowUpList.ACTIVE_WITHOUT_NEXT
        self.people: dict[str, str] = {}
        self._resting = Switch(_(N_("With those who rest")))
        self._exposures: dict[str, Exposure] = {}
        super().__init__(screen, N_("Patients of the list"), (N_("Nobody is on this list."), N_("That is good news.")))
        self._owner, self._blocker = Choice(), Choice()
        self._export = Button("", "secondary", "download-simple")
        for part in (self._owner, self._blocker, self._resting, self._export):
            self.filters.add(part)
        self._owner.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._owner.changed.connect(lambda _value: self.filter_rows())
        self._blocker.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._blocker.changed.connect(lambda _value: self.filter_rows())
        self._resting.toggled.connect(lambda _on: self.read())
        self._export.clicked.connect(self.save)
        words = screen.words
        words.put(self._owner.setAccessibleName, N_("Owner"))
        words.put(self._blocker.setAccessibleName, N_("What stands in the way"))
        words.put(self._export.setText, N_("Export"))
        self.add_act(N_("Note a contact"), "phone", self._note, note_contact, kind="primary", key="C")
        self.add_act(N_("Assign, let rest…"), "user-switch", self._assign, assign_follow_up, key="A", single=False)
        if is_offered("appointment"):
            self.add_act(N_("Book"), "calendar-plus", self.book, key="B")
        self.add_act(N_("Expected end…"), "flag", self._end, set_expected_end, key="E")
        self.add_act(N_("Open the file"), "user", self.open_chart, key="O")
        self.add_act(N_("Clear the follow-up"), "eraser", self._clear, clear_follow_up, ready=self._is_noted)

    # -- reading --------------------------------------------------------------------------------------------
    def show_list(self, code: FollowUpList, people: dict[str, str]) -> None:
        """Read a list."""
        if code is not self.code:
            self.forget()
        self.code, self.people = code, people
        owners = [(ANYBODY, _(N_("Any owner"))), (ME, _(N_("Mine"))), (NOBODY, _(N_("Without owner")))]
        self._owner.set_options([*owners, *people.items()])
        blockers = [(key.value, _(word)) for key, word in BLOCKER_LABELS.items()]
        self._blocker.set_options([("", _(N_("Whatever stands in the way"))), *blockers])
        self.read()

    def read(self) -> None:
        """Ask for the lines, and for the figures of the list about payments."""
        if self.code is FollowUpList.PAYMENT_AND_TREATMENT and self.bench.may(treatment_exposures):
            self.screen_of.ask(treatment_exposures, self._show_exposures)
        self.screen_of.ask(follow_up_list, self.show_lines, self.code, self._resting.isChecked())

    def _show_exposures(self, found: tuple[Exposure, ...]) -> None:
        self._exposures = {one.patient_id: one for one in found}
        self.filter_rows()

    def show_lines(self, lines: tuple[FollowUpLine, ...]) -> None:
        """Show the list."""
        self.show_rows(lines)
        self.screen_of.show_body()

    def wanted(self, item: FollowUpLine) -> bool:
        """By owner and by what stands in the way."""
        owner, blocker = self._owner.value(), self._blocker.value()
        held = {ANYBODY: True, NOBODY: item.owner_id is None, ME: item.owner_id == self.bench.actor.id}
        mine = held.get(str(owner or ""), item.owner_id == owner)
        return mine and (not blocker or item.blocker is Blocker(str(blocker)))

    # -- cells ----------------------------------------------------------------------------------------------
    def columns(self) -> list[Column]:
        """Heads; in a narrow window those that one calls by."""
        found = [
            Column("name", _(N_("Patient")), strong=True),
            Column("age", _(N_("On the list")), _days, 92, right=True),
            Column("since", _(N_("Since")), lambda value: day(value, short=True), 114),
            Column("owner", _(N_("Owner")), width=118),
            Column("contact", _(N_("Last contact")), width=212),
            Column("reason", _(N_("In the way")), width=110),
            Column("next", _(N_("Next step")), width=132),
            Column("rests", _(N_("Rests until")), lambda value: day(value, short=True) if value else "–", 118),
        ]
        return [found[place] for place in self._places()]

    def _places(self) -> tuple[int, ...]:
        """The columns shown; until when somebody rests matters only beside those who rest."""
        if self.narrow:
            return 0, 1, 4, 6
        return tuple(range(8 if self._resting.isChecked() else 7))

    def cells(self, item: FollowUpLine) -> Row:
        """A line as it is read."""
        clock = self.bench.runner.clock
        contact = ""
        if item.last_contact_at is not None and item.last_contact_outcome is not None:
            when = day(clock.day_of(item.last_contact_at), short=True)
            contact = f"{when} · {_(OUTCOME_LABELS[item.last_contact_outcome])}"
        row = (
            plain_name(item), item.age_days, item.since_on, self.people.get(item.owner_id or "", ""), contact,
            self._reason(item), self._next(item), item.rests_until_on,
        )  # fmt: skip
        return tuple(row[place] for place in self._places())

    def _reason(self, item: FollowUpLine) -> str:
        if item.blocker is not None:
            return _(BLOCKER_LABELS[item.blocker])
        money = self._exposures.get(item.patient_id) if item.list_code is FollowUpList.PAYMENT_AND_TREATMENT else None
        if money is None:
            return item.note or ""
        if money.paid_in_full:
            return _(N_("Paid in full"))
        passed = percent(money.elapsed_percent or 0)
        return _(N_("{paid} paid, {passed} treated"), paid=percent(money.paid_percent), passed=passed)

    def _next(self, item: FollowUpLine) -> str:
        if item.next_visit_at is not None:
            on = day(self.bench.runner.clock.day_of(item.next_visit_at), short=True)
            return _(N_("Visit on {day}"), day=on)
        return _(NEXT_STEPS.get(item.last_contact_outcome, NEXT_STEPS[None]))

    def patient_of(self, item: FollowUpLine) -> PatientId:
        """Whose line it is."""
        return item.patient_id

    def sort_value(self, item: FollowUpLine, key: str) -> Any:
        """Names by family name; contacts by their instant."""
        if key == "name":
            return item.family_name, item.given_name
        return item.last_contact_at if key == "contact" else super().sort_value(item, key)

    def export_name(self) -> str:
        """The code of the list."""
        return f"list {self.code.value}"

    # -- verbs ----------------------------------------------------------------------------------------------
    def _note(self) -> None:
        item = self.current()
        if item is not None:
            title = _(N_("Contact with the family of {name}"), name=plain_name(item))
            self.show_form(title, ContactForm(self.screen_of, item.patient_id))

    def _assign(self) -> None:
        items = self.chosen()
        if not items:
            return
        whom = plain_name(items[0]) if len(items) == 1 else counted(N_("{n} patient"), N_("{n} patients"), len(items))
        patients = [item.patient_id for item in items]
        title = _(N_("{list}: {who}"), list=_(LIST_LABELS[self.code]), who=whom)
        self.show_form(title, AssignForm(self.screen_of, patients, self.code, self.people))

    def _end(self) -> None:
        item = self.current()
        if item is not None:
            title = _(N_("Expected end of the treatment of {name}"), name=plain_name(item))
            self.show_form(title, ExpectedEndForm(self.screen_of, item.patient_id))

    def _is_noted(self) -> bool:
        item = self.current()
        return item is not None and item.follow_up_id is not None

    def _clear(self) -> None:
        item = self.current()
        if item is not None and item.follow_up_id is not None:
            self.bench.run(clear_follow_up, item.follow_up_id)
