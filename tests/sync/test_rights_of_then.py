"""Work done with the cable pulled is judged by the rights of its moment; what is refused is kept on both sides."""

from __future__ import annotations

from typing import Any

import pytest

from app.access.commands import create_staff, deactivate_staff, remove_role
from app.core.permissions import Role
from app.patients.commands import create_patient
from tests.sync.served import Chairs


def level(chairs: Chairs, *names: str) -> None:
    for name in names:
        assert chairs.sync(name).done


def works_apart(chairs: Chairs, taken: Any, *more: Any) -> str:
    """Karim opens a chart at B; then, at A, something is taken from him; then B hears of it. Returns his id."""
    karim = chairs.run("A", create_staff, "karim", "Karim Haddad", [Role.FRONT_DESK, Role.ASSISTANT])
    level(chairs, "A", "B")
    place = chairs.places["B"]
    place.runner.run(place.runner.actor("karim"), create_patient, "Roy", "Avant")
    chairs.run("A", taken, karim, *more)
    level(chairs, "A")
    return str(karim)


def given_names(chairs: Chairs, name: str) -> set[str]:
    return {row[0] for row in chairs.rows(name, "SELECT given_name FROM patient")}


@pytest.mark.parametrize("taken", [(deactivate_staff,), (remove_role, Role.FRONT_DESK)], ids=["left", "role taken"])
def test_what_was_done_before_stands(chairs: Chairs, taken: tuple[Any, ...]) -> None:
    works_apart(chairs, *taken)
    level(chairs, "B", "A")
    assert given_names(chairs, "S") == given_names(chairs, "A") == {"Avant"}
    assert chairs.rows("S", "SELECT 1 FROM server_receipt WHERE result = 'rejected'") == []


@pytest.mark.parametrize(
    ("taken", "why"),
    [((deactivate_staff,), "revoked_actor"), ((remove_role, Role.FRONT_DESK), "no_permission")],
    ids=["left", "role taken"],
)
def test_what_is_done_afterwards_is_set_aside_and_never_lost(chairs: Chairs, taken: tuple[Any, ...], why: str) -> None:
    works_apart(chairs, *taken)
    place = chairs.places["B"]
    place.runner.run(place.runner.actor("karim"), create_patient, "Roy", "Après")
    level(chairs, "B", "A")
    assert given_names(chairs, "S") == given_names(chairs, "B") == {"Avant"}
    ((code, content),) = chairs.rows("S", "SELECT why, content FROM server_receipt WHERE result = 'rejected'")
    assert code == why
    assert "Après" in content
    ((kept, mine),) = chairs.rows("B", "SELECT code, content FROM inbox_item")
    assert kept == why
    assert "Après" in str(mine)


def test_a_right_taken_away_counts_for_the_next_operation_of_the_same_push(chairs: Chairs) -> None:
    karim = chairs.run("A", create_staff, "karim", "Karim Haddad", [Role.FRONT_DESK, Role.ASSISTANT])
    level(chairs, "A")
    place = chairs.places["A"]
    before = place.runner.actor("karim")
    place.runner.run(before, create_patient, "Roy", "Avant")
    chairs.run("A", remove_role, karim, Role.FRONT_DESK)
    place.runner.run(before, create_patient, "Roy", "Après")
    level(chairs, "A")
    assert given_names(chairs, "S") == {"Avant"}
    assert chairs.rows("S", "SELECT why FROM server_receipt WHERE result = 'rejected'") == [("no_permission",)]
