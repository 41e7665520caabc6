"""The window of the imaging tests, for what stands in three dimensions."""

from importlib.util import find_spec

from tests.ui.imaging.conftest import demonstration, gate, rest, rosalie, take, until, window

__all__ = ["demonstration", "gate", "rest", "rosalie", "take", "until", "window"]
collect_ignore_glob = [] if find_spec("app.imaging") else ["test_*.py"]
