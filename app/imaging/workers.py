"""The worker processes that decode: the interpreter lock of the workstation stays free for its screens.

One pool a process, made when it is first needed, with a worker for each processor. Workers are spawned,
not forked (a fork of a threaded process is undefined), and end when their parent does, however it ends.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
NICENESS: Final = 15
"""Added to that of the workstation: on a busy machine the screens then get some thirty times the share of a worker."""
_lock = threading.Lock()
_pool: ProcessPoolExecutor | None = None


def worker_count() -> int:
    """How many files are read at the same time: the workers yield to the screens by their niceness."""
    return os.cpu_count() or 1


def submit(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
    """Have a worker call a function of a module.

    When a worker dies, the futures of all that was under way raise `BrokenProcessPool`; the next call starts anew.
    """
    global _pool
    with _lock:
        if _pool is not None:
            with contextlib.suppress(BrokenProcessPool):
                return _pool.submit(function, *args, **kwargs)
        _pool = ProcessPoolExecutor(worker_count(), multiprocessing.get_context("spawn"), initializer=_begin)
        return _pool.submit(function, *args, **kwargs)


def restart() -> None:
    """End the workers, whatever they are doing; the next file starts new ones."""
    global _pool
    with _lock:
        old, _pool = _pool, None
    if old is None:
        return
    for process in list((getattr(old, "_processes", None) or {}).values()):  # public as kill_workers() from 3.14 on
        with contextlib.suppress(OSError, ValueError):
            process.kill()
    old.shutdown(wait=True, cancel_futures=True)


def close() -> None:
    """Let the workers finish what they do and end them."""
    global _pool
    with _lock:
        old, _pool = _pool, None
    if old is not None:
        old.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """In a new worker: yield to the screens, leave Ctrl+C to the parent, and do not outlive it.

    The warnings of decoders quote what they read, which may name a patient: they are not written anywhere.
    """
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
