"""The banner above everything that concerns one patient: who it is, what to mind, whom to call."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.patients.queries import LANGUAGE_LABELS, RELATION_LABELS, STATUS_LABELS, FileStatus, PatientBanner
from ui.patients.words import ALERT_ICONS, SEVERITIES, alert_words, full_name, number, plain_name
from ui.shell.formats import age, day, percent, phone
from ui.widgets.avatar import Avatar
from ui.widgets.cards import Card, ThemedIcon
from ui.widgets.labels import ElidedLabel, Label, heading
from ui.widgets.layout import Flow
from ui.widgets.pills import SeverityChip, Tag


class Banner(Card):
    """One patient; `show_patient` fills it."""

    def __init__(self) -> None:
        super().__init__()
        self._avatar = Avatar("?", 58)
        self._name, self._facts = heading(""), Label("", "body", "muted")
        self._number = Tag("")
        self._first = Flow(self._name, self._facts, self._number, gap=12, row_gap=4)
        self._marks = Flow(gap=6, row_gap=6)
        self._caller, self._phone, self._payers = (
            ElidedLabel("", "name"),
            ElidedLabel("", "small", "muted"),
            ElidedLabel("", "small", "muted"),
        )
        who = QVBoxLayout()
        who.setSpacing(6)
        who.addStretch()
        who.addWidget(self._first)
        who.addWidget(self._marks)
        who.addStretch()
        call = QHBoxLayout()
        call.setSpacing(8)
        call.addWidget(ThemedIcon("phone", 17))
        call.addWidget(self._caller, 1)
        self._reach = QWidget()
        reach = QVBoxLayout(self._reach)
        reach.setContentsMargins(0, 0, 0, 0)
        reach.setSpacing(3)
        reach.addStretch()
        reach.addLayout(call)
        reach.addWidget(self._phone)
        reach.addWidget(self._payers)
        reach.addStretch()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(16)
        person = QHBoxLayout()
        person.setSpacing(16)
        person.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignTop)
        person.addLayout(who, 1)
        self._row.addLayout(person, 1)
        self._row.addWidget(self._reach)
        self.add(self._row)

    def show_patient(self, patient: PatientBanner, today: date) -> None:
        """Fill in."""
        name = full_name(patient)
        self._avatar.set_person(plain_name(patient), patient.id)
        self._name.setText(name)
        facts = [
            age(patient.born_on, today) if patient.born_on else "",
            _(N_("born {date}"), date=day(patient.born_on)) if patient.born_on else _(N_("birth date unknown")),
            patient.pronouns or "",
        ]
        self._facts.setText(" · ".join(fact for fact in facts if fact))
        self._number.setText(number(", ".join((patient.file_number, *patient.other_numbers))))
        self._fill_marks(patient)
        self._fill_reach(patient)

    def _fill_marks(self, patient: PatientBanner) -> None:
        while self._marks.flow.count():
            item = self._marks.flow.takeAt(0)
            if item is not None and (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        marks: list[QWidget] = [
            SeverityChip(SEVERITIES[alert.severity], alert_words(alert.kind, alert.text), ALERT_ICONS[alert.kind])
            for alert in patient.alerts
        ]
        if patient.status is not FileStatus.ACTIVE:
            marks.append(Tag(_(STATUS_LABELS[patient.status]), "folder"))
        if patient.card_expired:
            marks.append(SeverityChip("warn", _(N_("Health insurance card expired")), "identification-badge"))
        photos = N_("Photos: consent given") if patient.photos_consented else N_("Photos: no consent")
        marks.append(Tag(_(photos), "check" if patient.photos_consented else "prohibit"))
        for mark in marks:
            self._marks.add(mark)
            mark.show()

    def _fill_reach(self, patient: PatientBanner) -> None:
        caller = patient.responsible
        if caller is not None:
            relation = _(RELATION_LABELS[caller.relation])
            self._caller.setText(f"{plain_name(caller)}, {relation[:1].lower()}{relation[1:]}")
            called, texting, language = caller.phone, caller.may_text, caller.language
        else:
            self._caller.setText(plain_name(patient))
            called, texting, language = patient.phone, False, patient.language
        spoken = _(LANGUAGE_LABELS[language])
        ways = [_(N_("text messages"))] if texting else []
        ways.append(f"{spoken[:1].lower()}{spoken[1:]}" if _(N_("English")) == "Anglais" else spoken)
        self._phone.setText(" · ".join([phone(called) if called else _(N_("no phone")), ", ".join(ways)]))
        shares = ", ".join(f"{plain_name(payer)} {percent(payer.percent)}" for payer in patient.payers)
        self._payers.setText(_(N_("Payers: {shares}"), shares=shares) if shares else "")
        self._payers.setVisible(bool(shares))

    def fold(self, narrow: bool) -> None:
        """Whom to call goes under the name in a narrow window."""
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self._reach.setMinimumWidth(0 if narrow else 280)
