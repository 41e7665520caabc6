"""Summary: identity, alerts, ways to reach the patient, consents, possible duplicates."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.patients.commands import end_alert, raise_alert, record_consent, withdraw_consent
from app.patients.queries import (
    DECISION_LABELS,
    LANGUAGE_LABELS,
    PURPOSE_LABELS,
    RAMQ_SEX_LABELS,
    STATUS_LABELS,
    AlertId,
    AlertLine,
    ConsentDecision,
    ConsentPurpose,
    Decision,
    Duplicate,
    HolderId,
    PatientPage,
    duplicates_of,
    patient_page,
)
from ui.patients.consent_form import ConsentForm
from ui.patients.facts import Facts, LastShown, empty
from ui.patients.inline_form import AlertForm
from ui.patients.patient_view import PatientTab
from ui.patients.reach import Reach
from ui.patients.remark import Remark
from ui.patients.words import ALERT_ICONS, SEVERITIES, alert_words, full_name, number, plain_name
from ui.shell.command_button import CommandButton
from ui.shell.formats import day, moment
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import effective_width
from ui.widgets.pills import SeverityChip, Tag

STACKED_BELOW = 1000
DECISION_SEVERITY = {ConsentDecision.GIVEN: "ok", ConsentDecision.REFUSED: "warn", ConsentDecision.WITHDRAWN: "warn"}


class SummaryTab(PatientTab):
    """What one looks up first."""

    def build(self) -> None:
        """Two columns of cards."""
        column = self.page()
        self._identity, self._reach = Card(" ", icon="user"), Card(" ", icon="phone")
        self._alerts, self._consents = Card(" ", icon="warning"), Card(" ", icon="signature")
        self._doubles = Card(" ", icon="users")
        self._facts, self._decisions = Facts(), Facts()
        self._contacts = Reach(self.bench)
        self._nam = Remark()
        self._alert_list, self._double_list = QVBoxLayout(), QVBoxLayout()
        self._told = {part: LastShown() for part in ("decisions", "alerts", "doubles")}
        self._identity.add(self._facts)
        self._identity.add(self._nam)
        self._reach.add(self._contacts)
        self._raise = Button("", "secondary", "plus", size="compact")
        self._raise.clicked.connect(self._open_form)
        self._alerts.head.addWidget(self._raise)
        self.words.put(self._raise.setText, raise_alert.label)
        self._record = Button("", "secondary", "plus", size="compact")
        self._record.clicked.connect(lambda *_args: self._open_consent(None))
        self._consents.head.addWidget(self._record)
        self.words.put(self._record.setText, record_consent.label)
        self._consent_place = QVBoxLayout()
        self._consents.add(self._consent_place)
        self._form_place = QVBoxLayout()
        self._alerts.add(self._form_place)
        self._alerts.add(self._alert_list)
        self._consents.add(self._decisions)
        self._doubles.add(self._double_list)
        left, right = QVBoxLayout(), QVBoxLayout()
        for side, cards in (
            (left, (self._doubles, self._identity, self._reach)),
            (right, (self._alerts, self._consents)),
        ):
            side.setSpacing(10)
            for card in cards:
                side.addWidget(card)
            side.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(12)
        self._row.addLayout(left, 1)
        self._row.addLayout(right, 1)
        column.addLayout(self._row)
        column.addStretch(1)
        for card, title in (
            (self._identity, N_("Identity")), (self._reach, N_("How to reach the patient")),
            (self._alerts, N_("Alerts")),
            (self._consents, N_("Consents")), (self._doubles, N_("Possible duplicates")),
        ):  # fmt: skip
            self.words.put(card.set_title, title)

    def _open_form(self) -> None:
        empty(self._form_place)
        form = AlertForm(self.bench, lambda: self.patient_id)
        self._form_place.addWidget(form)
        form.open()

    def _open_consent(self, withdrawn: ConsentPurpose | None) -> None:
        empty(self._consent_place)
        form = ConsentForm(self.bench, lambda: self.patient_id, withdrawn)
        self._consent_place.addWidget(form)
        form.closed.connect(self._record.setFocus)
        form.open()

    def reload(self) -> None:
        """Ask for the page and the duplicates."""
        self._record.set_available(self.bench.may(record_consent), self.bench.reason(record_consent))
        self._raise.set_available(self.bench.may(raise_alert), self.bench.reason(raise_alert))
        self.ask(patient_page, self.show_page, self.patient_id)
        self.ask(duplicates_of, self.show_doubles, self.patient_id)

    def show_page(self, page: PatientPage) -> None:
        """Fill the cards."""
        banner = page.banner
        card = page.nam_expires
        until = _(N_("card until {month}"), month=f"20{card[:2]}-{card[2:]}") if card else ""
        self._facts.show_facts(
            [
                (_(N_("Name")), full_name(banner)),
                (_(N_("Born")), day(banner.born_on) if banner.born_on else ""),
                (_(N_("Pronouns")), banner.pronouns or ""),
                (_(N_("Sex at the RAMQ")), _(RAMQ_SEX_LABELS[page.sex_at_ramq]) if page.sex_at_ramq else ""),
                (_(N_("Health insurance number")), " · ".join(part for part in (page.nam or "", until) if part)),
                (_(N_("Language")), _(LANGUAGE_LABELS[banner.language])),
                (_(N_("File")), f"{number(banner.file_number)} · {_(STATUS_LABELS[banner.status])}"),
                (_(N_("Opened")), moment(page.opened_at, self.bench.runner.clock)),
            ]
        )
        self._nam.tell(" ".join(_(warning) for warning in page.nam_warnings))
        none = _(N_("No contact of the patient’s own. See Family."))
        self._contacts.show_contacts(HolderId(banner.id), page.contacts, none)
        self._show_alerts(banner.alerts)
        self._show_decisions(page)
        self.show_body()

    def _show_decisions(self, page: PatientPage) -> None:
        if not self._told["decisions"].is_news(self.bench.actor, page.banner.id, page.decisions):
            return
        nothing = WrapLabel(_(N_("Nothing has been asked yet.")), "small", "muted")
        self._decisions.show_facts(
            [
                (_(PURPOSE_LABELS[found.purpose]), self._decision(found))
                for found in page.decisions
            ] or [("", nothing)]
        )  # fmt: skip

    def _decision(self, found: Decision) -> QWidget:
        view = QWidget()
        row = QHBoxLayout(view)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        words = f"{_(DECISION_LABELS[found.decision])} · {day(found.decided_on, short=True)}"
        row.addWidget(SeverityChip(DECISION_SEVERITY.get(found.decision, "info"), words))
        if found.decision is ConsentDecision.GIVEN:
            taking = Button(_(N_("Withdraw")), "quiet", size="compact")
            taking.setAccessibleName(f"{_(withdraw_consent.label)}: {_(PURPOSE_LABELS[found.purpose])}")
            taking.set_available(self.bench.may(withdraw_consent), self.bench.reason(withdraw_consent))
            taking.clicked.connect(lambda *_args: self._open_consent(found.purpose))
            row.addWidget(taking)
        return view

    def _show_alerts(self, alerts: tuple[AlertLine, ...]) -> None:
        if not self._told["alerts"].is_news(self.bench.actor, alerts):
            return
        empty(self._alert_list)
        if not alerts:
            self._alert_list.addWidget(WrapLabel(_(N_("No alert stands.")), "small", "muted"))
        for alert in alerts:
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(
                SeverityChip(SEVERITIES[alert.severity], alert_words(alert.kind, alert.text), ALERT_ICONS[alert.kind])
            )
            if alert.until_on:
                row.addWidget(Tag(_(N_("until {date}"), date=day(alert.until_on, short=True))))
            row.addStretch()
            ending: CommandButton[AlertId] = CommandButton(self.bench, end_alert, _giving(alert.id), "quiet")
            ending.setAccessibleDescription(alert_words(alert.kind, alert.text))
            row.addWidget(ending)
            self._alert_list.addLayout(row)

    def show_doubles(self, doubles: tuple[Duplicate, ...]) -> None:
        """Other charts that may be this patient's."""
        if not self._told["doubles"].is_news(self.bench.actor, doubles):
            return
        empty(self._double_list)
        self._doubles.setVisible(bool(doubles))
        for double in doubles:
            self._double_list.addWidget(duplicate_row(double, self._open))

    def _open(self, patient_id: str) -> None:
        self.open_screen.emit("patient", {"patient_id": patient_id})

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column when narrow."""
        super().resizeEvent(event)
        narrow = effective_width(self) < STACKED_BELOW
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)


def _giving(alert_id: AlertId) -> Callable[[], AlertId]:
    return lambda: alert_id


def duplicate_row(double: Duplicate, open_chart: Callable[[PatientId], object]) -> QWidget:
    """A chart, why it may be the same patient's, and the way to it."""
    view = QWidget()
    row = QHBoxLayout(view)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    words = QVBoxLayout()
    words.setSpacing(2)
    born_on = day(double.born_on, short=True) if double.born_on else ""
    words.addWidget(
        WrapLabel(
            " · ".join(part for part in (plain_name(double), born_on, number(double.file_number)) if part), "name"
        )
    )
    words.addWidget(WrapLabel(_(double.explanation), "small", "muted"))
    row.addLayout(words, 1)
    go = Button(_(N_("Show")), size="compact")
    go.setAccessibleName(_(N_("Open the file of {name}"), name=plain_name(double)))
    go.clicked.connect(lambda *_args: open_chart(double.id))
    row.addWidget(go, 0, Qt.AlignmentFlag.AlignTop)
    return view
