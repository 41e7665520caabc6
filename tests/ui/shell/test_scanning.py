"""A scanner is told from a typist by its speed, and only our own marks are taken out of a field."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from ui.shell.scanning import GAP_SECONDS, ScanWatch, mark_of, read_mark
from ui.widgets.fields import TextField


class Keyboard:
    """Types into a widget with a steady clock."""

    def __init__(self, target: QWidget) -> None:
        self.now, self.target = 100.0, target
        self.heard: list[str] = []
        self.watch = ScanWatch(clock=lambda: self.now)
        self.watch.scanned.connect(self.heard.append)

    def type(self, text: str, gap: float) -> None:
        for letter in text:
            self.now += gap
            self._send(Qt.Key.Key_unknown, letter)

    def enter(self, gap: float) -> None:
        self.now += gap
        self._send(Qt.Key.Key_Return, "\r")

    def _send(self, key: Qt.Key, text: str) -> None:
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
        if not self.watch.eventFilter(self.target, event):
            QCoreApplication.sendEvent(self.target, event)


@pytest.fixture
def field(qapp: QApplication) -> Iterator[TextField]:
    made = TextField()
    made.show()
    made.setFocus()
    yield made
    made.close()
    made.deleteLater()


@pytest.mark.parametrize(
    ("text", "number", "ours"),
    [("AWP20418", "20418", True), ("awp20418", "20418", True), ("20418", "20418", False), ("AWP-A12", "A12", True)],
)
def test_marks_are_read(text: str, number: str, ours: bool) -> None:
    found = read_mark(text)
    assert found is not None
    assert (found.file_number, found.ours) == (number, ours)


@pytest.mark.parametrize("text", ["", "hello", "12", "AWP", "AWP!!", "514 555-0142"])
def test_anything_else_is_no_mark(text: str) -> None:
    assert read_mark(text) is None


def test_what_we_print_is_what_we_read() -> None:
    found = read_mark(mark_of("20418"))
    assert found is not None
    assert found.file_number == "20418"


def test_a_scan_into_a_field_goes_to_the_patient_and_leaves_the_field_as_it_was(field: TextField) -> None:
    field.setText("Typed before")
    keyboard = Keyboard(field)
    keyboard.type("AWP20418", GAP_SECONDS / 4)
    assert "AWP" in field.text()
    keyboard.enter(GAP_SECONDS / 4)
    assert keyboard.heard == ["20418"]
    assert field.text() == "Typed before"


def test_a_bare_number_in_a_field_stays_there(field: TextField) -> None:
    keyboard = Keyboard(field)
    keyboard.type("20418", GAP_SECONDS / 4)
    keyboard.enter(GAP_SECONDS / 4)
    assert keyboard.heard == []
    assert field.text() == "20418"


def test_a_bare_number_outside_a_field_counts(qapp: QApplication) -> None:
    place = QWidget()
    keyboard = Keyboard(place)
    keyboard.type("20418", GAP_SECONDS / 4)
    keyboard.enter(GAP_SECONDS / 4)
    assert keyboard.heard == ["20418"]
    place.deleteLater()


def test_a_person_who_types_is_no_scanner(field: TextField) -> None:
    keyboard = Keyboard(field)
    keyboard.type("AWP20418", 3 * GAP_SECONDS)
    keyboard.enter(3 * GAP_SECONDS)
    assert keyboard.heard == []
    assert field.text() == "AWP20418"
