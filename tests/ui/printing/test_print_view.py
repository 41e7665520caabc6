"""The print screen: what it offers, what it remembers, how it is reached, what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.errors import RuleViolation, Unreachable
from app.practice.settings import PRINT_CHOICES
from tests.ui.scheduling.conftest import Desk
from ui.printing import print_view
from ui.printing.choices import Chosen, chosen_for, with_choice
from ui.printing.documents import PRINTS, compose
from ui.printing.entries import print_entries
from ui.printing.orders import Order, Sources
from ui.printing.print_view import PrintView
from ui.printing.printers import Route, paint_on, picked, send
from ui.shell.offscreen import settle, wear
from ui.shell.window import Window


def view_of(window: Window) -> PrintView:
    """The print screen, shown."""
    screen = window.screens["print"]
    assert isinstance(screen, PrintView)
    return screen


def test_without_a_patient_only_what_needs_none_is_offered(window: Window, desk: Desk) -> None:
    window.open("print")
    settle(window)
    view = view_of(window)
    assert {spec.needs for spec in view.offered()} == {"day", ""}
    window.open("print", document="card", patient_id=desk.patients[0])
    settle(window)
    assert len(view.offered()) == len(PRINTS)
    assert view.composition is not None
    assert view.composition.document == "card"


def test_ctrl_p_prints_what_is_shown(window: Window, desk: Desk) -> None:
    for screen, chosen, document in (
        ("today", {}, "day_by_chair"), ("schedule", {}, "day_by_chair"),
        ("patient", {"patient_id": desk.patients[0]}, "summary"),
    ):  # fmt: skip
        window.open(screen, **chosen)
        settle(window)
        QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
        settle(window)
        assert window.current is not None
        assert window.current.name == "print"
        composition = view_of(window).composition
        assert composition is not None
        assert composition.document == document


def test_the_evacuation_list_is_one_key_away(window: Window) -> None:
    window.open("patients")
    settle(window)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window, Qt.Key.Key_E, keys)
    settle(window)
    composition = view_of(window).composition
    assert composition is not None
    assert composition.document == "evacuation"
    assert {entry.key for entry in print_entries(window)} >= {"print:evacuation", "print:day_by_chair"}


def test_saving_writes_the_file_and_the_access_log(
    window: Window, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "summary.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path), ""))
    window.open("print", document="summary", patient_id=desk.patients[0])
    settle(window)
    view = view_of(window)
    view._save.click()
    settle(window)
    assert path.read_bytes().startswith(b"%PDF")
    window.bench.runner.flush()
    with window.bench.runner.read(window.bench.actor) as read:
        rows = read.sql("SELECT subject FROM access_log WHERE kind = 'export' AND detail = 'summary'")
    assert [row[0] for row in rows] == [desk.patients[0]]


def test_the_label_sheet_is_remembered_for_its_document(
    window: Window, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(tmp_path / "l.pdf"), ""))
    window.open("print", document="chart_labels", patient_id=desk.patients[0])
    settle(window)
    view = view_of(window)
    view._options.sheet.set_value("L7163")
    view._save.click()
    settle(window)
    assert chosen_for(window.bench.setting(PRINT_CHOICES), "chart_labels").sheet == "L7163"
    assert chosen_for(window.bench.setting(PRINT_CHOICES), "address_labels") == Chosen()
    window.open("print", document="summary", patient_id=desk.patients[0])
    settle(window)
    window.open("print", document="chart_labels", patient_id=desk.patients[0])
    settle(window)
    assert view.composition is not None
    assert view.composition.sheet == "L7163"


def test_pointing_at_a_label_begins_there(window: Window, desk: Desk) -> None:
    window.open("print", document="chart_labels", patient_id=desk.patients[0])
    settle(window)
    view = view_of(window)
    page = view._preview.pages[0]
    QTest.mouseClick(page, Qt.MouseButton.LeftButton, pos=QPoint(page.width() // 2, page.height() // 7))
    settle(window)
    assert view.order().first == 4, "second row, middle column"


def test_pages_are_chosen(window: Window, desk: Desk) -> None:
    sources = Sources(window.bench.runner, window.bench.actor)
    whole = compose(sources, Order("day_by_chair"))
    assert len(whole.pages) == 2
    assert picked(whole, "") is whole
    assert picked(whole, "2").pages == whole.pages[1:]
    assert picked(whole, "1–2, 1").pages == (*whole.pages, whole.pages[0])
    for wrong in ("0", "3", "x", "2-1-"):
        with pytest.raises(RuleViolation):
            picked(whole, wrong)


def test_a_printer_takes_the_same_pages(window: Window, desk: Desk, tmp_path: Path) -> None:
    """A printer that writes a file takes the way of every printer."""
    composition = compose(Sources(window.bench.runner, window.bench.actor), Order("day_by_chair"))
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    paint_on(printer, composition, Route("a file"))
    assert (tmp_path / "printed.pdf").read_bytes().count(b"/Type /Page\n") == len(composition.pages)
    with pytest.raises(Unreachable):
        send(composition, Route("There is no such printer"))


@pytest.mark.parametrize("where", ["no/such/folder/printed.pdf", "printed.pdf"])
def test_a_printer_that_refuses_or_stops_is_said(
    window: Window, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_qt_warning: list[str], where: str
) -> None:
    composition = compose(Sources(window.bench.runner, window.bench.actor), Order("day_by_chair"))
    composition = replace(composition, pages=composition.pages * 2)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / where))
    monkeypatch.setattr(QPrinter, "newPage", lambda _printer: False)
    with pytest.raises(Unreachable) as refused:
        paint_on(printer, composition, Route("HP de l’accueil"))
    assert "HP de l’accueil" in str(refused.value)
    no_qt_warning.clear()  # Qt warns of the printer that refuses; the person is told in words


def test_a_printer_that_is_taken_away_is_said_and_nothing_is_noted(
    window: Window, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The computer of the test has no print server at all."""
    window.open("print", document="day_by_chair")
    settle(window)
    view = view_of(window)
    said: list[tuple[str, str]] = []
    window.bench.presenter.said.connect(lambda severity, words: said.append((severity, words)))
    noted: list[object] = []
    monkeypatch.setattr(print_view, "note_print", lambda *given: noted.append(given))
    assert not view._print.isEnabled()
    assert view._print.accessibleDescription(), "the reason is there for everybody"
    view._print_now()
    settle(window)
    assert len(said) == 1
    assert noted == []


def test_choices_that_cannot_be_read_are_none() -> None:
    assert chosen_for("", "slip") == Chosen()
    assert chosen_for("{not json", "slip") == Chosen()
    kept = with_choice("", "slip", Chosen("Laser", "a4"))
    assert chosen_for(with_choice(kept, "card", Chosen("Ink")), "slip") == Chosen("Laser", "a4")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("text", ["100", "200"])
@pytest.mark.parametrize("document", ["day_by_chair", "chart_labels"])
def test_no_word_of_the_screen_is_cut(
    window: Window, desk: Desk, language: str, text: str, document: str,
    clipped: Callable[[QWidget], list[str]], unnamed: Callable[[QWidget], list[str]],
) -> None:  # fmt: skip
    wear(window, language, "light", text)
    window.open("print", document=document, patient_id=desk.patients[0])
    settle(window)
    assert [*clipped(window), *unnamed(window)] == []
    assert all(page.accessibleDescription() for page in view_of(window)._preview.pages)
