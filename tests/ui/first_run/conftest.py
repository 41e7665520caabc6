"""The wizard of the first start, on a folder that does not exist."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from tests.ui.conftest import settle
from ui.first_run import pictures
from ui.first_run.wizard import Wizard
from ui.theme.style import Theme


@pytest.fixture
def wizard(themed: Theme, tmp_path: Path) -> Iterator[Wizard]:
    """The wizard on a folder that does not exist."""
    made = Wizard(tmp_path / "data", tmp_path / "demo")
    made.resize(1180, 780)
    made.show()
    settle(made)
    yield made
    made.close()
    pictures.wait(made)
    settle(made)
    made.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
