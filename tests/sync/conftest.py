"""Two workstations and their server, over real connections."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.imaging import workers
from tests.sync.served import Chairs


@pytest.fixture
def chairs(tmp_path: Path) -> Iterator[Chairs]:
    """Workstations A and B, enrolled with a server S."""
    made = Chairs(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def import_workers() -> Iterator[None]:
    """What reads imported images goes with the module that imported some."""
    yield
    workers.close()
