"""What can be done to a visit from the schedule: the commands with their keys, and what the toast says afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.core.i18n import N_, _, language
from app.journal.commands import Command
from app.scheduling.commands import (
    call_doctor,
    cancel_appointment,
    check_in_patient,
    check_out_patient,
    complete_appointment,
    confirm_appointment,
    mark_doctor_here,
    mark_doctor_left,
    mark_no_show,
    park_appointment,
    pause_visit,
    reinstate_appointment,
    resume_visit,
    seat_patient,
)
from app.scheduling.queries import PAUSE_LABELS, ReasonKind, ReasonLine, SegmentKind, VisitLine
from ui.patients.words import plain_name
from ui.scheduling.block_look import OFF, movable, running, status_of
from ui.shell.bench import Bench
from ui.theme.style import theme

Test = Callable[[VisitLine], bool]


@dataclass(frozen=True, slots=True)
class Act:
    """A command of a visit: its key, when it is offered, and the sentence of the toast (`{name}`)."""

    command: Command[..., Any]
    keys: str
    offered: Test
    sentence: str
    more: tuple[tuple[str, Any], ...] = ()


def _coming(visit: VisitLine) -> bool:
    return visit.status in {"scheduled", "confirmed"} and visit.flow in {"expected", "late"}


def _here(visit: VisitLine) -> bool:
    return visit.flow in {"arrived", "on_deck"}


def _wants_doctor(visit: VisitLine) -> bool:
    return visit.flow == "seated" and visit.doctor in {"none", "was_here"}


ACTS: Final = (
    Act(confirm_appointment, "", lambda v: v.status == "scheduled" and _coming(v), N_("{name} is confirmed")),
    Act(check_in_patient, "F5", _coming, N_("{name} has arrived")),
    Act(seat_patient, "F6", lambda v: _here(v) or (v.flow == "checkout"), N_("{name} is seated")),
    Act(call_doctor, "F7", _wants_doctor, N_("The doctor is called to {name}")),
    Act(call_doctor, "Shift+F7", lambda v: running(v) and v.doctor in {"none", "needed", "was_here"},
        N_("The doctor is called to {name} first"), (("first", True),)),
    Act(mark_doctor_here, "F8", lambda v: running(v) and v.doctor != "here", N_("The doctor is with {name}")),
    Act(mark_doctor_left, "Shift+F8", lambda v: running(v) and v.doctor == "here",
        N_("The doctor is done with {name}")),
    Act(resume_visit, "", lambda v: v.flow == "paused", N_("The visit of {name} goes on")),
    Act(complete_appointment, "F9", lambda v: running(v) or v.flow == "out_deck", N_("{name} goes to the desk")),
    Act(check_out_patient, "F10", lambda v: v.flow == "checkout", N_("{name} has left")),
    Act(mark_no_show, "", lambda v: _coming(v) and v.flow == "late", N_("{name} did not come")),
    Act(reinstate_appointment, "", lambda v: v.status == "missed" or v.status in OFF - {"deleted"},
        N_("The visit of {name} stands again")),
)  # fmt: skip
FIRST_CALL: Final = N_("Call the doctor first")


def next_act(visit: VisitLine, *, today: bool) -> Act | None:
    """The next thing that the person at the desk or the chair does with a visit."""
    wanted: dict[str, Command[..., Any]] = {
        "waiting": seat_patient, "late": check_in_patient, "needed": mark_doctor_here, "here": mark_doctor_left,
        "paused": resume_visit, "missed": reinstate_appointment, "cancelled": reinstate_appointment,
    }  # fmt: skip
    status = status_of(visit)
    command = wanted.get(status)
    if status == "expected":
        command = check_in_patient if today else confirm_appointment
    elif status == "seated":
        doctor = any(part.kind is SegmentKind.DOCTOR for part in visit.segments) and visit.doctor == "none"
        command = call_doctor if doctor else complete_appointment
    elif status == "checkout":
        command = check_out_patient if visit.flow == "checkout" else complete_appointment
    found = (act for act in ACTS if act.command is command and not act.more and act.offered(visit))
    return next(found, None)


def act_of_key(keys: str, visit: VisitLine) -> Act | None:
    """The command of a key, when it is offered."""
    return next((act for act in ACTS if act.keys == keys and act.offered(visit)), None)


def sentence_of(act: Act, visit: VisitLine) -> str:
    """What the toast says."""
    return _(act.sentence, name=plain_name(visit))


def reason_words(reason: ReasonLine) -> str:
    """A reason in the language in force."""
    return reason.name_fr if language() == "fr" else reason.name_en


@dataclass(frozen=True, slots=True)
class Hands:
    """What the menu calls: run a command on the visit with some arguments and a sentence, and the deeds of the grid."""

    bench: Bench
    run: Callable[..., None]
    move: Callable[[], None]
    resize: Callable[[], None]
    cut: Callable[[], None]
    chart: Callable[[], None]
    edit: Callable[[], None]
    paper: Callable[[str], None]


def paper_of(visit: VisitLine, document: str) -> dict[str, Any]:
    """What the print screen is opened for."""
    return {"document": document, "patient_id": visit.patient_id, "appointment_id": visit.id}


def visit_menu(parent: QWidget, visit: VisitLine, reasons: tuple[ReasonLine, ...], hands: Hands) -> QMenu:
    """Everything that can be done to a visit now; what needs a right that is not held says so."""
    menu = QMenu(parent)
    menu.setToolTipsVisible(True)
    menu.setAccessibleName(_(N_("Visit of {name}"), name=plain_name(visit)))
    for act in ACTS:
        if act.offered(visit):
            words = _(FIRST_CALL) if act.more else _(act.command.label)
            _add(menu, hands.bench, act, words, partial(hands.run, act, visit))
    if running(visit) and visit.flow != "paused":
        _pauses(menu, visit, hands)
    menu.addSeparator()
    if movable(visit):
        _plain(menu, "arrows-out-cardinal", _(N_("Move")), "M", hands.move)
        _plain(menu, "arrows-out", _(N_("Change the length")), "R", hands.resize)
        _plain(menu, "crop", _(N_("Cut, to put on another day")), "Ctrl+X", hands.cut)
    if _coming(visit):
        park = Act(park_appointment, "", _coming, N_("{name} is taken off the schedule"))
        _add(menu, hands.bench, park, _(park_appointment.label), partial(hands.run, park, visit))
        _cancels(menu, visit, reasons, hands)
    menu.addSeparator()
    _plain(menu, "clipboard-text", _(N_("Print the routing slip")), "", partial(hands.paper, "slip"))
    _plain(menu, "calendar-check", _(N_("Print the appointment card")), "", partial(hands.paper, "card"))
    _plain(menu, "pencil-simple", _(N_("Edit the appointment")), "E", hands.edit)
    _plain(menu, "user", _(N_("Open the patient file")), "Return", hands.chart)
    return menu


def _plain(menu: QMenu, icon: str, words: str, keys: str, act: Callable[[], None]) -> QAction:
    shown = f"{words}\t{QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)}" if keys else words
    action = menu.addAction(theme.icon(icon), shown)
    action.triggered.connect(lambda *_: act())
    return action


def _add(menu: QMenu, bench: Bench, act: Act, words: str, run: Callable[[], None]) -> None:
    action = _plain(menu, act.command.icon or "check", words, act.keys, run)
    reason = bench.reason(act.command)
    action.setEnabled(not reason)
    action.setToolTip(reason)


def _pauses(menu: QMenu, visit: VisitLine, hands: Hands) -> None:
    below = menu.addMenu(theme.icon("pause-circle"), _(pause_visit.label))
    for reason, label in PAUSE_LABELS.items():
        act = Act(pause_visit, "", running, N_("The visit of {name} is paused"), (("reason", reason),))
        _add(below, hands.bench, act, _(label), partial(hands.run, act, visit))


def _cancels(menu: QMenu, visit: VisitLine, reasons: tuple[ReasonLine, ...], hands: Hands) -> None:
    """A reason is part of the click: afterwards there is undo, no question."""
    below = menu.addMenu(theme.icon("prohibit"), _(cancel_appointment.label))
    for reason in reasons:
        if reason.kind is ReasonKind.CANCEL:
            act = cancel_act(reason)
            _add(below, hands.bench, act, reason_words(reason), partial(hands.run, act, visit))
    if below.isEmpty():
        act = Act(cancel_appointment, "", _coming, N_("The visit of {name} is cancelled"))
        _add(below, hands.bench, act, _(N_("Without a reason")), partial(hands.run, act, visit))


def cancel_act(reason: ReasonLine) -> Act:
    """Cancelling for a reason."""
    sentence = N_("The visit of {name} is cancelled")
    return Act(cancel_appointment, "Del", _coming, sentence, (("reason_id", reason.id),))


KEYS: Final = {
    Qt.Key.Key_F5: "F5", Qt.Key.Key_F6: "F6", Qt.Key.Key_F7: "F7", Qt.Key.Key_F8: "F8", Qt.Key.Key_F9: "F9",
    Qt.Key.Key_F10: "F10",
}  # fmt: skip
