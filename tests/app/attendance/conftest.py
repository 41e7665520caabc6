"""The small practice, as the tests of the day make it."""

from tests.app.orchestration.conftest import folder, made, world

__all__ = ["folder", "made", "world"]
