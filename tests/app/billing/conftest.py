"""The small practice, made once and copied for each test."""

from tests.app.scheduling.conftest import folder, made, world

__all__ = ["folder", "made", "world"]
