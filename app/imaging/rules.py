"""What holds for images whoever writes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.journal.erasure import erased_with


@erased_with
def studies_of(run: Any, subject: str) -> Iterable[str]:
    """Erasing a patient erases the studies that are in the chart, pixels included (see `model`)."""
    return [row[0] for row in run.execute("SELECT id FROM study WHERE patient_id = ? ORDER BY id", (subject,))]
