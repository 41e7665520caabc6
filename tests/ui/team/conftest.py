"""The small practice of the command centre, as its tests make it."""

from tests.ui.orchestration.conftest import day, day_of, place, small_practice

__all__ = ["day", "day_of", "place", "small_practice"]
