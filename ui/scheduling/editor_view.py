"""The appointment editor: patient, type, minutes, place, what stands against it, and the times that are free."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.access.queries import StaffLine, staff_list, titled
from app.core.errors import ClinicError, RuleViolation
from app.core.i18n import N_, _
from app.core.ids import ClinicId, PatientId
from app.patients.queries import PatientBanner, patient_banner
from app.practice.queries import (
    OperatoryLine,
    ProviderLine,
    clinics,
    operatories,
    providers,
)
from app.scheduling.commands import book_appointment, save_appointment
from app.scheduling.queries import (
    FreeSlot,
    ReasonLine,
    TypeLine,
    VisitPage,
    appointment_page,
    appointment_types,
    visit_reasons,
)
from ui.patients.words import full_name, plain_name
from ui.scheduling.editor_answers import Answers
from ui.scheduling.editor_conflicts import Conflicts
from ui.scheduling.editor_draft import Draft, Drafts, draft_of, key_of, start_of
from ui.scheduling.editor_history import History
from ui.scheduling.editor_patient import PatientPart
from ui.scheduling.editor_place import PlacePart
from ui.scheduling.editor_saving import send
from ui.scheduling.editor_together import FamilyBooking, SeriesBooking
from ui.scheduling.editor_type import TypePart
from ui.scheduling.find_time_panel import FindTime
from ui.scheduling.today_room import side_width
from ui.shell.formats import day, hour
from ui.shell.screen import Screen
from ui.widgets.layout import VScroll, effective_width

PAUSE = 120
"""Milliseconds after the last change before the conflicts are asked again."""
STACKED_BELOW = 1080
SIDE = 340


class EditorView(Screen):
    """`choose(appointment_id=…)` changes a visit; `choose(patient_id=…, day=…, starts_at=…, operatory_id=…)` books."""

    def build(self) -> None:
        """Fields at the left, what stands against them and free times at the right, the answers at the foot."""
        self._before, self._key, self._name = Draft(), "new ", ""
        self._drafts = Drafts()
        self._page: VisitPage | None = None
        self._types: tuple[TypeLine, ...] = ()
        self._chairs: tuple[OperatoryLine, ...] = ()
        self._people: tuple[ProviderLine, ...] = ()
        self._names: dict[str, str] = {}
        self._reasons: dict[str, ReasonLine] = {}
        self._draft = Draft()
        self._weeks: int | None = None
        self._patient, self._type, self._place = PatientPart(self.bench), TypePart(), PlacePart(self.bench)
        self._conflicts = Conflicts(self.bench)
        self._find = FindTime(self.bench, self.draft)
        self._family = FamilyBooking(self.bench, self.draft, self._clinic)
        self._series = SeriesBooking(self.bench, self.draft)
        self._history, self._answers = History(self.bench), Answers(self.bench)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._ask_conflicts)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        inner, side = QWidget(), QWidget()
        left, right = QVBoxLayout(inner), QVBoxLayout(side)
        for column, cards in (
            (left, (self._patient, self._type, self._place, self._history)),
            (right, (self._conflicts, self._find, self._series, self._family)),
        ):
            column.setContentsMargins(0, 0, 2, 0)
            column.setSpacing(10)
            for card in cards:
                column.addWidget(card)
            column.addStretch(1)
        self._side = side
        whole = QWidget()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, whole)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(12)
        self._row.addWidget(inner, 1)
        self._row.addWidget(side)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(14, 12, 14, 10)
        column.setSpacing(10)
        column.addWidget(VScroll(whole), 1)
        column.addWidget(self._answers)

    def _connect(self) -> None:
        self._patient.taken.connect(self._take_patient)
        self._type.changed.connect(self._take_type)
        self._type.minutes_changed.connect(lambda _text: self._touched())
        self._place.changed.connect(self._touched)
        self._conflicts.changed.connect(self._offer)
        self._find.picked.connect(self._take_slot)
        self._family.booked.connect(self._finish)
        self._series.booked.connect(self._finish)
        self._answers.saved.connect(self.save)
        self._answers.left.connect(self._leave)
        self._answers.thrown_away.connect(self._throw_away)
        self._answers.called_off.connect(self._finish)
        for keys, act in (("Ctrl+Return", self.save), ("Ctrl+Enter", self.save), ("F3", self._find.search)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # -- opening --------------------------------------------------------------------------------------------
    def choose(self, **chosen: Any) -> None:
        """Start from a visit, or from what is known of a new one; a draft that was left is there again."""
        self._keep()
        self._key = key_of(chosen)
        self._weeks = chosen.get("weeks")
        self._page = None
        draft = start_of(chosen, self.bench.runner.clock.zone)
        self._before = draft
        self._show(self._drafts.kept.get(self._key, draft))
        self._answers.close_form()
        self.freshen()
        self.titled.emit()

    def _keep(self) -> None:
        self._drafts.keep(self._key, self.draft(), self._before)

    def heading(self) -> str:
        """What is done."""
        return _(N_("Change the appointment")) if self._before.appointment_id else _(N_("New appointment"))

    def subheading(self) -> str:
        """Who, and when it was booked for."""
        draft, clock = self._before, self.bench.runner.clock
        at = draft.starts_at(clock.zone)
        when = f"{day(clock.day_of(at), weekday=True)}, {hour(at, clock)}" if at else ""
        return " · ".join(part for part in (self._name, when) if part)

    def focus_first(self) -> None:
        """The patient, or the type once the patient is known."""
        known = bool(self._draft.patient_id)
        target = self._type.first() if known else self._patient.finder.field
        target.setFocus(self.focus_reason)

    # -- reading --------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Ask for what can be chosen, and for the visit; what is typed is never overwritten."""
        for part in (self._patient, self._type, self._place, self._conflicts, self._find, self._family, self._series):
            part.retranslate()
        self._answers.retranslate(bool(self._before.appointment_id))
        self.ask(appointment_types, self._take_types)
        self.ask(operatories, self._take_chairs)
        self.ask(providers, self._take_people)
        self.ask(staff_list, self._take_names, include_inactive=True)
        self.ask(visit_reasons, self._take_reasons)
        self.ask(clinics, lambda _clinics: None)
        if self._draft.patient_id:
            self.ask(patient_banner, self._take_banner, self._draft.patient_id)
        if self._before.appointment_id:
            self.ask(appointment_page, self.show_visit, self._before.appointment_id)
        else:
            self.show_body()
        self._offer()

    def _take_types(self, types: tuple[TypeLine, ...]) -> None:
        self._types = types
        self._type.set_types(types)
        self._type.show_type(self._type.code(), self._type.segments())  # what was chosen stays chosen
        self._family.show_patient(self._draft.patient_id, types)
        self._find.begin(self._type.line(), self._weeks)

    def _take_chairs(self, chairs: tuple[OperatoryLine, ...]) -> None:
        self._chairs = chairs
        self._offer_places()

    def _take_people(self, people: tuple[ProviderLine, ...]) -> None:
        self._people = people
        self._offer_places()

    def _offer_places(self) -> None:
        """New words for the lists; what was chosen stays chosen."""
        held = self.draft() if self._place.chair.count() > 1 else self._draft
        self._place.offer(self._chairs, self._people)
        self._place.show_draft(held)
        self._touched()

    def _take_names(self, staff: tuple[StaffLine, ...]) -> None:
        self._names = {line.staff_id: titled(line.title, line.display_name) for line in staff}
        self._show_history()

    def _take_reasons(self, reasons: tuple[ReasonLine, ...]) -> None:
        self._reasons = {line.id: line for line in reasons}
        self._answers.take_reasons(reasons)
        self._show_history()

    def _take_banner(self, banner: PatientBanner) -> None:
        self._name = plain_name(banner)
        self._patient.show_banner(banner)
        self._patient.finder.show_taken(full_name(banner))
        self.titled.emit()

    def show_visit(self, page: VisitPage) -> None:
        """The visit as it stands; a draft of it that was left wins over what is kept."""
        first = self._page is None
        self._page = page
        self._name = plain_name(page.visit)
        before = draft_of(page.visit, self._name, self.bench.runner.clock.zone)
        if first:
            self._before = before
            self._show(self._drafts.kept.get(self._key, before))
            self.ask(patient_banner, self._take_banner, page.visit.patient_id)
        self._answers.show_visit(page.visit)
        self._show_history()
        self.titled.emit()
        self.show_body()

    def _show_history(self) -> None:
        self._history.show_events(self._page.events if self._page else (), self._names, self._reasons)

    def show_error(self, error: BaseException) -> None:
        """A rule that the draft breaks is said where it is mended; anything else in place of the content."""
        if isinstance(error, RuleViolation):
            self.show_field_error(error.field or "starts_at", error)
            return
        super().show_error(error)

    # -- the draft ------------------------------------------------------------------------------------------
    def _show(self, draft: Draft) -> None:
        self._draft = draft
        self._patient.fix(bool(draft.appointment_id))
        if not draft.patient_id:
            self._patient.show_banner(None)
            self._patient.finder.show_taken("")
            self._name = ""
        self._type.show_type(draft.type, draft.segments)
        self._place.show_draft(draft)
        self._family.show_patient(draft.patient_id, self._types)
        self._touched()

    def draft(self) -> Draft:
        """What is on screen."""
        on, minute, chair, doctor, assistant = self._place.place()
        return replace(
            self._draft, type=self._type.code(), segments=self._type.segments(), on=on, minute=minute,
            operatory_id=chair, doctor_id=doctor, assistant_id=assistant, note=str(self._place.note.value()),
            lab_state=self._place.lab_state(), prep_done=self._place.prep.isChecked(),
        )  # fmt: skip

    def _clinic(self) -> ClinicId:
        chosen = self.draft().operatory_id
        chair = next((line for line in self._chairs if line.id == chosen), None)
        return (chair or self._chairs[0]).clinic_id if self._chairs else ClinicId("")

    def _take_patient(self, patient_id: str, shown: str) -> None:
        self._draft = replace(self._draft, patient_id=PatientId(patient_id), patient=shown)
        self._patient.field.set_error("")
        self._family.show_patient(self._draft.patient_id, self._types)
        self.ask(patient_banner, self._take_banner, self._draft.patient_id)
        self._type.first().setFocus(Qt.FocusReason.TabFocusReason)
        self._touched()

    def _take_type(self) -> None:
        self._find.begin(self._type.line(), self._weeks)
        self._series.begin(self._type.line())
        if not self._before.appointment_id and self._draft.patient_id and self.draft().minute is None:
            self._find.search()
        self._touched()

    def _take_slot(self, slot: FreeSlot) -> None:
        placed = self.draft().placed(slot.starts_at, self.bench.runner.clock.zone, slot.operatory_id)
        draft = replace(placed, doctor_id=slot.doctor_id, assistant_id=slot.assistant_id)
        self._draft = replace(self._draft, told=slot.starts_at)
        self._place.show_draft(draft)
        self._answers.save.setFocus(Qt.FocusReason.TabFocusReason)
        self._touched()

    def _touched(self) -> None:
        for field in (self._type.field, *self._place.fields.values()):
            field.set_error("")
        self._pause.start()
        self._offer()

    def _ask_conflicts(self) -> None:
        with self.bench.reloading(self):
            self._conflicts.ask(self.draft())

    def _offer(self) -> None:
        """The save button says why it waits."""
        draft = self.draft()
        command = save_appointment if self._before.appointment_id else book_appointment
        reason = self.bench.reason(command)
        if not reason and not draft.appointment_id and not draft.complete:
            reason = _(N_("Choose patient, type, time and chair."))
        if not reason and self._place_differs(draft):
            reason = self._wrong_time(draft) or self._conflicts.refusal()
        if not reason and draft.appointment_id and not self._differs(draft):
            reason = _(N_("Nothing has been changed yet."))
        moved = bool(draft.appointment_id) and self._moved(draft)
        self._answers.offer(reason, moved=moved, kept=self._differs(draft))

    def _wrong_time(self, draft: Draft) -> str:
        """Under the field of the time, and as the reason: a time that the clocks skip or that comes twice."""
        problem = draft.problem(self.bench.runner.clock.zone)
        if problem is not None:
            self._place.fields["starts_at"].set_error(problem)
        return "" if problem is None else str(problem)

    def _moved(self, draft: Draft) -> bool:
        return (draft.on, draft.minute, draft.operatory_id, draft.doctor_id) != (
            self._before.on, self._before.minute, self._before.operatory_id, self._before.doctor_id
        )  # fmt: skip

    def _place_differs(self, draft: Draft) -> bool:
        kept = self._before
        same = replace(draft, note=kept.note, lab_state=kept.lab_state, prep_done=kept.prep_done)
        return not draft.appointment_id or self._differs(same)

    def _differs(self, draft: Draft) -> bool:
        """Whether something was changed; a locked length is not asked for and counts as kept."""
        return replace(draft, segments=draft.segments or self._before.segments) != self._before

    # -- the answers ----------------------------------------------------------------------------------------
    def save(self) -> None:
        """Book, or save every change, in one command."""
        self._pause.stop()
        self._offer()  # a field that is still being typed in counts as it stands
        if not self._answers.save.isEnabled():
            self._say_missing()
            return
        draft = self.draft()
        self._answers.save.setEnabled(False)
        at = draft.starts_at(self.bench.runner.clock.zone)
        running = send(self.bench, self, draft, at, self._answers, self._conflicts, self._name)
        if running is not None:
            running.then(lambda _made: self._finish()).at_end(self._offer)

    def _say_missing(self) -> None:
        """Under the first field that is empty; what stands against the time, in the banner."""
        draft = self.draft()
        fields = (
            (draft.patient_id, self._patient.field, N_("Choose the patient first.")),
            (draft.type, self._type.field, N_("Choose the type of visit first.")),
            (draft.on, self._place.fields["on"], N_("Choose the day.")),
            (draft.minute is not None, self._place.fields["starts_at"], N_("Choose the time.")),
            (draft.operatory_id, self._place.fields["operatory_id"], N_("Choose a chair")),
        )
        for value, field, sentence in fields:
            if not value:
                field.set_error(_(sentence))
                field.editor.setFocus(Qt.FocusReason.TabFocusReason)
                return
        if reason := self._answers.reason:
            self.bench.presenter.said.emit("warn", reason)

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """Under the field that the rule names."""
        boxes = {"patient_id": self._patient.field, "type": self._type.field, "segments": self._type.minutes.field}
        box = boxes.get(field) or self._place.fields.get(field)
        if box is not None:
            box.set_error(problem)
        return box is not None

    def _finish(self, *_args: object) -> None:
        """Saved: forget the draft and go back."""
        self._drafts.drop(self._key)
        self._before = self._draft = Draft()
        self._show(Draft())
        self._key = "new "
        self.went_back.emit()

    def _leave(self) -> None:
        self._keep()
        self.went_back.emit()

    def _throw_away(self) -> None:
        self._drafts.drop(self._key)
        self._show(self._before)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The side goes under the fields when narrow."""
        super().resizeEvent(event)
        narrow = effective_width(self) < STACKED_BELOW
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        side_width(self._side, 0 if narrow else SIDE)
