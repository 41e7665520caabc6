"""The reading of a study: whether it is signed, by whom, and the two acts: signing, and opening it again."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.core.i18n import N_, _
from app.imaging.commands import reopen_reading, sign_reading
from app.imaging.queries import READING_LABELS, ReadingAct, ReadingState, SignatureLine, StudyId, study_readings
from ui.patients.facts import empty
from ui.shell.formats import moment
from ui.shell.screen import Screen
from ui.theme.style import on_theme_change, theme
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.dialogs import Question
from ui.widgets.fields import TextArea, TextField
from ui.widgets.form import Field
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.layout import VScroll

WIDTH = 304


class SigningPanel(QWidget):
    """At the right of the reading room; `show_study` fills it."""

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen, self._bench = screen, screen.bench
        self._study_id, self._title, self._needed = StudyId(""), "", True
        self._kept: dict[str, str] = {}
        self._in_force: SignatureLine | None = None
        self._state, self._when = WrapLabel("", "name"), WrapLabel("", "small", "muted")
        self.words, self.reason = TextArea(), TextField()
        self._words_field, self._reason_field = Field("", self.words), Field("", self.reason)
        self.sign, self.reopen = Button("", "primary", "signature"), Button("", "secondary", "lock-open")
        self._history = QVBoxLayout()
        self._history.setSpacing(8)
        self._past = Label("", "small", "muted")
        self._lay_out()
        self.sign.clicked.connect(self._ask_to_sign)
        self.reopen.clicked.connect(self.open_again)
        self.words.changed.connect(self._keep_words)

    def _lay_out(self) -> None:
        card = Card()
        card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        for part in (self._state, self._when, self._words_field, self.sign, self._reason_field, self.reopen):
            card.add(part)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(10)
        column.addWidget(card)
        column.addWidget(self._past)
        column.addLayout(self._history)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(VScroll(inner))
        words = self._screen.words
        words.put(self._words_field.set_label, N_("Conclusion"))
        words.put(self._reason_field.set_label, N_("Why it is opened again"))
        words.put(self.sign.setText, N_("Sign the reading"))
        words.put(self.reopen.setText, N_("Open the reading again"))
        words.put(self._past.setText, N_("Earlier signatures"))
        on_theme_change(self._restyle)

    def _restyle(self) -> None:
        self.setFixedWidth(max(WIDTH, min(theme.px(WIDTH), 440)))

    def show_study(self, study_id: StudyId, title: str, needed: bool) -> None:
        """Show the reading of another study; a conclusion that was being written is kept for its own.

        Photographs alone need no reading: nothing is asked of anybody then, unless it was signed all the same.
        """
        self._needed = needed
        if study_id != self._study_id:
            self._study_id, self._title = study_id, title
            self.words.set_value(self._kept.get(study_id, ""))
            self.reason.set_value("")
        if study_id:
            self._screen.ask(study_readings, self.show_readings, study_id)

    def forget(self) -> None:
        """Another patient: nothing that was typed may stay."""
        self._kept.clear()
        self._study_id = StudyId("")
        self.hide()

    def show_readings(self, lines: tuple[SignatureLine, ...]) -> None:
        """What has been signed and opened again."""
        clock = self._bench.runner.clock
        self._in_force = signed = next((line for line in lines if line.in_force), None)
        unsigned = N_("Reading not signed") if self._needed else READING_LABELS[ReadingState.NOT_NEEDED]
        self._state.setText(_(N_("Read and signed")) if signed else _(unsigned))
        if signed:
            who, when = signed.staff or "", moment(signed.at, clock)
            self._when.setText("\n".join(filter(None, (f"{who} · {when}", signed.words or ""))))
        else:
            self._when.setText(self._title)
        self._words_field.setVisible(signed is None and self._needed)
        self.sign.setVisible(signed is None and self._needed)
        self._reason_field.setVisible(signed is not None)
        self.reopen.setVisible(signed is not None)
        for button, command in ((self.sign, sign_reading), (self.reopen, reopen_reading)):
            button.set_available(self._bench.may(command), self._bench.reason(command))
        self.words.setEnabled(self._bench.may(sign_reading))
        self.reason.setEnabled(self._bench.may(reopen_reading))
        self._show_past([line for line in lines if not line.in_force])

    def _show_past(self, lines: list[SignatureLine]) -> None:
        empty(self._history)
        self._past.setVisible(bool(lines))
        clock = self._bench.runner.clock
        for line in lines:
            act = N_("Signed") if line.act is ReadingAct.SIGNED else N_("Opened again")
            told = " · ".join(part for part in (_(act), line.staff or "", moment(line.at, clock)) if part)
            self._history.addWidget(WrapLabel("\n".join(filter(None, (told, line.words or ""))), "small"))

    def _keep_words(self, text: str) -> None:
        self._kept[self._study_id] = text

    # -- acts -----------------------------------------------------------------------------------------------
    def _ask_to_sign(self) -> None:
        question = Question(
            _(N_("Sign the reading of {study}?"), study=self._title),
            _(N_("It is signed in your name, and the study leaves the list of what is to be read.")),
            safe=_(N_("Keep reading")),
            act=_(N_("Sign the reading")),
            note=_(N_("Images that come later are to be read anew.")),
            dangerous=False,
            parent=self,
        )
        if question.exec():
            self.sign_now()

    def sign_now(self) -> None:
        """Sign; the person has confirmed."""
        study_id = self._study_id
        self._bench.run(sign_reading, study_id, str(self.words.value())).then(lambda _id: self._signed(study_id))

    def _signed(self, study_id: StudyId) -> None:
        self._kept.pop(study_id, None)
        if study_id == self._study_id:
            self.words.set_value("")

    def open_again(self) -> None:
        """Open a signed reading again; a reason is asked for, since the next reader will wonder."""
        reason = str(self.reason.value())
        if not reason:
            self._reason_field.set_error(_(N_("Write why, so that whoever reads it next knows.")))
            self.reason.setFocus()
            return
        self._reason_field.set_error("")
        if self._in_force is not None:
            self._bench.run(reopen_reading, self._in_force.reading_id, reason)
