"""Choosing a document, looking at its pages, printing them or saving them as a PDF file."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget
from shiboken6 import isValid

from app.core.errors import ClinicError, RuleViolation
from app.core.i18n import N_, _
from app.core.ids import PatientId
from app.journal.settings_store import change_setting
from app.patients.queries import PatientBanner, patient_banner
from app.practice.settings import PAPER_SIZE, PRINT_CHOICES
from app.scheduling.queries import AppointmentId
from ui.patients.words import plain_name
from ui.printing.choices import chosen_for, with_choice
from ui.printing.documents import PRINTS, PrintSpec, compose, note_print
from ui.printing.marks import Composition
from ui.printing.orders import Order, Sources
from ui.printing.painting import write_pdf
from ui.printing.preview import Preview
from ui.printing.print_options import PrintOptions
from ui.printing.printers import Route, picked, printer_names, send
from ui.shell.errors import sentence_of, severity_of
from ui.shell.screen import Screen
from ui.theme.style import theme
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.fields import Choice
from ui.widgets.form import Field
from ui.widgets.labels import WrapLabel
from ui.widgets.layout import VScroll, effective_width
from ui.widgets.lists import List

INDEX_WIDTH: Final = 250
OPTIONS_WIDTH: Final = 290
NARROW: Final = 1000
AFTER_TYPING_MS: Final = 250


class PrintView(Screen):
    """`choose(document="slip", patient_id=…, appointment_id=…, on=…)`; without a patient, what needs none."""

    def build(self) -> None:
        """Documents, preview, options."""
        self._patient_id: PatientId | None = None
        self._appointment_id: AppointmentId | None = None
        self._on: date | None = None
        self._document, self._who, self._asked = "day_by_chair", "", 0
        self._filling = False
        self.composition: Composition | None = None
        self._list = List("")
        self._list.changed.connect(self._pick)
        self._choice = Choice()
        self._choice.changed.connect(self._pick)
        self._small = Field("", self._choice)
        self._hint = WrapLabel("", "small", "muted")
        self._preview = Preview()
        self._preview.place_chosen.connect(self._begin_at)
        self._options = PrintOptions(self.bench.runner.clock)
        self._later = QTimer(self, singleShot=True, interval=AFTER_TYPING_MS)
        self._later.timeout.connect(self._compose)
        self._options.changed.connect(self._later.start)
        self._print = Button("", "primary", "printer")
        self._print.clicked.connect(self._print_now)
        self._save = Button("", "secondary", "file-pdf")
        self._save.clicked.connect(self._save_now)
        self._arrange()
        self.words.put(self._list.setAccessibleName, N_("Documents"))
        self.words.put(self._preview.setAccessibleName, N_("Preview of the pages"))
        self.words.put(self._print.setText, N_("Print"))
        self.words.put(self._save.setText, N_("Save as PDF"))
        self.words.put(self._small.set_label, N_("Document"))
        self.words.put(self._index.set_title, N_("Document"))
        self.words.put(self._side.set_title, N_("How to print"))

    def _arrange(self) -> None:
        self._index, self._side = Card(_(N_("Document"))), Card(_(N_("How to print")))
        self._index.add(self._hint)
        self._index.add(self._list, 1)
        self._side.add(self._small)
        self._side.add(VScroll(self._options), 1)
        self._options.setAutoFillBackground(False)  # Qt fills what is put into a scroll area; the card is its ground
        self._side.add(self._print)
        self._side.add(self._save)
        row = QHBoxLayout(self.body)
        row.setContentsMargins(14, 12, 14, 12)
        row.setSpacing(12)
        row.addWidget(self._index)
        row.addWidget(self._preview, 1)
        row.addWidget(self._side)

    # -- what to print --------------------------------------------------------------------------------------
    def choose(self, **chosen: Any) -> None:
        """Take the document and for whom or when it is."""
        if "patient_id" in chosen or "appointment_id" in chosen or "document" in chosen:
            patient = PatientId(chosen.get("patient_id") or "") or None
            if patient != self._patient_id:
                self._who = ""
            self._patient_id = patient
            self._appointment_id = AppointmentId(chosen.get("appointment_id") or "") or None
        self._on = chosen.get("on") or None
        if chosen.get("document") in PRINTS:
            self._document = chosen["document"]
        self.stale = True
        if self.isVisible():
            self.freshen()

    def faces(self) -> dict[str, dict[str, Any]]:
        """Each document."""
        return {name: {"document": name, "patient_id": ""} for name in PRINTS}

    def offered(self) -> list[PrintSpec]:
        """The documents that can be made from here by this person."""
        return [
            spec
            for spec in PRINTS.values()
            if self.bench.may(spec.permission) and (spec.needs != "patient" or self._patient_id is not None)
        ]

    def reload(self) -> None:
        """Offer the documents, and compose the one that is chosen."""
        specs = self.offered()
        if not specs:
            self.show_state("lock", N_("This screen needs a right that you do not hold."))
            return
        if self._document not in {spec.name for spec in specs}:
            self._document = specs[0].name
        self._filling = True
        self._list.set_entries([(spec.name, _(spec.title), spec.icon) for spec in specs])
        self._list.set_value(self._document)
        self._filling = False
        self._choice.set_options([(spec.name, _(spec.title)) for spec in specs])
        self._choice.set_value(self._document)
        self._options.show_printers(printer_names())
        self._options.show_day(self._on or self.bench.runner.clock.today())
        if self._patient_id is not None:
            self.ask(patient_banner, self._take_banner, self._patient_id)
        else:
            self._hint.setText(_(N_("Open a patient’s file to print labels, a card, a slip or a summary.")))
        self._show_document()
        self.show_body()
        self._fold()

    def _take_banner(self, banner: PatientBanner) -> None:
        self._who = plain_name(banner)
        self._hint.setText(_(N_("For {name}, no. {number}."), name=self._who, number=banner.file_number))
        self.titled.emit()

    def _pick(self, document: object) -> None:
        if self._filling or document is None:
            return
        self._filling = True
        self._document = str(document)
        self._choice.set_value(self._document)
        self._list.set_value(self._document)
        self._filling = False
        self._show_document()

    def _show_document(self) -> None:
        kept = chosen_for(self.bench.setting(PRINT_CHOICES), self._document)
        self._options.show_spec(PRINTS[self._document], kept, self.bench.setting(PAPER_SIZE).value)
        self._compose()

    def order(self) -> Order:
        """What the form asks for."""
        form = self._options
        chosen = form.chosen()
        return Order(
            self._document, self._patient_id, self._appointment_id,
            on=self._day(), paper=chosen.paper, sheet=chosen.sheet, first=form.number(form.first) - 1,
            count=form.number(form.count), language=str(form.speak.value() or ""),
        )  # fmt: skip

    def _day(self) -> date | None:
        """The day of a sheet; the schedule on paper finds the next open one when none was asked for."""
        typed = self._options.on.value()
        if self._document == "paper_mode" and typed == self.bench.runner.clock.today():
            return self._on
        return typed

    # -- composing ------------------------------------------------------------------------------------------
    def _compose(self) -> None:
        self._make(self._take_pages)

    def _make(self, then: Callable[[Composition], None]) -> None:
        """Compose off the main thread; of several, only the last one asked for arrives."""
        order = self.order()
        sources = Sources(self.bench.runner, self.bench.actor)
        self._asked += 1
        asked = self._asked

        def arrive(future: Future[Composition]) -> None:
            if asked == self._asked and isValid(self):  # the window may have been closed meanwhile
                error = future.exception()
                if error is None:
                    then(future.result())
                else:
                    self._refuse(error)

        self.bench.background(lambda: compose(sources, order), arrive)

    def _take_pages(self, composition: Composition) -> None:
        self.composition = composition
        self._preview.show_pages(composition)
        self._offer()

    def _refuse(self, error: BaseException) -> None:
        self.composition = None
        if not isinstance(error, ClinicError):
            self.bench.presenter.present(error, "print")
        self._preview.show_problem(sentence_of(error))
        self._offer()

    def _offer(self) -> None:
        """What can be done with the pages, and why not."""
        ready = self.composition is not None
        nothing = _(N_("There are no pages to print."))
        printers = bool(printer_names())
        why = nothing if not ready else _(N_("No printer is set up on this computer. Save the pages as PDF instead."))
        self._print.set_available(ready and printers, why)
        self._print.set_kind("primary" if printers else "secondary")
        self._save.set_kind("secondary" if printers else "primary")
        self._save.set_available(ready, nothing)

    def _begin_at(self, place: int) -> None:
        self._options.first.set_value(place + 1)
        self._compose()

    # -- paper ----------------------------------------------------------------------------------------------
    def _print_now(self) -> None:
        self._make(self._send)

    def _send(self, composition: Composition) -> None:
        """As it is now, not as it was when the preview was made."""
        self._take_pages(composition)
        form = self._options
        route = Route(form.chosen().printer, form.number(form.copies) if not composition.sheet else 1, form.sides())
        self._deliver(
            composition, lambda pages: send(pages, route), "print", N_("Sent to the printer {place}"), route.printer
        )

    def _save_now(self) -> None:
        name = f"{self._document}-{self.bench.runner.clock.today().isoformat()}.pdf"
        chosen, _filter = QFileDialog.getSaveFileName(self, _(N_("Save as PDF")), name, _(N_("PDF file (*.pdf)")))
        if chosen:
            self._make(partial(self._keep, Path(chosen)))

    def _keep(self, path: Path, composition: Composition) -> None:
        self._take_pages(composition)
        self._deliver(composition, lambda pages: write_pdf(pages, path), "export", N_("Saved as {place}"), path.name)

    def _deliver(
        self, composition: Composition, deliver: Callable[[Composition], None], kind: str, sentence: str, place: str
    ) -> None:
        try:
            pages = picked(composition, self._options.pages.text() if not composition.sheet else "")
            self._options.refuse_pages("")
            deliver(pages)
        except RuleViolation as error:
            self._options.refuse_pages(str(error))
            return
        except ClinicError as error:  # said here: who waits for paper does not look at the sign of the server
            self.bench.presenter.said.emit(severity_of(error), sentence_of(error))
            return
        note_print(Sources(self.bench.runner, self.bench.actor), composition, kind)
        self._remember()
        self.bench.note_done(None, _(sentence, place=place))

    def _remember(self) -> None:
        before = self.bench.setting(PRINT_CHOICES)
        old = chosen_for(before, self._document)
        new = self._options.chosen()
        if not new.sheet:
            new = replace(new, sheet=old.sheet)
        if new != old:
            self.bench.run(change_setting, PRINT_CHOICES.name, with_choice(before, self._document, new)).say("")

    # -- the screen -----------------------------------------------------------------------------------------
    def subheading(self) -> str:
        """For whom."""
        return self._who if self._patient_id is not None else _(N_("Day sheets, labels, cards, lists"))

    def focus_first(self) -> None:
        """The documents: a letter goes to one, Tab to the preview and the printer."""
        target: QWidget = self._list if self._index.isVisible() else self._choice
        target.setFocus(self.focus_reason)

    def retranslate(self) -> None:
        """Say the form too."""
        self._options.retranslate()
        super().retranslate()

    def hideEvent(self, event: QHideEvent) -> None:
        """What is shown again is read again: who is in the building changes by the minute."""
        super().hideEvent(event)
        self._later.stop()
        self.stale = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On narrow windows the list of documents becomes a choice, and the pages get its room."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        narrow = effective_width(self) < NARROW
        self._index.setVisible(not narrow)
        self._small.setVisible(narrow)
        self._index.setFixedWidth(theme.px(INDEX_WIDTH))
        self._side.setFixedWidth(min(theme.px(OPTIONS_WIDTH), self.width() // 2))
