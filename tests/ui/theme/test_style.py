"""The theme in force: live switch, text size, density, system preferences and motion."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.theme.style import SYSTEM, Theme
from ui.theme.tokens import THEMES
from ui.theme.tokens.metrics import DENSITIES, MOTION
from ui.widgets.buttons import Button
from ui.widgets.fields import TextField
from ui.widgets.form import Field


def test_palette_and_sheet_follow_the_theme(qapp: QApplication, themed: Theme) -> None:
    for name, tokens in THEMES.items():
        themed.apply(qapp, name)
        assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == tokens.colours.canvas
        assert tokens.colours.accent in qapp.styleSheet()


def test_arguments_left_out_keep_their_value(qapp: QApplication, themed: Theme) -> None:
    themed.apply(qapp, "dark", 1.5, "touch")
    themed.apply(qapp, text_scale=1.25)
    assert (themed.tokens.name, themed.text_scale, themed.density_name) == ("dark", 1.25, "touch")


@pytest.mark.parametrize(("name", "density"), [("sepia", None), (None, "roomy")])
def test_unknown_names_are_refused(qapp: QApplication, themed: Theme, name: str | None, density: str | None) -> None:
    with pytest.raises(KeyError):
        themed.apply(qapp, name, density=density)
    assert (themed.tokens.name, themed.density_name) == ("light", "normal")


@pytest.mark.parametrize("scale", [0.5, 3.0])
def test_a_text_size_out_of_range_is_refused(qapp: QApplication, themed: Theme, scale: float) -> None:
    with pytest.raises(ValueError, match=str(scale)):
        themed.apply(qapp, text_scale=scale)
    assert themed.text_scale == 1.0


def test_density_changes_heights_and_not_the_text(qapp: QApplication, themed: Theme, qtbot: QtBot) -> None:
    button, field = Button("Encaisser"), TextField()
    qtbot.addWidget(button)
    qtbot.addWidget(field)
    heights = []
    for density in ("compact", "normal", "touch"):
        themed.apply(qapp, density=density)
        assert themed.font("body").pixelSize() == 13
        assert button.font().pixelSize() == field.font().pixelSize() == 13
        heights.append((button.sizeHint().height(), field.sizeHint().height()))
    assert heights == [(28, 28), (34, 34), (48, 48)]


def test_larger_text_makes_room_for_itself_and_no_more(qapp: QApplication, themed: Theme) -> None:
    themed.apply(qapp, text_scale=2.0)
    normal = DENSITIES["normal"].control
    assert normal < themed.control_height < 2 * normal
    assert themed.font("body").pixelSize() == 26


def test_the_system_decides_until_the_person_does(
    qapp: QApplication, themed: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {"dark": False, "contrast": False}
    asked: list[Qt.ColorScheme] = []

    class Access:
        def contrastPreference(self) -> Qt.ContrastPreference:
            preference = Qt.ContrastPreference
            return preference.HighContrast if wanted["contrast"] else preference.NoPreference

    class Hints:
        def accessibility(self) -> Access:
            return Access()

        def unsetColorScheme(self) -> None:
            """Nothing was asked for."""

        def setColorScheme(self, scheme: Qt.ColorScheme) -> None:
            asked.append(scheme)

        def colorScheme(self) -> Qt.ColorScheme:
            return Qt.ColorScheme.Dark if wanted["dark"] else Qt.ColorScheme.Light

    monkeypatch.setattr(QApplication, "styleHints", staticmethod(Hints))
    themed.apply(qapp, SYSTEM)
    assert themed.tokens.name == "light"
    wanted["dark"] = True
    themed.follow_system()
    assert themed.tokens.name == "dark"
    wanted["contrast"] = True
    themed.follow_system()
    assert themed.tokens.name == "high_contrast"
    themed.apply(qapp, "reading")
    assert asked == [Qt.ColorScheme.Dark]
    wanted["contrast"] = False
    themed.follow_system()
    assert themed.tokens.name == "reading"


def test_reduced_motion_takes_no_time(qapp: QApplication, themed: Theme) -> None:
    themed.apply(qapp, reduce_motion=False)
    assert {kind: themed.duration(kind) for kind in MOTION} == MOTION
    themed.apply(qapp, reduce_motion=True)
    assert {themed.duration(kind) for kind in MOTION} == {0}


def test_a_button_changes_its_icon_and_font_with_the_theme(qapp: QApplication, themed: Theme, qtbot: QtBot) -> None:
    button = Button("Asseoir", "primary", "office-chair")
    qtbot.addWidget(button)
    before = button.icon().cacheKey()
    themed.apply(qapp, "dark", 1.5)
    assert button.icon().cacheKey() != before
    assert button.font().pixelSize() == 20


def test_a_button_that_is_named_later_is_as_wide_as_one_named_at_once(
    qapp: QApplication, themed: Theme, qtbot: QtBot
) -> None:
    early, late = Button("Ouvrir", icon="check"), Button("", icon="check")
    for button in (early, late):
        qtbot.addWidget(button)
    late.setText("Ouvrir")
    assert late.iconSize() == early.iconSize()
    assert late.sizeHint() == early.sizeHint()


def test_a_mark_put_on_after_a_change_of_text_size_keeps_the_size(
    qapp: QApplication, themed: Theme, qtbot: QtBot
) -> None:
    field = Field("Prénom", TextField())
    qtbot.addWidget(field)
    field.show()
    field.set_error("Il manque un nom ici.")
    field.set_error("")
    themed.apply(qapp, text_scale=2.0)
    field.set_error("Il manque un nom ici.")
    assert field.editor.font().pixelSize() == themed.font("body").pixelSize()


@pytest.mark.parametrize("of_contrast", [False, True])
def test_a_change_of_the_system_is_heard(
    qapp: QApplication, themed: Theme, monkeypatch: pytest.MonkeyPatch, of_contrast: bool
) -> None:
    themed.apply(qapp, SYSTEM)
    monkeypatch.setattr(themed, "system_theme", lambda app: THEMES["dark"])
    hints = qapp.styleHints()
    if of_contrast:
        hints.accessibility().contrastPreferenceChanged.emit(Qt.ContrastPreference.HighContrast)
    else:
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert themed.tokens is THEMES["dark"]
