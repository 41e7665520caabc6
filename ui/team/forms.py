"""The small forms of the team: a break with whoever stands in, the answer to a request, a load and its end."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout

from app.attendance.commands import answer_break, ask_break, begin_break
from app.attendance.queries import BreakRequestLine
from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.orchestration.queries import Cover, PersonLane, break_cover
from app.practice.queries import BREAK_LABELS, BreakKind, EquipmentId, ProviderId
from app.sterilisation.commands import end_cycle, fail_load, start_cycle
from app.sterilisation.queries import INDICATOR_LABELS, CycleLine, Indicator
from ui.patients.inline_form import InlineForm
from ui.shell.formats import counted, hour
from ui.shell.screen import Screen
from ui.team.words import At, stand_in_words
from ui.widgets.checks import CheckBox
from ui.widgets.fields import Choice, TextField
from ui.widgets.labels import WrapLabel
from ui.widgets.typed_fields import NumberField

NOBODY = PatientId("")


class CoverForm(InlineForm):
    """A form that names who stands in, and says what is left behind meanwhile."""

    def __init__(self, screen: Screen, lane: PersonLane, at: At, verb: str) -> None:
        super().__init__(screen.bench, lambda: NOBODY, verb)
        self.lane, self._at = lane, at
        self.said = WrapLabel("", "small", "muted")
        whole = self.layout()
        assert isinstance(whole, QVBoxLayout), "a form is made with its layout"
        whole.insertWidget(0, self.said)

    def ask_cover(self, minutes: int) -> None:
        """Look for who could stand in."""
        self.bench.ask_for(None, break_cover, self.show_cover, self.lane.id, minutes)

    def show_cover(self, cover: Cover) -> None:
        """Say what is left behind and who could take it; the first who fits is chosen."""
        left = counted(N_("{n} visit falls into this time."), N_("{n} visits fall into this time."), len(cover.needed))
        words = [stand_in_words(person, self._at) for person in cover.people]
        self.said.setText("\n".join([left, *words]))
        fits = [person for person in cover.people if person.fits]
        others = [person for person in cover.people if not person.fits]
        editor = self.fields["cover_id"].editor
        assert isinstance(editor, Choice)
        editor.set_options([("", _(N_("Nobody"))), *((person.id, person.name) for person in (*fits, *others))])
        if fits and cover.needed:
            editor.set_value(fits[0].id)

    def cover_id(self) -> ProviderId | None:
        """Who was chosen."""
        found = self.chosen("cover_id")
        return ProviderId(found) if found and found != "None" else None


class BreakForm(CoverForm):
    """Begin a break."""

    def __init__(self, screen: Screen, lane: PersonLane, at: At) -> None:
        super().__init__(screen, lane, at, begin_break.label)
        self.put("kind", _(N_("Kind of break")), Choice([(kind.value, _(word)) for kind, word in BREAK_LABELS.items()]))
        self.put("minutes", _(N_("Minutes")), NumberField("15", least=1, most=180, step=5))
        self.put("cover_id", _(N_("Stands in")), Choice([("", _(N_("Nobody")))]))

    def open(self) -> None:
        """A rest of a quarter of an hour."""
        super().open()
        self.ask_cover(15)

    def send(self) -> None:
        """One command."""
        kind, minutes = BreakKind(self.chosen("kind")), self.number("minutes")
        usual = 30 if kind is BreakKind.MEAL else 15
        running = self.bench.run_for(self, begin_break, kind, minutes or usual, self.lane.id, self.cover_id())
        running.then(lambda _entry: self.close_form())


class AskForm(InlineForm):
    """Ask for a break."""

    def __init__(self, screen: Screen, lane: PersonLane) -> None:
        super().__init__(screen.bench, lambda: NOBODY, ask_break.label)
        self._lane = lane
        self.put("minutes", _(N_("Minutes")), NumberField("10", least=5, most=60, step=5))
        self.put("note", _(N_("Note")), TextField(_(N_("E.g. a call"))))

    def send(self) -> None:
        """One command."""
        minutes = self.number("minutes") or 10
        running = self.bench.run_for(self, ask_break, minutes, self._lane.id, note=self.text("note"))
        running.then(lambda _request: self.close_form())


class AnswerForm(CoverForm):
    """Grant or refuse a break that was asked for."""

    def __init__(self, screen: Screen, lane: PersonLane, at: At, request: BreakRequestLine) -> None:
        super().__init__(screen, lane, at, answer_break.label)
        self._request = request
        self.put("granted", _(N_("Answer")), Choice([("yes", _(N_("Granted"))), ("no", _(N_("Refused")))]))
        self.put("cover_id", _(N_("Stands in")), Choice([("", _(N_("Nobody")))]))
        self.put("answer", _(N_("Why")), TextField(_(N_("Needed when it is refused"))))

    def open(self) -> None:
        """Look who could stand in."""
        super().open()
        self.ask_cover(self._request.minutes)

    def send(self) -> None:
        """One command."""
        granted = self.chosen("granted") == "yes"
        running = self.bench.run_for(
            self, answer_break, self._request.id, granted, self.cover_id() if granted else None, self.text("answer")
        )
        running.then(lambda _none: self.close_form())


class CycleForm(InlineForm):
    """Start a load."""

    def __init__(self, screen: Screen, devices: Sequence[tuple[str, str]]) -> None:
        super().__init__(screen.bench, lambda: NOBODY, start_cycle.label)
        self.put("equipment_id", _(N_("Steriliser")), Choice(list(devices)))
        self.put("contents", _(N_("What is in the load")), TextField(_(N_("E.g. 8 cassettes, 4 pliers"))))
        self.put("packs", _(N_("Packs")), NumberField("8", least=1, most=200))
        self.put("program", _(N_("Programme")), TextField(_(N_("E.g. B 134"))))
        self._biological = CheckBox(_(N_("With a biological indicator")))
        self.put("biological", _(N_("Indicator")), self._biological)

    def send(self) -> None:
        """One command."""
        running = self.bench.run_for(
            self, start_cycle, EquipmentId(self.chosen("equipment_id")), self.text("contents"),
            self.number("packs") or 1, self.text("program"), self._biological.isChecked(),
        )  # fmt: skip
        running.then(lambda _cycle: self.close_form())


class EndForm(InlineForm):
    """The end of a load: what it reached, and the chemical indicator."""

    def __init__(self, screen: Screen, cycle: CycleLine) -> None:
        super().__init__(screen.bench, lambda: NOBODY, end_cycle.label)
        self._cycle = cycle
        self.put("celsius_tenths", _(N_("Peak, °C")), NumberField("134,0", decimals=1, least=100, most=200))
        self.put("kilopascals", _(N_("Pressure, kPa")), NumberField("206", least=50, most=500))
        self.put("hold_minutes", _(N_("Minutes held")), NumberField("4", least=1, most=120))
        results = [(key.value, _(INDICATOR_LABELS[key])) for key in (Indicator.PASSED, Indicator.FAILED)]
        self.put("chemical", _(N_("Chemical indicator")), Choice(results))

    def send(self) -> None:
        """One command; what was left empty is not guessed."""
        editor = self.fields["celsius_tenths"].editor
        celsius = editor.value() if isinstance(editor, NumberField) else None
        running = self.bench.run_for(
            self, end_cycle, self._cycle.id, int((celsius or 0) * 10), self.number("kilopascals") or 0,
            self.number("hold_minutes") or 0, Indicator(self.chosen("chemical")),
        )  # fmt: skip
        running.then(lambda _none: self.close_form())


class FailForm(InlineForm):
    """A load that failed."""

    def __init__(self, screen: Screen, cycle: CycleLine) -> None:
        super().__init__(screen.bench, lambda: NOBODY, fail_load.label)
        self._cycle = cycle
        self.put("note", _(N_("Why")), TextField(_(N_("E.g. the indicator has not turned"))))

    def send(self) -> None:
        """One command."""
        running = self.bench.run_for(self, fail_load, self._cycle.id, self.text("note"))
        running.then(lambda _none: self.close_form())


def asked_words(request: BreakRequestLine, screen: Screen) -> str:
    """“Karim asks for 10 min at 10:05: a call”."""
    at = hour(request.wanted_at, screen.bench.runner.clock)
    words = _(N_("{name} asks for {n} min at {time}"), name=request.name, n=request.minutes, time=at)
    return f"{words} · {request.note}" if request.note else words
