"""What the clinic calls its stages shows everywhere, in both languages, with its colours; undo gives all back."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton

from app.core.i18n import _, set_language
from app.orchestration.commands import add_own_state, change_own_state, withdraw_own_state
from app.scheduling import commands as do
from app.scheduling.vocabulary import Stage
from tests.ui.orchestration.conftest import Day
from tests.ui.orchestration.test_panels import open_screen
from ui.orchestration.own_looks import OwnLooks
from ui.practice.practice_view import PracticeView
from ui.shell.a11y import tree_of
from ui.theme.style import theme
from ui.theme.tokens import STATUSES


@pytest.fixture
def looks(day: Day) -> OwnLooks:
    """As at the start of the program."""
    found = OwnLooks(day.bench)
    found.freshen()
    day.rest()
    return found


def test_a_stage_is_called_and_coloured_as_the_clinic_wants(day: Day, looks: OwnLooks) -> None:
    visit = day.book(minutes=0)
    day.run(do.check_in_patient, visit)
    before = theme.status("waiting").solid
    own = day.run(add_own_state, Stage.WAITING, "Au salon", "In the lounge", True, Stage.DONE)
    assert STATUSES["waiting"].label == "In the lounge"
    assert STATUSES["waiting"].icon == "armchair", "the shape stays"
    assert theme.status("waiting").solid == theme.tokens.statuses["done"].solid != before
    day.look(view="board")
    assert "In the lounge" in str(tree_of(day.view))
    set_language("fr")
    assert _(STATUSES["waiting"].label) == "Au salon"
    set_language("en")
    day.run(change_own_state, own, name_en="Salon")
    assert STATUSES["waiting"].label == "Salon"
    day.run(withdraw_own_state, own)
    assert STATUSES["waiting"].label == "Waiting"
    assert theme.status("waiting").solid == before


def test_a_finer_state_is_given_by_one_click_and_stands_on_the_card(day: Day, looks: OwnLooks) -> None:
    day.run(add_own_state, Stage.WAITING, "Brossage", "Brushing")
    visit = day.book(minutes=0)
    day.run(do.check_in_patient, visit)
    day.view.take_choice(visit)
    day.view._ask_rest()
    day.rest()
    card = day.view.panels.visit_card

    def press(name: str) -> None:
        next(b for b in card.findChildren(QPushButton) if b.accessibleName() == name).click()
        day.rest()

    press("Put the visit into the own state: Brushing")
    assert day.view.picture is not None
    assert "Brushing" in day.view.picture.sentence(day.view.picture.visits[visit])
    press("Take the visit out of the own state: Brushing")
    assert day.view.picture.visits[visit].own_state is None


def test_states_are_set_up_in_the_practice(day: Day, looks: OwnLooks) -> None:
    day.run(add_own_state, Stage.WAITING, "Brossage", "Brushing")
    view: PracticeView = open_screen(day, PracticeView)
    view.choose(section="states")
    day.rest()
    assert "Brushing" in str(tree_of(view))
    assert "A finer state within the stage" in str(tree_of(view))
