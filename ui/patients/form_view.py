"""The form that opens a chart or corrects one: each refusal stands under its field, likely duplicates beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import ClinicError, RuleViolation
from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.patients.commands import change_patient, create_patient, set_nam
from app.patients.queries import (
    LANGUAGE_LABELS,
    RAMQ_SEX_LABELS,
    Duplicate,
    Language,
    PatientField,
    PatientPage,
    RamqSex,
    check_nam,
    patient_page,
    possible_duplicates,
)
from ui.patients.facts import empty
from ui.patients.remark import Remark
from ui.patients.summary_tab import duplicate_row
from ui.patients.words import plain_name
from ui.shell.formats import day
from ui.shell.screen import Screen
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.fields import Choice, TextField
from ui.widgets.form import Field
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import VScroll, effective_width
from ui.widgets.typed_fields import DateField

PAUSE = 250
"""Milliseconds without a keystroke after which duplicates are looked for."""
STACKED_BELOW = 1000
WIDTH = 760


@dataclass(frozen=True, slots=True)
class Entry:
    """What the form holds."""

    family_name: str
    given_name: str
    preferred_name: str
    pronouns: str
    born_on: date | None
    sex_at_ramq: RamqSex | None
    language: Language
    nam: str
    nam_expires: str
    file_number: str


class PatientFormView(Screen):
    """`choose(patient_id="", typed=...)` opens a chart, with an id it corrects that one."""

    def build(self) -> None:
        """Fields at the left, duplicates at the right, the two answers under them."""
        self._patient_id = PatientId("")
        self._before: Entry | None = None
        self._make_fields()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._look_for_doubles)
        self._save, self._cancel = Button("", "primary", "check"), Button("")
        self._save.clicked.connect(self.save)
        self._cancel.clicked.connect(self._leave)
        self._doubles = Card(" ", icon="users")
        self._double_list = QVBoxLayout()
        self._doubles.add(self._double_list)
        side = QVBoxLayout()
        side.addWidget(self._doubles)
        side.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(12)
        self._row.addWidget(self._fields_card(), 3)
        self._row.addLayout(side, 2)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(14, 12, 14, 12)
        column.addLayout(self._row)
        column.addStretch(1)
        whole = QVBoxLayout(self.body)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(VScroll(inner))
        self.words.put(self._doubles.set_title, N_("Possibly the same patient"))
        self.words.put(self._cancel.setText, N_("Cancel"))

    def _make_fields(self) -> None:
        self._given, self._family, self._preferred, self._pronouns = (TextField() for _n in range(4))
        self._born = DateField(today=self.bench.runner.clock.today, written=day)
        self._sex, self._language = Choice(), Choice()
        self._nam, self._expires, self._number = (TextField() for _n in range(3))
        self.fields = {
            "given_name": Field("", self._given), "family_name": Field("", self._family),
            "preferred_name": Field("", self._preferred), "pronouns": Field("", self._pronouns),
            "born_on": Field("", self._born), "language": Field("", self._language), "nam": Field("", self._nam),
            "nam_expires": Field("", self._expires), "sex_at_ramq": Field("", self._sex),
            "file_number": Field("", self._number),
        }  # fmt: skip
        for name, label in (
            ("given_name", N_("Given name")), ("family_name", N_("Family name")), ("preferred_name", N_("Goes by")),
            ("pronouns", N_("Pronouns")), ("born_on", N_("Birth date")), ("language", N_("Language")),
            ("nam", N_("Health insurance number")), ("nam_expires", N_("Card expires")),
            ("sex_at_ramq", N_("Sex at the RAMQ")), ("file_number", N_("File number")),
        ):  # fmt: skip
            self.words.put(self.fields[name].set_label, label)
        self.words.put(self._born.setPlaceholderText, N_("E.g. 3 March 2012"))
        self.words.put(self._nam.setPlaceholderText, N_("E.g. BERF 1253 0316"))
        self.words.put(self._expires.setPlaceholderText, N_("E.g. 2708, year and month"))
        self.words.put(self._pronouns.setPlaceholderText, N_("E.g. she, he, they"))
        self.words.put(self._number.setPlaceholderText, N_("The next free number"))
        for field in (self._given, self._family, self._preferred, self._nam):
            field.textEdited.connect(lambda _text: self._touched())
        self._born.editingFinished.connect(self._touched)

    def _fields_card(self) -> Card:
        card = Card()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(12)
        for place, field in enumerate(self.fields.values()):
            self._grid.addWidget(field, place // 2 * 2, place % 2, Qt.AlignmentFlag.AlignTop)
        self._warning = Remark()  # under the number that it speaks of; an empty row takes no room
        self._grid.addWidget(self._warning, list(self.fields).index("nam") // 2 * 2 + 1, 0, 1, 2)
        answers = QHBoxLayout()
        answers.addStretch()
        answers.addWidget(self._cancel)
        answers.addWidget(self._save)
        card.add(self._grid)
        card.body.addSpacing(4)
        card.add(answers)
        return card

    # -- opening --------------------------------------------------------------------------------------------
    def faces(self) -> dict[str, dict[str, Any]]:
        """A file that is corrected, then a new one again."""
        return {"edit": {"patient_id": "", "typed": ""}}

    def choose(self, **chosen: Any) -> None:
        """Start afresh for a new chart or with the values of one."""
        self._patient_id = PatientId(chosen.get("patient_id") or "")
        self._before = None
        self._fill(Entry("", "", "", "", None, None, Language.FRENCH, "", "", ""))
        given, _space, family = str(chosen.get("typed") or "").partition(" ")
        if given and not self._patient_id and not any(letter.isdigit() for letter in given):
            self._given.setText(given[:1].upper() + given[1:])
            self._family.setText(family[:1].upper() + family[1:])
            self._touched()
        self.freshen()
        self.titled.emit()

    def heading(self) -> str:
        """What the form does."""
        return _(N_("Edit the patient file")) if self._patient_id else _(N_("New patient"))

    def subheading(self) -> str:
        """Who, or what is needed."""
        if self._before is not None:
            return f"{self._before.given_name} {self._before.family_name}"
        return _(N_("Two names are enough to begin"))

    def focus_first(self) -> None:
        """The first field."""
        self._given.setFocus(self.focus_reason)

    def reload(self) -> None:
        """Words of the lists; the values of a chart are read once, so that typed text is never overwritten."""
        none = ("", _(N_("Not recorded")))
        self._sex.set_options([none, *((sex.value, _(word)) for sex, word in RAMQ_SEX_LABELS.items())])
        self._language.set_options([(language.value, _(word)) for language, word in LANGUAGE_LABELS.items()])
        self._save.setText(_(N_("Save")) if self._patient_id else _(N_("Open the file")))
        self._doubles.setVisible(False)
        self._look_for_doubles()
        if self._patient_id and self._before is None:
            self.ask(patient_page, self.show_page, self._patient_id)
        else:
            self.show_body()

    def show_page(self, page: PatientPage) -> None:
        """Fill the fields with the chart as it is."""
        if self._before is not None:
            return
        banner = page.banner
        self._before = Entry(
            banner.family_name, banner.given_name, banner.preferred_name or "", banner.pronouns or "", banner.born_on,
            page.sex_at_ramq, banner.language, page.nam or "", page.nam_expires or "", banner.file_number,
        )  # fmt: skip
        self._fill(self._before)
        self._warn()
        self.titled.emit()
        self.show_body()

    def _fill(self, entry: Entry) -> None:
        for field, text in (
            (self._family, entry.family_name), (self._given, entry.given_name), (self._preferred, entry.preferred_name),
            (self._pronouns, entry.pronouns), (self._nam, entry.nam), (self._expires, entry.nam_expires),
            (self._number, entry.file_number),
        ):  # fmt: skip
            field.setText(text)
        self._born.set_value(entry.born_on)
        self._sex.set_value(entry.sex_at_ramq.value if entry.sex_at_ramq else "")
        self._language.set_value(entry.language.value)
        for box in self.fields.values():
            box.set_error("")
        self._warning.tell("")

    def entry(self) -> Entry:
        """What is typed."""
        sex = str(self._sex.value() or "")
        return Entry(
            self._family.text().strip(), self._given.text().strip(), self._preferred.text().strip(),
            self._pronouns.text().strip(), self._born.value(), RamqSex(sex) if sex else None,
            Language(str(self._language.value() or "fr")), self._nam.text().strip(), self._expires.text().strip(),
            self._number.text().strip(),
        )  # fmt: skip

    # -- while typing ---------------------------------------------------------------------------------------
    def _touched(self) -> None:
        self._pause.start()
        self._warn()

    def _warn(self) -> None:
        """What looks wrong about the NAM is said and does not stop anybody."""
        given = self.entry()
        warnings: tuple[str, ...] = ()
        if len(given.nam.replace(" ", "")) >= 12:
            try:
                warnings = check_nam(
                    given.nam, family_name=given.family_name, given_name=given.given_name, born_on=given.born_on,
                    sex=given.sex_at_ramq,
                ).warnings  # fmt: skip
            except RuleViolation as error:
                self.fields["nam"].set_error(error)
                return
        self.fields["nam"].set_error("")
        self._warning.tell(" ".join(_(warning) for warning in warnings))

    def _look_for_doubles(self) -> None:
        given = self.entry()
        if self._patient_id or not (given.family_name and given.given_name):
            self.show_doubles(())
            return
        self.ask(
            possible_duplicates, self.show_doubles, given.family_name, given.given_name, given.born_on, given.nam,
            preferred_name=given.preferred_name,
        )  # fmt: skip

    def show_doubles(self, doubles: tuple[Duplicate, ...]) -> None:
        """Charts that may be this patient's; none of them stops anybody."""
        empty(self._double_list)
        self._doubles.setVisible(bool(doubles))
        if doubles:
            self._double_list.addWidget(WrapLabel(_(N_("Look before you open a second file.")), "small", "muted"))
        for double in doubles[:5]:
            self._double_list.addWidget(duplicate_row(double, self._open))

    # -- the two answers ------------------------------------------------------------------------------------
    def save(self) -> None:
        """Open the chart, or correct what was changed."""
        for box in self.fields.values():
            box.set_error("")
        if problem := self._born.problem():
            self.fields["born_on"].set_error(problem)
            return
        given = self.entry()
        self._save.setEnabled(False)
        if self._before is None:
            running = self.bench.run_for(
                self, create_patient, given.family_name, given.given_name, given.born_on, given.language,
                given.preferred_name, given.pronouns, given.sex_at_ramq, given.nam, given.nam_expires,
                given.file_number,
            )  # fmt: skip
            running.say(_(N_("File of {name} opened"), name=plain_name(given))).then(self._open).at_end(self._awake)
            return
        self._change(self._before, given)

    def _change(self, before: Entry, given: Entry) -> None:
        clear = [
            PatientField(name)
            for name in ("preferred_name", "pronouns", "born_on", "sex_at_ramq")
            if getattr(before, name) and not getattr(given, name)
        ]
        patient_id = self._patient_id
        card = (given.nam, given.nam_expires) != (before.nam, before.nam_expires)

        def then_card(_none: object) -> None:
            if not card:
                self._open(patient_id)
                return
            self.bench.run_for(self, set_nam, patient_id, given.nam, given.nam_expires).say("").then(
                lambda _warnings: self._open(patient_id)
            )

        running = self.bench.run_for(
            self, change_patient, patient_id, given.family_name, given.given_name, given.born_on, given.language,
            given.preferred_name, given.pronouns, given.sex_at_ramq, given.file_number, clear,
        )  # fmt: skip
        running.say(_(N_("File of {name} corrected"), name=plain_name(given))).then(then_card).at_end(self._awake)

    def _awake(self) -> None:
        self._save.setEnabled(True)

    def show_field_error(self, field: str, problem: ClinicError) -> bool:
        """Under the field that the rule names; the keyboard goes there."""
        box = self.fields.get(field)
        if box is None:
            return False
        box.set_error(problem)
        box.editor.setFocus()
        return True

    def _open(self, patient_id: PatientId) -> None:
        self._fill(Entry("", "", "", "", None, None, Language.FRENCH, "", "", ""))
        self.open_screen.emit("patient", {"patient_id": patient_id})

    def _leave(self) -> None:
        self.went_back.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Duplicates under the fields when narrow."""
        super().resizeEvent(event)
        narrow = effective_width(self) < STACKED_BELOW
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
