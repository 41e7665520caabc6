"""Labels, pills, avatars, cards, dialog, layouts: what each promises."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.theme.style import Theme, theme
from ui.theme.tokens import SEVERITIES, STATUSES
from ui.widgets import pills
from ui.widgets.avatar import Avatar, initials_of
from ui.widgets.cards import Banner, Card, EmptyState, ProgressBar, ProgressRow
from ui.widgets.dialogs import Question
from ui.widgets.labels import ElidedLabel, Label, WrapLabel
from ui.widgets.layout import Breakpoint, Flow, VScroll, breakpoint_of, effective_width
from ui.widgets.pills import Badge, SeverityChip, StatusPill

Settle = Callable[[QWidget], None]
LONG = "Béatrice Thibault-Lachance, déplacée du fauteuil 2 au fauteuil 4, jeudi à 15 h 40"


def test_a_label_never_reads_markup(qtbot: QtBot, themed: Theme) -> None:
    for label in (Label("<b>x</b>"), ElidedLabel("<b>x</b>"), WrapLabel("<b>x</b>"), SeverityChip("ok", "<b>x</b>")):
        qtbot.addWidget(label)
        assert label.textFormat() == Qt.TextFormat.PlainText
        assert label.text() == "<b>x</b>"


def test_an_elided_label_gives_way(qtbot: QtBot, themed: Theme) -> None:
    label = ElidedLabel(LONG)
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() == 10
    label.resize(label.sizeHint())
    assert not label.elided
    label.resize(80, label.height())
    assert label.elided
    assert QAccessible.queryAccessibleInterface(label).text(QAccessible.Text.Name) == LONG


def test_a_sentence_in_nested_rows_is_whole(qtbot: QtBot, themed: Theme, settled: Settle) -> None:
    window, inner = QWidget(), QWidget()
    qtbot.addWidget(window)
    outer, row = QVBoxLayout(window), QHBoxLayout(inner)
    label = WrapLabel(LONG)
    row.addWidget(QLabel("i"))
    row.addWidget(label, 1)
    outer.addWidget(inner)
    outer.addWidget(QLabel("dessous"))
    window.resize(200, 60)
    window.show()
    settled(window)
    assert label.height() >= label.heightForWidth(label.width()) > 2 * label.fontMetrics().height()
    label.setText("court")
    settled(window)
    assert label.minimumHeight() < 2 * label.fontMetrics().height()


@pytest.mark.parametrize("status", list(STATUSES))
def test_a_pill_says_its_status(qtbot: QtBot, themed: Theme, status: str) -> None:
    pill = StatusPill(status, "F2 · 6 min")
    qtbot.addWidget(pill)
    assert pill.text().endswith("F2 · 6 min")
    pill.resize(pill.sizeHint())
    image = pill.grab().toImage()
    assert image.pixelColor(image.width() // 2, 2).name().upper() == themed.status(status).soft
    interface = QAccessible.queryAccessibleInterface(pill)
    assert (interface.role(), interface.text(QAccessible.Text.Name)) == (QAccessible.Role.StaticText, pill.text())


def test_high_contrast_outlines_the_pill(qtbot: QtBot, themed: Theme, qapp: QApplication) -> None:
    pill = StatusPill("waiting")
    qtbot.addWidget(pill)
    themed.apply(qapp, "high_contrast")
    pill.resize(pill.sizeHint())
    image = pill.grab().toImage()
    assert image.pixelColor(image.width() // 2, 0).name().upper() == themed.status("waiting").fg
    assert image.pixelColor(4, 11).name() == "#000000"


def test_a_pill_changes_its_status(qtbot: QtBot, themed: Theme) -> None:
    pill = StatusPill("waiting")
    qtbot.addWidget(pill)
    before = bytes(pill.grab().toImage().constBits())
    pill.set_status("needed")
    assert bytes(pill.grab().toImage().constBits()) != before


def test_a_badge_counts_and_hides(qtbot: QtBot, themed: Theme) -> None:
    badge = Badge(3, "Alertes")
    qtbot.addWidget(badge)
    assert "Alertes" in badge.accessibleName()
    badge.set_count(120)
    assert badge.text() == "99+"
    badge.set_count(0)
    assert not badge.isVisible()


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Florence Bergeron", "FB"),
        ("Dre Marie Gagnon", "MG"),
        ("Éloïse de la Côté", "ÉC"),
        ("Cher", "C"),
        ("  ", ""),
        ("Mme O’Neil", "O"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials_of(name) == letters


def test_a_person_keeps_the_colour(qtbot: QtBot, themed: Theme) -> None:
    first, second = Avatar("Florence Bergeron", 40), Avatar("Florence Bergeron", 40)
    qtbot.addWidget(first)
    qtbot.addWidget(second)
    assert first.grab().toImage() == second.grab().toImage()
    assert first.accessibleName() == "Florence Bergeron"


def test_a_card_takes_widgets_and_layouts(qtbot: QtBot, themed: Theme) -> None:
    card = Card("Solde du contrat", SeverityChip("ok", "à jour"), icon="receipt")
    qtbot.addWidget(card)
    row = QHBoxLayout()
    row.addWidget(Label("Payé"))
    card.add(row)
    card.add(Label("Traitement écoulé"))
    assert card.body.count() == 2
    card.set_selected(True)
    assert card.property("selected") is True


@pytest.mark.parametrize("severity", list(SEVERITIES))
def test_a_banner_has_its_tint_and_its_action(qtbot: QtBot, themed: Theme, severity: str) -> None:
    banner = Banner(severity, "Hors ligne.", "Tout est enregistré sur ce poste.", action="Détails")
    qtbot.addWidget(banner)
    banner.resize(600, banner.sizeHint().height())
    banner.show()
    image = banner.grab().toImage()
    assert image.pixelColor(4, banner.height() // 2).name().upper() == themed.severity(severity).soft
    with qtbot.waitSignal(banner.activated):
        banner._action.click()
    banner.tell(severity, "De retour en ligne.")
    assert not banner._action.isVisible()


def test_an_empty_state_offers_its_action(qtbot: QtBot, themed: Theme) -> None:
    state = EmptyState("armchair", "Personne n’attend", "Prochain patient à 11 h 05.", "Voir les arrivées")
    qtbot.addWidget(state)
    with qtbot.waitSignal(state.activated):
        state._action.click()


def test_a_bar_is_as_long_as_its_part(qtbot: QtBot, themed: Theme) -> None:
    bar = ProgressBar("Envoi", "waiting")
    qtbot.addWidget(bar)
    bar.resize(200, 6)
    bar.set_fraction(0.5)
    image = bar.grab().toImage()
    solid = themed.status("waiting").solid
    assert image.pixelColor(90, 3).name().upper() == solid
    assert image.pixelColor(110, 3).name().upper() == themed.tokens.colours.sunken
    assert bar.accessibleName() == "Envoi 50 %"
    for beyond in (-1.0, 2.0):
        bar.set_fraction(beyond)
        filled = image_colour(bar, 100) == solid
        assert filled is (beyond > 0)


def image_colour(bar: ProgressBar, x: int) -> str:
    return bar.grab().toImage().pixelColor(x, 3).name().upper()


def test_a_progress_row_says_amount_and_time(qtbot: QtBot, themed: Theme) -> None:
    row = ProgressRow("Envoi de 3 images")
    qtbot.addWidget(row)
    row.set_progress(0.62, "62 % · environ 2 min")
    assert "62 % · environ 2 min" in [label.text() for label in row.findChildren(QLabel)]


@pytest.fixture
def question(qtbot: QtBot, themed: Theme) -> Question:
    dialog = Question(
        "Annuler le rendez-vous d’Émile Caron?",
        "La place ira à la liste sur appel.",
        safe="Garder le rendez-vous",
        act="Annuler le rendez-vous",
        note="L’historique garde la trace et la raison.",
    )
    qtbot.addWidget(dialog)
    with qtbot.waitActive(dialog):
        dialog.open()
        dialog.activateWindow()
    return dialog


def test_the_safe_answer_has_the_focus(question: Question, qtbot: QtBot) -> None:
    assert question.safe.hasFocus()
    assert question.width() == 440
    with qtbot.waitSignal(question.finished):
        QTest.keyClick(question.safe, Qt.Key.Key_Return)
    assert question.result() == QDialog.DialogCode.Rejected


def test_escape_is_the_safe_answer(question: Question) -> None:
    QTest.keyClick(question, Qt.Key.Key_Escape)
    assert question.result() == QDialog.DialogCode.Rejected


def test_the_other_answer_acts(question: Question) -> None:
    question.act.click()
    assert question.result() == QDialog.DialogCode.Accepted


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_a_long_question_is_whole(
    question: Question, qapp: QApplication, settled: Settle, clipped: Callable[[QWidget], list[str]], scale: float
) -> None:
    for label in question.findChildren(WrapLabel):
        label.setText(LONG)
    theme.apply(qapp, text_scale=scale)
    settled(question)
    assert clipped(question) == []


@pytest.mark.parametrize(
    ("width", "step"),
    [(1920, Breakpoint.FULL), (1280, Breakpoint.FULL), (1279, Breakpoint.FOLD), (1099, Breakpoint.REFLOW), (0, 0)],
)
def test_breakpoints(width: float, step: int) -> None:
    assert breakpoint_of(width) == step


def test_larger_text_is_a_narrower_window(qtbot: QtBot, themed: Theme, qapp: QApplication) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1440, 900)
    themed.apply(qapp, text_scale=1.5)
    assert effective_width(window) == 960


def test_a_flow_goes_on_in_a_new_row(qtbot: QtBot, themed: Theme, settled: Settle) -> None:
    boxes = [QWidget() for _number in range(4)]
    for box in boxes:
        box.setFixedSize(100, 20)
    boxes[3].hide()
    flow = Flow(*boxes, gap=10, row_gap=5)
    qtbot.addWidget(flow)
    flow.resize(210, 10)
    flow.show()
    boxes[3].hide()
    settled(flow)
    assert [(box.x(), box.y()) for box in boxes[:3]] == [(0, 0), (110, 0), (0, 25)]
    assert flow.minimumHeight() == 45
    assert flow.minimumSizeHint() == QSize(100, 20)


def test_a_page_asks_for_the_width_of_its_content(qtbot: QtBot, themed: Theme, settled: Settle) -> None:
    content = QWidget()
    column = QVBoxLayout(content)
    column.setContentsMargins(0, 0, 0, 0)
    wide = QWidget()
    wide.setMinimumWidth(300)
    column.addWidget(wide)
    page = VScroll(content, name="Aide")
    qtbot.addWidget(page)
    page.show()
    settled(page)
    assert page.minimumWidth() >= 300
    wide.setMinimumWidth(400)
    settled(page)
    assert page.minimumWidth() >= 400
    assert page.accessibleName() == "Aide"


def test_a_pill_speaks_the_new_language(qtbot: QtBot, themed: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    pill = StatusPill("needed")
    qtbot.addWidget(pill)
    monkeypatch.setattr(pills, "_", {"Dr needed": "Dr demandé"}.__getitem__)
    QApplication.sendEvent(pill, QEvent(QEvent.Type.LanguageChange))
    assert pill.text() == "Dr demandé"
