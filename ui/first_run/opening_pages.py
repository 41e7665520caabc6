"""The first two pages: the language, and whether a clinic or the demonstration is made."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from app.core.i18n import N_, NAMES, _, language, set_language
from ui.first_run.page import Page
from ui.shell.preferences import LANGUAGE
from ui.widgets.cards import Card
from ui.widgets.checks import Radio
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
    """A clinic with its own people, or the demonstration with invented ones."""

    step = N_("Clinic or demonstration")
    title = N_("What would you like to set up?")
    blurb = N_("The demonstration stays apart: you can set up the real clinic later, and the other way round.")

    def build(self) -> None:
        """Two choices, each with what it means."""
        self._group = QButtonGroup(self)
        self._clinic, self._demo = Radio(" "), Radio(" ")
        self._place = WrapLabel("", "small", "muted")
        for radio, text, meaning in (
            (self._clinic, N_("Our clinic"), N_("Your chairs, your staff, your patients. The data is encrypted here.")),
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
            self.words.put(lambda said, radio=radio: _name(radio, said), text)  # type: ignore[misc]
            self.add(card)
        self._clinic.setChecked(True)
        self._demo.toggled.connect(self._chosen)
        self.add(self._place)

    def _chosen(self, demonstration: bool) -> None:
        self.answers.demonstration = demonstration
        self.enter()
        self.changed.emit()

    def enter(self) -> None:
        """Say where the data will lie."""
        folder = self.answers.demo_folder if self.answers.demonstration else self.answers.folder
        self.words.put(self._place.setText, N_("The data will lie in {folder}"), folder=str(folder))

    def first(self) -> QWidget:
        """What is chosen."""
        return self._demo if self._demo.isChecked() else self._clinic


def _name(radio: Radio, said: str) -> None:
    radio.setText(said)
    radio.setAccessibleName(said)
    radio.updateGeometry()
