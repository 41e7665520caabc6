"""Buttons, switch, segmented control, check box and chip by keyboard and by mouse."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.theme.focus import FocusRing
from ui.theme.style import Theme
from ui.widgets.buttons import Button, IconButton
from ui.widgets.checks import CheckBox, Radio
from ui.widgets.choices import Chip, Switch
from ui.widgets.segmented import Segment, SegmentedControl


def role_of(widget: QWidget) -> QAccessible.Role:
    QAccessible.setActive(True)
    return QAccessible.queryAccessibleInterface(widget).role()


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_keys_toggle_a_switch(qtbot: QtBot, themed: Theme, key: Qt.Key) -> None:
    switch = Switch("Réduire les animations", show_name=False)
    qtbot.addWidget(switch)
    switch.show()
    QTest.keyClick(switch, key)
    assert switch.isChecked()
    QTest.keyClick(switch, key)
    assert not switch.isChecked()
    interface = QAccessible.queryAccessibleInterface(switch)
    assert interface.text(QAccessible.Text.Name) == "Réduire les animations"
    assert interface.role() == QAccessible.Role.CheckBox


def test_the_word_of_a_switch_is_part_of_the_target(qtbot: QtBot, themed: Theme) -> None:
    switch = Switch("Rappel par texto")
    qtbot.addWidget(switch)
    switch.show()
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(switch.width() - 4, switch.height() // 2))
    assert switch.isChecked()


def test_a_switch_slides_and_arrives(qtbot: QtBot, themed: Theme, qapp: QApplication) -> None:
    themed.apply(qapp, reduce_motion=False)
    switch = Switch("Activé")
    qtbot.addWidget(switch)
    switch.show()
    switch.setChecked(True)
    assert switch._position < 1.0
    qtbot.waitUntil(lambda: switch._position == 1.0)


@pytest.fixture
def views(qtbot: QtBot, themed: Theme) -> SegmentedControl:
    control = SegmentedControl(
        "Vue", (Segment("t", "Chronologie", "calendar-dots"), Segment("g", "Grille"), Segment("b", "Tableau"))
    )
    qtbot.addWidget(control)
    control.show()
    return control


def test_arrows_move_the_choice(views: SegmentedControl, qtbot: QtBot) -> None:
    heard: list[object] = []
    views.changed.connect(heard.append)
    first, second, _third = views._buttons
    first.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert views.value() == "g"
    QTest.keyClick(second, Qt.Key.Key_Left)
    assert heard == ["g", "t"]
    assert role_of(first) == QAccessible.Role.RadioButton


def test_choosing_by_value_and_refusing_a_stranger(views: SegmentedControl) -> None:
    views.set_value("b")
    assert views.value() == "b"
    with pytest.raises(StopIteration):
        views.set_value("x")


def test_the_width_of_segments_does_not_depend_on_the_choice(views: SegmentedControl) -> None:
    before = views.sizeHint()
    views.set_value("b")
    assert views.sizeHint() == before


def test_icons_alone_keep_their_words_as_tooltip(views: SegmentedControl) -> None:
    wide = views.sizeHint().width()
    views.set_icon_only(True)
    assert views.sizeHint().width() < wide
    assert views._buttons[0].toolTip() == "Chronologie"
    assert views._buttons[1].toolTip() == ""


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_delete_removes_a_chip(qtbot: QtBot, themed: Theme, key: Qt.Key) -> None:
    chip = Chip("Fauteuil 2", removable=True)
    qtbot.addWidget(chip)
    with qtbot.waitSignal(chip.removed):
        QTest.keyClick(chip, key)
    fixed = Chip("Tous")
    qtbot.addWidget(fixed)
    with qtbot.assertNotEmitted(fixed.removed):
        QTest.keyClick(fixed, key)


def test_the_cross_removes_and_the_word_is_a_button(qtbot: QtBot, themed: Theme) -> None:
    chip = Chip("Fauteuil 2", "office-chair", removable=True)
    qtbot.addWidget(chip)
    chip.resize(chip.sizeHint())
    chip.show()
    middle = chip.height() // 2
    with qtbot.assertNotEmitted(chip.clicked), qtbot.waitSignal(chip.removed):
        QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 10, middle))
    with qtbot.assertNotEmitted(chip.removed), qtbot.waitSignal(chip.clicked):
        QTest.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(12, middle))
    with qtbot.waitSignal(chip.clicked):
        QTest.keyClick(chip, Qt.Key.Key_Return)
    assert role_of(chip) == QAccessible.Role.Button


def test_a_disabled_button_says_why(qtbot: QtBot, themed: Theme) -> None:
    button = Button("Signer et libérer", "primary")
    button.set_help("Ctrl Entrée")
    qtbot.addWidget(button)
    button.set_available(False, "Il faut signer la visite d’abord.")
    assert not button.isEnabled()
    assert button.toolTip() == button.accessibleDescription() == "Il faut signer la visite d’abord."
    button.set_available(True)
    assert (button.toolTip(), button.accessibleDescription()) == ("Ctrl Entrée", "")


def test_an_ampersand_in_a_name_is_a_character(qtbot: QtBot, themed: Theme) -> None:
    button = Button("Roy & fils")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Roy & fils"
    assert button.shortcut().isEmpty()


def test_an_icon_button_is_a_named_square(qtbot: QtBot, themed: Theme) -> None:
    button = IconButton("bell", "Alertes")
    qtbot.addWidget(button)
    assert button.sizeHint().width() == button.sizeHint().height() == 34
    assert button.accessibleName() == button.toolTip() == "Alertes"


def test_a_check_box_shows_three_states(qtbot: QtBot, themed: Theme) -> None:
    box = CheckBox("Photos")
    qtbot.addWidget(box)
    box.setTristate(True)
    box.show()
    pictures = set()
    for state in Qt.CheckState:
        box.setCheckState(state)
        pictures.add(bytes(box.grab().toImage().constBits()))
    assert len(pictures) == 3


def test_the_ring_shows_for_the_keyboard_only(qtbot: QtBot, themed: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    row.setContentsMargins(20, 20, 20, 20)
    first, second = Button("Encaisser"), Button("Filtrer", "quiet")
    row.addWidget(first)
    row.addWidget(second)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    second.setFocus(Qt.FocusReason.MouseFocusReason)
    first.setFocus(Qt.FocusReason.TabFocusReason)
    ring = window.findChild(FocusRing)
    assert ring is not None
    assert ring.isVisible()
    assert ring.geometry() == first.geometry().adjusted(-4, -4, 4, 4)
    first.move(first.pos() + QPoint(3, 5))
    assert ring.geometry() == first.geometry().adjusted(-4, -4, 4, 4)
    second.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not ring.isVisible()
    second.clearFocus()
    second.setFocus(Qt.FocusReason.BacktabFocusReason)
    assert ring.geometry() == second.geometry().adjusted(-4, -4, 4, 4)
    image = window.grab().toImage()
    middle = second.geometry().center().y()
    assert image.pixelColor(second.geometry().left() - 3, middle) == themed.colour("focus")


def test_arrows_move_among_radio_buttons(qtbot: QtBot, themed: Theme) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    row = QHBoxLayout(holder)
    letter, text = Radio("Lettre"), Radio("Texto & courriel")
    row.addWidget(letter)
    row.addWidget(text)
    letter.setChecked(True)
    with qtbot.waitActive(holder):
        holder.show()
        holder.activateWindow()
    letter.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(letter, Qt.Key.Key_Right)
    assert text.isChecked()
    assert not letter.isChecked()
    assert text.accessibleName() == "Texto & courriel"
    QTest.mouseClick(letter, Qt.MouseButton.LeftButton, pos=QPoint(letter.width() - 3, letter.height() // 2))
    assert letter.isChecked()
