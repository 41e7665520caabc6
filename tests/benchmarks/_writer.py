"""Run by `ui` in a process of its own: one command; prints when it was committed, in seconds since 1970."""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, sys.argv[1])

from app.core.ids import PatientId
from app.journal.discovery import load_slices
from app.journal.queries import SYSTEM
from app.journal.workplace import open_workplace
from app.patients.commands import change_patient

load_slices()
with open_workplace(Path(sys.argv[2])) as workplace:
    workplace.runner.run(SYSTEM, change_patient, PatientId(sys.argv[3]), preferred_name=sys.argv[4])
    print(time.time(), flush=True)
