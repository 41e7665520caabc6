"""Archwire. `python main.py` opens the workstation; `python main.py --help` lists the command line."""

from __future__ import annotations

import sys

from app.cli.entry import main

EXTENSIONS = (
    "ui.shell.verbs",
    "ui.printing.verbs",
    "ui.first_run.verbs",
    "sync.verbs",
    "sync.backup_verbs",
    "sync.objects.verbs",
    "sync.dicom.verbs",
)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], EXTENSIONS, default="window"))
