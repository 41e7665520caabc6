"""Run by `test_written_at_once` in a process of its own: commands one after the other, as fast as they go.

Use: another_process FOLDER PATIENT COUNT MARK.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from app.core.ids import PatientId
from app.journal.discovery import load_slices
from app.journal.queries import SYSTEM
from app.journal.workplace import open_workplace
from app.patients.commands import change_patient, create_patient

if __name__ == "__main__":
    folder, patient, count, mark = sys.argv[1:]
    load_slices()
    with open_workplace(Path(folder)) as workplace:
        for number in range(int(count)):
            workplace.runner.run(SYSTEM, create_patient, f"Zz{mark}", f"Number {number}")
            workplace.runner.run(SYSTEM, change_patient, PatientId(patient), preferred_name=f"{mark} {number}")
