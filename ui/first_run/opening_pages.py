"""The first pages: the language, and whether a clinic or the demonstration is made, or a practice joined."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from app.cli.first_run import check_code
from app.core.errors import ClinicError
from app.core.i18n import N_, NAMES, _, language, set_language
from ui.first_run.page import Page
from ui.shell.preferences import LANGUAGE
from ui.widgets.cards import Card
from ui.widgets.checks import Radio
from ui.widgets.fields import TextField
from ui.widgets.labels import Label, WrapLabel
from ui.widgets.segmented import Segment, SegmentedControl


class WelcomePage(Page):
    """What is going to be asked, and in which language."""

    step = N_("Welcome")
    title = N_("Welcome to Archwire")
    blurb = N_("A few questions, about ten minutes. Nothing is written before the last one, and Back always works.")
    onward = N_("Begin")

    def build(self) -> None:
        """Language, and what one should have at hand."""
        self._label = Label("", "name")
        codes = [Segment(code, NAMES[code].partition(" ")[0]) for code in ("fr", "en")]
        self._language = SegmentedControl(_(LANGUAGE.label), codes)
        self._language.set_value(language())
        self._language.changed.connect(lambda code: set_language(str(code)))
        self.words.put(self._label.setText, LANGUAGE.label)
        self.words.put(self._language.setAccessibleName, LANGUAGE.label)
        self.add(self._label)
        self.add(self._language)
        card = Card(" ", icon="list")
        self.words.put(card.set_title, N_("Have at hand"))
        for text in (
            N_("The clinic’s name, address, phone and opening hours"),
            N_("The names of the chairs and of the people who work here"),
            N_("A printer, or a place outside this computer, for the recovery key"),
            N_("A disk or a network folder for backups"),
        ):
            line = WrapLabel()
            self.words.put(line.setText, text)
            card.add(line)
        self.add(card)

    def first(self) -> QWidget:
        """The language."""
        chosen = [button for button in self._language.findChildren(QRadioButton) if button.isChecked()]
        return chosen[0] if chosen else self._language

    def retranslate(self) -> None:
        """The segment follows a switch made at the foot."""
        super().retranslate()
        self._language.blockSignals(True)
        self._language.set_value(language())
        self._language.blockSignals(False)


class KindPage(Page):
    """A clinic with its own people, one that is there already, or the demonstration with invented ones."""

    step = N_("Clinic or demonstration")
    title = N_("What would you like to set up?")
    blurb = N_("The demonstration stays apart: you can set up the real clinic later, and the other way round.")

    def build(self) -> None:
        """Three choices, each with what it means."""
        self._group = QButtonGroup(self)
        self._clinic, self._join, self._demo = Radio(" "), Radio(" "), Radio(" ")
        self._place = WrapLabel("", "small", "muted")
        for radio, text, meaning in (
            (self._clinic, N_("Our clinic"), N_("Your chairs, your staff, your patients. The data is encrypted here.")),
            (
                self._join,
                N_("Join our practice"),
                N_("It has Archwire on another computer already. You need the code that is shown there."),
            ),
            (
                self._demo,
                N_("The demonstration"),
                N_("An invented clinic with 150 patients and real, anonymous X-rays, to try everything without risk."),
            ),
        ):
            self._group.addButton(radio)
            card, words = Card(), WrapLabel("", "body", "muted")
            card.add(radio)
            card.add(words)
            self.words.put(words.setText, meaning)
            self.words.put(lambda said, radio=radio: _name(radio, said), text)  # type: ignore[misc]  # mypy infers no lambda that has a default
            self.add(card)
        self._clinic.setChecked(True)
        self._group.buttonToggled.connect(self._chosen)
        self.add(self._place)

    def _chosen(self, _button: object, chosen: bool) -> None:
        if not chosen:
            return
        self.answers.demonstration, self.answers.joining = self._demo.isChecked(), self._join.isChecked()
        self.enter()
        self.changed.emit()

    def enter(self) -> None:
        """Say where the data will lie."""
        folder = self.answers.demo_folder if self.answers.demonstration else self.answers.folder
        self.words.put(self._place.setText, N_("The data will lie in {folder}"), folder=str(folder))

    def first(self) -> QWidget:
        """What is chosen."""
        return next((it for it in (self._demo, self._join) if it.isChecked()), self._clinic)


class CodePage(Page):
    """The code by which this computer joins the practice."""

    step = N_("Code")
    title = N_("Enter the code")
    blurb = N_("On a computer of the practice: Synchronisation, This workstation, Invite a workstation.")
    onward = N_("Join the practice")

    def build(self) -> None:
        """One field, and what happens."""
        self._code = TextField()
        self.add(self.put("code", N_("Code"), self._code, N_("All of it, with what follows “@”; or scan it.")))
        told = WrapLabel("", "small", "muted")
        self.words.put(
            told.setText,
            N_("It is good once. Everything of the practice is then copied to this computer, encrypted."),
        )
        self.add(told)

    def take(self) -> None:
        """Keep what was typed."""
        self.answers.code = self.text("code")

    def problems(self) -> Mapping[str, ClinicError]:
        """What is no code is told before anything begins."""
        try:
            check_code(self.answers.code)
        except ClinicError as error:
            return {"code": error}
        return {}


def _name(radio: Radio, said: str) -> None:
    radio.setText(said)
    radio.setAccessibleName(said)
    radio.updateGeometry()
