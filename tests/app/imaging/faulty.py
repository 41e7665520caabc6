"""What stands for a decoder that crashes or never ends, in a worker process."""

from __future__ import annotations

import os
import time

from app.imaging.found import Task
from app.imaging.reading import Read, read_source


def read_or_die(task: Task) -> Read:
    """Read a file, but die over `die.dcm` and sleep over `sleep.dcm`."""
    if task.source.name == "die.dcm":
        os._exit(139)
    if task.source.name == "sleep.dcm":
        time.sleep(600)
    return read_source(task)
