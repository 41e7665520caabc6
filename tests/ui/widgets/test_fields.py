"""Fields: label, value, error that stays until mended, and the editors' own keys."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ui.theme.style import Theme
from ui.widgets import typed_fields
from ui.widgets.fields import Choice, SearchField, SecretField, TextArea, TextField
from ui.widgets.form import Field
from ui.widgets.lists import List
from ui.widgets.typed_fields import DateField, NumberField


def type_into(widget: QWidget, text: str) -> None:
    """QTest aborts on characters beyond Latin-1 keys, so the key events are sent as an input method would."""
    for sign in text:
        QApplication.sendEvent(widget, QKeyEvent(QKeyEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, sign))


@pytest.fixture(params=["fr", "en"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    tongue: str = request.param
    monkeypatch.setattr(typed_fields, "language", lambda: tongue)
    return tongue


def test_the_label_names_the_editor(qtbot: QtBot, themed: Theme) -> None:
    field = Field("Téléphone", TextField("514 555-0142"), "Le cellulaire de préférence.")
    qtbot.addWidget(field)
    assert field.label.buddy() is field.editor
    assert field.editor.accessibleName() == "Téléphone"
    assert field.editor.accessibleDescription() == "Le cellulaire de préférence."
    field.set_label("Telephone")
    assert field.editor.accessibleName() == "Telephone"
    field.set_help("")
    assert field.editor.accessibleDescription() == ""


def test_an_error_takes_the_place_of_the_help_until_mended(qtbot: QtBot, themed: Theme) -> None:
    editor = TextField()
    field = Field("Courriel", editor, "Pour les rappels.")
    qtbot.addWidget(field)
    field.show()
    field.set_error("Il manque le nom de domaine.")
    type_into(editor, "isabelle")
    assert field.error() == "Il manque le nom de domaine."
    assert editor.property("invalid") is True
    assert editor.accessibleDescription() == "Il manque le nom de domaine."
    field.set_error("")
    assert editor.property("invalid") is False
    assert editor.accessibleDescription() == "Pour les rappels."


def test_an_error_does_not_move_the_field(qtbot: QtBot, themed: Theme) -> None:
    editor = TextField()
    field = Field("Courriel", editor)
    qtbot.addWidget(field)
    field.show()
    before = editor.sizeHint()
    field.set_error("Il manque le nom de domaine.")
    assert editor.sizeHint() == before
    assert field.value() == ""


def test_accents_are_typed(qtbot: QtBot, themed: Theme) -> None:
    editor = TextField()
    qtbot.addWidget(editor)
    type_into(editor, " Éloïse Côté ")
    assert editor.value() == "Éloïse Côté"


def test_a_secret_is_hidden_until_asked_for(qtbot: QtBot, themed: Theme) -> None:
    secret = SecretField(name="NIP")
    qtbot.addWidget(secret)
    secret.show()
    secret.set_value(" 1234 ")
    assert secret.echoMode() == QLineEdit.EchoMode.Password
    assert QAccessible.queryAccessibleInterface(secret).text(QAccessible.Text.Value) != " 1234 "
    toggle = secret._toggle
    assert toggle.focusPolicy() & Qt.FocusPolicy.TabFocus
    hidden_name = toggle.accessibleName()
    QTest.keyClick(toggle, Qt.Key.Key_Space)
    assert secret.echoMode() == QLineEdit.EchoMode.Normal
    assert toggle.accessibleName() != hidden_name
    assert secret.value() == " 1234 "


def test_search_shows_its_keys_or_its_cross(qtbot: QtBot, themed: Theme) -> None:
    search = SearchField("Patient, action, écran…", keys=("Ctrl", "K"))
    qtbot.addWidget(search)
    search.resize(300, 34)
    search.show()
    assert not search._clear.isVisible()
    assert all(cap.isVisible() for cap in search._keys)
    type_into(search, "flor")
    assert search._clear.isVisible()
    assert not any(cap.isVisible() for cap in search._keys)
    with qtbot.waitSignal(search.changed) as heard:
        QTest.keyClick(search, Qt.Key.Key_Escape)
    assert heard.args == [""]
    assert search.text() == ""
    assert search.textMargins().left() > 16


def test_a_choice_speaks_in_values(qtbot: QtBot, themed: Theme) -> None:
    choice = Choice((("fr", "Français"), ("en", "English")), name="Langue")
    qtbot.addWidget(choice)
    choice.set_value("en")
    assert choice.value() == "en"
    choice.set_options((("es", "Español"), ("en", "English (Canada)")))
    assert choice.value() == "en"
    choice.set_options((("es", "Español"),))
    assert choice.value() == "es"
    assert choice.view().accessibleName() == "Langue"


def test_the_wheel_leaves_a_choice_alone(qtbot: QtBot, themed: Theme) -> None:
    choice = Choice(((1, "un"), (2, "deux")))
    qtbot.addWidget(choice)
    wheel = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(choice, wheel)
    assert choice.value() == 1


def test_tab_leaves_a_long_text(qtbot: QtBot, themed: Theme) -> None:
    area = TextArea(lines=2)
    qtbot.addWidget(area)
    area.set_value("Porte les élastiques\nla nuit ")
    assert area.tabChangesFocus()
    assert area.value() == "Porte les élastiques\nla nuit"


def test_a_date_is_read_and_rewritten(qtbot: QtBot, themed: Theme, language: str) -> None:
    editor = DateField(today=lambda: date(2026, 11, 24))
    field = Field("Naissance", editor)
    qtbot.addWidget(field)
    type_into(editor, "3 mars 2012")
    with qtbot.waitSignal(editor.date_changed) as heard:
        editor.editingFinished.emit()
    assert heard.args == [date(2012, 3, 3)]
    assert editor.text() == "2012-03-03"
    assert field.value() == date(2012, 3, 3)
    QTest.keyClick(editor, Qt.Key.Key_Up)
    assert field.value() == date(2012, 3, 4)


def test_a_wrong_date_marks_its_field_and_keeps_the_text(qtbot: QtBot, themed: Theme) -> None:
    editor = DateField()
    field = Field("Naissance", editor)
    qtbot.addWidget(field)
    type_into(editor, "30 février 2012")
    editor.editingFinished.emit()
    assert field.error() == editor.problem() != ""
    assert editor.text() == "30 février 2012"
    assert field.value() is None
    editor.set_value("2012-02-28")
    editor.editingFinished.emit()
    assert field.error() == ""


def test_a_date_in_the_clinics_own_form_reads_back(qtbot: QtBot, themed: Theme) -> None:
    editor = DateField(written=lambda day: f"jour {day.toordinal()}")
    qtbot.addWidget(editor)
    editor.set_value(date(2012, 3, 3))
    editor.editingFinished.emit()
    assert editor.value() == date(2012, 3, 3)
    editor.set_value(None)
    assert (editor.value(), editor.text()) == (None, "")


def test_a_number_is_exact_and_in_the_language(qtbot: QtBot, themed: Theme, language: str) -> None:
    editor = NumberField(decimals=2, least=0, most=5000, step=Decimal("0.5"))
    field = Field("Montant", editor)
    qtbot.addWidget(field)
    type_into(editor, "1 234,5")
    editor.editingFinished.emit()
    assert field.value() == Decimal("1234.5")
    assert editor.text() == ("1234,50" if language == "fr" else "1234.50")
    QTest.keyClick(editor, Qt.Key.Key_Down)
    assert field.value() == Decimal("1234")


@pytest.mark.parametrize("text", ["-1", "5001", "1.234", "douze"])
def test_a_number_out_of_bounds_is_not_a_value(qtbot: QtBot, themed: Theme, language: str, text: str) -> None:
    editor = NumberField(decimals=2, least=0, most=5000)
    field = Field("Montant", editor)
    qtbot.addWidget(field)
    editor.setText(text)
    editor.editingFinished.emit()
    expected = Decimal("1.234") if text == "1.234" else None
    assert field.value() is None, expected
    assert field.error() != ""
    assert editor.text() == text


def test_arrows_stop_at_the_limits(qtbot: QtBot, themed: Theme) -> None:
    editor = NumberField(least=0, most=2)
    qtbot.addWidget(editor)
    editor.set_value(2)
    QTest.keyClick(editor, Qt.Key.Key_Up)
    assert editor.value() == 2


def test_a_list_speaks_in_values_and_gives_every_row_its_height(qtbot: QtBot, themed: Theme) -> None:
    entries = [("look", "Apparence et langue", "palette"), ("alerts", "Alertes", "bell"), ("us", "Équipe", "")]
    chooser = List("Réglages", entries)
    qtbot.addWidget(chooser)
    assert chooser.value() == "look"
    with qtbot.waitSignal(chooser.changed) as heard:
        QTest.keyClick(chooser, Qt.Key.Key_Down)
    assert heard.args == ["alerts"]
    chooser.set_entries(entries[1:])
    assert chooser.value() == "alerts"
    chooser.show()
    heights = {chooser.visualItemRect(chooser.item(row)).height() for row in range(2)}
    assert heights == {32}
    chooser.set_entries(())
    assert chooser.value() is None
