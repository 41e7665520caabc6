"""What stands against the visit as it is on screen, worst first, and the override with its reason."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from app.core.i18n import N_, _
from app.scheduling.permissions import OVERRIDE_CONFLICTS
from app.scheduling.queries import SEVERITY_LABELS, ConflictLine, Severity, booking_conflicts
from ui.patients.facts import empty
from ui.scheduling.editor_draft import Draft
from ui.shell.bench import Bench
from ui.widgets.announce import announce
from ui.widgets.cards import Card, ThemedIcon
from ui.widgets.choices import Switch
from ui.widgets.fields import TextField
from ui.widgets.form import Field
from ui.widgets.labels import WrapLabel
from ui.widgets.pills import SeverityChip

LOOKS = {Severity.WARNING: "warn", Severity.SERIOUS: "danger", Severity.IMPOSSIBLE: "danger"}


class Conflicts(Card):
    """Asked again after each change of the draft; `changed` when the answer came."""

    changed = Signal()

    def __init__(self, bench: Bench) -> None:
        super().__init__(" ", icon="warning")
        self._bench = bench
        self.lines: tuple[ConflictLine, ...] = ()
        self.known = False
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self._override: Switch | None = None
        self._switch_place = QVBoxLayout()
        self.why = TextField()
        self.why_field = Field(" ", self.why)
        self.why.changed.connect(lambda _text: self.changed.emit())
        for part in (self._list, self._switch_place):
            self.add(part)
        self.add(self.why_field)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        self.set_title(_(N_("Conflicts")))
        self.why_field.set_label(_(N_("Why in spite of it")))
        self.why.setPlaceholderText(_(N_("E.g. agreed with Dr. Gagnon")))
        on = self.overridden
        empty(self._switch_place)
        self._override = Switch(_(N_("Book in spite of it")))
        self._override.setChecked(on)
        self._override.toggled.connect(lambda _on: self._show())
        self._switch_place.addWidget(self._override)
        self._show()

    def ask(self, draft: Draft) -> None:
        """Ask what stands against a draft; an incomplete one has no answer."""
        starts_at = draft.starts_at(self._bench.runner.clock.zone)
        self.known = False
        if not draft.complete or starts_at is None:
            self.lines = ()
            self._show()
            return
        self._bench.ask(
            booking_conflicts, self._arrived, draft.patient_id, draft.type, draft.operatory_id, starts_at,
            draft.doctor_id, draft.assistant_id, draft.segments, draft.appointment_id or None,
        )  # fmt: skip

    def _arrived(self, lines: tuple[ConflictLine, ...]) -> None:
        before = [line.sentence for line in self.lines]
        self.lines, self.known = lines, True
        self._show()
        if lines and [line.sentence for line in lines] != before:
            announce(self, lines[0].sentence, urgent=lines[0].severity is not Severity.WARNING)

    @property
    def worst(self) -> Severity | None:
        """The weight of the worst conflict."""
        return self.lines[0].severity if self.lines else None

    @property
    def overridden(self) -> bool:
        """Whether the person chose to book in spite of a serious conflict, with a reason."""
        return self._override is not None and self._override.isChecked()

    def refusal(self) -> str:
        """Why the draft may not be saved because of its conflicts; empty when it may."""
        if self.worst is Severity.IMPOSSIBLE:
            return self.lines[0].sentence
        if self.worst is not Severity.SERIOUS:
            return ""
        if not self.overridden:
            return self.lines[0].sentence
        return "" if self.why.text().strip() else _(N_("Say why it is booked in spite of the conflict."))

    def _show(self) -> None:
        empty(self._list)
        serious = self.worst is Severity.SERIOUS
        allowed = self._bench.may(OVERRIDE_CONFLICTS)
        if self._override is not None:
            self._override.setVisible(serious)
            self._override.setEnabled(allowed)
            lacking = _(N_("You need “{right}”."), right=OVERRIDE_CONFLICTS.label)
            self._override.setToolTip("" if allowed else lacking)
        self.why_field.setVisible(serious and self.overridden)
        if not self.lines:
            row = QHBoxLayout()
            row.setSpacing(6)
            row.addWidget(ThemedIcon("check", 16, severity="ok" if self.known else ""))
            free, missing = N_("Nothing stands against this time."), N_("Choose patient, type, time and chair.")
            words = _(free if self.known else missing)
            row.addWidget(WrapLabel(words, "small", "ok" if self.known else "muted"), 1)
            self._list.addLayout(row)
        for line in self.lines:
            chip = SeverityChip(LOOKS[line.severity], _(SEVERITY_LABELS[line.severity]))
            head = QHBoxLayout()
            head.addWidget(chip)
            head.addStretch(1)
            self._list.addLayout(head)
            self._list.addWidget(WrapLabel(line.sentence, "small"))
        self.changed.emit()
