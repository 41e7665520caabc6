"""The panel of one's own recent work, all of it or about the patient who is open; each step can be taken back here."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.journal.own_work import OwnWork, own_work
from app.journal.undo import UNDO_COMMAND
from app.patients.queries import PatientName, patient_names
from ui.shell.formats import counted, moment
from ui.shell.screen import Screen
from ui.widgets.buttons import Button, IconButton
from ui.widgets.cards import Hairline
from ui.widgets.checks import CheckBox
from ui.widgets.labels import ElidedLabel
from ui.widgets.layout import VScroll


class WorkPanel(Screen):
    """`choose(patient_id=…)` says which patient is open in the window."""

    def build(self) -> None:
        """A switch for the patient, and the list."""
        self._patient, self._lines, self._names = "", tuple[OwnWork, ...](), dict[str, str]()
        self._only = CheckBox("")
        self._only.toggled.connect(lambda _on: self.freshen())
        self._inner = QWidget()
        self._list = QVBoxLayout(self._inner)
        self._list.setContentsMargins(12, 4, 8, 12)
        self._list.setSpacing(4)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(0, 8, 0, 0)
        head = QHBoxLayout()
        head.setContentsMargins(12, 0, 12, 4)
        head.addWidget(self._only)
        column.addLayout(head)
        column.addWidget(VScroll(self._inner), 1)
        self._inner.setAutoFillBackground(False)  # a scroll area fills what it is given
        self._only.hide()
        self.words.put(self._only.setAccessibleName, N_("Only the patient who is open"))

    def choose(self, **chosen: Any) -> None:
        """Follow the window to another patient."""
        patient = str(chosen.get("patient_id") or "")
        if patient != self._patient:
            self._patient = patient
            self._only.setVisible(bool(patient))
            self.freshen()

    def reload(self) -> None:
        """Read the last steps."""
        self.ask(own_work, self._take, subject=self._patient if self._only.isChecked() else "")

    def focus_first(self) -> None:
        """The first step."""
        button = next((b for b in self._inner.findChildren(Button) if b.isEnabled()), None)
        (button or self._only).setFocus(self.focus_reason)

    def _take(self, lines: tuple[OwnWork, ...]) -> None:
        self._lines = lines
        wanted = [PatientId(line.patient_id) for line in lines if line.patient_id]
        if wanted and self.bench.may(patient_names):
            self.ask(patient_names, self._take_names, wanted)
        else:
            self._draw()

    def _take_names(self, names: tuple[PatientName, ...]) -> None:
        self._names = {name.id: f"{name.given_name} {name.family_name}" for name in names}
        self._draw()

    def _draw(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if not self._lines:
            self.show_state("clock-counter-clockwise", N_("You have done nothing here yet."))
            return
        for number, line in enumerate(self._lines):
            if number:
                self._list.addWidget(Hairline())
            self._list.addWidget(self._row(line))
        self._list.addStretch(1)
        self.show_body()

    def _row(self, line: OwnWork) -> QWidget:
        host = QWidget()
        row, words = QHBoxLayout(host), QVBoxLayout()
        row.setContentsMargins(0, 4, 0, 4)
        words.setSpacing(1)
        label = _(line.label)
        words.addWidget(ElidedLabel(label, "name"))
        name = self._names.get(line.patient_id, "")
        if name:
            go = Button(name, "link", size="compact")
            go.setAccessibleName(_(N_("Open the file of {name}"), name=name))
            go.clicked.connect(lambda: self.open_screen.emit("patient", {"patient_id": line.patient_id}))
            words.addWidget(go, 0, Qt.AlignmentFlag.AlignLeft)
        parts = [moment(line.at, self.bench.runner.clock)]
        if line.times > 1:
            parts.append(counted(N_("{n} step"), N_("{n} steps"), line.times))
        if line.is_undone:
            parts.append(_(N_("taken back")))
        words.addWidget(ElidedLabel(" · ".join(parts), "small", "muted"))
        row.addLayout(words, 1)
        if not line.is_undone:
            verb = N_("Do again: {label}") if line.command == UNDO_COMMAND else N_("Undo: {label}")
            back = IconButton(
                "arrow-u-up-right" if line.command == UNDO_COMMAND else "arrow-u-up-left",
                _(verb, label=label if not name else f"{label}, {name}"), size="compact",
            )  # fmt: skip
            back.clicked.connect(lambda: self.bench.undo(line.operation_id, line.group_id))
            row.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)
        return host
