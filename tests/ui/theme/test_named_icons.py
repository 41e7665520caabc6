"""Every shape that something declared names is shipped, in the cuts that the window draws."""

from collections.abc import Iterator

import pytest

from app.core.settings import SETTINGS
from app.journal.commands import COMMANDS
from app.journal.discovery import load_slices
from ui.shell.screens import discover, discover_panels
from ui.shell.workspaces import discover_workspaces
from ui.theme.icons import IconWeight, shipped_icons


def named() -> Iterator[tuple[str, str]]:
    """What names a shape, and the shape; a command may go without."""
    load_slices()
    yield from ((f"command {item.name}", item.icon) for item in COMMANDS.values() if item.icon)
    yield from ((f"page of {item.name}", item.page.icon) for item in SETTINGS.values())
    for spec in (*discover(), *discover_panels(), *discover_workspaces()):
        yield f"{type(spec).__name__} {spec.name}", spec.icon


@pytest.mark.parametrize("weight", ["regular", "bold", "fill"])
def test_every_shape_that_is_named_is_shipped(weight: IconWeight) -> None:
    assert {what: icon for what, icon in named() if icon not in shipped_icons(weight)} == {}
